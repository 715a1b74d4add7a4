"""Tables of forms. A version that was published never changes: what was sent on it keeps it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from handbook.core.clock import now
from handbook.core.ids import new_id


class ReportForm(SQLModel, table=True):
    """A form under one name, made in one unit and used there and below."""

    __tablename__ = "report_form"
    __table_args__: Any = (UniqueConstraint("unit_id", "name", name="uq_report_form_name"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    unit_id: UUID = Field(foreign_key="unit.id")
    name: str = Field(max_length=50)
    created_by: UUID | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = Field(default_factory=now)
    retired_at: datetime | None = None


class FormVersion(SQLModel, table=True):
    """One state of a form. `definition` is what its authors wrote, `program` what phone and server run."""

    __tablename__ = "form_version"
    __table_args__: Any = (UniqueConstraint("form_id", "number", name="uq_form_version_number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    form_id: UUID = Field(foreign_key="report_form.id")
    number: int
    title: str = Field(max_length=4000)
    definition: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    program: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_by: UUID | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = Field(default_factory=now)
    published_at: datetime | None = None
