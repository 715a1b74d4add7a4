"""A small valid organisation, and members in it. Invented names only."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, select

from handbook.core import clock
from handbook.organisation.forms import MemberIn, PostIn, UnitIn
from handbook.organisation.models import Member, Post, Unit
from handbook.organisation.rules.cards import CardKeys
from handbook.organisation.rules.members import add_member
from handbook.organisation.rules.posts import add_post
from handbook.organisation.rules.tree import create_unit, ensure_levels
from handbook.policy.actor import STAFF_ROLES, Actor, Role

KEYS = CardKeys(sealing=b"s" * 32, lookup=b"l" * 32)
SYSTEM = Actor.system()
LONG_AGO = date(2025, 7, 1)

_GIVEN = ("An", "Bình", "Chi", "Dũng", "Đào", "Giang", "Hạnh", "Khánh", "Lâm", "Minh", "Oanh", "Phúc", "Sơn")
_FAMILY = ("Nguyễn Văn", "Trần Thị", "Lê Quang", "Phạm Thu", "Hoàng Minh", "Vũ Ngọc")
_serial = count(1)


@dataclass(frozen=True)
class Organisation:
    """City TU; wards 1 and 10, so that a lost closing slash shows; cells 1.1 and 1.2 in one, 10.1 in 10."""

    city: Unit
    ward: Unit
    other_ward: Unit
    cell: Unit
    second_cell: Unit
    other_cell: Unit


def a_unit(db: Session, code: str, *, parent: Unit | None = None, level: str = "cell", name: str = "") -> Unit:
    """One unit; the levels come with the first."""
    ensure_levels(db)
    form = UnitIn(
        code=code,
        name=name or f"Đơn vị {code}",
        level_code=level,
        parent_code=parent.code if parent else None,
        valid_from=LONG_AGO,
    )
    return create_unit(db, SYSTEM, form)


def an_organisation(db: Session) -> Organisation:
    """The tree above, valid as a whole; the one already there when called again in the same database."""
    known = {unit.code: unit for unit in db.exec(select(Unit))}
    if "TU" not in known:
        city = a_unit(db, "TU", level="province", name="Đảng bộ thành phố Vân Hải")
        ward = a_unit(db, "1", parent=city, level="ward", name="Đảng bộ phường An Lạc Đông")
        other_ward = a_unit(db, "10", parent=city, level="ward", name="Đảng bộ phường Bến Gốm")
        a_unit(db, "1.1", parent=ward, name="Chi bộ tổ dân phố 1")
        a_unit(db, "1.2", parent=ward, name="Chi bộ tổ dân phố 2")
        a_unit(db, "10.1", parent=other_ward, name="Chi bộ tổ dân phố Bến Gốm")
        known = {unit.code: unit for unit in db.exec(select(Unit))}
    return Organisation(*(known[code] for code in ("TU", "1", "10", "1.1", "1.2", "10.1")))


def a_member(
    db: Session,
    *,
    cell: Unit | None = None,
    role: Role | str | None = None,
    unit: Unit | None = None,
    keys: CardKeys = KEYS,
    **fields: Any,
) -> Member:
    """A member of `cell` (cell 1.1 when not told), with the post `role` when told.

    The post is in `unit`, else in the cell for a role of the cell, and in the unit above for a staff role.
    `fields` go to `MemberIn`."""
    cell = cell or an_organisation(db).cell
    number = next(_serial)
    made = add_member(
        db,
        SYSTEM,
        MemberIn(
            **{
                "full_name": f"{_FAMILY[number % len(_FAMILY)]} {_GIVEN[number % len(_GIVEN)]}",
                "cell_code": cell.code,
                "birth_date": date(1960, 1, 1) + timedelta(days=number * 37 % 14000),
                "joined_on": date(2010, 2, 3),
                "official_on": date(2011, 2, 3),
                "card": f"{number + 900_000:012d}",
                **fields,
            }
        ),
        keys=keys,
    )
    if role is not None:
        a_post(db, made, Role(role), unit=unit)
    return made


def a_post(db: Session, member: Member, role: Role, *, unit: Unit | None = None, **dates: date) -> Post:
    """A post that began yesterday and has no end, unless `dates` say otherwise."""
    if unit is None:
        cell = db.get_one(Unit, member.cell_id)
        unit = cell if role not in STAFF_ROLES or cell.parent_id is None else db.get_one(Unit, cell.parent_id)
    started = {"starts_on": clock.today() - timedelta(days=1), **dates}
    return add_post(db, SYSTEM, member.id, PostIn(role=role, unit_id=unit.id, **started))
