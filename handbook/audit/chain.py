"""The keyed hash of one row, over a canonical form that both databases give back unchanged."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = b"\x00" * 32
COVERED = (
    "seq",
    "at",
    "actor_id",
    "action",
    "subject_kind",
    "subject_id",
    "unit_path",
    "reason",
    "request_id",
    "detail",
)


def mac_of(key: bytes, prev: bytes, fields: dict[str, Any]) -> bytes:
    """HMAC-SHA-256 over ``prev`` and the canonical JSON of ``fields`` (32 bytes)."""
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hmac.new(key, prev + canonical.encode(), hashlib.sha256).digest()


def _plain(value: object) -> str:
    """Moments as UTC with microseconds, everything else as its text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)
