"""The unit of work: nothing half done, no lost update, busy told apart from wrong."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from handbook.core.clock import now
from handbook.core.db import Database, after_commit, translated
from handbook.core.errors import Unavailable
from handbook.core.limits import RateWindow
from handbook.core.settings import Settings


def _window(uses: int = 0) -> RateWindow:
    return RateWindow(bucket="counter", opened_at=now().replace(microsecond=0), uses=uses)


def test_an_error_rolls_back_and_what_waited_for_the_commit_does_not_run(own_database: Database) -> None:
    ran: list[str] = []
    with pytest.raises(RuntimeError), own_database.unit_of_work() as db:
        db.add(_window())
        after_commit(db, lambda: ran.append("ran"))
        db.flush()
        raise RuntimeError
    with own_database.unit_of_work(read_only=True) as db:
        assert db.execute(text("SELECT count(*) FROM rate_window")).scalar_one() == 0
    assert ran == []


def test_what_waits_for_the_commit_runs_after_it(own_database: Database) -> None:
    seen: list[int] = []

    def look() -> None:
        with own_database.unit_of_work(read_only=True) as other:
            seen.append(other.execute(text("SELECT count(*) FROM rate_window")).scalar_one())

    with own_database.unit_of_work() as db:
        db.add(_window())
        after_commit(db, look)
    assert seen == [1]


def test_no_update_is_lost_among_threads_that_read_then_write(own_database: Database) -> None:
    if own_database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes row locks; the rule is about SQLite's BEGIN IMMEDIATE")
    with own_database.unit_of_work() as db:
        db.add(_window())

    def add_one(_n: int) -> None:
        with own_database.unit_of_work() as db:
            uses = db.execute(text("SELECT uses FROM rate_window")).scalar_one()
            db.execute(text("UPDATE rate_window SET uses = :uses"), {"uses": uses + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(120)))
    with own_database.unit_of_work(read_only=True) as db:
        assert db.execute(text("SELECT uses FROM rate_window")).scalar_one() == 120


def test_sqlite_has_wal_full_sync_and_foreign_keys(own_database: Database) -> None:
    if own_database.engine.dialect.name != "sqlite":
        pytest.skip("pragmas belong to SQLite")
    with own_database.unit_of_work(read_only=True) as db:
        found = [
            db.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_a_wrong_statement_is_a_fault_and_not_a_busy_store(own_database: Database) -> None:
    with pytest.raises(DBAPIError), own_database.unit_of_work() as db:
        db.execute(text("SELECT nothing FROM nowhere"))


def test_a_writer_that_waits_in_vain_is_told_as_unavailable(own_database: Database) -> None:
    if own_database.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one pen for all")
    event.listen(own_database.engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 50"))
    own_database.engine.dispose()
    with own_database.unit_of_work() as db:
        db.add(_window())
        db.flush()
        with pytest.raises(Unavailable), own_database.unit_of_work() as other:
            other.add(_window())
    with own_database.unit_of_work(read_only=True) as db:
        assert db.execute(text("SELECT count(*) FROM rate_window")).scalar_one() == 1


def test_a_full_disk_is_told_as_unavailable(own_database: Database) -> None:
    if own_database.engine.dialect.name != "sqlite":
        pytest.skip("the page limit belongs to SQLite")
    with pytest.raises(Unavailable), own_database.unit_of_work() as db:
        db.execute(text("PRAGMA max_page_count = 1"))
        for number in range(5000):
            db.execute(
                text("INSERT INTO rate_window (bucket, opened_at, uses) VALUES (:b, :t, 0)"),
                {"b": f"{number:0190d}", "t": "2026-01-01"},
            )
    with translated(), own_database.unit_of_work(read_only=True) as db:
        assert db.execute(text("SELECT count(*) FROM rate_window")).scalar_one() == 0


def test_a_reading_unit_sees_one_state_throughout_and_may_stream(own_database: Database) -> None:
    with own_database.unit_of_work() as db:
        db.add(_window())
    with own_database.unit_of_work(read_only=True) as reader:
        assert len(reader.exec(select(RateWindow)).all()) == 1
        with own_database.unit_of_work() as db:
            db.add(RateWindow(bucket="another", opened_at=now(), uses=0))
        assert len(list(reader.exec(select(RateWindow).execution_options(yield_per=1)))) == 1
    with own_database.unit_of_work(read_only=True) as reader:
        assert len(reader.exec(select(RateWindow)).all()) == 2


def test_a_reading_session_opens_no_transaction_on_postgresql(own_database: Database) -> None:
    if own_database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite reads one state from BEGIN on")
    with own_database.session(read_only=True) as reader:
        assert reader.exec(select(RateWindow)).all() == []
        assert reader.connection().connection.driver_connection.info.transaction_status.name == "IDLE"


def _cut(others: Database) -> None:
    """Every connection but this one's breaks, as when the server is restarted."""
    with others.unit_of_work() as db:
        db.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@pytest.mark.parametrize("idle_seconds", [0, 60])
def test_a_connection_that_broke_in_the_pool_costs_one_try_at_most(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, idle_seconds: int
) -> None:
    """One that lay idle is asked first and costs nothing; one used a moment ago is told as "away" once."""
    if not own_settings.database_url.startswith("postgresql"):
        pytest.skip("SQLite's connections are files")
    monkeypatch.setattr("handbook.core.db._IDLE_SECONDS", idle_seconds)
    with Database(own_settings) as database, Database(own_settings) as others:
        with database.unit_of_work(), database.unit_of_work() as db:  # two connections, both returned
            db.add(_window())
        _cut(others)
        lost = 0
        for _ in range(3):
            try:
                with database.unit_of_work() as db:
                    db.execute(text("SELECT 1"))
            except Unavailable:
                lost += 1
    assert lost == (0 if idle_seconds == 0 else 1)
