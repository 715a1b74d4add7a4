"""Answers as people read them: what was asked beside what was answered, in the form's order. Pages, prints and files say
the same, so they all begin here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from handbook.questions.definition import Form, Question, Table, Wording

# What the form itself does not word; in the form's languages, as its own labels are.
_YES_NO = {"vi": {"yes": "Có", "no": "Không"}, "en": {"yes": "Yes", "no": "No"}}


@dataclass(frozen=True)
class Line:
    """One question with its answer in words; `place` is its name."""

    place: str
    label: str
    text: str
    is_long: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with its heads and rows in words."""

    place: str
    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A section in which something was answered."""

    title: str
    lines: tuple[Line | Grid, ...]


def worded(form: Form, answers: Mapping[str, Any], language: str) -> list[Part]:
    """The sections in which something was answered, in `language` where the form has it, else in Vietnamese."""
    found = []
    for section in form.sections:
        asked = (question for question in section.questions if question.name in answers)
        lines = tuple(_line(question, answers[question.name], language) for question in asked)
        if lines:
            found.append(Part(said(section.title, language), lines))
    return found


def said(wording: Wording, language: str) -> str:
    """The wording in this language, else in Vietnamese."""
    return (wording.en if language == "en" else None) or wording.vi


def _line(question: Question, value: Any, language: str) -> Line | Grid:
    label = said(question.label, language)
    if isinstance(question, Table):
        heads = tuple(said(column.label, language) for column in question.questions)
        rows = tuple(tuple(_cells(question, row, language)) for row in value)
        return Grid(question.name, label, heads, rows)
    return Line(question.name, label, _text(question, value, language), question.kind == "long_text")


def _cells(table: Table, row: Mapping[str, Any], language: str) -> Iterator[str]:
    for column in table.questions:
        value = row.get(column.name)
        yield "" if value is None else _text(column, value, language)


def _text(question: Any, value: Any, language: str) -> str:
    match question.kind:
        case "yes_no":
            return _YES_NO["en" if language == "en" else "vi"][value]
        case "one_of" | "many_of":
            chosen = value if isinstance(value, list) else [value]
            return "; ".join(said(choice.label, language) for choice in question.choices if choice.name in chosen)
        case "date":
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        case "month":
            year, month = value.split("-")
            return f"{month}/{year}"
        case "attachment":
            return str(len(value))
    if isinstance(value, int | float):
        unit = getattr(question, "unit", "")
        return f"{_number(value, language)} {unit}".strip()
    return str(value)


def _number(value: float, language: str) -> str:
    whole = isinstance(value, int) or value.is_integer()
    text = f"{int(value):,}" if whole else f"{Decimal(repr(value)):,f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
