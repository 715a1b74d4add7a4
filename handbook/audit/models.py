"""One table, append only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class AuditEvent(SQLModel, table=True):
    """What happened: ``mac`` covers every other field and ``prev``, the mac of the row before."""

    __tablename__ = "audit_event"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor_id: UUID | None = Field(default=None, index=True)
    action: str = Field(max_length=60)
    subject_kind: str = Field(max_length=40)
    subject_id: UUID | None = Field(default=None, index=True)
    unit_path: str | None = Field(default=None, max_length=400)
    reason: str | None = Field(default=None, max_length=200)
    request_id: str | None = Field(default=None, max_length=40)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON().with_variant(JSONB(), "postgresql"))
    prev: bytes = Field(sa_type=LargeBinary)
    mac: bytes = Field(sa_type=LargeBinary)
