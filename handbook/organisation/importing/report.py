"""What an import says afterwards: counts, and for each faulty cell its row, its column and the reason as a code."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to look at; `row` is the number that the spreadsheet program shows, 0 for the whole file."""

    file: str
    row: int
    column: str
    code: str
    values: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass
class Tally:
    """Rows by what became of them."""

    created: int = 0
    changed: int = 0
    moved: int = 0
    same: int = 0
    skipped: int = 0


@dataclass
class Report:
    """`problems` stop the import as a whole; `notices` do not (columns not read, people who may be known already)."""

    units: Tally = field(default_factory=Tally)
    members: Tally = field(default_factory=Tally)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    saved: bool = False
