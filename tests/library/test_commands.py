"""`handbook library import`: exit codes, one refusal beside others, and real texts through the whole way."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from handbook.core.db import Database
from handbook.core.settings import Settings
from handbook.library import commands, queries
from handbook.library.models import Document, Section
from handbook.organisation import queries as organisation
from tests.factories.library import RESOLUTION
from tests.factories.organisation import a_member, an_organisation

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def run(own_settings: Settings, own_database: Database, monkeypatch: pytest.MonkeyPatch):
    with own_database.unit_of_work() as db:
        an_organisation(db)
    for name in ("secret_key", "audit_key", "field_key", "receipt_key"):
        monkeypatch.setenv(f"HANDBOOK_{name.upper()}", getattr(own_settings, name).get_secret_value())
    monkeypatch.setenv("HANDBOOK_DATABASE_URL", own_settings.database_url)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(commands.group, ["import", *map(str, arguments)])

    return run


def test_good_files_are_taken_and_the_bad_one_is_named(run, tmp_path: Path, own_database: Database) -> None:
    good, bad, empty = tmp_path / "tot.txt", tmp_path / "cu.doc", tmp_path / "rong.txt"
    good.write_text(RESOLUTION)
    bad.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600)
    empty.write_bytes(b"")
    result = run(bad, good, empty, "--unit", "1", "--publish")
    assert result.exit_code == 1, result.output
    assert "cu.doc" in result.stderr and "Word kiểu cũ" in result.stderr and "rong.txt" in result.stderr
    assert "tot.txt" in result.stdout and "đã nhập" in result.stdout
    with own_database.unit_of_work(read_only=True) as db:
        document = db.exec(select(Document)).one()
        assert (document.symbol, document.published_at is not None) == ("07-NQ/ĐU", True)
    assert "không đổi" in run(good, "--unit", "1").stdout


def test_exit_codes_say_refused_or_misused(run, tmp_path: Path) -> None:
    good = tmp_path / "tot.txt"
    good.write_text(RESOLUTION)
    assert run(good, "--unit", "khong-co").exit_code == 1
    assert run(good, "--unit", "1", "--date", "hôm qua").exit_code == 1
    assert run(good, "--unit", "1", "--classification", "mat").exit_code == 1
    assert run(good).exit_code == 2 and run("--unit", "1").exit_code == 2
    assert run(tmp_path / "khong.txt", "--unit", "1").exit_code == 2
    assert run(good, "--unit", "1", "--number", "-4").exit_code == 2
    done = run(
        good,
        "--unit",
        "1",
        "--kind",
        "chi-thi",
        "--number",
        "9",
        "--date",
        "1/2/2026",
        "--issuer",
        "Tỉnh ủy",
        "--key-point",
        "Một",
    )
    assert done.exit_code == 0, done.stderr


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real texts is not here")
def test_real_texts_go_the_whole_way(run, own_database: Database) -> None:
    files = sorted(DATA.glob("*.txt"))
    result = run(*files, "--unit", "TU", "--publish")
    assert result.exit_code == 0, result.stderr
    with own_database.unit_of_work() as db:
        reader = organisation.actor_of(db, a_member(db).id)
        assert len(queries.search(db, reader).rows) == len(files)
        assert len(queries.search(db, reader, "dang bo").rows) == len(files)
        assert len(queries.search(db, reader, "so tay dang vien dien tu").rows) == 1
        assert len(db.exec(select(Section)).all()) > 8
