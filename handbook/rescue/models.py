"""The table of rescue copies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from handbook.core import clock

LARGEST_PIECE = 1_000_000
MOST_COPIES, MOST_BYTES, MOST_ROWS = 100, 5_000_000, 1000


class RescueCopy(SQLModel, table=True):
    """The newest version of one piece of unsent work, or that there is none any more: then ``sealed`` is empty.

    What was removed stays known, so that a slow request or a second phone does not bring it back."""

    __tablename__ = "rescue_copy"

    member_id: UUID = Field(foreign_key="member.id", primary_key=True)
    id: UUID = Field(primary_key=True, description="of an item in an outbox: the key under which it is sent")
    written: int = Field(sa_type=BigInteger, description="by the phone's clock, in ms: tells a newer version")
    sealed: bytes | None = None
    size: int = Field(description="of the sealed bytes")
    updated_at: datetime = Field(default_factory=clock.now, index=True)
