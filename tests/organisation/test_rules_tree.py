"""Units: numbers and paths agree after any moves, and rights follow the tree at once."""

import random

import pytest
from sqlmodel import Session, col, func, select

from handbook.audit import queries as trail
from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.organisation import queries
from handbook.organisation.forms import SuccessionIn, UnitIn
from handbook.organisation.models import CellCount, Member, Succession, Unit, UnitPredecessor
from handbook.organisation.rules import tree as rules
from handbook.policy.actions import Action
from handbook.policy.actor import Role
from handbook.policy.decide import allowed
from tests.factories.organisation import SYSTEM, a_member, a_unit, an_organisation


def assert_consistent(db: Session) -> None:
    """Every subtree by range of numbers equals the same by path prefix; members and counts carry their cell's."""
    units = db.exec(select(Unit)).all()
    assert sorted(unit.number for unit in units) == list(range(1, len(units) + 1))
    for unit in units:
        by_range = {other.id for other in units if unit.number <= other.number <= unit.last}
        assert by_range == {other.id for other in units if other.path.startswith(unit.path)}
        parent = next((other for other in units if other.id == unit.parent_id), None)
        assert unit.path == f"{parent.path if parent else '/'}{unit.code}/"
    number = {unit.id: unit.number for unit in units}
    for member in db.exec(select(Member)):
        assert member.cell_number == number[member.cell_id]
    counted = dict(db.exec(select(Member.cell_id, func.count()).group_by(col(Member.cell_id))).all())
    for row in db.exec(select(CellCount)):
        assert (row.cell_number, row.members) == (number[row.cell_id], counted.get(row.cell_id, 0))


def test_ranges_equal_prefixes_after_random_moves(db: Session) -> None:
    chance = random.Random(11)
    top = a_unit(db, "TU", level="province")
    wards = [a_unit(db, code, parent=top, level="ward") for code in ("1", "10", "2", "1A")]
    bases = [a_unit(db, f"B{n}", parent=chance.choice(wards), level="base_committee") for n in range(4)]
    cells = [a_unit(db, f"{n}", parent=chance.choice(wards + bases)) for n in range(20, 30)]
    for cell in cells[::2]:
        a_member(db, cell=cell)
    for _ in range(25):
        moved = chance.choice(bases + cells)
        above = chance.choice(wards + (bases if moved in cells else []))
        rules.move_unit(db, SYSTEM, moved.id, parent_id=above.id)
        assert_consistent(db)
    assert trail.verify(db).bad_seq is None


def test_brothers_are_numbered_by_code_with_2_before_10(db: Session) -> None:
    top = a_unit(db, "TU", level="province")
    for code in ("10", "2", "1", "1B", "1A"):
        a_unit(db, code, parent=top, level="ward")
    assert [unit.code for unit in queries.children(db, top.id)] == ["1", "1A", "1B", "2", "10"]


def test_moving_a_unit_moves_the_rights_at_once(db: Session) -> None:
    tree = an_organisation(db)
    officer, member = a_member(db, role=Role.ORG_STAFF), a_member(db, cell=tree.second_cell)
    actor = queries.actor_of(db, officer.id)
    assert allowed(actor, Action.MEMBER_READ, queries.scope_of(db, member.id))
    rules.move_unit(db, SYSTEM, tree.second_cell.id, parent_id=tree.other_ward.id)
    assert not allowed(queries.actor_of(db, officer.id), Action.MEMBER_READ, queries.scope_of(db, member.id))
    assert [unit.code for unit in queries.above(db, queries.scope_of(db, member.id).unit_path)] == [
        "TU",
        "10",
        "1.2",
    ]


def test_a_unit_cannot_go_under_itself(db: Session) -> None:
    tree = an_organisation(db)
    with pytest.raises(Refused, match="unit.under_itself"):
        rules.move_unit(db, SYSTEM, tree.ward.id, parent_id=tree.cell.id)


def test_a_ward_officer_moves_nothing_into_another_ward(db: Session) -> None:
    tree = an_organisation(db)
    actor = queries.actor_of(db, a_member(db, role=Role.ORG_STAFF).id)
    with pytest.raises(Missing):
        rules.move_unit(db, actor, tree.cell.id, parent_id=tree.other_ward.id)
    with pytest.raises(Missing):
        rules.rename_unit(db, actor, tree.other_cell.id, name="Chi bộ khác")
    with pytest.raises(Missing):
        rules.create_unit(db, actor, UnitIn(code="10.9", name="Mới", level_code="cell", parent_code="10"))
    assert rules.rename_unit(db, actor, tree.cell.id, name=" Chi bộ  mới ").name == "Chi bộ mới"


@pytest.mark.parametrize("level", ["province", "ward", "district", "nonsense"])
def test_levels_stand_in_order_and_only_those_in_force(db: Session, level: str) -> None:
    tree = an_organisation(db)
    with pytest.raises(Invalid):
        form = UnitIn(code="X", name="X", level_code=level, parent_code=tree.ward.code)
        rules.create_unit(db, SYSTEM, form)


@pytest.mark.parametrize("code", ["", "a b", "1/2", "A%", "A_B", "đ", "X" * 25, "../1", "-1"])
def test_codes_are_safe_path_segments(code: str) -> None:
    with pytest.raises(ValueError, match="field"):
        UnitIn(code=code, name="X", level_code="cell")


def test_a_code_is_taken_once(db: Session) -> None:
    tree = an_organisation(db)
    with pytest.raises(Conflict):
        form = UnitIn(code="1.1", name="X", level_code="cell", parent_code=tree.other_ward.code)
        rules.create_unit(db, SYSTEM, form)


def test_a_unit_closes_only_when_empty_and_ends_its_posts(db: Session) -> None:
    tree = an_organisation(db)
    member = a_member(db, cell=tree.cell, role=Role.CELL_SECRETARY, unit=tree.second_cell)
    with pytest.raises(Refused, match="unit.not_empty"):
        rules.close_unit(db, SYSTEM, tree.cell.id)
    with pytest.raises(Refused, match="unit.not_empty"):
        rules.close_unit(db, SYSTEM, tree.ward.id)
    rules.close_unit(db, SYSTEM, tree.second_cell.id, on=clock.today())
    assert queries.actor_of(db, member.id).posts == ()
    assert tree.second_cell not in queries.units(db, queries.Reach(everywhere=True))


def test_predecessors_are_kept_once(db: Session) -> None:
    tree = an_organisation(db)
    form = SuccessionIn(predecessor_ids=[tree.second_cell.id], kind=Succession.MERGER, on=clock.today())
    rules.succeed(db, SYSTEM, tree.cell.id, form)
    link = db.exec(select(UnitPredecessor)).one()
    assert (link.predecessor_id, link.kind) == (tree.second_cell.id, Succession.MERGER)
    with pytest.raises(Conflict):
        rules.succeed(db, SYSTEM, tree.cell.id, form)
    with pytest.raises(Invalid):
        rules.succeed(db, SYSTEM, tree.second_cell.id, form)
