"""Rows out of a csv or xlsx file, with the row numbers that its reader sees. Nothing is guessed about their meaning."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import python_calamine as calamine

from handbook.core.errors import Invalid
from handbook.core.text import nfc

Cell = str | int | float | date | None

_MOST_ROWS = 200_000
_MOST_COLUMNS = 200
# calamine lays a sheet out as one rectangle, so one cell far out would take all memory.
_MOST_CELLS = 5_000_000
_MOST_UNPACKED = 300 * 1024 * 1024
_SEPARATORS = ";,\t"
_CELL_AT = re.compile(rb'\br="([A-Z]{1,3})?(\d{1,7})"')


@dataclass(frozen=True)
class Row:
    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """The first sheet of a file; rows without any content are left out."""

    file: str
    rows: list[Row]


def read(path: Path, *, max_bytes: int) -> Sheet:
    """The rows of `path`. Raises Invalid with a reason when it cannot be read as what it claims to be."""
    if path.stat().st_size > max_bytes:
        raise Invalid("import.file_too_large", file=path.name, megabytes=max_bytes // 1024 // 1024)
    content = path.read_bytes()
    kind = path.suffix.lower()
    if kind == ".csv":
        rows = _csv(path.name, content)
    elif kind == ".xlsx":
        rows = _xlsx(path.name, content)
    else:
        raise Invalid("import.file_kind", file=path.name)
    filled = [row for row in rows if any(cell not in (None, "") for cell in row.cells)]
    if not filled:
        raise Invalid("import.file_empty", file=path.name)
    if len(filled) > _MOST_ROWS or max(len(row.cells) for row in filled) > _MOST_COLUMNS:
        raise Invalid("import.too_many_rows", file=path.name, rows=_MOST_ROWS, columns=_MOST_COLUMNS)
    return Sheet(path.name, filled)


def _csv(file: str, content: bytes) -> list[Row]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("import.encoding", file=file) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    rows, last = list[Row](), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            # A quoted cell may run over several lines; the row is where it begins.
            rows.append(Row(last + 1, [nfc(cell).strip() for cell in cells]))
            last = reader.line_num
    except csv.Error as error:
        raise Invalid("import.csv_broken", file=file, row=last + 1) from error
    return rows


def _xlsx(file: str, content: bytes) -> list[Row]:
    _refuse_bombs(file, content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except calamine.PasswordError as error:
        raise Invalid("import.file_locked", file=file) from error
    except (calamine.CalamineError, IndexError, OSError, ValueError) as error:
        raise Invalid("import.file_broken", file=file) from error
    return [Row(number, [_cell(value) for value in cells]) for number, cells in enumerate(table, start=1)]


def _refuse_bombs(file: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise Invalid("import.file_too_large", file=file, megabytes=_MOST_UNPACKED // 1024 // 1024)
            for part in packed.namelist():
                if part.startswith("xl/worksheets/") and _extent(packed.read(part)) > _MOST_CELLS:
                    raise Invalid("import.too_many_rows", file=file, rows=_MOST_ROWS, columns=_MOST_COLUMNS)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError) as error:
        # A workbook with a password is no zip file at all, but an OLE container.
        locked = content.startswith(b"\xd0\xcf\x11\xe0")
        raise Invalid("import.file_locked" if locked else "import.file_broken", file=file) from error


def _extent(sheet: bytes) -> int:
    """Cells in the rectangle that a sheet spans."""
    places = _CELL_AT.findall(sheet)
    height = max((int(number) for number in {number for _, number in places}), default=1)
    width = max((_column(letters) for letters in {letters for letters, _ in places}), default=1)
    return width * height


def _column(letters: bytes) -> int:
    """1 for A, 28 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return max(number, 1)


def _cell(value: object) -> Cell:
    match value:
        case str():
            return nfc(value).strip()
        case bool() | None:
            return None
        case datetime():
            return value.date()
        case int() | float() | date():
            return value
    return str(value)
