"""Runs in a process of its own: a file that eats memory or time, or that brings its reader down, harms nobody else.

Takes a workbook (``cells``) or rows (``judge``) on its input and writes JSON: what it made of them, or a code.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook, load_workbook

MOST_MEMORY = 1024 * 1024 * 1024  # bytes of address space
MOST_SECONDS = 30  # of the processor
MOST_CELLS = 400_000
MOST_SHEETS = 20
MOST_CHARACTERS = 4_000_000  # a text that a file holds once may stand in every cell


def main() -> None:
    """The one act that is named as argument."""
    _limit()
    data = sys.stdin.buffer.read()
    told = judged(json.loads(data)) if sys.argv[1] == "judge" else read(data)
    sys.stdout.buffer.write(json.dumps(told).encode())


def _limit() -> None:
    if sys.platform != "win32":
        import resource  # not there on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def read(data: bytes) -> dict[str, Any]:
    """The texts of all cells, by sheet."""
    try:
        book = load_workbook(io.BytesIO(data))
        return _sheets(book)
    except Exception:  # calamine has an exception for each of three formats, and others come out of its inside
        return {"code": "import.damaged"}


def _sheets(book: CalamineWorkbook) -> dict[str, Any]:
    if len(book.sheet_names) > MOST_SHEETS:
        return {"code": "import.bomb"}
    sheets: dict[str, list[list[str]]] = {}
    cells, characters = MOST_CELLS, MOST_CHARACTERS
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        cells -= sheet.total_height * sheet.total_width
        if cells < 0:
            return {"code": "import.bomb"}
        sheets[name] = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        characters -= sum(len(cell) for row in sheets[name] for cell in row)
        if characters < 0:
            return {"code": "import.bomb"}
    return {"sheets": sheets}


def _text(cell: Any) -> str:
    """A cell as its author sees it, dates the ISO way. A whole number is read as 3.0 and was written as 3."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def judged(sheets: dict[str, Any]) -> dict[str, Any]:
    """What pyxform has against these rows, "" when it takes them."""
    from pyxform.xls2xform import convert  # takes a second to load, and reading needs it not

    try:
        convert(sheets, validate=False)
    except Exception as error:  # its own kind for what it knows, any other for what it did not think of
        return {"said": str(error)[:1000] or type(error).__name__}
    return {"said": ""}


if __name__ == "__main__":
    main()
