"""When an entry of the pack counts as changed.

A document's revision comes from its data and from the templates that its *content* is made of, never from a layout
or a style sheet: those belong to the shell, which has revisions of its own.
"""

import hashlib
from functools import cache
from pathlib import Path

import handbook
from handbook.core.resources import folder

# What a page's content is made of: its own templates, the components, and the form of the slots.
_SHARED = ("components/*.html", "layouts/fragment.html")
_OWN = {
    "library": ("library/show.html", "library/_*.html"),
    "receipts": ("receipts/*.html",),
    "reports": ("reports/*.html",),
}


def digest(*parts: str | bytes) -> str:
    """16 hex digits for these parts, in this order."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()[:16]


def of_content(feature: str, data_revision: str, language: str) -> str:
    """The revision of a page of ``feature`` whose data is at ``data_revision``, shown in ``language``."""
    return digest(data_revision, _templates(feature), language, _words(language))


@cache
def _templates(feature: str) -> str:
    """Read once in the life of a process: templates change only with a release."""
    root = folder("templates")
    paths = sorted(path for pattern in (*_OWN[feature], *_SHARED) for path in root.glob(pattern))
    return digest(*(part for path in paths for part in (path.name, path.read_bytes())))


@cache
def _words(language: str) -> str:
    """The catalogue of a language that is not the one templates are written in: its words are in the content too."""
    catalogue = Path(handbook.__file__).parent / "translations" / language / "LC_MESSAGES" / "messages.mo"
    return digest(catalogue.read_bytes()) if catalogue.is_file() else ""
