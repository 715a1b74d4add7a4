"""The rules of a form applied to answers, whatever JSON they are: what may be kept, and what is wrong with it.

First everything is worked out in the program's order, then every question that is asked is judged in the form's order.
A question that is not asked, or whose answer cannot be read, is blank for all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from handbook.questions.operations import OPERATIONS
from handbook.questions.program import Program
from handbook.questions.values import Value, is_blank, read


@dataclass(frozen=True)
class AnswerFault:
    """`place` is a question's name, or "table.3.column" with rows counted from nought as they came.

    `message` is what the form itself says when its constraint does not hold, by language."""

    place: str
    code: str
    message: dict[str, str] | None = None


@dataclass(frozen=True)
class Evaluated:
    """`answers` can be kept: only what was asked and could be read, calculations filled in, blank rows left out.

    `aside` names the questions that were answered and are not asked; `faults` come in the order of the form."""

    answers: dict[str, Any]
    aside: tuple[str, ...]
    faults: tuple[AnswerFault, ...]


@dataclass
class _Level:
    """The form, or one row of a table: what came, what it means, and what could not be read."""

    program: Program
    given: dict[str, Any]
    above: _Level | None = None
    index: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Rows:
    """A table's answer; `strays` are the places of what is no row."""

    levels: tuple[_Level, ...] = ()
    strays: tuple[int, ...] = ()


def evaluate(program: Program, answers: object, today: date) -> Evaluated:
    """What the form makes of these answers on that day. Raises nothing for whatever was sent as answers."""
    form = _Level(program, answers if isinstance(answers, dict) else {})
    run = _Run(today.isoformat())
    run.fill(form)
    shape = [] if isinstance(answers, dict) else [AnswerFault("", "answer.kind")]
    return Evaluated(_kept(form), tuple(_aside(form)), (*shape, *run.judged(form, "")))


def defaults(program: Program) -> dict[str, Any]:
    """The answers that a new form begins with."""
    return {question["name"]: question["default"] for question in program["questions"] if "default" in question}


class _Run:
    """One evaluation; every method looks at one level at a time."""

    def __init__(self, today: str) -> None:
        self._today = today

    def fill(self, level: _Level) -> None:
        questions = {question["name"]: question for question in level.program["questions"]}
        for name in level.program["order"]:
            level.values[name] = None
            question = questions[name]
            if "relevant" not in question or self._holds(question, "relevant", level):
                level.asked.add(name)
                level.values[name] = self._value(question, level)

    def judged(self, level: _Level, prefix: str) -> Iterator[AnswerFault]:
        for question in level.program["questions"]:
            name = question["name"]
            if name not in level.asked or question["kind"] == "calculated":
                continue
            for code in self._codes(question, level):
                message = question.get("message") if code == "answer.constraint" else None
                yield AnswerFault(prefix + name, code, message)
            if isinstance(rows := level.values[name], _Rows):
                yield from self._judged_rows(rows, f"{prefix}{name}.")

    def _judged_rows(self, rows: _Rows, prefix: str) -> Iterator[AnswerFault]:
        yield from (AnswerFault(f"{prefix}{index}", "answer.kind") for index in rows.strays)
        for row in rows.levels:
            yield from self.judged(row, f"{prefix}{row.index}.")

    def _value(self, question: Program, level: _Level) -> Any:
        name = question["name"]
        if question["kind"] == "calculated":
            return self._work(question["calculation"], level)
        raw = level.given.get(name)
        told = self._rows(question, raw, level) if question["kind"] == "table" else read(question, raw)
        if isinstance(told, _Rows):
            return told
        if told.fault:
            level.unreadable[name] = told.fault
        return told.value

    def _rows(self, table: Program, raw: Any, level: _Level) -> Any:
        if not is_blank(raw) and not isinstance(raw, list):
            level.unreadable[table["name"]] = "answer.kind"
            return _Rows()
        given = raw if isinstance(raw, list) else []
        if len(given) > table["max_rows"]:
            level.unreadable[table["name"]] = "answer.too_many"
            return _Rows()
        levels = [
            _Level(table, row, level, index)
            for index, row in enumerate(given)
            if isinstance(row, dict) and _is_answered(table, row)
        ]
        for row in levels:
            self.fill(row)
        strays = [index for index, row in enumerate(given) if row is not None and not isinstance(row, dict)]
        return _Rows(tuple(levels), tuple(strays))

    def _codes(self, question: Program, level: _Level) -> Iterator[str]:
        """What is wrong with one answer. What cannot be read is told alone, and a blank breaks no constraint."""
        name = question["name"]
        value = level.values[name]
        rows = len(value.levels) if isinstance(value, _Rows) else None
        if name in level.unreadable:
            yield level.unreadable[name]
        elif (value is None or rows == 0) and self._holds(question, "required", level):
            yield "answer.required"
        elif rows is not None:
            if rows < question["min_rows"]:
                yield "answer.too_few"
        elif value is not None:
            yield from _bounds(question, value)
            if "constraint" in question and not self._holds(question, "constraint", level):
                yield "answer.constraint"

    def _holds(self, question: Program, part: str, level: _Level) -> bool:
        return part in question and self._work(question[part], level) is True

    def _work(self, code: list[Any], level: _Level) -> Any:
        op = code[0]
        if op == "value":
            return code[1]
        if op == "answer":
            return _looked_up(code[1], level)
        if op == "rows":
            return len(_rows_of(code[1], level))
        if op == "column":
            return [row.values[code[2]] for row in _rows_of(code[1], level)]
        if op == "today":
            return self._today
        return OPERATIONS[op](*[self._work(part, level) for part in code[1:]])


def _looked_up(name: str, level: _Level) -> Any:
    if name in level.values or level.above is None:
        return level.values[name]
    return level.above.values[name]


def _rows_of(table: str, level: _Level) -> tuple[_Level, ...]:
    rows = level.values[table]
    return rows.levels if isinstance(rows, _Rows) else ()


def _is_answered(table: Program, row: dict[str, Any]) -> bool:
    """Whether anybody wrote anything into this row."""
    asked = (question["name"] for question in table["questions"] if question["kind"] != "calculated")
    return any(not is_blank(row.get(name)) for name in asked)


def _bounds(question: Program, value: Value) -> Iterator[str]:
    if question["kind"] != "number" or not isinstance(value, float):
        return
    if question["whole"] and not value.is_integer():
        yield "answer.whole"
    if question["minimum"] is not None and value < question["minimum"]:
        yield "answer.minimum"
    if question["maximum"] is not None and value > question["maximum"]:
        yield "answer.maximum"


def _kept(level: _Level) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for question in level.program["questions"]:
        value = level.values[question["name"]]
        if isinstance(value, _Rows):
            if value.levels:
                kept[question["name"]] = [_kept(row) for row in value.levels]
        elif value is not None:
            kept[question["name"]] = int(value) if isinstance(value, float) and value.is_integer() else value
    return kept


def _aside(level: _Level) -> Iterator[str]:
    for question in level.program["questions"]:
        name = question["name"]
        if name not in level.asked and question["kind"] != "calculated" and not is_blank(level.given.get(name)):
            yield name
