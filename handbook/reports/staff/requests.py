"""Requests for reports: asking, and how many have come, down the tree to those that are missing."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from handbook.core.errors import Invalid
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.decide import reach
from handbook.reports.forms import RequestIn
from handbook.reports.models import Respondent
from handbook.reports.queries import forms, rates
from handbook.reports.rules.asking import ask
from handbook.reports.staff.opinions import staff
from handbook.reports.words import period_words
from handbook.web import current, words
from handbook.web.access import needs
from handbook.web.pages import page, see_other
from handbook.web.parsing import read

FIELD_NAMES = {
    "title": _l("Tên đợt báo cáo"),
    "version_id": _l("Mẫu"),
    "unit_id": _l("Phạm vi"),
    "respondent": _l("Ai báo cáo"),
    "level_code": _l("Cấp đơn vị"),
    "period": _l("Kỳ"),
    "opens_on": _l("Mở từ ngày"),
    "due_on": _l("Hạn nộp"),
    "grace_until": _l("Ân hạn đến hết ngày"),
    "locks_on": _l("Khóa sau ngày"),
}
_RESPONDENTS = [(Respondent.MEMBER, _l("Từng đảng viên")), (Respondent.UNIT, _l("Từng đơn vị"))]


@staff.get("/requests/")
@needs(Action.REPORT_REQUEST)
def request_index() -> ResponseReturnValue:
    """Every request made in my reach, the newest first, with its rate."""
    found = rates.requests(current.db(), current.actor())
    return page("reports/staff/request_index.html", layout="layouts/staff.html", lines=found, period=period_words)


@staff.get("/requests/new")
@needs(Action.REPORT_REQUEST)
def request_new() -> ResponseReturnValue:
    """An empty request."""
    return _form_page({})


@staff.post("/requests/")
@needs(Action.REPORT_REQUEST)
def request_create() -> ResponseReturnValue:
    """Ask. With faults the form is shown again as it was filled in."""
    db = current.db()
    try:
        made = ask(db, current.actor(), read(RequestIn))
    except Invalid as refusal:
        db.rollback()
        errors = {_field(name): words.say(code, refusal.values) for name, code in refusal.fields.items()}
        return _form_page(errors), 422
    return see_other("reports_staff.request_show", request_id=made.id)


@staff.get("/requests/<uuid:request_id>")
@needs(Action.REPORT_REVIEW)
def request_show(request_id: UUID) -> ResponseReturnValue:
    """The rate of one unit and of each part of it, and who is missing, as of now."""
    db, actor = current.db(), current.actor()
    asked = rates.request(db, actor, request_id)
    tops = rates.tops(db, actor, asked)
    unit_id = _uuid(request.args.get("unit", "")) or tops[0].unit_id
    whole = rates.rate(db, actor, asked, unit_id)
    found = rates.missing(db, actor, asked, unit_id, cursor=request.args.get("after", "")[:400])
    return page(
        "reports/staff/request_show.html",
        layout="layouts/staff.html",
        asked=asked,
        tops=tops,
        whole=whole,
        parts=rates.parts(db, actor, asked, unit_id),
        above=rates.above(db, actor, asked, whole),
        missing=found.rows,
        following=url_for("reports_staff.request_show", request_id=request_id, unit=unit_id, after=found.next)
        if found.next
        else None,
        period=period_words,
    )


def _form_page(errors: dict[str, str]) -> str:
    db, actor = current.db(), current.actor()
    units = organisation.units(db, reach(actor, Action.REPORT_REQUEST))
    return page(
        "reports/staff/request_new.html",
        layout="layouts/staff.html",
        filled={name: request.form.get(name, "").replace("\x00", "") for name in FIELD_NAMES},
        errors=errors,
        summary={name: f"{FIELD_NAMES[name]}: {errors[name]}" for name in FIELD_NAMES if name in errors},
        names=FIELD_NAMES,
        versions=[(str(line.version_id), f"{line.title} ({line.number})") for line in forms.published(db, actor)],
        units=[(str(unit.id), unit.name) for unit in units],
        levels=[(level.code, level.name) for level in organisation.levels(db)],
        respondents=_RESPONDENTS,
    )


def _field(name: str) -> str:
    """Where a fault of the form as a whole is shown."""
    return name if name in FIELD_NAMES else "due_on"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
