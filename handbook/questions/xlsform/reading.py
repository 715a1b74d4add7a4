"""A spreadsheet to a form, or all the cells that are in the way."""

from __future__ import annotations

import re
from itertools import count
from pathlib import PurePath
from typing import Any

from handbook.core.text import fold
from handbook.questions.definition import MOST_QUESTIONS, MOST_SECTIONS, Form, load
from handbook.questions.faults import Fault, FormRefused
from handbook.questions.program import compiled
from handbook.questions.xlsform.cells import MOST_FAULTS, Row, sheet_of
from handbook.questions.xlsform.dialect import COLUMNS, ENDS, OURS
from handbook.questions.xlsform.files import Sheets, judge, sheets_of
from handbook.questions.xlsform.questions import Question, choices_of, kind_of, question_of

MOST_ROWS = 2 * (MOST_QUESTIONS + MOST_SECTIONS)  # groups and repeats end with a row of their own
_JUDGED_ROW = re.compile(r"\[row : (\d+)\] On the '(\w+)' sheet, the '([\w:]+)' value")


def form_of(name: str, data: bytes) -> Form:
    """The form in a .xlsx or .xls file called `name`.

    Raises Invalid as `files.sheets_of` does; FormRefused with cells as places ("survey!C7") for what is not
    supported, what does not work, and what pyxform does not take."""
    reader = Reader(sheets_of(data))
    form = reader.form(name)
    if said := judge(reader.standard_rows()):
        raise FormRefused([reader.judged(said)])
    return form


class Reader:
    """Walks the sheets once and gathers faults."""

    def __init__(self, sheets: Sheets) -> None:
        self.faults = [
            Fault(f"{name}!A1", "xlsform.sheet", values={"name": name[:60]})
            for name, lines in sheets.items()
            if name not in COLUMNS and any(any(cell.strip() for cell in line) for line in lines)
        ]
        self._sheets = {name: sheet_of(name, sheets.get(name, [])) for name in COLUMNS}
        for sheet in self._sheets.values():
            self.faults += sheet.faults
        self._choices, faults = choices_of(self._sheets["choices"])
        self.faults += faults
        self._origin: dict[str, Row] = {}
        self._sections: list[dict[str, Any]] = []
        self._title: dict[str, str] = {}
        self._loose: dict[str, Any] | None = None
        self._open: list[tuple[str, Row, dict[str, Any]]] = []

    def form(self, name: str) -> Form:
        """The form that works. Raises FormRefused."""
        data = self._settings(name)
        self._title = data["title"]
        rows = self._sheets["survey"].rows
        if not rows:
            self.faults.append(Fault("survey!A1", "xlsform.no_questions"))
        if len(rows) > MOST_ROWS:
            self.faults.append(
                Fault(rows[MOST_ROWS].address("type"), "form.too_many_questions", values={"most": MOST_QUESTIONS})
            )
        for row in rows[:MOST_ROWS]:
            self._take(row)
        self.faults += [Fault(row.address("type"), "xlsform.not_closed") for _, row, _ in self._open]
        self._refuse_faults()
        try:
            form = load(data | {"sections": self._sections})
            compiled(form)
        except FormRefused as error:
            self.faults += [self._located(fault) for fault in error.faults]
        self._refuse_faults()
        return form

    def standard_rows(self) -> dict[str, list[dict[str, str]]]:
        """What the judge sees: columns of the standard, all words in one language."""
        return {name: [_standard(row) for row in sheet.rows] for name, sheet in self._sheets.items() if sheet.rows}

    def judged(self, said: str) -> Fault:
        """What pyxform says, at the cell that it names."""
        found = _JUDGED_ROW.search(said)
        rows = self._sheets[found[2]].rows if found and found[2] in self._sheets else []
        place = next((row.address(found[3]) for row in rows if found and row.number == int(found[1])), "survey!A1")
        return Fault(place, "xlsform.not_valid", values={"message": said})

    def _refuse_faults(self) -> None:
        if self.faults:
            raise FormRefused(self.faults[:MOST_FAULTS])

    def _settings(self, name: str) -> dict[str, Any]:
        rows = self._sheets["settings"].rows
        self.faults += [Fault(row.address("form_title"), "xlsform.one_row") for row in rows[1:]]
        cells = rows[0].cells if rows else {}
        if rows:
            self._origin[""] = rows[0]
        stem = PurePath(name).stem or "form"
        identifier = (
            cells.get("form_id")
            or re.sub("[^a-z0-9]+", "_", fold(stem)).lstrip("_0123456789")[:50].rstrip("_")
            or "form"
        )
        if rows and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,49}", identifier):
            self.faults.append(Fault(rows[0].address("form_id"), "xlsform.name", values={"name": identifier[:50]}))
        title = {"vi": cells.get("form_title") or stem}
        return {
            "name": identifier,
            "title": title | ({"en": cells["form_title_en"]} if "form_title_en" in cells else {}),
        }

    def _take(self, row: Row) -> None:
        told = kind_of(row, self._choices)
        if isinstance(told, Fault):
            self.faults.append(told)
        elif told.type in ENDS:
            self._close(row, ENDS[told.type])
        elif told.kind == "section":
            self._open_section(row, told)
        else:
            self._add(row, told)

    def _open_section(self, row: Row, told: Question) -> None:
        if self._open:
            self.faults.append(Fault(row.address("type"), "xlsform.nested"))
        data, faults = question_of(row, told)
        self.faults += faults
        self._origin[row.cells.get("name", "")] = row
        self._loose = None
        section = {"name": data.get("name", ""), "title": data.get("label", {}), "questions": []}
        self._sections.append(section | ({"relevant": data["relevant"]} if "relevant" in data else {}))
        self._open.append(("begin_group", row, self._sections[-1]))

    def _add(self, row: Row, told: Question) -> None:
        data, faults = question_of(row, told)
        self.faults += faults
        self._origin[row.cells.get("name", "")] = row
        for name in told.choice_rows:
            self._origin.setdefault(name, told.choice_rows[name])
        self._place()["questions"].append(data)
        if told.kind == "table":
            if any(kind == "begin_repeat" for kind, _, _ in self._open):
                self.faults.append(Fault(row.address("type"), "xlsform.nested"))
            data["questions"] = []
            self._open.append(("begin_repeat", row, data))

    def _place(self) -> dict[str, Any]:
        """Where a question goes: what is open, else a section made for what stands outside of groups."""
        if self._open:
            return self._open[-1][2]
        if self._loose is None:
            taken = {row.cells.get("name") for row in self._sheets["survey"].rows}
            taken |= {section["name"] for section in self._sections}
            name = next(name for number in count(1) if (name := f"part_{number}") not in taken)
            self._loose = {"name": name, "title": self._title, "questions": []}
            self._sections.append(self._loose)
        return self._loose

    def _close(self, row: Row, opened: str) -> None:
        if self._open and self._open[-1][0] == opened:
            self._open.pop()
        else:
            self.faults.append(Fault(row.address("type"), "xlsform.not_opened"))

    def _located(self, fault: Fault) -> Fault:
        """The same fault at a cell."""
        row = self._origin.get(fault.place)
        columns = {"title": "label", "choices": "type", "most": "most_files", "questions": "type", "": "name"}
        if row is None:
            place = "survey!A1"
        else:
            place = row.address("form_title" if row.sheet == "settings" else columns.get(fault.part, fault.part))
        return Fault(
            place, fault.code, fault.part, fault.at, {**fault.values, "name": fault.values.get("name", fault.place)}
        )


def _standard(row: Row) -> dict[str, str]:
    plain = {column.removesuffix(" vi"): told for column, told in row.cells.items() if not column.endswith(" en")}
    return {column: told for column, told in plain.items() if column not in OURS and column != "default_language"}
