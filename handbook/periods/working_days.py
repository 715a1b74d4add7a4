"""Days on which offices in Việt Nam work."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

MOST_DAYS = 1000  # working days counted at once: some four years
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SpecialDay:
    """A day off, or a Saturday worked, and where that is said; not `settled` while it may still change."""

    day: date
    name: str
    source: str = ""
    settled: bool = True


@dataclass(frozen=True)
class Calendar:
    """Days off on weekdays and weekend days that are worked, for whole `years`; `yearly` fills the others."""

    years: frozenset[int]
    off: Mapping[date, SpecialDay]
    worked: Mapping[date, SpecialDay]
    yearly: Mapping[tuple[int, int], str]

    def special(self, day: date) -> SpecialDay | None:
        """What is special about the day, if anything is."""
        if day.year in self.years:
            return self.off.get(day) or self.worked.get(day)
        name = self.yearly.get((day.month, day.day))
        return SpecialDay(day, name, settled=False) if name else None

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day."""
        return day in self.worked or (day.weekday() < _SATURDAY and self.special(day) is None)

    def is_settled(self, day: date) -> bool:
        """Whether what is said of that day is sure."""
        special = self.special(day)
        return day.year in self.years and (special is None or special.settled)


def calendar_of(text: str) -> Calendar:
    """The calendar written as TOML, as holidays.toml is."""
    data = tomllib.loads(text)
    off = {special.day: special for row in data["off"] for special in _special_days(row)}
    return Calendar(
        years=frozenset(data["years"]),
        off={day: special for day, special in off.items() if day.weekday() < _SATURDAY},
        worked={special.day: special for row in data["worked"] for special in _special_days(row)},
        yearly={(row["month"], row["day"]): row["name"] for row in data["yearly"]},
    )


@cache
def vietnam() -> Calendar:
    """The calendar that comes with the handbook."""
    return calendar_of(resources.files(__package__).joinpath("holidays.toml").read_text(encoding="utf-8"))


def working_days_after(day: date, count: int, calendar: Calendar | None = None) -> date:
    """The working day that is `count` working days after `day`, which is not counted itself; before it for a minus.

    `day` itself for nought. Raises ValueError beyond MOST_DAYS."""
    if abs(count) > MOST_DAYS:
        raise ValueError(f"more than {MOST_DAYS} working days")
    days = calendar or vietnam()
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= days.is_working_day(day)
    return day


def working_day_from(day: date, calendar: Calendar | None = None) -> date:
    """The day itself when offices work on it, else the next one on which they do."""
    days = calendar or vietnam()
    while not days.is_working_day(day):
        day += _DAY
    return day


def special_between(first: date, last: date, calendar: Calendar | None = None) -> tuple[SpecialDay, ...]:
    """The special days after the first up to the last."""
    days = calendar or vietnam()
    every = (first + _DAY * number for number in range(1, (last - first).days + 1))
    return tuple(special for day in every if (special := days.special(day)))


def _special_days(row: dict[str, Any]) -> Iterator[SpecialDay]:
    day, last = row["first"], row.get("last", row["first"])
    while day <= last:
        yield SpecialDay(day, row["name"], row["source"], row.get("settled", True))
        day += _DAY
