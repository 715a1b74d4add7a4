"""The newest migration step gives what the models say, and every step goes down and up again with rows in it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, func, inspect, select
from sqlmodel import Session

from handbook import migrations
from handbook.core.db import Database, make_engine
from handbook.core.settings import Settings
from tests.factories.organisation import a_member
from tests.factories.receipts import a_receipt
from tests.factories.reports import an_opinion, answered
from tests.factories.rescue import a_rescue_copy


def steps() -> list[str]:
    """All steps, newest first."""
    return [script.revision for script in ScriptDirectory(str(migrations.__path__[0])).walk_revisions()]


def counts(settings: Settings) -> dict[str, int]:
    """Rows in each table."""
    engine = make_engine(settings)
    tables = MetaData()
    names = [
        name for name in inspect(engine).get_table_names() if migrations.include_object(None, name, "table", True, None)
    ]
    tables.reflect(engine, only=names)
    with engine.connect() as connection:
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }
    engine.dispose()
    return found


def test_the_newest_step_is_what_the_models_say(own_settings: Settings) -> None:
    assert migrations.differences(own_settings) == []


def test_a_difference_is_noticed(own_settings: Settings) -> None:
    engine = make_engine(own_settings)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE forgotten (id INTEGER PRIMARY KEY)")
    engine.dispose()
    assert len(migrations.differences(own_settings)) == 1


@pytest.mark.slow
def test_every_step_down_and_up_with_rows(new_database: Callable[[], Settings]) -> None:
    settings = new_database()
    migrations.upgrade(settings)
    database = Database(settings)
    with database.unit_of_work() as db:
        fill(db, settings)
    database.engine.dispose()
    for step, before in zip(steps(), [*steps()[1:], "base"], strict=True):
        full = counts(settings)
        migrations.downgrade(settings, before)
        kept = counts(settings)
        assert {name: kept[name] for name in kept} == {name: full[name] for name in kept}, f"{step} down loses rows"
        migrations.upgrade(settings, step)
        again = counts(settings)
        assert set(again) == set(full)
        assert {name: again[name] for name in kept} == kept, f"{step} up loses rows"
        migrations.downgrade(settings, before)
    assert counts(settings) == {}


def fill(db: Session, settings: Settings) -> None:
    """Units, a member, a post and their trail: what other tables point to; a receipt, a rescue copy, and an
    opinion with a file and its answer."""
    member = a_member(db, role="cell_secretary")
    a_receipt(db, member)
    a_rescue_copy(db, settings, member)
    file = {"id": uuid4(), "name": "a.pdf", "bytes": 9, "sha256": "0" * 64, "kind": "application/pdf"}
    answered(db, an_opinion(db, attachments=[file]), member)
