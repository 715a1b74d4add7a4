"""Tables of the library. Texts are stored as sections of sanitised HTML; reading is stored as one word a member."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Optional
from uuid import UUID

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field, SQLModel

from handbook.core.clock import now, today
from handbook.core.columns import by_value
from handbook.core.ids import new_id


class Classification(StrEnum):
    """Secrecy of a paper. Only ORDINARY may enter a system on the internet (State Secrets Law)."""

    ORDINARY = "thuong"
    INTERNAL = "noi-bo"
    CONFIDENTIAL = "mat"
    SECRET = "toi-mat"
    TOP_SECRET = "tuyet-mat"


class Standing(StrEnum):
    """Whether a document counts today."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    EXPIRED = "expired"


class Relation(StrEnum):
    """How one document refers to another."""

    REPLACES = "replaces"
    AMENDS = "amends"
    GUIDES = "guides"
    IMPLEMENTS = "implements"
    CITES = "cites"


class DocumentKind(SQLModel, table=True):
    """A kind of document and the days on which it may be issued (399-QĐ/TW)."""

    __tablename__ = "document_kind"

    code: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=80)
    abbreviation: str = Field(default="", max_length=10)
    position: int
    valid_from: date
    valid_to: Optional[date] = None


class Document(SQLModel, table=True):
    """`key` holds issuer, kind, number and date: numbers restart for each kind in each term (399-QĐ/TW)."""

    __table_args__: Any = (Index("ix_document_newest", "sorted_on", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(max_length=900, unique=True)
    kind: str = Field(foreign_key="document_kind.code", max_length=40, index=True)
    number: Optional[int] = None
    symbol: str = Field(default="", max_length=60)
    issuer: str = Field(max_length=200, index=True)
    issued_on: Optional[date] = None
    sorted_on: date = Field(description="the day of issue, or of import where the text has none")
    effective_on: Optional[date] = None
    expires_on: Optional[date] = None
    term: str = Field(default="", max_length=60)
    classification: Classification = Field(sa_column=Column(by_value(Classification), nullable=False))
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    title: str = Field(max_length=400)
    title_fold: str = Field(max_length=400)
    summary: str = Field(default="", sa_column=Column(Text, nullable=False))
    key_points: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    status: Standing = Field(default=Standing.IN_FORCE, sa_column=Column(by_value(Standing), nullable=False))
    read_before: Optional[date] = None
    published_at: Optional[datetime] = Field(default=None, index=True)
    created_by: Optional[UUID] = Field(default=None, foreign_key="member.id")
    created_at: datetime = Field(default_factory=now)
    revision: int = 1
    fingerprint: str = Field(max_length=64, description="SHA-256 of what a reader sees; changes with it")
    text_bytes: int = 0
    word_count: int = 0
    language: str = Field(default="vi", max_length=8)
    allowlist_version: int

    @property
    def standing(self) -> Standing:
        """Whether it counts today."""
        return standing_on(today(), self.status, self.expires_on)


def standing_on(day: date, status: Standing, expires_on: Optional[date]) -> Standing:
    """Whether a document counts on this day: one in force stops by itself after its last day."""
    over = expires_on is not None and expires_on < day
    return Standing.EXPIRED if over and status == Standing.IN_FORCE else status


class DocumentRelation(SQLModel, table=True):
    __tablename__ = "document_relation"

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    other_id: UUID = Field(foreign_key="document.id", primary_key=True, index=True)
    kind: Relation = Field(sa_column=Column(by_value(Relation), primary_key=True, nullable=False))


class Section(SQLModel, table=True):
    """A part of the current text. Level 0 is the title's own line; without heading the numbering is in `html`."""

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    seq: int = Field(primary_key=True)
    anchor: str = Field(max_length=250)
    level: int
    label: str = Field(default="", max_length=120)
    heading: str = Field(default="", sa_column=Column(Text, nullable=False))
    html: str = Field(default="", sa_column=Column(Text, nullable=False))


class ReadConfirmation(SQLModel, table=True):
    """ "I have read and grasped it", once a member and version. Never how long, how far or how often."""

    __tablename__ = "read_confirmation"
    __table_args__: Any = (Index("ix_read_confirmation_document", "document_id", "revision", "cell_id"),)

    member_id: UUID = Field(foreign_key="member.id", primary_key=True)
    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    revision: int = Field(primary_key=True)
    cell_id: UUID = Field(foreign_key="unit.id", description="the member's cell on that day")
    confirmed_at: datetime


class ReadCount(SQLModel, table=True):
    """Confirmations of one cell, kept in the confirmation's transaction; a subtree is summed over its cells' numbers."""

    __tablename__ = "read_count"
    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    revision: int = Field(primary_key=True)
    cell_id: UUID = Field(foreign_key="unit.id", primary_key=True)
    confirmed: int = 0


class ImportDraft(SQLModel, table=True):
    """A file that was read but not yet taken: what the preview shows, for some hours, for its uploader alone."""

    __tablename__ = "import_draft"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    file_name: str = Field(max_length=255)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime = Field(index=True)
