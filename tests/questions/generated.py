"""Forms, conditions and answers out of the blue, for properties. Most forms work; who needs one that does, assumes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from handbook.questions.definition import Form, load

Draw = Callable[[st.SearchStrategy[Any]], Any]
NAMES = ("red", "green", "1", "-x", "constructor")
CHOICES = tuple(name for name in NAMES if name != "-x")
DAYS = ("2026-11-24", "2024-02-29", "1900-01-01", "2199-12-31")
NUMBERS = ("0", "1", "2.5", ".1", "0.005", "7", "1000000", "999999999999999", "3.0000001")
TEXTS = ("'đ'", '"Đảng viên"', "'a'", "''", "'12.50'", "' 7 '", "'🙂'")
# Nothing a spreadsheet's cell would lose.
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda words: words.strip() and "${" not in words)


@dataclass
class Scope:
    """What a condition may name: names by kind, and the columns of tables by theirs."""

    names: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)

    def of(self, *kinds: str) -> list[str]:
        return [name for kind in kinds for name in self.names.get(kind, [])]

    def add(self, kind: str, name: str) -> None:
        self.names.setdefault(kind, []).append(name)


def _named(draw: Draw, names: list[str], otherwise: Callable[[], str]) -> str:
    return f"${{{draw(st.sampled_from(names))}}}" if names and draw(st.booleans()) else otherwise()


def number(draw: Draw, scope: Scope, depth: int) -> str:
    def leaf() -> str:
        return draw(st.sampled_from(NUMBERS))

    if depth <= 0:
        return _named(draw, scope.of("number"), leaf)

    def inner() -> str:
        return number(draw, scope, depth - 1)

    ways: list[Callable[[], str]] = [
        lambda: _named(draw, scope.of("number"), leaf),
        lambda: f"({inner()} {draw(st.sampled_from(['+', '-', '*', 'div', 'mod']))} {inner()})",
        lambda: f"{inner()} {draw(st.sampled_from(['+', '-', '*', 'div', 'mod']))} {inner()}",
        lambda: f"-{inner()}",
        lambda: f"round({inner()}, {draw(st.integers(0, 6))})",
        lambda: f"int({inner()})",
        lambda: f"{draw(st.sampled_from(['min', 'max', 'coalesce']))}({inner()}, {inner()})",
        lambda: f"if({truth(draw, scope, depth - 1)}, {inner()}, {draw(st.sampled_from([inner(), chr(39) * 2]))})",
        lambda: f"number({text(draw, scope, depth - 1)})",
        lambda: f"string-length({text(draw, scope, depth - 1)})",
        lambda: f"date-diff({day(draw, scope)}, {day(draw, scope)})",
    ]
    if columns := scope.columns.get("number"):
        ways += [lambda: f"{draw(st.sampled_from(['sum', 'min', 'max']))}(${{{draw(st.sampled_from(columns))}}})"] * 3
    if scope.tables:
        ways.append(lambda: f"count(${{{draw(st.sampled_from(scope.tables))}}})")
    if many := scope.of("many_of"):
        ways.append(lambda: f"count-selected(${{{draw(st.sampled_from(many))}}})")
    return draw(st.sampled_from(ways))()


def text(draw: Draw, scope: Scope, depth: int) -> str:
    own = _named(draw, scope.of("text", "long_text", "one_of", "yes_no"), lambda: draw(st.sampled_from(TEXTS)))
    if depth <= 0 or draw(st.booleans()):
        return own
    return f"if({truth(draw, scope, depth - 1)}, {own}, {text(draw, scope, depth - 1)})"


def day(draw: Draw, scope: Scope) -> str:
    return _named(draw, scope.of("date"), lambda: draw(st.sampled_from(["today()", "min(today(), '2026-01-31')"])))


def truth(draw: Draw, scope: Scope, depth: int) -> str:
    ways: list[Callable[[], str]] = [
        lambda: _compared(draw, scope, depth),
        lambda: f"{day(draw, scope)} {draw(st.sampled_from(['=', '<', '>=']))} '{draw(st.sampled_from(DAYS))}'",
        lambda: f"{draw(st.sampled_from(['contains', 'starts-with']))}({text(draw, scope, 0)}, {text(draw, scope, 0)})",
        lambda: "true()",
    ]
    ways += [lambda name=name: f"${{{name}}} != ''" for kind in scope.names for name in scope.names[kind][:2]]
    ways += [lambda name=name: f"selected(${{{name}}}, 'red')" for name in scope.of("many_of", "one_of")]
    ways += [lambda name=name: f"${{{name}}} = 'yes'" for name in scope.of("yes_no")]
    ways += [lambda name=name: f"${{{name}}} > '2026-06'" for name in scope.of("month")]
    if depth > 0:
        ways += [
            lambda: _both(draw, scope, depth),
            lambda: f"not({truth(draw, scope, depth - 1)})",
        ]
    return draw(st.sampled_from(ways))()


def _compared(draw: Draw, scope: Scope, depth: int) -> str:
    sign = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    return f"{number(draw, scope, depth - 1)} {sign} {number(draw, scope, depth - 1)}"


def _both(draw: Draw, scope: Scope, depth: int) -> str:
    joined = draw(st.sampled_from(["and", "or"]))
    return f"({truth(draw, scope, depth - 1)}) {joined} ({truth(draw, scope, depth - 1)})"


KINDS = ["text", "long_text", "number", "date", "month", "yes_no", "one_of", "many_of", "attachment", "calculated"]
RESULTS: list[tuple[str, Callable[[Draw, Scope, int], str]]] = [("number", number), ("text", text)]


def _sometimes(draw: Draw, told: dict[str, Any], part: str, make: Callable[[], Any], odds: int = 2) -> None:
    if draw(st.integers(0, odds)) == 0:
        told[part] = make()


def _wording(draw: Draw) -> Any:
    return draw(st.one_of(WORDS, st.fixed_dictionaries({"vi": WORDS, "en": WORDS})))


def question(draw: Draw, name: str, kind: str, scope: Scope, everything: Scope) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "kind": kind, "label": _wording(draw)}
    _sometimes(draw, told, "hint", lambda: _wording(draw), 4)
    _sometimes(draw, told, "relevant", lambda: truth(draw, scope, 2), 3)
    if kind == "calculated":
        result, make = draw(st.sampled_from(RESULTS))
        scope.add(result, name)
        return told | {
            "calculation": make(draw, scope_without(scope, name), 3),
            "unit": draw(st.sampled_from(["", "người"])),
        }
    if kind != "note":
        _sometimes(draw, told, "required", lambda: draw(st.sampled_from([True, truth(draw, everything, 1)])))
    if kind not in ("attachment", "table", "note"):
        _sometimes(draw, told, "constraint", lambda: draw(st.sampled_from([truth(draw, everything, 1), ". != ''"])))
        if "constraint" in told:
            _sometimes(draw, told, "constraint_message", lambda: _wording(draw))
    told |= _particulars(draw, kind)
    if kind != "note":
        scope.add(kind, name)
    return told


def scope_without(scope: Scope, name: str) -> Scope:
    names = {kind: [other for other in names if other != name] for kind, names in scope.names.items()}
    return Scope(names, scope.columns, scope.tables)


def _particulars(draw: Draw, kind: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if kind in ("one_of", "many_of"):
        chosen = ["red", *draw(st.lists(st.sampled_from(CHOICES[1:]), unique=True))]
        told["choices"] = [{"name": name, "label": _wording(draw)} for name in chosen]
        _sometimes(draw, told, "default", lambda: "red" if kind == "one_of" else ["red"], 4)
    if kind == "number":
        told |= {"whole": draw(st.booleans()), "unit": draw(st.sampled_from(["", "%", "đồng"]))}
        _sometimes(draw, told, "minimum", lambda: draw(st.sampled_from([0, -2.5, 1])))
        _sometimes(draw, told, "maximum", lambda: draw(st.sampled_from([1, 7.25, 1e15])))
        _sometimes(draw, told, "default", lambda: draw(st.sampled_from([1, 0.1, -3])), 4)
    if kind == "attachment":
        told["most"] = draw(st.integers(1, 3))
    if kind == "date":
        _sometimes(draw, told, "default", lambda: draw(st.sampled_from(DAYS)), 4)
    return told


def table(draw: Draw, name: str, scope: Scope, everything: Scope) -> dict[str, Any]:
    inner = Scope({kind: list(names) for kind, names in scope.names.items()})
    outer = Scope({kind: list(names) for kind, names in everything.names.items()})
    kinds = ["number", *draw(st.lists(st.sampled_from(KINDS), max_size=3))]
    columns = [question(draw, f"{name}_{index}", kind, inner, outer) for index, kind in enumerate(kinds)]
    told = {"name": name, "kind": "table", "label": _wording(draw), "questions": columns}
    told |= {"min_rows": draw(st.integers(0, 2)), "max_rows": draw(st.integers(2, 4))}
    _sometimes(draw, told, "required", lambda: True)
    scope.columns.setdefault("number", []).append(f"{name}_0")
    scope.tables.append(name)
    return told


@st.composite
def form_data(draw: Draw) -> dict[str, Any]:
    """A form as JSON, that in all likelihood can be compiled."""
    kinds = draw(st.lists(st.sampled_from([*KINDS, "note", "table", "table"]), min_size=1, max_size=7))
    scope, everything, sections = Scope(), Scope(), []
    everything.add("number", "q0")
    kinds = ["number", *kinds]
    for index, kind in enumerate(kinds):
        if not sections or draw(st.integers(0, 3)) == 0:
            section = {"name": f"s{index}", "title": _wording(draw), "questions": []}
            _sometimes(draw, section, "relevant", lambda: truth(draw, scope, 1), 4)
            sections.append(section)
        name = f"q{index}" if index % 3 or not index else f"constructor{index}"
        made = (
            table(draw, name, scope, everything) if kind == "table" else question(draw, name, kind, scope, everything)
        )
        sections[-1]["questions"].append(made)
    return {"name": "form", "title": _wording(draw), "sections": sections}


forms: st.SearchStrategy[Form] = form_data().map(load)
