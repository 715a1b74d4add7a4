"""The member's word that a document was read and grasped: once a member and version, and nothing else about reading."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Invalid, Missing
from handbook.library.models import Document, ReadConfirmation, ReadCount
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope


def confirm_reading(db: Session, actor: Actor, document_id: UUID, *, revision: int) -> bool:
    """Store the actor's word on one version; True when it is new. A phone that was offline may confirm an older one.

    Repeating it, also at the same moment from two places, stores one row and counts one.
    Raises Missing (not addressed to the actor, not published), Invalid("document.revision")."""
    document = db.get(Document, document_id)
    if document is None or document.published_at is None or actor.member_id is None:
        raise Missing("document.missing")
    unit = organisation.unit(db, document.unit_id)
    require(actor, Action.DOCUMENT_CONFIRM, Scope(unit.path))
    if not 1 <= revision <= document.revision:
        raise Invalid("document.revision")
    member = organisation.member(db, actor.member_id)
    if not _store(db, document, member, revision):
        return False
    _count(db, document, member, revision)
    audit.record(
        db, actor, "document.confirm", subject=document.id, subject_kind="document", unit_path=actor.unit_path,
        detail={"revision": revision},
    )  # fmt: skip
    return True


def _store(db: Session, document: Document, member: Member, revision: int) -> bool:
    row = {
        "member_id": member.id, "document_id": document.id, "revision": revision,
        "cell_id": member.cell_id, "confirmed_at": clock.now(),
    }  # fmt: skip
    done = db.execute(
        _insert(db)(ReadConfirmation).values(**row).on_conflict_do_nothing().returning(col(ReadConfirmation.revision))
    )
    return done.first() is not None


def _count(db: Session, document: Document, member: Member, revision: int) -> None:
    row = {
        "document_id": document.id, "revision": revision, "cell_id": member.cell_id, "confirmed": 1,
    }  # fmt: skip
    db.execute(
        _insert(db)(ReadCount).values(**row).on_conflict_do_update(
            index_elements=["document_id", "revision", "cell_id"], set_={"confirmed": col(ReadCount.confirmed) + 1}
        )
    )  # fmt: skip


def _insert(db: Session):  # type: ignore[no-untyped-def]
    return postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
