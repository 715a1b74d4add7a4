"""One row of a survey to one question as JSON."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from handbook.questions.definition import LARGEST_NUMBER, MOST_CHOICES
from handbook.questions.faults import Fault
from handbook.questions.xlsform.cells import MOST_FAULTS, Row, Sheet
from handbook.questions.xlsform.dialect import ENDS, KINDS, NO, TYPE_ALIASES, YES, YES_NO_LIST

_SELECTS = {"select_one": "one_of", "select_multiple": "many_of"}
_CHOSEN = frozenset({"yes_no", "one_of", "many_of"})  # their type names a list as well
_NUMBER = re.compile(r"-?(?:[0-9]{1,16}(?:\.[0-9]{1,20})?|[0-9](?:\.[0-9]{1,20})?[eE][-+]?[0-9]{1,2})")
Choices = dict[str, list[Row]]


@dataclass(frozen=True)
class Question:
    """What the type of a row says: the kind of question, and the rows of its choices."""

    type: str
    kind: str = ""
    choices: tuple[Row, ...] = ()
    choice_rows: dict[str, Row] = field(default_factory=dict)


def choices_of(sheet: Sheet) -> tuple[Choices, list[Fault]]:
    """The rows of every list, and the first of the cells that are missing."""
    lists: Choices = defaultdict(list)
    for row in sheet.rows:
        lists[row.cells.get("list_name", "")].append(row)
    missing = (Fault(row.address(column), "xlsform.missing") for row in sheet.rows for column in _unfilled(row))
    return dict(lists), list(islice(missing, MOST_FAULTS))


def _unfilled(row: Row) -> Iterator[str]:
    yield from (column for column in ("list_name", "name") if column not in row.cells)
    if not row.wording("label"):
        yield "label"


def kind_of(row: Row, choices: Choices) -> Question | Fault:
    """What the row asks for, or its type's cell when that is not supported."""
    told = " ".join(row.cells.get("type", "").split())
    if not told:
        return Fault(row.address("type"), "xlsform.missing")
    type_ = TYPE_ALIASES.get(told.lower(), told.lower())
    if type_ in ENDS:
        return Question(type_)
    fitting = {known.appearance: kind for kind, known in KINDS.items() if kind not in _CHOSEN and known.type == type_}
    if (appearance := row.cells.get("appearance", "")) in fitting:
        return Question(type_, fitting[appearance])
    return _not_shown_so(row) if fitting else _select(row, told, choices)


def _not_shown_so(row: Row) -> Fault:
    return Fault(row.address("appearance"), "xlsform.appearance", values={"appearance": row.cells["appearance"][:60]})


def _select(row: Row, told: str, choices: Choices) -> Question | Fault:
    words, _, name = told.rpartition(" ")
    type_ = TYPE_ALIASES.get(words.lower(), words.lower())
    if type_ not in _SELECTS:
        return Fault(row.address("type"), "xlsform.type", values={"type": told[:60]})
    if "appearance" in row.cells:
        return _not_shown_so(row)
    rows = tuple(choices.get(name, ()))
    if not rows:
        return Fault(row.address("type"), "xlsform.list", values={"name": name[:60]})
    if len(rows) > MOST_CHOICES:
        return Fault(rows[MOST_CHOICES].address("name"), "xlsform.too_many_choices", values={"most": MOST_CHOICES})
    if type_ == "select_one" and name == "yes_no" and _is_yes_no(rows):
        return Question(type_, "yes_no")
    return Question(type_, _SELECTS[type_], rows, {other.cells.get("name", ""): other for other in rows})


def _is_yes_no(rows: tuple[Row, ...]) -> bool:
    told = {row.cells.get("name"): tuple(row.wording("label").values()) for row in rows}
    return len(rows) == 2 and told == YES_NO_LIST


def question_of(row: Row, told: Question) -> tuple[dict[str, Any], list[Fault]]:
    """The question as JSON, and the cells that it cannot have or cannot read."""
    faults = list(_missing(row, told)) + list(_misplaced(row, told))
    data: dict[str, Any] = {"name": row.cells.get("name", ""), "kind": told.kind.removeprefix("whole_")}
    for column in ("label", "hint", "constraint_message"):
        if wording := row.wording(column):
            data[column] = wording
    if told.kind == "whole_number":
        data["whole"] = True
    if told.choices:
        data["choices"] = [
            {"name": other.cells.get("name", ""), "label": other.wording("label")} for other in told.choices
        ]
    for column, read in _READERS.items():
        if column in row.cells:
            try:
                data["most" if column == "most_files" else column] = read(row.cells[column], told.kind)
            except ValueError:
                faults.append(Fault(row.address(column), "xlsform.value", values={"value": row.cells[column][:60]}))
    return data, faults


def _missing(row: Row, told: Question) -> Iterator[Fault]:
    if "name" not in row.cells:
        yield Fault(row.address("name"), "xlsform.missing")
    if "vi" not in row.wording("label"):
        yield Fault(row.address("label"), "xlsform.missing")
    if told.kind == "calculated" and "calculation" not in row.cells:
        yield Fault(row.address("calculation"), "xlsform.missing")


def _misplaced(row: Row, told: Question) -> Iterator[Fault]:
    """Cells that mean nothing for this kind of question would be lost in silence."""
    for column in row.cells:
        if column.removesuffix(" vi").removesuffix(" en") not in KINDS[told.kind].columns:
            yield Fault(row.address(column), "xlsform.not_here", values={"type": row.cells.get("type", "")[:60]})


def _required(cell: str, kind: str) -> bool | str:
    if cell.lower() in YES:
        return True
    return False if cell.lower() in NO else cell


def _number(cell: str, kind: str) -> float:
    if not _NUMBER.fullmatch(cell) or abs(float(cell)) > LARGEST_NUMBER:
        raise ValueError(cell)
    return float(cell)


def _count(cell: str, kind: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", cell):
        raise ValueError(cell)
    return int(cell)


def _default(cell: str, kind: str) -> Any:
    if kind in ("number", "whole_number"):
        return _number(cell, kind)
    return cell.split() if kind == "many_of" else cell


def _as_it_is(cell: str, kind: str) -> str:
    return cell


_READERS: dict[str, Callable[[str, str], Any]] = {
    "required": _required,
    "relevant": _as_it_is,
    "constraint": _as_it_is,
    "calculation": _as_it_is,
    "default": _default,
    "unit": _as_it_is,
    "minimum": _number,
    "maximum": _number,
    "min_rows": _count,
    "max_rows": _count,
    "most_files": _count,
}
