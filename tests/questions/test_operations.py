"""What every operation means, on the server and on the phone alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.questions.engines import Phone, on_the_server
from tests.questions.worked import a_program, calculated

TODAY = date(2026, 11, 24)
ANSWERS = {
    "n": 2.5, "m": 7, "t": "Đảng viên", "d": "2026-11-20", "w": "2026-11", "y": "yes", "o": "7", "s": ["blue", "red"],
    "rows": [{"a": 1, "b": "x"}, {}, {"a": 2.5, "day": "2026-01-31"}, {"b": "y"}],
}  # fmt: skip
BLANK = None
NUMBERS = {
    "1 + 2 * 3": 7,
    "(1 + 2) * 3": 9,
    "10 - 2 - 3": 5,
    "2 - -3": 5,
    "-2 * 3": -6,
    "7 div 2": 3.5,
    "7 div 0": BLANK,
    "-7 mod 3": -1,
    "7 mod 0": BLANK,
    "0.1 + 0.2": 0.1 + 0.2,
    "0.1 + 0.2 + 0.3": 0.1 + 0.2 + 0.3,
    "999999999999999 * 2": BLANK,
    "999999999999999 * 999999999999999 * 0": BLANK,
    "-(0 * 5)": 0,
    "${n} + 1": 3.5,
    "${m} div 2": 3.5,
    "round(2.5)": 3,
    "round(-2.5)": -3,
    "round(0.49999999999999994)": 0,
    "round(2.345, 2)": 2.35,
    "round(1.005, 2)": 1,  # the double nearest to 1.005 is below it
    "round(-0.2)": 0,
    "round('')": BLANK,
    "int(2.9)": 2,
    "int(-2.9)": -2,
    "int(-0.5)": 0,
    "number('12.50')": 12.5,
    "number(' -7 ')": -7,
    "number('1e3')": BLANK,
    "number('12,5')": BLANK,
    "number('')": BLANK,
    "number(${o}) + 1": 8,
    "min(3, ${n}, 4)": 2.5,
    "max(3, '', ${m})": 7,
    "min(${a})": 1,
    "max(${a}, 9)": 9,
    "sum(${a})": 3.5,
    "sum(${double})": 7,
    "count(${rows})": 3,
    "count-selected(${s})": 2,
    "string-length(${t})": 9,
    "string-length('🙂')": 1,
    "string-length('')": 0,
    "date-diff(${d}, today())": 4,
    "date-diff('2024-02-28', '2024-03-01')": 2,
    "date-diff(today(), '1900-01-01')": -46348,
    "date-diff(${d}, '')": BLANK,
    "if(${y} = 'yes', 1, 2)": 1,
    "if(${n} > 3, 1, '')": BLANK,
    "coalesce('', ${n}, 4)": 2.5,
}
TRUE = [
    "true()",
    "not(false())",
    "not(1 > 2) and 2 >= 2",
    "false() or 1 < 2",
    "1 = 1 and 'a' != 'b'",
    "${t} = 'Đảng viên'",
    "${f} = ''",
    "${n} != ''",
    "${d} < '2026-11-24'",
    "${d} = '2026-11-20'",
    "'2026-12-01' > today()",
    "${w} >= '2026-02'",
    "max(${day}) = '2026-01-31'",
    "min(today(), ${d}) = ${d}",
    "selected(${s}, 'red')",
    "not(selected(${o}, 'red'))",
    "selected(${y}, 'yes')",
    "contains(${t}, 'viên')",
    "starts-with(${t}, 'Đảng')",
    "not(contains(${t}, ''))",
    "not('' < 1) and not('' >= 1)",
    "7 div 0 = ''",
    "${o} = '7'",
    "1 + 1 = 2 or false() and false()",
]


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.mark.parametrize("expression", [*NUMBERS, *(f"if({told}, 1, 0)" for told in TRUE)])
def test_on_both_sides(phone: Phone, expression: str) -> None:
    program = a_program(calculated(expression), rows={"max_rows": 4})
    expected = NUMBERS.get(expression, 1)
    for told in (on_the_server(program, ANSWERS, TODAY), phone(program, ANSWERS, TODAY)):
        assert told["answers"].get("result") == expected
        assert told["faults"] == []
