"""Rendering pages and moving between them."""

import re
from datetime import date, datetime
from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from handbook.core import clock
from handbook.core.text import given_name
from handbook.policy.actions import Action
from handbook.policy.decide import reach
from handbook.web import current

PACK_HEADER = "X-Handbook-Fetch"
# One slash, then printable ASCII without the backslash: nothing that a browser reads as another host.
_LOCAL_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def for_pack() -> bool:
    """Whether the phone's worker asks for the content alone, to put it into a shell by itself."""
    return request.headers.get(PACK_HEADER) == "pack"


def page(template: str, **values: Any) -> str:
    """A rendered page; with the worker's header only its content slots."""
    values.setdefault("layout", "layouts/fragment.html" if for_pack() else "layouts/member.html")
    return render_template(template, **values)


def see_other(endpoint: str, **values: Any) -> ResponseReturnValue:
    """After a form: 303 to a page, so that reloading does not send again."""
    return redirect(url_for(endpoint, **values), 303)


def local_path(target: str) -> str | None:
    """``target`` if it is a path on this site and nothing else, otherwise None."""
    return target if _LOCAL_PATH.fullmatch(target) else None


def day(value: date | datetime | None) -> str:
    """dd/mm/yyyy on the calendar of Việt Nam."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def moment(value: datetime | None) -> str:
    """HH:MM, dd/mm/yyyy on the clock of Việt Nam."""
    return f"{clock.local(value):%H:%M}, {day(value)}" if value else ""


def number(value: int) -> str:
    """Thousands apart as in Vietnamese (1.662.336) or English (1,662,336)."""
    text = f"{value:,}"
    return text if str(get_locale()) == "en" else text.replace(",", ".")


def init_app(app: Flask) -> None:
    """Give templates their words: filters, the language, what the member may do."""
    app.jinja_env.filters.update(day=day, moment=moment, number=number, given_name=given_name)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _words() -> dict[str, Any]:
        signed = current.recognised()
        return {
            "lang": str(get_locale()),
            "demo": current.settings().demo,
            "signed": signed,
            "can": lambda action: signed is not None and not reach(signed.actor, Action(action)).empty,
            "here": request.full_path.rstrip("?"),
        }
