"""An act is done once, however often a phone sends it: the first answer is stored with the change and given again.

A request with an ``Idempotency-Key`` comes from the phone's outbox. Its answer is data and never a page or a redirect:
a script cannot tell "saved, go there" from "sign in first" when both are redirects.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from flask import Response, g, jsonify, request
from sqlmodel import Session

from handbook.core import clock, receipts
from handbook.core.errors import Conflict, Invalid
from handbook.core.receipts import Receipt
from handbook.core.signing import base64url, canonical, is_signed, private_key, public_point, sign
from handbook.web import current
from handbook.web.pages import local_path

KEY = "Idempotency-Key"
MEMBER = "X-Handbook-Member"
FORM = "X-Handbook-Form"
WRITTEN = "X-Handbook-Written"
_LONGEST = 500
_FORM_VERSION = re.compile(r"[\x21-\x7e]{1,32}")


class Settled(Exception):
    """A twin of this request was first and has been answered: there is nothing left to do."""


def keyed() -> bool:
    """Whether this request is an act from a phone's outbox."""
    return request.method not in current.SAFE_METHODS and KEY in request.headers


def check() -> Response | None:
    """Before anything is done or even looked at: the phone means the member who is signed in, and the act is new.

    The answer to an act that was done before, or None. Rights are not asked for it: it was allowed when it was done.
    Raises SignInNeeded; Conflict("receipt.other_member", "receipt.other_body"); Invalid when the headers do not fit."""
    if not keyed():
        return None
    me = require_member()
    if MEMBER not in request.headers:
        raise Conflict("receipt.other_member")
    g.receipt = _asked(me)
    g.first_write = claim
    return stored()


def require_member() -> current.Signed:
    """Who is signed in, and is whom the phone means, if it says so. Raises SignInNeeded,
    Conflict("receipt.other_member")."""
    me = current.me()
    if request.headers.get(MEMBER, me.member_tag) != me.member_tag:
        raise Conflict("receipt.other_member")
    return me


def stored() -> Response | None:
    """The first answer, if this act was done before. Raises Conflict when its key was used for something else."""
    found = receipts.find(current.db(), g.receipt)
    return _answer(found, replayed=True) if found else None


def claim(db: Session) -> None:
    """At the beginning of the writing transaction ``db``: put the receipt down, before what it is for.

    Not sooner: a rate limit is counted in a transaction of its own and must find SQLite's only pen free.
    Raises Settled when a twin was first; on the way there this waits for the twin's commit."""
    receipt: Receipt = g.receipt
    receipt.signature = sign(_key(), canonical(receipt.stated()))
    if not receipts.claim(db, receipt):
        raise Settled


def complete(response: Response) -> Response:
    """After the act: its outcome goes into the receipt, and the receipt takes the place of the answer.

    Cookies and other headers of the answer stay. Raises Settled, so that nothing is committed without a receipt."""
    target = local_path(response.headers.pop("Location", ""))
    location = target if target and len(target) <= _LONGEST else None
    if not receipts.complete(current.db(), g.receipt, status=response.status_code, location=location):
        raise Settled
    response.set_data(_answer(g.receipt, replayed=False).get_data())
    response.status_code, response.content_type = 200, "application/json"
    return response


def withdraw() -> None:
    """Before a refusal's own traces are kept: it is no receipt, and the same key may succeed later."""
    if keyed() and "first_write" not in g:
        receipts.withdraw(current.db(), g.receipt)


def attest(key: UUID, digest: str, received_at: datetime) -> dict[str, Any]:
    """A receipt for what arrived in several requests and has a row of its own: none is written here."""
    me = current.me()
    receipt = Receipt(
        id=key, key=key, member_id=me.member_id, member_tag=me.member_tag, route=request.path,
        endpoint=request.endpoint or "", body_hash=digest, received_at=received_at,
    )  # fmt: skip
    return {**receipt.stated(), "signature": sign(_key(), canonical(receipt.stated()))}


def public_key() -> str:
    """What a phone checks signatures with: the 65 bytes of the uncompressed point, in base64url."""
    return base64url(public_point(_key()))


def is_genuine(receipt: Receipt) -> bool:
    """Whether we signed just what ``receipt`` says now."""
    return is_signed(_key(), canonical(receipt.stated()), receipt.signature)


def _key() -> EllipticCurvePrivateKey:
    return private_key(current.settings().receipt_key.get_secret_value(), "handbook/receipt/1")


def _asked(me: current.Signed) -> Receipt:
    """What the phone says of its act; the signature is still missing."""
    path = quote(request.path, safe="/:@!$&'()*+,;=~")
    route = f"{request.method} {path}"
    version = request.headers.get(FORM)
    if len(route) > _LONGEST or (version is not None and not _FORM_VERSION.fullmatch(version)):
        raise Invalid("receipt.headers")
    return Receipt(
        key=_uuid(request.headers[KEY]),
        member_id=me.member_id,
        member_tag=me.member_tag,
        route=route,
        endpoint=request.endpoint or "",
        body_hash=hashlib.sha256(request.get_data()).hexdigest(),
        form_version=version,
        written_at=_moment(request.headers.get(WRITTEN, "")),
        received_at=clock.now().replace(microsecond=0),
    )


def _uuid(text: str) -> UUID:
    try:
        key = UUID(text)
    except ValueError:
        raise Invalid("receipt.headers") from None
    if str(key) != text.lower():
        raise Invalid("receipt.headers")
    return key


def _moment(milliseconds: str) -> datetime | None:
    """A moment told in milliseconds since 1970. What a broken clock says is left out, it is no reason to refuse."""
    if not (milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) <= 13):
        return None
    return datetime.fromtimestamp(int(milliseconds) // 1000, UTC)


def _answer(receipt: Receipt, *, replayed: bool) -> Response:
    stated = {**receipt.stated(), "signature": receipt.signature}
    return jsonify(receipt=stated, location=receipt.location, replayed=replayed)
