"""Reading identity: accounts, passkeys, sessions, notices, and who a ticket is for."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from handbook.core.clock import now
from handbook.core.errors import present
from handbook.identity.models import Account, AuthSession, Notice, Passkey, Ticket
from handbook.organisation import queries as organisation
from handbook.organisation.models import GONE, Member, Status

# Whoever stands like this keeps no session and makes no passkey; read at every request, so it holds at once.
BLOCKED = GONE | {Status.SUSPENDED}


@dataclass(frozen=True)
class Standing:
    """A member as identity needs them: the name, the cell, and whether they may have a session at all."""

    member_id: UUID
    full_name: str
    unit_name: str
    unit_path: str
    blocked: bool


def standing(db: Session, member_id: UUID) -> Standing:
    """Raises Missing."""
    member = organisation.member(db, member_id)
    cell = organisation.unit(db, member.cell_id)
    return Standing(member.id, member.full_name, cell.name, cell.path, member.status in BLOCKED)


def account(db: Session, member_id: UUID) -> Account | None:
    """The member's account, if they ever began to enrol."""
    return db.get(Account, member_id)


def barred(db: Session, member_id: UUID) -> bool:
    """Whether this member may have no session now; somebody without an account may not either."""
    wanted = select(Account.suspended_at, Member.status).join(Member, col(Member.id) == col(Account.member_id))
    found = db.exec(wanted.where(Account.member_id == member_id)).first()
    return found is None or found[0] is not None or found[1] in BLOCKED


def own_account(db: Session, member_id: UUID) -> Account:
    """The account of somebody who is signed in. Raises Missing."""
    return present(account(db, member_id), "account.missing")


def member_tag(account: Account) -> str:
    """What the phone calls the member: says nothing about them and cannot be turned back into the handle."""
    digest = hashlib.sha256(b"member-tag:" + account.user_handle).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def passkeys(db: Session, member_id: UUID) -> list[Passkey]:
    """The member's passkeys in use, the oldest first."""
    wanted = select(Passkey).where(Passkey.member_id == member_id, col(Passkey.removed_at).is_(None))
    return list(db.exec(wanted.order_by(col(Passkey.created_at), col(Passkey.id))))


def passkey(db: Session, passkey_id: UUID) -> Passkey:
    """One passkey in use. Raises Missing."""
    found = db.get(Passkey, passkey_id)
    return present(found if found and found.removed_at is None else None, "passkey.missing")


def by_credential(db: Session, credential_id: bytes) -> tuple[Passkey, Account] | None:
    """The passkey with this credential id, removed or not, and whose it is."""
    wanted = select(Passkey, Account).join(Account, col(Account.member_id) == col(Passkey.member_id))
    return db.exec(wanted.where(Passkey.credential_id == credential_id)).first()


def sessions(db: Session, member_id: UUID) -> list[AuthSession]:
    """Sessions not ended, the latest used first; some may have run out since."""
    wanted = select(AuthSession).where(AuthSession.member_id == member_id, col(AuthSession.ended_at).is_(None))
    return list(db.exec(wanted.order_by(col(AuthSession.last_seen_at).desc())))


def notices(db: Session, member_id: UUID, *, limit: int = 20) -> list[Notice]:
    """What the member was told about their keys and devices, the newest first."""
    wanted = select(Notice).where(Notice.member_id == member_id)
    return list(db.exec(wanted.order_by(col(Notice.at).desc(), col(Notice.id).desc()).limit(limit)))


def unseen(db: Session, member_id: UUID) -> int:
    """How many notices the member has not marked as seen."""
    wanted = select(func.count()).select_from(Notice).where(Notice.member_id == member_id)
    return int(db.exec(wanted.where(col(Notice.seen_at).is_(None))).one())


def anyone_enrolled(db: Session) -> bool:
    """Whether any passkey was ever made here."""
    return db.exec(select(Passkey.id).limit(1)).first() is not None


def pending(db: Session, member_id: UUID) -> list[Ticket]:
    """The member's recoveries that wait for a second person, the newest first."""
    wanted = select(Ticket).where(
        Ticket.member_id == member_id, col(Ticket.approved_at).is_(None), col(Ticket.expires_at) > now()
    )
    return list(db.exec(wanted.order_by(col(Ticket.created_at).desc())))
