"""Spreadsheets as people make them: everything is taken, or nothing with a reason for each cell."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from handbook.audit.models import AuditEvent
from handbook.core.errors import Invalid
from handbook.organisation import queries
from handbook.organisation.importing.report import Report
from handbook.organisation.importing.running import import_files
from handbook.organisation.models import CellCount, Member, Sex, Status, Unit
from handbook.organisation.rules.cards import card_number
from handbook.policy.actor import Actor, Role
from handbook.policy.scopes import Reach
from tests.factories.organisation import KEYS, SYSTEM, a_member, an_organisation
from tests.organisation.sheets import csv_file, xlsx_file

MEGABYTE = 1024 * 1024
UNITS = "Mã;Tên đơn vị;Cấp;Mã cấp trên\n1.1;Chi bộ 1;Chi bộ;1\nTU;Thành ủy;Thành ủy;\n1;Phường 1;Đảng bộ phường;TU\n"
HEAD = [
    "STT", "Họ và tên", "Ngày sinh", "Giới tính", "Mã chi bộ", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ",
    "Điện thoại",
]  # fmt: skip
ANH = ["1", "Trần Thị Ánh", "01/02/1970", "Nữ", "1.1", "3/2/1995", "3/2/1996", "001170000111", "0912 345 678"]
BA = ["2", "Lê Văn Ba", "29/02/1980", "nam", "1.1", "19-05-2026", None, None, None]


def take(
    db: Session, tmp: Path, *, rows: list[list[object]] | None = None, units: str = UNITS, **options: object
) -> Report:
    """Import `units` and a sheet of members under the usual headings."""
    return import_files(
        db,
        options.pop("actor", SYSTEM),
        units=csv_file(tmp / "units.csv", units) if units else None,
        members=xlsx_file(tmp / "members.xlsx", [HEAD, *rows]) if rows is not None else None,
        keys=KEYS,
        max_bytes=MEGABYTE,
        **options,
    )


def codes(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in report.problems]


def size(db: Session) -> tuple[int, int, int]:
    return tuple(db.exec(select(func.count()).select_from(table)).one() for table in (Unit, Member, AuditEvent))


def test_units_and_members_come_in_whole(db: Session, tmp_path: Path) -> None:
    report = take(db, tmp_path, rows=[ANH, BA])
    assert (report.saved, report.problems) == (True, [])
    assert (report.units.created, report.members.created) == (3, 2)
    cell = queries.unit_by_code(db, "1.1")
    assert (cell.path, cell.number, cell.last) == ("/TU/1/1.1/", 3, 3)
    ba, anh = (queries.member(db, line.id) for line in reversed(queries.members_of(db, Reach(everywhere=True)).rows))
    assert (anh.sex, anh.birth_date, anh.phone) == (Sex.FEMALE, date(1970, 2, 1), "0912345678")
    assert anh.status == Status.OFFICIAL
    assert card_number(KEYS, anh) == "001170000111"
    assert (ba.status, ba.official_on, ba.card_masked) == (Status.PROBATIONARY, None, None)
    assert db.get(CellCount, cell.id).members == 2


def test_again_changes_nothing(db: Session, tmp_path: Path) -> None:
    take(db, tmp_path, rows=[ANH, BA])
    before = size(db)
    report = take(db, tmp_path, rows=[ANH, BA])
    assert (report.units.same, report.members.same, report.members.created) == (3, 2, 0)
    assert size(db)[:2] == before[:2]


def test_a_corrected_file_changes_moves_and_keeps(db: Session, tmp_path: Path) -> None:
    take(db, tmp_path, rows=[ANH, BA])
    units = (
        UNITS.replace("Chi bộ 1;Chi bộ;1\n", "Chi bộ Một;Chi bộ;2\n") + "2;Phường 2;ward;TU\n2.1;Chi bộ 2;Chi bộ;2\n"
    )
    anh = [*ANH[:4], "2.1", *ANH[5:8], None]
    ba = [*BA[:6], "19/05/2026", "001080000222", None]
    report = take(db, tmp_path, units=units, rows=[anh, ba])
    assert report.problems == []
    assert (report.units.moved, report.units.created, report.members.moved, report.members.changed) == (
        1,
        2,
        1,
        1,
    )
    moved = next(line for line in queries.members_of(db, Reach(everywhere=True), q="anh").rows)
    assert moved.unit_path == "/TU/2/2.1/"
    assert queries.member(db, moved.id).phone == "0912345678"
    now = queries.members_of(db, Reach(everywhere=True), q="ba").rows[0]
    assert (now.status, now.card_masked) == (Status.OFFICIAL, "••••0222")
    assert queries.member_count(db, queries.unit_by_code(db, "2")) == 2


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Số thẻ", 1170000111, "import.card_as_number"), ("Số thẻ", "01170000111", "field.card"),
        ("Điện thoại", 912345678, "import.phone_as_number"), ("Ngày sinh", "31/02/1970", "import.no_such_day"),
        ("Ngày sinh", "1970", "import.date"), ("Ngày sinh", 25569, "import.date_as_number"),
        ("Ngày sinh", "2/1/70", "import.date"), ("Ngày sinh", "01/01/2999", "field.date_range"),
        ("Mã chi bộ", "9.9", "import.cell_missing"), ("Mã chi bộ", "1", "member.not_a_cell"),
        ("Mã chi bộ", 1.1, "import.number"), ("Mã chi bộ", None, "field.missing"),
        ("Giới tính", "khác", "import.sex"), ("Họ và tên", None, "field.missing"),
        ("Họ và tên", "A" * 121, "field.string_too_long"), ("Họ và tên", 12, "field.person_name"),
    ],
)  # fmt: skip
def test_one_bad_cell_saves_nothing_and_is_named(
    db: Session, tmp_path: Path, column: str, value: object, code: str
) -> None:
    before = size(db)
    row: list[object] = list(ANH)
    row[HEAD.index(column)] = value
    report = take(db, tmp_path, rows=[BA, row])
    assert report.saved is False
    assert (3, column if code != "field.missing" else codes(report)[0][1], code) in codes(report)
    assert size(db) == before


def test_people_meant_twice_are_named(db: Session, tmp_path: Path) -> None:
    report = take(db, tmp_path, rows=[ANH, ANH, BA, BA])
    assert codes(report) == [(3, "Số thẻ", "import.repeated"), (5, "Họ và tên", "import.repeated")]
    assert report.problems[0].values == {"line": 2}


def test_someone_known_under_another_card_is_left_as_is(db: Session, tmp_path: Path) -> None:
    take(db, tmp_path, rows=[ANH])
    other = [*ANH[:7], "001170000999", None]
    report = take(db, tmp_path, rows=[other])
    assert (report.saved, report.members.skipped, report.members.created) == (True, 1, 0)
    assert [notice.code for notice in report.notices if notice.row] == ["import.maybe_known"]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [(1, "Lê Thị Ánh", "import.card_of_another"), (2, "02/02/1970", "import.birth_differs")],
)
def test_a_card_stays_with_its_person(db: Session, tmp_path: Path, place: int, value: str, code: str) -> None:
    take(db, tmp_path, rows=[ANH])
    row = list(ANH)
    row[place] = value
    report = take(db, tmp_path, rows=[row])
    assert [problem.code for problem in report.problems] == [code]


@pytest.mark.parametrize(
    ("units", "row", "code"),
    [
        ("Mã;Tên;Cấp;Cấp trên\nA;A;Chi bộ;B\nB;B;Chi bộ;A\n", 2, "unit.under_itself"),
        ("Mã;Tên;Cấp;Cấp trên\nA;A;Chi bộ;ZZ\n", 2, "import.parent_missing"),
        ("Mã;Tên;Cấp;Cấp trên\nA;A;Huyện ủy;\n", 2, "import.level"),
        ("Mã;Tên;Cấp;Cấp trên\nA;A;Chi bộ;\nA;B;Chi bộ;\n", 3, "import.repeated"),
        ("Mã;Tên;Cấp;Cấp trên\nA/B;A;Chi bộ;\n", 2, "field.unit_code"),
        ("Mã;Tên;Cấp;Cấp trên\nA;A;Chi bộ;\nB;B;Đảng bộ phường;A\n", 3, "unit.level_order"),
    ],
)  # fmt: skip
def test_a_tree_that_cannot_stand_is_refused(db: Session, tmp_path: Path, units: str, row: int, code: str) -> None:
    before = size(db)
    report = take(db, tmp_path, units=units)
    assert (row, code) in [(problem.row, problem.code) for problem in report.problems]
    assert size(db) == before


def test_a_cell_with_members_does_not_become_a_committee(db: Session, tmp_path: Path) -> None:
    take(db, tmp_path, rows=[ANH])
    report = take(db, tmp_path, units=UNITS.replace("Chi bộ 1;Chi bộ;", "Chi bộ 1;Đảng bộ cơ sở;"))
    assert [problem.code for problem in report.problems] == ["unit.holds_members"]


def test_a_dry_run_reports_and_saves_nothing(db: Session, tmp_path: Path) -> None:
    before = size(db)
    report = take(db, tmp_path, rows=[ANH, BA], dry_run=True)
    assert (report.members.created, report.saved) == (2, False)
    assert size(db) == before


def test_titles_above_headings_and_odd_headings_are_understood(db: Session, tmp_path: Path) -> None:
    take(db, tmp_path)
    head = (
        ["ĐẢNG BỘ PHƯỜNG"],
        [],
        ["HO_TEN", "Ngày sinh (dd/mm/yyyy)", "Chi bộ *", "So the Dang vien", "Ghi chú"],
    )
    sheet = xlsx_file(tmp_path / "m.xlsx", [*head, ["Lê Ba", "01/01/1970", "1.1", "001070000001", "x"]])
    report = import_files(db, SYSTEM, units=None, members=sheet, keys=KEYS, max_bytes=MEGABYTE)
    assert (report.saved, report.members.created) == (True, 1)
    assert [(notice.column, notice.code) for notice in report.notices] == [("Ghi chú", "import.column_unread")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_as_programs_write_it(db: Session, tmp_path: Path, encoding: str, separator: str) -> None:
    file = csv_file(tmp_path / "u.csv", UNITS.replace(";", separator), encoding=encoding)
    report = import_files(db, SYSTEM, units=file, members=None, keys=KEYS, max_bytes=MEGABYTE)
    assert (report.saved, report.units.created) == (True, 3)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "import.file_empty"), ("a.csv", b"M\xe3;T\xean\n", "import.encoding"),
        ("a.csv", b'"a;b', "import.csv_broken"), ("a.csv", b"x;y\n1;2\n", "import.column_missing"),
        ("a.xlsx", b"PK\x03\x04", "import.file_broken"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "import.file_locked"),
        ("a.xls", b"x", "import.file_kind"), ("a.csv", b"a" * (MEGABYTE + 1), "import.file_too_large"),
        ("a.csv", "Mã;Mã;Tên;Cấp\n1;1;A;Chi bộ\n".encode(), "import.column_twice"),
        ("a.csv", b"a\x00b;c\n", "import.column_missing"), ("a.csv", b"\xff\xfe\x00", "import.encoding"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_one_is_refused_with_a_reason(
    db: Session, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid) as refusal:
        import_files(db, SYSTEM, units=tmp_path / name, members=None, keys=KEYS, max_bytes=MEGABYTE)
    assert refusal.value.code == code


def test_one_cell_far_out_does_not_take_all_memory(db: Session, tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = xlsx_file(tmp_path / "m.xlsx", [HEAD, ANH], extra=far)
    with pytest.raises(Invalid, match="import.too_many_rows"):
        import_files(db, SYSTEM, units=None, members=sheet, keys=KEYS, max_bytes=MEGABYTE)


def test_an_officer_imports_only_within_reach(db: Session, tmp_path: Path) -> None:
    tree = an_organisation(db)
    known = {"card": "001070000555", "full_name": "Lê Ba", "birth_date": date(1970, 1, 1)}
    stranger = a_member(db, cell=tree.other_cell, **known)
    actor = queries.actor_of(db, a_member(db, role=Role.ORG_STAFF).id)
    mine = [*ANH[:4], "1.2", *ANH[5:]]
    theirs = [*ANH[:4], "10.1", *ANH[5:]]
    taken = ["1", "Lê Ba", "01/01/1970", None, "1.2", None, None, "001070000555", None]
    assert take(db, tmp_path, units="", rows=[mine], actor=actor).saved
    for row, code in ((theirs, "import.cell_missing"), (taken, "import.person_elsewhere")):
        assert [problem.code for problem in take(db, tmp_path, units="", rows=[row], actor=actor).problems] == [code]
    assert queries.member(db, stranger.id).cell_id == tree.other_cell.id
    outside = "Mã;Tên;Cấp;Cấp trên\n10.9;Chi bộ;Chi bộ;10\n"
    assert codes(take(db, tmp_path, units=outside, actor=actor)) == [(2, "Mã", "unit.missing")]


def test_reports_and_trail_hold_no_card(db: Session, tmp_path: Path) -> None:
    report = take(db, tmp_path, rows=[ANH, [*ANH[:7], "00117000011x", None]])
    assert "00117000011" not in repr(report)
    take(db, tmp_path, rows=[ANH])
    assert "001170000111" not in repr(db.exec(select(AuditEvent)).all())


def test_nobody_reaches_anything(db: Session, tmp_path: Path) -> None:
    take(db, tmp_path)
    report = take(db, tmp_path, units="", rows=[ANH], actor=Actor(None, "/TU/1/"))
    assert [problem.code for problem in report.problems] == ["import.cell_missing"]
