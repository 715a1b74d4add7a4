"""Reviewing what was sent: returned with a note, or accepted; never by its own author."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, select

from handbook.audit import rules as audit
from handbook.core.errors import Conflict, Refused, present
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import allowed, require
from handbook.policy.scopes import Scope
from handbook.reports.forms import ReviewIn
from handbook.reports.models import Duty, DutyState, Review, Submission, Verdict
from handbook.reports.rules.asking import count


def review(db: Session, actor: Actor, duty_id: UUID, form: ReviewIn) -> Review:
    """Return or accept the newest version of a report; its author sees the verdict, the notes and by which post.

    A report of a unit is for those above it. Raises Missing, Refused("report.own"), Conflict("report.newer") when another
    version has come since, Conflict("report.reviewed")."""
    duty = present(db.exec(select(Duty).where(Duty.id == duty_id).with_for_update()).first(), "duty.missing")
    scope = Scope(organisation.unit(db, duty.unit_id).path)
    require(actor, Action.REPORT_REVIEW, scope)
    judge = _judging(actor, duty, scope)
    submission = present(
        db.exec(select(Submission).where(Submission.duty_id == duty.id, Submission.number == duty.newest)).first(),
        "duty.missing",
    )
    if actor.member_id is not None and actor.member_id in (duty.member_id, submission.member_id):
        raise Refused("report.own")
    if form.number != duty.newest:
        raise Conflict("report.newer", newest=duty.newest)
    if duty.state != DutyState.SENT:
        raise Conflict("report.reviewed")
    duty.state = DutyState(form.verdict.value)
    made = Review(
        submission_id=submission.id, verdict=form.verdict, note=form.note, notes=form.notes,
        member_id=actor.member_id, post_id=organisation.nearest_post(db, judge, Action.REPORT_REVIEW, scope),
    )  # fmt: skip
    db.add(made)
    if form.verdict == Verdict.ACCEPTED:
        count(db, duty, accepted=1)
    db.flush()
    audit.record(
        db, actor, f"report.{form.verdict.value}", subject=duty.id, subject_kind="report", unit_path=scope.unit_path,
        detail={"number": form.number},
    )  # fmt: skip
    return made


def _judging(actor: Actor, duty: Duty, scope: Scope) -> Actor:
    """The actor with the posts that count here: of a unit's report, those above it. Raises Refused("report.own")."""
    if duty.member_id is not None or actor.is_system:
        return actor
    above = tuple(held for held in actor.posts if held.unit_path != scope.unit_path)
    judge = replace(actor, posts=above)
    if not allowed(judge, Action.REPORT_REVIEW, scope):
        raise Refused("report.own")
    return judge
