"""Tables of identity. Secrets are stored as SHA-256 only: the rows open nothing by themselves."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from handbook.core.clock import now
from handbook.core.columns import by_value
from handbook.core.ids import new_id


def _user_handle() -> bytes:
    return secrets.token_bytes(32)


class Ceremony(StrEnum):
    """What a challenge was issued for; it counts for nothing else."""

    ENROL = "enrol"
    ADD = "add"
    SIGN_IN = "sign-in"
    STEP_UP = "step-up"


class Purpose(StrEnum):
    ENROL = "enrol"
    RECOVER = "recover"
    FIRST_ADMIN = "first-admin"


class EndReason(StrEnum):
    """Why a session ended. The first four are the member's own doing on that very browser, or mere time."""

    SIGNED_OUT = "signed-out"
    EXPIRED = "expired"
    REPLACED = "replaced"
    OTHER_DEVICE = "other-device"
    PASSKEY_REMOVED = "passkey-removed"
    RECOVERED = "recovered"
    CUT_OFF = "cut-off"
    SUSPENDED = "suspended"


# A browser whose session ended this way must also forget the offline copy it holds.
WIPING = frozenset(
    {
        EndReason.OTHER_DEVICE,
        EndReason.PASSKEY_REMOVED,
        EndReason.RECOVERED,
        EndReason.CUT_OFF,
        EndReason.SUSPENDED,
    }
)


class Account(SQLModel, table=True):
    """The handle is random and says nothing about the person: it is stored on every phone in clear.

    ``epoch`` counts the events that end all earlier sessions at once."""

    member_id: UUID = Field(foreign_key="member.id", primary_key=True)
    user_handle: bytes = Field(default_factory=_user_handle, unique=True, max_length=64)
    epoch: int = 0
    suspended_at: datetime | None = None


class Passkey(SQLModel, table=True):
    """One credential. A removed one stays as a row, so that the audit trail keeps its meaning."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="account.member_id", index=True)
    credential_id: bytes = Field(unique=True, max_length=1023)
    public_key: bytes
    sign_count: int = 0
    transports: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    backup_eligible: bool
    backed_up: bool
    aaguid: str = Field(max_length=36)
    prf: bool = False
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=now)
    last_used_at: datetime | None = None
    flagged_at: datetime | None = None
    removed_at: datetime | None = None


class Challenge(SQLModel, table=True):
    """One open ceremony, found by the hash of its challenge and taken by deleting the row."""

    token_hash: bytes = Field(primary_key=True, max_length=32)
    ceremony: Ceremony = Field(sa_column=Column(by_value(Ceremony), nullable=False))
    member_id: UUID | None = Field(default=None, foreign_key="member.id")
    ticket_id: UUID | None = Field(default=None, foreign_key="ticket.id")
    expires_at: datetime = Field(index=True)


class AuthSession(SQLModel, table=True):
    """One signed-in browser. ``id`` is what pages show; the cookie's token is known only by its hash."""

    __tablename__ = "auth_session"
    __table_args__: Any = (Index("ix_auth_session_member", "member_id", "ended_at"),)

    token_sha256: bytes = Field(primary_key=True, max_length=32)
    id: UUID = Field(default_factory=new_id, unique=True)
    member_id: UUID = Field(foreign_key="account.member_id")
    epoch: int
    created_at: datetime = Field(default_factory=now)
    last_seen_at: datetime = Field(default_factory=now)
    last_step_up_at: datetime = Field(default_factory=now)
    staff: bool = False
    device: str = Field(max_length=80)
    passkey_id: UUID | None = Field(default=None, foreign_key="passkey.id")
    ended_at: datetime | None = None
    end_reason: EndReason | None = Field(default=None, sa_column=Column(by_value(EndReason), nullable=True))


class Ticket(SQLModel, table=True):
    """A single-use invitation for one member and one purpose.

    ``code`` is compared by eye on the two screens and opens nothing. ``retry_hash`` lets the one browser that
    used the ticket up ask again after a slip of the finger; nobody else can."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: bytes = Field(unique=True, max_length=32)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    purpose: Purpose = Field(sa_column=Column(by_value(Purpose), nullable=False))
    code: str = Field(max_length=8)
    created_by: UUID | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = Field(default_factory=now)
    approved_by: UUID | None = Field(default=None, foreign_key="member.id")
    approved_at: datetime | None = None
    expires_at: datetime
    used_at: datetime | None = None
    retry_hash: bytes | None = Field(default=None, max_length=32)
    finished_at: datetime | None = None
    revoke_old: bool = False


class Notice(SQLModel, table=True):
    """Something about a member's own keys and devices that they should know of; words are chosen by ``kind``."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="account.member_id", index=True)
    kind: str = Field(max_length=40)
    values: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(default_factory=now)
    seen_at: datetime | None = None
