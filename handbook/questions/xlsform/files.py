"""A file that claims to be a spreadsheet: looked at first, then read apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from handbook.core.archive import open_checked
from handbook.core.errors import Invalid

LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_SECONDS = 60  # until an answer is there, on a machine that has much else to do
_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book\x00".encode("utf-16-le"))
_REFUSED_MEMBERS = {
    "xl/vbaproject": "import.macros",
    "xl/macrosheets/": "import.macros",
    "xl/activex/": "import.macros",
    "xl/embeddings/": "import.macros",
    "xl/externallinks/": "import.links",
    "xl/connections": "import.links",
}
Sheets = dict[str, list[list[str]]]


def sheets_of(data: bytes) -> Sheets:
    """The texts of all cells of a .xlsx or .xls file, by sheet; every sheet begins at A1.

    Raises Invalid with import.too_large, import.empty, import.type, import.bomb, import.damaged, import.encrypted,
    import.macros or import.links (what it fetches from elsewhere)."""
    if not data:
        raise Invalid("import.empty")
    if len(data) > LARGEST_FILE:
        raise Invalid("import.too_large", limit=LARGEST_FILE)
    if data.startswith(_ZIP):
        _check_members(data)
    elif data.startswith(_OLE):
        _check_old(data)
    else:
        raise Invalid("import.type")
    sheets: Sheets = _apart("cells", data)["sheets"]
    return sheets


def judge(sheets: dict[str, list[dict[str, str]]]) -> str:
    """What pyxform, the reference of XLSForm, has against these rows; "" when it takes them.

    Raises Invalid "import.bomb" when it comes to no end."""
    said: str = _apart("judge", json.dumps(sheets).encode())["said"]
    return said


def _check_members(data: bytes) -> None:
    names = [name.lower() for name in open_checked(data).namelist()]
    if "xl/workbook.xml" not in names:
        raise Invalid("import.type")
    for name in names:
        for start, code in _REFUSED_MEMBERS.items():
            if name.startswith(start):
                raise Invalid(code)


def _check_old(data: bytes) -> None:
    """An old file is one stream of blocks; the names of its parts stand in it as they are."""
    if _ENCRYPTED in data:
        raise Invalid("import.encrypted")
    if not any(name in data for name in _WORKBOOKS):
        raise Invalid("import.type")
    if _MACROS in data:
        raise Invalid("import.macros")


def _apart(act: str, data: bytes) -> dict[str, Any]:
    """What `apart` made of it. It sees none of this process's secrets, and finds no code where the process stands."""
    command = [sys.executable, "-P", "-m", "handbook.questions.xlsform.apart", act]
    env = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, env=env, input=data, capture_output=True, timeout=MOST_SECONDS)  # noqa: S603 – our own
    except subprocess.TimeoutExpired:
        raise Invalid("import.bomb") from None
    if done.returncode != 0:  # out of memory or time, or the reader fell over
        raise Invalid("import.bomb")
    told: dict[str, Any] = json.loads(done.stdout)
    if "code" in told:
        raise Invalid(told.pop("code"), **told)
    return told
