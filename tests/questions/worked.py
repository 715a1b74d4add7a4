"""Small forms for one thing at a time."""

from __future__ import annotations

from typing import Any

from handbook.questions.definition import Form, load
from handbook.questions.faults import Fault, FormRefused
from handbook.questions.program import Program, compiled

ASKED = [
    {"name": "n", "kind": "number", "label": "Số"},
    {"name": "m", "kind": "number", "label": "Số", "whole": True},
    {"name": "t", "kind": "text", "label": "Chữ"},
    {"name": "d", "kind": "date", "label": "Ngày"},
    {"name": "w", "kind": "month", "label": "Tháng"},
    {"name": "y", "kind": "yes_no", "label": "Có không"},
    {"name": "o", "kind": "one_of", "label": "Một", "choices": [{"name": x, "label": x} for x in ("red", "blue", "7")]},
    {"name": "s", "kind": "many_of", "label": "Nhiều", "choices": [{"name": x, "label": x} for x in ("red", "blue")]},
    {"name": "f", "kind": "attachment", "label": "Tệp", "most": 2},
    {
        "name": "rows", "kind": "table", "label": "Bảng", "max_rows": 3,
        "questions": [
            {"name": "a", "kind": "number", "label": "Cột"}, {"name": "b", "kind": "text", "label": "Cột"},
            {"name": "day", "kind": "date", "label": "Ngày"},
            {"name": "double", "kind": "calculated", "label": "Gấp đôi", "calculation": "${a} * 2"},
        ],
    },
]  # fmt: skip


def a_form(*more: dict[str, Any], **changes: dict[str, Any]) -> Form:
    """All kinds of question, each changed as told by its name, and more of them."""
    questions = [question | changes.get(question["name"], {}) for question in ASKED] + [
        {"label": "Thêm", **question} for question in more
    ]
    return load(
        {"name": "form", "title": "Biểu mẫu", "sections": [{"name": "main", "title": "Phần", "questions": questions}]}
    )


def a_program(*more: dict[str, Any], **changes: dict[str, Any]) -> Program:
    return compiled(a_form(*more, **changes))


def faults_of(*more: dict[str, Any], **changes: dict[str, Any]) -> list[Fault]:
    try:
        compiled(a_form(*more, **changes))
    except FormRefused as error:
        return list(error.faults)
    return []


def calculated(expression: str) -> dict[str, Any]:
    return {"name": "result", "kind": "calculated", "calculation": expression}
