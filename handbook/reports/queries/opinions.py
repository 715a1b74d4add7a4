"""Reading opinions: a member's own, those that wait for an answer within reach, and one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from handbook.core.errors import Missing
from handbook.core.paging import Page, moment_and_id, to_cursor
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member, Post, Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor, Role
from handbook.policy.decide import allowed, reach, require
from handbook.policy.scopes import Scope
from handbook.reports.models import Attachment, Opinion, OpinionKind

PAGE_SIZE = 20
_Cell: Any = aliased(Unit)


@dataclass(frozen=True)
class OpinionLine:
    """One opinion as a list shows it; `letters` is the length of text and answer together."""

    id: UUID
    kind: OpinionKind
    subject: str
    unit_name: str
    owner_name: str
    cell_name: str
    submitted_at: datetime
    answered_at: datetime | None
    letters: int


@dataclass(frozen=True)
class OpinionView:
    """One opinion in reach. `own`: it is the reader's; `answered_by` is the role that answered, and in which unit."""

    opinion: Opinion
    unit: Unit
    owner_name: str
    cell_name: str
    answered_by: tuple[Role, str] | None
    own: bool
    may_answer: bool


@dataclass(frozen=True)
class Files:
    """How many files were announced with an opinion, and how many of them have arrived."""

    announced: int
    arrived: int


def mine(db: Session, actor: Actor, *, cursor: str = "", limit: int = PAGE_SIZE) -> Page[OpinionLine]:
    """The actor's own opinions, the newest first."""
    own = _lines().where(Opinion.owner_id == actor.member_id)
    return _page(db, own, cursor, limit, newest_first=True)


def waiting(db: Session, actor: Actor, *, cursor: str = "", limit: int = PAGE_SIZE) -> Page[OpinionLine]:
    """Opinions without an answer that the actor may give one to, the longest waiting first."""
    return _page(db, _to_answer(actor).where(col(Opinion.answered_at).is_(None)), cursor, limit)


def answered(db: Session, actor: Actor, *, cursor: str = "", limit: int = PAGE_SIZE) -> Page[OpinionLine]:
    """Opinions within the same reach that have their answer, the newest first."""
    done = _to_answer(actor).where(col(Opinion.answered_at).is_not(None))
    return _page(db, done, cursor, limit, newest_first=True)


def get(db: Session, actor: Actor, opinion_id: UUID) -> OpinionView:
    """One opinion, for its author and for whoever answers. Raises Missing."""
    found = db.execute(_one().where(col(Opinion.id) == opinion_id)).first()
    if found is None:
        raise Missing("opinion.missing")
    opinion, unit, owner_name, cell_name, role, post_unit = found
    require(actor, Action.OPINION_READ, Scope(unit.path, owner_id=opinion.owner_id))
    own = opinion.owner_id == actor.member_id
    may_answer = not own and opinion.answered_at is None and allowed(actor, Action.OPINION_ANSWER, Scope(unit.path))
    return OpinionView(opinion, unit, owner_name, cell_name, (role, post_unit) if role else None, own, may_answer)


def attachments(db: Session, opinion: Opinion) -> list[Attachment]:
    """The files announced with an opinion that the reader was given, arrived or not."""
    asked = select(Attachment).where(Attachment.opinion_id == opinion.id)
    return list(db.exec(asked.order_by(col(Attachment.created_at), col(Attachment.id))))


def files_of(db: Session, opinion_ids: list[UUID]) -> dict[UUID, Files]:
    """How many files belong to each of these opinions; those without any are not in it."""
    counted: list[Any] = [Attachment.opinion_id, func.count(), func.count(col(Attachment.completed_at))]
    asked = select(*counted).where(col(Attachment.opinion_id).in_(opinion_ids)).group_by(col(Attachment.opinion_id))
    return {opinion_id: Files(announced, arrived) for opinion_id, announced, arrived in db.execute(asked)}


def attachment(db: Session, actor: Actor, attachment_id: UUID) -> tuple[Attachment, OpinionView]:
    """A file that has arrived, and its opinion, for whoever may read that. Raises Missing."""
    found = db.get(Attachment, attachment_id)
    if found is None or found.completed_at is None:
        raise Missing("attachment.missing")
    return found, get(db, actor, found.opinion_id)


def addressees(db: Session, actor: Actor) -> list[Unit]:
    """The units to which the actor may write, their own cell first, then upwards."""
    return organisation.units(db, reach(actor, Action.OPINION_SUBMIT))[::-1]


def _lines() -> Any:
    letters = func.length(Opinion.text) + func.coalesce(func.length(Opinion.answer), 0)
    shown: list[Any] = [
        Opinion.id, Opinion.kind, Opinion.subject, Unit.name, Member.full_name, _Cell.name,
        Opinion.submitted_at, Opinion.answered_at, letters,
    ]  # fmt: skip
    return _joined(select(*shown))


def _one() -> Any:
    post_unit: Any = aliased(Unit)
    shown: list[Any] = [Opinion, Unit, Member.full_name, _Cell.name, Post.role, post_unit.name]
    return (
        _joined(select(*shown))
        .outerjoin(Post, col(Post.id) == Opinion.answer_post_id)
        .outerjoin(post_unit, post_unit.id == Post.unit_id)
    )


def _joined(chosen: Any) -> Any:
    """`chosen` from opinions with the unit addressed, the author and the author's cell."""
    return (
        chosen.select_from(Opinion)
        .join(Unit, col(Unit.id) == Opinion.unit_id)
        .join(Member, col(Member.id) == Opinion.owner_id)
        .join(_Cell, _Cell.id == Member.cell_id)
    )


def _to_answer(actor: Actor) -> Any:
    """Everything addressed within the actor's posts but what they wrote themselves."""
    within = organisation.within(reach(actor, Action.OPINION_ANSWER), Unit.path)
    return _lines().where(within, col(Opinion.owner_id).is_distinct_from(actor.member_id))


def _page(db: Session, wanted: Any, cursor: str, limit: int, *, newest_first: bool = False) -> Page[OpinionLine]:
    key: Any = tuple_(col(Opinion.submitted_at), col(Opinion.id))
    order = [col(Opinion.submitted_at), col(Opinion.id)]
    if last := moment_and_id(cursor):
        wanted = wanted.where(key < last if newest_first else key > last)
    ordered = wanted.order_by(*(column.desc() if newest_first else column for column in order))
    rows = [OpinionLine(*row) for row in db.execute(ordered.limit(limit + 1))]
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(shown, to_cursor(shown[-1].submitted_at.isoformat(), str(shown[-1].id)) if more else None)
