"""What a stranger could measure: a refused sign-in does the same work, whoever is asked for and whatever is wrong."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from handbook.identity.models import Passkey
from tests.factories.identity import SoftKey, enrolled, sign_out
from tests.factories.organisation import a_member
from tests.page import Client


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that reaches the database and every signature that is verified, in order."""
    done: list[str] = []

    def note_statement(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "SAVEPOINT" not in statement:  # numbered, and not of the application but of the test's own frame
            done.append(statement)

    library = importlib.import_module("webauthn.authentication.verify_authentication_response")
    verify = library.verify_signature

    def note_signature(**given: Any) -> None:
        done.append("verify signature")
        verify(**given)

    monkeypatch.setattr(library, "verify_signature", note_signature)
    event.listen(Engine, "before_cursor_execute", note_statement)
    yield done
    event.remove(Engine, "before_cursor_execute", note_statement)


def refused(client: Client, key: SoftKey, work: list[str]) -> list[str]:
    """The work of one refused sign-in."""
    options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    credential = key.get(options)
    work.clear()
    client.post("/identity/sign-in", json={"credential": credential}, status=400)
    return list(work)


@pytest.mark.parametrize("who", ["suspended", "wrong signature", "wrong handle", "removed, wrong signature"])
def test_known_and_unknown_are_refused_with_the_same_work(
    client: Client, db: Session, work: list[str], who: str
) -> None:
    member = a_member(db)
    key = enrolled(client, member)
    sign_out(client)
    if who == "suspended":
        db.merge(member).status = "suspended"
    elif who == "wrong handle":
        key.user_handle = bytes(range(32))
    else:
        key.private = SoftKey().private
    if who.startswith("removed"):
        passkey = db.exec(select(Passkey)).one()
        passkey.removed_at = passkey.created_at
    db.commit()
    stranger = SoftKey(user_handle=key.user_handle)
    refused(client, stranger, work)  # the first of its window: limits are counted from the second on alike
    refused(client, key, work)
    known, unknown = refused(client, key, work), refused(client, stranger, work)
    assert known == unknown
    assert known.count("verify signature") == 1 and len(known) > 3
