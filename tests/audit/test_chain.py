"""The trail notices every kind of tampering, and is written with the change or not at all."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlmodel import Session

from handbook.audit import queries
from handbook.audit.commands import group
from handbook.audit.rules import record
from handbook.core.db import Database
from handbook.core.ids import new_id
from handbook.core.settings import Settings
from handbook.policy.actor import Actor
from tests.conftest import KEYS


def write(db: Session, rows: int = 6) -> None:
    for number in range(rows):
        record(
            db,
            Actor.system(),
            "document.publish",
            subject=new_id(),
            subject_kind="document",
            unit_path="/1/",
            reason="Đúng thẩm quyền",
            detail={"n": number, "ký hiệu": "07-NQ/ĐU"},
        )


def test_an_untouched_chain_is_good(db: Session) -> None:
    write(db)
    assert queries.verify(db) == queries.Finding(6)


@pytest.mark.parametrize(
    ("damage", "row"),
    [
        ("UPDATE audit_event SET action = 'x' WHERE seq = 3", 3),
        ("UPDATE audit_event SET reason = NULL WHERE seq = 1", 1),
        ("UPDATE audit_event SET actor_id = subject_id WHERE seq = 4", 4),
        ("DELETE FROM audit_event WHERE seq = 2", 2),
        ("DELETE FROM audit_event WHERE seq = 1", 1),
        ("UPDATE audit_event SET seq = 0 WHERE seq = 5", 0),
    ],
)
def test_the_first_bad_row_is_named(db: Session, damage: str, row: int) -> None:
    write(db)
    db.execute(text(damage))
    db.expire_all()
    assert queries.verify(db).bad_seq == row


def test_a_cut_tail_is_noticed_against_an_anchor_only(db: Session) -> None:
    write(db)
    anchor = queries.anchor(db)
    db.execute(text("DELETE FROM audit_event WHERE seq > 4"))
    db.expire_all()
    assert queries.verify(db).bad_seq is None
    assert queries.verify(db, anchor).bad_seq == 5


def test_a_chain_that_was_written_anew_differs_from_its_anchor(db: Session) -> None:
    write(db)
    anchor = queries.anchor(db)
    db.execute(text("DELETE FROM audit_event"))
    db.expire_all()
    write(db)
    assert queries.verify(db).bad_seq is None
    assert queries.verify(db, anchor).bad_seq == 6


def test_another_key_makes_no_good_chain(db: Session) -> None:
    write(db)
    db.info["audit_key"] = b"k" * 32
    assert queries.verify(db).bad_seq == 1


def test_a_rolled_back_change_leaves_no_row(own_database: Database) -> None:
    with pytest.raises(RuntimeError), own_database.unit_of_work() as db:
        write(db)
        raise RuntimeError
    with own_database.unit_of_work() as db:
        write(db, 2)
    with own_database.unit_of_work(read_only=True) as db:
        assert queries.verify(db) == queries.Finding(2)


def test_the_command_says_good_then_names_the_row(
    own_database: Database, own_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDBOOK_DATABASE_URL", own_settings.database_url)
    for name, value in KEYS.items():
        monkeypatch.setenv(f"HANDBOOK_{name.upper()}", value)
    with own_database.unit_of_work() as db:
        write(db)
    run = CliRunner()
    anchor = tmp_path / "anchor"
    anchor.write_text(run.invoke(group, ["anchor"]).stdout)
    good = run.invoke(group, ["verify", "--anchor", str(anchor)])
    assert (good.exit_code, good.stdout) == (0, "6 rows good\n")
    with own_database.unit_of_work() as db:
        db.execute(text("DELETE FROM audit_event WHERE seq = 6"))
    cut = run.invoke(group, ["verify", "--anchor", str(anchor)])
    assert cut.exit_code == 1 and "row 6" in cut.stderr
    anchor.write_text("no anchor")
    assert run.invoke(group, ["verify", "--anchor", str(anchor)]).exit_code == 2
