"""Side by side: all targets up at once, loaded one after the other in rotating order, compared within each round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.bench.load import Outcome, load
from tests.bench.processes import Server


@dataclass(frozen=True)
class Target:
    """One kind of request to one server, in endless supply."""

    name: str
    server: Server
    requests: Iterator[bytes]
    expected: int = 200
    connections: int = 16


@dataclass
class Measured:
    """A target's rounds: CPU ms for each request, requests a second, and what came back."""

    cpu_ms: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    errors: int = 0
    body_bytes: int = 0

    @property
    def median_cpu_ms(self) -> float:
        return median(self.cpu_ms)

    def cpu_ratio(self, reference: Measured) -> float:
        """Median over the rounds of this target's CPU for a request, as a multiple of the reference's in that round."""
        return median(own / other for own, other in zip(self.cpu_ms, reference.cpu_ms, strict=True))


def side_by_side(targets: list[Target], *, rounds: int, seconds: float) -> dict[str, Measured]:
    """Load every target in every round, ``seconds`` each, after one short round that does not count."""
    found = {target.name: Measured() for target in targets}
    for target in targets:
        load(
            target.requests,
            port=target.server.port,
            seconds=min(1.0, seconds),
            connections=target.connections,
        )
    for turn in range(rounds):
        shift = turn % len(targets)
        for target in targets[shift:] + targets[:shift]:
            _measure(target, seconds, found[target.name])
    return found


def _measure(target: Target, seconds: float, into: Measured) -> None:
    before = target.server.cpu_seconds()
    outcome: Outcome = load(target.requests, port=target.server.port, seconds=seconds, connections=target.connections)
    used = target.server.cpu_seconds() - before
    into.cpu_ms.append(used * 1000 / max(1, outcome.requests))
    into.rate.append(outcome.requests / outcome.seconds)
    into.p95_ms.append(outcome.p95_ms())
    into.errors += outcome.errors(target.expected)
    into.body_bytes = outcome.body_bytes or into.body_bytes
