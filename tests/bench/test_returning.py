"""The evening after an outage, in small: what was sent away comes back and is served, and pages stay fast meanwhile."""

from __future__ import annotations

from statistics import quantiles

from handbook.core import clock
from handbook.core.db import Database
from tests.bench.returning import Costs, Evening, Outcome, Simulation

COSTS = Costs(page=0.01, manifest=0.03, entry=0.01, refusal=0.001)
PHONES = 2000


def play(database: Database, evening: Evening) -> Outcome:
    before = clock.now()
    outcome = Simulation(evening, COSTS, database).run()
    assert (clock.now() - before).total_seconds() < 600  # the clock was put right again
    assert len(outcome.fresh) == evening.phones
    return outcome


def p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1]


def test_with_a_rate_and_a_share_nobody_gives_up_and_pages_stay_fast(own_database: Database) -> None:
    ideal = PHONES * 4 / 60
    outcome = play(own_database, Evening(PHONES, within=10, rate=60, sync_threads=12))
    assert outcome.given_up == outcome.lost_pages == 0
    assert p99(outcome.pages) < 1
    assert p99(outcome.fresh) < 1.3 * ideal  # the places are used: the server is hardly ever idle while phones wait
    assert outcome.refused < 3 * PHONES  # and most are sent away but once or twice


def test_without_them_phones_give_up_and_the_work_is_done_in_vain(own_database: Database) -> None:
    outcome = play(own_database, Evening(2 * PHONES, within=10))
    assert outcome.given_up > PHONES
    assert p99(outcome.pages) > 10
