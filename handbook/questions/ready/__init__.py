"""The forms that come with the handbook: one file each, in our own words, to be used or changed by whoever writes forms.

What they ask follows the papers named at the head of each file; none copies an official layout.
"""

from __future__ import annotations

import tomllib
from importlib import resources

from handbook.core.errors import Missing
from handbook.questions.definition import Form, load

NAMES = (
    "cell_monthly_report",
    "thematic_meeting",
    "personal_commitment",
    "self_review",
    "file_update",
    "cell_screening",
    "committee_opinion",
)


def ready(name: str) -> Form:
    """The form of that name. Raises Missing for a name that is not among NAMES."""
    if name not in NAMES:
        raise Missing("form.unknown")
    text = resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return load(tomllib.loads(text))
