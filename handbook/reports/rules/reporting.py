"""Sending a report: each sending is a version of its own, and none takes the place of one its author had not seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, Refused, present
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope
from handbook.questions.evaluation import Evaluated, evaluate
from handbook.reports.forms import SubmissionIn
from handbook.reports.models import Duty, DutyState, FormVersion, ReportRequest, Submission, in_time_until, locks_on
from handbook.reports.rules.asking import count

_FAR = timedelta(days=366)  # longer than anything waits to be sent


class Faulty(Invalid):
    """The answers break the form's own rules; `found` says at which questions."""

    def __init__(self, found: Evaluated) -> None:
        super().__init__(
            "report.faults",
            fields={f"q.{fault.place}": fault.code for fault in found.faults},
        )
        self.found = found


def send(
    db: Session, actor: Actor, duty_id: UUID, form: SubmissionIn, *, written_at: datetime | None = None
) -> Submission:
    """Store one version of a report that the actor owes. Filled in before the lock and arrived after it, it is taken and
    marked. The rules are applied for the day on which the phone says it was filled in, if that is within a year.

    Raises Missing, Invalid("report.version") for another form's answers, Refused("report.locked", "report.accepted",
    "duty.excused", "report.not_open"), Conflict("report.newer") when it was written on top of an older version (with the
    `newest` number), Faulty when the form's rules are broken."""
    duty = present(db.exec(select(Duty).where(Duty.id == duty_id).with_for_update()).first(), "duty.missing")
    request = db.get_one(ReportRequest, duty.request_id)
    path = organisation.unit(db, duty.unit_id).path
    require(actor, Action.REPORT_SUBMIT, Scope(path, owner_id=duty.member_id))
    if actor.member_id is None or (duty.member_id and duty.member_id != actor.member_id):
        raise Missing("duty.missing")
    moment = clock.now()
    late_arrival = _check_open(duty, request, moment, written_at)
    if form.version_id != request.version_id:
        raise Invalid("report.version")
    if form.based_on != duty.newest:
        raise Conflict("report.newer", newest=duty.newest)
    version = db.get_one(FormVersion, request.version_id)
    day = _day_of(form.filled_on, moment)
    found = evaluate(version.program, form.answers, day)
    if found.faults:
        raise Faulty(found)
    submission = Submission(
        duty_id=duty.id, number=duty.newest + 1, version_id=version.id, member_id=actor.member_id,
        answers=found.answers, filled_on=day, written_at=written_at, received_at=moment, late_arrival=late_arrival,
    )  # fmt: skip
    db.add(submission)
    _note(db, duty, request, submission)
    db.flush()
    audit.record(
        db, actor, "report.submit", subject=duty.id, subject_kind="report", unit_path=path,
        detail={"number": submission.number},
    )  # fmt: skip
    return submission


def _check_open(duty: Duty, request: ReportRequest, moment: datetime, written_at: datetime | None) -> bool:
    """Whether it arrives late although it was written in time."""
    if request.opened_at is None or request.cancelled_at:
        raise Refused("report.not_open")
    if duty.excused_at:
        raise Refused("duty.excused")
    if duty.state == DutyState.ACCEPTED:
        raise Refused("report.accepted")
    last = locks_on(duty, request)
    if clock.local(moment).date() <= last:
        return False
    if written_at is None or clock.local(written_at).date() > last:
        raise Refused("report.locked")
    return True


def _day_of(told: date | None, moment: datetime) -> date:
    today = clock.local(moment).date()
    return told if told and abs(told - today) <= _FAR else today


def _note(db: Session, duty: Duty, request: ReportRequest, submission: Submission) -> None:
    duty.newest = submission.number
    duty.state = DutyState.SENT
    if duty.received_at:
        return
    written = submission.written_at if submission.late_arrival else None
    day = clock.local(written or submission.received_at).date()
    duty.received_at, duty.on_time = submission.received_at, day <= in_time_until(duty, request)
    count(db, duty, received=1, on_time=int(duty.on_time))
