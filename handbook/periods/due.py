"""When a report of a period is due, from when it is late, and when it is locked. Computed, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from handbook.periods.period import FIRST_DAY, LAST_DAY, Period
from handbook.periods.working_days import (
    MOST_DAYS,
    Calendar,
    special_between,
    vietnam,
    working_day_from,
    working_days_after,
)


class Anchor(StrEnum):
    PERIOD_END = "period_end"
    PERIOD_START = "period_start"
    FIXED = "fixed"


class Unit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"


class Rule(BaseModel):
    """Due `offset` days after the anchor (before it for a minus), late after `grace` working days more.

    Locked after `lock_after` days beyond that; never when it is None. Counting begins with the day after the anchor. A
    term counted in days that ends on a day off ends on the next working day, unless `moves` is off (91/2015/QH13
    art. 148.5)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    anchor: Anchor = Anchor.PERIOD_END
    fixed: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None = None
    offset: Annotated[int, Field(strict=True, ge=-MOST_DAYS, le=MOST_DAYS)] = 0
    unit: Unit = Unit.WORKING_DAYS
    moves: bool = True
    grace: Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)] = 0
    lock_after: Annotated[int, Field(strict=True, ge=0, le=3660)] | None = None

    @model_validator(mode="after")
    def _fixed_day(self) -> Self:
        if (self.anchor == Anchor.FIXED) != (self.fixed is not None):
            raise ValueError("a fixed anchor needs its day, and only that")
        return self


@dataclass(frozen=True)
class Step:
    """One step of the count: what was done ("anchor", "offset", "moved", "grace", "lock"), and the day that it led to.

    "offset" and "grace" list the special days on the way; `settled` is false when a day counted may still change."""

    what: str
    day: date
    values: dict[str, Any] = field(default_factory=dict)
    settled: bool = True


def explained(rule: Rule, period: Period, calendar: Calendar | None = None) -> tuple[Step, ...]:
    """The count, step by step, for a page to show."""
    return tuple(_steps(rule, period, calendar or vietnam()))


def due_date(rule: Rule, period: Period, calendar: Calendar | None = None) -> date:
    """The last day that is in time."""
    return _day_of(rule, period, calendar, "anchor", "offset", "moved")


def late_after(rule: Rule, period: Period, calendar: Calendar | None = None) -> date:
    """The last day of grace: what comes on a later day is late."""
    return _day_of(rule, period, calendar, "anchor", "offset", "moved", "grace")


def locked_after(rule: Rule, period: Period, calendar: Calendar | None = None) -> date | None:
    """The last day on which it can still be handed in or changed; None when that never ends."""
    return None if rule.lock_after is None else explained(rule, period, calendar)[-1].day


def closes_in(rule: Rule, period: Period, today: date, calendar: Calendar | None = None) -> int:
    """Days from today to the due date: nought on the day itself, below it afterwards."""
    return (due_date(rule, period, calendar) - today).days


def is_late(rule: Rule, period: Period, day: date, calendar: Calendar | None = None) -> bool:
    """Whether what is handed in on that day is late."""
    return day > late_after(rule, period, calendar)


def is_locked(rule: Rule, period: Period, day: date, calendar: Calendar | None = None) -> bool:
    """Whether it can no longer be handed in or changed on that day."""
    last = locked_after(rule, period, calendar)
    return last is not None and day > last


def _day_of(rule: Rule, period: Period, calendar: Calendar | None, *whats: str) -> date:
    return [step.day for step in explained(rule, period, calendar) if step.what in whats][-1]


def _steps(rule: Rule, period: Period, calendar: Calendar) -> Iterator[Step]:
    day = _anchor(rule, period)
    yield Step("anchor", day, {"anchor": rule.anchor.value}, bool(rule.offset) or calendar.is_settled(day))
    if rule.offset:
        step = _counted("offset", day, rule.offset, rule.unit, calendar)
        yield step
        day = step.day
    if rule.moves and (open_day := working_day_from(day, calendar)) != day:
        yield _told("moved", day, open_day, calendar)
        day = open_day
    if rule.grace:
        step = _counted("grace", day, rule.grace, Unit.WORKING_DAYS, calendar)
        yield step
        day = step.day
    if rule.lock_after is not None:
        yield Step("lock", day + timedelta(days=rule.lock_after), {"days": rule.lock_after})


def _anchor(rule: Rule, period: Period) -> date:
    if rule.fixed is not None:
        return rule.fixed
    return period.first_day if rule.anchor == Anchor.PERIOD_START else period.last_day


def _counted(what: str, day: date, count: int, unit: Unit, calendar: Calendar) -> Step:
    if unit == Unit.DAYS:
        end = day + timedelta(days=count)
        return Step(what, end, {"days": count, "unit": unit.value}, calendar.is_settled(end))
    return _told(what, day, working_days_after(day, count, calendar), calendar, days=count, unit=unit.value)


def _told(what: str, start: date, end: date, calendar: Calendar, **values: Any) -> Step:
    first, last = min(start, end) - timedelta(days=start > end), max(start, end) - timedelta(days=start > end)
    special = special_between(first, last, calendar)
    count = range(1, (last - first).days + 1)
    settled = all(calendar.is_settled(first + timedelta(days=number)) for number in count)
    return Step(what, end, {**values, "special": special}, settled)
