"""Files that mean harm, or are something else."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbook.core.errors import Invalid
from handbook.questions.xlsform.files import LARGEST_FILE, judge, sheets_of
from tests.questions.books import HEAD, book

PLAIN = book([HEAD, ["text", "t", "Chữ"]])
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"


def with_member(name: str, content: bytes, drop: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if member.filename not in (name, drop):
                target.writestr(member.filename, source.read(member))
        target.writestr(name, content)
    return out.getvalue()


def far_away(cell: str) -> bytes:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
    ).encode()


CASES = {
    "empty": (b"", "import.empty"),
    "text": (b"type,name,label", "import.type"),
    "a picture": (b"\x89PNG\r\n", "import.type"),
    "too large": (b"PK\x03\x04" + bytes(LARGEST_FILE), "import.too_large"),
    "cut off": (PLAIN[: len(PLAIN) // 2], "import.damaged"),
    "a bomb": (with_member("xl/media/a.xml", bytes(19 * 1024 * 1024)), "import.bomb"),
    "entities": (with_member(SHEET, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "import.bomb"),
    "macros": (with_member("xl/vbaProject.bin", b"x"), "import.macros"),
    "old macro sheets": (with_member("xl/macrosheets/sheet1.xml", b"<x/>"), "import.macros"),
    "links": (with_member("xl/externalLinks/externalLink1.xml", b"<x/>"), "import.links"),
    "connections": (with_member("xl/connections.xml", b"<x/>"), "import.links"),
    "another zip": (with_member("word/document.xml", b"<x/>", drop="xl/workbook.xml"), "import.type"),
    "a path": (with_member("../x", b"x"), "import.bomb"),
    "a cell at the other end": (with_member(SHEET, far_away("XFD1048576")), "import.bomb"),
    "many cells": (with_member(SHEET, far_away("CV9999")), "import.bomb"),
    "one long text in many cells": (book([["x" * 30_000] * 10] * 20), "import.bomb"),
    "no sheet": (with_member(SHEET, b"<x/>"), None),
    "old and encrypted": (OLE + "EncryptedPackage".encode("utf-16-le"), "import.encrypted"),
    "old, with macros": (OLE + "Workbook_VBA_PROJECT".encode("utf-16-le"), "import.macros"),
    "old, another program": (OLE + "WordDocument".encode("utf-16-le"), "import.type"),
    "old and broken": (OLE + "Workbook".encode("utf-16-le") + bytes(2000), "import.damaged"),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(case: str) -> None:
    data, code = CASES[case]
    try:
        sheets_of(data)
        found = None
    except Invalid as error:
        found = error.code
    assert found == code


def test_a_plain_file_is_read() -> None:
    assert sheets_of(PLAIN) == {"survey": [["type", "name", "label"], ["text", "t", "Chữ"]]}


@settings(max_examples=8, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.integers(1, 255))
def test_a_damaged_file_is_read_or_refused(place: int, change: int) -> None:
    broken = bytearray(PLAIN)
    broken[place] ^= change
    try:
        sheets_of(bytes(broken))
    except Invalid as error:
        assert error.code.startswith("import.")


def test_the_judge_is_heard() -> None:
    row = {"type": "text", "name": "t", "label": "Chữ"}
    assert judge({"survey": [row]}) == ""
    assert "must be unique" in judge({"survey": [row, row]})
