"""What the phones' workers ask for by themselves is let in at a rate that the server can bear, before anything is
done for it: no session, no page, no row. Whoever opens a page or signs in is never kept waiting by it.

``pack`` is a phone's copy: who begins to fetch it may be told to come later, who has begun is let through to the end.
``outbox`` is what members wrote, and ``rescue`` copies of it: each is a whole and may be told to come later.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Flask, Response

from handbook.core.admission import Gate, Share
from handbook.core.db import Database
from handbook.core.errors import Unavailable
from handbook.core.settings import Settings
from handbook.web import headers
from handbook.web.pages import PACK_HEADER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BEGINNING = "/offline/manifest"  # what a phone fetches first
_KIND = "HTTP_" + PACK_HEADER.upper().replace("-", "_")


def init_app(app: Flask, settings: Settings) -> None:
    """Stand in front of ``app``."""
    app.wsgi_app = Admission(app, settings)  # type: ignore[method-assign]  # Flask documents this very assignment


class Admission:
    """The application behind its gates."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._behind = app, app.wsgi_app
        rates = {"pack": settings.pack_requests_a_second, "outbox": settings.outbox_requests_a_second}
        self._gates = {kind: Gate(kind, rate, processes=settings.workers) for kind, rate in rates.items()}
        self._gates["rescue"] = self._gates["outbox"]
        self._share = Share(settings.sync_threads)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        gate = self._gates.get(environ.get(_KIND, ""))
        if gate is None:
            return self._behind(environ, start_response)
        try:
            with self._share.held():
                self._pass(gate, environ)
                return self._behind(environ, start_response)
        except Unavailable as refusal:
            return self._later(refusal, start_response)

    def _pass(self, gate: Gate, environ: "WSGIEnvironment") -> None:
        if gate is self._gates["pack"] and environ["PATH_INFO"] != BEGINNING:
            gate.follow()
        else:
            database: Database = self._app.extensions["handbook.database"]
            gate.enter(database)

    def _later(self, refusal: Unavailable, start_response: "StartResponse") -> Iterable[bytes]:
        """As short as can be: this is what the server says most when it has most to do."""
        body = b'{"code": "%s"}' % refusal.code.encode()
        told = [("Content-Length", str(len(body))), ("Retry-After", str(refusal.retry_after))]
        start_response("503 Service Unavailable", [*self._headers, *told])
        return [body]

    @cached_property
    def _headers(self) -> list[tuple[str, str]]:
        """What every answer says, made once."""
        with self._app.app_context():
            told = headers.add(Response(mimetype="application/json")).headers
        return [(name, value) for name, value in told.items() if name != "Content-Length"]
