"""The trail of what is done to a member's passkeys, tickets and sessions: its subject is the member."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session

from handbook.audit.rules import record
from handbook.policy.actor import Actor


def note(
    db: Session,
    actor: Actor,
    action: str,
    member_id: UUID,
    *,
    unit_path: str | None = None,
    reason: str | None = None,
    **detail: Any,
) -> None:
    """Record an act on a member's keys. ``unit_path`` is where the member stands; told only when somebody else acts,
    since otherwise it is the actor's own."""
    record(
        db,
        actor,
        action,
        subject=member_id,
        subject_kind="member",
        unit_path=actor.unit_path if unit_path is None else unit_path,
        reason=reason,
        detail=detail,
    )
