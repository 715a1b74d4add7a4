"""Reading the organisation: a reach as SQL, the tree, its members, and who acts with which posts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, true, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from handbook.core import clock
from handbook.core.columns import lasts
from handbook.core.errors import Missing, present
from handbook.core.paging import Page, from_cursor, to_cursor
from handbook.core.text import fold
from handbook.organisation.models import PRESENT, CellCount, Level, Member, Post, Sex, Status, Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor, Held, Role
from handbook.policy.decide import allowed
from handbook.policy.scopes import Reach, Scope, ancestors


@dataclass(frozen=True)
class MemberLine:
    """One member as a list shows them; the card number only masked."""

    id: UUID
    full_name: str
    name_key: str
    birth_date: date | None
    sex: Sex | None
    status: Status
    cell_id: UUID
    cell_name: str
    unit_path: str
    card_masked: str | None


@dataclass(frozen=True)
class PostLine:
    """One post held today, with the unit's name."""

    id: UUID
    member_id: UUID
    full_name: str
    role: Role
    unit_id: UUID
    unit_name: str
    unit_path: str
    starts_on: date
    ends_on: date | None


def within(reach: Reach, unit_path: Any, owner_id: Any = None) -> ColumnElement[bool]:
    """`reach` as a condition on the columns that hold a row's unit path and its member.

    Agrees with `Reach.covers` row by row, for paths of units (codes have one case and no wildcard)."""
    if reach.everywhere:
        return true()
    path = col(unit_path)
    ways: list[ColumnElement[bool]] = [path.startswith(top, autoescape=True) for top in reach.below]
    if reach.above:
        ways.append(path.in_(reach.above))
    if reach.own is not None and owner_id is not None:
        ways.append(col(owner_id) == reach.own)
    return or_(*ways) if ways else false()


def unit(db: Session, unit_id: UUID) -> Unit:
    """The unit. Raises Missing."""
    return present(db.get(Unit, unit_id), "unit.missing")


def unit_by_code(db: Session, code: str) -> Unit:
    """The unit with this code, in either case. Raises Missing."""
    return present(db.exec(select(Unit).where(Unit.code == code.strip().upper())).first(), "unit.missing", unit=code)


def unit_by_path(db: Session, path: str) -> Unit:
    """The unit that stands at `path`. Raises Missing."""
    return present(db.exec(select(Unit).where(Unit.path == path)).first(), "unit.missing")


def units(db: Session, reach: Reach) -> list[Unit]:
    """Every unit in reach, depth first, those that no longer exist left out."""
    standing = select(Unit).where(within(reach, Unit.path), lasts(Unit.valid_to, clock.today()))
    return list(db.exec(standing.order_by(col(Unit.number))))


def children(db: Session, unit_id: UUID) -> list[Unit]:
    """The units right below, in tree order."""
    return list(db.exec(select(Unit).where(Unit.parent_id == unit_id).order_by(col(Unit.number))))


def above(db: Session, path: str) -> list[Unit]:
    """The unit at `path` and every unit above it, the highest first."""
    return list(db.exec(select(Unit).where(col(Unit.path).in_(ancestors(path))).order_by(col(Unit.number))))


def levels(db: Session, on: date | None = None) -> list[Level]:
    """The levels that exist on a day (today when not told), the highest first."""
    day = on or clock.today()
    found = select(Level).where(col(Level.valid_from) <= day, lasts(Level.valid_to, day))
    return list(db.exec(found.order_by(col(Level.rank), col(Level.code))))


def member_count(db: Session, top: Unit) -> int:
    """Members now in the whole subtree of `top`: a sum over cells, never a scan of members."""
    counted = select(func.coalesce(func.sum(CellCount.members), 0))
    return int(db.exec(counted.where(col(CellCount.cell_number).between(top.number, top.last))).one())


def member(db: Session, member_id: UUID) -> Member:
    """The member, also one who has left. Raises Missing."""
    return present(db.get(Member, member_id), "member.missing")


def scope_of(db: Session, member_id: UUID) -> Scope:
    """Where a member's record stands: their cell and themselves. Raises Missing."""
    cell = select(Unit.path).join(Member, col(Member.cell_id) == Unit.id)
    path = db.exec(cell.where(Member.id == member_id)).first()
    return Scope(unit_path=present(path, "member.missing"), owner_id=member_id)


def members_of(
    db: Session,
    reach: Reach,
    *,
    below: Unit | None = None,
    q: str = "",
    cursor: str = "",
    limit: int = 50,
    statuses: frozenset[Status] = PRESENT,
) -> Page[MemberLine]:
    """Members in reach in Vietnamese order, optionally of one subtree, found by any words of the name without
    diacritics; pages go by keyset, so a far page costs what the first does."""
    chosen = (
        select(Member, Unit.name, Unit.path)
        .join(Unit, col(Member.cell_id) == Unit.id)
        .where(within(reach, Unit.path, Member.id), col(Member.status).in_(statuses))
    )
    if below is not None:
        chosen = chosen.where(col(Member.cell_number).between(below.number, below.last))
    for word in fold(q).split():
        chosen = chosen.where(col(Member.name_fold).contains(word, autoescape=True))
    if after := _after(cursor):
        chosen = chosen.where(tuple_(col(Member.name_key), col(Member.id)) > after)
    rows = db.exec(chosen.order_by(col(Member.name_key), col(Member.id)).limit(limit + 1)).all()
    lines = [_line(found, name, path) for found, name, path in rows[:limit]]
    more = len(rows) > limit and bool(lines)
    return Page(lines, to_cursor(lines[-1].name_key, str(lines[-1].id)) if more else None)


def actor_of(db: Session, member_id: UUID) -> Actor:
    """The member as one who acts: their cell and the posts held today, read afresh: an ended post ends at once.

    Raises Missing for nobody, and for whoever is no longer a member (left, removed, expelled, deceased)."""
    rows = db.connection().execute(_ACTING, {"member_id": member_id, "today": clock.today()}).all()
    if not rows or rows[0].status not in PRESENT:
        raise Missing("member.missing")
    held = sorted((row.post_path, Role(row.role)) for row in rows if row.role is not None)
    return Actor(member_id, unit_path=rows[0].path, posts=tuple(Held(role, path) for path, role in held))


def posts_of(db: Session, member_id: UUID) -> list[PostLine]:
    """The posts a member holds today."""
    return _posts(db, Post.member_id == member_id)


def nearest_post(db: Session, actor: Actor, action: Action, scope: Scope) -> UUID | None:
    """In whose name an act is done: of the actor's posts that alone would allow it, the one nearest to where it is done.

    None for the system."""
    if actor.member_id is None:
        return None
    good = [
        post
        for post in posts_of(db, actor.member_id)
        if (held := Held(post.role, post.unit_path)) in actor.posts
        and allowed(replace(actor, posts=(held,)), action, scope)
    ]
    return max(good, key=lambda post: len(post.unit_path)).id if good else None


def holders(db: Session, unit_id: UUID, roles: Sequence[Role]) -> list[PostLine]:
    """Who holds one of `roles` in this very unit today."""
    return _posts(db, Post.unit_id == unit_id, col(Post.role).in_(roles))


def _after(cursor: str) -> tuple[str, UUID] | None:
    try:
        name, member_id = from_cursor(cursor, 2) or ("", "")
        return name, UUID(member_id)
    except ValueError:
        return None


def _posts(db: Session, *conditions: Any) -> list[PostLine]:
    rows = db.exec(
        select(Post, Member.full_name, Unit.name, Unit.path)
        .join(Member, col(Post.member_id) == Member.id)
        .join(Unit, col(Post.unit_id) == Unit.id)
        .where(_held_on(clock.today()), *conditions)
        .order_by(col(Unit.number), col(Post.role), col(Member.name_key))
    )
    return [
        PostLine(post.id, post.member_id, name, post.role, post.unit_id, unit, path, post.starts_on, post.ends_on)
        for post, name, unit, path in rows
    ]


def _held_on(day: Any) -> ColumnElement[bool]:
    return and_(col(Post.starts_on) <= day, lasts(Post.ends_on, day))


_PostUnit = aliased(Unit)
# Built once: this is asked at every request, and composing the statement costs more than running it.
_ACTING: Any = (
    select(Unit.path, Member.status, Post.role, col(_PostUnit.path).label("post_path"))
    .select_from(Member)
    .join(Unit, col(Unit.id) == Member.cell_id)
    .outerjoin(Post, and_(col(Post.member_id) == Member.id, _held_on(bindparam("today"))))
    .outerjoin(_PostUnit, col(_PostUnit.id) == Post.unit_id)
    .where(Member.id == bindparam("member_id"))
)


def _line(found: Member, cell_name: str, path: str) -> MemberLine:
    return MemberLine(
        id=found.id,
        full_name=found.full_name,
        name_key=found.name_key,
        birth_date=found.birth_date,
        sex=found.sex,
        status=found.status,
        cell_id=found.cell_id,
        cell_name=cell_name,
        unit_path=path,
        card_masked=found.card_masked,
    )
