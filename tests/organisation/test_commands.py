"""`handbook organisation import` as an operator runs it: report, exit codes, nothing half-saved."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import func, select

from handbook.core.db import Database
from handbook.core.settings import Settings
from handbook.organisation.commands import group
from handbook.organisation.models import Member
from tests.conftest import KEYS
from tests.organisation.sheets import csv_file, xlsx_file

UNITS = "Mã;Tên đơn vị;Cấp;Mã cấp trên\n1;Phường 1;Đảng bộ phường;\n1.1;Chi bộ 1;Chi bộ;1\n"
HEAD = ["Họ và tên", "Ngày sinh", "Mã chi bộ", "Số thẻ"]

Run = Callable[..., Result]


@pytest.fixture
def run(own_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    for name, value in {**KEYS, "database_url": own_settings.database_url}.items():
        monkeypatch.setenv(f"HANDBOOK_{name.upper()}", value)
    monkeypatch.setenv("HANDBOOK_DATA_DIR", str(tmp_path))
    return lambda *words: CliRunner().invoke(group, ["import", *map(str, words)])


def members_in(settings: Settings) -> int:
    database = Database(settings)
    with database.unit_of_work(read_only=True) as db:
        found = db.exec(select(func.count()).select_from(Member)).one()
    database.engine.dispose()
    return found


def test_two_files_are_imported_and_told(run: Run, tmp_path: Path, own_settings: Settings) -> None:
    units = csv_file(tmp_path / "units.csv", UNITS)
    members = xlsx_file(tmp_path / "members.xlsx", [HEAD, ["Lê Ba", "01/01/1970", "1.1", "001070000001"]])
    first = run(units, members)
    assert first.exit_code == 0, first.output
    assert "Đơn vị: mới 2" in first.output
    assert "Đảng viên: mới 1" in first.output
    again = run(members)
    assert again.exit_code == 0
    assert "giữ nguyên 1" in again.output
    assert members_in(own_settings) == 1


def test_a_bad_row_is_told_in_plain_words_and_nothing_is_saved(
    run: Run, tmp_path: Path, own_settings: Settings
) -> None:
    units = csv_file(tmp_path / "units.csv", UNITS)
    rows = [HEAD, ["Lê Ba", "31/02/1970", "1.1", "001070000001"], ["Lê Tư", "01/01/1971", "1.1", 1070000001]]
    result = run(units, xlsx_file(tmp_path / "members.xlsx", rows))
    assert result.exit_code == 1
    assert "members.xlsx, dòng 2, cột “Ngày sinh”: Không có ngày “31/02/1970”." in result.output
    assert "dòng 3, cột “Số thẻ”: Ô đang ở dạng số nên số 0 ở đầu đã mất" in result.output
    assert "Chưa lưu gì: còn 2 chỗ cần sửa." in result.output
    assert members_in(own_settings) == 0


def test_a_dry_run_saves_nothing(run: Run, tmp_path: Path, own_settings: Settings) -> None:
    units = csv_file(tmp_path / "units.csv", UNITS)
    members = csv_file(tmp_path / "dang-vien.csv", "Họ tên;Ngày sinh;Chi bộ\nLê Ba;1/1/1970;1.1\n")
    result = run("--dry-run", units, members)
    assert (result.exit_code, members_in(own_settings)) == (0, 0)
    assert "chưa lưu gì" in result.output


@pytest.mark.parametrize("words", [[], ["nowhere.csv"], ["--wrong"]])
def test_usage_is_exit_code_2(run: Run, words: list[str]) -> None:
    assert run(*words).exit_code == 2
