"""Pages by keyset: the next page starts after the last row shown, however many rows there are."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page and the cursor of the next, if there is one."""

    rows: list[Row]
    next: str | None = None


def to_cursor(*key: str) -> str:
    """The last row's sort key as an opaque word for the URL."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def from_cursor(cursor: str, length: int) -> tuple[str, ...] | None:
    """The sort key in a cursor, or None when it is none of ours: then the first page is shown."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        return None
    if isinstance(key, list) and len(key) == length and all(isinstance(part, str) for part in key):
        return tuple(key)
    return None


def moment_and_id(cursor: str) -> tuple[datetime, UUID] | None:
    """Where a page ended in a list by moment and id; None for the first page, and for a cursor that is none of ours."""
    try:
        moment, row_id = from_cursor(cursor, 2) or ("", "")
        at = datetime.fromisoformat(moment)
        return (at, UUID(row_id)) if at.tzinfo else None
    except ValueError:
        return None
