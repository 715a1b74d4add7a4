"""Which column is what, whatever its heading's case, diacritics and notes, and what its cells say."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from handbook.core.errors import Invalid
from handbook.core.text import fold
from handbook.organisation.importing.reading import Cell, Row, Sheet
from handbook.organisation.importing.report import Problem
from handbook.organisation.models import Sex, Status

_HEADING_WITHIN = 15
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("ma don vi", "ma", "ma so", "ma to chuc", "ma to chuc dang"),
    "name": ("ten don vi", "ten", "ten to chuc", "ten to chuc dang", "don vi"),
    "level_code": ("cap", "cap to chuc", "loai", "loai hinh", "loai don vi", "loai to chuc"),
    "parent_code": ("ma cap tren", "ma don vi cap tren", "cap tren", "don vi cap tren", "truc thuoc"),
    "valid_from": ("tu ngay", "ngay thanh lap", "ngay bat dau", "hieu luc tu"),
}
MEMBER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "full_name": ("ho va ten", "ho ten", "ho va ten khai sinh", "ten dang vien", "dang vien"),
    "birth_date": ("ngay sinh", "sinh ngay", "ngay thang nam sinh", "ngay thang sinh"),
    "sex": ("gioi tinh", "gioi", "nam nu"),
    "cell_code": ("ma chi bo", "chi bo", "ma don vi", "ma chi bo sinh hoat"),
    "joined_on": ("ngay vao dang", "ngay ket nap", "ngay vao dang lan dau", "ngay vao"),
    "official_on": ("ngay chinh thuc", "ngay vao dang chinh thuc", "ngay cong nhan chinh thuc"),
    "card": ("so the", "so the dang", "so the dang vien", "so dinh danh", "so cccd", "so can cuoc"),
    "phone": ("dien thoai", "so dien thoai", "di dong", "dt"),
    "email": ("email", "e mail", "thu dien tu", "hop thu"),
    "status": ("tinh trang", "trang thai", "dien dang vien"),
}
_DATES = frozenset({"birth_date", "joined_on", "official_on", "valid_from"})
# Typed as a number, these have lost their leading zero before we ever see them.
_DIGITS = frozenset({"card", "phone"})
_SEXES = {"nam": Sex.MALE, "nu": Sex.FEMALE}
_STATUSES = {
    "quan chung": Status.CANDIDATE,
    "cam tinh": Status.CANDIDATE,
    "cam tinh dang": Status.CANDIDATE,
    "du bi": Status.PROBATIONARY,
    "dang vien du bi": Status.PROBATIONARY,
    "chinh thuc": Status.OFFICIAL,
    "dang vien chinh thuc": Status.OFFICIAL,
    "sinh hoat tam thoi": Status.TEMPORARY_IN,
    "tam thoi den": Status.TEMPORARY_IN,
    "tam thoi di": Status.TEMPORARY_OUT,
    "mien sinh hoat": Status.EXEMPT,
    "mien cong tac va sinh hoat": Status.EXEMPT,
    "dinh chi": Status.SUSPENDED,
    "dinh chi sinh hoat": Status.SUSPENDED,
    "dang chuyen di": Status.TRANSFERRED_OUT_PENDING,
    "da chuyen di": Status.LEFT,
    "ra khoi dang": Status.LEFT,
    "xoa ten": Status.REMOVED,
    "khai tru": Status.EXPELLED,
    "tu tran": Status.DECEASED,
}


class Unreadable(Exception):
    """A cell that does not say what its column asks for; the text is the code of the reason."""


@dataclass(frozen=True)
class Table:
    """Rows below the headings: `at` maps a field to its column, `headings` to the words over it."""

    file: str
    at: dict[str, int]
    headings: dict[str, str]
    rows: list[Row]
    unread: tuple[str, ...]

    def cell(self, row: Row, field: str) -> Cell:
        """What stands in the column of `field`, None when the file has no such column."""
        place = self.at.get(field)
        return None if place is None or place >= len(row.cells) else row.cells[place]

    def problem(self, row: Row, field: str, code: str, **values: object) -> Problem:
        """A problem that names the heading as the file has it."""
        return Problem(self.file, row.number, self.headings.get(field, ""), code, dict(values))


def recognised(sheet: Sheet, columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]) -> Table:
    """The sheet with its columns known. Titles above the headings are passed over.

    Raises Invalid when no heading row has the needed columns, or one field has two columns."""
    names = {alias: field for field, aliases in columns.items() for alias in (*aliases, _plain(field))}
    best: dict[str, int] = {}
    for place, row in enumerate(sheet.rows[:_HEADING_WITHIN]):
        at, twice = dict[str, int](), ""
        for index, cell in enumerate(row.cells):
            if (field := names.get(_plain(str(cell or "")))) is None:
                continue
            if field in at:
                twice = str(cell)
            at[field] = index
        if all(need in at for need in needed):
            if twice:
                raise Invalid("import.column_twice", file=sheet.file, column=twice)
            headings = {field: str(row.cells[index]) for field, index in at.items()}
            used = set(at.values())
            unread = tuple(str(cell) for index, cell in enumerate(row.cells) if index not in used and cell)
            return Table(sheet.file, at, headings, sheet.rows[place + 1 :], unread)
        best = max(best, at, key=len)
    missing = next(need for need in needed if need not in best)
    raise Invalid("import.column_missing", file=sheet.file, column=columns[missing][0])


def values(table: Table, row: Row, fields: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, object], list[Problem]]:
    """What a row says, field by field, and what in it cannot be read."""
    found: dict[str, object] = {}
    problems: list[Problem] = []
    for field in fields:
        cell = table.cell(row, field)
        if cell is None or cell == "":
            continue
        try:
            found[field] = _value(field, cell)
        except Unreadable as error:
            problems.append(table.problem(row, field, str(error), value=_shown(field, cell)))
    return found, problems


def _value(field: str, cell: Cell) -> object:
    if field in _DATES:
        return _day(cell)
    if isinstance(cell, (int, float)):
        if field in _DIGITS:
            raise Unreadable(f"import.{field}_as_number")
        if not math.isfinite(cell) or cell != int(cell):
            raise Unreadable("import.number")
        return str(int(cell))
    if isinstance(cell, date):
        raise Unreadable("import.date_here")
    text = str(cell)
    if field == "sex":
        return _word(_SEXES, text, "import.sex")
    if field == "status":
        return _word(_STATUSES, text, "import.status")
    return text


def _day(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        raise Unreadable("import.date_as_number")
    try:
        if match := _DAY_FIRST.fullmatch(cell):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _YEAR_FIRST.fullmatch(cell):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise Unreadable("import.no_such_day") from error
    raise Unreadable("import.date")


def _word(words: Mapping[str, StrEnum], text: str, code: str) -> StrEnum:
    if (found := words.get(_plain(text))) is None:
        raise Unreadable(code)
    return found


def _shown(field: str, cell: Cell) -> str:
    """What the report may repeat: never a card number, and no more than a glance needs."""
    if field in _DIGITS:
        return "…"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)[:60]


@lru_cache(maxsize=1024)
def _plain(heading: str) -> str:
    """`Số thẻ Đảng (*)` and `SO_THE_DANG` are the same heading."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(re.sub(r"\(.*?\)", " ", heading))))
