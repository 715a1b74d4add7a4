"""The judge by itself: each way of breaking the promise has its name, and what is no fault has none."""

from typing import Any

import pytest

from tests.chaos.judge import FileRow, Judgement, Proof, Row, judge

CITY, CELL = "city", "cell"


def an_entry(**changes: Any) -> dict[str, Any]:
    fields = {"kind": "opinion", "unit_id": CITY, "subject": "a", "text": "text"}
    entry = {
        "label": "a",
        "fields": fields,
        "hash": "h",
        "key": "k",
        "stored": True,
        "receipt": {"key": "k", "hash": "h"},
        "refused": None,
        "fate": None,
        "faults": [],
        "files": [],
    }
    return {**entry, **changes}


def a_file(**changes: Any) -> dict[str, Any]:
    file = {"id": "f", "sha256": "s", "receipt": {"key": "f", "hash": "s"}, "refused": None, "fate": None, "faults": []}
    return {**file, **changes}


ROW = Row("a", "m", "text", CITY, "opinion")
PROOF = Proof("k", "m", "h", 303)
UNHEARD = {"receipt": None, "fate": "evicted"}


def verdict(
    entry: dict[str, Any],
    rows: list[Row],
    proofs: list[Proof],
    left: tuple[str, ...] = (),
    files: tuple[FileRow, ...] = (),
) -> Judgement:
    phone = {"number": 0, "tag": "m", "history": [entry], "left": left, "last": "", "sent": ["k"]}
    return judge([phone], rows, proofs, list(files), always=CITY)


@pytest.mark.parametrize(
    ("entry", "rows", "proofs"),
    [
        (an_entry(), [ROW], [PROOF]),
        (an_entry(**UNHEARD), [], []),
        (an_entry(**UNHEARD), [ROW], [PROOF]),
        (an_entry(**UNHEARD, key=None), [ROW], [PROOF]),
        (an_entry(receipt=None, stored=False, key=None), [], []),
        (an_entry(receipt=None, refused="input.invalid", fields={"subject": "", "unit_id": CITY}), [], []),
        (an_entry(receipt=None, refused="input.invalid", fields={"subject": "a", "unit_id": CELL}), [], []),
        (an_entry(receipt=None, refused="form.version", form="99"), [], []),
        (an_entry(fields=None), [], [PROOF]),
    ],
)
def test_no_fault(entry: dict[str, Any], rows: list[Row], proofs: list[Proof]) -> None:
    found = verdict(entry, rows, proofs)
    assert found.clean, str(found)


@pytest.mark.parametrize(
    ("kinds", "entry", "rows", "proofs"),
    [
        ({"doubled"}, an_entry(), [ROW, ROW], [PROOF]),
        ({"doubled"}, an_entry(**UNHEARD), [ROW, ROW], [PROOF]),
        ({"lost", "unproven"}, an_entry(), [], []),
        ({"lost", "torn"}, an_entry(), [], [PROOF]),
        ({"unproven", "torn"}, an_entry(), [ROW], []),
        ({"lost", "unproven"}, an_entry(fate="evicted"), [], []),
        ({"lost"}, an_entry(receipt=None), [], []),
        ({"unproven"}, an_entry(), [ROW], [Proof("k", "m", "other", 303)]),
        ({"unproven"}, an_entry(), [ROW], [Proof("k", "somebody", "h", 303)]),
        ({"unproven"}, an_entry(), [ROW], [Proof("k", "m", "h", None)]),
        ({"unproven"}, an_entry(receipt={"key": "k", "hash": "other"}), [ROW], [PROOF]),
        ({"changed"}, an_entry(), [Row("a", "somebody", "text", CITY, "opinion")], [PROOF]),
        ({"changed"}, an_entry(), [Row("a", "m", "tex", CITY, "opinion")], [PROOF]),
        ({"denied"}, an_entry(receipt=None, stored=False, said="full"), [ROW], [PROOF]),
        ({"refused"}, an_entry(receipt=None, refused="receipt.other_body"), [], []),
        ({"refused"}, an_entry(receipt=None, refused="form.version"), [], []),
        ({"refused"}, an_entry(receipt=None, refused="input.invalid", form="99"), [], []),
        ({"misread"}, an_entry(form="99"), [ROW], [PROOF]),
        ({"stray"}, an_entry(), [ROW, Row("b", "m", "text", CITY, "opinion")], [PROOF]),
        ({"stray"}, an_entry(), [ROW], [PROOF, Proof("6f0f5ac4-6e53-4ac5-9a3e-0c1e2f3a4b5c", "m", "h", 303)]),
        ({"phone"}, an_entry(faults=["two keys"]), [ROW], [PROOF]),
    ],
)
def test_each_fault_has_its_name(kinds: set[str], entry: dict[str, Any], rows: list[Row], proofs: list[Proof]) -> None:
    found = verdict(entry, rows, proofs)
    assert {kind for kind, faults in found.faults.items() if faults} == kinds, str(found)


def test_what_was_not_finished_is_a_fault() -> None:
    assert set(verdict(an_entry(), [ROW], [PROOF], left=("a waiting busy",)).faults) == {"unfinished"}


WHOLE = FileRow("f", "m", "s", True, "s")
PART = FileRow("f", "m", "s", False, None)
LATE = {"receipt": None, "fate": "evicted"}


@pytest.mark.parametrize(
    ("kinds", "file", "rows"),
    [
        (set(), a_file(), (WHOLE,)),
        (set(), a_file(**LATE), (WHOLE,)),
        (set(), a_file(**LATE), (PART,)),
        ({"lost"}, a_file(), ()),
        ({"lost"}, a_file(), (PART,)),
        ({"lost"}, a_file(receipt=None), (PART,)),
        ({"refused"}, a_file(receipt=None, refused="attachment.missing"), ()),
        (set(), a_file(**LATE, refused="lost"), ()),
        ({"damaged"}, a_file(), (FileRow("f", "m", "s", True, "other"),)),
        ({"damaged"}, a_file(), (FileRow("f", "m", "s", True, None),)),
        ({"unproven"}, a_file(receipt={"key": "f", "hash": "other"}), (WHOLE,)),
        ({"changed"}, a_file(), (FileRow("f", "somebody", "s", True, "s"),)),
        ({"doubled", "stray"}, a_file(), (WHOLE, FileRow("g", "m", "s", True, "s"))),
        ({"phone"}, a_file(faults=["had its receipt"]), (WHOLE,)),
    ],
)
def test_a_file_is_judged_too(kinds: set[str], file: dict[str, Any], rows: tuple[FileRow, ...]) -> None:
    found = verdict(an_entry(files=[file]), [ROW], [PROOF], files=rows)
    assert {kind for kind, faults in found.faults.items() if faults} == kinds, str(found)
