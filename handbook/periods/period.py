"""Periods, each known by a text that sorts within its kind and is kept in databases and addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handbook.core.errors import Invalid


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ONCE = "once"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
_LETTER = {PeriodKind.QUARTER: "Q", PeriodKind.HALF: "H"}
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)  # that are counted
_ID = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12])))?"
    r"|once:(?P<once>[0-9]{4}-[0-9]{2}-[0-9]{2})"
)


@dataclass(frozen=True)
class Period:
    """`kind` and the first day. A period that happens once is one day long and stands alone."""

    kind: PeriodKind
    first_day: date

    @property
    def id(self) -> str:
        """ "2026-11", "2026-Q4", "2026-H2", "2026" or "once:2026-11-24"."""
        year, month = self.first_day.year, self.first_day.month
        if self.kind == PeriodKind.ONCE:
            return f"once:{self.first_day.isoformat()}"
        if self.kind == PeriodKind.YEAR:
            return f"{year:04}"
        if self.kind == PeriodKind.MONTH:
            return f"{year:04}-{month:02}"
        return f"{year:04}-{_LETTER[self.kind]}{(month - 1) // _MONTHS[self.kind] + 1}"

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        if self.kind == PeriodKind.ONCE:
            return self.first_day
        return _months_later(self.first_day, _MONTHS[self.kind]) - timedelta(days=1)

    def next(self) -> Period | None:
        """The one after it; None after the last year that is counted, and for what happens once."""
        return self._moved(1)

    def previous(self) -> Period | None:
        """The one before it; None before the first year that is counted, and for what happens once."""
        return self._moved(-1)

    def _moved(self, steps: int) -> Period | None:
        if self.kind == PeriodKind.ONCE:
            return None
        first = _months_later(self.first_day, steps * _MONTHS[self.kind])
        return Period(self.kind, first) if FIRST_DAY <= first <= LAST_DAY else None

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of that kind in which the day lies."""
    if kind == PeriodKind.ONCE:
        return Period(kind, day)
    months = _MONTHS[kind]
    return Period(kind, date(day.year, (day.month - 1) // months * months + 1, 1))


def parse(text: str) -> Period:
    """The period known by that text. Raises Invalid "period.unknown"."""
    found = _ID.fullmatch(text)
    if found is None:
        raise Invalid("period.unknown")
    try:
        period = _parsed(found)
    except ValueError:
        raise Invalid("period.unknown") from None
    if not FIRST_DAY <= period.first_day <= LAST_DAY:
        raise Invalid("period.unknown")
    return period


def _parsed(found: re.Match[str]) -> Period:
    if found["once"]:
        return Period(PeriodKind.ONCE, date.fromisoformat(found["once"]))
    year = int(found["year"])
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF):
        if found[kind.value]:
            return Period(kind, date(year, (int(found[kind.value]) - 1) * _MONTHS[kind] + 1, 1))
    return Period(PeriodKind.YEAR, date(year, 1, 1))


def _months_later(day: date, months: int) -> date:
    """The first of the month that many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
