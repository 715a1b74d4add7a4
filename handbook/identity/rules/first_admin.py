"""The first administrator: nobody can sign in after installation until this has been done."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from handbook.core.errors import Refused
from handbook.identity import queries
from handbook.identity.models import Purpose, Ticket
from handbook.identity.rules import tickets
from handbook.organisation.forms import MemberIn, PostIn, UnitIn
from handbook.organisation.models import Level, Member, Unit
from handbook.organisation.queries import posts_of
from handbook.organisation.rules.cards import CardKeys
from handbook.organisation.rules.members import add_member
from handbook.organisation.rules.posts import add_post
from handbook.organisation.rules.tree import create_unit, ensure_levels
from handbook.policy.actor import Actor, Role

# Rights over people come with ORG_STAFF; SYSTEM_ADMIN alone sees no member.
_ROLES = (Role.SYSTEM_ADMIN, Role.ORG_STAFF)


def invite(
    db: Session, *, keys: CardKeys, name: str, member_id: UUID | None = None, hours: float
) -> tuple[Ticket, str]:
    """A ticket for the first administrator: the member named, else a new one called ``name`` in the first cell.

    An empty organisation gets one cell to stand in. May be repeated until somebody has made a passkey.
    Raises Refused("ticket.first-admin-done"), Missing."""
    if queries.anyone_enrolled(db):
        raise Refused("ticket.first-admin-done")
    actor = Actor.system()
    chosen = member_id or _named(db, name) or _add(db, actor, name, keys)
    held = {post.role for post in posts_of(db, chosen)}
    for top in db.exec(select(Unit).where(col(Unit.parent_id).is_(None))):
        for role in _ROLES:
            if role not in held:
                add_post(db, actor, chosen, PostIn(role=role, unit_id=top.id))
    return tickets.issue(db, actor, chosen, Purpose.FIRST_ADMIN, hours=hours)


def _named(db: Session, name: str) -> UUID | None:
    """The one whom an earlier run of the command made."""
    return db.exec(select(Member.id).where(Member.full_name == name).limit(1)).first()


def _add(db: Session, actor: Actor, name: str, keys: CardKeys) -> UUID:
    cells = select(Unit).join(Level, col(Level.code) == col(Unit.level_code)).where(col(Level.holds_members))
    cell = db.exec(cells.where(col(Unit.valid_to).is_(None)).order_by(col(Unit.number)).limit(1)).first()
    if cell is None:
        ensure_levels(db)
        cell = create_unit(db, actor, UnitIn(code="QT", name="Bộ phận quản trị", level_code="base_cell"))
    return add_member(db, actor, MemberIn(full_name=name, cell_code=cell.code), keys=keys).id
