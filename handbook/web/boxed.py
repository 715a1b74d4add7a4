"""Requests that arrive in a box, because the phone that sends them is locked and cannot read them itself.

They are opened before anything else looks at them, and are from then on the request that is in the box: the same session,
the same checks, the same receipt. Whoever can send a box could have sent its content.

A phone that can seal nothing for itself keeps what its member writes in boxes too. What is in one is told to the member
whom it names inside, and to nobody else.
"""

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from pydantic import BaseModel, StringConstraints

from handbook.core.boxes import unbox
from handbook.core.errors import Missing
from handbook.core.settings import Settings
from handbook.core.signing import base64url, private_key, public_point

ADDRESS = "/offline/boxed"
_LARGEST = 2 * 1024 * 1024
_LENGTH_BYTES = 4

_Header = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,200}$")]


class _Frame(BaseModel):
    """What stands in the box before the body."""

    url: Annotated[str, StringConstraints(pattern=r"^/[!-~]{0,480}$")]
    content_type: _Header
    written: _Header
    form: _Header | None = None
    member: _Header | None = None


def box_key(settings: Settings) -> EllipticCurvePrivateKey:
    """The key that opens boxes."""
    return private_key(settings.field_key.get_secret_value(), "handbook/box/1")


def public_key(settings: Settings) -> str:
    """What a phone seals boxes with: the 65 bytes of the uncompressed point, in base64url."""
    return base64url(public_point(box_key(settings)))


def read_back(settings: Settings, box: bytes, box_id: UUID, member: str) -> tuple[str, bytes]:
    """What the member with this tag once put into the box of this id: the kind of its bytes, and the bytes.

    Raises Missing("box.missing") for another's, for one that was changed, and for one that names nobody."""
    try:
        frame, body = _parted(unbox(box_key(settings), box, str(box_id)))
    except ValueError:
        raise Missing("box.missing") from None
    if frame.member != member:
        raise Missing("box.missing")
    return frame.content_type, body


class Unboxing:
    """The application behind an opener of boxes. One that cannot be opened goes on as it is, to be refused in words."""

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self.app, self.key = app, box_key(settings)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == ADDRESS and environ["REQUEST_METHOD"] == "POST":
            environ = self._opened(environ)
        return self.app(environ, start_response)

    def _opened(self, environ: WSGIEnvironment) -> WSGIEnvironment:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            if length > _LARGEST:
                return environ
            content = unbox(self.key, environ["wsgi.input"].read(length), environ.get("HTTP_IDEMPOTENCY_KEY", ""))
            return {**environ, **_request_in(content)}
        except ValueError:
            return {**environ, "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}


def _parted(content: bytes) -> tuple[_Frame, bytes]:
    """The frame and the body. Raises ValueError when it is none; pydantic's is one too."""
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    return _Frame.model_validate(json.loads(content[_LENGTH_BYTES:start])), content[start:]


def _request_in(content: bytes) -> dict[str, Any]:
    frame, body = _parted(content)
    path = unquote(frame.url, "latin-1")  # as WSGI hands paths over (PEP 3333)
    told = {"HTTP_X_HANDBOOK_FORM": frame.form} if frame.form else {}
    return {
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REQUEST_URI": frame.url,
        "RAW_URI": frame.url,
        "CONTENT_TYPE": frame.content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "HTTP_X_HANDBOOK_WRITTEN": frame.written,
        **told,
    }
