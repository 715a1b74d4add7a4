"""What a ceremony looks like on the wire: JSON in, and nothing in it believed."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import request

from handbook.identity import devices
from handbook.identity.rules.ceremonies import BadCeremony, credential_id_in

_LONGEST_TEXT = 2000


def credential() -> dict[str, Any]:
    """The credential sent. Raises BadCeremony("ceremony.malformed")."""
    sent = _body().get("credential")
    if not isinstance(sent, dict):
        raise BadCeremony("ceremony.malformed")
    return sent


def text(name: str) -> str:
    """A text beside the credential, or nothing."""
    sent = _body().get(name)
    return sent if isinstance(sent, str) and len(sent) <= _LONGEST_TEXT else ""


def short(sent: dict[str, Any]) -> str:
    """A few letters that stand for a credential in a counter's name. Raises BadCeremony("ceremony.malformed")."""
    return hashlib.sha256(credential_id_in(sent)).hexdigest()[:16]


def device() -> str:
    """What to call the browser that asks."""
    return devices.label(request.headers.get("User-Agent", ""))


def at_desk() -> bool:
    """Whether the browser that asks runs on a desktop computer."""
    return devices.at_desk(request.headers.get("User-Agent", ""))


def _body() -> dict[str, Any]:
    """The JSON object sent; one nested without end is as malformed as any other."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    return body if isinstance(body, dict) else {}
