"""Staff pages: opinions that wait for an answer, and answering one. Every look at another's opinion is on record."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from handbook.audit.rules import record
from handbook.policy.actions import Action
from handbook.reports import queries
from handbook.reports.forms import AnswerIn
from handbook.reports.models import LONGEST_TEXT
from handbook.reports.rules import answering
from handbook.reports.words import ANSWERING_WORDS, KIND_WORDS
from handbook.web import current
from handbook.web.access import needs
from handbook.web.pages import page, see_other
from handbook.web.parsing import read

staff = Blueprint("reports_staff", __name__, url_prefix="/staff/reports")


@staff.get("/")
@needs(Action.OPINION_ANSWER, writes=True)
def index() -> ResponseReturnValue:
    """Those that wait, the longest first; or those that are done, the newest first."""
    db, actor = current.db(), current.actor()
    done = request.args.get("answered", "") == "1"
    asked = queries.answered if done else queries.waiting
    found = asked(db, actor, cursor=request.args.get("after", "")[:200])
    shown = [str(line.id) for line in found.rows]
    if shown:
        record(db, actor, "opinion.list", subject=None, subject_kind="opinion", detail={"shown": shown})
    answered = "1" if done else None
    return page(
        "reports/staff/index.html",
        layout="layouts/staff.html",
        done=done,
        lines=found.rows,
        kinds=KIND_WORDS,
        following=url_for("reports_staff.index", answered=answered, after=found.next) if found.next else None,
    )


@staff.get("/opinions/<uuid:opinion_id>")
@needs(Action.OPINION_ANSWER, writes=True)
def opinion_show(opinion_id: UUID) -> ResponseReturnValue:
    """One opinion, and the form to answer it. Whose it is learns from the trail that it was looked at."""
    db, actor = current.db(), current.actor()
    found = queries.get(db, actor, opinion_id)
    if not found.own:
        record(
            db, actor, "opinion.view", subject=found.opinion.owner_id, subject_kind="member",
            unit_path=found.unit.path, detail={"opinion": str(opinion_id)},
        )  # fmt: skip
    return page(
        "reports/staff/opinion_show.html",
        layout="layouts/staff.html",
        found=found,
        attachments=queries.attachments(db, found.opinion),
        kinds=KIND_WORDS,
        posts=ANSWERING_WORDS,
        longest=LONGEST_TEXT,
    )


@staff.post("/opinions/<uuid:opinion_id>/answer")
@needs(Action.OPINION_ANSWER)
def answer_create(opinion_id: UUID) -> ResponseReturnValue:
    """Answer it. A refusal never shows the opinion again: that would be a look that leaves no trace."""
    answering.answer(current.db(), current.actor(), opinion_id, read(AnswerIn))
    return see_other("reports_staff.opinion_show", opinion_id=opinion_id)
