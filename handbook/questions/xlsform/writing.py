"""A form to a spreadsheet that `reading` gives back the same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook

from handbook.questions.definition import Form, Question, Wording
from handbook.questions.xlsform.dialect import COLUMNS, ENGLISH, KINDS, VIETNAMESE, WORDED, YES_NO_LIST

_WIDTHS = {"type": 22, "name": 20, "label": 48, "hint": 36, "list_name": 20, "form_title": 40}
_SAME_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 – the same form gives the same bytes
Cells = dict[str, str]


def workbook_of(form: Form) -> bytes:
    """The form as a .xlsx file."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": form.title.vi, "created": _SAME_DAY})
        _write(book, "survey", list(_survey(form)))
        _write(book, "choices", list(_choices(form)))
        _write(book, "settings", [_settings(form)])
    return out.getvalue()


def _write(book: Workbook, name: str, rows: list[Cells]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for index, heading in enumerate(_headings(name)):
        sheet.set_column(index, index, _WIDTHS.get(heading.partition("::")[0], 16))
        sheet.write_string(0, index, heading, bold)
        for number, cells in enumerate(rows, start=1):
            if told := cells.get(heading):  # written as a text: what begins with = is no formula
                sheet.write_string(number, index, told, wrapped)


def _headings(sheet: str) -> Iterator[str]:
    for column in COLUMNS[sheet]:
        if column in WORDED:
            yield f"{column}::{VIETNAMESE}"
            yield f"{column}::{ENGLISH}"
        else:
            yield column


def _settings(form: Form) -> Cells:
    told = {"form_title": form.title.vi, "form_id": form.name, "default_language": VIETNAMESE}
    return told | {"form_title_en": form.title.en or ""}


def _survey(form: Form) -> Iterator[Cells]:
    for section in form.sections:
        yield {
            "type": "begin_group",
            "name": section.name,
            "relevant": section.relevant,
            **_words("label", section.title),
        }
        yield from _questions(section.questions)
        yield {"type": "end_group"}


def _questions(questions: Any) -> Iterator[Cells]:
    for question in questions:
        yield _row(question)
        if question.kind == "table":
            yield from _questions(question.questions)
            yield {"type": "end_repeat"}


def _row(question: Question) -> Cells:
    kind = KINDS["whole_number" if getattr(question, "whole", False) else question.kind]
    told = {column: _cell(getattr(question, column, None)) for column in COLUMNS["survey"] if column not in WORDED}
    for column in sorted(WORDED):
        told |= _words(column, getattr(question, column, None))
    list_name = f" {question.name}_list" if question.kind in ("one_of", "many_of") else ""
    told |= {"type": kind.type + list_name, "appearance": kind.appearance}
    return told | {"most_files": str(question.most) if question.kind == "attachment" else ""}


def _cell(value: Any) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case tuple():
            return " ".join(value)
    return str(value)


def _words(column: str, wording: Wording | None) -> Cells:
    if wording is None:
        return {}
    return {f"{column}::{VIETNAMESE}": wording.vi, f"{column}::{ENGLISH}": wording.en or ""}


def _choices(form: Form) -> Iterator[Cells]:
    questions = list(form.questions())
    questions += [column for table in questions for column in getattr(table, "questions", ())]
    if any(question.kind == "yes_no" for question in questions):
        for name, (vi, en) in YES_NO_LIST.items():
            yield {"list_name": "yes_no", "name": name, **_words("label", Wording(vi=vi, en=en))}
    for question in questions:
        for choice in getattr(question, "choices", ()):
            yield {"list_name": f"{question.name}_list", "name": choice.name, **_words("label", choice.label)}
