"""Tickets: invitations to make a passkey, given in person by staff, for one member and one use."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from handbook.core.clock import now
from handbook.core.errors import Gone, Missing, Refused, present
from handbook.identity import queries
from handbook.identity.models import EndReason, Purpose, Ticket
from handbook.identity.rules import notices, passkeys, sessions, trail
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope

# Crockford's base 32: no I, L, O or U, so that a printed token can be typed. 26 letters carry 130 bits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_LOOK_ALIKES = str.maketrans("OIL", "011")
PENDING = timedelta(hours=72)


def issue(
    db: Session,
    actor: Actor,
    member_id: UUID,
    purpose: Purpose | str,
    *,
    hours: float = 0.25,
    revoke_old: bool = True,
) -> tuple[Ticket, str]:
    """A new ticket, good for ``hours``, and its token (130 bits, stored only as a hash). The member's earlier
    tickets stop working.

    A member who has a passkey gets another only by recovery, which a second person approves; until then its ticket
    opens nothing. Raises Missing out of reach, Refused("ticket.self", "ticket.blocked", "ticket.has-passkey")."""
    purpose = Purpose(purpose)
    action = Action.MEMBER_RECOVER if purpose is Purpose.RECOVER else Action.MEMBER_ENROL
    standing = queries.standing(db, member_id)
    require(actor, action, Scope(standing.unit_path, owner_id=member_id))
    if actor.member_id == member_id:
        raise Refused("ticket.self")
    if standing.blocked:
        raise Refused("ticket.blocked")
    if purpose is not Purpose.RECOVER and not actor.is_system and queries.passkeys(db, member_id):
        raise Refused("ticket.has-passkey")
    cancel(db, member_id)
    token = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    approved = purpose is not Purpose.RECOVER or actor.is_system
    ticket = Ticket(
        token_hash=digest(token),
        member_id=member_id,
        purpose=purpose,
        code=f"{secrets.randbelow(10**6):06d}",
        created_by=actor.member_id,
        expires_at=now() + (timedelta(hours=hours) if approved else PENDING),
        approved_at=now() if approved else None,
        revoke_old=revoke_old and purpose is Purpose.RECOVER,
    )
    db.add(ticket)
    db.flush()
    _record(db, actor, "ticket.issue", ticket, standing.unit_path)
    if purpose is Purpose.RECOVER and queries.account(db, member_id):
        notices.tell(db, member_id, "recovery-started")
    return ticket, token


def approve(db: Session, actor: Actor, ticket_id: UUID, *, hours: float = 0.25) -> Ticket:
    """The second person's yes to a recovery; from now on its ticket works for ``hours``.

    Raises Missing, Gone("ticket.expired"), Refused("ticket.same-person", "ticket.self", "ticket.blocked")."""
    ticket = get(db, ticket_id)
    standing = queries.standing(db, ticket.member_id)
    require(actor, Action.MEMBER_RECOVER_APPROVE, Scope(standing.unit_path, owner_id=ticket.member_id))
    if ticket.purpose is not Purpose.RECOVER or ticket.approved_at is not None:
        raise Missing("ticket.missing")
    if ticket.expires_at <= now():
        raise Gone("ticket.expired")
    if actor.member_id == ticket.member_id:
        raise Refused("ticket.self")
    if actor.member_id == ticket.created_by:
        raise Refused("ticket.same-person")
    if standing.blocked:
        raise Refused("ticket.blocked")
    ticket.approved_by, ticket.approved_at, ticket.expires_at = (
        actor.member_id,
        now(),
        now() + timedelta(hours=hours),
    )
    db.add(ticket)
    _record(db, actor, "ticket.approve", ticket, standing.unit_path)
    return ticket


def withdraw(db: Session, actor: Actor, ticket_id: UUID) -> None:
    """Take an unused ticket back. Raises Missing."""
    ticket = get(db, ticket_id)
    standing = queries.standing(db, ticket.member_id)
    require(actor, Action.MEMBER_ENROL, Scope(standing.unit_path, owner_id=ticket.member_id))
    cancel(db, ticket.member_id)
    _record(db, actor, "ticket.withdraw", ticket, standing.unit_path)


def cut_off(db: Session, actor: Actor, member_id: UUID, *, passkey_ids: list[UUID], reason: str) -> int:
    """A phone is lost: end all sessions of the member, remove the passkeys named and stop open tickets.

    The member's own last passkey may go too: they come back by recovery. Returns how many sessions ended.
    Raises Missing for a member out of reach or a passkey that is not theirs."""
    standing = queries.standing(db, member_id)
    require(actor, Action.MEMBER_CUT_OFF, Scope(standing.unit_path, owner_id=member_id))
    present(queries.account(db, member_id), "account.missing")
    mine = {passkey.id: passkey for passkey in queries.passkeys(db, member_id)}
    if not set(passkey_ids) <= set(mine):
        raise Missing("passkey.missing")
    for passkey_id in passkey_ids:
        passkeys.retire(db, mine[passkey_id])
    cancel(db, member_id)
    ended = sessions.end_all(db, member_id, EndReason.CUT_OFF)
    gone = [str(passkey_id) for passkey_id in passkey_ids]
    path = standing.unit_path
    trail.note(db, actor, "member.cut_off", member_id, unit_path=path, reason=reason, sessions=ended, passkeys=gone)
    notices.tell(db, member_id, "cut-off")
    return ended


def get(db: Session, ticket_id: UUID) -> Ticket:
    """The ticket. Raises Missing."""
    return present(db.get(Ticket, ticket_id), "ticket.missing")


def look_up(db: Session, token: str) -> Ticket:
    """The open ticket behind a token; looking uses nothing up.

    Raises Missing("ticket.missing"), Gone("ticket.used", "ticket.expired"), Refused("ticket.pending",
    "ticket.blocked")."""
    ticket = present(db.exec(select(Ticket).where(Ticket.token_hash == digest(token))).first(), "ticket.missing")
    if ticket.used_at is not None:
        raise Gone("ticket.used")
    require_open(db, ticket)
    return ticket


def require_open(db: Session, ticket: Ticket) -> None:
    """Raises Gone("ticket.expired") or Refused("ticket.pending", "ticket.blocked")."""
    if ticket.expires_at <= now():
        raise Gone("ticket.expired")
    if ticket.approved_at is None:
        raise Refused("ticket.pending")
    if queries.standing(db, ticket.member_id).blocked:
        raise Refused("ticket.blocked")


def cancel(db: Session, member_id: UUID) -> None:
    """No open ticket of the member works any longer, nor does a ceremony begun with one."""
    db.exec(
        update(Ticket)
        .where(
            col(Ticket.member_id) == member_id,
            col(Ticket.finished_at).is_(None),
            col(Ticket.expires_at) > now(),
        )
        .values(expires_at=now())
    )


def normal(token: str) -> str:
    """A token as it is compared, however it was typed: capitals, no spaces or dashes, O as 0, I and L as 1."""
    return "".join(letter for letter in token.upper() if letter.isalnum()).translate(_LOOK_ALIKES)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(normal(token).encode("utf-8", "surrogatepass")).digest()


def grouped(token: str) -> str:
    """A token as it is printed, in groups of four."""
    return " ".join(token[start : start + 4] for start in range(0, len(token), 4))


def _record(db: Session, actor: Actor, action: str, ticket: Ticket, unit_path: str) -> None:
    told = {"ticket": str(ticket.id), "purpose": ticket.purpose.value}
    trail.note(db, actor, action, ticket.member_id, unit_path=unit_path, **told)
