"""No input to any of these doors ends in a fault of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from tests.factories.identity import a_ticket, enrolled
from tests.factories.organisation import a_member
from tests.identity.test_rules_ceremonies import anything, credentials
from tests.page import ORIGIN, Client

HEADERS = {"Sec-Fetch-Site": "same-origin"}
FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
RAW = [
    "",
    "[]",
    "null",
    "1",
    "{",
    '"x"',
    "\x00",
    "[" * 100_000,
    '{"credential": []}',
    '{"credential": ' + "1" * 5000 + "}",
    '{"credential": {"rawId": "\\ud800", "response": {"clientDataJSON": "\\ud800"}}}',
]


@pytest.fixture
def member(client: Client, db: Session) -> Iterator[Client]:
    enrolled(client, a_member(db, role="cell_secretary"))
    client.app.extensions["handbook.words"]  # the application is up before the fuzzing starts
    yield client


def doors(db: Session) -> list[str]:
    token = a_ticket(db, a_member(db))
    return [
        "/identity/sign-in/options", "/identity/sign-in", f"/identity/enrol/{token}/options",
        f"/identity/enrol/{token}", "/identity/step-up/options", "/identity/step-up",
        "/identity/passkeys/options", "/identity/passkeys",
    ]  # fmt: skip


def send(client: Client, path: str, body: str | bytes) -> int:
    return client.http.post(
        path, data=body, base_url=ORIGIN, headers=HEADERS, content_type="application/json"
    ).status_code


def test_raw_bodies(member: Client, db: Session) -> None:
    for path in doors(db):
        for body in RAW:
            assert send(member, path, body.encode()) < 500, (path, body[:40])


@FUZZ
@given(credential=credentials, beside=anything)
def test_malformed_credentials(member: Client, db: Session, credential: object, beside: object) -> None:
    body = json.dumps({"credential": credential, "next": beside, "retry": beside, "name": beside})
    for path in ("/identity/sign-in", "/identity/step-up", "/identity/passkeys"):
        assert send(member, path, body) in (400, 401, 422, 429)


@FUZZ
@given(text=st.text(max_size=200), other=st.text(max_size=50))
def test_forms_and_addresses(member: Client, db: Session, text: str, other: str) -> None:

    http = member.http
    for path in (
        "/identity/enrol",
        f"/identity/passkeys/{other and '0' * 8}-0000-7000-8000-000000000000/name",
    ):
        try:
            form = {"code": text, "name": text, other or "x": text}
            assert http.post(path, data=form, base_url=ORIGIN, headers=HEADERS).status_code < 500
        except UnicodeEncodeError:
            continue
    assert http.get(f"/identity/enrol/{quote(text)}", base_url=ORIGIN).status_code < 500
    assert http.get("/staff/identity/", query_string={"q": text, "after": other}, base_url=ORIGIN).status_code < 500


def test_the_fuzz_reaches_the_application(app: Flask) -> None:
    assert "identity.sign_in_create" in app.view_functions
