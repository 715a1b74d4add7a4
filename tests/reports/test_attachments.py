"""Files of an opinion: announced with the text, received chunk by chunk, given only to those who may read it."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.core.files import Shelf
from handbook.core.settings import Settings
from handbook.core.signing import canonical, is_signed, private_key
from handbook.organisation.models import Member
from handbook.reports.models import Attachment, Opinion
from tests.conftest import KEYS
from tests.factories.organisation import a_member, an_organisation
from tests.factories.reports import SUBJECT, TEXT
from tests.library.signing import sign_in
from tests.page import Client

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20


@pytest.fixture
def member(db: Session) -> Member:
    return a_member(db)


@pytest.fixture
def browser(client: Client, db: Session, member: Member) -> Client:
    return sign_in(client, db, member)


def said(content: bytes = PICTURE, **changes: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    whole = {"id": str(uuid4()), "name": "ngõ 14.jpg", "bytes": len(content), "sha256": digest, "kind": "image/jpeg"}
    return {**whole, **changes}


def send(browser: Client, db: Session, *files: dict[str, Any], status: int = 303, **fields: str) -> Any:
    unit_id = str(an_organisation(db).cell.id)
    form = {"kind": "opinion", "unit_id": unit_id, "subject": SUBJECT, "text": TEXT, "attachments": json.dumps(files)}
    return browser.post("/reports/opinions", {**form, **fields}, status=status)


def told(browser: Client, **changes: str) -> dict[str, str]:
    """What a phone says with each question: whom it means is who is signed in, unless told otherwise."""
    tag = browser.get("/reports/").headers["X-Handbook-Member"]
    return {"Accept": "application/json", "X-Handbook-Member": tag, **changes}


def chunk(browser: Client, file: dict[str, Any], offset: int | str, content: bytes, status: int = 200) -> Any:
    path = f"/reports/attachments/{file['id']}/chunks?from={offset}"
    kind = "application/octet-stream"
    return browser.post(path, content, status=status, content_type=kind, headers=told(browser)).get_json()


def standing(browser: Client, file: dict[str, Any], status: int = 200, **changes: str) -> Any:
    path = f"/reports/attachments/{file['id']}/chunks"
    return browser.get(path, status=status, headers=told(browser, **changes)).get_json()


def signed(answer: Any) -> bool:
    """Whether a phone would take this answer's receipt for ours."""
    statement = {name: value for name, value in answer["receipt"].items() if name != "signature"}
    key = private_key(KEYS["receipt_key"], "handbook/receipt/1")
    return is_signed(key, canonical(statement), answer["receipt"]["signature"])


def stored(db: Session) -> list[Attachment]:
    db.expire_all()
    return list(db.exec(select(Attachment)))


def test_announced_with_the_text_it_arrives_in_chunks_and_comes_back_the_same(browser: Client, db: Session) -> None:
    file = said()
    shown = send(browser, db, file).headers["Location"]
    page = browser.get(shown).get_data(as_text=True)
    assert "đang chờ gửi" in page and "Tệp mở được khi có mạng" in page
    browser.get(f"/reports/attachments/{file['id']}", status=404)
    assert standing(browser, file) == {"received": 0, "receipt": None}
    assert chunk(browser, file, 0, PICTURE[:3000]) == {"received": 3000, "receipt": None}
    last = chunk(browser, file, 3000, PICTURE[3000:])
    assert last["received"] == len(PICTURE)
    assert (last["receipt"]["key"], last["receipt"]["hash"]) == (file["id"], file["sha256"])
    again = chunk(browser, file, 3000, PICTURE[3000:])
    for answer in (again, standing(browser, file)):
        assert signed(answer) and signed(last), "the last answer was lost"
        assert answer["received"] == len(PICTURE) and answer["receipt"]["received"] == last["receipt"]["received"]
    page = browser.get(shown).get_data(as_text=True)
    assert "đã nhận" in page and f"/reports/attachments/{file['id']}" in page
    assert "Biên nhận của tệp" in page and file["sha256"] in page.replace(" ", "")
    answer = browser.get(f"/reports/attachments/{file['id']}", buffered=True)
    assert answer.data == PICTURE and answer.content_type == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"


def test_a_phone_goes_on_from_where_the_server_stands(browser: Client, db: Session) -> None:
    file = said()
    send(browser, db, file)
    chunk(browser, file, 0, PICTURE[:1000])
    assert chunk(browser, file, 2000, PICTURE[2000:3000], status=409)["received"] == 1000
    assert chunk(browser, file, 0, PICTURE[:1000])["received"] == 1000, "the same again changes nothing"
    assert standing(browser, file)["received"] == 1000
    assert chunk(browser, file, 1000, PICTURE[1000:])["receipt"]


def test_what_the_row_says_and_the_disk_has_lost_is_asked_for_again(browser: Client, db: Session) -> None:
    file = said()
    send(browser, db, file)
    (row,) = stored(db)
    row.received_bytes = 1000
    db.flush()
    assert standing(browser, file)["received"] == 0
    assert chunk(browser, file, 1000, PICTURE[1000:], status=409)["received"] == 0
    assert chunk(browser, file, 0, PICTURE)["receipt"]


@pytest.mark.parametrize(
    ("content", "kind"), [(PICTURE[:-1] + b"!", "image/jpeg"), (PICTURE, "image/png"), (PICTURE, "application/pdf")]
)
def test_what_is_not_what_was_announced_is_not_kept(browser: Client, db: Session, content: bytes, kind: str) -> None:
    file = said(kind=kind)
    send(browser, db, file)
    assert chunk(browser, file, 0, content, status=422)["code"] == "attachment.damaged"
    (row,) = stored(db)
    assert (row.received_bytes, row.completed_at) == (0, None)


@pytest.mark.parametrize("offset", ["", "-1", "x", "9999999999"])
def test_a_chunk_that_cannot_be_is_refused(browser: Client, db: Session, offset: str) -> None:
    file = said()
    send(browser, db, file)
    assert chunk(browser, file, offset, PICTURE, status=422)["code"] == "attachment.chunk"
    assert chunk(browser, file, 0, b"", status=422)["code"] == "attachment.chunk"
    assert chunk(browser, file, 0, PICTURE + b"!", status=422)["code"] == "attachment.chunk"


@pytest.mark.parametrize(
    "files",
    [
        [said() for _ in range(6)],
        [said(bytes=10_000_001)],
        [said(bytes=7_000_000), said(bytes=7_000_000), said(bytes=7_000_000)],
        [said(kind="image/svg+xml")],
        [said(name="../x")],
        [said(sha256="A" * 64)],
        [said(id="00000000-0000-0000-0000-000000000001")] * 2,
    ],
)
def test_what_may_not_be_attached_is_said_before_anything_is_sent(
    browser: Client, db: Session, files: list[dict[str, Any]]
) -> None:
    send(browser, db, *files, status=422)
    db.expire_all()
    assert stored(db) == [] and list(db.exec(select(Opinion))) == []


def test_a_list_that_is_no_json_is_refused_and_none_is_none(browser: Client, db: Session) -> None:
    send(browser, db, status=422, attachments="{")
    send(browser, db, attachments="")
    assert stored(db) == []


def test_an_id_is_used_once(browser: Client, db: Session) -> None:
    file = said()
    send(browser, db, file)
    send(browser, db, file, status=422)


def test_others_add_nothing_and_whoever_answers_leaves_a_trace(browser: Client, db: Session) -> None:
    file = said()
    send(browser, db, file)
    (row,) = stored(db)
    sign_in(browser, db, a_member(db, role="cell_secretary"))
    chunk(browser, file, 0, PICTURE, status=404)
    standing(browser, file, status=404)
    page = f"/staff/reports/opinions/{row.opinion_id}"
    assert "đang chờ gửi" in browser.get(page).get_data(as_text=True)
    sign_in(browser, db, db.get_one(Member, row.owner_id))
    chunk(browser, file, 0, PICTURE)
    sign_in(browser, db, a_member(db, role="cell_secretary"))
    assert browser.get(f"/reports/attachments/{file['id']}", buffered=True).data == PICTURE
    (event,) = db.exec(select(AuditEvent).where(AuditEvent.action == "opinion.attachment_view"))
    assert event.detail == {"attachment": file["id"]}
    sign_in(browser, db, a_member(db))
    browser.get(f"/reports/attachments/{UUID(file['id'])}", status=404)


def test_a_file_that_the_disk_has_lost_is_said_to_be_gone(browser: Client, db: Session, settings: Settings) -> None:
    content = PICTURE + b"lost"
    file = said(content)
    send(browser, db, file)
    chunk(browser, file, 0, content)
    Shelf(settings.attachments).path(file["sha256"]).unlink()
    shown = browser.get(f"/reports/attachments/{file['id']}", status=410).get_data(as_text=True)
    assert "không còn trên máy chủ" in shown


def test_under_another_members_session_the_phone_is_told_to_wait(browser: Client, db: Session) -> None:
    file = said()
    send(browser, db, file)
    assert standing(browser, file, 409, **{"X-Handbook-Member": "another"})["code"] == "receipt.other_member"
