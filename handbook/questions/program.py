"""A form made ready to run: every condition checked and turned into JSON, questions in the order they must be worked out.

A program is what a phone carries. It holds no words but those of constraints, and needs neither parser nor graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any

from handbook.questions.checking import Code, Known, Scope, Type, typed
from handbook.questions.definition import MOST_QUESTIONS, Calculated, Form, Question, Table
from handbook.questions.expressions import Node, parse
from handbook.questions.faults import ExpressionRefused, Fault, FormRefused
from handbook.questions.values import read

VERSION = 1
MOST_WORK = 1_000_000  # operations to work out a full form: a second or two on an old phone
Program = dict[str, Any]
_TYPES = {
    "attachment": Type.FILES, "date": Type.DATE, "long_text": Type.TEXT, "many_of": Type.CHOICES, "month": Type.MONTH,
    "number": Type.NUMBER, "one_of": Type.TEXT, "table": Type.ROWS, "text": Type.TEXT, "yes_no": Type.TEXT,
}  # fmt: skip
_RESULTS = frozenset({Type.DATE, Type.MONTH, Type.NUMBER, Type.TEXT})
YES_NO = ("yes", "no")


def compiled(form: Form) -> Program:
    """The form's program. Raises FormRefused with all faults: names, types, cycles, columns, and too much work."""
    builder = _Builder(form)
    program = builder.program()
    if builder.faults:
        raise FormRefused(builder.faults)
    return program


class _Builder:
    """One pass over the form; faults are gathered, so that an author sees them together."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self.faults = list(_name_faults(form))
        self._known = dict(_known(form.questions()))

    def program(self) -> Program:
        self._type_calculations()
        relevance = {
            section.name: self._code(section.relevant, Scope(self._known, section.name), "relevant", Type.TRUTH)
            for section in self._form.sections
        }
        questions = [
            self._question(question, "", relevance[section.name])
            for section in self._form.sections
            for question in section.questions
            if question.kind != "note"
        ]
        self._weigh(questions)
        return {"v": VERSION, "questions": questions, "order": self._order(questions)}

    def _type_calculations(self) -> None:
        """A calculation has the type of its result, which hangs on the calculations that it uses."""
        places = {question.name: (question, table) for question, table in _calculations(self._form)}
        self._known.update({name: Known(Type.BLANK, table) for name, (_, table) in places.items()})
        for name in _users_last({name: _names_in(question.calculation) for name, (question, _) in places.items()}):
            question, table = places[name]
            with suppress(ExpressionRefused):  # told when its turn comes
                self._known[name] = Known(typed(question.calculation, Scope(self._known, name, table)).type, table)

    def _question(self, question: Question, table: str, section: Code | None = None) -> Program:
        scope = Scope(self._known, question.name, table)
        told: Program = {"name": question.name, "kind": question.kind}
        relevant = self._code(question.relevant, scope, "relevant", Type.TRUTH)
        if parts := [code for code in (section, relevant) if code]:
            told["relevant"] = parts[0] if len(parts) == 1 else ["and", *parts]
        if required := getattr(question, "required", False):
            told["required"] = (
                self._code(required, scope, "required", Type.TRUTH) if isinstance(required, str) else ["true"]
            )
        self._constraint(question, table, told)
        told.update(self._particulars(question, scope))
        self._check_default(question, told)
        return told

    def _constraint(self, question: Question, table: str, told: Program) -> None:
        scope = Scope(self._known, question.name, table, is_constraint=True)
        if code := self._code(getattr(question, "constraint", ""), scope, "constraint", Type.TRUTH):
            told["constraint"] = code
        if message := getattr(question, "constraint_message", None):
            told["message"] = message.model_dump(exclude_none=True)

    def _particulars(self, question: Question, scope: Scope) -> Program:
        match question.kind:
            case "calculated":
                return {"calculation": self._calculation(question.calculation, scope)}
            case "number":
                self._check_bounds(question.name, question.minimum, question.maximum)
                return {"whole": question.whole, "minimum": question.minimum, "maximum": question.maximum}
            case "one_of" | "many_of":
                return {"choices": self._choices(question.name, [choice.name for choice in question.choices])}
            case "yes_no":
                return {"choices": list(YES_NO)}
            case "attachment":
                return {"most": question.most}
            case "table":
                return self._table(question)
        return {}

    def _table(self, table: Table) -> Program:
        self._check_bounds(table.name, table.min_rows, table.max_rows)
        questions = [self._question(column, table.name) for column in table.questions]
        if all(column.kind == "calculated" for column in table.questions):
            self.faults.append(Fault(table.name, "form.nothing_asked"))
        rows = {"questions": questions, "order": self._order(questions)}
        return {"min_rows": table.min_rows, "max_rows": table.max_rows, **rows}

    def _calculation(self, source: str, scope: Scope) -> Code | None:
        try:
            told = typed(source, scope)
            if told.type not in _RESULTS:
                raise ExpressionRefused("expression.type", 1, wanted=Type.NUMBER.value, found=told.type.value)
        except ExpressionRefused as error:
            self._refuse(scope.own, "calculation", error)
            return None
        return told.code

    def _code(self, source: str, scope: Scope, part: str, wanted: Type) -> Code | None:
        try:
            return typed(source, scope, wanted).code if source else None
        except ExpressionRefused as error:
            self._refuse(scope.own, part, error)
            return None

    def _refuse(self, place: str, part: str, error: ExpressionRefused) -> None:
        self.faults.append(Fault(place, error.code, part, error.at, error.values))

    def _choices(self, place: str, names: list[str]) -> list[str]:
        self.faults += [
            Fault(place, "form.choice_twice", "choices", values={"name": name}) for name in _repeated(names)
        ]
        return names

    def _check_bounds(self, place: str, least: float | None, most: float | None) -> None:
        if least is not None and most is not None and least > most:
            self.faults.append(Fault(place, "form.bounds"))

    def _check_default(self, question: Question, told: Program) -> None:
        default = getattr(question, "default", None)
        if default is None:
            return
        told["default"] = list(default) if isinstance(default, tuple) else default
        if fault := read(told, told["default"]).fault:
            self.faults.append(Fault(question.name, fault, "default"))

    def _order(self, questions: Sequence[Program]) -> list[str]:
        """Names in an order in which everything that a question looks at is worked out before it."""
        names = {question["name"] for question in questions}
        graph = {question["name"]: sorted(_looked_at(question) & names) for question in questions}
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            self.faults.append(Fault(circle[0], "form.circle", values={"names": circle}))
            return []

    def _weigh(self, questions: Sequence[Program]) -> None:
        rows = {question["name"]: question["max_rows"] for question in questions if question["kind"] == "table"}
        work = sum(_weight(question, rows) for question in questions)
        for table in (question for question in questions if question["kind"] == "table"):
            work += table["max_rows"] * sum(_weight(column, rows) for column in table["questions"])
        if work > MOST_WORK:
            self.faults.append(Fault("", "form.too_much_work", values={"work": work, "most": MOST_WORK}))


def _name_faults(form: Form) -> Iterator[Fault]:
    names = [section.name for section in form.sections]
    questions = list(form.questions())
    names += [question.name for question in questions]
    columns = [column.name for table in questions if isinstance(table, Table) for column in table.questions]
    names += columns
    yield from (Fault(name, "form.name_twice", "name") for name in _repeated(names))
    if len(questions) + len(columns) > MOST_QUESTIONS:
        yield Fault("", "form.too_many_questions", values={"most": MOST_QUESTIONS})


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _known(questions: Iterable[Question], table: str = "") -> Iterator[tuple[str, Known]]:
    for question in questions:
        if question.kind in _TYPES:
            choices = getattr(question, "choices", None)
            names = frozenset(YES_NO) if question.kind == "yes_no" else choices and frozenset(x.name for x in choices)
            yield question.name, Known(_TYPES[question.kind], table, names)
        if isinstance(question, Table):
            yield from _known(question.questions, question.name)


def _calculations(form: Form) -> Iterator[tuple[Calculated, str]]:
    """The calculated questions of a form, each with the table whose column it is."""
    for question in form.questions():
        if isinstance(question, Calculated):
            yield question, ""
        elif isinstance(question, Table):
            yield from ((column, question.name) for column in question.questions if isinstance(column, Calculated))


def _names_in(source: str) -> set[str]:
    def walk(node: Node) -> Iterator[str]:
        if node.op == "answer":
            yield str(node.value)
        for part in node.parts:
            yield from walk(part)

    try:
        return set(walk(parse(source)))
    except ExpressionRefused:
        return set()


def _users_last(uses: Mapping[str, set[str]]) -> list[str]:
    """Names after those that they use; as they come when they go in a circle, of which `_order` tells."""
    try:
        return list(TopologicalSorter({name: sorted(used & uses.keys()) for name, used in uses.items()}).static_order())
    except CycleError:
        return list(uses)


def _looked_at(question: Program) -> set[str]:
    """What must be known before this question can be worked out. A constraint and a requirement are judged at the end."""
    found = {name for part in ("relevant", "calculation") for name in _references(question.get(part))}
    return found.union(*(_looked_at(column) for column in question.get("questions", ())))


def _references(code: Code | None) -> Iterator[str]:
    if not code:
        return
    if code[0] in ("answer", "column", "rows"):
        yield code[1]
    else:
        for part in code[1:]:
            yield from _references(part) if isinstance(part, list) else ()


def _weight(question: Program, rows: Mapping[str, int]) -> int:
    """Operations to work out and judge one question once."""
    parts = ("relevant", "required", "constraint", "calculation")
    return 1 + sum(_operations(question[part], rows) for part in parts if question.get(part))


def _operations(code: Code, rows: Mapping[str, int]) -> int:
    if code[0] == "column":
        return rows[code[1]]
    return 1 + sum(_operations(part, rows) for part in code[1:] if isinstance(part, list))
