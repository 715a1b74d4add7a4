"""Phones that come back are let in at a rate, in so many threads; pages and sign-in are not touched by it."""

from __future__ import annotations

import http.client
import os
import select
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask, url_for
from sqlalchemy import text
from sqlmodel import Session

from handbook.app import create_app
from handbook.core.db import Database
from handbook.core.settings import Settings
from handbook.identity.loader import COOKIE
from handbook.identity.models import Account
from handbook.identity.queries import member_tag
from handbook.identity.rules import sessions
from handbook.web.admission import BEGINNING
from tests.bench import processes
from tests.conftest import KEYS
from tests.factories.organisation import a_member
from tests.page import Client

PACK, OUTBOX = {"X-Handbook-Fetch": "pack"}, {"X-Handbook-Fetch": "outbox"}
RARELY = 0.01  # requests a second: two are let in, then none for a minute and more
THREADS, SHARE = 4, 3


@pytest.fixture
def narrow(own_settings: Settings) -> Iterator[Flask]:
    """An application that lets in next to nobody."""
    rates = {"pack_requests_a_second": RARELY, "outbox_requests_a_second": RARELY}
    app = create_app(own_settings.model_copy(update=rates))
    yield app
    app.extensions["handbook.database"].engine.dispose()


@pytest.fixture
def browser(narrow: Flask) -> Iterator[Client]:
    with narrow.extensions["handbook.database"].session(read_only=True) as db:
        yield Client(narrow, db)


def test_who_begins_a_download_too_soon_is_told_when_to_come(browser: Client) -> None:
    for _ in range(2):
        browser.get(BEGINNING, status=401, headers=PACK)
    waits = []
    for _ in range(3):
        refused = browser.get(BEGINNING, status=503, headers=PACK)
        assert refused.get_json() == {"code": "admission.later"}
        waits.append(int(refused.headers["Retry-After"]))
    assert 99 <= waits[0] <= 101 and 99 <= waits[1] - waits[0] <= 101 and 99 <= waits[2] - waits[1] <= 101


def test_who_has_begun_is_let_through_to_the_end(browser: Client) -> None:
    browser.get(BEGINNING, status=401, headers=PACK)
    for _ in range(20):
        browser.get("/library/", status=401, headers=PACK)
    assert int(browser.get(BEGINNING, status=503, headers=PACK).headers["Retry-After"]) > 1000


def test_what_is_sent_too_soon_is_told_when_to_come(browser: Client) -> None:
    path = f"/library/{uuid4()}/reading"
    for _ in range(2):
        browser.post(path, b"revision=1", status=401, headers=OUTBOX)
    refused = browser.post(path, b"revision=1", status=503, headers=OUTBOX)
    assert int(refused.headers["Retry-After"]) >= 99
    browser.get(BEGINNING, status=401, headers=PACK)  # another line


def test_pages_and_sign_in_have_no_line(browser: Client) -> None:
    for _ in range(4):
        browser.get("/identity/sign-in")
        browser.post("/identity/sign-in/options", json={}, status=200)
        browser.get("/library/", status=303)
        browser.get(BEGINNING, status=401, headers={"Accept": "application/json"})


def test_a_download_begins_with_the_manifest(narrow: Flask) -> None:
    with narrow.test_request_context():
        assert url_for("offline.manifest") == BEGINNING


@dataclass
class Served:
    """`handbook serve` in one process, and what a signed-in member's phone tells it."""

    port: int
    headers: dict[str, str]

    def send(self) -> socket.socket:
        """A confirmation on its way."""
        line = socket.create_connection(("localhost", self.port), timeout=20)
        told = {**self.headers, **OUTBOX, "Idempotency-Key": str(uuid4()), "Content-Length": "10"}
        head = f"POST /library/{uuid4()}/reading HTTP/1.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in told.items())
        line.sendall(f"{head}\r\nrevision=1".encode())
        return line

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=10)
        connection.request("GET", path, headers=self.headers)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture
def served(own_settings: Settings, tmp_path: Path) -> Iterator[Served]:
    port = processes.free_port()
    with Database(own_settings) as database, database.unit_of_work() as db:
        account = Account(member_id=a_member(db).id)
        db.add(account)
        db.flush()
        token, _ = sessions.start(db, account, staff=False, device="Chrome · Android", passkey_id=None)
        tag = member_tag(account)
    values = {**KEYS, "database_url": own_settings.database_url, "data_dir": str(tmp_path)}
    values |= {"origin": f"http://localhost:{port}", "workers": "1", "threads": str(THREADS)}
    env = {**os.environ, **{f"HANDBOOK_{name.upper()}": value for name, value in values.items()}}
    command = [str(Path(sys.executable).with_name("handbook")), "serve", "--port", str(port)]
    headers = {"Host": f"localhost:{port}", "Cookie": f"{COOKIE}={token}", "X-Handbook-Member": tag}
    headers |= {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    with processes.served(command, port, log=tmp_path / "log", env=env):
        yield Served(port, headers)


def answered(lines: list[socket.socket]) -> dict[socket.socket, bytes]:
    """The answers that have come so far, waiting for the first one."""
    ready, _, _ = select.select(lines, [], [], 20)
    return {line: line.recv(4096) for line in ready}


def hold_what_acts_need(db: Session) -> None:
    """SQLite's pen, on PostgreSQL the table of receipts, until the end of the transaction."""
    db.connection()
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE"))


def test_phones_that_wait_for_the_database_leave_a_thread_for_those_who_read(
    served: Served, own_database: Database
) -> None:
    with ExitStack() as stack, own_database.session() as db:
        hold_what_acts_need(db)
        lines = [stack.enter_context(served.send()) for _ in range(2 * THREADS)]
        refused: dict[socket.socket, bytes] = {}
        while len(refused) < 2 * THREADS - SHARE:
            came = answered([line for line in lines if line not in refused])
            assert came, "who was over the share has no answer"
            refused |= came
        for answer in refused.values():
            assert b" 503 " in answer.splitlines()[0] and b"Retry-After: " in answer
        assert [served.get(path) for path in ("/", "/library/", "/identity/sign-in")] == [200, 200, 303]
        db.rollback()
        for line in set(lines) - set(refused):
            assert b" 404 " in line.recv(4096).splitlines()[0]  # there is no such document
        with served.send() as line:
            assert b" 404 " in line.recv(4096).splitlines()[0]  # and the threads are free again
