"""What browsers and the worker ask for by themselves, and the one page people see of it."""

from base64 import b64encode
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, json, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from handbook.core import clock
from handbook.core.errors import Invalid
from handbook.library.pack import pack
from handbook.offline import files, index, queries
from handbook.offline.pack import FORMAT, entries
from handbook.offline.revisions import digest
from handbook.offline.shells import shell as the_shell
from handbook.web import assets, boxed, current, receipts
from handbook.web.access import public, signed_in
from handbook.web.limits import limit
from handbook.web.pages import page

pages = Blueprint("offline", __name__)


@pages.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The worker; checked for news by every page, so unchanged it costs a 304."""
    kill = current.settings().worker_kill
    response = assets.answer(files.kill_switch() if kill else files.worker())
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@pages.get("/manifest.webmanifest")
@public
def webmanifest() -> ResponseReturnValue:
    """What an installed handbook is called and how it opens."""
    icons = [
        ("icon-192.png", "192x192", "any"),
        ("icon-512.png", "512x512", "any"),
        ("maskable-512.png", "512x512", "maskable"),
    ]
    body = json.dumps(
        {
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "name": _("Sổ tay Đảng viên"),
            "short_name": _("Sổ tay"),
            "description": _("Văn kiện và việc của đảng viên, đọc được cả khi mất mạng."),
            "lang": "vi",
            "dir": "ltr",
            "display": "standalone",
            "background_color": "#faf6ee",
            "theme_color": "#8c1a1e",
            "icons": [
                {"src": f"/static/dist/icons/{name}", "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in icons
            ],
            "shortcuts": [
                {"name": _("Thư viện"), "url": "/library/"},
                {"name": _("Máy của tôi"), "url": "/identity/devices"},
            ],
        },
        ensure_ascii=False,
    ).encode()
    return assets.answer(assets.Asset(body, "application/manifest+json", digest(body), None))


@pages.get("/offline/manifest")
@signed_in
def manifest() -> ResponseReturnValue:
    """What this member's phone should hold, and until when it may show it."""
    settings, actor = current.settings(), current.actor()
    limit("offline.manifest", 60, 60, per="member")
    budget = queries.budget(actor, settings.pack_budget_mb)
    now = clock.now()
    return {
        "format": FORMAT,
        "member": current.member_tag(),
        "generated": int(now.timestamp()),
        "valid_until": int((now + timedelta(days=settings.offline_days)).timestamp()),
        "budget": budget,
        "entries": entries(current.db(), actor, budget),
    }


@pages.get("/offline/shells/<name>")
@signed_in
def shell(name: str) -> ResponseReturnValue:
    """The frame of a member's pages, with gaps for a page's own words."""
    return the_shell(name).html


@pages.get("/offline/index.json")
@signed_in
def index_show() -> ResponseReturnValue:
    """One line for each document that the phone may search in."""
    return Response(index.index_json(pack(current.db(), current.actor())), content_type="application/json")


@pages.get("/offline/outbox")
@signed_in
def outbox() -> ResponseReturnValue:
    """Where the member sees what waits on this phone; the lists are made by the phone."""
    return page("offline/outbox.html", rescue_days=current.settings().rescue_days)


@pages.post(boxed.ADDRESS)
@signed_in
def box_refuse() -> ResponseReturnValue:
    """Only a box that could not be opened comes as far as this; its phone sends it again once its member unlocks it."""
    raise Invalid("receipt.headers")


@pages.post("/offline/boxes/<uuid:box_id>/content")
@signed_in
def content_show(box_id: UUID) -> ResponseReturnValue:
    """What the member once wrote and cannot read where it lies; only for them, and nothing of it is kept here."""
    me = receipts.require_member()
    limit("offline.boxes", 60, 60, per="member")
    content_type, body = boxed.read_back(current.settings(), request.get_data(), box_id, me.member_tag)
    return jsonify(content_type=content_type, body=b64encode(body).decode())


@pages.get("/offline/missing/<language>")
@public
def missing(language: str) -> ResponseReturnValue:
    """Kept by every worker in its reader's language, for a page that its phone does not hold."""
    return files.public_page("missing", language)


@pages.get("/offline/unlock/<language>")
@public
def unlock(language: str) -> ResponseReturnValue:
    """Kept likewise, for any page while what the phone holds is locked."""
    return files.public_page("unlock", language)
