"""One answer at a time: what came as JSON becomes a number, a text, a list of names, or blank (None), or is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from handbook.core.text import nfc
from handbook.questions.definition import LARGEST_NUMBER, LONGEST_LONG_TEXT, LONGEST_SHORT_TEXT

_BLANK = " \t\r\n"
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])")
_FILE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Value = float | str | bool | list[str] | None


class Read(NamedTuple):
    """A value, or the code of what is wrong with what came."""

    value: Value = None
    fault: str = ""


def is_day(text: str) -> bool:
    """Whether this is a day of the calendar, 1900 to 2199, as ISO 8601 writes it."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_month(text: str) -> bool:
    """Whether this is a month as ISO 8601 writes it."""
    return _MONTH.fullmatch(text) is not None


def is_blank(raw: Any) -> bool:
    """Whether nothing was answered: null, nothing but spaces, an empty list."""
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip(_BLANK))


def read(question: dict[str, Any], raw: Any) -> Read:
    """What came as the answer to a compiled question that is neither a table, a note nor calculated."""
    return Read() if is_blank(raw) else _READERS[question["kind"]](question, raw)


def _text(longest: int) -> Callable[[dict[str, Any], Any], Read]:
    def reader(question: dict[str, Any], raw: Any) -> Read:
        if not isinstance(raw, str):
            return Read(fault="answer.kind")
        if _BAD_CHARACTER.search(raw):
            return Read(fault="answer.characters")
        text = nfc(raw)
        return Read(text) if len(text) <= longest else Read(fault="answer.too_long")

    return reader


def _number(question: dict[str, Any], raw: Any) -> Read:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return Read(fault="answer.kind")
    if not -LARGEST_NUMBER <= raw <= LARGEST_NUMBER:  # also what is not a number at all
        return Read(fault="answer.too_large")
    return Read(float(raw) + 0.0)


def _matching(fits: Callable[[str], bool], code: str) -> Callable[[dict[str, Any], Any], Read]:
    def reader(question: dict[str, Any], raw: Any) -> Read:
        if not isinstance(raw, str):
            return Read(fault="answer.kind")
        return Read(raw) if fits(raw) else Read(fault=code)

    return reader


def _choice(question: dict[str, Any], raw: Any) -> Read:
    if not isinstance(raw, str):
        return Read(fault="answer.kind")
    return Read(raw) if raw in question["choices"] else Read(fault="answer.choice")


def _choices(question: dict[str, Any], raw: Any) -> Read:
    """In the order of the form, in whatever order they were ticked."""
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        return Read(fault="answer.kind")
    if len(set(raw)) < len(raw):
        return Read(fault="answer.twice")
    if not set(raw) <= set(question["choices"]):
        return Read(fault="answer.choice")
    return Read([name for name in question["choices"] if name in raw])


def _files(question: dict[str, Any], raw: Any) -> Read:
    if not isinstance(raw, list) or not all(isinstance(name, str) and _FILE.fullmatch(name) for name in raw):
        return Read(fault="answer.kind")
    if len(set(raw)) < len(raw):
        return Read(fault="answer.twice")
    return Read(list(raw)) if len(raw) <= question["most"] else Read(fault="answer.too_many")


_READERS: dict[str, Callable[[dict[str, Any], Any], Read]] = {
    "attachment": _files,
    "date": _matching(is_day, "answer.date"),
    "long_text": _text(LONGEST_LONG_TEXT),
    "many_of": _choices,
    "month": _matching(is_month, "answer.month"),
    "number": _number,
    "one_of": _choice,
    "text": _text(LONGEST_SHORT_TEXT),
    "yes_no": _choice,
}
