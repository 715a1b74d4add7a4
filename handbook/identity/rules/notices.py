"""Telling a member about their own keys and devices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from handbook.core.clock import now
from handbook.identity.models import Notice
from handbook.identity.rules import trail
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope


def tell(db: Session, member_id: UUID, kind: str, **values: str) -> None:
    """Leave a notice of ``kind`` that every device of the member shows until it is marked as seen."""
    db.add(Notice(member_id=member_id, kind=kind, values=values))
    db.flush()


def lose_store(db: Session, actor: Actor, member_id: UUID, *, device: str) -> None:
    """The browser of ``device`` threw away what the member's handbook kept there: they are told, on every device."""
    require(actor, Action.DEVICE_READ, Scope(actor.unit_path, owner_id=member_id))
    tell(db, member_id, "store-lost", name=device)
    trail.note(db, actor, "device.store_lost", member_id, device=device)


def mark_seen(db: Session, actor: Actor) -> None:
    """The member has read what there is."""
    require(actor, Action.DEVICE_READ, Scope(actor.unit_path, owner_id=actor.member_id))
    db.exec(
        update(Notice)
        .where(col(Notice.member_id) == actor.member_id, col(Notice.seen_at).is_(None))
        .values(seen_at=now())
    )
