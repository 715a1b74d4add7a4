"""The rows of a units file put into the tree: new ones placed, known ones (by code) renamed or moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Invalid
from handbook.core.text import fold
from handbook.organisation import queries
from handbook.organisation.forms import UnitIn
from handbook.organisation.importing.columns import UNIT_COLUMNS, Table, values
from handbook.organisation.importing.reading import Row
from handbook.organisation.importing.report import Problem, Report
from handbook.organisation.models import CellCount, Level, Unit
from handbook.organisation.rules.tree import ensure_levels, place, relocate, renumber
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import reach
from handbook.policy.scopes import Scope

# What people write for a level besides its name in the reference data.
_LEVEL_WORDS = {
    "chi bo": "cell",
    "dang bo phuong": "ward",
    "dang bo xa": "ward",
    "dang bo dac khu": "ward",
    "dang uy phuong": "ward",
    "dang uy xa": "ward",
    "thanh uy": "province",
    "tinh uy": "province",
    "dang bo thanh pho": "province",
    "dang bo tinh": "province",
}


@dataclass(frozen=True)
class _Line:
    row: Row
    form: UnitIn


def import_units(db: Session, actor: Actor, table: Table, report: Report) -> None:
    """Bring the tree to what the file says, adding to `report`. Units that the file does not name stay.

    Writes as it goes: the caller undoes everything when there are problems."""
    ensure_levels(db)
    lines = _lines(db, table, report)
    known = {unit.code: unit for unit in db.exec(select(Unit))}
    where = reach(actor, Action.UNIT_WRITE)
    for line in _parents_first(lines, known, table, report):
        form = line.form
        parent = known[form.parent_code] if form.parent_code else None
        current = known.get(form.code)
        places = [parent.path if parent else "/"] + ([current.path] if current else [])
        if not all(where.covers(Scope(path)) for path in places):
            report.problems.append(table.problem(line.row, "code", "unit.missing", unit=form.code))
            continue
        try:
            known[form.code] = _put(db, actor, form, current, parent, report)
        except Invalid as error:
            field, code = next(iter(error.fields.items()))
            report.problems.append(table.problem(line.row, field, code))
    renumber(db)
    report.problems += _misplaced(db, table, {line.form.code: line.row for line in lines})


def _lines(db: Session, table: Table, report: Report) -> list[_Line]:
    levels = _level_names(db)
    lines, first = list[_Line](), dict[str, int]()
    for row in table.rows:
        found, problems = values(table, row, UNIT_COLUMNS)
        if "level_code" in found:
            word = " ".join(fold(str(found["level_code"])).replace(",", " ").split())
            if (level := levels.get(word)) is None:
                problems.append(table.problem(row, "level_code", "import.level", value=str(found["level_code"])[:60]))
            found["level_code"] = level
        form = None if problems else checked(UnitIn, found, table, row, problems)
        report.problems += problems
        if not isinstance(form, UnitIn):
            continue
        if form.code in first:
            report.problems.append(table.problem(row, "code", "import.repeated", line=first[form.code]))
            continue
        first[form.code] = row.number
        lines.append(_Line(row, form))
    return lines


def checked(kind: type, found: Mapping[str, object], table: Table, row: Row, problems: list[Problem]) -> object | None:
    """The input class made from a row, or None with the reasons added to `problems`."""
    try:
        return kind(**found)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            field = str(fault["loc"][0]) if fault["loc"] else "full_name"
            own = fault["msg"].removeprefix("Value error, ") if fault["type"] == "value_error" else ""
            problems.append(table.problem(row, field, own or f"field.{fault['type']}"))
        return None


def _level_names(db: Session) -> dict[str, str]:
    named = dict(_LEVEL_WORDS)
    for level in queries.levels(db):
        named[fold(level.name).replace(",", " ")] = level.code
        named[" ".join(fold(level.name).replace(",", " ").split())] = level.code
        named[level.code] = level.code
    return named


def _parents_first(lines: list[_Line], known: Mapping[str, Unit], table: Table, report: Report) -> list[_Line]:
    """The rows in an order in which a parent comes before what stands under it, whatever the file's order."""
    by_code = {line.form.code: line for line in lines}
    ordered, done = list[_Line](), set[str]()
    for line in lines:
        chain, passed = list[_Line](), set[str]()
        step: _Line | None = line
        while step is not None and step.form.code not in done:
            if step.form.code in passed:
                report.problems.append(table.problem(line.row, "parent_code", "unit.under_itself"))
                return []
            passed.add(step.form.code)
            chain.append(step)
            above = step.form.parent_code
            if above and above not in by_code and above not in known:
                report.problems.append(table.problem(step.row, "parent_code", "import.parent_missing", value=above))
                done |= passed
                chain.clear()
                break
            step = by_code.get(above) if above else None
        ordered += reversed(chain)
        done |= passed
    return ordered


def _put(db: Session, actor: Actor, form: UnitIn, current: Unit | None, parent: Unit | None, report: Report) -> Unit:
    if current is None:
        report.units.created += 1
        return place(db, form, parent)
    moved = current.parent_id != (parent.id if parent else None)
    changed = {
        name: new
        for name, new in (
            ("name", form.name),
            ("level_code", form.level_code),
            ("valid_from", form.valid_from),
        )
        if new is not None and getattr(current, name) != new
    }
    for name, new in changed.items():
        setattr(current, name, new)
    if moved:
        if parent is None:
            raise Invalid(fields={"parent_code": "unit.cannot_be_top"})
        if parent.path.startswith(current.path):
            raise Invalid(fields={"parent_code": "unit.under_itself"})
        relocate(db, current, parent)
        report.units.moved += 1
    elif changed:
        report.units.changed += 1
    else:
        report.units.same += 1
    if moved or changed:
        fields = sorted(changed) + (["parent_id"] if moved else [])
        audit.record(
            db,
            actor,
            "unit.import",
            subject=current.id,
            subject_kind="unit",
            unit_path=current.path,
            detail={"fields": fields},
        )
    return current


def _misplaced(db: Session, table: Table, rows: Mapping[str, Row]) -> list[Problem]:
    """Rows that leave a unit under one of the same or a lower level, under a closed one, or members in no cell."""
    upper, upper_level = aliased(Unit), aliased(Level)
    pairs = (
        select_columns(col(Unit.code), col(upper.code), col(Level.rank), col(upper_level.rank), col(upper.valid_to))
        .join(upper, col(Unit.parent_id) == col(upper.id))
        .join(Level, col(Unit.level_code) == col(Level.code))
        .join(upper_level, col(upper.level_code) == col(upper_level.code))
    )
    problems, today = list[Problem](), clock.today()
    for code, above, rank, above_rank, closed in db.connection().execute(pairs):
        row = rows.get(code) or rows.get(above)
        if row is not None and above_rank >= rank:
            problems.append(table.problem(row, "level_code", "unit.level_order"))
        if code in rows and closed and closed <= today:
            problems.append(table.problem(rows[code], "parent_code", "unit.closed", unit=above))
    peopled = (
        select(Unit.code)
        .join(CellCount, col(CellCount.cell_id) == col(Unit.id))
        .join(Level, col(Unit.level_code) == col(Level.code))
        .where(col(CellCount.members) > 0, col(Level.holds_members).is_(False))
    )
    for code in db.exec(peopled):
        if code in rows:
            problems.append(table.problem(rows[code], "level_code", "unit.holds_members"))
    return problems


def by_code(db: Session) -> dict[str, tuple[Unit, bool]]:
    """Every unit by its code, with whether members may stand in it today."""
    today = clock.today()
    found = select(Unit, Level.holds_members).join(Level, col(Unit.level_code) == col(Level.code))
    return {
        unit.code: (unit, holds and not (unit.valid_to and unit.valid_to <= today)) for unit, holds in db.exec(found)
    }


def by_id(cells: Mapping[str, tuple[Unit, bool]]) -> dict[UUID, Unit]:
    """The same units by id."""
    return {unit.id: unit for unit, _ in cells.values()}
