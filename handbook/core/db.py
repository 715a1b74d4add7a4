"""The database: one engine, one session class, one unit of work.

SQLite needs care. Its driver's own transaction handling loses updates under read-then-write, and a plain
``BEGIN`` that later writes fails at once when another writer is in between; so writing units begin with
``BEGIN IMMEDIATE`` and reading ones with ``BEGIN``.
"""

import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from handbook.core.errors import Unavailable
from handbook.core.sealing import key_of
from handbook.core.settings import Settings

_BUSY_SECONDS = 15
_IDLE_SECONDS = 5
_AWAY = (
    "database is locked",
    "disk is full",
    "disk i/o error",
    "unable to open",
    "could not connect",
    "connection refused",
    "server closed the connection",
    "terminating connection",
    "the database system is",
    "connection is closed",
    "no space left",
    "readonly database",
    "consuming input failed",
    "connection failed",
)


def make_engine(settings: Settings) -> Engine:
    """An engine for the configured database, SQLite or PostgreSQL, with the rules above built in."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_size=settings.threads)
        _ask_after_a_pause(engine)
        return engine
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False})
    prepare_sqlite(engine, synchronous=settings.sqlite_synchronous)
    return engine


def prepare_sqlite(engine: Engine, *, synchronous: str = "FULL", foreign_keys: bool = True) -> None:
    """Give an SQLite engine WAL, the stated durability, foreign keys and explicit BEGINs.

    Migrations pass ``foreign_keys=False``: rebuilding a table drops it, and ON DELETE would fire."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", f"foreign_keys={int(foreign_keys)}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
        try:  # past the engine's own machinery, which asks ten times the work for a statement without a result
            connection.connection.execute(begin)
        except sqlite3.Error as error:
            raise OperationalError(begin, None, error) from error


def _ask_after_a_pause(engine: Engine) -> None:
    """Have a pooled connection prove that it lives when it has lain idle. Asking at every use, as the pool's own
    pre-ping does, costs a request two more round trips; one that broke a moment ago ends as Unavailable, and every
    other of its age with it."""

    @event.listens_for(engine, "checkin")
    def _returned(_connection: Any, record: Any) -> None:
        record.info["returned"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("returned", math.inf) < _IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError() from error


class Database:
    """The engine and the sessions on it; one for each process. Commands open it by ``with``: nothing stays open."""

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings)
        self._info = {
            "audit_key": key_of(settings.audit_key.get_secret_value(), "audit"),
            "field_key": key_of(settings.field_key.get_secret_value(), "field"),
        }
        self._writing = sessionmaker(self.engine, class_=Session, expire_on_commit=False)
        self._reading = self._readers("AUTOCOMMIT")
        self._whole = self._readers("REPEATABLE READ")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.engine.dispose()

    def _readers(self, isolation: str) -> sessionmaker[Session]:
        """Sessions that only read; `isolation` is PostgreSQL's, since SQLite reads one state from BEGIN on anyway."""
        told = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": isolation}
        return sessionmaker(self.engine.execution_options(reading=True, **told), class_=Session, expire_on_commit=False)

    def session(self, *, read_only: bool = False, whole: bool = False) -> Session:
        """A new session; the caller commits or rolls back and closes it.

        One that only reads sees on PostgreSQL what is committed at each statement and opens no transaction for it;
        if it is ``whole`` it sees one state of the database throughout, and may stream."""
        db = (self._writing if not read_only else self._whole if whole else self._reading)()
        db.info.update(self._info)
        return db

    @contextmanager
    def unit_of_work(self, *, read_only: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any error, then what waited for the commit runs.
        One that only reads is whole.

        Raises Unavailable when the store is busy, full or away."""
        db = self.session(read_only=read_only, whole=True)
        try:
            with translated():
                yield db
                db.rollback() if read_only else db.commit()
        except BaseException:
            db.rollback()
            raise
        finally:
            db.close()
        run_after_commit(db)


def after_commit(db: Session, act: Callable[[], None]) -> None:
    """Have ``act`` run once the transaction of ``db`` is committed; never if it is rolled back."""
    db.info.setdefault("after_commit", []).append(act)


def run_after_commit(db: Session) -> None:
    """Run what waited for this session's commit."""
    for act in db.info.pop("after_commit", []):
        act()


@contextmanager
def translated() -> Iterator[None]:
    """Turn "busy, full, away" into Unavailable. Any other database error stays what it is: a fault of ours."""
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig).lower()
        if error.connection_invalidated or any(sign in text for sign in _AWAY):
            raise Unavailable() from error
        raise
