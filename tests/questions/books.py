"""Workbooks as an author would type them."""

from __future__ import annotations

import io
from typing import Any

from xlsxwriter import Workbook

from handbook.questions.faults import Fault, FormRefused
from handbook.questions.xlsform import apart
from handbook.questions.xlsform.reading import Reader

HEAD = ["type", "name", "label"]
Line = list[Any]


def book(
    survey: list[Line], choices: list[Line] | None = None, settings: list[Line] | None = None, **more: list[Line]
) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as workbook:
        for name, lines in {"survey": survey, "choices": choices, "settings": settings, **more}.items():
            if lines is not None:
                sheet = workbook.add_worksheet(name)
                for number, line in enumerate(lines):
                    sheet.write_row(number, 0, line)
    return out.getvalue()


def reader(data: bytes) -> Reader:
    """Reads without a process of its own, which tests of files have."""
    return Reader(apart.read(data)["sheets"])


def refused(survey: list[Line], *more: list[Line], **sheets: list[Line]) -> list[Fault]:
    try:
        reader(book(survey, *more, **sheets)).form("x.xlsx")
    except FormRefused as error:
        return list(error.faults)
    return []
