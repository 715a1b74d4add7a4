"""Reports that wait for a review, one after the other. Every look at another's report is on record."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from pydantic import ValidationError

from handbook.audit.rules import record
from handbook.core.errors import Invalid, Missing
from handbook.policy.actions import Action
from handbook.questions import wording
from handbook.questions.definition import load
from handbook.reports.forms import ReviewIn
from handbook.reports.queries import duties as queries
from handbook.reports.rules.reviewing import review
from handbook.reports.staff.opinions import staff
from handbook.reports.words import ANSWERING_WORDS, period_words
from handbook.web import current
from handbook.web.access import needs
from handbook.web.pages import page, see_other
from handbook.web.parsing import clean, field_codes, read

_AT = "note."


@staff.get("/inbox")
@needs(Action.REPORT_REVIEW, writes=True)
def inbox() -> ResponseReturnValue:
    """Reports that wait, the longest first."""
    db, actor = current.db(), current.actor()
    found = queries.inbox(db, actor, cursor=request.args.get("after", "")[:200])
    shown = [str(line.id) for line in found.rows]
    if shown:
        record(db, actor, "report.list", subject=None, subject_kind="report", detail={"shown": shown})
    return page(
        "reports/staff/inbox.html",
        layout="layouts/staff.html",
        lines=found.rows,
        period=period_words,
        following=url_for("reports_staff.inbox", after=found.next) if found.next else None,
    )


@staff.get("/duties/<uuid:duty_id>")
@needs(Action.REPORT_READ, writes=True)
def duty_show(duty_id: UUID) -> ResponseReturnValue:
    """One report with all its versions, the form to review it, and the ones before and after it."""
    db, actor = current.db(), current.actor()
    found = queries.get(db, actor, duty_id)
    if found.may_send and not found.may_review:
        raise Missing("duty.missing")  # one's own is on the member's page
    record(
        db, actor, "report.view", subject=found.duty.member_id or found.duty.unit_id,
        subject_kind="member" if found.duty.member_id else "unit", unit_path=found.unit.path,
        detail={"duty": str(duty_id)},
    )  # fmt: skip
    before, after = queries.neighbours(db, actor, duty_id)
    form, language = load(found.version.definition), str(get_locale())
    return page(
        "reports/staff/duty_show.html",
        layout="layouts/staff.html",
        found=found,
        parts=wording.worded(form, found.newest.submission.answers, language) if found.newest else [],
        before=before,
        after=after,
        posts=ANSWERING_WORDS,
        period=period_words,
    )


@staff.post("/duties/<uuid:duty_id>/review")
@needs(Action.REPORT_REVIEW)
def review_create(duty_id: UUID) -> ResponseReturnValue:
    """Return or accept it, and go on to the next one that waits."""
    db, actor = current.db(), current.actor()
    _, after = queries.neighbours(db, actor, duty_id)
    review(db, actor, duty_id, _input())
    if after:
        return see_other("reports_staff.duty_show", duty_id=after)
    return see_other("reports_staff.inbox")


def _input() -> ReviewIn:
    if request.is_json:
        return read(ReviewIn)
    typed = {name: clean(text) for name, text in request.form.items()}
    notes = {name.removeprefix(_AT): text for name, text in typed.items() if name.startswith(_AT)}
    try:
        return ReviewIn.model_validate({**typed, "notes": notes})
    except ValidationError as error:
        raise Invalid(fields=field_codes(error)) from None
