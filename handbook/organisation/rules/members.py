"""Members: added, transferred, their status changed. Counts of cells change in the same transaction."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Refused
from handbook.core.ids import new_id
from handbook.core.text import fold, name_key
from handbook.organisation import queries
from handbook.organisation.forms import MemberIn, StatusIn
from handbook.organisation.models import GONE, PRESENT, CellCount, Level, Member, Post, Status, Unit
from handbook.organisation.rules.cards import CardKeys, card_hash, sealed_columns
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope


def add_member(db: Session, actor: Actor, form: MemberIn, *, keys: CardKeys) -> Member:
    """Put a person into a cell. Raises Missing, Conflict (card known), Invalid (the unit is no cell)."""
    cell = queries.unit_by_code(db, form.cell_code)
    require(actor, Action.MEMBER_WRITE, Scope(cell.path))
    check_cell(db, cell)
    if form.card and db.exec(select(Member.id).where(Member.card_hash == card_hash(keys, form.card))).first():
        raise Conflict("member.card_taken")
    made = Member(**columns(form, new_id(), cell, keys))
    db.add(made)
    db.flush()
    count(db, cell, 1 if made.status in PRESENT else 0)
    audit.record(db, actor, "member.add", subject=made.id, subject_kind="member", unit_path=cell.path)
    return made


def columns(form: MemberIn, member_id: UUID, cell: Unit, keys: CardKeys) -> dict[str, Any]:
    """A checked form as the columns of one row; an import writes thousands of them at once."""
    return {
        "id": member_id,
        "full_name": form.full_name,
        "name_key": name_key(form.full_name),
        "name_fold": fold(form.full_name),
        "birth_date": form.birth_date,
        "sex": form.sex,
        "cell_id": cell.id,
        "cell_number": cell.number,
        "joined_on": form.joined_on,
        "official_on": form.official_on,
        "phone": form.phone,
        "email": form.email,
        "status": form.standing,
        **sealed_columns(keys, member_id, form.card),
    }


def transfer_member(db: Session, actor: Actor, member_id: UUID, *, cell_id: UUID) -> Member:
    """Move a member to another cell (chuyển sinh hoạt), with the right at both.

    Posts in the old cell end today: a secretary who leaves is no longer its secretary.
    Raises Missing, Refused, Invalid."""
    found, cell = queries.member(db, member_id), queries.unit(db, cell_id)
    left = queries.unit(db, found.cell_id)
    require(actor, Action.MEMBER_WRITE, Scope(left.path))
    require(actor, Action.MEMBER_WRITE, Scope(cell.path))
    check_cell(db, cell)
    if found.status in GONE:
        raise Refused("member.gone")
    if cell.id == left.id:
        raise Refused("member.same_cell")
    relocate(db, found, left, cell)
    log_transfer(db, actor, found, left, cell)
    return found


def log_transfer(db: Session, actor: Actor, found: Member, left: Unit, cell: Unit) -> None:
    """The trail's row for a transfer; it stands in the new cell and names both."""
    detail = {"from": left.code, "to": cell.code}
    where, kind = cell.path, "member"
    audit.record(db, actor, "member.transfer", subject=found.id, subject_kind=kind, unit_path=where, detail=detail)


def relocate(db: Session, found: Member, left: Unit, cell: Unit) -> None:
    """Change the cell, both counts, and end the posts held in the cell left."""
    found.cell_id, found.cell_number = cell.id, cell.number
    db.flush()
    if found.status in PRESENT:
        count(db, left, -1)
        count(db, cell, 1)
    _end_posts(db, found.id, Post.unit_id == left.id)


def set_status(db: Session, actor: Actor, member_id: UUID, form: StatusIn) -> Member:
    """Change where a member stands. Whoever leaves loses every post the same day; nobody changes their own.

    Raises Missing, Refused."""
    found = queries.member(db, member_id)
    cell = queries.unit(db, found.cell_id)
    require(actor, Action.MEMBER_WRITE, Scope(cell.path))
    if actor.member_id == found.id:
        raise Refused("member.own_status")
    if found.status == form.status:
        return found
    restate(db, found, cell, form.status)
    audit.record(db, actor, "member.status", subject=found.id, subject_kind="member", unit_path=cell.path)
    return found


def restate(db: Session, found: Member, cell: Unit, status: Status) -> None:
    """Write the status and what hangs on it: the cell's count and, for whoever leaves, the posts."""
    count(db, cell, (status in PRESENT) - (found.status in PRESENT))
    found.status = status
    db.flush()
    if status in GONE:
        _end_posts(db, found.id)


def check_cell(db: Session, cell: Unit) -> None:
    """Raises Invalid unless the unit takes members and still exists."""
    level = db.get(Level, cell.level_code)
    if level is None or not level.holds_members:
        raise Invalid(fields={"cell_code": "member.not_a_cell"}, unit=cell.code)
    if cell.valid_to and cell.valid_to <= clock.today():
        raise Invalid(fields={"cell_code": "unit.closed"}, unit=cell.code)


def count(db: Session, cell: Unit, by: int) -> None:
    """Change a cell's count by a number of members. The row comes with the first member."""
    if by == 0:
        return
    db.flush()
    changed = update(CellCount).where(col(CellCount.cell_id) == cell.id).values(members=col(CellCount.members) + by)
    if not db.exec(changed).rowcount:
        db.add(CellCount(cell_id=cell.id, cell_number=cell.number, members=by))
        db.flush()


def _end_posts(db: Session, member_id: UUID, *conditions: Any) -> None:
    today = clock.today()
    running = (col(Post.member_id) == member_id, or_(col(Post.ends_on).is_(None), col(Post.ends_on) > today))
    db.exec(update(Post).where(*running, *conditions).values(ends_on=today))
