"""Sessions: one row for each signed-in browser, judged at every request by the server's clock alone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col, delete, select

from handbook.audit.rules import record
from handbook.core.clock import now
from handbook.core.errors import Missing
from handbook.core.settings import Settings
from handbook.identity.models import WIPING, Account, AuthSession, EndReason
from handbook.identity.queries import BLOCKED, member_tag
from handbook.organisation.models import Member
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope

CLOCK_SLACK = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)
_TRACES_KEPT = timedelta(days=180)
# Built once and of columns alone: this is asked at every request, and composing costs more than running.
_BY_TOKEN: Any = (
    select(col(Account.epoch).label("newest_epoch"), *map(col, (
        AuthSession.id, AuthSession.member_id, AuthSession.epoch, AuthSession.staff, AuthSession.created_at,
        AuthSession.last_seen_at, AuthSession.last_step_up_at, AuthSession.ended_at, AuthSession.end_reason,
        Account.user_handle, Account.suspended_at, Member.status, Member.full_name,
    )))
    .select_from(AuthSession)
    .join(Account, col(Account.member_id) == col(AuthSession.member_id))
    .join(Member, col(Member.id) == col(AuthSession.member_id))
    .where(AuthSession.token_sha256 == bindparam("token_sha256"))
)  # fmt: skip


@dataclass(frozen=True)
class Live:
    """A session that counts now, with the member's tag and name."""

    id: UUID
    member_id: UUID
    member_tag: str
    full_name: str
    last_seen_at: datetime
    last_step_up_at: datetime


@dataclass(frozen=True)
class Ended:
    """A token that was good once. ``wipe``: its browser must forget the offline copy of ``member_tag``."""

    member_tag: str
    wipe: bool


def start(
    db: Session,
    account: Account,
    *,
    staff: bool,
    device: str,
    passkey_id: UUID | None,
    replaces: str | None = None,
) -> tuple[str, AuthSession]:
    """Open a session and return its token (256 random bits, never stored) with the row.

    ``replaces`` is the token that the browser held until now: it dies (no session fixation, no forgotten one)."""
    moment = now()
    if replaces:
        _end(db, col(AuthSession.token_sha256) == digest(replaces), reason=EndReason.REPLACED)
    db.exec(delete(AuthSession).where(col(AuthSession.created_at) < moment - 2 * _TRACES_KEPT))
    token = secrets.token_urlsafe(32)
    session = AuthSession(
        token_sha256=digest(token),
        member_id=account.member_id,
        epoch=account.epoch,
        created_at=moment,
        last_seen_at=moment,
        last_step_up_at=moment,
        staff=staff,
        device=device[:80],
        passkey_id=passkey_id,
    )
    db.add(session)
    db.flush()
    return token, session


def find(db: Session, settings: Settings, token: str) -> Live | Ended | None:
    """What ``token`` is worth now: a live session, one that ended, or nothing."""
    row: Any = db.connection().execute(_BY_TOKEN, {"token_sha256": digest(token)}).first()
    if row is None:
        return None
    tag = member_tag(row)
    if row.ended_at is not None:
        return Ended(tag, wipe=row.end_reason in WIPING)
    if row.suspended_at is not None or row.status in BLOCKED or row.epoch != row.newest_epoch:
        return Ended(tag, wipe=True)
    if not within_limits(row, settings):
        return Ended(tag, wipe=False)
    return Live(row.id, row.member_id, tag, row.full_name, row.last_seen_at, row.last_step_up_at)


def within_limits(session: AuthSession, settings: Settings) -> bool:
    """Whether the session is young enough and was used lately (member 30 d / 180 d, staff 30 min / 12 h by
    default). One dated in the future is refused: a clock was wrong or the row was forged."""
    idle, absolute = _limits(session, settings)
    moment = now()
    if max(session.created_at, session.last_seen_at) > moment + CLOCK_SLACK:
        return False
    return moment - session.created_at < absolute and moment - session.last_seen_at < idle


def seen(db: Session, session: AuthSession | Live) -> None:
    """Note that the session is in use. A session that ended meanwhile stays ended."""
    db.exec(
        update(AuthSession)
        .where(col(AuthSession.id) == session.id, col(AuthSession.ended_at).is_(None))
        .values(last_seen_at=now())
    )


def is_due(session: Live) -> bool:
    """Whether the last use is old enough to be written again: a GET must not mean a write each time."""
    return now() - session.last_seen_at >= SEEN_EVERY


def stepped_up(last_step_up_at: datetime, settings: Settings) -> bool:
    """Whether a passkey check covers a sensitive act now."""
    age = now() - last_step_up_at
    return -CLOCK_SLACK <= age <= timedelta(minutes=settings.step_up_minutes)


def renew(db: Session, session: AuthSession) -> str:
    """A new token for a session that has just proved its passkey again; the old one dies."""
    token, moment = secrets.token_urlsafe(32), now()
    changed = db.exec(
        update(AuthSession)
        .where(col(AuthSession.id) == session.id, col(AuthSession.ended_at).is_(None))
        .values(token_sha256=digest(token), last_step_up_at=moment, last_seen_at=moment)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise Missing("session.ended")
    return token


def sign_out(db: Session, actor: Actor, token: str) -> None:
    """End the session that ``token`` opens; nothing happens if it is over already."""
    session = db.exec(select(AuthSession).where(AuthSession.token_sha256 == digest(token))).first()
    if session is None or session.ended_at is not None:
        return
    _end(db, col(AuthSession.id) == session.id, reason=EndReason.SIGNED_OUT)
    _record_end(db, actor, session.id, EndReason.SIGNED_OUT)


def end(db: Session, actor: Actor, session_id: UUID) -> None:
    """End one of the member's own sessions from another device. Raises Missing."""
    session = db.exec(select(AuthSession).where(AuthSession.id == session_id)).first()
    if session is None or session.ended_at is not None:
        raise Missing("session.missing")
    require(actor, Action.SESSION_END, Scope(actor.unit_path, owner_id=session.member_id))
    _end(db, col(AuthSession.id) == session_id, reason=EndReason.OTHER_DEVICE)
    _record_end(db, actor, session_id, EndReason.OTHER_DEVICE)


def end_others(db: Session, actor: Actor, *, keep: UUID) -> int:
    """End all sessions of the member but ``keep``; returns how many."""
    if actor.member_id is None:
        raise Missing("account.missing")
    require(actor, Action.SESSION_END, Scope(actor.unit_path, owner_id=actor.member_id))
    ended = end_all(db, actor.member_id, EndReason.OTHER_DEVICE, keep=keep)
    record(
        db,
        actor,
        "session.end_others",
        subject=actor.member_id,
        subject_kind="member",
        unit_path=actor.unit_path,
        detail={"ended": ended},
    )
    return ended


def end_all(db: Session, member_id: UUID, reason: EndReason, *, keep: UUID | None = None) -> int:
    """End every session of a member but ``keep`` and raise the epoch, so that one opened at this very moment by an
    older request does not count either. Returns how many ended; the caller records why."""
    db.exec(update(Account).where(col(Account.member_id) == member_id).values(epoch=Account.epoch + 1))
    account = db.exec(
        select(Account).where(Account.member_id == member_id).execution_options(populate_existing=True)
    ).one()
    which = [col(AuthSession.member_id) == member_id]
    if keep is not None:
        which.append(col(AuthSession.id) != keep)
        db.exec(update(AuthSession).where(col(AuthSession.id) == keep).values(epoch=account.epoch))
    return _end(db, *which, reason=reason)


def digest(token: str) -> bytes:
    """What is stored of a session token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _limits(session: AuthSession, settings: Settings) -> tuple[timedelta, timedelta]:
    if session.staff:
        return timedelta(minutes=settings.staff_idle_minutes), timedelta(hours=settings.staff_absolute_hours)
    return timedelta(days=settings.member_idle_days), timedelta(days=settings.member_absolute_days)


def _end(db: Session, *which: ColumnElement[bool], reason: EndReason) -> int:
    ended = db.exec(
        update(AuthSession).where(*which, col(AuthSession.ended_at).is_(None)).values(ended_at=now(), end_reason=reason)
    )
    return int(ended.rowcount)


def _record_end(db: Session, actor: Actor, session_id: UUID, reason: EndReason) -> None:
    record(
        db,
        actor,
        "session.end",
        subject=session_id,
        subject_kind="session",
        unit_path=actor.unit_path,
        detail={"reason": reason.value},
    )
