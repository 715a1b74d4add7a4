"""A page's fields: read alike by phone and server, and filled so that the same answers come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from handbook.questions import fields
from handbook.questions.evaluation import evaluate
from handbook.questions.faults import FormRefused
from handbook.questions.program import compiled
from tests.questions.answers import answers_to
from tests.questions.engines import Phone
from tests.questions.generated import forms

TODAY = date(2026, 11, 24)
TYPED = (
    "", " ", "9", "-3", "1.234", "1 234", "1\u00a0234,5", "12,50", "0.5", "1.5", "1,2,3", "chín", "a\r\nb", "e\u0301",
    "yes", "١٢", "1e5",
)  # fmt: skip
TEXTS = st.sampled_from(TYPED) | st.text(max_size=6)


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234", 1234), ("1.234.567,89", 1234567.89), ("12,5", 12.5), ("12.5", 12.5), ("1.2345", 1.2345),
        ("1 234", 1234), ("-7", -7), ("0,25", 0.25), ("1,2,3", "1,2,3"), ("chín", "chín"), ("", ""), ("1e5", "1e5"),
        ("١", "١"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: object) -> None:
    assert fields.number_of(text) == number


def names(program: dict[str, Any]) -> st.SearchStrategy[str]:
    plain = [f"q.{question['name']}" for question in program["questions"]]
    cells = [
        f"q.{table['name']}.{row}.{column['name']}"
        for table in program["questions"]
        for column in table.get("questions", ())
        for row in ("0", "2", "10", "x", "99999", "-1")
    ]
    return st.sampled_from([*plain, *cells, "q.unknown", "version_id"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), form=forms)
def test_phone_and_server_read_the_same(phone: Phone, data: st.DataObject, form: Any) -> None:
    try:
        program = compiled(form)
    except FormRefused:
        assume(False)
    typed = data.draw(st.dictionaries(names(program), st.lists(TEXTS, min_size=1, max_size=3), max_size=12))
    assert phone.given(program, typed) == fields.given(program, typed)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), form=forms)
def test_what_was_sent_comes_back_out_of_its_fields(data: st.DataObject, form: Any) -> None:
    try:
        program = compiled(form)
    except FormRefused:
        assume(False)
    sent = evaluate(program, data.draw(answers_to(form)), TODAY)
    assume(not sent.faults)  # others are never kept
    again = evaluate(program, fields.given(program, fields.shown(program, sent.answers)), TODAY)
    assert again.answers == sent.answers
