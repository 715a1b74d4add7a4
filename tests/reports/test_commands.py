"""`handbook reports`: forms published, requests opened once, and nothing let go that a phone may still send."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, col, select
from xlsxwriter import Workbook

from handbook.core import clock
from handbook.core.db import Database
from handbook.core.files import Shelf
from handbook.core.settings import Settings
from handbook.organisation import queries as organisation
from handbook.questions.ready import ready
from handbook.questions.xlsform.writing import workbook_of
from handbook.reports.commands import group
from handbook.reports.models import Attachment, Duty, FormVersion, ReportRequest
from handbook.reports.rules.attaching import receive
from tests.conftest import KEYS
from tests.factories.organisation import a_member
from tests.factories.reports import a_request, an_opinion

PDF = b"%PDF-1.7 "
Run = Callable[..., Result]


@pytest.fixture
def run(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    told = {"database_url": own_settings.database_url, "data_dir": str(own_settings.data_dir), "receipt_days": "200"}
    for name, value in {**KEYS, **told}.items():
        monkeypatch.setenv(f"HANDBOOK_{name.upper()}", value)
    return lambda *words: CliRunner().invoke(group, list(words))


def a_file(db: Session, shelf: Shelf, *, age: int, arrived: int, content: bytes = PDF) -> UUID:
    """A file announced `age` days ago, of which so many bytes have arrived."""
    file = {"id": uuid4(), "name": "a.pdf", "bytes": len(content), "kind": "application/pdf"}
    digest = sha256(content).hexdigest()
    opinion = an_opinion(db, a_member(db), attachments=[{**file, "sha256": digest}])
    row = db.exec(select(Attachment).where(Attachment.opinion_id == opinion.id)).one()
    row.created_at = clock.now() - timedelta(days=age)
    if arrived:
        author = organisation.actor_of(db, opinion.owner_id)
        receive(db, author, shelf, row.id, offset=0, chunk=content[:arrived])
    return row.id


def of_age(shelf: Shelf, days: int) -> None:
    """All files on the shelf were last written so many days ago."""
    moment = (datetime.now() - timedelta(days=days)).timestamp()
    for path in shelf._all():
        os.utime(path, (moment, moment))


def test_what_never_came_goes_and_what_may_still_come_stays(
    run: Run, own_database: Database, own_settings: Settings
) -> None:
    shelf = Shelf(own_settings.attachments)
    with own_database.unit_of_work() as db:
        late = a_file(db, shelf, age=201, arrived=4)
        silent = a_file(db, shelf, age=300, arrived=0)
        coming = a_file(db, shelf, age=199, arrived=4)
        whole = a_file(db, shelf, age=300, arrived=len(PDF))
        orphan = a_file(db, shelf, age=0, arrived=len(PDF) + 1, content=PDF + b"!")
        db.delete(db.get_one(Attachment, orphan))
    of_age(shelf, 2)
    shelf.write(uuid4(), 0, PDF)  # its row is just being written
    done = run("prune")
    assert (done.exit_code, done.output) == (0, "2 attachments that never arrived and 2 files removed\n"), done.output
    with own_database.session(read_only=True) as db:
        assert set(db.exec(select(Attachment.id))) == {coming, whole}
    assert (shelf.held(late), shelf.held(silent), shelf.held(coming)) == (0, 0, 4)
    assert shelf.path(sha256(PDF).hexdigest()).exists() and not shelf.path(sha256(PDF + b"!").hexdigest()).exists()
    assert run("prune").output == "0 attachments that never arrived and 0 files removed\n"


def test_a_request_opens_on_its_day_and_once(run: Run, own_database: Database) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with own_database.unit_of_work() as db:
        a_member(db)
        request = a_request(db, opens_on=tomorrow, due_on=tomorrow, locks_on=tomorrow).id
    assert run("open").output == "0 requests opened\n"
    with own_database.unit_of_work() as db:
        db.get_one(ReportRequest, request).opens_on = clock.today()
    assert run("open").output == "1 requests opened\n"
    assert run("open").output == "0 requests opened\n"
    with own_database.session(read_only=True) as db:
        assert len(db.exec(select(Duty).where(Duty.request_id == request)).all()) == 1


def test_a_form_is_published_by_name_and_from_a_spreadsheet(run: Run, own_database: Database, tmp_path: Path) -> None:
    with own_database.unit_of_work() as db:
        a_member(db)
    assert run("form", "self_review", "--unit", "TU").output == "self_review 1 published for TU\n"
    sheet = tmp_path / "tu_kiem_diem.xlsx"
    sheet.write_bytes(workbook_of(ready("self_review")))
    assert run("form", str(sheet), "--unit", "TU").output == "self_review 2 published for TU\n"
    with own_database.session(read_only=True) as db:
        versions = db.exec(select(FormVersion.number).where(col(FormVersion.published_at).is_not(None))).all()
        assert sorted(versions) == [1, 2]


def test_a_spreadsheet_that_cannot_be_taken_is_told_by_its_cells(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "hong.xlsx"
    with Workbook(str(sheet)) as book:
        survey = book.add_worksheet("survey")
        survey.write_row(0, 0, ["type", "name", "label"])
        survey.write_row(1, 0, ["geopoint", "noi", "Ở đâu"])
    done = run("form", str(sheet), "--unit", "TU")
    assert done.exit_code == 1 and "survey!A2" in done.output, done.output
    assert run("form", "no-such.xlsx", "--unit", "TU").exit_code == 2
