"""What each operation means on plain values: None is blank, numbers are IEEE doubles, dates are ISO texts.

static/js/questions.js has the same table; docs/forms.md says it in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from handbook.questions.definition import LARGEST_NUMBER

_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def bounded(number: float) -> float | None:
    """The number, blank when it grew beyond what a form counts; minus nought is nought."""
    return number + 0.0 if abs(number) <= LARGEST_NUMBER else None


def total(numbers: Iterable[float | None]) -> float | None:
    """From the left, one after the other: sum() of Python 3.12 rounds differently, and a phone does as it is told."""
    result = 0.0
    for number in numbers:
        result += number or 0.0
    return bounded(result)


def _arithmetic(work: Callable[[float, float], float]) -> Callable[..., float | None]:
    """Blank when a part is blank, and where the work cannot be done."""

    def operation(*parts: float | None) -> float | None:
        result = parts[0]
        for part in parts[1:]:
            if result is None or part is None:
                return None
            result = bounded(work(result, part))
        return result

    return operation


def _unless_nought(work: Callable[[float, float], float]) -> Callable[..., float | None]:
    def operation(left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None or right == 0 else bounded(work(left, right))

    return operation


def _compared(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Never true beside a blank."""
    return lambda left, right: left is not None and right is not None and holds(left, right)


def _rounded(number: float | None, digits: float = 0.0) -> float | None:
    """Half away from zero, on the double as it is."""
    if number is None:
        return None
    scale = 10.0 ** int(digits)
    scaled = abs(number) * scale
    whole = math.floor(scaled)
    return bounded(math.copysign((whole + 1 if scaled - whole >= 0.5 else whole) / scale, number))


def _extreme(chosen: Callable[[Iterable[Any]], Any]) -> Callable[..., Any]:
    def operation(*parts: Any) -> Any:
        values = [value for part in parts for value in (part if isinstance(part, list) else [part])]
        return chosen([value for value in values if value is not None] or [None])

    return operation


def _to_number(value: float | str | None) -> float | None:
    if not isinstance(value, str):
        return value
    text = value.strip(" ")
    return bounded(float(text)) if _DECIMAL.fullmatch(text) else None


def _selected(chosen: list[str] | str | None, name: str | None) -> bool:
    return name is not None and (name in chosen if isinstance(chosen, list) else name == chosen)


def _days_between(first: str | None, last: str | None) -> float | None:
    if first is None or last is None:
        return None
    return float((date.fromisoformat(last) - date.fromisoformat(first)).days)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "and": lambda *parts: all(part is True for part in parts),
    "or": lambda *parts: any(part is True for part in parts),
    "not": lambda part: part is not True,
    "true": lambda: True,
    "false": lambda: False,
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": _compared(lambda left, right: left < right),
    "<=": _compared(lambda left, right: left <= right),
    ">": _compared(lambda left, right: left > right),
    ">=": _compared(lambda left, right: left >= right),
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "div": _unless_nought(lambda left, right: left / right),
    "mod": _unless_nought(math.fmod),
    "negative": lambda part: None if part is None else 0.0 - part,
    "int": lambda part: None if part is None else float(math.trunc(part)),
    "round": _rounded,
    "number": _to_number,
    "if": lambda holds, then, otherwise: then if holds is True else otherwise,
    "coalesce": lambda *parts: next((part for part in parts if part is not None), None),
    "min": _extreme(min),
    "max": _extreme(max),
    "sum": total,
    "count": lambda rows: float(rows),
    "count-selected": lambda chosen: float(len(chosen or [])),
    "selected": _selected,
    "contains": _compared(lambda text, part: part in text),
    "starts-with": _compared(lambda text, part: text.startswith(part)),
    "string-length": lambda text: float(len(text or "")),
    "date-diff": _days_between,
}
