"""The one allowlist for the text of documents. Nothing else in the library decides what markup is safe."""

from __future__ import annotations

import nh3

# Raise this when the lists below change: stored texts carry the version they were cleaned with.
ALLOWLIST_VERSION = 1

INLINE = frozenset({"a", "br", "code", "em", "s", "strong", "sub", "sup", "u"})
BLOCK = frozenset(
    {
        "blockquote",
        "caption",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
STORED_TAGS = INLINE | BLOCK

# Seen only between reading and structuring: they carry the shape of the source and are never stored.
CONTAINERS = frozenset(
    {"address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
     "figure", "footer", "form", "header", "hgroup", "legend", "main", "nav", "section", "summary"}
)  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SYNONYMS = {"b": "strong", "i": "em", "del": "s", "strike": "s"}
SHAPE_TAGS = STORED_TAGS | CONTAINERS | HEADINGS | frozenset(SYNONYMS) | {"img", "hr"}

# Their content is code or drawing, not text of the document.
REMOVED_WITH_CONTENT = frozenset(
    {"canvas", "head", "iframe", "math", "noembed", "noframes", "object", "script", "style", "svg", "template",
     "title"}
)  # fmt: skip

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # without this line the cleaner lets "title" and "lang" through everywhere
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
CLASSES: dict[str, set[str]] = {"p": {"caption"}}


# Made once: to make one costs five times what it takes to clean a paragraph.
_STORED = nh3.Cleaner(
    tags=set(STORED_TAGS),
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    clean_content_tags=set(REMOVED_WITH_CONTENT),
    url_schemes=set(LINK_SCHEMES),
    link_rel="noopener noreferrer",
    strip_comments=True,
)
_SHAPE = nh3.Cleaner(
    tags=set(SHAPE_TAGS),
    attributes={**ATTRIBUTES, "img": {"alt"}},
    clean_content_tags=set(REMOVED_WITH_CONTENT),
    url_schemes=set(LINK_SCHEMES),
    link_rel=None,
    strip_comments=True,
)


def clean(html: str) -> str:
    """HTML that is safe to store and to show: only `STORED_TAGS`, links to http, https and mailto (`E4`, `E5`)."""
    return _STORED.clean(html)


def clean_shape(html: str) -> str:
    """As `clean`, but keeps containers, headings and the words of images for the structuring step."""
    return _SHAPE.clean(html)
