"""What a phone carries of the library: the published documents addressed to its member, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from handbook.library import queries
from handbook.library.queries import DocumentLine
from handbook.policy.actions import Action
from handbook.policy.actor import Actor

MOST_DOCUMENTS = 5000  # far above what any budget lets through


@dataclass(frozen=True)
class PackItem:
    """One document as the list shows it. `revision` changes with what its page shows."""

    url: str
    revision: str
    line: DocumentLine


def pack(db: Session, actor: Actor) -> list[PackItem]:
    """Documents for this member's phone: those to be read by a day first, then newest first."""
    if actor.member_id is None:
        return []
    lines = queries.search(db, actor, limit=MOST_DOCUMENTS, action=Action.DOCUMENT_CONFIRM).rows
    related = queries.relation_marks(db, [line.id for line in lines])
    items = [PackItem(f"/library/{line.id}", _revision(line, related.get(line.id, "")), line) for line in lines]
    return sorted(items, key=lambda item: item.line.confirmed or not item.line.read_before)


def _revision(line: DocumentLine, related: str) -> str:
    return f"{line.fingerprint[:16]}-{line.revision}-{line.status}-{line.confirmed}-{related}"
