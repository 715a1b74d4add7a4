"""The network between phones and server, as bad as asked for.

One request a connection. Only requests that carry a key are harmed: those are what the promise is about. What is drawn
depends on the seed and on the order of arrival alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

_FOREIGN = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n%s\r\n<h1>Wifi</h1>"
_SLOWEST = 4.0  # seconds

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
    """Listens on a port of its own, in a thread of its own; `calm` harms nothing any more."""

    def __init__(self, upstream: int, seed: int, weights: dict[str, int]) -> None:
        self.upstream, self.weights = upstream, weights
        self.random = random.Random(seed)  # chaos, not secrets
        self.calm = False
        self.drawn: Counter[str] = Counter()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cancelled: the storm is over while somebody still waits for an answer.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            request = await _request(reader)
            keyed = b"\r\nidempotency-key:" in request.lower()
            fault = self._draw() if keyed and not self.calm else "whole"
            await self._FAULTS[fault](self, request, writer)
        writer.close()

    def _draw(self) -> str:
        fault = self.random.choices(list(self.weights), list(self.weights.values()))[0]
        self.drawn[fault] += 1
        return fault

    async def _ask(self, request: bytes, *, cut: bool = False) -> bytes:
        """The server's whole answer to these bytes; of a cut request the server sees the line break off."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(request)
            await writer.drain()
            if cut:
                return b""
            return await reader.read(-1)
        finally:
            writer.close()

    async def _whole(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(await self._ask(request))
        await writer.drain()

    async def _lost_request(self, _request: bytes, _writer: asyncio.StreamWriter) -> None:
        return

    async def _cut_request(self, request: bytes, _writer: asyncio.StreamWriter) -> None:
        await self._ask(request[: self.random.randrange(1, len(request))], cut=True)

    async def _lost_reply(self, request: bytes, _writer: asyncio.StreamWriter) -> None:
        await self._ask(request)

    async def _cut_reply(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        reply = await self._ask(request)
        writer.write(reply[: self.random.randrange(len(reply))] if reply else b"")
        await writer.drain()

    async def _doubled(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        replies = await asyncio.gather(self._ask(request), self._ask(request))
        writer.write(self.random.choice(replies))
        await writer.drain()

    async def _late_twin(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        delay = self.random.uniform(0, 2 * _SLOWEST)
        task = asyncio.create_task(self._later(delay, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await self._whole(request, writer)

    async def _later(self, delay: float, request: bytes) -> None:
        await asyncio.sleep(delay)
        with contextlib.suppress(OSError):
            await self._ask(request)

    async def _late_reply(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        reply = await self._ask(request)
        await asyncio.sleep(self.random.uniform(0.2, _SLOWEST))
        writer.write(reply)
        await writer.drain()

    async def _portal(self, _request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(_FOREIGN % (b"200 OK", b""))

    async def _redirecting(self, _request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(_FOREIGN % (b"302 Found", b"Location: /wifi\r\n"))

    async def _gateway_error(self, _request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(_FOREIGN % (b"502 Bad Gateway", b""))

    _FAULTS: dict[str, Callable[[Any, bytes, asyncio.StreamWriter], Coroutine[Any, Any, None]]] = {
        "whole": _whole,
        "lost request": _lost_request,
        "cut request": _cut_request,
        "lost reply": _lost_reply,
        "cut reply": _cut_reply,
        "doubled": _doubled,
        "late twin": _late_twin,
        "late reply": _late_reply,
        "portal": _portal,
        "portal that redirects": _redirecting,
        "gateway error": _gateway_error,
    }


async def _request(reader: asyncio.StreamReader) -> bytes:
    """One request, told to close the line after its answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head[:-4].split(b"\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""]) + body
