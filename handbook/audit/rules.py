"""Writing the trail."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from handbook.audit.chain import COVERED, GENESIS, mac_of
from handbook.audit.models import AuditEvent
from handbook.core import clock
from handbook.policy.actor import Actor

_CHAIN_LOCK = 7_206_001
_LAST: Any = select(AuditEvent.seq, AuditEvent.mac).order_by(col(AuditEvent.seq).desc()).limit(1)


def record(
    db: Session,
    actor: Actor,
    action: str,
    *,
    subject: UUID | None,
    subject_kind: str,
    unit_path: str | None = None,
    reason: str | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add a row in the transaction of ``db``: if it cannot be written, the change is not made either.

    ``detail`` holds plain JSON values and no field of a member's record. Appending is serialised: SQLite has one
    writer, PostgreSQL takes a lock until the transaction ends."""
    db.flush()
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    last = db.execute(_LAST).first()
    event = AuditEvent(
        seq=last.seq + 1 if last else 1,
        at=clock.now(),
        actor_id=actor.member_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject,
        unit_path=unit_path,
        reason=reason,
        request_id=db.info.get("request_id"),
        detail=detail or {},
        prev=last.mac if last else GENESIS,
        mac=b"",
    )
    event.mac = mac_of(db.info["audit_key"], event.prev, {name: getattr(event, name) for name in COVERED})
    db.add(event)
    db.flush()
    return event
