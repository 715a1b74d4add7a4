"""Rows of a sheet by the names of their columns, each cell with the address that its author sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from handbook.core.text import nfc
from handbook.questions.faults import Fault
from handbook.questions.xlsform.dialect import COLUMN_ALIASES, COLUMNS, LANGUAGES, WORDED

MOST_FAULTS = 50  # told at once


@dataclass(frozen=True)
class Row:
    """The filled cells of a row, by column; those with words by column and language: "label vi"."""

    sheet: str
    number: int
    cells: dict[str, str]
    columns: dict[str, int]

    def address(self, column: str) -> str:
        """ "survey!C7"; the first cell of the row for a column that the sheet has not."""
        index = next(
            (self.columns[name] for name in (column, f"{column} vi", f"{column} en") if name in self.columns), 0
        )
        return address(self.sheet, index, self.number)

    def wording(self, column: str) -> dict[str, str]:
        """Words by language."""
        return {code: told for code in ("vi", "en") if (told := self.cells.get(f"{column} {code}", ""))}


@dataclass
class Sheet:
    """One sheet; `faults` are headings that are not understood."""

    name: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def address(sheet: str, column: int, row: int) -> str:
    """Where a cell is, from the column counted from nought and the row counted from one."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{sheet}!{letters}{row}"


def sheet_of(name: str, lines: list[list[str]]) -> Sheet:
    """A sheet whose first row holds the headings. A column without heading must be empty."""
    sheet = Sheet(name)
    headings = lines[0] if lines else []
    for index, heading in enumerate(headings):
        _add_column(sheet, index, heading)
    _settle_language(sheet)
    for number, line in enumerate(lines[1:], start=2):
        texts = {column: line[index].strip() for column, index in sheet.columns.items() if index < len(line)}
        if cells := {column: told for column, told in texts.items() if told}:
            sheet.rows.append(Row(name, number, cells, sheet.columns))
        if len(sheet.faults) < MOST_FAULTS:
            sheet.faults += _strays(sheet, headings, line, number)
    return sheet


def _add_column(sheet: Sheet, index: int, heading: str) -> None:
    if not heading.strip():
        return
    column, code = _column(sheet.name, heading)
    if not code and column in sheet.columns:
        code = "xlsform.column_twice"
    if code:
        values = {"heading": heading.strip()[:60]}
        sheet.faults.append(Fault(address(sheet.name, index, 1), code, values=values))
    else:
        sheet.columns[column] = index


def _column(sheet: str, heading: str) -> tuple[str, str]:
    """The column that a heading names, and what is wrong with it."""
    plain = " ".join(nfc(heading).lower().replace("::", ":").split())
    base, _, language = plain.partition(":")
    base = COLUMN_ALIASES.get(base.strip(), base.strip().replace(" ", "_"))
    if plain in COLUMN_ALIASES:
        base, language = COLUMN_ALIASES[plain], ""
    if base not in COLUMNS[sheet] or (language and base not in WORDED):
        return base, "xlsform.column"
    if base not in WORDED:
        return base, ""
    spoken = _language(language.strip())
    return f"{base} {spoken}", "" if spoken else "xlsform.language"


def _language(told: str) -> str:
    """ "English (en)" is "en"; no language named is Vietnamese."""
    if not told:
        return "vi"
    name, _, code = told.rstrip(")").partition("(")
    return LANGUAGES.get(code.strip() or name.strip(), "")


def _settle_language(sheet: Sheet) -> None:
    """Words in one language alone are the form's words, whichever that language is."""
    if not any(column.endswith(" vi") for column in sheet.columns):
        sheet.columns = {
            (column.removesuffix(" en") + " vi" if column.endswith(" en") else column): index
            for column, index in sheet.columns.items()
        }


def _strays(sheet: Sheet, headings: list[str], line: list[str], number: int) -> Iterator[Fault]:
    for index, told in enumerate(line):
        if told.strip() and (index >= len(headings) or not headings[index].strip()):
            yield Fault(address(sheet.name, index, number), "xlsform.no_heading")
