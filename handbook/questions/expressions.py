"""The language of conditions and calculations: a subset of XLSForm's, parsed into a small tree.

``${name}`` is an answer, ``.`` the answer a constraint speaks of. What is not in the subset is refused with its column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from handbook.questions.definition import LARGEST_NUMBER, LONGEST_EXPRESSION
from handbook.questions.faults import ExpressionRefused

DEEPEST = 20  # brackets and functions inside each other
TALLEST = 64  # levels of a tree: whoever walks it does not run out of stack
LONGEST_CHAIN = 60  # operators or arguments in a row
# How tightly an operator binds; all of them group from the left.
STRENGTH = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}
# Fewest and most arguments.
FUNCTIONS = {
    "coalesce": (2, LONGEST_CHAIN),
    "contains": (2, 2),
    "count": (1, 1),
    "count-selected": (1, 1),
    "date-diff": (2, 2),
    "false": (0, 0),
    "if": (3, 3),
    "int": (1, 1),
    "max": (1, LONGEST_CHAIN),
    "min": (1, LONGEST_CHAIN),
    "not": (1, 1),
    "number": (1, 1),
    "round": (1, 2),
    "selected": (2, 2),
    "starts-with": (2, 2),
    "string-length": (1, 1),
    "sum": (1, 1),
    "today": (0, 0),
    "true": (0, 0),
}
_TOKEN = re.compile(
    r"""(?P<gap>[ \t\n]+)|\$\{[ ]*(?P<answer>[^{}]*?)[ ]*\}|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"""
    r"""|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z][A-Za-z0-9_]*)*)"""
    r"""|(?P<sign>!=|<=|>=|[-=<>+*(),.])"""
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")


@dataclass(frozen=True)
class Node:
    """`op` is an operator or a function, or "value", "answer", "here" for the leaves; `at` is its column."""

    op: str
    at: int
    parts: tuple[Node, ...] = ()
    value: float | str | None = None
    height: int = 1


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(source: str) -> Node:
    """The tree of an expression. Raises ExpressionRefused with the column of what cannot be read."""
    if len(source) > LONGEST_EXPRESSION:
        raise ExpressionRefused("expression.too_long", LONGEST_EXPRESSION + 1, most=LONGEST_EXPRESSION)
    parser = _Parser([*_tokens(source), _Token("end", "", len(source) + 1)])
    tree = parser.expression()
    parser.expect("end", "")
    return tree


def _tokens(source: str) -> list[_Token]:
    found, position = [], 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise ExpressionRefused("expression.character", position + 1, character=source[position])
        kind = match.lastgroup or ""
        if kind != "gap":
            found.append(_Token("text" if kind in ("double", "single") else kind, match[kind], position + 1))
        position = match.end()
    return found


class _Parser:
    """Precedence climbing; `_depth` counts what is open."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    def expression(self, weakest: int = 1) -> Node:
        left, joined = self._operand(), 0
        while STRENGTH.get(self._next.text, 0) >= weakest and self._next.kind in ("word", "sign"):
            operator, joined = self._take(), joined + 1
            if joined > LONGEST_CHAIN:
                raise ExpressionRefused("expression.too_deep", operator.at)
            left = _joined(operator, left, self.expression(STRENGTH[operator.text] + 1))
        return left

    def expect(self, kind: str, text: str) -> None:
        token = self._take()
        if (token.kind, token.text) != (kind, text):
            raise _unexpected(token)

    @property
    def _next(self) -> _Token:
        return self._tokens[self._position]

    def _take(self) -> _Token:
        token = self._next
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def _operand(self) -> Node:
        token = self._take()
        if token.kind == "answer":
            return _answer(token)
        if token.kind == "number":
            return _number(token)
        if token.kind == "text":
            return Node("value", token.at, value=token.text or None)
        if token.kind == "word" and token.text not in STRENGTH:
            return self._inside(token, self._call)
        if token.text == "." and token.kind == "sign":
            return Node("here", token.at)
        if token.text in ("-", "(") and token.kind == "sign":
            return self._inside(token, self._negated if token.text == "-" else self._bracketed)
        raise _unexpected(token)

    def _inside(self, token: _Token, read: Callable[[_Token], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionRefused("expression.too_deep", token.at)
        node = read(token)
        self._depth -= 1
        return node

    def _negated(self, token: _Token) -> Node:
        return _over(token, "negative", (self.expression(STRENGTH["div"] + 1),))

    def _bracketed(self, token: _Token) -> Node:
        node = self.expression()
        self.expect("sign", ")")
        return node

    def _call(self, token: _Token) -> Node:
        if token.text not in FUNCTIONS:
            raise ExpressionRefused("expression.function", token.at, name=token.text)
        self.expect("sign", "(")
        parts = () if self._next.text == ")" and self._next.kind == "sign" else self._arguments()
        self.expect("sign", ")")
        fewest, most = FUNCTIONS[token.text]
        if not fewest <= len(parts) <= most:
            raise ExpressionRefused("expression.arguments", token.at, name=token.text, fewest=fewest, most=most)
        return _over(token, token.text, parts)

    def _arguments(self) -> tuple[Node, ...]:
        parts = [self.expression()]
        while (self._next.kind, self._next.text) == ("sign", ",") and len(parts) <= LONGEST_CHAIN:
            self._take()
            parts.append(self.expression())
        return tuple(parts)


def _over(token: _Token, op: str, parts: tuple[Node, ...]) -> Node:
    height = 1 + max((part.height for part in parts), default=0)
    if height > TALLEST:
        raise ExpressionRefused("expression.too_deep", token.at)
    return Node(op, token.at, parts, height=height)


def _joined(operator: _Token, left: Node, right: Node) -> Node:
    """Chains of one operator that may be grouped as one likes stay flat: long ones are common, deep ones are not."""
    parts = left.parts if left.op == operator.text and operator.text in ("and", "or", "+") else (left,)
    return _over(operator, operator.text, (*parts, right))


def _answer(token: _Token) -> Node:
    if not _NAME.fullmatch(token.text):
        raise ExpressionRefused("expression.name", token.at, name=token.text[:50])
    return Node("answer", token.at, value=token.text)


def _number(token: _Token) -> Node:
    number = float(token.text)
    if number > LARGEST_NUMBER:
        raise ExpressionRefused("expression.number", token.at)
    return Node("value", token.at, value=number)


def _unexpected(token: _Token) -> ExpressionRefused:
    if token.kind == "end":
        return ExpressionRefused("expression.end", token.at)
    return ExpressionRefused("expression.unexpected", token.at, found=token.text[:50])
