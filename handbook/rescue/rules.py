"""Keeping copies of unsent work, giving them back to their author, and letting go of them.

Phones come late, twice and in any order. So each change says which version it means, and the newest one counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.columns import table_of
from handbook.core.errors import Missing, Refused, Unavailable
from handbook.core.receipts import Receipt
from handbook.core.sealing import key_of, seal, unseal
from handbook.core.settings import Settings
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.rescue import queries
from handbook.rescue.forms import CopyIn, RemovalIn, Version
from handbook.rescue.models import MOST_BYTES, MOST_COPIES, MOST_ROWS, RescueCopy

_table = table_of(RescueCopy)


def keep(db: Session, actor: Actor, settings: Settings, form: CopyIn) -> bool:
    """Keep this version of a piece; False when there is nothing to keep: a newer one is here, or it has arrived.

    Leaves no row in the trail, which would tell when somebody writes. Raises Missing, Refused("rescue.full")."""
    member_id = _author(db, actor, Action.RESCUE_WRITE)
    db.execute(delete(RescueCopy).where(_own(member_id), col(RescueCopy.id).in_(queries.arrived(member_id))))
    if db.exec(queries.arrived(member_id).where(Receipt.key == form.id)).first():
        return False
    sealed = seal(_key(settings), form.piece, _context(member_id, form.id))
    _require_room(db, member_id, form.id, len(sealed))
    _put(db, member_id, form, sealed)
    found = db.exec(select(RescueCopy).where(_own(member_id), RescueCopy.id == form.id)).one()
    return found.sealed is not None and found.written == form.written


def read(db: Session, actor: Actor, settings: Settings, copy_id: UUID) -> str:
    """The piece, for its author, and on record: whoever came in as them would take it so.

    Raises Missing, also for what no key opens any more: a phone that waited for it would wait for ever."""
    member_id = _author(db, actor, Action.RESCUE_READ)
    found = queries.get(db, actor, copy_id)
    audit.record(db, actor, "rescue.read", subject=member_id, subject_kind="member", detail={"copy": str(copy_id)})
    try:
        return unseal(_key(settings), found.sealed or b"", _context(member_id, copy_id))
    except Unavailable:
        raise Missing("rescue.missing") from None


def let_go(db: Session, actor: Actor, form: RemovalIn) -> None:
    """Remove these pieces, unless a newer version of one is here. Raises Missing, Refused("rescue.full")."""
    member_id = _author(db, actor, Action.RESCUE_WRITE)
    for version in form.copies:
        _put(db, member_id, version, None)
    if _count(db, member_id) > MOST_ROWS:
        raise Refused("rescue.full")


def prune(db: Session, actor: Actor, settings: Settings) -> int:
    """Remove what was left here for longer than promised, and what has arrived since; how many there were."""
    before = clock.now() - timedelta(days=settings.rescue_days)
    had_arrived = col(RescueCopy.id).in_(queries.arrived(RescueCopy.member_id).correlate(_table))
    over = or_(col(RescueCopy.updated_at) < before, had_arrived)
    removed = db.exec(select(func.count()).select_from(RescueCopy).where(over)).one()
    db.execute(delete(RescueCopy).where(over))
    audit.record(
        db, actor, "rescue.prune", subject=None, subject_kind="rescue_copy",
        detail={"before": before.isoformat(), "removed": removed},
    )  # fmt: skip
    return removed


def _author(db: Session, actor: Actor, action: Action) -> UUID:
    if actor.member_id is None:
        raise Missing("rescue.missing")
    require(actor, action, organisation.scope_of(db, actor.member_id))
    return actor.member_id


def _own(member_id: UUID) -> Any:
    return col(RescueCopy.member_id) == member_id


def _count(db: Session, member_id: UUID) -> int:
    return db.exec(select(func.count()).select_from(RescueCopy).where(_own(member_id))).one()


def _require_room(db: Session, member_id: UUID, copy_id: UUID, size: int) -> None:
    others = select(func.count(), func.coalesce(func.sum(RescueCopy.size), 0)).where(
        _own(member_id), RescueCopy.id != copy_id, col(RescueCopy.sealed).is_not(None)
    )
    copies, taken = db.exec(others).one()
    if copies >= MOST_COPIES or taken + size > MOST_BYTES or _count(db, member_id) > MOST_ROWS:
        raise Refused("rescue.full")


def _put(db: Session, member_id: UUID, version: Version, sealed: bytes | None) -> None:
    """Write one version; of two that are equally old, the one that says "removed" counts."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "written": version.written, "sealed": sealed, "size": len(sealed or b""), "updated_at": clock.now(),
    }  # fmt: skip
    older = _table.c.written < version.written if sealed else _table.c.written <= version.written
    db.execute(
        insert(_table)
        .values(member_id=member_id, id=version.id, **values)
        .on_conflict_do_update(index_elements=["member_id", "id"], set_=values, where=older)
    )
    db.expire_all()


def _key(settings: Settings) -> bytes:
    return key_of(settings.field_key.get_secret_value(), "rescue-copy")


def _context(member_id: UUID, copy_id: UUID) -> str:
    return f"rescue_copy.{member_id}.{copy_id}"
