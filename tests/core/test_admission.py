"""Admission: a rate that all processes keep together, and places that follow one another at that rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from handbook.core import clock
from handbook.core.admission import AdmissionLine, Gate, Share
from handbook.core.db import Database
from handbook.core.errors import Unavailable
from handbook.core.settings import Settings

RATE = 20.0


class Processes:
    """Several processes of one server: a gate and connections for each, their requests taking turns."""

    def __init__(self, settings: Settings, number: int = 2, rate: float = RATE) -> None:
        self.databases = [Database(settings) for _ in range(number)]
        self.gates = [Gate("pack", rate, processes=number) for _ in range(number)]

    def enter(self, at: int) -> int:
        """0 when the request is let in, else the seconds after which it is to come again."""
        turn = at % len(self.gates)
        try:
            self.gates[turn].enter(self.databases[turn])
        except Unavailable as refusal:
            return refusal.retry_after
        return 0

    def close(self) -> None:
        for database in self.databases:
            database.engine.dispose()


@pytest.fixture
def two(own_settings: Settings, frozen: Callable[[float], None]):
    processes = Processes(own_settings)
    yield processes
    processes.close()


@pytest.fixture
def frozen(shift_clock: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A clock that stands still until it is set so many seconds on."""
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)

    def on(seconds: float) -> None:
        nonlocal at
        at += timedelta(seconds=seconds)

    return on


def test_two_processes_keep_one_rate(two: Processes, frozen: Callable[[float], None]) -> None:
    let_in = 0
    for _ in range(100):  # ten seconds, in which five times as many come as may
        let_in += sum(two.enter(at) == 0 for at in range(10))
        frozen(0.1)
    assert 10 * RATE * 0.95 <= let_in <= 12 * RATE  # and two seconds' worth had gathered before


def test_a_crowd_in_threads_gets_no_more(own_settings: Settings) -> None:
    processes = Processes(own_settings, 4, rate=1.0)
    with ThreadPoolExecutor(8) as pool:
        let_in = sum(waits == 0 for waits in pool.map(processes.enter, range(60)))
    processes.close()
    assert 1 <= let_in <= 4


def test_who_is_refused_is_told_to_come_back_at_the_rate(two: Processes) -> None:
    waits = [two.enter(at) for at in range(400)]
    refused = [wait for wait in waits if wait]
    assert len(refused) == 400 - 2 * RATE
    told = Counter(refused)
    assert len(refused) / RATE <= max(refused) <= len(refused) / RATE + 5  # the k-th is told about k / rate seconds
    assert min(refused) == 1
    assert max(told.values()) <= RATE + 1


def test_who_comes_when_told_is_let_in(two: Processes, frozen: Callable[[float], None]) -> None:
    waits = sorted(filter(None, (two.enter(at) for at in range(240))))
    came, turned_away = 0.0, 0
    for at, wait in enumerate(waits):
        frozen(max(0.0, wait - came))
        came = max(came, wait)
        turned_away += two.enter(at) > 0
    assert turned_away <= RATE  # tokens that lie in the other process's hand


def test_nobody_is_sent_away_for_more_than_an_hour(own_settings: Settings, frozen: Callable[[float], None]) -> None:
    slow = Processes(own_settings, 2, rate=0.01)
    waits = [slow.enter(at) for at in range(100)]
    slow.close()
    assert max(waits) <= 3700 and sum(wait < 1800 for wait in waits) > 40  # spread over the hour, however many they are


def test_who_follows_is_let_through_and_those_who_come_anew_wait_for_it(
    two: Processes, frozen: Callable[[float], None]
) -> None:
    assert two.enter(0) == 0
    for _ in range(200):
        two.gates[0].follow()
    assert two.enter(0) >= 150 / RATE
    frozen(200 / RATE)
    assert two.enter(0) == 0


def test_the_longer_each_stays_the_further_apart_are_the_places(
    two: Processes, frozen: Callable[[float], None]
) -> None:
    for at in range(60):
        two.enter(at)
        for _ in range(4):
            two.gates[at % 2].follow()
        frozen(5 / RATE)
    waits = sorted(filter(None, (two.enter(at) for at in range(100))))
    assert waits[-1] - waits[0] > 3 * len(waits) / RATE


def test_at_low_load_hardly_any_request_touches_the_database(two: Processes, frozen: Callable[[float], None]) -> None:
    touched = 0

    def count(*_args: object) -> None:
        nonlocal touched
        touched += 1

    for database in two.databases:
        event.listen(database.engine, "commit", count)
    for at in range(100):
        assert two.enter(at) == 0
        frozen(1 / RATE)
    assert touched <= 20


def test_without_a_rate_the_database_is_not_asked(own_settings: Settings) -> None:
    gate, database = Gate("pack", 0, processes=2), Database(own_settings)
    for _ in range(1000):
        gate.enter(database)
        gate.follow()
    with database.unit_of_work(read_only=True) as db:
        assert db.get(AdmissionLine, "pack") is None
    database.engine.dispose()


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_put_right_keeps_nobody_out(two: Processes, frozen: Callable[[float], None], hours: int) -> None:
    for at in range(400):
        two.enter(at)
    frozen(hours * 3600)
    assert two.enter(0) <= 1
    frozen(2)
    assert two.enter(0) == 0


def test_a_share_holds_so_many_and_no_more() -> None:
    share = Share(2)
    with share.held(), share.held(), pytest.raises(Unavailable) as refusal, share.held():
        raise AssertionError("a third thread was given away")
    assert refusal.value.retry_after == 1
    with share.held(), share.held():
        pass


def test_a_share_that_is_held_long_sends_the_next_ones_further_away(frozen: Callable[[float], None]) -> None:
    share = Share(1)
    for _ in range(20):
        with share.held():
            frozen(4)
    waits = []
    with share.held():
        for _ in range(5):
            with pytest.raises(Unavailable) as refusal, share.held():
                pass
            waits.append(refusal.value.retry_after)
    assert waits == sorted(waits) and waits[0] >= 3 and waits[-1] >= 15
