"""When something is due, late and locked, and that the explanation is the count."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handbook.periods.due import (
    Anchor,
    Rule,
    Unit,
    closes_in,
    due_date,
    explained,
    is_late,
    is_locked,
    late_after,
    locked_after,
)
from handbook.periods.period import PeriodKind, parse, period_of

MONTHLY = Rule(offset=5, grace=2, lock_after=30)
NOVEMBER = parse("2026-11")


def test_a_monthly_report() -> None:
    assert due_date(MONTHLY, NOVEMBER) == date(2026, 12, 7)
    assert late_after(MONTHLY, NOVEMBER) == date(2026, 12, 9)
    assert locked_after(MONTHLY, NOVEMBER) == date(2027, 1, 8)
    assert [closes_in(MONTHLY, NOVEMBER, date(2026, 12, day)) for day in (1, 7, 10)] == [6, 0, -3]
    assert [is_late(MONTHLY, NOVEMBER, date(2026, 12, day)) for day in (7, 9, 10)] == [False, False, True]
    assert [is_locked(MONTHLY, NOVEMBER, date(2027, 1, day)) for day in (8, 9)] == [False, True]


@pytest.mark.parametrize(
    ("rule", "period", "due"),
    [
        ({}, "2026-11", "2026-11-30"),
        ({}, "2026-10", "2026-11-02"),  # the 31st is a Saturday
        ({"moves": False}, "2026-10", "2026-10-31"),
        ({"offset": 26, "unit": "days"}, "2026-Q1", "2026-04-28"),
        ({"offset": 26, "unit": "days", "moves": False}, "2026-Q1", "2026-04-26"),
        ({"anchor": "period_start", "offset": 10, "unit": "days"}, "2026-H2", "2026-07-13"),
        ({"anchor": "period_start", "offset": -1}, "2026-11", "2026-10-30"),
        ({"anchor": "fixed", "fixed": "2026-02-03", "offset": -30}, "2026", "2025-12-22"),
        ({"offset": 30}, "once:2026-06-01", "2026-07-13"),
        ({"offset": 31, "unit": "days"}, "2025", "2026-02-02"),  # the screening report of January
    ],
)
def test_by_hand(rule: dict[str, Any], period: str, due: str) -> None:
    assert due_date(Rule.model_validate(rule), parse(period)).isoformat() == due


def test_the_steps_can_be_shown() -> None:
    rule = Rule(offset=26, unit=Unit.DAYS, grace=3, lock_after=10)
    steps = explained(rule, parse("2026-Q1"))
    assert [(step.what, step.day.isoformat(), step.settled) for step in steps] == [
        ("anchor", "2026-03-31", True), ("offset", "2026-04-26", True), ("moved", "2026-04-28", True),
        ("grace", "2026-05-05", True), ("lock", "2026-05-15", True),
    ]  # fmt: skip
    assert [special.day.day for special in steps[3].values["special"]] == [30, 1]
    assert [special.name for special in steps[2].values["special"]] == ["Giỗ Tổ Hùng Vương (nghỉ bù)"]


def test_a_count_over_days_that_may_change_says_so() -> None:
    assert [step.settled for step in explained(Rule(offset=60), parse("2026-11"))] == [True, False]
    assert not explained(Rule(offset=5), parse("2029-11"))[-1].settled
    assert not explained(Rule(offset=5, unit=Unit.DAYS), parse("2029-11"))[-1].settled
    assert not explained(Rule(), parse("once:2026-11-24"))[0].settled


@pytest.mark.parametrize(
    "rule",
    [
        {"anchor": "fixed"},
        {"fixed": "2026-01-01"},
        {"anchor": "fixed", "fixed": "9999-12-31"},
        {"offset": 1001},
        {"offset": 1.5},
        {"grace": -1},
        {"lock_after": -1},
        {"x": 1},
    ],
)
def test_what_is_no_rule(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate(rule)


RULES = st.builds(
    Rule,
    anchor=st.sampled_from([Anchor.PERIOD_END, Anchor.PERIOD_START]),
    offset=st.integers(-60, 90),
    unit=st.sampled_from(list(Unit)),
    moves=st.booleans(),
    grace=st.integers(0, 20),
    lock_after=st.none() | st.integers(0, 90),
)
PERIODS = st.builds(period_of, st.sampled_from(list(PeriodKind)), st.dates(date(2024, 1, 1), date(2029, 1, 1)))


@given(RULES, PERIODS, st.integers(-100, 200))
def test_the_three_days_come_in_order_and_agree_with_what_is_asked(rule: Rule, period: Any, shift: int) -> None:
    due, grace, lock = due_date(rule, period), late_after(rule, period), locked_after(rule, period)
    assert due <= grace and (lock is None or grace <= lock)
    day = due + timedelta(days=shift)
    assert closes_in(rule, period, day) == -shift
    assert is_late(rule, period, day) == (day > grace)
    assert not is_locked(rule, period, day) or is_late(rule, period, day)


@given(RULES, PERIODS)
def test_every_step_goes_on_from_the_one_before(rule: Rule, period: Any) -> None:
    steps = explained(rule, period)
    assert steps[0].what == "anchor" and steps[-1].day == (locked_after(rule, period) or late_after(rule, period))
    for before, after in pairwise(steps):
        assert after.day >= before.day or (after.what == "offset" and rule.offset < 0)
        for special in after.values.get("special", ()):
            assert min(before.day, after.day) <= special.day <= max(before.day, after.day)


def test_a_rule_is_kept_as_json() -> None:
    assert Rule.model_validate_json(MONTHLY.model_dump_json()) == MONTHLY
