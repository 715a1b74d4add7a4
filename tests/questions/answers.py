"""Answers to a form: sensible ones, ones that are nearly so, and junk."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from handbook.questions.definition import Form, Table
from tests.questions.generated import CHOICES, DAYS, NAMES

FILE = "01890a5d-ac96-774b-bcce-b302099a8057"
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
numbers = st.sampled_from([0, -0.0, 1, 2, 2.5, 0.1, 1.005, 7, -3, 1e15, 1e16, 0.0049999]) | st.floats(-1e4, 1e4)
texts = st.sampled_from(
    ["", " ", "a", "đ", "Đảng viên", " 12.5 ", "x" * 501, "🙂🙂", "\x00", "\ud800", "a\nb", "\ufeff", "a\u0309"]
) | st.text(max_size=4)
SENSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "attachment": st.lists(st.sampled_from([FILE, FILE.replace("0", "1"), "x"]), max_size=4),
    "calculated": st.just(5),
    "date": st.sampled_from([*DAYS, "2026-02-30", "2026-2-3", "0001-01-01", "2026-11-24T00:00", "٢٠٢٦-01-01"]),
    "long_text": texts,
    "many_of": st.lists(st.sampled_from([*CHOICES, NAMES[3]]), max_size=4),
    "month": st.sampled_from(["2026-11", "2026-13", "2026-11-01", "2025-01"]),
    "note": st.just("x"),
    "number": numbers,
    "one_of": st.sampled_from(NAMES),
    "text": texts,
    "yes_no": st.sampled_from(["yes", "no", "Yes", True]),
}


def answers_to(form: Form) -> st.SearchStrategy[Any]:
    """Something of everything that a phone or an enemy may send."""
    questions = list(form.questions())
    return st.one_of(_full(questions), _full(questions), _objects(questions), junk)


def _full(questions: Any) -> st.SearchStrategy[Any]:
    """Every question answered in a sensible way."""
    known = {question.name: _answer(question, odds=0) for question in questions}
    return st.fixed_dictionaries(known)


def _objects(questions: Any) -> st.SearchStrategy[Any]:
    known = {question.name: _answer(question) for question in questions}
    return st.fixed_dictionaries({}, optional={**known, "unknown": junk, "__proto__": junk})


def _answer(question: Any, odds: int = 1) -> st.SearchStrategy[Any]:
    if isinstance(question, Table):
        rows = st.lists(_objects(question.questions), max_size=5) | st.lists(_full(question.questions), max_size=5)
        return st.one_of(rows, *[st.lists(junk, max_size=2)] * odds)
    return st.one_of(SENSIBLE[question.kind], *[junk] * odds)
