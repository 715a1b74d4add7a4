"""A form applied to answers: what is kept, what is set aside, what is wrong; the same on the phone and the server."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from handbook.questions.evaluation import defaults
from tests.questions.answers import FILE
from tests.questions.engines import Phone, Told, on_the_server, spelled
from tests.questions.worked import a_program, calculated

TODAY = date(2026, 11, 24)
Both = Callable[..., Told]


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    """Evaluates on both sides, and tells what they agree on."""
    with Phone() as phone:

        def evaluate(program: Any, answers: Any) -> Told:
            told = on_the_server(program, answers, TODAY)
            assert spelled(phone(program, answers, TODAY)) == spelled(told)
            return told

        yield evaluate


def codes(told: Told) -> list[tuple[str, str]]:
    return [(fault["place"], fault["code"]) for fault in told["faults"]]


@pytest.mark.parametrize(
    ("name", "raw", "kept"),
    [
        ("n", 3.0, 3),
        ("n", -0.0, 0),
        ("n", 1e15, 10**15),
        ("t", " a\n", " a\n"),
        ("t", "x" * 500, "x" * 500),
        ("t", "Đa\u0309ng" * 100, "Đảng" * 100),
        ("t", "🙂" * 500, "🙂" * 500),
        ("d", "2024-02-29", "2024-02-29"),
        ("w", "2026-01", "2026-01"),
        ("s", ["blue", "red"], ["red", "blue"]),
        ("f", [FILE], [FILE]),
        ("rows", [{}, None, {"b": " "}, {"a": 1}], [{"a": 1, "double": 2}]),
        *[(name, blank, None) for name in ("n", "t", "d", "s", "f", "rows") for blank in (None, "", " \t\n", [])],
    ],
)
def test_answers_that_are_kept(both: Both, name: str, raw: Any, kept: Any) -> None:
    told = both(a_program(rows={"max_rows": 4}), {name: raw})
    assert (told["answers"].get(name), told["faults"]) == (kept, [])


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("n", "3", "answer.kind"),
        ("n", True, "answer.kind"),
        ("n", 10**400, "answer.too_large"),
        ("n", 1.1e15, "answer.too_large"),
        ("t", 5, "answer.kind"),
        ("t", "x" * 501, "answer.too_long"),
        ("t", "a\x00", "answer.characters"),
        ("t", "\ud800", "answer.characters"),
        ("t", {"vi": "a"}, "answer.kind"),
        ("d", "2026-02-30", "answer.date"),
        ("d", "24/11/2026", "answer.date"),
        ("d", "2026-11-24\n", "answer.date"),
        ("w", "2026-13", "answer.month"),
        ("y", True, "answer.kind"),
        ("y", "Yes", "answer.choice"),
        ("o", "green", "answer.choice"),
        ("s", "red", "answer.kind"),
        ("s", ["red", 1], "answer.kind"),
        ("s", ["red", "red"], "answer.twice"),
        ("s", ["green"], "answer.choice"),
        ("f", [FILE.upper()], "answer.kind"),
        ("f", [FILE, FILE], "answer.twice"),
        ("f", [FILE, FILE.replace("0", "1"), FILE.replace("0", "2")], "answer.too_many"),
        ("rows", {"a": 1}, "answer.kind"),
        ("rows", [{"a": 1}] * 4, "answer.too_many"),
    ],
)
def test_what_cannot_be_read_is_told_and_not_kept(both: Both, name: str, raw: Any, code: str) -> None:
    told = both(a_program(), {name: raw})
    assert codes(told) == [(name, code)] and name not in told["answers"]


@pytest.mark.parametrize("answers", [None, [], "x", 7, [{}], True])
def test_what_is_no_object_is_an_empty_form(both: Both, answers: Any) -> None:
    told = both(a_program(), answers)
    assert told["answers"] == {} and codes(told) == [("", "answer.kind")]


def test_not_a_number_is_refused() -> None:
    assert codes(on_the_server(a_program(), {"n": math.nan, "m": math.inf}, TODAY)) == [
        ("n", "answer.too_large"), ("m", "answer.too_large"),
    ]  # fmt: skip


def test_what_is_not_asked_is_set_aside_and_blank_for_all_others(both: Both) -> None:
    program = a_program(
        calculated("coalesce(${n}, 0) + sum(${a})"), n={"relevant": "${y} = 'yes'"}, rows={"relevant": "${n} > 1"}
    )
    answers = {"y": "yes", "n": 2, "rows": [{"a": 5}], "unknown": 1}
    assert both(program, answers)["answers"]["result"] == 7
    told = both(program, answers | {"y": "no"})
    assert (told["answers"], told["aside"]) == ({"y": "no", "result": 0}, ["n", "rows"])


def test_what_is_not_asked_is_not_judged(both: Both) -> None:
    hidden = {"relevant": "${y} = 'yes'", "required": True, "constraint": "false()"}
    assert both(a_program(n=hidden, t=hidden), {"n": "junk"})["faults"] == []


def test_required(both: Both) -> None:
    program = a_program(n={"required": True}, t={"required": "${n} > 1"}, rows={"required": True})
    assert codes(both(program, {})) == [("n", "answer.required"), ("rows", "answer.required")]
    assert codes(both(program, {"n": 2, "t": "  ", "rows": [{}]})) == [
        ("t", "answer.required"),
        ("rows", "answer.required"),
    ]


def test_bounds_and_constraint_are_told_together_and_the_answer_stays(both: Both) -> None:
    message = {"vi": "Sai", "en": "Wrong"}
    program = a_program(m={"minimum": 2, "maximum": 5, "constraint": ". != ${n}", "constraint_message": message})
    told = both(program, {"m": 1.5, "n": 1.5})
    assert codes(told) == [("m", "answer.whole"), ("m", "answer.minimum"), ("m", "answer.constraint")]
    assert [fault["message"] for fault in told["faults"]] == [None, None, message]
    assert told["answers"]["m"] == 1.5
    assert codes(both(program, {"m": 6})) == [("m", "answer.maximum")]


def test_a_blank_breaks_no_constraint(both: Both) -> None:
    assert both(a_program(n={"constraint": "false()", "minimum": 1}), {})["faults"] == []


def test_rows_are_named_by_their_place_as_they_came(both: Both) -> None:
    columns = [
        {"name": "a", "kind": "number", "label": "x", "minimum": 1},
        {"name": "b", "kind": "text", "label": "x", "required": "${a} > 5", "relevant": "${n} > 0"},
    ]
    program = a_program(rows={"questions": columns, "max_rows": 9, "min_rows": 4})
    told = both(program, {"n": 1, "rows": [{}, {"a": 0}, "stray", {"a": 9}, {"a": "x", "b": "y"}]})
    assert codes(told) == [
        ("rows", "answer.too_few"), ("rows.2", "answer.kind"), ("rows.1.a", "answer.minimum"),
        ("rows.3.b", "answer.required"), ("rows.4.a", "answer.kind"),
    ]  # fmt: skip
    assert told["answers"]["rows"] == [{"a": 0}, {"a": 9}, {"b": "y"}]


def test_names_of_built_in_things_are_names_like_others(both: Both) -> None:
    one, other = {"name": "constructor", "kind": "number"}, {"name": "toString", "kind": "number"}
    program = a_program(one, calculated("${constructor} + ${toString}") | {"name": "x"}, other)
    assert both(program, {"constructor": 1, "toString": 2})["answers"]["x"] == 3
    assert both(program, {"__proto__": {"constructor": 5}})["answers"] == {}


def test_calculations_of_the_sender_are_not_believed(both: Both) -> None:
    told = both(a_program(calculated("${n} + 1")), {"n": 1, "result": 99, "rows": [{"a": 1, "double": 99}]})
    assert told["answers"]["result"] == 2 and told["answers"]["rows"] == [{"a": 1, "double": 2}]


def test_a_full_table_is_worked_out_in_good_time(both: Both) -> None:
    rows = [{"a": index, "b": "x"} for index in range(2000)]
    told = both(a_program(calculated("sum(${double})"), rows={"max_rows": 2000}), {"rows": rows})
    assert told["answers"]["result"] == 2000 * 1999 and len(told["answers"]["rows"]) == 2000


def test_what_a_new_form_begins_with() -> None:
    begun = defaults(a_program(n={"default": 1.5}, s={"default": ["blue"]}, y={"default": "no"}))
    assert begun == {"n": 1.5, "y": "no", "s": ["blue"]}
