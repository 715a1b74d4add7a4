"""Admission: how many of the phones that come back at once are let in, and when the others are told to come.

A line gives out so many tokens a second, and one token lets one request in. Who finds none is given a place: the
moment at which a token will be there for it, so that those who were sent away come back one by one and not together.
All processes draw from the line's one row, each a handful at a time: hardly any request touches the database.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from threading import Lock

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

from handbook.core import clock
from handbook.core.db import Database
from handbook.core.errors import Unavailable

_HELD = 2.0  # seconds' worth of tokens that gather while nobody comes
_HANDFUL = 0.5  # seconds' worth that all processes together draw at a time, and how often one looks for more
_TOLD = 5.0  # seconds' worth of places that all processes together draw at a time
_LONGEST = 3600.0  # nobody is sent away for longer: then places are given anew, from the front
_MANY = 1000  # so many that came anew say how many follow one; then the older ones begin to count less
_LAST = 8  # about so many threads' times count in how long one is held


class AdmissionLine(SQLModel, table=True):
    """Up to which moments, in seconds since 1970, the tokens and the places of one kind of request are given away."""

    __tablename__ = "admission_line"

    kind: str = Field(primary_key=True, max_length=20)
    spent_until: float = 0.0
    told_until: float = 0.0

    def draw(self, now: float, rate: float, *, wanted: int, owed: float) -> int:
        """Pay the ``owed`` tokens, whether they are there or not, and take up to ``wanted`` of those that are."""
        if self.spent_until > now + _LONGEST:  # the clock was put back, or more is owed than anybody is to wait for
            self.spent_until = now
        self.spent_until = max(self.spent_until, now - max(_HELD, 2 / rate)) + owed / rate
        there = int((now - self.spent_until) * rate + 1e-3)
        taken = max(0, min(wanted, there))
        self.spent_until += taken / rate
        return taken

    def place(self, now: float, seconds: float) -> float:
        """Give away the next ``seconds`` of the line; the moment at which they begin."""
        begin = max(now, self.spent_until, self.told_until)
        if begin > now + _LONGEST:
            begin = now
        self.told_until = begin + seconds
        return begin


class Gate:
    """One process's hand in a line of ``rate`` requests a second over all ``processes``; 0 lets everyone in."""

    def __init__(self, kind: str, rate: float, *, processes: int) -> None:
        self._kind, self._rate = kind, rate
        self._handful, self._told = (max(1, round(rate * worth / processes)) for worth in (_HANDFUL, _TOLD))
        self._tokens = 0.0  # in hand; below zero what is owed for those who follow
        self._places: deque[float] = deque()
        self._entered = self._passed = 0.0  # requests that came anew, and all that were let through
        self._look_again = 0.0
        self._lock = Lock()

    def enter(self, database: Database) -> None:
        """Let in one that comes anew. Raises Unavailable with the seconds until its place, and when the store is away."""
        if not self._rate:
            return
        with self._lock:
            now = clock.now().timestamp()
            while self._places and not now <= self._places[0] <= now + _LONGEST:
                self._places.popleft()
            if self._tokens < 1 and (not self._places or now >= self._look_again):
                self._visit(database, now)
            if self._tokens < 1:
                raise Unavailable("admission.later", retry_after=max(1, ceil(self._places.popleft() - now)))
            self._take()
            self._entered += 1
            if self._entered > _MANY:
                self._entered, self._passed = self._entered / 2, self._passed / 2

    def follow(self) -> None:
        """Count a request of one that was let in: it is never refused, and those who come anew wait for its token."""
        if self._rate:
            with self._lock:
                self._take()

    def _take(self) -> None:
        self._tokens -= 1
        self._passed += 1

    def _visit(self, database: Database, now: float) -> None:
        """Fetch a handful of tokens or, where there are none, see that places are at hand: as far apart as is needed
        for one that comes anew and for those who follow it."""
        step = max(1.0, self._passed) / max(1.0, self._entered) / self._rate
        with database.unit_of_work() as db:
            line = _line(db, self._kind)
            taken = line.draw(now, self._rate, wanted=self._handful, owed=max(0.0, -self._tokens))
            if not taken and not self._places:
                begin = line.place(now, self._told * step)
                self._places.extend(begin + (at + 1) * step for at in range(self._told))
            db.add(line)
        self._tokens = max(0.0, self._tokens) + taken
        self._look_again = now + min(_HANDFUL, self._handful / self._rate)


class Share:
    """At most ``most`` of a process's threads, however long each is held. Knows nothing of other processes."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._each, self._place = 0.1, 0.0
        self._lock = Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold one of the threads. Raises Unavailable with the seconds until one will be free for this request."""
        began = clock.now().timestamp()
        with self._lock:
            if self._held >= self._most:
                last = self._place if began <= self._place <= began + _LONGEST else began
                self._place = last + self._each / self._most
                raise Unavailable("admission.later", retry_after=max(1, ceil(self._place - began)))
            self._held += 1
        try:
            yield
        finally:
            with self._lock:
                self._held -= 1
                self._each += (max(0.0, clock.now().timestamp() - began) - self._each) / _LAST


def _line(db: Session, kind: str) -> AdmissionLine:
    """The line's row, which nobody else changes until the end of the transaction."""
    found = db.get(AdmissionLine, kind, with_for_update=True)
    if found is None:
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        db.execute(insert(AdmissionLine).values(kind=kind, spent_until=0.0, told_until=0.0).on_conflict_do_nothing())
        found = db.get_one(AdmissionLine, kind, with_for_update=True)
    return found
