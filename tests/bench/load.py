"""A closed-loop HTTP/1.1 load on one machine: so many connections, each asking again as soon as it is answered."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles

_HEAD_END = b"\r\n\r\n"


@dataclass
class Outcome:
    """What one load brought: answers by status, seconds each took, lost connections, bytes of the last body."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    lost: int = 0
    body_bytes: int = 0

    @property
    def requests(self) -> int:
        return self.statuses.total()

    def errors(self, expected: int) -> int:
        """Answers with another status than the expected one, and connections lost in the middle."""
        return self.requests - self.statuses[expected] + self.lost

    def named_errors(self, expected: int) -> str:
        """Which they were: each status with its number, and the connections that were lost or given up."""
        found = [f"{count} × {status}" for status, count in sorted(self.statuses.items()) if status != expected]
        return ", ".join([*found, *([f"{self.lost} × no whole answer"] if self.lost else [])])

    def p95_ms(self) -> float:
        """The wait that 95 % of the answers stayed below, in ms."""
        return quantiles(self.waits, n=20)[-1] * 1000 if len(self.waits) > 1 else 0.0


def request(
    path: str, *, port: int, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """The bytes of one request to the server on this machine."""
    lines = {"Host": f"localhost:{port}", **(headers or {})}
    if method != "GET":
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def load(requests: Iterator[bytes], *, port: int, seconds: float, connections: int = 16) -> Outcome:
    """Send ``requests`` over ``connections`` for ``seconds``, or until there are no more; what is under way at the end
    is waited for."""
    return asyncio.run(_load(requests, port, seconds, connections))


async def _load(requests: Iterator[bytes], port: int, seconds: float, connections: int) -> Outcome:
    outcome = Outcome()
    started = time.perf_counter()
    end = started + seconds
    await asyncio.gather(*(_one(requests, port, end, outcome) for _ in range(connections)))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def _one(requests: Iterator[bytes], port: int, end: float, outcome: Outcome) -> None:
    """One connection; opened again whenever the server closes it."""
    pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while time.perf_counter() < end:
        began = time.perf_counter()
        try:
            if pipe is None:
                pipe = await asyncio.open_connection("localhost", port)
            reader, writer = pipe
            if (following := next(requests, None)) is None:
                break
            writer.write(following)
            keep = await asyncio.wait_for(_answer(reader, outcome), 30)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            outcome.lost += 1
            keep = False
        else:
            outcome.waits.append(time.perf_counter() - began)
        if not keep and pipe is not None:
            pipe[1].close()
            pipe = None
    if pipe is not None:
        pipe[1].close()


async def _answer(reader: asyncio.StreamReader, outcome: Outcome) -> bool:
    """Read one answer whole; whether the connection stays open."""
    head = (await reader.readuntil(_HEAD_END)).lower()
    status = int(head[9:12])
    length = _number_after(head, b"\r\ncontent-length:")
    if status != 304 and length:
        await reader.readexactly(length)
        outcome.body_bytes = length
    outcome.statuses[status] += 1
    return b"\r\nconnection: close" not in head


def _number_after(head: bytes, name: bytes) -> int:
    at = head.find(name)
    return int(head[at + len(name) : head.index(b"\r", at + 2)]) if at >= 0 else 0
