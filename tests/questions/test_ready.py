"""The forms that come with the handbook work, can be filled, and leave and enter as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from handbook.core.errors import Missing
from handbook.questions.definition import Table, Wording, dumped, load
from handbook.questions.evaluation import defaults, evaluate
from handbook.questions.program import compiled
from handbook.questions.ready import NAMES, ready
from handbook.questions.xlsform import apart
from handbook.questions.xlsform.writing import workbook_of
from tests.questions.books import reader

TODAY = date(2026, 11, 24)
TASK = {"task": "Dọn vệ sinh ngõ", "task_owner": "Đồng chí A", "task_due": "2026-11-30", "task_state": "done"}
LIMIT = {
    "limit": "Nộp báo cáo chậm",
    "cause_kind": "own",
    "cause": "Chưa xếp lịch",
    "remedy": "Ghi lịch",
    "remedy_by": "2027-01",
}
PROMISE = {"area": "duty", "promise": "Đọc hết nghị quyết", "measure": "Trả lời đúng 5 câu", "by_month": "2026-12"}
FILLED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {  # answers, and calculations that come of them
    "cell_monthly_report": (
        {
            "held": "yes", "held_on": "2026-11-04", "mode": "in_person", "minutes": 95, "with_theme": "no",
            "papers_in_time": "yes", "members": 12, "exempt": 2, "present": 9, "absent_excused": 1,
            "limits": "Một việc chậm", "tasks": [TASK, TASK | {"task_state": "late", "task_reason": "Mưa"}], "plan": "x",
            "studied": 9, "study_attendances": 18,
        },
        {"attendance_rate": 90, "tasks_given": 2, "tasks_done": 1},
    ),
    "thematic_meeting": (
        {
            "theme": "Chuyển đổi số", "theme_reason": "Việc mới", "prepared_by": "Đồng chí B", "sent_before": "yes",
            "day": "2026-11-04", "with_regular": "no", "length": 90, "summoned": 30, "came": 28, "spoke": 7,
            "objections": "Không", "conclusion": "Làm", "votes_for": 28, "votes_against": 0,
            "actions": [{"action": "Lập tổ", "action_owner": "Đồng chí C", "action_due": "2026-12-01"}],
        },
        {"came_rate": 93.3},
    ),
    "personal_commitment": ({"had_limits": "no", "commitments": [PROMISE] * 3}, {}),
    "self_review": (
        {
            "limits": [LIMIT], "responsibility": "Của tôi", "given": 10, "in_time": 10, "beyond": 3, "score": 92,
            "grade": "excellent",
        },
        {"in_time_rate": 100, "beyond_rate": 30},
    ),
    "file_update": ({"phone_changed": "yes", "phone_new": "0912345678"}, {"changes": 1}),
    "cell_screening": (
        {
            "reviewed_on": "2026-01-20", "in_cell": 20, "reviewed": 20, "found": "yes", "heard": "yes",
            "cases": [{"sign": "no_dues", "persons": 2, "measure": "help", "review_again": "2026-02"}],
        },
        {"persons_total": 2},
    ),
    "committee_opinion": (
        {"what": "question", "level": "superior", "subject": "Đường ngõ", "body": "Bao giờ sửa?"}, {"reply_days": 60},
    ),
}  # fmt: skip


def faults(name: str, answers: dict[str, Any]) -> set[tuple[str, str]]:
    program = compiled(ready(name))
    return {(fault.place, fault.code) for fault in evaluate(program, defaults(program) | answers, TODAY).faults}


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_filled(name: str) -> None:
    answers, calculated = FILLED[name]
    assert faults(name, answers) == set()
    program = compiled(ready(name))
    kept = evaluate(program, defaults(program) | answers, TODAY).answers
    assert kept.keys() >= answers.keys() and calculated.items() <= kept.items()
    assert name == "file_update" or faults(name, {}) != set()


@pytest.mark.parametrize("name", NAMES)
def test_it_leaves_and_enters_as_a_spreadsheet_and_as_json(name: str) -> None:
    form = ready(name)
    back = reader(workbook_of(form))
    assert back.form("x.xlsx") == form
    assert apart.judged(back.standard_rows()) == {"said": ""}
    assert load(dumped(form)) == form and form.name == name


def wordings(value: Any) -> Iterator[Wording]:
    if isinstance(value, Wording):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from wordings(part)
    elif hasattr(type(value), "model_fields"):
        for field in type(value).model_fields:
            yield from wordings(getattr(value, field))


@pytest.mark.parametrize("name", NAMES)
def test_all_its_words_are_in_both_languages(name: str) -> None:
    assert [words.vi for words in wordings(ready(name)) if not words.en] == []


def test_there_is_no_other() -> None:
    with pytest.raises(Missing):
        ready("../definition")


def test_a_self_review_asks_for_limits_and_causes_first_and_demands_no_praise() -> None:
    first = next(ready("self_review").questions())
    assert isinstance(first, Table) and first.required
    assert {column.name for column in first.questions if getattr(column, "required", False)} >= {
        "limit",
        "cause",
        "remedy",
    }
    assert not next(question for question in ready("self_review").questions() if question.name == "results").required
    assert ("limits", "answer.required") in faults("self_review", FILLED["self_review"][0] | {"limits": []})


@pytest.mark.parametrize("change", [{"score": 89.5}, {"in_time": 9}, {"beyond": 2}])
def test_the_highest_grade_has_its_conditions(change: dict[str, Any]) -> None:
    assert faults("self_review", FILLED["self_review"][0] | change) == {("grade", "answer.constraint")}


def test_an_update_without_changes_needs_no_answer() -> None:
    program = compiled(ready("file_update"))
    told = evaluate(program, defaults(program), TODAY)
    assert told.faults == () and told.answers["changes"] == 0
    assert all(answer in ("no", 0) for answer in told.answers.values())


@pytest.mark.parametrize(
    ("theme", "minutes", "asked"), [("no", 90, 0), ("no", 89, 1), ("yes", 119, 1), ("yes", 120, 0)]
)
def test_a_short_meeting_is_explained(theme: str, minutes: int, asked: int) -> None:
    answers = FILLED["cell_monthly_report"][0] | {"with_theme": theme, "minutes": minutes}
    assert faults("cell_monthly_report", answers) == ({("short_reason", "answer.required")} if asked else set())


def test_attendance_must_add_up() -> None:
    answers = FILLED["cell_monthly_report"][0] | {"present": 10}
    assert faults("cell_monthly_report", answers) == {("absent_unexcused", "answer.constraint")}


@pytest.mark.parametrize(("level", "days"), [("base", 30), ("superior", 60), ("centre", 90)])
def test_a_committee_answers_within_its_days(level: str, days: int) -> None:
    program = compiled(ready("committee_opinion"))
    assert evaluate(program, {"level": level}, TODAY).answers["reply_days"] == days
