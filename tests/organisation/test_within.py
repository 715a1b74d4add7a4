"""The SQL list and the single check say the same, for random trees, actors and acts."""

from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from handbook.core.ids import new_id
from handbook.organisation.models import Member, Status, Unit
from handbook.organisation.queries import within
from handbook.policy.actions import Action
from handbook.policy.actor import Actor, Held, Role
from handbook.policy.decide import allowed, reach
from handbook.policy.scopes import Scope
from tests.factories.organisation import LONG_AGO, a_member, a_unit

_trees = count(1)
# Without the phase that explains a failure: it takes a minute and says little about rows.
QUICK = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
# Codes that begin alike, and characters that LIKE or a regular expression could take for more than they are.
CODES = ["1", "10", "1.1", "11", "A", "A-1", "AB"]
SHAPES = st.lists(st.integers(0, 6), min_size=1, max_size=7)
POSTS = st.lists(st.tuples(st.sampled_from(list(Role)), st.integers(0, 8)), max_size=3)


def _tree(db: Session, parents: list[int]) -> list[Unit]:
    """A top and one unit for each number, which says under which earlier unit it hangs."""
    top = Unit(code=f"T{next(_trees)}", name="T", level_code="cell", path="", valid_from=LONG_AGO)
    top.path = f"/{top.code}/"
    units = [top]
    for index, parent in enumerate(parents):
        above = units[parent % len(units)]
        code = f"{top.code}.{CODES[index % len(CODES)]}"
        path = f"{above.path}{code}/"
        units.append(Unit(code=code, name=code, level_code="cell", path=path, valid_from=top.valid_from))
    return units


@settings(max_examples=25, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=SHAPES, posts=POSTS, home=st.integers(0, 8), nobody=st.booleans())
def test_within_agrees_with_allowed(
    db: Session, parents: list[int], posts: list[tuple[Role, int]], home: int, nobody: bool
) -> None:
    a_unit_exists(db)
    kept = db.begin_nested()
    units = _tree(db, parents)
    db.add_all(units)
    db.flush()
    members = [a_row(db, unit) for unit in units]
    held = tuple(Held(role, units[index % len(units)].path) for role, index in posts)
    me = home % len(units)
    actor = Actor(None if nobody else members[me].id, units[me].path, held)
    found = select(Member.id, Unit.path).join(Unit, col(Member.cell_id) == Unit.id)
    rows = db.exec(found).all()
    listed, single = {}, {}
    for act in Action:
        where = within(reach(actor, act), Unit.path, Member.id)
        listed[act] = {member_id for member_id, _ in db.exec(found.where(where))}
        single[act] = {member_id for member_id, path in rows if allowed(actor, act, Scope(path, member_id))}
    kept.rollback()
    assert listed == single


def a_unit_exists(db: Session) -> None:
    """The levels, and a stranger in another tree."""
    if not db.exec(select(Unit).where(Unit.code == "STRANGE")).first():
        a_member(db, cell=a_unit(db, "STRANGE", level="base_cell"))


def a_row(db: Session, unit: Unit) -> Member:
    member = Member(
        id=new_id(),
        full_name="A",
        name_key="a",
        name_fold="a",
        cell_id=unit.id,
        cell_number=0,
        status=Status.OFFICIAL,
    )
    db.add(member)
    db.flush()
    return member


def test_the_system_reaches_everything_and_nobody_nothing(db: Session) -> None:
    a_member(db)
    everything = within(reach(Actor.system(), Action.MEMBER_READ), Unit.path)
    nothing = within(reach(Actor(None, ""), Action.MEMBER_READ), Unit.path)
    assert len(db.exec(select(Unit).where(everything)).all()) == len(db.exec(select(Unit)).all())
    assert db.exec(select(Unit).where(nothing)).all() == []
