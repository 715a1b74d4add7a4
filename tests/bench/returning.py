"""The evening after an outage: all phones come back at once. A simulation of one server, event by event.

What is real in it: the gates and the share that a request meets (`handbook.core.admission`, over a database), what a
phone makes of their answers (as `service_worker/pack.js` does), and what each kind of request costs, which is measured
on the served handbook just before. What is simulated: time, the threads, the cores they share, and the phones.
"""

from __future__ import annotations

import os
import random
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count, cycle
from statistics import quantiles

from handbook.core import clock
from handbook.core.admission import AdmissionLine, Gate, Share
from handbook.core.db import Database
from handbook.core.errors import Unavailable
from handbook.web.admission import BEGINNING
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import load, request
from tests.bench.processes import Server
from tests.bench.subject import Subject

GROUP = "return after an outage"
PATIENCE = 30.0  # seconds after which a phone gives a request up
READERS = 2.0  # people who open a page, a second
LONGEST = 6 * 3600.0
PACK = {"X-Handbook-Fetch": "pack"}


@dataclass(frozen=True)
class Costs:
    """CPU seconds of one request of each kind, and of one that is told to come later."""

    page: float
    manifest: float
    entry: float
    refusal: float


@dataclass(frozen=True)
class Evening:
    """Who comes, within how many seconds, with how many new texts to fetch; to how many cores and threads."""

    phones: int
    within: float = 300.0  # an outbox waits no longer for a network before it tries again
    entries: int = 3
    cores: int = 2
    threads: int = 16
    rate: float = 0.0
    sync_threads: int = 16


@dataclass
class Outcome:
    """Seconds until each phone was up to date, seconds that each page took, and how often a request was given up."""

    fresh: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    lost_pages: int = 0
    given_up: int = 0
    refused: int = 0


@dataclass
class Phone:
    came: float
    left: int  # requests still to make; the manifest is one of each try
    begun: bool = False
    tries: int = 0


@dataclass
class Request:
    cost: float
    sent: float
    phone: Phone | None = None
    held: AbstractContextManager[None] | None = None
    over: bool = False  # answered, or given up by whoever asked


def measure(subject: Subject, *, phones: int, seconds: float) -> list[Figure]:
    """The same evening twice: everyone let in, and with the share and a rate of half of what the machine can bear."""
    evening = Evening(phones, cores=os.cpu_count() or 1)
    pack = [cookie | PACK for cookie in map(subject.cookie, range(len(subject.tokens)))]
    reader = f"/library/{subject.document_ids[0]}"
    with subject.serve() as server:
        page = _cost(server, "/", [subject.cookie()], 200, seconds)
        manifest = _cost(server, BEGINNING, pack, 200, seconds)
        entry = _cost(server, reader, pack, 200, seconds)
    rate = evening.cores * (1 + evening.entries) / (manifest + evening.entries * entry) / 2
    _let_a_crowd_in(subject)
    with subject.serve(pack_requests_a_second=rate) as server:
        refusal = _cost(server, BEGINNING, [PACK], 503, seconds)
    costs = Costs(page, manifest, entry, refusal)
    shared = subject.settings.model_copy(update={"threads": evening.threads}).sync_threads
    figures = [plain(GROUP, f"CPU of {name}", cost * 1000, "ms") for name, cost in vars(costs).items()]
    settings = subject.settings.model_copy(update={"sqlite_synchronous": "NORMAL"})
    with Database(settings) as database:
        with database.unit_of_work() as db:
            db.merge(AdmissionLine(kind="pack"))
        for name, one in (
            ("everyone let in", evening),
            (f"{rate:.0f} requests a second", replace(evening, rate=rate, sync_threads=shared)),
        ):
            figures += _told(f"{GROUP}, {name}", one, Simulation(one, costs, database).run())
    return figures


def _let_a_crowd_in(subject: Subject) -> None:
    """For the next ten minutes all that the server can take is given away."""
    with Database(subject.settings) as database, database.unit_of_work() as db:
        db.merge(AdmissionLine(kind="pack", spent_until=time.time() + 600))


def _cost(server: Server, path: str, senders: list[dict[str, str]], status: int, seconds: float) -> float:
    """CPU seconds of one request that is answered with ``status``. Few connections: none is over the share.

    Raises RuntimeError when most are answered otherwise."""
    asked = cycle(request(path, port=server.port, headers=sender | {"Accept-Encoding": "gzip"}) for sender in senders)
    load(asked, port=server.port, seconds=1, connections=4)
    before = server.cpu_seconds()
    outcome = load(asked, port=server.port, seconds=seconds, connections=4)
    if outcome.errors(status) > outcome.requests / 4:
        raise RuntimeError(f"{path} was answered {dict(outcome.statuses)}, {outcome.lost} lost")
    return (server.cpu_seconds() - before) / outcome.requests


def _told(group: str, evening: Evening, outcome: Outcome) -> list[Figure]:
    detail = f"{evening.phones:,} phones within {evening.within:.0f} s, {evening.entries} new texts each; simulated"
    return [
        plain(group, "up to date, p99", _p99(outcome.fresh) / 60, "min", detail),
        plain(group, "phones up to date", len(outcome.fresh), f"of {evening.phones:,}"),
        plain(group, "a page meanwhile, p99", _p99(outcome.pages), "s"),
        *_given_up(group, outcome, aimed=evening.rate > 0),
        plain(group, "told to come later", outcome.refused, "requests"),
    ]


def _given_up(group: str, outcome: Outcome, *, aimed: bool) -> list[Figure]:
    """After half a minute without an answer. A goal only where something is done about it."""
    counts = {"pages given up": outcome.lost_pages, "requests of phones given up": outcome.given_up}
    if aimed:
        return [at_most(group, name, number, 0, unit="") for name, number in counts.items()]
    return [plain(group, name, number, "") for name, number in counts.items()]


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[-1] if len(values) > 1 else 0.0


class Simulation:
    """One evening. ``run`` plays it to the end, or to ``LONGEST``."""

    def __init__(self, evening: Evening, costs: Costs, database: Database, *, seed: int = 7) -> None:
        self.evening, self.costs, self.database = evening, costs, database
        self.gate = Gate("pack", evening.rate, processes=1)
        self.share = Share(evening.sync_threads)
        self.chance = random.Random(seed)
        self.outcome = Outcome()
        self.now, self.work, self.start = 0.0, 0.0, clock.now().timestamp()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._running: list[tuple[float, int, Request]] = []  # by the work that is done when each is done
        self._waiting: deque[Request] = deque()
        self._order = count()

    def run(self) -> Outcome:
        for _ in range(self.evening.phones):
            came = self.chance.uniform(0, self.evening.within)
            self._at(came, partial(self._begin, Phone(came, self.evening.entries)))
        self._at(0.0, self._reader)
        while len(self.outcome.fresh) < self.evening.phones and self.now < LONGEST:
            self._step()
        clock.shift(timedelta())
        return self.outcome

    def _at(self, moment: float, act: Callable[[], None]) -> None:
        heappush(self._events, (moment, next(self._order), act))

    def _step(self) -> None:
        """To the next event: something planned, or the first of the running requests is done."""
        speed = min(1.0, self.evening.cores / len(self._running)) if self._running else 0.0
        done_at = self.now + (self._running[0][0] - self.work) / speed if self._running else LONGEST
        moment = min(done_at, self._events[0][0])
        self.work += (moment - self.now) * speed
        self.now = moment
        clock.shift(timedelta(seconds=self.start + moment - time.time()))
        if done_at <= moment:
            self._done(heappop(self._running)[2])
        else:
            heappop(self._events)[2]()

    def _reader(self) -> None:
        self._send(Request(self.costs.page, self.now))
        self._at(self.now + self.chance.expovariate(READERS), self._reader)

    def _begin(self, phone: Phone) -> None:
        phone.begun = False
        self._send(Request(self.costs.manifest, self.now, phone))

    def _send(self, request: Request) -> None:
        self._at(self.now + PATIENCE, partial(self._give_up, request))
        self._waiting.append(request)
        self._serve()

    def _serve(self) -> None:
        while self._waiting and len(self._running) < self.evening.threads:
            request = self._waiting.popleft()
            cost = request.cost
            if request.phone and (refusal := self._admit(request, request.phone)):
                cost = self.costs.refusal
                self._refuse(request, request.phone, refusal)
            heappush(self._running, (self.work + cost, next(self._order), request))

    def _admit(self, request: Request, phone: Phone) -> Unavailable | None:
        held = self.share.held()
        try:
            held.__enter__()
        except Unavailable as refusal:
            return refusal
        try:
            if phone.begun:
                self.gate.follow()
            else:
                self.gate.enter(self.database)
        except Unavailable as refusal:
            held.__exit__(None, None, None)
            return refusal
        request.held = held
        return None

    def _refuse(self, request: Request, phone: Phone, refusal: Unavailable) -> None:
        if not request.over:
            request.over = True
            self.outcome.refused += 1
            self._later(phone, float(refusal.retry_after))

    def _later(self, phone: Phone, seconds: float) -> None:
        """As nextTry: the stated time and up to a quarter of it."""
        wait = min(86_400.0, seconds) * (1 + self.chance.random() * 0.25)
        self._at(self.now + wait, partial(self._begin, phone))

    def _give_up(self, request: Request) -> None:
        """The work is done all the same, in vain."""
        if request.over:
            return
        request.over = True
        if (phone := request.phone) is None:
            self.outcome.lost_pages += 1
            return
        self.outcome.given_up += 1
        wait = min(3600.0, 30.0 * 2**phone.tries)
        phone.tries += 1
        self._later(phone, wait)

    def _done(self, request: Request) -> None:
        if request.held:
            request.held.__exit__(None, None, None)
        if not request.over:
            request.over = True
            self._answered(request)
        self._serve()

    def _answered(self, request: Request) -> None:
        phone = request.phone
        if phone is None:
            self.outcome.pages.append(self.now - request.sent)
            return
        phone.tries = 0
        if phone.begun:
            phone.left -= 1
        phone.begun = True
        if phone.left:
            self._send(Request(self.costs.entry, self.now, phone))
        else:
            self.outcome.fresh.append(self.now - phone.came)
