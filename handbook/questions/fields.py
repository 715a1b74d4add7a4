"""Answers as a page's fields carry them: texts under "q.name" and "q.table.0.column". The phone's twin is
`static/js/fields.js`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from handbook.core.text import nfc
from handbook.questions.program import Program

PREFIX = "q."
_MOST_ROWS = 2001  # one more than any table may have: too many is the evaluator's to say
_BLANK = " \t\r\n"  # as the evaluator has it; what else may be left out differs from language to language
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PLAIN = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
Fields = Mapping[str, Sequence[str]]


def given(program: Program, fields: Fields) -> dict[str, Any]:
    """The answers that these fields hold, as JSON for the evaluator. What is no number stays the text it was."""
    return dict(_level(program, fields, PREFIX))


def shown(program: Program, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that hold these answers: what `given` reads back as the same."""
    return dict(_fields(program, answers, PREFIX))


def number_of(text: str) -> float | str:
    """A number as people write it here: 1.234 and 1 234 are thousands, the comma begins the fraction, and a point does
    where it cannot mean thousands. Other texts come back as they are."""
    bare = re.sub(r"[ \u00a0]", "", text)
    if _GROUPED.fullmatch(bare):
        return float(bare.replace(".", "").replace(",", "."))
    return float(bare.replace(",", ".")) if _PLAIN.fullmatch(bare) else text


def _level(program: Program, fields: Fields, prefix: str) -> Iterator[tuple[str, Any]]:
    for question in program["questions"]:
        name, kind = question["name"], question["kind"]
        if kind == "table":
            rows = rows_of(fields, f"{prefix}{name}.")
            yield name, [dict(_level(question, fields, f"{prefix}{name}.{row}.")) for row in range(rows)]
        elif kind != "calculated" and (texts := fields.get(prefix + name)):
            yield name, _raw(kind, [nfc(text).replace("\r\n", "\n") for text in texts])


def rows_of(fields: Fields, prefix: str) -> int:
    """How many rows of the table under `prefix` these fields are of."""
    places = [name.removeprefix(prefix).split(".")[0] for name in fields if name.startswith(prefix)]
    numbers = [int(place) for place in places if place.isascii() and place.isdigit() and len(place) <= 4]
    return min(_MOST_ROWS, max(numbers, default=-1) + 1)


def _raw(kind: str, texts: list[str]) -> Any:
    if kind in ("many_of", "attachment"):
        return [text for text in texts if text]
    text = texts[0] if kind == "long_text" else texts[0].strip(_BLANK)
    return number_of(text) if kind == "number" and text else text


def _fields(program: Program, answers: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, list[str]]]:
    for question in program["questions"]:
        value = answers.get(question["name"])
        name = prefix + question["name"]
        if question["kind"] == "table":
            for number, row in enumerate(value or ()):
                yield from _fields(question, row, f"{name}.{number}.")
        elif value is not None:
            yield name, list(value) if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    """Never with a point: three digits after one would read as thousands."""
    if isinstance(value, str | int):
        return str(value)
    return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}".replace(".", ",")
