"""Reading the library: lists and search within an actor's reach, one document with its text, marks of reading."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, extract, false, func, or_, tuple_
from sqlmodel import Session, col, select

from handbook.core import clock
from handbook.core.errors import Missing
from handbook.core.paging import Page, from_cursor, to_cursor
from handbook.library import search_index
from handbook.library.kinds import ABBREVIATIONS, KIND_NAMES
from handbook.library.models import (
    Document,
    DocumentKind,
    DocumentRelation,
    ImportDraft,
    ReadConfirmation,
    ReadCount,
    Relation,
    Section,
    Standing,
)  # fmt: skip
from handbook.organisation import queries as organisation
from handbook.organisation.models import Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import allowed, reach
from handbook.policy.scopes import Reach, Scope

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

    id: UUID
    kind_code: str
    kind: str
    symbol: str
    title: str
    issuer: str
    issued_on: date | None
    sorted_on: date
    read_before: date | None
    status: Standing
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


@dataclass(frozen=True)
class Related:
    """Another document that this one refers to, or that refers to it (`incoming`)."""

    id: UUID
    kind: Relation
    incoming: bool
    symbol: str
    title: str


@dataclass(frozen=True)
class DocumentView:
    """A document with its text. `may_confirm`: it is addressed to the reader."""

    document: Document
    kind_name: str
    unit: Unit
    sections: list[Section]
    related: list[Related]
    confirmed_at: datetime | None
    may_confirm: bool
    may_publish: bool

    @property
    def minutes(self) -> int:
        return minutes_to_read(self.document.word_count)

    @property
    def revision_tag(self) -> str:
        """Changes with whatever of the data the page shows; holds no clock and no person."""
        others = [(str(other.id), other.kind, other.incoming, other.symbol, other.title) for other in self.related]
        seen = (self.document.fingerprint, self.document.revision, self.document.status, self.unit.name, others,
                bool(self.document.published_at), self.confirmed_at, self.may_confirm, self.may_publish)  # fmt: skip
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]

    @property
    def replaced_by(self) -> list[Related]:
        return [other for other in self.related if other.incoming and other.kind == Relation.REPLACES]


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
        rows = db.exec(
            _lines(actor).where(*narrowed, *condition)
            .order_by(col(Document.sorted_on).desc(), col(Document.id).desc()).limit(limit + 1)
        ).all()  # fmt: skip
        if rows or cursor:
            break
    lines = [_line(row) for row in rows[:limit]]
    more = len(rows) > limit
    last = rows[limit - 1][0] if more else None
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
    in_force = col(Document.status) == Standing.IN_FORCE
    rows = db.exec(
        _lines(actor).where(*conditions, in_force).order_by(col(Document.read_before), col(Document.id)).limit(limit)
    ).all()
    return [_line(row) for row in rows]


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


def get(db: Session, actor: Actor, document_id: UUID) -> DocumentView:
    """A document with its text. Raises Missing when out of reach, or unpublished for all but its publishers."""
    row = db.exec(_lines(actor).where(Document.id == document_id)).first()
    if row is None:
        raise Missing("document.missing")
    document, kind_name, unit, confirmed_at = row
    scope = Scope(unit.path)
    may_publish = allowed(actor, Action.DOCUMENT_PUBLISH, scope)
    if not allowed(actor, Action.DOCUMENT_READ, scope) or not (document.published_at or may_publish):
        raise Missing("document.missing")
    sections = select(Section).where(Section.document_id == document_id).order_by(col(Section.seq))
    may_confirm = bool(document.published_at and actor.member_id) and allowed(actor, Action.DOCUMENT_CONFIRM, scope)
    return DocumentView(
        document, kind_name, unit, list(db.exec(sections)), _related(db, actor, document_id), confirmed_at,
        may_confirm, may_publish,
    )  # fmt: skip


def kinds(db: Session) -> list[DocumentKind]:
    """Kinds that may be issued today, in the order of the rules."""
    today = clock.today()
    standing = or_(col(DocumentKind.valid_to).is_(None), col(DocumentKind.valid_to) > today)
    return list(db.exec(select(DocumentKind).where(standing).order_by(col(DocumentKind.position))))


def draft(db: Session, actor: Actor, draft_id: UUID) -> ImportDraft:
    """The actor's own draft. Raises Missing, also when its time is over."""
    found = db.get(ImportDraft, draft_id)
    if found is None or found.member_id != actor.member_id or found.expires_at <= clock.now():
        raise Missing("import.draft_missing")
    return found


def confirmed_count(db: Session, document: Document, top: Unit) -> int:
    """Members of the subtree of `top` who confirmed the current version: a sum over cells, never a scan of marks."""
    summed = select(func.coalesce(func.sum(ReadCount.confirmed), 0)).where(
        ReadCount.document_id == document.id, ReadCount.revision == document.revision,
        col(ReadCount.cell_number).between(top.number, top.last),
    )  # fmt: skip
    return int(db.exec(summed).one())


def _joined(actor: Actor, chosen: Any) -> Any:
    """`chosen` from documents with kind, unit and the actor's own confirmation of the current version."""
    own = and_(
        col(ReadConfirmation.document_id) == Document.id, col(ReadConfirmation.revision) == Document.revision,
        col(ReadConfirmation.member_id) == actor.member_id if actor.member_id else false(),
    )  # fmt: skip
    return (
        chosen.select_from(Document)
        .join(DocumentKind, col(DocumentKind.code) == Document.kind)
        .join(Unit, col(Unit.id) == Document.unit_id)
        .outerjoin(ReadConfirmation, own)
    )


def _lines(actor: Actor) -> Any:
    return _joined(actor, select(Document, DocumentKind.name, Unit, ReadConfirmation.confirmed_at))


def _line(row: Any) -> DocumentLine:
    document, kind_name, _, confirmed_at = row
    return DocumentLine(
        document.id, document.kind, kind_name, document.symbol, document.title, document.issuer, document.issued_on,
        document.sorted_on, document.read_before, document.status, document.revision, document.fingerprint,
        document.text_bytes, document.word_count, confirmed_at is not None, document.published_at is not None,
    )  # fmt: skip


def _conditions(actor: Actor, filters: Filters, action: Action) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [organisation.within(reach(actor, action), Unit.path)]
    found.append(col(Document.published_at).is_(None) if filters.unpublished else col(Document.published_at).is_not(None))
    if filters.kind:
        found.append(col(Document.kind) == filters.kind)
    if filters.issuer:
        found.append(col(Document.issuer) == filters.issuer)
    if filters.year is not None:
        in_range = 1900 <= filters.year <= 2999
        found.append(
            col(Document.sorted_on).between(date(filters.year, 1, 1), date(filters.year, 12, 31)) if in_range else false()
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


def _related(db: Session, actor: Actor, document_id: UUID) -> list[Related]:
    """Relations in both directions to published documents that the actor may read."""
    allowed_here: Reach = reach(actor, Action.DOCUMENT_READ)
    found: list[Related] = []
    for here, there, incoming in (
        (DocumentRelation.document_id, DocumentRelation.other_id, False),
        (DocumentRelation.other_id, DocumentRelation.document_id, True),
    ):
        rows = db.exec(
            select(Document, DocumentRelation.kind)
            .join(DocumentRelation, col(there) == Document.id)
            .join(Unit, col(Unit.id) == Document.unit_id)
            .where(col(here) == document_id, col(Document.published_at).is_not(None))
            .where(organisation.within(allowed_here, Unit.path))
            .order_by(col(Document.sorted_on).desc())
        )
        found += [Related(other.id, kind, incoming, other.symbol, other.title) for other, kind in rows]
    return found


def relation_marks(db: Session, document_ids: list[UUID]) -> dict[UUID, str]:
    """A short mark for each document that stands in a relation; it changes when its relations do."""
    marks: dict[UUID, list[str]] = {}
    wanted = set(document_ids)
    for row in db.exec(select(DocumentRelation)):
        for end in {row.document_id, row.other_id} & wanted:
            marks.setdefault(end, []).append(f"{row.document_id.hex[-8:]}{row.kind}{row.other_id.hex[-8:]}")
    return {end: hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()[:8] for end, parts in marks.items()}
