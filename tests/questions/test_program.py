"""What can be known to be wrong with a form is told before anybody fills it in: by question, property and column."""

from __future__ import annotations

import pytest

from handbook.questions.definition import load
from handbook.questions.faults import FormRefused
from handbook.questions.program import compiled
from tests.questions.worked import a_program, calculated, faults_of

WRONG = [
    ("1 + ${missing}", "expression.name", 5),
    ("${n} + ${t}", "expression.type", 8),
    ("${n} + ''", "", 0),
    ("if(${n}, 1, 2)", "expression.type", 4),
    ("if(${n} > 1, 1, 'x')", "expression.type", 17),
    ("${n} = 1", "expression.type", 1),
    (".", "expression.here", 1),
    ("sum(${n})", "expression.not_column", 5),
    ("sum(${rows})", "expression.type", 5),
    ("sum(${b})", "expression.type", 5),
    ("${a} + 1", "expression.column", 1),
    ("${a}", "expression.column", 1),
    ("count(${a})", "expression.type", 7),
    ("if(${rows} = '', 1, 2)", "expression.column", 4),
    ("if(${o} = 'green', 1, 2)", "expression.choice", 11),
    ("if('red' = ${o}, 1, 2)", "", 0),
    ("if(selected(${s}, 'green'), 1, 2)", "expression.choice", 19),
    ("if(${y} = 'ja', 1, 2)", "expression.choice", 11),
    ("if(${s} = ${s}, 1, 2)", "expression.type", 4),
    ("if(${d} > '24/11/2026', 1, 2)", "expression.date", 11),
    ("if(${w} > '2026-11-24', 1, 2)", "expression.date", 11),
    ("if(${d} > ${w}, 1, 2)", "expression.type", 11),
    ("if(${t} > 'a', 1, 2)", "expression.type", 4),
    ("date-diff(${d}, '2026-02-30')", "expression.date", 17),
    ("round(${n}, 7)", "expression.digits", 13),
    ("round(${n}, ${m})", "expression.digits", 13),
    ("${s}", "expression.type", 1),
    ("${f}", "expression.type", 1),
    ("true()", "expression.type", 1),
    ("''", "expression.type", 1),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "code", "at"), WRONG)
def test_types_and_names(expression: str, code: str, at: int) -> None:
    found = [(fault.place, fault.part, fault.code, fault.at) for fault in faults_of(calculated(expression))]
    assert found == ([("result", "calculation", code, at)] if code else [])


def test_a_condition_is_true_or_false_wherever_it_stands() -> None:
    found = faults_of(n={"relevant": "1", "required": "${t}", "constraint": ". + 1"})
    assert [(fault.part, fault.code) for fault in found] == [
        ("relevant", "expression.type"), ("required", "expression.type"), ("constraint", "expression.type"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "circle"),
    [
        ({"n": {"relevant": "${n} > 1"}}, ["n", "n"]),
        ({"n": {"relevant": "${t} != ''"}, "t": {"relevant": "${n} != ''"}}, ["n", "t", "n"]),
        ({"rows": {"relevant": "sum(${a}) > 1"}}, ["rows", "rows"]),
    ],
)
def test_a_question_that_hangs_on_itself(changes: dict, circle: list[str]) -> None:
    [fault] = faults_of(**changes)
    assert fault.code == "form.circle" and fault.values["names"] in (circle, circle[1:] + circle[1:2])


def test_calculations_may_not_go_in_a_circle_and_may_stand_in_any_order() -> None:
    first, second = {"name": "x", "kind": "calculated"}, {"name": "z", "kind": "calculated"}
    assert [f.code for f in faults_of(first | {"calculation": "${z} + 1"}, second | {"calculation": "${x} + 1"})] == [
        "form.circle"
    ]
    assert (
        faults_of(first | {"calculation": "if(${z} = 'a', 1, 2)"}, second | {"calculation": "coalesce(${t}, 'a')"})
        == []
    )


def test_a_section_may_not_hang_on_its_own_questions() -> None:
    question = {"name": "n", "kind": "number", "label": "Số"}
    sections = [{"name": "s", "title": "Phần", "relevant": "${n} > 1", "questions": [question]}]
    with pytest.raises(FormRefused) as refused:
        compiled(load({"name": "f", "title": "Mẫu", "sections": sections}))
    assert [fault.code for fault in refused.value.faults] == ["form.circle"]


def test_a_constraint_may_look_at_its_own_answer_and_at_what_comes_later() -> None:
    assert faults_of(n={"constraint": ". > ${m} and ${n} < 9", "required": "${t} = ''"}) == []


def test_inside_a_table_only_its_own_row_and_the_form_are_seen() -> None:
    column = {"name": "c", "kind": "calculated", "label": "Cột"}
    base = [{"name": "a", "kind": "number", "label": "Cột"}]
    for calculation, code in [
        ("${a} + ${n}", None),
        ("sum(${a})", "expression.not_column"),
        ("count(${rows})", "expression.from_table"),
        ("${other_a}", "expression.from_table"),
    ]:
        other = {"name": "other", "kind": "table", "questions": [{"name": "other_a", "kind": "number", "label": "x"}]}
        rows = {"questions": [*base, column | {"calculation": calculation}]}
        found = [fault.code for fault in faults_of(other, rows=rows)]
        assert found == ([code] if code else []), calculation


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"o": {"choices": [{"name": "x", "label": "x"}, {"name": "x", "label": "y"}]}}, "o", "form.choice_twice"),
        ({"n": {"minimum": 2, "maximum": 1}}, "n", "form.bounds"),
        ({"rows": {"min_rows": 4}}, "rows", "form.bounds"),
        ({"t": {"name": "n"}}, "n", "form.name_twice"),
        ({"t": {"name": "a"}}, "a", "form.name_twice"),
        ({"t": {"name": "main"}}, "main", "form.name_twice"),
        ({"o": {"default": "green"}}, "o", "answer.choice"),
        ({"s": {"default": ["red", "red"]}}, "s", "answer.twice"),
        ({"d": {"default": "hôm nay"}}, "d", "answer.date"),
        (
            {"rows": {"questions": [{"name": "c", "kind": "calculated", "label": "x", "calculation": "1"}]}},
            "rows",
            "form.nothing_asked",
        ),
    ],
)
def test_what_contradicts_itself(changes: dict, place: str, code: str) -> None:
    assert [(fault.place, fault.code) for fault in faults_of(**changes)] == [(place, code)]


def test_a_form_that_would_keep_a_phone_busy_for_minutes_is_refused() -> None:
    columns = [{"name": "a", "kind": "number", "label": "x"}]
    columns += [
        {"name": f"c{i}", "kind": "calculated", "label": "x", "calculation": "${a}" + " + 1" * 55} for i in range(39)
    ]
    found = faults_of(rows={"questions": columns, "max_rows": 2000})
    assert [fault.code for fault in found] == ["form.too_much_work"]
    sums = [calculated("sum(${a})" + " + sum(${a})" * 50) | {"name": f"r{i}"} for i in range(20)]
    assert [fault.code for fault in faults_of(*sums, rows={"max_rows": 2000})] == ["form.too_much_work"]


def test_several_faults_are_told_at_once() -> None:
    found = faults_of(calculated("1 +"), n={"minimum": 2, "maximum": 1}, t={"relevant": "${x}"}, m={"constraint": "]"})
    assert [(f.place, f.code) for f in found] == [
        ("n", "form.bounds"), ("m", "expression.character"), ("t", "expression.name"), ("result", "expression.end"),
    ]  # fmt: skip


def test_the_program_is_plain_and_small() -> None:
    program = a_program(calculated("sum(${a}) + ${n}"), n={"relevant": "${y} = 'yes'", "required": True})
    told = {question["name"]: question for question in program["questions"]}
    assert told["n"]["relevant"] == ["=", ["answer", "y"], ["value", "yes"]]
    assert told["n"]["required"] == ["true"]
    assert told["result"]["calculation"] == ["+", ["sum", ["column", "rows", "a"]], ["answer", "n"]]
    order = program["order"]
    assert order.index("y") < order.index("n") < order.index("result") and order.index("rows") < order.index("result")
