"""Which copies a member has. Nobody can ask for another's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from handbook.core.errors import Missing
from handbook.core.receipts import Receipt
from handbook.policy.actor import Actor
from handbook.rescue.models import RescueCopy


def arrived(member_id: Any) -> Any:
    """The ids of what this member has sent and holds a receipt for: of that no copy is kept."""
    return select(Receipt.key).where(Receipt.member_id == member_id)


def mine(db: Session, actor: Actor) -> list[RescueCopy]:
    """The actor's copies of what has not arrived yet, the oldest first."""
    asked = _held(actor).order_by(col(RescueCopy.written), col(RescueCopy.id))
    return list(db.exec(asked))


def get(db: Session, actor: Actor, copy_id: UUID) -> RescueCopy:
    """One of them. Raises Missing."""
    found: RescueCopy | None = db.exec(_held(actor).where(col(RescueCopy.id) == copy_id)).first()
    if found is None:
        raise Missing("rescue.missing")
    return found


def _held(actor: Actor) -> Any:
    return select(RescueCopy).where(
        RescueCopy.member_id == actor.member_id,
        col(RescueCopy.sealed).is_not(None),
        col(RescueCopy.id).not_in(arrived(actor.member_id)),
    )
