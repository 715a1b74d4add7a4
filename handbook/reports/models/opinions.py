"""Tables of what members write. A text shows what its author thinks: read by few, and every look is in the trail."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from handbook.core.clock import now
from handbook.core.columns import by_value
from handbook.core.ids import new_id

LONGEST_SUBJECT = 150
LONGEST_TEXT = 10_000
LONGEST_NAME = 150
MOST_FILES = 5
LARGEST_CHUNK = 256 * 1024


class OpinionKind(StrEnum):
    """What a member may send to a committee (294-QĐ/TW §2.3)."""

    OPINION = "opinion"
    QUESTION = "question"
    PROPOSAL = "proposal"


class Opinion(SQLModel, table=True):
    """Added and answered once, never changed. `unit_id` is the unit it is addressed to."""

    __table_args__: Any = (
        Index("ix_opinion_owner", "owner_id", "submitted_at", "id"),
        Index("ix_opinion_waiting", "answered_at", "submitted_at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    owner_id: UUID = Field(foreign_key="member.id")
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    kind: OpinionKind = Field(sa_column=Column(by_value(OpinionKind), nullable=False))
    subject: str = Field(max_length=LONGEST_SUBJECT)
    text: str = Field(sa_column=Column(Text, nullable=False))
    written_at: datetime | None = Field(default=None, description="by the phone's own clock, which may be wrong")
    submitted_at: datetime = Field(default_factory=now)
    answer: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    answered_at: datetime | None = None
    answer_post_id: UUID | None = Field(default=None, foreign_key="post.id", description="the post that answered")


class AttachmentKind(StrEnum):
    """What may be attached."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


class Attachment(SQLModel, table=True):
    """A file announced with an opinion, which arrives after it; its bytes are a file named by `sha256`."""

    id: UUID = Field(primary_key=True, description="made by the phone")
    owner_id: UUID = Field(foreign_key="member.id")
    opinion_id: UUID = Field(foreign_key="opinion.id", index=True)
    name: str = Field(max_length=LONGEST_NAME)
    kind: AttachmentKind = Field(sa_column=Column(by_value(AttachmentKind), nullable=False))
    size: int
    sha256: str = Field(max_length=64)
    received_bytes: int = 0
    created_at: datetime = Field(default_factory=now)
    completed_at: datetime | None = None
