"""What is wrong with a form, told by question and column, several at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from handbook.core.errors import Invalid


@dataclass(frozen=True)
class Fault:
    """One thing to put right. `place` is a question's or a section's name, "" for the form as a whole.

    `part` is the property that is meant ("relevant"), `at` the column in its expression, counted from 1."""

    place: str
    code: str
    part: str = ""
    at: int | None = None
    values: dict[str, Any] = field(default_factory=dict)


class FormRefused(Invalid):
    """The form cannot be used. `faults` are all that were found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("form.refused")
        self.faults = tuple(faults)


class ExpressionRefused(Invalid):
    """A condition or calculation that cannot be used; `at` is the column where that shows, counted from 1."""

    def __init__(self, code: str, at: int, **values: Any) -> None:
        super().__init__(code, **values)
        self.at = at
