"""Working days of Việt Nam, counted by hand and by property."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.periods.working_days import (
    MOST_DAYS,
    SpecialDay,
    special_between,
    vietnam,
    working_day_from,
    working_days_after,
)

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-11-23", 1, "2026-11-25"),  # over the day of culture
        ("2026-02-13", 1, "2026-02-23"),  # over Tết
        ("2025-01-24", 1, "2025-02-03"),
        ("2026-01-08", 2, "2026-01-10"),  # a Saturday worked
        ("2026-01-09", 2, "2026-01-12"),
        ("2025-12-31", 1, "2026-01-05"),
        ("2026-04-24", 1, "2026-04-28"),  # Giỗ Tổ on a Sunday is made up for
        ("2026-04-24", 5, "2026-05-06"),
        ("2025-04-25", 1, "2025-04-26"),
        ("2026-06-01", 30, "2026-07-13"),  # the clocks of 294-QĐ/TW §2.3
        ("2026-06-01", 60, "2026-08-22"),
        ("2026-06-01", 90, "2026-10-07"),
        ("2026-02-03", -30, "2025-12-22"),
        ("2026-11-22", 0, "2026-11-22"),
    ],
)
def test_counted_by_hand(start: str, count: int, end: str) -> None:
    assert working_days_after(date.fromisoformat(start), count) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("day", "open_day"), [("2026-04-26", "2026-04-28"), ("2026-01-10", "2026-01-10"), ("2026-02-14", "2026-02-23")]
)
def test_the_next_day_on_which_offices_work(day: str, open_day: str) -> None:
    assert working_day_from(date.fromisoformat(day)) == date.fromisoformat(open_day)


@given(DAYS, st.integers(1, 120))
def test_as_many_days_are_worked_as_were_counted(day: date, count: int) -> None:
    end = working_days_after(day, count)
    between = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]
    assert sum(map(vietnam().is_working_day, between)) == count and vietnam().is_working_day(end)


@given(DAYS.filter(vietnam().is_working_day), st.integers(-120, 120))
def test_counting_back_leads_back(day: date, count: int) -> None:
    assert working_days_after(working_days_after(day, count), -count) == day


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_every_known_year_has_its_holidays(year: int) -> None:
    """Eleven by law, twelve from 2026; less those on weekends that nobody makes up for, plus those swapped."""
    off = [day for day in vietnam().off if day.year == year]
    worked = [day for day in vietnam().worked if day.year == year]
    assert len(off) - len(worked) == (11 if year == 2025 else 12)
    assert all(day.weekday() < 5 for day in off) and all(day.weekday() >= 5 for day in worked)


def test_every_day_says_where_it_comes_from() -> None:
    assert all(special.source for special in [*vietnam().off.values(), *vietnam().worked.values()])


def test_a_year_without_data_has_the_fixed_days_and_is_not_settled() -> None:
    calendar = vietnam()
    assert [calendar.is_working_day(date(2030, 9, day)) for day in (1, 2, 3)] == [False, False, True]
    assert calendar.special(date(2030, 9, 2)) == SpecialDay(date(2030, 9, 2), "Quốc khánh", settled=False)
    assert not calendar.is_settled(date(2030, 3, 5)) and calendar.is_settled(date(2026, 3, 5))


def test_special_days_on_the_way() -> None:
    told = special_between(date(2026, 4, 24), date(2026, 5, 6))
    assert [special.day.isoformat() for special in told] == ["2026-04-27", "2026-04-30", "2026-05-01"]


def test_nobody_counts_for_ever() -> None:
    with pytest.raises(ValueError, match="working days"):
        working_days_after(date(2026, 1, 1), MOST_DAYS + 1)
