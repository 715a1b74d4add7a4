"""Units: made, renamed, moved, closed, succeeded. Paths and numbers follow in the same transaction."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from uuid import UUID

from sqlalchemy import bindparam, func, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.organisation import queries
from handbook.organisation.forms import SuccessionIn, UnitIn
from handbook.organisation.models import CellCount, Level, Member, Post, Unit, UnitPredecessor
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope

# The trail keeps at most 400 characters of a path.
_LONGEST_PATH = 400


def ensure_levels(db: Session) -> None:
    """Have the levels of 294-QĐ/TW in the database; those there already stay as the operator left them."""
    present = set(db.exec(select(Level.code)))
    text = files("handbook.organisation").joinpath("levels.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["code"] in present:
            continue
        level = Level(
            code=row["code"],
            name=row["name"],
            rank=int(row["rank"]),
            holds_members=row["holds_members"] == "yes",
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        db.add(level)
    db.flush()


def create_unit(db: Session, actor: Actor, form: UnitIn) -> Unit:
    """Add a unit under its parent, or as the top of the tree. Raises Missing, Conflict, Invalid."""
    parent = queries.unit_by_code(db, form.parent_code) if form.parent_code else None
    require(actor, Action.UNIT_WRITE, Scope(parent.path if parent else "/"))
    if db.exec(select(Unit.id).where(Unit.code == form.code)).first():
        raise Conflict("unit.code_taken", unit=form.code)
    _check_level(db, form.level_code, parent)
    made = place(db, form, parent)
    renumber(db)
    _record(db, actor, "unit.create", made)
    return made


def place(db: Session, form: UnitIn, parent: Unit | None) -> Unit:
    """Put a checked unit into the tree, not yet numbered: an import numbers once at its end."""
    path = f"{parent.path if parent else '/'}{form.code}/"
    if len(path) > _LONGEST_PATH:
        raise Invalid(fields={"parent_code": "unit.too_deep"})
    made = Unit(
        code=form.code,
        name=form.name,
        level_code=form.level_code,
        parent_id=parent.id if parent else None,
        path=path,
        valid_from=form.valid_from or clock.today(),
    )
    db.add(made)
    db.flush()
    return made


def rename_unit(db: Session, actor: Actor, unit_id: UUID, *, name: str) -> Unit:
    """Give a unit another name; its code and place stay. Raises Missing, Invalid."""
    found = queries.unit(db, unit_id)
    require(actor, Action.UNIT_WRITE, Scope(found.path))
    if not (name := " ".join(name.split())) or len(name) > 200:
        raise Invalid(fields={"name": "field.missing" if not name else "field.string_too_long"})
    before, found.name = found.name, name
    detail = {"before": before, "after": name}
    _record(db, actor, "unit.rename", found, detail)
    return found


def move_unit(db: Session, actor: Actor, unit_id: UUID, *, parent_id: UUID) -> Unit:
    """Put a unit, with everything below it, under another parent.

    Needs the right at both places. Rights that flowed down from the old place end with the transaction.
    Raises Missing, Refused, Invalid."""
    found, parent = queries.unit(db, unit_id), queries.unit(db, parent_id)
    require(actor, Action.UNIT_WRITE, Scope(found.path))
    require(actor, Action.UNIT_WRITE, Scope(parent.path))
    if parent.path.startswith(found.path):
        raise Refused("unit.under_itself")
    _check_level(db, found.level_code, parent)
    before = found.path
    relocate(db, found, parent)
    renumber(db)
    _record(db, actor, "unit.move", found, {"before": before})
    return found


def relocate(db: Session, found: Unit, parent: Unit) -> None:
    """Rewrite the paths of a subtree for its new parent, not yet numbered."""
    db.flush()
    before, after = found.path, f"{parent.path}{found.code}/"
    moved = col(Unit.path).startswith(before, autoescape=True)
    longest = db.exec(select(func.max(func.length(Unit.path))).where(moved)).one() or 0
    if longest - len(before) + len(after) > _LONGEST_PATH:
        raise Invalid(fields={"parent_code": "unit.too_deep"})
    db.exec(update(Unit).where(moved).values(path=after + func.substr(Unit.path, len(before) + 1)))
    db.exec(update(Unit).where(col(Unit.id) == found.id).values(parent_id=parent.id))
    _forget(db)


def close_unit(db: Session, actor: Actor, unit_id: UUID, *, on: date | None = None) -> Unit:
    """End a unit on a day (giải thể). Its posts end with it; members and living units below leave first.

    Raises Missing, Refused."""
    found = queries.unit(db, unit_id)
    require(actor, Action.UNIT_WRITE, Scope(found.path))
    day = on or clock.today()
    below = select(Unit.id).where(Unit.parent_id == found.id, col(Unit.valid_to).is_(None))
    if db.exec(below).first() or queries.member_count(db, found):
        raise Refused("unit.not_empty")
    found.valid_to = day
    running = (col(Post.unit_id) == found.id, or_(col(Post.ends_on).is_(None), col(Post.ends_on) > day))
    db.exec(update(Post).where(*running).values(ends_on=day))
    _record(db, actor, "unit.close", found)
    return found


def succeed(db: Session, actor: Actor, unit_id: UUID, form: SuccessionIn) -> None:
    """State which units this one came out of (sáp nhập, hợp nhất, chia tách).

    Raises Missing, Conflict, Invalid."""
    found = queries.unit(db, unit_id)
    require(actor, Action.UNIT_WRITE, Scope(found.path))
    for predecessor_id in form.predecessor_ids:
        predecessor = queries.unit(db, predecessor_id)
        require(actor, Action.UNIT_WRITE, Scope(predecessor.path))
        if predecessor_id == unit_id:
            raise Invalid(fields={"predecessor_ids": "unit.own_predecessor"})
        if db.get(UnitPredecessor, (unit_id, predecessor_id)):
            raise Conflict("unit.predecessor_known", unit=predecessor.code)
        db.add(UnitPredecessor(unit_id=unit_id, predecessor_id=predecessor_id, kind=form.kind, on=form.on))
    _record(db, actor, "unit.succeed", found)


def renumber(db: Session) -> None:
    """Number the whole tree depth first, brothers by code (2 before 10), and write only what changed.

    Members and counts carry their cell's number and follow."""
    db.flush()
    table = SQLModel.metadata.tables["unit"]
    columns = select_columns(table.c.id, table.c.parent_id, table.c.code, table.c.number, table.c.last)
    known = {row.id: row for row in db.connection().execute(columns)}
    below: dict[UUID | None, list[UUID]] = defaultdict(list)
    for unit_id in sorted(known, key=lambda one: _natural(known[one].code)):
        below[known[unit_id].parent_id].append(unit_id)
    changed = [
        {"the_id": place.id, "number": place.number, "last": place.last}
        for place in _numbered(below)
        if (known[place.id].number, known[place.id].last) != (place.number, place.last)
    ]
    if not changed:
        return
    db.connection().execute(table.update().where(table.c.id == bindparam("the_id")), changed)
    for carrier in (Member, CellCount):
        now = select_columns(col(Unit.number)).where(col(Unit.id) == carrier.cell_id).scalar_subquery()
        db.exec(update(carrier).where(col(carrier.cell_number) != now).values(cell_number=now))
    _forget(db)


@dataclass(frozen=True)
class _Place:
    id: UUID
    number: int
    last: int


def _numbered(below: dict[UUID | None, list[UUID]]) -> Iterator[_Place]:
    """Walk without recursion: an imported tree may be deeper than Python's stack."""
    counter, open_units = 0, list[tuple[UUID, int, Iterator[UUID]]]()
    waiting = iter(below[None])
    while True:
        if (unit_id := next(waiting, None)) is not None:
            counter += 1
            open_units.append((unit_id, counter, waiting))
            waiting = iter(below.get(unit_id, ()))
        elif open_units:
            unit_id, number, waiting = open_units.pop()
            yield _Place(unit_id, number, counter)
        else:
            return


def _natural(code: str) -> list[tuple[int, int | str]]:
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.findall(r"\d+|\D+", code)]


def _check_level(db: Session, level_code: str, parent: Unit | None) -> Level:
    level = db.get(Level, level_code)
    if level is None or level.code not in {found.code for found in queries.levels(db)}:
        raise Invalid(fields={"level_code": "unit.level_unknown"})
    if parent is not None:
        upper = db.get(Level, parent.level_code)
        if upper is None:
            raise Missing("unit.missing")
        if upper.rank >= level.rank:
            raise Invalid(fields={"level_code": "unit.level_order"})
        if parent.valid_to and parent.valid_to <= clock.today():
            raise Refused("unit.closed", unit=parent.code)
    return level


def _record(db: Session, actor: Actor, action: str, unit: Unit, detail: dict[str, str] | None = None) -> None:
    audit.record(
        db,
        actor,
        action,
        subject=unit.id,
        subject_kind="unit",
        unit_path=unit.path,
        detail=dict(detail or {}),
    )


def _forget(db: Session) -> None:
    """Rows written past the session are read again when next looked at."""
    for row in list(db):
        if isinstance(row, (Unit, Member, CellCount)):
            db.expire(row)
