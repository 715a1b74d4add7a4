"""A request in a box is the request that is in it: the same session, the same checks, the same receipt."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import Session, select

from handbook.core.receipts import Receipt
from handbook.core.settings import Settings
from handbook.reports.models import Opinion
from handbook.web.boxed import ADDRESS, box_key
from tests.boxes import box, framed
from tests.factories.organisation import a_member, an_organisation
from tests.page import Client
from tests.receipts.phone import Phone, hash_of, new_key

WHERE = "/reports/opinions"
Seal = Callable[..., bytes]


@pytest.fixture
def phone(client: Client, db: Session) -> Phone:
    return Phone(client, db, a_member(db))


@pytest.fixture
def body(db: Session) -> bytes:
    fields = {"kind": "proposal", "unit_id": an_organisation(db).cell.id, "subject": "Ngõ 3", "text": "Sửa đèn ngõ 3."}
    return urlencode(fields).encode()


@pytest.fixture
def seal(settings: Settings) -> Seal:
    """The bytes of a form for an address, in a box for the act of a key."""
    return lambda key, body, url=WHERE, **more: box(box_key(settings), framed(url, body, **more), key)


def texts(db: Session) -> list[str]:
    return [opinion.text for opinion in db.exec(select(Opinion))]


def test_what_is_in_the_box_is_done_and_answered(phone: Phone, db: Session, seal: Seal, body: bytes) -> None:
    key = new_key()
    told = phone.send(ADDRESS, seal(key, body, form="1"), key=key)
    assert texts(db) == ["Sửa đèn ngõ 3."]
    [receipt] = db.exec(select(Receipt))
    assert (receipt.route, receipt.body_hash, receipt.form_version) == (f"POST {WHERE}", hash_of(body), "1")
    assert receipt.written_at and int(receipt.written_at.timestamp()) == 1_760_000_000
    assert told["receipt"]["key"] == key


def test_boxed_and_open_it_is_one_act(phone: Phone, db: Session, seal: Seal, body: bytes) -> None:
    key = new_key()
    first = phone.send(ADDRESS, seal(key, body), key=key)
    again = phone.send(WHERE, body, key=key)
    assert again["replayed"] and again["receipt"] == first["receipt"]
    assert phone.send(ADDRESS, seal(key, body + b"!"), key=key, status=409)["code"] == "receipt.other_body"
    assert len(texts(db)) == 1


def test_it_is_checked_as_if_it_had_come_open(phone: Phone, db: Session, seal: Seal, body: bytes) -> None:
    key = new_key()
    sealed = seal(key, body)
    assert phone.send(ADDRESS, sealed, key=key, tag="somebody", status=409)["code"] == "receipt.other_member"
    foreign = {**phone.headers(key), "Sec-Fetch-Site": "cross-site"}
    assert phone.client.post(ADDRESS, sealed, headers=foreign, status=403).get_json()["code"] == "origin.foreign"
    empty = seal(key, body.replace(b"text=", b"other="))
    assert phone.send(ADDRESS, empty, key=key, status=422)["fields"].keys() == {"text"}
    assert phone.send(ADDRESS, seal(key, body, form="2"), key=key, status=422)["code"] == "form.version"
    assert phone.send(ADDRESS, seal(key, body, url="/staff/nowhere"), key=key, status=404)
    assert texts(db) == [] and list(db.exec(select(Receipt))) == []


def test_without_a_session_nothing_is_done(client: Client, db: Session, seal: Seal, body: bytes) -> None:
    key = new_key()
    told = {"Idempotency-Key": key, "Content-Type": "application/octet-stream"}
    assert client.post(ADDRESS, seal(key, body), status=401, headers=told).get_json()["code"] == "sign_in.needed"
    assert texts(db) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: b"",
        lambda sealed: sealed[:-1],
        lambda sealed: b"\x00" + sealed[1:],
        lambda sealed: bytes(300),
        lambda sealed: sealed + bytes(3_000_000),
    ],
)
def test_a_box_that_cannot_be_opened_is_refused_in_words(
    phone: Phone, db: Session, seal: Seal, body: bytes, damage: Any
) -> None:
    key = new_key()
    answer = phone.client.post(ADDRESS, damage(seal(key, body)), headers=phone.headers(key), status=None)
    assert answer.status_code in (413, 422) and answer.get_json()["message"]
    assert texts(db) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00\x00\x02{}",
        b"\xff\xff\xff\xff{}",
        b"\x00\x00\x00\x04null",
        framed("reports/opinions", b""),
        framed("/a b", b""),
        framed("/a", b"", "text/plain\r\nX-Handbook: 1"),
        framed(ADDRESS, b""),
        framed("/%ff%00", b""),
    ],
)
def test_whatever_is_in_a_box_nothing_breaks(phone: Phone, settings: Settings, content: bytes) -> None:
    key = new_key()
    answer = phone.client.post(ADDRESS, box(box_key(settings), content, key), headers=phone.headers(key), status=None)
    assert 400 <= answer.status_code < 500 and answer.get_json()["code"]


def test_the_key_of_another_act_does_not_open_it(phone: Phone, db: Session, seal: Seal, body: bytes) -> None:
    assert phone.send(ADDRESS, seal(new_key(), body), key=new_key(), status=422)["code"] == "receipt.headers"
    assert texts(db) == []
