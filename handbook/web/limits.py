"""Rate limits of requests, counted for all workers together."""

from typing import Literal

from flask import request

from handbook.core.limits import take
from handbook.web import current


def limit(bucket: str, uses: int, seconds: int, *, per: Literal["address", "member", "all"] = "address") -> None:
    """Let at most ``uses`` through in ``seconds``. Call it before the request's own transaction has written.

    Raises TooMany."""
    who = "*"
    if per == "address":
        who = request.remote_addr or "-"
    elif per == "member":  # asking who it is reads the database: never on a public route
        who = current.member_tag() or "-"
    take(current.database(), f"{bucket}:{per}:{who}"[:200], uses, seconds)
