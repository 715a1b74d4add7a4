"""Cross-site requests are refused by their headers: a page kept offline for weeks would hold a stale token.

The rule is that of OWASP's cheat sheet on fetch metadata and of Go's CrossOriginProtection: ``Sec-Fetch-Site`` first,
``Origin`` where a browser does not send it.
"""

from flask import request

from handbook.core.errors import Refused
from handbook.web import current


def check() -> None:
    """Raises Refused("origin.foreign") for an unsafe request that does not come from our own pages."""
    if request.method in current.SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        fine = site in ("same-origin", "none")
    else:
        fine = request.headers.get("Origin") == current.settings().origin_exact
    if not fine:
        raise Refused("origin.foreign")
