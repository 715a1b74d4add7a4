"""Two hands at once: real threads on a database of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from handbook.core.db import Database
from handbook.identity.models import Passkey
from tests.factories.identity import SoftKey, a_ticket, enrolled, hold
from tests.factories.organisation import a_member
from tests.page import ORIGIN, Client

HEADERS = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}


@pytest.fixture
def own_db(own_app: Flask) -> Iterator[Session]:
    database: Database = own_app.extensions["handbook.database"]
    with database.session() as db:
        yield db


def all_at_once(app: Flask, times: int, path: str, body: Callable[[int], object], token: str = "") -> list[int]:
    """The statuses of ``times`` browsers that post at the same moment."""

    def post(number: int) -> int:
        browser = Client(app, None)
        if token:
            hold(browser, token)
        return browser.http.post(path, json=body(number), base_url=ORIGIN, headers=HEADERS).status_code

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(post, range(times)))


def test_of_twelve_browsers_with_one_ticket_one_gets_it(own_app: Flask, own_db: Session) -> None:
    token = a_ticket(own_db, a_member(own_db))
    statuses = all_at_once(own_app, 12, f"/identity/enrol/{token}/options", lambda _: {})
    assert statuses == [200] + [410] * 9 + [429] * 2 or statuses == [200] + [410] * 11


def test_of_two_answers_to_one_challenge_one_signs_in(own_app: Flask, own_db: Session) -> None:
    member, client = a_member(own_db), Client(own_app, own_db)
    own_db.commit()
    key = enrolled(client, member)
    options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    answer = key.get(options)
    statuses = all_at_once(own_app, 6, "/identity/sign-in", lambda _: {"credential": answer})
    assert statuses == [200] + [400] * 5


def test_two_removals_at_once_leave_one_passkey(own_app: Flask, own_db: Session) -> None:
    member, client = a_member(own_db), Client(own_app, own_db)
    own_db.commit()
    enrolled(client, member)
    begun = client.post("/identity/passkeys/options", json={}, status=200).get_json()
    client.post("/identity/passkeys", json={"credential": SoftKey().create(begun["options"])}, status=201)
    ids = [row.id for row in own_db.exec(select(Passkey))]
    own_db.rollback()
    held = client.http.get_cookie("__Host-hb", domain="localhost")
    assert held is not None

    def remove(passkey_id: UUID) -> int:
        browser = Client(own_app, None)
        hold(browser, held.value)
        path = f"/identity/passkeys/{passkey_id}/removal"
        return browser.http.post(path, base_url=ORIGIN, headers=HEADERS).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, ids)) == [303, 403]
    left = own_db.exec(select(Passkey).where(col(Passkey.removed_at).is_(None))).all()
    assert len(left) == 1
