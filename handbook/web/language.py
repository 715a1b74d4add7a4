"""Vietnamese by default, English by the reader's own choice on this device."""

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from handbook.core.errors import Invalid
from handbook.web.access import public
from handbook.web.pages import local_path

LANGUAGES = ("vi", "en")
COOKIE = "hb-language"
_YEAR = 365 * 24 * 3600

pages = Blueprint("language", __name__)


def chosen() -> str:
    """The language of this request."""
    wanted = request.cookies.get(COOKIE, "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


@pages.post("/language")
@public
def update() -> ResponseReturnValue:
    """Remember the choice on this device and go back to the page it was made on."""
    wanted = request.form.get("language", "")
    if wanted not in LANGUAGES:
        raise Invalid(fields={"language": "field.other"})
    response = make_response(redirect(local_path(request.form.get("next", "")) or "/", 303))
    response.set_cookie(COOKIE, wanted, max_age=_YEAR, samesite="Lax", httponly=True, secure=True)
    return response
