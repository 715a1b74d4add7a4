"""A report that a member owes: what became of it, and the form in which it is written.

Phones keep these pages and apply the form's rules by themselves: nothing here may depend on the hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from pydantic import ValidationError

from handbook.core.errors import Invalid, Missing
from handbook.policy.actions import Action
from handbook.questions import fields, wording
from handbook.questions.definition import Form, load
from handbook.questions.evaluation import defaults
from handbook.questions.program import Program
from handbook.reports.forms import SubmissionIn
from handbook.reports.models import DutyState, FormVersion
from handbook.reports.queries import duties as queries
from handbook.reports.queries.duties import DutyView
from handbook.reports.rules.reporting import Faulty, send
from handbook.reports.views.opinions import pages, written_at
from handbook.reports.words import ANSWER_WORDS, ANSWERING_WORDS, period_words
from handbook.web import current, words
from handbook.web.access import needs
from handbook.web.errors import wants_json
from handbook.web.pages import page, see_other
from handbook.web.parsing import clean, field_codes, read

OPEN = (DutyState.OWED, DutyState.SENT, DutyState.RETURNED)


@pages.get("/<uuid:duty_id>")
@needs(Action.REPORT_READ)
def duty_show(duty_id: UUID) -> ResponseReturnValue:
    """One of my own, with all that was sent and said. Reviewers have a page of their own, which leaves a trace."""
    found = _own(duty_id)
    newest = found.newest
    return page(
        "reports/duty_show.html",
        found=found,
        parts=wording.worded(load(found.version.definition), newest.submission.answers, str(get_locale()))
        if newest
        else [],
        may_write=found.may_send and found.duty.state in OPEN and not found.duty.excused_at,
        posts=ANSWERING_WORDS,
        period=period_words,
    )


@pages.get("/<uuid:duty_id>/edit")
@needs(Action.REPORT_SUBMIT)
def duty_edit(duty_id: UUID) -> ResponseReturnValue:
    """The form, filled in with what was sent last."""
    found = _own(duty_id)
    program = found.version.program
    answers = found.newest.submission.answers if found.newest else defaults(program)
    return _form_page(found, load(found.version.definition), _values(program, fields.shown(program, answers)), {})


@pages.post("/<uuid:duty_id>/submissions")
@needs(Action.REPORT_SUBMIT)
def submission_create(duty_id: UUID) -> ResponseReturnValue:
    """Send it. With faults the form is shown again as it was filled in; a script gets them as data."""
    db, actor = current.db(), current.actor()
    version = queries.version_for(db, actor, duty_id)
    try:
        send(db, actor, duty_id, _input(version), written_at=written_at())
    except Faulty as refusal:
        if wants_json():
            raise
        db.rollback()
        errors = {name: words.say(code, refusal.values) for name, code in refusal.fields.items()}
        for fault in refusal.found.faults:
            if fault.message:
                errors[f"q.{fault.place}"] = fault.message.get(str(get_locale())) or fault.message["vi"]
        found = _own(duty_id)
        values = _values(found.version.program, _typed())
        return _form_page(found, load(found.version.definition), values, errors), 422
    return see_other("reports.duty_show", duty_id=duty_id)


def _own(duty_id: UUID) -> DutyView:
    found = queries.get(current.db(), current.actor(), duty_id)
    if not found.may_send:
        raise Missing("duty.missing")
    return found


def _form_page(found: DutyView, form: Form, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    review = found.newest.review if found.newest else None
    return page(
        "reports/duty_edit.html",
        found=found,
        definition=form,
        values=values,
        errors=errors,
        summary=errors,
        notes=review.notes if review and found.duty.state == DutyState.RETURNED else {},
        versions={
            judged.submission.number: fields.shown(found.version.program, judged.submission.answers)
            for judged in found.sent
        },
        words={code: str(sentence) for code, sentence in ANSWER_WORDS.items()},
        posts=ANSWERING_WORDS,
        period=period_words,
    )


def _input(version: FormVersion) -> SubmissionIn:
    if request.is_json:
        return read(SubmissionIn)
    told = {
        "version_id": request.form.get("version_id"),
        "based_on": request.form.get("based_on"),
        "filled_on": request.form.get("filled_on", ""),
        "answers": fields.given(version.program, _typed()),
    }
    try:
        return SubmissionIn.model_validate(told)
    except ValidationError as error:
        raise Invalid(fields=field_codes(error)) from None


def _typed() -> dict[str, list[str]]:
    return {name: [clean(text) for text in texts] for name, texts in request.form.lists()}


def _values(program: Program, typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Field texts by name, and under "q.table#" how many rows a table has."""
    tables = [question["name"] for question in program["questions"] if question["kind"] == "table"]
    return {**typed, **{f"q.{name}#": fields.rows_of(typed, f"q.{name}.") for name in tables}}
