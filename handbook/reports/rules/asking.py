"""Asking for reports: who owes what is written down once, on the day the request opens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, literal, update
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.columns import lasts, table_of
from handbook.core.errors import Conflict, Invalid, Refused, present
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member, Status, Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope
from handbook.reports.forms import ExcuseIn, RequestIn
from handbook.reports.models import (
    Duty,
    DutyState,
    FormVersion,
    ReportForm,
    ReportRequest,
    RequestUnit,
    Respondent,
)

# Members of these standings owe reports: one who is exempt is free of party work, one who lives elsewhere for a while
# reports there, and a candidate is no member yet.
OWING = frozenset({Status.OFFICIAL, Status.PROBATIONARY, Status.TEMPORARY_IN, Status.TRANSFERRED_OUT_PENDING})


def ask(db: Session, actor: Actor, form: RequestIn) -> ReportRequest:
    """Ask for one report of everybody concerned below a unit; it opens at once if its day has come.

    Raises Missing, Invalid (a version that is not published, of a form made elsewhere or that must have files; a level
    that does not exist)."""
    unit = organisation.unit(db, form.unit_id)
    require(actor, Action.REPORT_REQUEST, Scope(unit.path))
    _check_version(db, unit, form)
    if form.level_code and form.level_code not in {level.code for level in organisation.levels(db, form.opens_on)}:
        raise Invalid(fields={"level_code": "request.level"})
    request = ReportRequest(
        **form.model_dump(exclude={"grace_until"}), grace_until=form.ends_grace_on, created_by=actor.member_id
    )
    db.add(request)
    db.flush()
    _record(db, actor, "report.request", request, unit.path)
    if form.opens_on <= clock.today():
        _open(db, request, unit)
    return request


def open_due(db: Session) -> int:
    """Open every request whose day has come, and say how many. Safe to call at any time: each opens once."""
    waiting = (
        col(ReportRequest.opened_at).is_(None), col(ReportRequest.cancelled_at).is_(None),
        col(ReportRequest.opens_on) <= clock.today(),
    )  # fmt: skip
    found = db.exec(select(ReportRequest).where(*waiting).with_for_update()).all()
    for request in found:
        _open(db, request, organisation.unit(db, request.unit_id))
    return len(found)


def excuse(db: Session, actor: Actor, duty_id: UUID, form: ExcuseIn) -> Duty:
    """Give more time, or take a report that was not sent off what is expected. The reason is kept. Never one's own.

    Raises Missing, Conflict("duty.received"), Refused("duty.excused", "report.own"), Invalid for a day that gives no
    more time."""
    duty = present(db.exec(select(Duty).where(Duty.id == duty_id).with_for_update()).first(), "duty.missing")
    path = organisation.unit(db, duty.unit_id).path
    require(actor, Action.REPORT_REQUEST, Scope(path))
    if actor.member_id is not None and duty.member_id == actor.member_id:
        raise Refused("report.own")
    if duty.received_at:
        raise Conflict("duty.received")
    if duty.excused_at:
        raise Refused("duty.excused")
    request = db.get_one(ReportRequest, duty.request_id)
    if form.extended_to and form.extended_to <= request.grace_until:
        raise Invalid(fields={"extended_to": "duty.extension"})
    duty.excuse = form.excuse
    if form.extended_to:
        duty.extended_to = form.extended_to
    else:
        duty.excused_at = clock.now()
        count(db, duty, expected=-1)
    db.flush()
    audit.record(
        db, actor, "duty.extend" if form.extended_to else "duty.excuse", subject=duty.member_id or duty.unit_id,
        subject_kind="member" if duty.member_id else "unit", unit_path=path, detail={"duty": str(duty.id)},
    )  # fmt: skip
    return duty


def count(db: Session, duty: Duty, **by: int) -> None:
    """Change the counts of the unit that owes, in this transaction."""
    counts = table_of(RequestUnit).c
    place = and_(counts.request_id == duty.request_id, counts.number == duty.unit_number)
    db.execute(update(table_of(RequestUnit)).where(place).values({name: counts[name] + n for name, n in by.items()}))


def _open(db: Session, request: ReportRequest, top: Unit) -> None:
    """Write down the tree below `top`, who owes, and how many of each unit. One statement each: a city has half a million
    members."""
    request.opened_at = clock.now()
    db.flush()
    standing = and_(
        col(Unit.number).between(top.number, top.last), lasts(Unit.valid_to, request.opens_on),
        col(Unit.valid_from) <= request.opens_on,
    )  # fmt: skip
    db.execute(_units_of(request, standing))
    db.execute(_duties_of(db, request, standing))
    units, duties = table_of(RequestUnit).c, table_of(Duty).c
    owing: Any = select(func.count()).where(duties.request_id == units.request_id, duties.unit_number == units.number)
    counted = update(table_of(RequestUnit)).where(units.request_id == request.id)
    db.execute(counted.values(expected=owing.scalar_subquery()))
    db.flush()


def _units_of(request: ReportRequest, standing: Any) -> Any:
    shown: list[Any] = [literal(request.id), Unit.number, Unit.last, Unit.id, Unit.parent_id, Unit.name]
    zeros = ["expected", "received", "on_time", "accepted"]
    names = ["request_id", "number", "last", "unit_id", "parent_id", "name", *zeros]
    return insert(RequestUnit).from_select(names, select(*shown, *(literal(0) for _ in zeros)).where(standing))


def _duties_of(db: Session, request: ReportRequest, standing: Any) -> Any:
    common: list[Any] = [
        _new_id(db), literal(request.id), Unit.id, Unit.number, literal(DutyState.OWED, table_of(Duty).c.state.type),
        literal(0), literal(""),
    ]  # fmt: skip
    names = ["id", "request_id", "unit_id", "unit_number", "state", "newest", "excuse"]
    if request.respondent == Respondent.UNIT:
        asked: Any = select(*common).where(standing, Unit.level_code == request.level_code)
        return insert(Duty).from_select(names, asked, include_defaults=False)
    asked = (
        select(*[*common, Member.id, Member.status])
        .join(Member, col(Member.cell_id) == Unit.id)
        .where(standing, col(Member.status).in_(OWING))
    )
    return insert(Duty).from_select([*names, "member_id", "member_status"], asked, include_defaults=False)


def _new_id(db: Session) -> Any:
    """An id for each row, made by the database itself."""
    if db.get_bind().dialect.name == "sqlite":
        return func.lower(func.hex(func.randomblob(16)))
    return func.gen_random_uuid()


def _check_version(db: Session, unit: Unit, form: RequestIn) -> None:
    version = db.get(FormVersion, form.version_id)
    made_in = version and organisation.unit(db, db.get_one(ReportForm, version.form_id).unit_id)
    if not (version and made_in and version.published_at and unit.path.startswith(made_in.path)):
        raise Invalid(fields={"version_id": "request.version"})
    if any(_must_have_files(question) for question in version.program["questions"]):
        raise Invalid(fields={"version_id": "request.files"})


def _must_have_files(question: dict[str, Any]) -> bool:
    """Reports carry no files yet: such a question could never be answered."""
    if question["kind"] == "attachment":
        return "required" in question
    return any(_must_have_files(column) for column in question.get("questions", ()))


def _record(db: Session, actor: Actor, action: str, request: ReportRequest, path: str) -> None:
    audit.record(
        db, actor, action, subject=request.id, subject_kind="report_request", unit_path=path,
        detail={"period": request.period},
    )  # fmt: skip
