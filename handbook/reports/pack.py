"""What a phone carries of the member's own writing: the list, an empty form, and the newest opinions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from handbook.policy.actor import Actor
from handbook.reports import queries
from handbook.reports.forms import FileLimits, OpinionIn
from handbook.reports.models import DutyState
from handbook.reports.queries import Files, OpinionLine, duties
from handbook.reports.queries.duties import DutyLine

INDEX, NEW = "/reports/", "/reports/opinions/new"
MOST_OPINIONS = 200
MOST_SENT = 50
# About what a page weighs around the words it is there for, and the bytes of a letter with its diacritics.
_PAGE_BYTES, _LINE_BYTES, _LETTER_BYTES = 3000, 700, 2


@dataclass(frozen=True)
class PackItem:
    """One page. `revision` changes with what it shows of the data; `bytes` is about its size as HTML."""

    url: str
    revision: str
    bytes: int


def pack(db: Session, actor: Actor, limits: FileLimits) -> list[PackItem]:
    """This member's pages, the form first: it is what is needed where there is no network. It says the `limits`."""
    if actor.member_id is None:
        return []
    found = queries.mine(db, actor, limit=MOST_OPINIONS).rows
    listed = found[: queries.PAGE_SIZE]
    more = len(found) > len(listed)
    files = queries.files_of(db, [line.id for line in found])
    owed, sent = duties.owed(db, actor), duties.sent(db, actor, limit=MOST_SENT).rows
    reports = [*owed, *(line for line in sent if line not in owed)]
    units = [(str(unit.id), unit.name) for unit in queries.addressees(db, actor)]
    return [
        PackItem(NEW, _revision([*units, limits, OpinionIn.VERSIONS[-1]]), _PAGE_BYTES),
        PackItem(INDEX, _revision([*map(_shown, listed), more, reports]), _PAGE_BYTES + _LINE_BYTES * len(listed)),
        *(page for line in reports for page in _report(line)),
        *(_opinion(line, files.get(line.id)) for line in found),
    ]


def _report(line: DutyLine) -> list[PackItem]:
    """The page of a report, and its form while it may be written. A version of a form never changes."""
    told = PackItem(f"/reports/{line.id}", _revision([line]), 2 * _PAGE_BYTES)
    if line.state == DutyState.ACCEPTED:
        return [told]
    return [PackItem(f"/reports/{line.id}/edit", told.revision, 10 * _PAGE_BYTES), told]


def _opinion(line: OpinionLine, files: Files | None) -> PackItem:
    size = _PAGE_BYTES + _LETTER_BYTES * line.letters + _LINE_BYTES * (files.announced if files else 0)
    return PackItem(f"/reports/opinions/{line.id}", _revision([_shown(line), line.letters, files]), size)


def _shown(line: OpinionLine) -> tuple[str, ...]:
    """What pages show of an opinion that may change. The text never does."""
    return str(line.id), line.unit_name, str(line.answered_at or "")


def _revision(parts: Sequence[object]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
