"""Posts: who holds which role where, and from when to when. Rights are read from them at every request."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.organisation import queries
from handbook.organisation.forms import PostIn
from handbook.organisation.models import GONE, Member, Post, Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope


def add_post(db: Session, actor: Actor, member_id: UUID, form: PostIn) -> Post:
    """Give a member a role in a unit, from a day (today when not told) up to, not including, another.

    Nobody gives one to themselves. Raises Missing, Refused, Conflict (held already), Invalid (dates)."""
    holder, unit = queries.member(db, member_id), queries.unit(db, form.unit_id)
    require(actor, Action.POST_WRITE, Scope(unit.path))
    require(actor, Action.MEMBER_READ, queries.scope_of(db, member_id))
    starts_on = form.starts_on or clock.today()
    _check(actor, holder, starts_on, form)
    if unit.valid_to and unit.valid_to <= starts_on:
        raise Refused("unit.closed", unit=unit.code)
    same = (Post.member_id == member_id, Post.unit_id == unit.id, Post.role == form.role)
    overlaps = or_(col(Post.ends_on).is_(None), col(Post.ends_on) > starts_on)
    before_end = [col(Post.starts_on) < form.ends_on] if form.ends_on else []
    if db.exec(select(Post.id).where(*same, overlaps, *before_end)).first():
        raise Conflict("post.held")
    made = Post(member_id=member_id, unit_id=unit.id, role=form.role, starts_on=starts_on, ends_on=form.ends_on)
    db.add(made)
    db.flush()
    _record(db, actor, "post.add", made, unit)
    return made


def end_post(db: Session, actor: Actor, post_id: UUID) -> Post:
    """End a post today: its rights are gone with this transaction. Raises Missing, Refused (ended before)."""
    if (found := db.get(Post, post_id)) is None:
        raise Missing("post.missing")
    unit = queries.unit(db, found.unit_id)
    require(actor, Action.POST_WRITE, Scope(unit.path))
    today = clock.today()
    if found.ends_on and found.ends_on <= today:
        raise Refused("post.ended")
    # A post that has not begun ends on the day it would begin: it never held.
    found.ends_on = max(today, found.starts_on)
    db.flush()
    _record(db, actor, "post.end", found, unit)
    return found


def _record(db: Session, actor: Actor, action: str, post: Post, unit: Unit) -> None:
    detail = {"role": post.role.value, "post": str(post.id)}
    whom, kind = post.member_id, "member"
    audit.record(db, actor, action, subject=whom, subject_kind=kind, unit_path=unit.path, detail=detail)


def _check(actor: Actor, holder: Member, starts_on: date, form: PostIn) -> None:
    if actor.member_id == holder.id:
        raise Refused("post.own")
    if holder.status in GONE:
        raise Refused("member.gone")
    if form.ends_on and form.ends_on <= starts_on:
        raise Invalid(fields={"ends_on": "post.ends_before_start"})
