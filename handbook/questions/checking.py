"""Gives an expression its type and turns it into plain JSON. What could never work on answers is refused here.

Every value has one type and none is turned into another by itself, so that two languages cannot disagree on how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handbook.questions.expressions import Node, parse
from handbook.questions.faults import ExpressionRefused
from handbook.questions.values import is_day, is_month

MOST_DIGITS = 6  # after the point, in round()
Code = list[Any]


class Type(StrEnum):
    BLANK = "blank"  # the literal '': fits every type
    CHOICES = "choices"
    DATE = "date"
    FILES = "files"
    MONTH = "month"
    NUMBER = "number"
    ROWS = "rows"
    TEXT = "text"
    TRUTH = "truth"


_ORDERED = frozenset({Type.NUMBER, Type.DATE, Type.MONTH})
_SINGLE = frozenset({Type.NUMBER, Type.DATE, Type.MONTH, Type.TEXT, Type.TRUTH})


@dataclass(frozen=True)
class Known:
    """What is known of an answer; `table` is the one whose column it is, `choices` the only texts it can be."""

    type: Type
    table: str = ""
    choices: frozenset[str] | None = None


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: the answers of its form, its own question's name, and the table that it is in."""

    known: Mapping[str, Known]
    own: str
    table: str = ""
    is_constraint: bool = False


@dataclass(frozen=True)
class Typed:
    """`literal` is the text that was written in quotes, `choices` the only texts it can be, `many` a whole column."""

    code: Code
    type: Type
    at: int
    literal: str | None = None
    choices: frozenset[str] | None = None
    many: bool = False


def typed(source: str, scope: Scope, wanted: Type | None = None) -> Typed:
    """The expression, checked. Raises ExpressionRefused with its column, also when it is not of the type `wanted`."""
    told = _typed(parse(source), scope)
    if wanted and told.type != wanted:
        raise ExpressionRefused("expression.type", 1, wanted=wanted.value, found=told.type.value)
    if told.many or told.type == Type.ROWS:
        raise ExpressionRefused("expression.column", told.at)
    return told


def _typed(node: Node, scope: Scope) -> Typed:
    if node.op == "value":
        return _value(node)
    if node.op in ("answer", "here"):
        return _answer(node, scope)
    parts = [_typed(part, scope) for part in node.parts]
    _refuse_columns(node, parts)
    result = _RULES[node.op](node, parts)
    return Typed([node.op, *(part.code for part in parts)], result, node.at)


def _value(node: Node) -> Typed:
    if isinstance(node.value, str):
        return Typed(["value", node.value], Type.TEXT, node.at, literal=node.value)
    return Typed(["value", node.value], Type.BLANK if node.value is None else Type.NUMBER, node.at)


def _answer(node: Node, scope: Scope) -> Typed:
    if node.op == "here" and not scope.is_constraint:
        raise ExpressionRefused("expression.here", node.at)
    name = scope.own if node.op == "here" else str(node.value)
    known = scope.known.get(name)
    if known is None:
        raise ExpressionRefused("expression.name", node.at, name=name)
    if known.type == Type.ROWS or (known.table and known.table != scope.table):
        if scope.table:
            raise ExpressionRefused("expression.from_table", node.at, name=name)
        code = ["rows", name] if known.type == Type.ROWS else ["column", known.table, name]
        return Typed(code, known.type, node.at, many=True)
    return Typed(["answer", name], known.type, node.at, choices=known.choices)


def _refuse_columns(node: Node, parts: list[Typed]) -> None:
    """A column is many values: it goes only where many are asked for."""
    for part in parts:
        if part.many and node.op not in ("sum", "min", "max", "count"):
            raise ExpressionRefused("expression.column", part.at)


def _need(part: Typed, *types: Type) -> None:
    if part.type not in (*types, Type.BLANK):
        raise ExpressionRefused("expression.type", part.at, wanted=types[0].value, found=part.type.value)


def _all(wanted: Type, result: Type) -> Callable[[Node, list[Typed]], Type]:
    def rule(node: Node, parts: list[Typed]) -> Type:
        for part in parts:
            _need(part, wanted)
        return result

    return rule


def _agreed(parts: list[Typed]) -> Type:
    """The one type of all parts. A text in quotes may stand for a date or a month, and must be a choice beside one."""
    types = [part.type for part in parts if part.type != Type.BLANK and part.literal is None]
    type_ = types[0] if types else next((part.type for part in parts if part.literal), Type.BLANK)
    choices = next((part.choices for part in parts if part.choices is not None), None)
    for part in parts:
        if part.literal is not None and type_ in (Type.DATE, Type.MONTH):
            _need_date(part, type_)
        else:
            _need(part, type_)
            _need_choice(part, choices)
    return type_


def _need_date(part: Typed, type_: Type) -> None:
    if not (is_day if type_ == Type.DATE else is_month)(part.literal or ""):
        raise ExpressionRefused("expression.date", part.at, wanted=type_.value)


def _need_choice(part: Typed, choices: frozenset[str] | None) -> None:
    if part.literal is not None and choices is not None and part.literal not in choices:
        raise ExpressionRefused("expression.choice", part.at, name=part.literal[:50])


def _equal(node: Node, parts: list[Typed]) -> Type:
    type_ = _agreed(parts)
    if type_ not in _SINGLE and all(part.type != Type.BLANK for part in parts):
        raise ExpressionRefused("expression.type", parts[0].at, wanted=Type.TEXT.value, found=type_.value)
    return Type.TRUTH


def _ordered(node: Node, parts: list[Typed]) -> Type:
    type_ = _agreed(parts)
    if type_ not in (*_ORDERED, Type.BLANK):
        raise ExpressionRefused("expression.type", parts[0].at, wanted=Type.NUMBER.value, found=type_.value)
    return Type.TRUTH


def _dates(node: Node, parts: list[Typed]) -> Type:
    for part in parts:
        if part.literal is not None:
            _need_date(part, Type.DATE)
        else:
            _need(part, Type.DATE)
    return Type.NUMBER


def _if(node: Node, parts: list[Typed]) -> Type:
    _need(parts[0], Type.TRUTH)
    return _either(node, parts[1:])


def _either(node: Node, parts: list[Typed]) -> Type:
    type_ = _agreed([Typed(part.code, part.type, part.at, part.literal) for part in parts])
    if type_ not in (*_SINGLE, Type.BLANK):
        raise ExpressionRefused("expression.type", parts[0].at, wanted=Type.TEXT.value, found=type_.value)
    return type_


def _selected(node: Node, parts: list[Typed]) -> Type:
    _need(parts[0], Type.CHOICES, Type.TEXT)
    _need(parts[1], Type.TEXT)
    _need_choice(parts[1], parts[0].choices)
    return Type.TRUTH


def _rows(node: Node, parts: list[Typed]) -> Type:
    if parts[0].type != Type.ROWS:
        raise ExpressionRefused("expression.type", parts[0].at, wanted=Type.ROWS.value, found=parts[0].type.value)
    return Type.NUMBER


def _sum(node: Node, parts: list[Typed]) -> Type:
    if not parts[0].many:
        raise ExpressionRefused("expression.not_column", parts[0].at)
    _need(parts[0], Type.NUMBER)
    return Type.NUMBER


def _extreme(node: Node, parts: list[Typed]) -> Type:
    type_ = _agreed(parts)
    if type_ not in _ORDERED:
        raise ExpressionRefused("expression.type", parts[0].at, wanted=Type.NUMBER.value, found=type_.value)
    return type_


def _round(node: Node, parts: list[Typed]) -> Type:
    _need(parts[0], Type.NUMBER)
    if len(parts) == 2 and parts[1].code not in [["value", float(digits)] for digits in range(MOST_DIGITS + 1)]:
        raise ExpressionRefused("expression.digits", parts[1].at, most=MOST_DIGITS)
    return Type.NUMBER


def _to_number(node: Node, parts: list[Typed]) -> Type:
    _need(parts[0], Type.NUMBER, Type.TEXT)
    return Type.NUMBER


_RULES: dict[str, Callable[[Node, list[Typed]], Type]] = {
    **dict.fromkeys(("and", "or", "not", "true", "false"), _all(Type.TRUTH, Type.TRUTH)),
    **dict.fromkeys(("+", "-", "*", "div", "mod", "negative", "int"), _all(Type.NUMBER, Type.NUMBER)),
    **dict.fromkeys(("=", "!="), _equal),
    **dict.fromkeys(("<", "<=", ">", ">="), _ordered),
    **dict.fromkeys(("contains", "starts-with"), _all(Type.TEXT, Type.TRUTH)),
    **dict.fromkeys(("min", "max"), _extreme),
    "coalesce": _either,
    "count": _rows,
    "count-selected": _all(Type.CHOICES, Type.NUMBER),
    "date-diff": _dates,
    "if": _if,
    "number": _to_number,
    "round": _round,
    "selected": _selected,
    "string-length": _all(Type.TEXT, Type.NUMBER),
    "sum": _sum,
    "today": _all(Type.DATE, Type.DATE),
}
