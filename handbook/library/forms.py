"""What a person enters: the facts of a document, and the word that it was read."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from handbook.library.models import Classification

MOST_KEY_POINTS = 12
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def parse_date(value: Any) -> Any:
    """A date from "2026-08-18" or "18/8/2026", None from nothing. Raises ValueError("field.date")."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    for pattern, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
        if match := pattern.fullmatch(text):
            try:
                return date(*(int(match[group]) for group in order))
            except ValueError:
                break
    raise ValueError("field.date")


def _nothing(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Day = Annotated[date | None, BeforeValidator(parse_date)]
Line = Annotated[str, StringConstraints(strip_whitespace=True)]


class DocumentIn(BaseModel):
    """The facts of a document. Only `kind`, `issuer`, `title`, `unit_code` and `classification` are always needed."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[Line, Field(min_length=1, max_length=40)]
    number: Annotated[Annotated[int, Field(ge=0, le=99999)] | None, BeforeValidator(_nothing)] = None
    symbol: Annotated[Line, Field(max_length=60)] = ""
    issuer: Annotated[Line, Field(min_length=1, max_length=200)]
    issued_on: Day = None
    effective_on: Day = None
    expires_on: Day = None
    term: Annotated[Line, Field(max_length=60)] = ""
    classification: Classification
    unit_code: Annotated[Line, Field(min_length=1, max_length=24)]
    title: Annotated[Line, Field(min_length=1, max_length=400)]
    summary: Annotated[Line, Field(max_length=4000)] = ""
    key_points: Annotated[list[Annotated[Line, Field(max_length=300)]], Field(max_length=MOST_KEY_POINTS)] = []
    read_before: Day = None
    replaces: Annotated[Line, Field(max_length=60)] = ""
    publish: bool = False

    @field_validator("key_points", mode="before")
    @classmethod
    def _one_a_line(cls, value: Any) -> Any:
        """A text box gives one string: each line is a point."""
        lines = value if isinstance(value, list) else [value]
        if not all(isinstance(line, str) for line in lines):
            return value
        return [line.strip(" •-–\t") for text in lines for line in text.splitlines() if line.strip(" •-–\t")]


class ReadingIn(BaseModel):
    """Which version of the document was read."""

    model_config = ConfigDict(extra="ignore")

    revision: Annotated[int, Field(ge=1, le=1_000_000)]
