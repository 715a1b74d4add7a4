"""Lists and search within an actor's reach, newest first, with the reader's own marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, extract, false, func, or_, tuple_
from sqlmodel import Session, col, select

from handbook.core import clock
from handbook.core.paging import Page, from_cursor, to_cursor
from handbook.library import search_index
from handbook.library.kinds import ABBREVIATIONS, KIND_NAMES
from handbook.library.models import (
    Document,
    DocumentKind,
    ReadConfirmation,
    Standing,
    standing_on,
)  # fmt: skip
from handbook.organisation import queries as organisation
from handbook.organisation.models import Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import reach

# What a line's standing follows from, and then its other fields in their order.
_SHOWN: Any = [
    Document.status, Document.expires_on,
    Document.id, Document.kind, col(DocumentKind.name).label("kind_name"), *map(col, (
        Document.symbol, Document.title, Document.issuer, Document.issued_on, Document.sorted_on, Document.read_before,
        Document.revision, Document.fingerprint, Document.text_bytes, Document.word_count,
    )),
    col(ReadConfirmation.confirmed_at).is_not(None), col(Document.published_at).is_not(None),
]  # fmt: skip
PAGE_SIZE = 20
LONGEST_QUESTION = 200
_NAMING = frozenset(word for name in KIND_NAMES for word in name.split()) | frozenset(ABBREVIATIONS) | {"so"}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty values narrow nothing. `required` = has a day to be read by."""

    kind: str = ""
    issuer: str = ""
    year: int | None = None
    unread: bool = False
    required: bool = False
    unpublished: bool = False


@dataclass(frozen=True)
class DocumentLine:
    """One document as a list shows it; `confirmed` is the reader's own word on the current version."""

    status: Standing
    id: UUID
    kind_code: str
    kind: str
    symbol: str
    title: str
    issuer: str
    issued_on: date | None
    sorted_on: date
    read_before: date | None
    revision: int
    fingerprint: str
    text_bytes: int
    word_count: int
    confirmed: bool
    published: bool

    @property
    def minutes(self) -> int:
        return minutes_to_read(self.word_count)


@dataclass(frozen=True)
class Facets:
    """The values that filters offer, over all documents in reach."""

    kinds: list[tuple[str, str]]
    issuers: list[str]
    years: list[int]


def minutes_to_read(words: int) -> int:
    """Whole minutes at a calm pace. A Vietnamese word as counted here is a syllable: about 220 a minute."""
    return max(1, round(words / 220))


def search(
    db: Session, actor: Actor, q: str = "", filters: Filters = Filters(), *, cursor: str = "", limit: int = PAGE_SIZE,
    action: Action = Action.DOCUMENT_READ,
) -> Page[DocumentLine]:  # fmt: skip
    """Documents in the actor's reach, newest first, that hold every word of `q`; words need no diacritics.

    A kind with a number ("nghi quyet 15", "15-NQ/TW") is looked up among the names first, then in the texts."""
    narrowed = [*_conditions(actor, filters, action), *_beyond(cursor)]
    for condition in _questions(db, q):
        rows = db.connection().execute(
            _lines_of(actor).where(*narrowed, *condition)
            .order_by(col(Document.sorted_on).desc(), col(Document.id).desc()).limit(limit + 1)
        ).all()  # fmt: skip
        if rows or cursor:
            break
    lines = _lines(rows[:limit])
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(lines, to_cursor(last.sorted_on.isoformat(), str(last.id)) if last else None)


def count(db: Session, actor: Actor, q: str = "", filters: Filters = Filters(),
          *, action: Action = Action.DOCUMENT_READ) -> int:  # fmt: skip
    """How many documents `search` finds on all its pages."""
    found = 0
    for condition in _questions(db, q):
        counted = _joined(actor, select(func.count(col(Document.id))))
        found = int(db.exec(counted.where(*_conditions(actor, filters, action), *condition)).one())
        if found:
            break
    return found


def latest(db: Session, actor: Actor, limit: int = 5) -> list[DocumentLine]:
    """The newest documents in reach."""
    return search(db, actor, limit=limit).rows


def to_read(db: Session, actor: Actor, limit: int = 20) -> list[DocumentLine]:
    """Documents addressed to the actor that have a day to be read by and are not confirmed, the nearest day first."""
    conditions = _conditions(actor, Filters(unread=True, required=True), Action.DOCUMENT_CONFIRM)
    in_force = and_(
        col(Document.status) == Standing.IN_FORCE,
        or_(col(Document.expires_on).is_(None), col(Document.expires_on) >= clock.today()),
    )
    asked = _lines_of(actor).where(*conditions, in_force).order_by(col(Document.read_before), col(Document.id))
    return _lines(db.connection().execute(asked.limit(limit)).all())


def facets(db: Session, actor: Actor, action: Action = Action.DOCUMENT_READ) -> Facets:
    """Kinds, issuers and years that occur in reach, for the filters."""
    conditions = _conditions(actor, Filters(), action)
    kinds = db.exec(
        _joined(actor, select(DocumentKind.code, DocumentKind.name, DocumentKind.position)).where(*conditions).distinct()
        .order_by(col(DocumentKind.position))
    )  # fmt: skip
    issuers = db.exec(
        _joined(actor, select(Document.issuer)).where(*conditions).distinct().order_by(col(Document.issuer)).limit(100)
    )
    year = extract("year", col(Document.sorted_on))
    years = db.exec(_joined(actor, select(year)).where(*conditions).distinct().order_by(year.desc()))
    return Facets([(code, name) for code, name, _ in kinds], list(issuers), [int(found) for found in years])


def _joined(actor: Actor, chosen: Any) -> Any:
    """`chosen` from documents with kind, unit and the actor's own confirmation of the current version."""
    return _joined_for(_own(actor), chosen)


def _own(actor: Actor) -> ColumnElement[bool]:
    return col(ReadConfirmation.member_id) == actor.member_id if actor.member_id else false()


def _joined_for(own: ColumnElement[bool], chosen: Any) -> Any:
    current = and_(
        col(ReadConfirmation.document_id) == Document.id, col(ReadConfirmation.revision) == Document.revision, own
    )
    return (
        chosen.select_from(Document)
        .join(DocumentKind, col(DocumentKind.code) == Document.kind)
        .join(Unit, col(Unit.id) == Document.unit_id)
        .outerjoin(ReadConfirmation, current)
    )


def whole_for(own: ColumnElement[bool]) -> Any:
    """Rows of document, kind's name, unit, and when the reader told by `own` confirmed the current version."""
    return _joined_for(own, select(Document, DocumentKind.name, Unit, ReadConfirmation.confirmed_at))


def _lines_of(actor: Actor) -> Any:
    """Rows with the columns that a line needs: a phone's list has a thousand, and a whole document costs ten times
    as much as its columns."""
    return _joined(actor, select(*_SHOWN))


def _lines(rows: Sequence[Any]) -> list[DocumentLine]:
    """Taken apart by position: a row looks each name up anew."""
    today = clock.today()
    return [DocumentLine(standing_on(today, status, expires_on), *shown) for status, expires_on, *shown in rows]


def _conditions(actor: Actor, filters: Filters, action: Action) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [organisation.within(reach(actor, action), Unit.path)]
    found.append(
        col(Document.published_at).is_(None) if filters.unpublished else col(Document.published_at).is_not(None)
    )
    if filters.kind:
        found.append(col(Document.kind) == filters.kind)
    if filters.issuer:
        found.append(col(Document.issuer) == filters.issuer)
    if filters.year is not None:
        in_range = 1900 <= filters.year <= 2999
        found.append(
            col(Document.sorted_on).between(date(filters.year, 1, 1), date(filters.year, 12, 31))
            if in_range
            else false()
        )
    if filters.unread:
        found.append(col(ReadConfirmation.confirmed_at).is_(None))
    if filters.required:
        found.append(col(Document.read_before).is_not(None))
    return found


def _questions(db: Session, q: str) -> list[list[ColumnElement[bool]]]:
    """Conditions to try one after the other; the first that finds something is the answer."""
    asked = search_index.tokens(q[:LONGEST_QUESTION])
    if not asked:
        return [[]] if not q.strip() else [[false()]]
    everywhere = [search_index.matching(db, asked, col(Document.id), head_only=False)]
    if not _names_a_document(asked):
        return [everywhere]
    named = [str(int(token)) if token.isdecimal() else token for token in asked if token != "so"]
    return [[search_index.matching(db, named, col(Document.id), head_only=True)], everywhere]


def _names_a_document(asked: list[str]) -> bool:
    """A number beside nothing but kinds, abbreviations and an issuer's code."""
    others = [token for token in asked if not token.isdecimal() and token not in _NAMING]
    return any(token.isdecimal() and len(token) <= 4 for token in asked) and len(others) <= 1 and all(
        len(token) <= 7 for token in others
    )  # fmt: skip


def _beyond(cursor: str) -> list[ColumnElement[bool]]:
    key = from_cursor(cursor, 2) if cursor else None
    if key is None:
        return []
    try:
        last = (date.fromisoformat(key[0]), UUID(key[1]))
    except ValueError:
        return []
    return [tuple_(col(Document.sorted_on), col(Document.id)) < last]
