"""Rates: always of a stated denominator on a stated day. Sums over the units as they stood when the request opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from handbook.core import clock
from handbook.core.errors import Missing, present
from handbook.core.paging import Page, from_cursor, to_cursor
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member, Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import reach, require
from handbook.policy.scopes import Scope
from handbook.reports.models import Duty, ReportRequest, RequestUnit

PAGE_SIZE = 50
_Part: Any = aliased(RequestUnit)


@dataclass(frozen=True)
class Rate:
    """Counts of one unit and all below it, as of `at`. A share is always of `expected`."""

    at: datetime
    unit_id: UUID
    name: str
    number: int
    last: int
    expected: int
    received: int
    on_time: int
    accepted: int


@dataclass(frozen=True)
class RequestLine:
    """One request as a list shows it, with the counts of all it asks."""

    id: UUID
    title: str
    period: str
    unit_name: str
    opens_on: date
    due_on: date
    opened_at: datetime | None
    cancelled_at: datetime | None
    expected: int
    received: int
    on_time: int


@dataclass(frozen=True)
class MissingLine:
    """Who has not sent a report: a member, or the unit itself."""

    duty_id: UUID
    member_name: str | None
    unit_name: str
    in_time_until: date
    excuse: str


def requests(db: Session, actor: Actor, *, limit: int = 30) -> list[RequestLine]:
    """Requests that the actor may follow: made in their reach, the newest first."""
    shown: list[Any] = [
        ReportRequest.id, ReportRequest.title, ReportRequest.period, Unit.name, ReportRequest.opens_on,
        ReportRequest.due_on, ReportRequest.opened_at, ReportRequest.cancelled_at,
        *(func.coalesce(func.sum(column), 0) for column in _COUNTS),
    ]  # fmt: skip
    asked = (
        select(*shown)
        .select_from(ReportRequest)
        .join(Unit, col(Unit.id) == ReportRequest.unit_id)
        .outerjoin(RequestUnit, col(RequestUnit.request_id) == ReportRequest.id)
        .where(organisation.within(reach(actor, Action.REPORT_REQUEST), Unit.path))
        .group_by(*shown[:8])
        .order_by(col(ReportRequest.opens_on).desc(), col(ReportRequest.id).desc())
        .limit(limit)
    )
    return [RequestLine(*row) for row in db.execute(asked)]


def request(db: Session, actor: Actor, request_id: UUID) -> ReportRequest:
    """A request that the actor may follow at least for a part. Raises Missing."""
    found = present(db.get(ReportRequest, request_id), "request.missing")
    if not tops(db, actor, found):
        raise Missing("request.missing")
    return found


def tops(db: Session, actor: Actor, asked: ReportRequest) -> list[RequestUnit]:
    """The highest units of the request that the actor may see the rates of."""
    within = reach(actor, Action.REPORT_REVIEW)
    whole = organisation.unit(db, asked.unit_id).path
    paths = [whole] if within.covers(Scope(whole)) else within.below
    chosen = (
        select(RequestUnit)
        .join(Unit, col(Unit.id) == RequestUnit.unit_id)
        .where(RequestUnit.request_id == asked.id, col(Unit.path).in_(paths))
        .order_by(col(RequestUnit.number))
    )
    found: list[RequestUnit] = []
    for unit in db.exec(chosen):
        if not found or unit.number > found[-1].last:
            found.append(unit)
    return found


def rate(db: Session, actor: Actor, asked: ReportRequest, unit_id: UUID) -> Rate:
    """The counts of one unit and all below it. Raises Missing."""
    unit = _unit(db, actor, asked, unit_id)
    place = col(_Part.number).between(unit.number, unit.last)
    sums = select(*_sums()).where(_Part.request_id == asked.id, place)
    return Rate(clock.now(), unit.unit_id, unit.name, unit.number, unit.last, *db.execute(sums).one())


def parts(db: Session, actor: Actor, asked: ReportRequest, unit_id: UUID) -> list[Rate]:
    """The counts of each unit right below this one, in tree order; for a cell, none."""
    unit = _unit(db, actor, asked, unit_id)
    inside = and_(
        _Part.request_id == RequestUnit.request_id, _Part.number.between(RequestUnit.number, RequestUnit.last)
    )
    shown: list[Any] = [RequestUnit.unit_id, RequestUnit.name, RequestUnit.number, RequestUnit.last]
    summed = (
        select(*shown, *_sums())
        .join(_Part, inside)
        .where(RequestUnit.request_id == asked.id, RequestUnit.parent_id == unit.unit_id)
        .group_by(*shown)
        .order_by(col(RequestUnit.number))
    )
    moment = clock.now()
    return [Rate(moment, *row) for row in db.execute(summed)]


def above(db: Session, actor: Actor, asked: ReportRequest, unit: Rate) -> list[RequestUnit]:
    """The units of the request that this one is a part of and the actor may see, the highest first."""
    around = (
        select(RequestUnit)
        .join(Unit, col(Unit.id) == RequestUnit.unit_id)
        .where(
            RequestUnit.request_id == asked.id, col(RequestUnit.number) < unit.number,
            col(RequestUnit.last) >= unit.last, organisation.within(reach(actor, Action.REPORT_REVIEW), Unit.path),
        )
        .order_by(col(RequestUnit.number))
    )  # fmt: skip
    return list(db.exec(around))


def missing(
    db: Session, actor: Actor, asked: ReportRequest, unit_id: UUID, *, cursor: str = "", limit: int = PAGE_SIZE
) -> Page[MissingLine]:
    """Who of a unit and all below it has not sent the report, within the actor's reach, in tree order."""
    unit = _unit(db, actor, asked, unit_id)
    order: list[Any] = [col(Duty.unit_number), func.coalesce(Member.name_key, ""), col(Duty.id)]
    shown: list[Any] = [
        Duty.id, Member.full_name, Unit.name, func.coalesce(Duty.extended_to, asked.grace_until), Duty.excuse,
        *order[:2],
    ]  # fmt: skip
    chosen = (
        select(*shown)
        .select_from(Duty)
        .join(Unit, col(Unit.id) == Duty.unit_id)
        .outerjoin(Member, col(Member.id) == Duty.member_id)
        .where(
            Duty.request_id == asked.id, col(Duty.unit_number).between(unit.number, unit.last),
            col(Duty.received_at).is_(None), col(Duty.excused_at).is_(None),
            organisation.within(reach(actor, Action.REPORT_REVIEW), Unit.path),
        )
    )  # fmt: skip
    if last := _last(cursor):
        chosen = chosen.where(tuple_(*order) > last)
    rows = db.execute(chosen.order_by(*order).limit(limit + 1)).all()
    lines = [MissingLine(*row[:5]) for row in rows[:limit]]
    more = (str(rows[limit - 1][5]), rows[limit - 1][6], str(lines[-1].duty_id)) if len(rows) > limit else None
    return Page(lines, to_cursor(*more) if more else None)


_COUNTS: tuple[Any, ...] = (RequestUnit.expected, RequestUnit.received, RequestUnit.on_time)


def _sums() -> list[Any]:
    return [
        func.coalesce(func.sum(column), 0) for column in (_Part.expected, _Part.received, _Part.on_time, _Part.accepted)
    ]


def _unit(db: Session, actor: Actor, asked: ReportRequest, unit_id: UUID) -> RequestUnit:
    found = db.exec(
        select(RequestUnit).where(RequestUnit.request_id == asked.id, RequestUnit.unit_id == unit_id)
    ).first()
    unit = present(found, "unit.missing")
    require(actor, Action.REPORT_REVIEW, Scope(organisation.unit(db, unit_id).path))
    return unit


def _last(cursor: str) -> tuple[int, str, UUID] | None:
    try:
        number, name, duty_id = from_cursor(cursor, 3) or ("", "", "")
        return int(number), name, UUID(duty_id)
    except ValueError:
        return None
