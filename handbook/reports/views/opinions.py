"""Members' pages: what they owe, their own opinions with what came of them, and the form in which a new one is written.

Phones keep these pages and fill in the form without a network: nothing here may depend on the hour."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from handbook.audit.rules import record
from handbook.core.errors import Conflict, Gone, Invalid, Missing
from handbook.core.files import Shelf
from handbook.policy.actions import Action
from handbook.reports import queries
from handbook.reports.forms import FileLimits, OpinionIn
from handbook.reports.models import LONGEST_SUBJECT, LONGEST_TEXT, Attachment
from handbook.reports.queries import duties
from handbook.reports.rules.attaching import receive, standing
from handbook.reports.rules.submitting import submit
from handbook.reports.words import ANSWERING_WORDS, KIND_WORDS, period_words
from handbook.web import current, receipts, words
from handbook.web.access import needs
from handbook.web.errors import wants_json
from handbook.web.headers import CSP
from handbook.web.pages import page, see_other
from handbook.web.parsing import read

log = logging.getLogger("handbook")
pages = Blueprint("reports", __name__, url_prefix="/reports")

FIELD_NAMES = {
    "kind": _l("Loại"),
    "unit_id": _l("Gửi tới"),
    "subject": _l("Tiêu đề"),
    "text": _l("Nội dung"),
    "attachments": _l("Tệp kèm theo"),
}


@pages.get("/")
@needs(Action.OPINION_READ)
def index() -> ResponseReturnValue:
    """What I owe and what I sent, and below it my opinions, the newest first, each with what came of it."""
    db, actor = current.db(), current.actor()
    found = queries.mine(db, actor, cursor=request.args.get("after", "")[:200])
    return page(
        "reports/index.html",
        owed=duties.owed(db, actor),
        sent=duties.sent(db, actor).rows,
        period=period_words,
        lines=found.rows,
        kinds=KIND_WORDS,
        first_page="after" not in request.args,
        following=url_for("reports.index", after=found.next) if found.next else None,
    )


@pages.get("/opinions/new")
@needs(Action.OPINION_SUBMIT)
def opinion_new() -> ResponseReturnValue:
    """An empty form."""
    return _form_page({}, {})


@pages.post("/opinions")
@needs(Action.OPINION_SUBMIT)
def opinion_create() -> ResponseReturnValue:
    """Send it. With faults the form is shown again as it was filled in; a script gets them as data."""
    db, actor = current.db(), current.actor()
    try:
        opinion = submit(db, actor, read(OpinionIn), written_at=written_at(), limits=_limits())
    except Invalid as refusal:
        if wants_json():
            raise
        db.rollback()
        errors = {name: words.say(code, refusal.values) for name, code in refusal.fields.items()}
        return _form_page({name: _as_typed(name) for name in FIELD_NAMES}, errors), 422
    return see_other("reports.opinion_show", opinion_id=opinion.id)


@pages.get("/opinions/<uuid:opinion_id>")
@needs(Action.OPINION_READ)
def opinion_show(opinion_id: UUID) -> ResponseReturnValue:
    """One of my own, with its answer. Whoever answers has a page of their own, which leaves a trace."""
    found = queries.get(current.db(), current.actor(), opinion_id)
    if not found.own:
        raise Missing("opinion.missing")
    attachments = queries.attachments(current.db(), found.opinion)
    return page(
        "reports/opinion_show.html", found=found, attachments=attachments, kinds=KIND_WORDS, posts=ANSWERING_WORDS
    )


@pages.get("/attachments/<uuid:attachment_id>/chunks")
@needs(Action.OPINION_READ)
def chunk_index(attachment_id: UUID) -> ResponseReturnValue:
    """Where a file stands, for the phone that is to send it or to go on."""
    receipts.require_member()
    return _standing(*standing(current.db(), current.actor(), _shelf(), attachment_id))


@pages.post("/attachments/<uuid:attachment_id>/chunks")
@needs(Action.OPINION_READ)
def chunk_create(attachment_id: UUID) -> ResponseReturnValue:
    """The next bytes of a file, from `from` on; says how many are here, and for the last ones gives a receipt."""
    told = request.args.get("from", "")
    offset = int(told) if told.isascii() and told.isdigit() and len(told) <= 10 else -1
    receipts.require_member()
    try:
        found = receive(
            current.db(), current.actor(), _shelf(), attachment_id, offset=offset, chunk=request.get_data()
        )  # fmt: skip
    except Conflict as elsewhere:
        return jsonify(code=elsewhere.code, **elsewhere.values), 409
    return _standing(found, found.received_bytes)


@pages.get("/attachments/<uuid:attachment_id>")
@needs(Action.OPINION_READ, writes=True)
def attachment_show(attachment_id: UUID) -> ResponseReturnValue:
    """The file itself, to be kept and never shown as a page of ours. Another's look is on record.

    Raises Gone for a file that had arrived and is not there any more."""
    db, actor = current.db(), current.actor()
    found, opinion = queries.attachment(db, actor, attachment_id)
    path = _shelf().path(found.sha256).resolve()
    if not path.is_file():
        log.error("attachment %s is not on the disk: %s", attachment_id, path)
        raise Gone("attachment.lost")
    if not opinion.own:
        record(
            db, actor, "opinion.attachment_view", subject=found.owner_id, subject_kind="member",
            unit_path=opinion.unit.path, detail={"attachment": str(attachment_id)},
        )  # fmt: skip
    answer = send_file(path, found.kind.value, as_attachment=True, download_name=found.name, etag=False)
    answer.headers["Content-Security-Policy"] = f"{CSP}; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form_page(filled: dict[str, str], errors: dict[str, str]) -> str:
    units = queries.addressees(current.db(), current.actor())
    return page(
        "reports/opinion_new.html",
        filled=filled,
        errors=errors,
        summary={name: f"{FIELD_NAMES[name]}: {errors[name]}" for name in FIELD_NAMES if name in errors},
        kinds=list(KIND_WORDS.items()),
        units=[(str(unit.id), unit.name) for unit in units],
        longest_subject=LONGEST_SUBJECT,
        longest_text=LONGEST_TEXT,
        limits=_limits(),
        version=OpinionIn.VERSIONS[-1],
    )


def _as_typed(name: str) -> str:
    """What the form said, without the one character that no page may hold."""
    return request.form.get(name, "").replace("\x00", "")


def written_at() -> datetime | None:
    """When it was written, by the clock of the phone that sends it."""
    receipt = g.get("receipt")
    return receipt.written_at if receipt else None


def _shelf() -> Shelf:
    return Shelf(current.settings().attachments)


def _limits() -> FileLimits:
    return FileLimits.of(current.settings())


def _standing(found: Attachment, received: int) -> Response:
    whole = found.completed_at
    return jsonify(received=received, receipt=receipts.attest(found.id, found.sha256, whole) if whole else None)
