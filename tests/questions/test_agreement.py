"""The phone and the server make the same of any answers to any form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from handbook.questions.faults import FormRefused
from handbook.questions.program import compiled
from tests.questions.answers import answers_to
from tests.questions.engines import Phone, on_the_server, spelled
from tests.questions.generated import forms

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), form=forms)
def test_the_same_answers_and_the_same_faults(phone: Phone, data: st.DataObject, form: object) -> None:
    try:
        program = compiled(form)
    except FormRefused:
        assume(False)
    for _ in range(3):
        answers = data.draw(answers_to(form))
        assert spelled(phone(program, answers, TODAY)) == spelled(on_the_server(program, answers, TODAY))
