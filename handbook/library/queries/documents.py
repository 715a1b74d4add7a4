"""One document with its text and its relations, drafts, kinds, and how many have confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal, or_, union_all
from sqlmodel import Session, col, select

from handbook.core import clock
from handbook.core.columns import table_of
from handbook.core.errors import Missing
from handbook.library.models import (
    Document,
    DocumentKind,
    DocumentRelation,
    ImportDraft,
    ReadConfirmation,
    ReadCount,
    Relation,
    Section,
)
from handbook.library.queries.lists import minutes_to_read, whole_for
from handbook.organisation.models import Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import allowed, reach
from handbook.policy.scopes import Scope


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
    """A document and what its page says around the text. `may_confirm`: it is addressed to the reader."""

    document: Document
    kind_name: str
    unit: Unit
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
        document = self.document
        seen = (document.id, document.fingerprint, document.revision, document.standing, document.language,
                self.kind_name, self.unit.name, others, bool(document.published_at), self.confirmed_at,
                self.may_confirm, self.may_publish)  # fmt: skip
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]

    @property
    def replaced_by(self) -> list[Related]:
        return [other for other in self.related if other.incoming and other.kind == Relation.REPLACES]


def get(db: Session, actor: Actor, document_id: UUID) -> DocumentView:
    """A document, its text left out. Raises Missing when out of reach, or unpublished for all but its publishers."""
    row = db.execute(_DOCUMENT, {"document_id": document_id, "reader_id": actor.member_id}).first()
    if row is None:
        raise Missing("document.missing")
    document, kind_name, unit, confirmed_at = row
    scope = Scope(unit.path)
    may_publish = allowed(actor, Action.DOCUMENT_PUBLISH, scope)
    if not allowed(actor, Action.DOCUMENT_READ, scope) or not (document.published_at or may_publish):
        raise Missing("document.missing")
    may_confirm = bool(document.published_at and actor.member_id) and allowed(actor, Action.DOCUMENT_CONFIRM, scope)
    related = _related(db, actor, document_id)
    return DocumentView(document, kind_name, unit, related, confirmed_at, may_confirm, may_publish)


def text_of(db: Session, document: Document) -> Sequence[Any]:
    """The parts of a document's text in order: rows with a Section's columns, for whoever may see the document."""
    return db.execute(_TEXT, {"document_id": document.id}).all()


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
    summed = (
        select(func.coalesce(func.sum(ReadCount.confirmed), 0))
        .join(Unit, col(Unit.id) == ReadCount.cell_id)
        .where(ReadCount.document_id == document.id, ReadCount.revision == document.revision)
        .where(col(Unit.number).between(top.number, top.last))
    )
    return int(db.exec(summed).one())


def relation_marks(db: Session, document_ids: list[UUID]) -> dict[UUID, str]:
    """A short mark for each document that stands in a relation; it changes when its relations do."""
    marks: dict[UUID, list[str]] = {}
    wanted = set(document_ids)
    for row in db.exec(select(DocumentRelation)):
        for end in {row.document_id, row.other_id} & wanted:
            marks.setdefault(end, []).append(f"{row.document_id.hex[-8:]}{row.kind}{row.other_id.hex[-8:]}")
    return {end: hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()[:8] for end, parts in marks.items()}


def _related(db: Session, actor: Actor, document_id: UUID) -> list[Related]:
    """Relations in both directions to published documents that the actor may read: its own first, the newest first."""
    readable = reach(actor, Action.DOCUMENT_READ)
    rows = [row for row in db.execute(_RELATED, {"document_id": document_id}) if readable.covers(Scope(row.path))]
    rows.sort(key=lambda row: row.sorted_on, reverse=True)
    rows.sort(key=lambda row: row.incoming)
    return [Related(row.id, Relation(row.kind), bool(row.incoming), row.symbol, row.title) for row in rows]


def _relations(here: Any, there: Any, *, incoming: bool) -> Any:
    shown: list[Any] = [
        Document.id, DocumentRelation.kind, literal(int(incoming)).label("incoming"), Document.symbol,
        Document.title, Document.sorted_on, Unit.path,
    ]  # fmt: skip
    return (
        select(*shown)
        .select_from(Document)
        .join(DocumentRelation, col(there) == Document.id)
        .join(Unit, col(Unit.id) == Document.unit_id)
        .where(col(here) == bindparam("document_id"), col(Document.published_at).is_not(None))
    )


# Composed once: a page is asked for far more often than anything else, and composing costs more than running.
_DOCUMENT = whole_for(col(ReadConfirmation.member_id) == bindparam("reader_id")).where(
    Document.id == bindparam("document_id")
)
_TEXT: Any = (
    select(*table_of(Section).c).where(Section.document_id == bindparam("document_id")).order_by(col(Section.seq))
)
_RELATED = union_all(
    _relations(DocumentRelation.document_id, DocumentRelation.other_id, incoming=False),
    _relations(DocumentRelation.other_id, DocumentRelation.document_id, incoming=True),
)
