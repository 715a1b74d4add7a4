"""How long a session lives, and what ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import Session, col, select

from handbook.core.clock import now
from handbook.core.db import Database
from handbook.core.settings import Settings
from handbook.identity import queries
from handbook.identity.models import Account, AuthSession, EndReason
from handbook.identity.rules import sessions
from handbook.identity.rules.sessions import Ended, Live
from handbook.organisation.models import Status
from tests.factories.identity import another, cookie, enrolled, sign_in
from tests.factories.organisation import a_member
from tests.page import Client

Shift = Callable[[timedelta], None]


def opened(db: Session, *, staff: bool = False) -> tuple[str, AuthSession]:
    account = Account(member_id=a_member(db).id)
    db.add(account)
    db.flush()
    return sessions.start(db, account, staff=staff, device="Chrome · Android", passkey_id=None)


@pytest.mark.parametrize(
    ("staff", "moved", "counts"),
    [
        (False, timedelta(days=29), True),
        (False, timedelta(days=31), False),
        (False, timedelta(days=400), False),
        (False, timedelta(minutes=-4), True),
        (False, timedelta(minutes=-6), False),
        (False, timedelta(days=-2), False),
        (True, timedelta(minutes=29), True),
        (True, timedelta(minutes=31), False),
        (True, timedelta(days=-1), False),
    ],
)
def test_idle_sessions_and_sessions_from_the_future_are_refused(
    db: Session, settings: Settings, shift_clock: Shift, staff: bool, moved: timedelta, counts: bool
) -> None:
    token, _ = opened(db, staff=staff)
    shift_clock(moved)
    assert isinstance(sessions.find(db, settings, token), Live if counts else Ended)


@pytest.mark.parametrize(
    ("staff", "step", "limit"), [(False, timedelta(days=20), 9), (True, timedelta(minutes=20), 36)]
)
def test_a_session_in_use_still_ends_at_its_absolute_limit(
    db: Session, settings: Settings, shift_clock: Shift, staff: bool, step: timedelta, limit: int
) -> None:
    token, row = opened(db, staff=staff)
    for used in range(1, limit):
        shift_clock(step * used)
        found = sessions.find(db, settings, token)
        assert isinstance(found, Live), used
        sessions.seen(db, row)
        db.refresh(row)
    shift_clock(step * limit)
    assert isinstance(sessions.find(db, settings, token), Ended)


def test_only_a_hash_of_256_random_bits_is_kept(db: Session) -> None:
    token, row = opened(db)
    assert len(token) == 43 and len(row.token_sha256) == 32
    assert token.encode() not in row.token_sha256


def test_the_epoch_ends_a_session_that_slipped_through(db: Session, settings: Settings) -> None:
    token, row = opened(db)
    sessions.end_all(db, row.member_id, EndReason.CUT_OFF, keep=row.id)
    db.expire_all()
    assert isinstance(sessions.find(db, settings, token), Live)
    account = queries.own_account(db, row.member_id)
    late, _ = sessions.start(db, Account(member_id=row.member_id, epoch=0), staff=False, device="?", passkey_id=None)
    found = sessions.find(db, settings, late)
    assert account.epoch == 1 and isinstance(found, Ended) and found.wipe


def test_a_request_in_flight_does_not_bring_an_ended_session_back(db: Session, settings: Settings) -> None:
    token, row = opened(db)
    sessions.end_all(db, row.member_id, EndReason.OTHER_DEVICE)
    sessions.seen(db, row)
    found = sessions.find(db, settings, token)
    assert isinstance(found, Ended) and found.wipe


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.EXPELLED, Status.DECEASED, Status.LEFT])
def test_whoever_is_suspended_or_gone_is_out_at_the_next_request(client: Client, db: Session, status: Status) -> None:
    member = a_member(db)
    enrolled(client, member)
    client.get("/identity/devices")
    db.merge(member).status = status
    db.commit()
    assert client.get("/identity/devices", status=303).headers["X-Handbook-Wipe"]


def test_a_hundred_pages_write_the_last_use_at_most_once_a_minute(own_app: Flask, shift_clock: Shift) -> None:
    database: Database = own_app.extensions["handbook.database"]
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("UPDATE", "INSERT", "DELETE")):
            written.append(statement)

    with database.session() as db:
        client = Client(own_app, db)
        member = a_member(db)
        db.commit()
        enrolled(client, member)
        event.listen(database.engine, "before_cursor_execute", note)
        for number in range(100):
            shift_clock(timedelta(seconds=number))
            client.get("/identity/passkeys")
        assert 1 <= len(written) <= 2, written
        assert now() - db.exec(select(AuthSession)).one().last_seen_at < timedelta(minutes=1)


def test_a_page_is_shown_while_another_writer_holds_the_lock(
    own_app: Flask, own_database: Database, shift_clock: Shift
) -> None:
    with own_database.session() as db:
        member, client = a_member(db), Client(own_app, db)
        db.commit()
        enrolled(client, member)
        shift_clock(timedelta(minutes=2))
        db.exec(select(AuthSession)).one()  # a writing unit takes SQLite's lock with its first statement
        began = time.monotonic()
        client.get("/identity/passkeys")
        assert time.monotonic() - began < 5
        db.rollback()
        client.get("/identity/passkeys")
        assert now() - db.exec(select(AuthSession)).one().last_seen_at < timedelta(minutes=1)


def test_staff_get_the_short_limits(client: Client, db: Session, shift_clock: Shift) -> None:
    enrolled(client, a_member(db, role="org_staff"))
    row = db.exec(select(AuthSession).order_by(col(AuthSession.created_at).desc())).first()
    assert row is not None and row.staff
    shift_clock(timedelta(minutes=31))
    refused = client.get("/identity/devices", status=303)
    assert "X-Handbook-Wipe" not in refused.headers


def test_old_traces_are_forgotten(client: Client, db: Session, shift_clock: Shift) -> None:
    key = enrolled(client, a_member(db))
    shift_clock(timedelta(days=361))
    sign_in(another(client), key)
    assert len(db.exec(select(AuthSession)).all()) == 1
    assert cookie(client)
