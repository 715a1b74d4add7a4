"""Tables of who owes what. The tree, the members and their status are written down on the day a request opens, so that
a rate keeps its denominator whatever is moved, merged or renamed later."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from handbook.core.clock import now
from handbook.core.columns import by_value
from handbook.core.ids import new_id
from handbook.organisation.models import Status


class Respondent(StrEnum):
    """Who owes a report: every member, or every unit of a level."""

    MEMBER = "member"
    UNIT = "unit"


class DutyState(StrEnum):
    """How far a report is; late and locked follow from the days of its request."""

    OWED = "owed"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ReportRequest(SQLModel, table=True):
    """One form version asked of a part of the tree for one period. Days are calendar days in Việt Nam, the last included:
    what comes up to `grace_until` is on time, and it is taken up to `locks_on`."""

    __tablename__ = "report_request"
    __table_args__: Any = (Index("ix_report_request_unit", "unit_id", "opens_on", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version_id: UUID = Field(foreign_key="form_version.id")
    unit_id: UUID = Field(foreign_key="unit.id")
    title: str = Field(max_length=200)
    respondent: Respondent = Field(sa_column=Column(by_value(Respondent), nullable=False))
    level_code: str | None = Field(default=None, foreign_key="level.code", max_length=32)
    period: str = Field(max_length=20)
    opens_on: date
    due_on: date
    grace_until: date
    locks_on: date
    created_by: UUID | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = Field(default_factory=now)
    opened_at: datetime | None = None
    cancelled_at: datetime | None = None


class RequestUnit(SQLModel, table=True):
    """A unit as it stood when the request opened, with its own counts. Counts of a part of the tree are sums over the
    range `number` to `last`; they change in the transaction of what they count."""

    __tablename__ = "request_unit"
    __table_args__: Any = (Index("ix_request_unit_parent", "request_id", "parent_id", "number"),)

    request_id: UUID = Field(foreign_key="report_request.id", primary_key=True)
    number: int = Field(primary_key=True)
    last: int
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    parent_id: UUID | None = None
    name: str = Field(max_length=200)
    expected: int = 0
    received: int = 0
    on_time: int = 0
    accepted: int = 0


class Duty(SQLModel, table=True):
    """One report that is owed: by a member, or by a unit through the person named for it. `unit_number` is the unit's
    place on the opening day, `member_status` the member's status then. An excused one is not expected."""

    __table_args__: Any = (
        UniqueConstraint("request_id", "unit_id", "member_id", name="uq_duty_respondent"),
        Index("ix_duty_member", "member_id", "request_id"),
        Index("ix_duty_place", "request_id", "unit_number", "state", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="report_request.id")
    member_id: UUID | None = Field(default=None, foreign_key="member.id")
    unit_id: UUID = Field(foreign_key="unit.id")
    unit_number: int
    member_status: Status | None = Field(default=None, sa_column=Column(by_value(Status), nullable=True))
    state: DutyState = Field(default=DutyState.OWED, sa_column=Column(by_value(DutyState), nullable=False))
    newest: int = Field(default=0, description="number of the newest submission")
    received_at: datetime | None = Field(default=None, description="of the first submission")
    on_time: bool | None = None
    extended_to: date | None = Field(default=None, description="a later last day in time for this one")
    excused_at: datetime | None = None
    excuse: str = Field(default="", max_length=500)


def in_time_until(duty: Duty, request: ReportRequest) -> date:
    """The last day on which it is on time, grace and more time given included."""
    return duty.extended_to or request.grace_until


def locks_on(duty: Duty, request: ReportRequest) -> date:
    """The last day on which it is taken."""
    return max(duty.extended_to or request.locks_on, request.locks_on)
