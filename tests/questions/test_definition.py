"""A form is read from JSON: what has not its shape is refused by name, and what was read is written back the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from handbook.questions.definition import MOST_CHOICES, Form, dumped, load
from handbook.questions.faults import FormRefused
from tests.questions.answers import junk
from tests.questions.generated import forms
from tests.questions.worked import a_form

TEXT = {"name": "t", "kind": "text", "label": "Chữ"}


def one(question: Any) -> dict[str, Any]:
    return {"name": "form", "title": "Mẫu", "sections": [{"name": "main", "title": "Phần", "questions": [question]}]}


@pytest.mark.parametrize(
    ("question", "place", "part"),
    [
        (TEXT | {"colour": "red"}, "t", "colour"),
        (TEXT | {"label": ""}, "t", "label"),
        (TEXT | {"label": {"en": "Text"}}, "t", "label"),
        (TEXT | {"label": {"vi": "Chữ", "fr": "Texte"}}, "t", "label"),
        (TEXT | {"label": "a\x00b"}, "t", "label"),
        (TEXT | {"label": "a\ud800"}, "t", "label"),
        (TEXT | {"kind": "geopoint"}, "t", ""),
        (TEXT | {"name": "1t"}, "1t", "name"),
        (TEXT | {"name": "__proto__"}, "__proto__", "name"),
        (TEXT | {"name": "t\n"}, "t\n", "name"),
        (TEXT | {"relevant": "x" * 1001}, "t", "relevant"),
        (TEXT | {"required": 1}, "t", "required"),
        ({"name": "n", "kind": "number", "label": "Số", "minimum": "1"}, "n", "minimum"),
        ({"name": "n", "kind": "number", "label": "Số", "minimum": float("nan")}, "n", "minimum"),
        ({"name": "n", "kind": "number", "label": "Số", "maximum": 1e16}, "n", "maximum"),
        ({"name": "c", "kind": "calculated", "label": "Tính"}, "c", "calculation"),
        ({"name": "o", "kind": "one_of", "label": "Một", "choices": []}, "o", "choices"),
        ({"name": "o", "kind": "one_of", "label": "Một", "choices": [{"name": "a b", "label": "x"}]}, "a b", "name"),
        (
            {
                "name": "o",
                "kind": "one_of",
                "label": "x",
                "choices": [{"name": "a", "label": "x"}] * (MOST_CHOICES + 1),
            },
            "o",
            "choices",
        ),
        ({"name": "r", "kind": "table", "label": "Bảng", "questions": [TEXT], "max_rows": 2001}, "r", "max_rows"),
        ({"name": "r", "kind": "table", "label": "Bảng", "questions": [TEXT | {"kind": "note"}]}, "t", ""),
        ({"name": "r", "kind": "table", "label": "Bảng", "questions": []}, "r", "questions"),
    ],
)
def test_what_has_not_the_shape_is_refused_by_name(question: Any, place: str, part: str) -> None:
    with pytest.raises(FormRefused) as refused:
        load(one(question))
    told = {(fault.place, fault.part) for fault in refused.value.faults}
    assert (place, part) in told, told
    assert {fault.code for fault in refused.value.faults} == {"form.shape"}


@settings(max_examples=100, deadline=None)
@given(junk)
def test_no_junk_is_a_fault_of_ours(data: Any) -> None:
    for tried in (data, one(data), {"name": data, "title": data, "sections": data}):
        with pytest.raises(FormRefused):
            load(tried)


def test_a_very_deep_thing_is_refused() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(FormRefused):
        load(one(deep))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms)
def test_written_and_read_again_it_is_the_same(form: Form) -> None:
    assert load(json.loads(json.dumps(dumped(form)))) == form


def test_a_bare_text_is_vietnamese_and_words_are_composed() -> None:
    label = next(a_form(n={"label": " Đa\u0309ng\r\nviên "}).questions()).label
    assert (label.vi, label.en) == ("Đảng\nviên", None)


def test_nothing_of_a_form_can_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        a_form().name = "other"  # type: ignore[misc]  # that it is frozen is what is tried
