"""Rate limits are one count for all workers, and a refused try counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from handbook.core.db import Database
from handbook.core.errors import TooMany
from handbook.core.limits import take
from handbook.core.settings import Settings


def test_the_limit_holds_over_several_processes_databases(own_settings: Settings) -> None:
    workers = [Database(own_settings) for _ in range(4)]

    def attempt(number: int) -> bool:
        try:
            take(workers[number % 4], "sign-in:address:a", 5, 3600)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5
    for worker in workers:
        worker.engine.dispose()


def test_the_refusal_says_when_and_the_next_window_opens(
    own_database: Database, shift_clock: Callable[[timedelta], None]
) -> None:
    take(own_database, "one", 1, 60)
    with pytest.raises(TooMany) as refusal:
        take(own_database, "one", 1, 60)
    assert 1 <= refusal.value.retry_after <= 61
    shift_clock(timedelta(seconds=refusal.value.retry_after))
    take(own_database, "one", 1, 60)


def test_buckets_do_not_touch_each_other(own_database: Database) -> None:
    take(own_database, "one", 1, 3600)
    take(own_database, "two", 1, 3600)
