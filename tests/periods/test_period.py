"""Periods and the texts by which they are known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.core.errors import Invalid
from handbook.periods.period import Period, PeriodKind, parse, period_of

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
KINDS = st.sampled_from(list(PeriodKind))
RECURRING = st.sampled_from([kind for kind in PeriodKind if kind != PeriodKind.ONCE])


@pytest.mark.parametrize(
    ("text", "first", "last", "following"),
    [
        ("2026-11", "2026-11-01", "2026-11-30", "2026-12"),
        ("2026-12", "2026-12-01", "2026-12-31", "2027-01"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-03"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2027-Q1"),
        ("2026-H1", "2026-01-01", "2026-06-30", "2026-H2"),
        ("2026", "2026-01-01", "2026-12-31", "2027"),
        ("once:2026-11-24", "2026-11-24", "2026-11-24", None),
    ],
)
def test_days(text: str, first: str, last: str, following: str | None) -> None:
    period = parse(text)
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)
    assert (period.next().id if period.next() else None) == following


NONE = [
    "",
    "2026-13",
    "2026-00",
    "2026-Q5",
    "2026-H3",
    "26",
    "2026-1",
    "1899",
    "2200-01",
    "2026-11-01",
    "2026\n",
    "٢٠٢٦",
]


@pytest.mark.parametrize("text", [*NONE, "once:2026-02-30", "once:"])
def test_other_texts_are_no_period(text: str) -> None:
    with pytest.raises(Invalid):
        parse(text)


@given(KINDS, DAYS)
def test_every_day_lies_in_one_period_of_a_kind(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)
    assert day in period and parse(period.id) == period
    assert {period_of(kind, period.first_day), period_of(kind, period.last_day)} == {period}


@given(RECURRING, DAYS)
def test_periods_follow_each_other_without_gaps(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)
    following = period.next()
    if following is None:
        assert period.last_day == date(2199, 12, 31)
    else:
        assert following.first_day - period.last_day == timedelta(days=1)
        assert following.previous() == period and period.id < following.id


def test_the_first_has_none_before_it() -> None:
    assert Period(PeriodKind.YEAR, date(1900, 1, 1)).previous() is None
