"""Columns as every feature keeps and asks them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Enum, Table, or_
from sqlmodel import SQLModel, col


def by_value(kind: type[StrEnum]) -> Enum:
    """Store the words of `kind`, not the names of its Python members, and stay readable in plain SQL."""
    return Enum(kind, values_callable=lambda words: [word.value for word in words], native_enum=False, length=32)


def table_of(model: type[SQLModel]) -> Table:
    """The bare table of `model`, for a statement that needs no objects of it."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it and declares it nowhere
    return table


def lasts(until: Any, day: Any) -> ColumnElement[bool]:
    """Whether what ends on the date in the column `until`, or has no end, still counts on `day`."""
    return or_(col(until).is_(None), col(until) > day)
