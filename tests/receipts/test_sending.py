"""Confirmations that phones send: once, whatever the line, the crowd or the years do to them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from handbook.core.db import Database
from handbook.identity.loader import COOKIE
from handbook.library.models import Document, ReadConfirmation
from handbook.organisation.models import Member, Unit
from tests.factories.identity import hold
from tests.factories.library import a_document
from tests.factories.organisation import a_member, an_organisation
from tests.page import ORIGIN, Client
from tests.receipts.phone import Phone, new_key, receipts

AT_ONCE = 20


@pytest.fixture
def member(db: Session) -> Member:
    return a_member(db)


@pytest.fixture
def document(db: Session) -> Document:
    made = a_document(db)
    db.commit()
    return made


@pytest.fixture
def phone(client: Client, db: Session, member: Member) -> Phone:
    return Phone(client, db, member)


@pytest.fixture
def own_db(own_app: Flask) -> Iterator[Session]:
    database: Database = own_app.extensions["handbook.database"]
    with database.session() as db:
        yield db


def test_a_confirmation_is_stored_once(phone: Phone, db: Session, document: Document, member: Member) -> None:
    key, path = new_key(), f"/library/{document.id}/reading"
    first = phone.send(path, key=key)
    again = phone.send(path, key=key)
    assert first["location"] == again["location"] == f"/library/{document.id}#da-doc"
    assert first["receipt"] == again["receipt"] and first["receipt"]["route"] == f"POST {path}"
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert [row.member_id for row in db.exec(select(ReadConfirmation))] == [member.id]


def test_what_was_done_is_answered_although_it_could_not_be_done_any_more(
    phone: Phone, db: Session, document: Document
) -> None:
    key, path = new_key(), f"/library/{document.id}/reading"
    phone.send(path, key=key)
    document = db.get_one(Document, document.id)
    document.published_at = None
    document.unit_id = an_organisation(db).other_ward.id
    db.add(document)
    db.commit()
    assert phone.send(path, key=key)["replayed"] is True
    assert phone.send(path, status=404)["code"] == "document.missing"


def test_a_refused_confirmation_may_succeed_later_under_its_key(phone: Phone, db: Session, document: Document) -> None:
    document_id = document.id
    key, path = new_key(), f"/library/{document_id}/reading"
    assert phone.send(path, b"revision=2", key=key, status=422)["code"] == "document.revision"
    assert receipts(db) == []
    document = db.get_one(Document, document_id)
    document.revision = 2
    db.add(document)
    db.commit()
    assert phone.send(path, b"revision=2", key=key)["replayed"] is False


def test_forms_without_script_and_scripts_without_a_key_are_answered_as_before(
    phone: Phone, db: Session, document: Document
) -> None:
    path = f"/library/{document.id}/reading"
    assert phone.client.post(path, {"revision": "1"}).headers["Location"] == f"/library/{document.id}#da-doc"
    told = phone.client.post(path, json={"revision": 1}, status=200, headers={"Accept": "application/json"})
    assert told.get_json() == {"confirmed": True, "revision": 1}
    assert receipts(db) == []


def test_of_twenty_twins_one_acts_and_all_get_its_answer(own_app: Flask, own_db: Session) -> None:
    document = a_document(own_db)
    phone = Phone(Client(own_app, own_db), own_db, a_member(own_db))
    held = phone.client.http.get_cookie(COOKIE, domain="localhost")
    assert held is not None
    key, path = new_key(), f"/library/{document.id}/reading"
    own_db.rollback()

    def twin(_number: int) -> tuple[int, Any]:
        browser = Client(own_app, None)
        hold(browser, held.value)
        answer = browser.http.post(path, data=b"revision=1", base_url=ORIGIN, headers=phone.headers(key))
        return answer.status_code, answer.get_json()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(twin, range(AT_ONCE)))
    assert {status for status, _ in answers} == {200}, answers
    assert sorted(answer["replayed"] for _, answer in answers) == [False] + [True] * (AT_ONCE - 1)
    assert len({str((answer["receipt"], answer["location"])) for _, answer in answers}) == 1
    assert len(receipts(own_db)) == 1
    assert len(own_db.exec(select(ReadConfirmation)).all()) == 1


def test_twins_of_a_refused_act_leave_nothing(own_app: Flask, own_db: Session) -> None:
    unit = an_organisation(own_db).other_ward
    document = a_document(own_db, unit=own_db.get_one(Unit, unit.id), issued_on=date(2026, 9, 1))
    phone = Phone(Client(own_app, own_db), own_db, a_member(own_db))
    held = phone.client.http.get_cookie(COOKIE, domain="localhost")
    assert held is not None
    key, path = new_key(), f"/library/{document.id}/reading"
    own_db.rollback()

    def twin(_number: int) -> int:
        browser = Client(own_app, None)
        hold(browser, held.value)
        return browser.http.post(path, data=b"revision=1", base_url=ORIGIN, headers=phone.headers(key)).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(twin, range(AT_ONCE))) == {404}
    assert receipts(own_db) == []
