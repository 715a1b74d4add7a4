"""One document with its text and its relations, drafts, kinds, and how many have confirmed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from handbook.core import clock
from handbook.core.errors import Missing
from handbook.library.models import (
    Document,
    DocumentKind,
    DocumentRelation,
    ImportDraft,
    ReadCount,
    Relation,
    Section,
)
from handbook.library.queries.lists import lines_of, minutes_to_read
from handbook.organisation import queries as organisation
from handbook.organisation.models import Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import allowed, reach
from handbook.policy.scopes import Reach, Scope


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
        seen = (self.document.fingerprint, self.document.revision, self.document.standing, self.unit.name, others,
                bool(self.document.published_at), self.confirmed_at, self.may_confirm, self.may_publish)  # fmt: skip
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]

    @property
    def replaced_by(self) -> list[Related]:
        return [other for other in self.related if other.incoming and other.kind == Relation.REPLACES]


def get(db: Session, actor: Actor, document_id: UUID) -> DocumentView:
    """A document with its text. Raises Missing when out of reach, or unpublished for all but its publishers."""
    row = db.exec(lines_of(actor).where(Document.id == document_id)).first()
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
        found += [Related(other.id, Relation(kind), incoming, other.symbol, other.title) for other, kind in rows]
    return found
