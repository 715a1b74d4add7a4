"""The shells: the very layout of a member's page, with a named gap where each page's own words go.

A shell does not depend on who is signed in, so each is rendered once for each language.
"""

from dataclasses import dataclass
from functools import partial

from flask import current_app, render_template
from flask_babel import get_locale
from markupsafe import Markup

from handbook.core.errors import Missing
from handbook.offline.revisions import digest

NAMES = ("cover-home", "inner-home", "root-library", "inner-library", "root-devices", "inner-devices")


@dataclass(frozen=True)
class Shell:
    """``html`` with ``<!--slot:NAME-->`` in text and ``%%slot:NAME%%`` in attributes."""

    html: str
    revision: str


def shell(name: str) -> Shell:
    """The shell called ``name``, in the language of this request. Raises Missing."""
    if name not in NAMES:
        raise Missing("not_found")
    made: dict[tuple[str, str], Shell] = current_app.extensions.setdefault("handbook.shells", {})
    key = (name, str(get_locale()))
    if key not in made:
        made[key] = _render(name)
    return made[key]


def _render(name: str) -> Shell:
    chrome, place = name.split("-")
    gap = partial(Markup("<!--slot:{}-->").format)
    back = ("%%slot:back_href%%", gap("back_label"))
    html = render_template(
        "offline/shell.html",
        layout="layouts/member.html",
        chrome=chrome,
        place=place,
        back=back,
        gap=gap,
        here="%%slot:here%%",
    )
    return Shell(html, digest(html))
