"""The member's word that a document was read and grasped: once a member and version, and nothing else about reading."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.columns import table_of
from handbook.core.errors import Invalid, Missing
from handbook.library.models import Document, ReadConfirmation, ReadCount
from handbook.organisation.models import Member, Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope


def confirm_reading(db: Session, actor: Actor, document_id: UUID, *, revision: int) -> bool:
    """Store the actor's word on one version; True when it is new. A phone that was offline may confirm an older one.

    Repeating it, also at the same moment from two places, stores one row and counts one.
    Raises Missing (not addressed to the actor, not published), Invalid("document.revision")."""
    connection = db.connection()
    found = connection.execute(_ASKED, {"document_id": document_id, "member_id": actor.member_id}).first()
    if found is None or found.published_at is None:
        raise Missing("document.missing")
    require(actor, Action.DOCUMENT_CONFIRM, Scope(found.path))
    if not 1 <= revision <= found.revision:
        raise Invalid("document.revision")
    mark = {"document_id": document_id, "revision": revision, "cell_id": found.cell_id}
    statements = _STORING[connection.dialect.name]
    stored = connection.execute(statements.mark, {**mark, "member_id": actor.member_id, "confirmed_at": clock.now()})
    if stored.first() is None:
        return False
    connection.execute(statements.count, {**mark, "confirmed": 1})
    audit.record(
        db, actor, "document.confirm", subject=document_id, subject_kind="document", unit_path=actor.unit_path,
        detail={"revision": revision},
    )  # fmt: skip
    return True


class _Storing(NamedTuple):
    """The row of the word, if it is new, and one more in the cell's count."""

    mark: Any
    count: Any


def _storing(insert: Any) -> _Storing:
    marks, counts = table_of(ReadConfirmation), table_of(ReadCount)
    return _Storing(
        mark=insert(marks).on_conflict_do_nothing().returning(marks.c.revision),
        count=insert(counts).on_conflict_do_update(
            index_elements=["document_id", "revision", "cell_id"], set_={"confirmed": counts.c.confirmed + 1}
        ),
    )


# Composed once: a whole Party may confirm in one evening, and composing costs more than running.
_STORING = {"sqlite": _storing(sqlite.insert), "postgresql": _storing(postgresql.insert)}
_ASKED: Any = (
    select(Document.revision, Document.published_at, Unit.path, Member.cell_id)
    .select_from(Document)
    .join(Unit, col(Unit.id) == Document.unit_id)
    .join(Member, col(Member.id) == bindparam("member_id"))
    .where(Document.id == bindparam("document_id"))
)
