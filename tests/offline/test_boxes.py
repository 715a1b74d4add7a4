"""What is in a box is told to its author, and to nobody else."""

from base64 import b64decode
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, func, select
from werkzeug.test import TestResponse

from handbook.audit.models import AuditEvent
from handbook.core.receipts import Receipt
from handbook.core.settings import Settings
from handbook.rescue.models import RescueCopy
from handbook.web.boxed import box_key
from tests.boxes import box, framed
from tests.factories.identity import another
from tests.factories.organisation import a_member
from tests.page import Client
from tests.receipts.phone import Phone

WORDS = b"kind=proposal&text=S%E1%BB%ADa+%C4%91%C3%A8n"
Seal = Callable[..., bytes]


@pytest.fixture
def phone(client: Client, db: Session) -> Phone:
    return Phone(client, db, a_member(db))


@pytest.fixture
def seal(settings: Settings) -> Seal:
    """A text in a box of this id, as a phone makes it for the member with this tag."""
    return lambda box_id, **more: box(box_key(settings), framed("/reports/opinions/new", WORDS, **more), str(box_id))


def ask(phone: Phone, box_id: UUID, sealed: bytes, *, status: int | None = 200, tag: str | None = None) -> TestResponse:
    told = {"Content-Type": "application/octet-stream", "Accept": "application/json"}
    told["X-Handbook-Member"] = phone.tag if tag is None else tag
    return phone.client.post(f"/offline/boxes/{box_id}/content", sealed, status=status, headers=told)


def code(answer: TestResponse) -> str:
    assert answer.json is not None
    return str(answer.json["code"])


def test_its_author_is_told_every_byte_and_nothing_of_it_is_stored(phone: Phone, db: Session, seal: Seal) -> None:
    box_id = uuid4()
    answer = ask(phone, box_id, seal(box_id, member=phone.tag))
    assert answer.json is not None and answer.json["content_type"] == "application/x-www-form-urlencoded"
    assert b64decode(answer.json["body"]) == WORDS and answer.headers["Cache-Control"] == "no-store"
    for table in (Receipt, RescueCopy):
        assert db.exec(select(func.count()).select_from(table)).one() == 0
    assert "box" not in " ".join(event.action for event in db.exec(select(AuditEvent)))


def test_to_another_member_it_is_not_there(phone: Phone, client: Client, db: Session, seal: Seal) -> None:
    box_id, neighbour = uuid4(), Phone(another(client), db, a_member(db))
    sealed = seal(box_id, member=phone.tag)
    assert code(ask(neighbour, box_id, sealed, status=404)) == "box.missing"
    assert code(ask(neighbour, box_id, sealed, status=409, tag=phone.tag)) == "receipt.other_member"
    ask(phone, box_id, sealed)


def test_a_box_that_names_nobody_is_told_to_nobody(phone: Phone, seal: Seal) -> None:
    box_id = uuid4()
    for named in ({}, {"member": None}, {"member": ""}):
        assert code(ask(phone, box_id, seal(box_id, **named), status=404)) == "box.missing"


@pytest.mark.parametrize("at", [0, 40, 70, 90, -1])
def test_a_changed_box_stays_shut(phone: Phone, seal: Seal, at: int) -> None:
    box_id = uuid4()
    damaged = bytearray(seal(box_id, member=phone.tag))
    damaged[at] ^= 1
    assert code(ask(phone, box_id, bytes(damaged), status=404)) == "box.missing"


def test_another_id_does_not_open_it_nor_does_any_junk(phone: Phone, settings: Settings, seal: Seal) -> None:
    box_id = uuid4()
    for junk in (seal(uuid4(), member=phone.tag), b"", bytes(300), box(box_key(settings), b"\x00", str(box_id))):
        assert code(ask(phone, box_id, junk, status=404)) == "box.missing"
    ask(phone, box_id, bytes(3_000_000), status=413)


def test_without_a_session_it_is_not_opened(client: Client, seal: Seal) -> None:
    box_id = uuid4()
    told = {"Content-Type": "application/octet-stream", "Accept": "application/json"}
    sealed = seal(box_id, member="somebody")
    answer = client.post(f"/offline/boxes/{box_id}/content", sealed, status=401, headers=told)
    assert code(answer) == "sign_in.needed"


def test_it_is_asked_for_at_a_limited_rate(phone: Phone, seal: Seal) -> None:
    box_id = uuid4()
    sealed = seal(box_id, member=phone.tag)
    answers = (ask(phone, box_id, sealed, status=None) for _ in range(122))  # however the minutes fall
    assert code(next(answer for answer in answers if answer.status_code == 429)) == "limit.reached"
