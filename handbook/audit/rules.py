"""Writing the trail."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlmodel import Session

from handbook.audit.chain import GENESIS, mac_of
from handbook.audit.models import AuditEvent
from handbook.core import clock
from handbook.core.columns import table_of
from handbook.policy.actor import Actor

# Run on the connection of the session's transaction: every change leaves a row here, and nobody edits it as an object.
_EVENTS = table_of(AuditEvent)
_LOCK = text("SELECT pg_advisory_xact_lock(7206001)")
_LAST = select(_EVENTS.c.seq, _EVENTS.c.mac).order_by(_EVENTS.c.seq.desc()).limit(1)
_ADD = insert(_EVENTS)


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
) -> None:
    """Add a row in the transaction of ``db``: if it cannot be written, the change is not made either.

    ``detail`` holds plain JSON values and no field of a member's record. Appending is serialised: SQLite has one
    writer, PostgreSQL takes a lock until the transaction ends."""
    db.flush()
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    last = connection.execute(_LAST).first()
    prev = last.mac if last else GENESIS
    fields = {
        "seq": last.seq + 1 if last else 1,
        "at": clock.now(),
        "actor_id": actor.member_id,
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject,
        "unit_path": unit_path,
        "reason": reason,
        "request_id": db.info.get("request_id"),
        "detail": detail or {},
    }
    connection.execute(_ADD, {**fields, "prev": prev, "mac": mac_of(db.info["audit_key"], prev, fields)})
