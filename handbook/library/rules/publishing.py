"""Making documents readable for those they are addressed to, and saying how they relate."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Missing, Refused
from handbook.library.models import Classification, Document, DocumentRelation, Relation, Standing
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope


def publish(db: Session, actor: Actor, document_id: UUID) -> Document:
    """Let the members of the addressed unit read it. Publishing again changes nothing.

    Raises Missing, Refused("document.classified")."""
    document, path = _load(db, actor, document_id)
    if document.classification is not Classification.ORDINARY:
        raise Refused("document.classified")
    if document.published_at is None:
        document.published_at = clock.now()
        db.flush()
        audit.record(
            db, actor, "document.publish", subject=document.id, subject_kind="document", unit_path=path,
            detail={"revision": document.revision},
        )  # fmt: skip
    return document


def relate(db: Session, actor: Actor, document_id: UUID, other_id: UUID, kind: Relation) -> None:
    """Say that a document replaces, amends, guides, implements or cites another. What is replaced says so from then on.

    The actor needs both documents in reach. Raises Missing, Refused("document.relates_to_itself")."""
    document, path = _load(db, actor, document_id)
    other, _ = _load(db, actor, other_id)
    if document.id == other.id:
        raise Refused("document.relates_to_itself")
    if db.get(DocumentRelation, (document.id, other.id, kind)) is None:
        db.add(DocumentRelation(document_id=document.id, other_id=other.id, kind=kind))
        if kind is Relation.REPLACES:
            other.status = Standing.REPLACED
        db.flush()
        audit.record(
            db, actor, "document.relate", subject=document.id, subject_kind="document", unit_path=path,
            detail={"kind": str(kind), "other": str(other.id)},
        )  # fmt: skip


def _load(db: Session, actor: Actor, document_id: UUID) -> tuple[Document, str]:
    document = db.get(Document, document_id)
    if document is None:
        raise Missing("document.missing")
    path = organisation.unit(db, document.unit_id).path
    require(actor, Action.DOCUMENT_PUBLISH, Scope(path))
    return document, path
