"""Staff pages: a file becomes a document in two steps, choose and check; nothing is published unseen."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from handbook.core.errors import HandbookError, Invalid
from handbook.library import queries
from handbook.library.contents import contents_of
from handbook.library.forms import DocumentIn
from handbook.library.importing.blocks import plain_text
from handbook.library.importing.converting import convert
from handbook.library.models import ImportDraft, Section
from handbook.library.queries import Filters
from handbook.library.rules import publishing, taking_in
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.decide import reach
from handbook.web import current, words
from handbook.web.access import needs
from handbook.web.limits import limit
from handbook.web.pages import day, page, see_other
from handbook.web.parsing import read

staff = Blueprint("library_staff", __name__, url_prefix="/staff/library")

_MOST_UNITS = 400  # in a list to choose from; an officer above that types the unit's code
_MEGABYTE = 1024 * 1024
_FORM_FIELDS = tuple(DocumentIn.model_fields)
FIELD_NAMES = {
    "kind": _l("Loại"),
    "number": _l("Số"),
    "symbol": _l("Số, ký hiệu"),
    "issuer": _l("Cơ quan ban hành"),
    "issued_on": _l("Ngày ban hành"),
    "effective_on": _l("Có hiệu lực từ"),
    "expires_on": _l("Đến hết ngày"),
    "term": _l("Nhiệm kỳ"),
    "classification": _l("Độ mật"),
    "unit_code": _l("Gửi cho"),
    "title": _l("Tên văn kiện"),
    "summary": _l("Tóm tắt"),
    "key_points": _l("Điểm chính"),
    "read_before": _l("Đọc trước ngày"),
    "replaces": _l("Thay thế văn kiện số"),
    "publish": _l("Đăng ngay"),
}


@staff.get("/")
@needs(Action.DOCUMENT_PUBLISH)
def index() -> ResponseReturnValue:
    """Documents that wait to be published, then what is."""
    db, actor = current.db(), current.actor()
    published = queries.search(db, actor, cursor=request.args.get("after", "")[:200], action=Action.DOCUMENT_PUBLISH)
    return page(
        "library/staff/index.html",
        layout="layouts/staff.html",
        waiting=queries.search(
            db, actor, "", Filters(unpublished=True), action=Action.DOCUMENT_PUBLISH, limit=100
        ).rows,
        published=published,
        following=url_for("library_staff.index", after=published.next) if published.next else None,
    )


@staff.get("/import")
@needs(Action.DOCUMENT_IMPORT)
def import_new() -> ResponseReturnValue:
    """Step 1: choose a file."""
    return _new_page({})


@staff.post("/import")
@needs(Action.DOCUMENT_IMPORT)
def import_create() -> ResponseReturnValue:
    """Read the file; what it holds is kept for the preview only. A file that cannot be taken changes nothing."""
    limit("import", 120, 3600, per="member")
    most = current.settings().import_max_mb * _MEGABYTE
    request.max_content_length = most + _MEGABYTE
    try:
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise Invalid("import.no_file")
        converted = convert(upload.filename, upload.stream.read(most + 1), max_bytes=most)
        draft = taking_in.start_draft(current.db(), current.actor(), upload.filename, converted)
    except Invalid as refusal:
        return _new_page({"file": words.say(refusal.code, refusal.values)}), 422
    return see_other("library_staff.import_show", draft_id=draft.id)


@staff.get("/import/<uuid:draft_id>")
@needs(Action.DOCUMENT_IMPORT)
def import_show(draft_id: UUID) -> ResponseReturnValue:
    """Step 2: check the facts and the structure that were recognised."""
    draft = queries.draft(current.db(), current.actor(), draft_id)
    return _preview(draft, _recognised(draft), {})


@staff.post("/import/<uuid:draft_id>/document")
@needs(Action.DOCUMENT_IMPORT)
def import_confirm(draft_id: UUID) -> ResponseReturnValue:
    """Take the draft as a document; with faults in the form, show it again as it was filled in."""
    db, actor = current.db(), current.actor()
    draft = queries.draft(db, actor, draft_id)
    try:
        taken = taking_in.confirm_draft(db, actor, draft_id, read(DocumentIn))
    except HandbookError as refusal:
        fields = getattr(refusal, "fields", {}) or {"title": refusal.code}
        db.rollback()
        filled = {name: request.form.get(name, "") for name in _FORM_FIELDS}
        errors = {name.partition(".")[0]: words.say(code, refusal.values) for name, code in fields.items()}
        return _preview(draft, filled, errors), 422
    return see_other("library.show", document_id=taken.document.id)


@staff.post("/import/<uuid:draft_id>/removal")
@needs(Action.DOCUMENT_IMPORT)
def import_remove(draft_id: UUID) -> ResponseReturnValue:
    """Give the draft up."""
    taking_in.discard_draft(current.db(), current.actor(), draft_id)
    return see_other("library_staff.import_new")


@staff.post("/<uuid:document_id>/publication")
@needs(Action.DOCUMENT_PUBLISH)
def publication_create(document_id: UUID) -> ResponseReturnValue:
    """Let the members of the addressed unit read it."""
    publishing.publish(current.db(), current.actor(), document_id)
    return see_other("library.show", document_id=document_id)


def _new_page(errors: dict[str, str]) -> str:
    limit_mb = current.settings().import_max_mb
    return page("library/staff/import_new.html", layout="layouts/staff.html", errors=errors, limit_mb=limit_mb)


def _preview(draft: ImportDraft, filled: dict[str, Any], errors: dict[str, str]) -> str:
    db, actor = current.db(), current.actor()
    parts = taking_in.parts_of(draft)
    sections = [Section(document_id=draft.id, seq=seq, **vars(part)) for seq, part in enumerate(parts)]
    units = organisation.units(db, reach(actor, Action.DOCUMENT_IMPORT))
    return page(
        "library/staff/import_show.html",
        layout="layouts/staff.html",
        draft=draft,
        filled=filled,
        errors=errors,
        summary={name: f"{FIELD_NAMES[name]}: {errors[name]}" for name in _FORM_FIELDS if name in errors},
        kinds=[(kind.code, kind.name) for kind in queries.kinds(db)],
        units=[(unit.code, unit.name) for unit in units] if len(units) <= _MOST_UNITS else [],
        contents=contents_of(sections),
        parts=[(part, plain_text(part.html)) for part in parts],
        dropped=draft.content["dropped"],
    )


def _recognised(draft: ImportDraft) -> dict[str, Any]:
    facts = dict(draft.content["facts"])
    if facts["issued_on"]:
        facts["issued_on"] = day(date.fromisoformat(facts["issued_on"]))
    return {name: facts.get(name) if facts.get(name) is not None else "" for name in _FORM_FIELDS} | {"publish": ""}
