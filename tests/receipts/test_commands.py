"""`handbook receipts prune` lets go of the old and never of what a phone may still send again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.core import clock
from handbook.core.db import Database
from handbook.core.errors import Refused
from handbook.core.settings import Settings
from handbook.receipts.commands import group
from tests.conftest import KEYS
from tests.factories.organisation import a_member
from tests.factories.receipts import a_receipt
from tests.receipts.phone import receipts

Run = Callable[..., Result]


@pytest.fixture
def run(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in {**KEYS, "database_url": own_settings.database_url, "receipt_days": "200"}.items():
        monkeypatch.setenv(f"HANDBOOK_{name.upper()}", value)
    return lambda *arguments: CliRunner().invoke(group, ["prune", *arguments])


def of_age(db: Session, *days: int) -> None:
    member = a_member(db)
    for age in days:
        a_receipt(db, member, received_at=clock.now() - timedelta(days=age, minutes=1), signature=str(age))
    db.commit()


def left(database: Database) -> list[str]:
    with database.session(read_only=True) as db:
        return [row.signature for row in receipts(db)]


def test_only_what_is_old_enough_goes(run: Run, own_database: Database) -> None:
    with own_database.session() as db:
        of_age(db, 500, 300, 200, 199, 0)
    done = run("--days", "400")
    assert (done.exit_code, done.output) == (0, "1 receipts removed\n"), done.output
    assert left(own_database) == ["300", "200", "199", "0"]
    assert run().output == "2 receipts removed\n"
    assert left(own_database) == ["199", "0"]
    with own_database.session(read_only=True) as db:
        told = [
            row.detail["removed"] for row in db.exec(select(AuditEvent).where(AuditEvent.action == "receipt.prune"))
        ]
    assert told == [1, 2]


@pytest.mark.parametrize("days", ["199", "1"])
def test_fewer_days_than_promised_are_refused(run: Run, own_database: Database, days: str) -> None:
    with own_database.session() as db:
        of_age(db, 300)
    refused = run("--days", days)
    assert isinstance(refused.exception, Refused) and refused.exception.code == "receipt.too_young"
    assert left(own_database) == ["300"]
