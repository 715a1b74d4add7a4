"""The network between phones and server, as bad as asked for.

One request a connection. Only requests that carry a key or a part of a file are harmed: those are what the promise is
about. What is drawn depends on the seed and on the order of arrival alone.
"""

from __future__ import annotations

import contextlib
import random
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Thread
from typing import Any

_FOREIGN = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n%s\r\n<h1>Wifi</h1>"
_SLOWEST = 4.0  # seconds
_PATIENCE = 60  # seconds

# How often each is drawn.
BAD = {
    "whole": 44,
    "lost request": 7,
    "cut request": 7,
    "lost reply": 9,
    "cut reply": 7,
    "doubled": 8,
    "late twin": 6,
    "late reply": 6,
    "portal": 3,
    "portal that redirects": 1,
    "gateway error": 2,
}


class Proxy:
    """Listens on a port of its own; while `calm` it harms nothing. `drawn` counts what it did."""

    def __init__(self, upstream: int, seed: int, weights: dict[str, int]) -> None:
        self.upstream, self.weights = upstream, weights
        self.calm = False
        self.drawn: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._drawing = Lock()
        self._over = Event()
        proxy = self

        class Line(BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    proxy._meet(self.request)

        class Listener(ThreadingTCPServer):
            request_queue_size = 128

        self._listener = Listener(("127.0.0.1", 0), Line)
        self.port = int(self._listener.server_address[1])

    def __enter__(self) -> Proxy:
        self._thread = Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()

    def _meet(self, phone: socket.socket) -> None:
        phone.settimeout(_PATIENCE)
        request = _request(phone)
        promised = b"\r\nidempotency-key:" in request.lower() or b"/chunks" in request.partition(b"\r\n")[0]
        fault, chance = self._draw() if promised and not self.calm else ("whole", 0.0)
        if promised and self.calm:
            self.drawn["calm"] += 1
        phone.sendall(_FAULTS[fault](self, request, chance))
        if fault == "late twin":
            phone.shutdown(socket.SHUT_RDWR)
            if not self._over.wait(chance * 2 * _SLOWEST):
                self._ask(request)

    def _draw(self) -> tuple[str, float]:
        with self._drawing:
            fault = self._random.choices(list(self.weights), list(self.weights.values()))[0]
            self.drawn[fault] += 1
            return fault, self._random.random()

    def _ask(self, request: bytes, *, cut: bool = False) -> bytes:
        """The server's whole answer to these bytes; of a `cut` request the server sees the line break off."""
        with socket.create_connection(("127.0.0.1", self.upstream), _PATIENCE) as server:
            server.sendall(request)
            return b"" if cut else _all(server)

    def _whole(self, request: bytes, _chance: float) -> bytes:
        return self._ask(request)

    def _lost_request(self, _request: bytes, _chance: float) -> bytes:
        return b""

    def _cut_request(self, request: bytes, chance: float) -> bytes:
        """Anywhere, and rather in the body than before it."""
        start = request.index(b"\r\n\r\n") if chance > 0.3 else 1
        return self._ask(request[: start + int(chance * (len(request) - start))], cut=True)

    def _lost_reply(self, request: bytes, _chance: float) -> bytes:
        self._ask(request)
        return b""

    def _cut_reply(self, request: bytes, chance: float) -> bytes:
        reply = self._ask(request)
        return reply[: int(chance * len(reply))]

    def _doubled(self, request: bytes, chance: float) -> bytes:
        with ThreadPoolExecutor(2) as both:
            replies = list(both.map(self._ask, [request, request]))
        return replies[chance < 0.5]

    def _late_reply(self, request: bytes, chance: float) -> bytes:
        reply = self._ask(request)
        self._over.wait(chance * _SLOWEST)
        return reply

    def _portal(self, _request: bytes, _chance: float) -> bytes:
        return _FOREIGN % (b"200 OK", b"")

    def _redirecting(self, _request: bytes, _chance: float) -> bytes:
        return _FOREIGN % (b"302 Found", b"Location: /wifi\r\n")

    def _gateway_error(self, _request: bytes, _chance: float) -> bytes:
        return _FOREIGN % (b"502 Bad Gateway", b"")


_FAULTS: dict[str, Callable[[Proxy, bytes, float], bytes]] = {
    "whole": Proxy._whole,
    "lost request": Proxy._lost_request,
    "cut request": Proxy._cut_request,
    "lost reply": Proxy._lost_reply,
    "cut reply": Proxy._cut_reply,
    "doubled": Proxy._doubled,
    "late twin": Proxy._whole,
    "late reply": Proxy._late_reply,
    "portal": Proxy._portal,
    "portal that redirects": Proxy._redirecting,
    "gateway error": Proxy._gateway_error,
}


def _all(line: Any) -> bytes:
    """Everything that comes until the line is closed."""
    pieces = []
    while piece := line.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def _request(phone: Any) -> bytes:
    """One request, told to close the line after its answer. Raises ConnectionError when it breaks off."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += _more(phone)
    head, _, body = came.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    while len(body) < int(fields.get(b"content-length", b"0")):
        body += _more(phone)
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""]) + body


def _more(phone: Any) -> bytes:
    piece: bytes = phone.recv(65536)
    if not piece:
        raise ConnectionError("broken off")
    return piece
