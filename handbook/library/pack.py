"""What a phone carries of the library: the published documents addressed to its member, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handbook.core.text import fold
from handbook.library import queries
from handbook.library.queries import DocumentLine
from handbook.policy.actions import Action
from handbook.policy.actor import Actor

MOST_DOCUMENTS = 5000  # far above what any budget lets through


@dataclass(frozen=True)
class PackItem:
    """One document. `revision` changes with what its page shows of it; `bytes` is about its size as HTML.

    `issued_on` is the day it stands at in lists: the day of import for a text without a date of its own."""

    url: str
    revision: str
    bytes: int
    kind: str
    kind_name: str
    title: str
    title_fold: str
    symbol: str
    issuer: str
    issued_on: date
    standing: str
    unread: bool
    read_before: date | None


def pack(db: Session, actor: Actor) -> list[PackItem]:
    """Documents for this member's phone: those to be read by a day first, then newest first."""
    if actor.member_id is None:
        return []
    lines = queries.search(db, actor, limit=MOST_DOCUMENTS, action=Action.DOCUMENT_CONFIRM).rows
    related = queries.relation_marks(db, [line.id for line in lines])
    items = [_item(line, related.get(line.id, "")) for line in lines]
    return sorted(items, key=lambda item: not (item.unread and item.read_before))


def _item(line: DocumentLine, related: str) -> PackItem:
    shown = (line.fingerprint, line.revision, str(line.status), line.confirmed, related)
    return PackItem(
        url=f"/library/{line.id}",
        revision="-".join(str(part) for part in (shown[0][:16], *shown[1:]) if part != ""),
        bytes=line.text_bytes,
        kind=line.kind_code,
        kind_name=line.kind,
        title=line.title,
        title_fold=fold(line.title),
        symbol=line.symbol,
        issuer=line.issuer,
        issued_on=line.sorted_on,
        standing=str(line.status),
        unread=not line.confirmed,
        read_before=line.read_before,
    )
