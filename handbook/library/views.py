"""Members' pages: the list with its search, the reader, and the word that a document was read."""

from __future__ import annotations

import hashlib
from functools import cache
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from handbook import __version__
from handbook.library import queries
from handbook.library.contents import contents_of, tree_of
from handbook.library.forms import ReadingIn
from handbook.library.models import Relation
from handbook.library.queries import DocumentView, Filters
from handbook.library.rules.reading import confirm_reading
from handbook.policy.actions import Action
from handbook.web import current
from handbook.web.access import needs
from handbook.web.assets import Assets, assets
from handbook.web.kept import KeptPages
from handbook.web.pages import for_pack, page, see_other
from handbook.web.parsing import read

RELATION_WORDS = {
    (Relation.REPLACES, False): _l("Thay thế"),
    (Relation.REPLACES, True): _l("Được thay thế bởi"),
    (Relation.AMENDS, False): _l("Sửa đổi, bổ sung"),
    (Relation.AMENDS, True): _l("Được sửa đổi, bổ sung bởi"),
    (Relation.GUIDES, False): _l("Hướng dẫn thực hiện"),
    (Relation.GUIDES, True): _l("Được hướng dẫn bởi"),
    (Relation.IMPLEMENTS, False): _l("Triển khai"),
    (Relation.IMPLEMENTS, True): _l("Được triển khai bởi"),
    (Relation.CITES, False): _l("Căn cứ"),
    (Relation.CITES, True): _l("Được viện dẫn trong"),
}

pages = Blueprint("library", __name__, url_prefix="/library")
_kept = KeptPages()


@pages.get("/")
@needs(Action.DOCUMENT_READ)
def index() -> ResponseReturnValue:
    """Documents in reach, newest first, narrowed by words and filters from the address."""
    db, actor = current.db(), current.actor()
    q = request.args.get("q", "")[: queries.LONGEST_QUESTION]
    filters = _filters()
    found = queries.search(db, actor, q, filters, cursor=request.args.get("after", "")[:200])
    facets = queries.facets(db, actor)
    kept = {name: value for name, value in request.args.to_dict().items() if name != "after" and value}
    return page(
        "library/index.html",
        q=q,
        filters=filters,
        facets=facets,
        issuers=[(name, name) for name in facets.issuers],
        years=[(year, str(year)) for year in facets.years],
        lines=found.rows,
        total=queries.count(db, actor, q, filters),
        first_page="after" not in request.args,
        narrowed=bool(q or filters != Filters()),
        newest=_address(kept),
        following=_address({**kept, "after": found.next}) if found.next else None,
    )


@pages.get("/<uuid:document_id>")
@needs(Action.DOCUMENT_READ)
def show(document_id: UUID) -> ResponseReturnValue:
    """One document to read. A phone that holds this very content gets a 304."""
    found = queries.get(current.db(), current.actor(), document_id)
    tag = _etag(found.revision_tag)
    for held in (tag, f"{tag}:gzip"):  # the second is what Flask-Compress makes of it
        if held in request.if_none_match:
            return _tagged(Response(status=304), held)
    # The reader of a confirmed page is alone with its moment, and drafts are seen by few: those are not worth keeping.
    if found.confirmed_at or not found.document.published_at:
        return _tagged(make_response(_document_page(found)), tag)
    shown = (found.revision_tag, str(get_locale()), for_pack(), current.settings().demo, request.full_path)
    return _tagged(make_response(_kept.get(shown, lambda: _document_page(found))), tag)


@pages.post("/<uuid:document_id>/reading")
@needs(Action.DOCUMENT_CONFIRM)
def reading_create(document_id: UUID) -> ResponseReturnValue:
    """ "Tôi đã đọc và nắm nội dung": stored once; sending it again changes nothing."""
    form = read(ReadingIn)
    confirm_reading(current.db(), current.actor(), document_id, revision=form.revision)
    if request.is_json:
        return jsonify(confirmed=True, revision=form.revision)
    return see_other("library.show", document_id=document_id, _anchor="da-doc")


def _document_page(found: DocumentView) -> str:
    """The page of a document. It names nobody: whoever it looks alike for may be given the same one."""
    sections = queries.text_of(current.db(), found.document)
    return page(
        "library/show.html",
        found=found,
        document=found.document,
        contents=[
            (line.label.rstrip(" .:-–—)/"), line.title, f"#{line.anchor}", "", min(line.depth, 2))
            for line in contents_of(sections)
        ],
        key_points=[key_point(text) for text in found.document.key_points],
        related=[(RELATION_WORDS[other.kind, other.incoming], other) for other in found.related],
        tree=tree_of(sections, found.document.title),
    )


def _address(kept: dict[str, str]) -> str:
    """The list with these values in its address."""
    base = url_for("library.index")
    return f"{base}?{urlencode(kept)}" if kept else base


def key_point(text: str) -> tuple[str, str, str]:
    """ "95% | of households | now 58%" as figure, text and note; a line without bars is text alone."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], " ".join(parts[2:])


def _filters() -> Filters:
    year = request.args.get("year", "")
    return Filters(
        kind=_line("kind", 40),
        issuer=_line("issuer", 200),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        unread=request.args.get("unread", "") == "1",
        required=request.args.get("required", "") == "1",
    )


def _line(name: str, longest: int) -> str:
    return request.args.get(name, "")[:longest]


def _etag(data: str) -> str:
    """The content's data, the language, and the release: templates and shell change only with it."""
    parts = [data, str(get_locale()), __version__, str(for_pack()), current.member_tag() or ""]
    if not for_pack():
        parts.append(_shell(assets()))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


@cache
def _shell(files: Assets) -> str:
    return "|".join(sorted(files.revisions().values()))


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-store"
    return response
