"""Reports that are owed: a member's own, those that wait for a review, and one with all that was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, tuple_
from sqlmodel import Session, col, select

from handbook.core.errors import Missing, present
from handbook.core.paging import Page, moment_and_id, to_cursor
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member, Post, Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor, Role
from handbook.policy.decide import allowed, reach, require
from handbook.policy.scopes import Scope
from handbook.reports.models import (
    Duty,
    DutyState,
    FormVersion,
    ReportForm,
    ReportRequest,
    Review,
    Submission,
    in_time_until,
    locks_on,
)

PAGE_SIZE = 20


@dataclass(frozen=True)
class DutyLine:
    """One report as a list shows it; its day is with what was given beyond the rule of its request."""

    id: UUID
    title: str
    period: str
    unit_name: str
    member_name: str | None
    state: DutyState
    newest: int
    in_time_until: date
    received_at: datetime | None
    on_time: bool | None


@dataclass(frozen=True)
class Judged:
    """One submission with what was said of it, and in whose name."""

    submission: Submission
    sender: str
    review: Review | None
    by: tuple[Role, str] | None


@dataclass(frozen=True)
class DutyView:
    """One report within reach: what is asked, and every version that was sent, the newest first."""

    duty: Duty
    request: ReportRequest
    form: ReportForm
    version: FormVersion
    unit: Unit
    member_name: str | None
    sent: Sequence[Judged]
    may_send: bool
    may_review: bool

    @property
    def state(self) -> DutyState:
        return self.duty.state

    @property
    def newest(self) -> Judged | None:
        return self.sent[0] if self.sent else None

    @property
    def in_time_until(self) -> date:
        return in_time_until(self.duty, self.request)

    @property
    def locks_on(self) -> date:
        return locks_on(self.duty, self.request)


def owed(db: Session, actor: Actor, *, limit: int = 50) -> list[DutyLine]:
    """What the actor owes or was given back, in person or for the units they lead, the nearest day first."""
    open_ = and_(
        col(Duty.state).in_((DutyState.OWED, DutyState.RETURNED)),
        col(Duty.excused_at).is_(None),
        col(ReportRequest.cancelled_at).is_(None),
    )
    asked = _lines().where(_own(actor), open_).order_by(_in_time(), col(Duty.id)).limit(limit)
    return [DutyLine(*row) for row in db.execute(asked)]


def sent(db: Session, actor: Actor, *, cursor: str = "", limit: int = PAGE_SIZE) -> Page[DutyLine]:
    """The actor's reports that were received, the newest first."""
    return _page(db, _lines().where(_own(actor)), cursor, limit, newest_first=True)


def inbox(db: Session, actor: Actor, *, cursor: str = "", limit: int = PAGE_SIZE) -> Page[DutyLine]:
    """Reports that wait for a review the actor may give, the longest waiting first. A unit's own are for those above."""
    return _page(db, _to_review(actor), cursor, limit)


def get(db: Session, actor: Actor, duty_id: UUID) -> DutyView:
    """One report with all its versions. Raises Missing."""
    shown: list[Any] = [Duty, ReportRequest, ReportForm, FormVersion, Unit, Member.full_name]
    asked = (
        select(*shown)
        .join(ReportRequest, col(ReportRequest.id) == Duty.request_id)
        .join(FormVersion, col(FormVersion.id) == ReportRequest.version_id)
        .join(ReportForm, col(ReportForm.id) == FormVersion.form_id)
        .join(Unit, col(Unit.id) == Duty.unit_id)
        .outerjoin(Member, col(Member.id) == Duty.member_id)
    )
    found = present(db.execute(asked.where(Duty.id == duty_id)).first(), "duty.missing")
    duty, request, form, version, unit, member_name = found
    scope = Scope(unit.path, owner_id=duty.member_id)
    require(actor, Action.REPORT_READ, scope)
    own = _is_own(actor, duty, unit)
    judged = _judged(db, duty)
    sender = judged[0].submission.member_id if judged else None
    may_review = (
        duty.state == DutyState.SENT
        and actor.member_id not in (duty.member_id, sender)
        and _may_review(actor, duty, unit)
    )
    return DutyView(duty, request, form, version, unit, member_name, judged, own, may_review)


def neighbours(db: Session, actor: Actor, duty_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The reports before and after this one among those that wait for the actor's review."""
    here = db.get(Duty, duty_id)
    if here is None or here.received_at is None:
        return None, None
    key: Any = tuple_(col(Duty.received_at), col(Duty.id))
    place = (here.received_at, here.id)
    waiting = _to_review(actor).with_only_columns(col(Duty.id))
    descending = waiting.where(key < place).order_by(col(Duty.received_at).desc(), col(Duty.id).desc())
    ascending = waiting.where(key > place).order_by(col(Duty.received_at), col(Duty.id))
    return db.execute(descending.limit(1)).scalar(), db.execute(ascending.limit(1)).scalar()


def version_for(db: Session, actor: Actor, duty_id: UUID) -> FormVersion:
    """The form of a report that the actor may write. Raises Missing."""
    found = get(db, actor, duty_id)
    if not found.may_send:
        raise Missing("duty.missing")
    return found.version


def _judged(db: Session, duty: Duty) -> list[Judged]:
    shown: list[Any] = [Submission, Member.full_name, Review, Post.role, Unit.name]
    asked = (
        select(*shown)
        .join(Member, col(Member.id) == Submission.member_id)
        .outerjoin(Review, col(Review.submission_id) == Submission.id)
        .outerjoin(Post, col(Post.id) == Review.post_id)
        .outerjoin(Unit, col(Unit.id) == Post.unit_id)
        .where(Submission.duty_id == duty.id)
        .order_by(col(Submission.number).desc(), col(Review.reviewed_at).desc())
    )
    rows = db.execute(asked).all()
    return [Judged(one, name, review, (role, unit) if role else None) for one, name, review, role, unit in rows]


def _is_own(actor: Actor, duty: Duty, unit: Unit) -> bool:
    if duty.member_id is not None:
        return duty.member_id == actor.member_id
    return actor.member_id is not None and unit.path in _led(actor)


def _led(actor: Actor) -> tuple[str, ...]:
    """Paths of the units that the actor writes reports for: those in which they hold a leading post themselves."""
    return reach(actor, Action.REPORT_SUBMIT).below


def _own(actor: Actor) -> ColumnElement[bool]:
    mine = col(Duty.member_id) == actor.member_id
    return or_(mine, and_(col(Duty.member_id).is_(None), col(Unit.path).in_(_led(actor))))


def _may_review(actor: Actor, duty: Duty, unit: Unit) -> bool:
    if duty.member_id is not None or actor.is_system:
        return allowed(actor, Action.REPORT_REVIEW, Scope(unit.path))
    return any(unit.path != top and unit.path.startswith(top) for top in reach(actor, Action.REPORT_REVIEW).below)


def _to_review(actor: Actor) -> Any:
    within = reach(actor, Action.REPORT_REVIEW)
    above = or_(col(Duty.member_id).is_not(None), col(Unit.path).not_in(within.below))
    return _lines().where(
        col(Duty.state) == DutyState.SENT,
        organisation.within(within, Unit.path),
        col(Duty.member_id).is_distinct_from(actor.member_id),
        above,
    )


def _in_time() -> Any:
    return func.coalesce(Duty.extended_to, ReportRequest.grace_until)


def _lines() -> Any:
    shown: list[Any] = [
        Duty.id, ReportRequest.title, ReportRequest.period, Unit.name, Member.full_name, Duty.state, Duty.newest,
        _in_time(), Duty.received_at, Duty.on_time,
    ]  # fmt: skip
    return (
        select(*shown)
        .select_from(Duty)
        .join(ReportRequest, col(ReportRequest.id) == Duty.request_id)
        .join(Unit, col(Unit.id) == Duty.unit_id)
        .outerjoin(Member, col(Member.id) == Duty.member_id)
    )


def _page(db: Session, wanted: Any, cursor: str, limit: int, *, newest_first: bool = False) -> Page[DutyLine]:
    key: Any = tuple_(col(Duty.received_at), col(Duty.id))
    wanted = wanted.where(col(Duty.received_at).is_not(None))
    if last := moment_and_id(cursor):
        wanted = wanted.where(key < last if newest_first else key > last)
    order = (col(Duty.received_at), col(Duty.id))
    ordered = wanted.order_by(*(column.desc() if newest_first else column for column in order))
    rows = [DutyLine(*row) for row in db.execute(ordered.limit(limit + 1))]
    shown = rows[:limit]
    last_one = shown[-1] if len(rows) > limit else None
    at = last_one.received_at.isoformat() if last_one and last_one.received_at else ""
    return Page(shown, to_cursor(at, str(last_one.id)) if last_one else None)
