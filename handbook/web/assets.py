"""Built files under stable names, read once, each with its revision and a compressed twin.

Pages kept on a phone name these files for weeks, so the names never change; an ETag says whether the bytes did.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from handbook.core.errors import Missing
from handbook.core.resources import folder
from handbook.web.access import public

_COMPRESSIBLE = (".css", ".js", ".svg", ".json")

pages = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, type and revision (16 hex digits of its SHA-256)."""

    body: bytes
    kind: str
    revision: str
    packed: bytes | None


class Assets:
    """All files of ``static/dist``, by their path below it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> dict[str, Asset]:
        """Path to asset; read at the first use and kept for the life of the process."""
        paths = sorted(path for path in self.root.rglob("*") if path.is_file()) if self.root.is_dir() else []
        return {path.relative_to(self.root).as_posix(): _read(path) for path in paths}

    def revisions(self) -> dict[str, str]:
        """URL to revision of every file that a browser loads by itself."""
        return {f"/static/dist/{name}": asset.revision for name, asset in self.files.items() if name not in _UNLISTED}


_UNLISTED = ("sw.js", "kill.js", "revisions.json")


def assets() -> Assets:
    """The files of this application."""
    found: Assets = current_app.extensions["handbook.assets"]
    return found


@pages.get("/static/dist/<path:name>")
@public
def show(name: str) -> ResponseReturnValue:
    """One built file; unchanged ones cost a 304."""
    asset = assets().files.get(name)
    if asset is None:
        raise Missing("not_found")
    return answer(asset)


def answer(asset: Asset) -> Response:
    """A file's answer: revalidated each time, compressed where the browser takes it."""
    packed = asset.packed if "gzip" in request.accept_encodings else None
    response = Response(packed or asset.body, content_type=asset.kind)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(asset.revision)
    response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Register the route; nothing is read before the first request."""
    app.extensions["handbook.assets"] = Assets(folder("static") / "dist")
    app.register_blueprint(pages)


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    twin = packed(body) if path.suffix in _COMPRESSIBLE else None
    return Asset(body, kind, hashlib.sha256(body).hexdigest()[:16], twin)


def packed(body: bytes) -> bytes:
    """The compressed twin; the same bytes each time."""
    return gzip.compress(body, 9, mtime=0)
