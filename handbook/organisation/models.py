"""Tables of the organisation. Members are sensitive as a whole: membership reveals a political view."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, String
from sqlmodel import Field, SQLModel

from handbook.core.columns import by_value
from handbook.core.ids import new_id
from handbook.policy.actor import Role

# Sort keys and paths compare by code point on both databases; a language's collation would reorder them.
BINARY_TEXT = String().with_variant(String(collation="C"), "postgresql")


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Status(StrEnum):
    """Where a member stands in the life cycle (registers of the member file; domain notes §3.2)."""

    CANDIDATE = "candidate"
    PROBATIONARY = "probationary"
    OFFICIAL = "official"
    TEMPORARY_IN = "temporary_in"
    TEMPORARY_OUT = "temporary_out"
    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    TRANSFERRED_OUT_PENDING = "transferred_out_pending"
    LEFT = "left"
    REMOVED = "removed"
    EXPELLED = "expelled"
    DECEASED = "deceased"


GONE = frozenset({Status.LEFT, Status.REMOVED, Status.EXPELLED, Status.DECEASED})
PRESENT = frozenset(Status) - GONE


class Succession(StrEnum):
    """How a unit came out of another: sáp nhập keeps a name, hợp nhất makes one, chia tách several."""

    MERGER = "merger"
    CONSOLIDATION = "consolidation"
    SPLIT = "split"


class Level(SQLModel, table=True):
    """A kind of organisation and the days it existed: the district level ended on 2025-07-01."""

    code: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=120)
    rank: int = Field(description="1 stands highest; a unit stands under a unit of a lower rank")
    holds_members: bool
    valid_from: date
    valid_to: date | None = None


class Unit(SQLModel, table=True):
    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=200)
    level_code: str = Field(foreign_key="level.code", max_length=32)
    parent_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    path: str = Field(sa_column=Column(BINARY_TEXT, nullable=False, unique=True))
    number: int = Field(default=0, index=True)
    last: int = Field(default=0)
    valid_from: date
    valid_to: date | None = None


class UnitPredecessor(SQLModel, table=True):
    __tablename__ = "unit_predecessor"

    unit_id: UUID = Field(foreign_key="unit.id", primary_key=True)
    predecessor_id: UUID = Field(foreign_key="unit.id", primary_key=True, index=True)
    kind: Succession = Field(sa_column=Column(by_value(Succession), nullable=False))
    on: date


class CellCount(SQLModel, table=True):
    """Members now in one cell. Counts of any subtree are sums of these over a range of numbers."""

    __tablename__ = "cell_count"

    cell_id: UUID = Field(foreign_key="unit.id", primary_key=True)
    cell_number: int = Field(index=True)
    members: int = 0


class Member(SQLModel, table=True):
    __table_args__: Any = (
        Index("ix_member_cell_name", "cell_number", "name_key", "id"),
        Index("ix_member_name", "name_key", "id"),
        Index("ix_member_person", "name_fold", "birth_date"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    full_name: str = Field(max_length=120)
    name_key: str = Field(sa_column=Column(BINARY_TEXT, nullable=False))
    name_fold: str = Field(max_length=160)
    birth_date: date | None = None
    sex: Sex | None = Field(default=None, sa_column=Column(by_value(Sex), nullable=True))
    cell_id: UUID = Field(foreign_key="unit.id", index=True)
    cell_number: int
    joined_on: date | None = None
    official_on: date | None = None
    card_sealed: bytes | None = None
    card_hash: bytes | None = Field(default=None, unique=True)
    card_last: str | None = Field(default=None, max_length=4)
    phone: str | None = Field(default=None, max_length=20)
    email: str | None = Field(default=None, max_length=200)
    status: Status = Field(sa_column=Column(by_value(Status), nullable=False))

    @property
    def card_masked(self) -> str | None:
        """The card number as a page may show it: ••••1234."""
        return f"••••{self.card_last}" if self.card_last else None


class Post(SQLModel, table=True):
    """One role of a member in one unit, from a day up to, not including, another."""

    __table_args__: Any = (Index("ix_post_member", "member_id", "starts_on"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="member.id")
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    role: Role = Field(sa_column=Column(by_value(Role), nullable=False))
    starts_on: date
    ends_on: date | None = None
