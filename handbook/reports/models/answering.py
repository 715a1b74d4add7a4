"""Tables of what was sent and what came back. Both are added and never changed: a correction is one more."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from handbook.core.clock import now
from handbook.core.columns import by_value
from handbook.core.ids import new_id


class Verdict(StrEnum):
    """What a review ends with."""

    RETURNED = "returned"
    ACCEPTED = "accepted"


class Submission(SQLModel, table=True):
    """One version of a report. `filled_on` is the day its rules were applied for; `written_at` is by the phone's clock.
    `late_arrival`: filled in before the lock and arrived after it."""

    __table_args__: Any = (UniqueConstraint("duty_id", "number", name="uq_submission_number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    duty_id: UUID = Field(foreign_key="duty.id")
    number: int
    version_id: UUID = Field(foreign_key="form_version.id")
    member_id: UUID = Field(foreign_key="member.id")
    answers: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    filled_on: date
    written_at: datetime | None = None
    received_at: datetime = Field(default_factory=now)
    late_arrival: bool = False


class Review(SQLModel, table=True):
    """What a reviewer said of one submission; `notes` by the place of the question (as `AnswerFault.place`)."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: UUID = Field(foreign_key="submission.id", index=True)
    verdict: Verdict = Field(sa_column=Column(by_value(Verdict), nullable=False))
    note: str = Field(default="", max_length=2000)
    notes: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    member_id: UUID | None = Field(default=None, foreign_key="member.id")
    post_id: UUID | None = Field(default=None, foreign_key="post.id", description="the post that reviewed")
    reviewed_at: datetime = Field(default_factory=now)
