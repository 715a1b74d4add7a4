"""Schema changes, run by a command and never at import (Alembic; dated names; no model imports in the steps)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url

from handbook.core.db import make_engine, prepare_sqlite
from handbook.core.errors import Refused
from handbook.core.settings import Settings


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to ``revision``. Each step is one transaction: a failed one leaves nothing behind."""
    with _connected(settings) as connection:
        command.upgrade(_config(connection), revision)
        _check_foreign_keys(connection)


def downgrade(settings: Settings, revision: str = "base") -> None:
    """Take the database back to ``revision``."""
    with _connected(settings) as connection:
        command.downgrade(_config(connection), revision)
        _check_foreign_keys(connection)


def head() -> str:
    """The newest step."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def require_head(engine: Engine) -> None:
    """Raises Refused("schema.behind") unless the database is at the newest step."""
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() != head():
            raise Refused("schema.behind")


def differences(settings: Settings) -> list[object]:
    """What the models have and the migrated database has not, or the other way round; empty is right."""
    from handbook.models import metadata

    with _connected(settings) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": include_object})
        return list(compare_metadata(context, metadata))


def include_object(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Leave out the search index's own tables, which the database makes by itself."""
    return not (kind in ("table", "index") and (name or "").startswith("document_search"))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(settings: Settings) -> Iterator[Connection]:
    """One connection for schema changes, and nothing left open after it."""
    engine = _engine(settings)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _engine(settings: Settings) -> Engine:
    """An engine for schema changes: on SQLite without foreign keys, whose ON DELETE a table rebuild would fire."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        return make_engine(settings)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    prepare_sqlite(engine, foreign_keys=False)
    return engine


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"rows point nowhere after migrating: {broken[:5]}")
