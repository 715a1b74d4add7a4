"""`handbook rescue prune` removes what is over, and what has arrived."""

from datetime import timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.core import clock
from handbook.core.db import Database
from handbook.core.settings import Settings
from handbook.rescue.commands import group
from handbook.rescue.models import RescueCopy
from tests.conftest import KEYS
from tests.factories.organisation import a_member
from tests.factories.receipts import a_receipt
from tests.factories.rescue import a_rescue_copy


def of_age(db: Session, settings: Settings, days: int) -> UUID:
    copy_id = a_rescue_copy(db, settings, a_member(db))
    row = db.exec(select(RescueCopy).where(RescueCopy.id == copy_id)).one()
    row.updated_at = clock.now() - timedelta(days=days, minutes=1)
    return copy_id


def test_what_is_over_and_what_has_arrived_goes(
    own_settings: Settings, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**KEYS, "database_url": own_settings.database_url, "rescue_days": "40"}.items():
        monkeypatch.setenv(f"HANDBOOK_{name.upper()}", value)
    with own_database.session() as db:
        of_age(db, own_settings, 40)
        young = of_age(db, own_settings, 39)
        member, other = a_member(db), a_member(db)
        arrived = a_rescue_copy(db, own_settings, member)
        waits = a_rescue_copy(db, own_settings, member)
        a_receipt(db, member, key=arrived)
        a_receipt(db, other, key=waits)  # not of its author: says nothing about it
        db.commit()
    done = CliRunner().invoke(group, ["prune"])
    assert (done.exit_code, done.output) == (0, "2 rescue copies removed\n"), done.output
    with own_database.session(read_only=True) as db:
        assert {row.id for row in db.exec(select(RescueCopy))} == {young, waits}
        (told,) = db.exec(select(AuditEvent).where(AuditEvent.action == "rescue.prune"))
        assert told.detail["removed"] == 2
