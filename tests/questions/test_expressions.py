"""What is not in the language of conditions is refused with its column."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbook.questions.expressions import TALLEST, Node, parse
from handbook.questions.faults import ExpressionRefused

REFUSED = [
    ("", "expression.end", 1),
    ("   ", "expression.end", 4),
    ("1 +", "expression.end", 4),
    ("1 2", "expression.unexpected", 3),
    ("(1", "expression.end", 3),
    ("1)", "expression.unexpected", 2),
    ("1 ++ 2", "expression.unexpected", 4),
    ("and 1", "expression.unexpected", 1),
    ("'abc", "expression.character", 1),
    ("“abc”", "expression.character", 1),
    ("1 & 2", "expression.character", 3),
    ("n + 1", "expression.function", 1),
    ("${a} = regex(., 'x')", "expression.function", 8),
    ("once(today())", "expression.function", 1),
    ("pulldata('a', 'b')", "expression.function", 1),
    ("if(1, 2)", "expression.arguments", 1),
    ("today(1)", "expression.arguments", 1),
    ("1 + sum()", "expression.arguments", 5),
    ("${}", "expression.name", 1),
    ("1 + ${a b}", "expression.name", 5),
    ("${đ}", "expression.name", 1),
    ("${__proto__}", "expression.name", 1),
    ("1000000000000001", "expression.number", 1),
    ("1.", "expression.unexpected", 2),
    ("/data/age > 3", "expression.character", 1),
    ("'a' = \"b", "expression.character", 7),
    ("1" + " + 1" * 300, "expression.too_long", 1001),
    ("1" + "-1" * 100, "expression.too_deep", 122),
    ("(1" + "-1" * 40 + ")" + "-1" * 40, "expression.too_deep", 130),
    ("(" * 21 + "1" + ")" * 21, "expression.too_deep", 21),
    ("-" * 21 + "1", "expression.too_deep", 21),
    ("not(" * 21 + "true()" + ")" * 21, "expression.too_deep", 81),
]


@pytest.mark.parametrize(("source", "code", "at"), REFUSED)
def test_refused_with_its_column(source: str, code: str, at: int) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse(source)
    assert (refused.value.code, refused.value.at) == (code, at)


def shape(node: Node) -> object:
    return [node.op, *map(shape, node.parts)] if node.parts else node.value


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("1 + 2 * 3", ["+", 1, ["*", 2, 3]]),
        ("1 - 2 - 3", ["-", ["-", 1, 2], 3]),
        ("1 + 2 + 3 - 4", ["-", ["+", 1, 2, 3], 4]),
        ("${a} or ${b} and ${c}", ["or", "a", ["and", "b", "c"]]),
        ("${a} = 1 or ${ b }<2", ["or", ["=", "a", 1], ["<", "b", 2]]),
        ("1 < 2 = 3 > 2", ["=", ["<", 1, 2], [">", 3, 2]]),
        ("-1*2", ["*", ["negative", 1], 2]),
        ("if(not(selected(${a},'x')), 1,\n2)", ["if", ["not", ["selected", "a", "x"]], 1, 2]),
        ("4 div 2 mod 3", ["mod", ["div", 4, 2], 3]),
    ],
)
def test_operators_group_as_in_xpath(source: str, tree: object) -> None:
    assert shape(parse(source)) == tree


PIECES = st.sampled_from(
    [
        "${a}",
        ".",
        "1",
        "'x'",
        "(",
        ")",
        "+",
        "-",
        "and",
        "div",
        "if(",
        "not(",
        "sum(",
        ",",
        " ",
        "=",
        "<",
        "$",
        "\0",
        "đ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_anything_is_a_tree_or_refused_within_the_text(source: str) -> None:
    try:
        assert parse(source).height <= TALLEST
    except ExpressionRefused as refused:
        assert 1 <= refused.at <= len(source) + 1
