"""Reading the library: `lists` (search, what is to be read), `documents` (one with its text, drafts, kinds)."""

from handbook.library.queries.documents import (
    DocumentView,
    Related,
    confirmed_count,
    draft,
    get,
    kinds,
    relation_marks,
    text_of,
)
from handbook.library.queries.lists import (
    LONGEST_QUESTION,
    PAGE_SIZE,
    DocumentLine,
    Facets,
    Filters,
    count,
    facets,
    latest,
    minutes_to_read,
    search,
    to_read,
)

__all__ = [
    "LONGEST_QUESTION",
    "PAGE_SIZE",
    "DocumentLine",
    "DocumentView",
    "Facets",
    "Filters",
    "Related",
    "confirmed_count",
    "count",
    "draft",
    "facets",
    "get",
    "kinds",
    "latest",
    "minutes_to_read",
    "relation_marks",
    "search",
    "text_of",
    "to_read",
]
