"""Sent once or ten times, done once: the receipt shares the transaction of its act, and refusals leave none."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from flask import Flask, after_this_request, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from handbook.core.db import Database
from handbook.core.errors import Conflict, StepUpNeeded
from handbook.organisation.models import Post
from handbook.policy.actions import Action
from handbook.policy.actor import Role
from handbook.web.access import needs, public, signed_in
from handbook.web.limits import limit
from tests.factories.organisation import a_member
from tests.page import ORIGIN, Client
from tests.receipts.phone import Phone, hash_of, new_key, receipts
from tests.web.conftest import _write

Stored = Callable[[], set[str]]


@signed_in
def sent() -> ResponseReturnValue:
    _write("sent")
    return redirect("/library/?year=2026#first", 303)


@signed_in
def elsewhere() -> ResponseReturnValue:
    return redirect("https://elsewhere.example/", 303)


@signed_in
def page_of_its_own() -> ResponseReturnValue:
    response = make_response("<p>a page</p>", 201)
    response.set_cookie("seen", "1", samesite="Lax", httponly=True, secure=True)
    return response


@signed_in
def refused_by_page() -> ResponseReturnValue:
    _write("refused")
    return "<p>not so</p>", 422


@signed_in
def limited() -> str:
    limit("probe", 2, 3600, per="member")
    _write("limited")
    return "done"


@signed_in
def unheard() -> str:
    _write("unheard")

    @after_this_request
    def _lost(_response: object) -> object:
        raise ConnectionError("the line was cut after the commit")

    return "done"


@signed_in
def overtaken() -> str:
    """Its twin comes after the look-up and is done before this one begins to write. It does not even notice."""
    if not request.args:
        sent_again = {"data": request.get_data(), "headers": dict(request.headers), "base_url": ORIGIN}
        twin = current_app.test_client(use_cookies=False)
        with ThreadPoolExecutor(1) as elsewhere:  # a thread of its own: g would be shared otherwise
            elsewhere.submit(twin.post, "/overtaken?twin=1", **sent_again).result()
    with suppress(Exception):
        _write("twin" if request.args else "overtaken")
    return "done"


@needs(Action.DOCUMENT_IMPORT)
def for_editors() -> str:
    _write("for_editors")
    return "done"


@signed_in
def stepping() -> str:
    raise StepUpNeeded("step_up.needed")


@signed_in
def kept_late() -> str:
    raise Conflict("input.invalid").keeping()


@public
def slash() -> str:
    return "never"


VIEWS = (
    sent,
    elsewhere,
    page_of_its_own,
    refused_by_page,
    limited,
    unheard,
    overtaken,
    for_editors,
    stepping,
    kept_late,
)


@pytest.fixture
def database(small: Flask) -> Database:
    found: Database = small.extensions["handbook.database"]
    return found


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.session() as session:
        yield session


@pytest.fixture
def phone(small: Flask, db: Session) -> Phone:
    for view in VIEWS:
        small.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["POST"])
    small.add_url_rule("/folder/", "folder", slash, methods=["POST"])
    made = Phone(Client(small, db), db, a_member(db))
    db.rollback()
    return made


def test_the_first_answer_is_a_receipt(phone: Phone, db: Session, stored: Stored) -> None:
    key = new_key()
    answer = phone.send("/sent", b"a=1", key=key, X_Handbook_Form="3.1", X_Handbook_Written="1795507200123")
    assert answer["location"] == "/library/?year=2026#first" and answer["replayed"] is False
    (kept,) = receipts(db)
    told = answer["receipt"]
    assert (told["v"], told["id"], told["key"]) == (1, str(kept.id), key)
    assert (told["member"], told["route"], told["hash"]) == (phone.tag, "POST /sent", hash_of(b"a=1"))
    assert told["written"] == "2026-11-24T08:00:00Z" and told["received"].endswith("Z")
    assert (kept.form_version, kept.status, kept.endpoint) == ("3.1", 303, "sent")
    assert len(told["number"]) == 11 and told["number"] == kept.number
    assert stored() == {"sent"}


def test_the_same_again_gets_the_first_answer_and_does_nothing(phone: Phone, db: Session, stored: Stored) -> None:
    key = new_key()
    first = phone.send("/sent", b"a=1", key=key)
    again = phone.send("/sent", b"a=1", key=key, X_Handbook_Form="another")
    assert again == {**first, "replayed": True}
    assert len(receipts(db)) == 1 and stored() == {"sent"}


def test_a_reply_that_was_lost_after_the_commit(phone: Phone, db: Session, stored: Stored) -> None:
    key = new_key()
    lost = phone.client.http.post("/unheard", data=b"revision=1", base_url=ORIGIN, headers=phone.headers(key))
    assert lost.status_code == 500
    assert stored() == {"unheard"}
    assert phone.send("/unheard", key=key)["replayed"] is True
    assert len(receipts(db)) == 1


def test_who_is_overtaken_by_a_twin_changes_nothing(phone: Phone, db: Session, stored: Stored) -> None:
    key = new_key()
    late = phone.send("/overtaken", key=key)
    assert late["replayed"] is True and late == phone.send("/overtaken", key=key)
    assert len(receipts(db)) == 1 and stored() == {"twin"}


def test_what_was_allowed_then_is_answered_now(small: Flask, phone: Phone, db: Session) -> None:
    key = new_key()
    theirs = Phone(Client(small, db), db, a_member(db, role=Role.EDITOR))
    db.rollback()
    first = theirs.send("/for_editors", key=key)
    for post in db.exec(select(Post)):
        db.delete(post)
    db.commit()
    assert theirs.send("/for_editors", key=key) == {**first, "replayed": True}
    theirs.send("/for_editors", status=404)


@pytest.mark.parametrize(("path", "body"), [("/sent", b"a=2"), ("/sent", b"a=1 "), ("/fine", b"a=1")])
def test_a_key_is_for_one_act(phone: Phone, stored: Stored, path: str, body: bytes) -> None:
    key = new_key()
    phone.send("/sent", b"a=1", key=key)
    assert phone.send(path, body, key=key, status=409)["code"] == "receipt.other_body"
    assert stored() == {"sent"}


def test_anothers_key_tells_nothing_of_the_others_act(phone: Phone, small: Flask, db: Session) -> None:
    key = new_key()
    phone.send("/sent", b"a=1", key=key)
    other = Phone(Client(small, db), db, a_member(db))
    db.rollback()
    answers = [other.send(path, body, key=key, status=409) for path in ("/sent", "/fine") for body in (b"a=1", b"b")]
    assert {answer["code"] for answer in answers} == {"receipt.other_member"}
    assert len({str(answer) for answer in answers}) == 1 and phone.tag not in str(answers)


@pytest.mark.parametrize("tag", ["", "somebody-else"])
def test_an_act_of_whoever_is_not_signed_in_is_not_done(phone: Phone, stored: Stored, tag: str) -> None:
    assert phone.send("/sent", tag=tag, status=409)["code"] == "receipt.other_member"
    assert stored() == set()


def test_signed_out_is_said_without_a_redirect(phone: Phone) -> None:
    phone.client.http.delete_cookie("__Host-hb", domain="localhost")
    for path in ("/sent", "/fine", "/nowhere"):
        assert phone.send(path, status=401)["code"] == "sign_in.needed"


@pytest.mark.parametrize(
    "told",
    [
        {"Idempotency_Key": "1"},
        {"Idempotency_Key": "{12345678-1234-1234-1234-123456789012}"},
        {"X_Handbook_Form": "x" * 33},
        {"X_Handbook_Form": "with space"},
    ],
)
def test_headers_that_do_not_fit(phone: Phone, stored: Stored, told: dict[str, str]) -> None:
    assert phone.send("/sent", status=422, **told)["code"] == "receipt.headers"
    assert stored() == set()


@pytest.mark.parametrize("written", ["", "-5", "soon", "9" * 14, "١٢٣", "1.5"])
def test_a_broken_clock_is_no_reason_to_refuse(phone: Phone, written: str) -> None:
    assert phone.send("/sent", X_Handbook_Written=written.encode().decode("latin-1"))["receipt"]["written"] is None


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/refused", 403, "origin.foreign"),
        ("/refused_by_page", 422, "input.invalid"),
        ("/broken", 500, "fault"),
        ("/busy", 503, "store.unavailable"),
        ("/stepping", 401, "step_up.needed"),
        ("/nowhere", 404, "not_found"),
        ("/folder", 404, "not_found"),
        ("/up", 405, "not_found"),
    ],
)
def test_a_refusal_is_data_and_leaves_no_receipt(
    phone: Phone, db: Session, stored: Stored, path: str, status: int, code: str
) -> None:
    key = new_key()
    answer = phone.send(path, key=key, status=status)
    assert answer["code"] == code and answer["message"]
    assert receipts(db) == [] and stored() == set()
    assert phone.send("/sent", key=key)["replayed"] is False


@pytest.mark.parametrize("path", ["/kept", "/kept_late"])
def test_a_refusal_that_keeps_its_traces_keeps_no_receipt(phone: Phone, db: Session, stored: Stored, path: str) -> None:
    key = new_key()
    phone.send(path, key=key, status=409)
    assert stored() == ({"kept"} if path == "/kept" else set()) and receipts(db) == []
    assert phone.send("/sent", key=key)["replayed"] is False


def test_fields_that_do_not_fit_are_named(phone: Phone) -> None:
    assert set(phone.send("/note", b"title=&pages=x", status=422)["fields"]) == {"title", "pages"}


def test_a_page_or_a_foreign_address_is_not_what_a_phone_reads(phone: Phone) -> None:
    assert phone.send("/elsewhere")["location"] is None
    answer = phone.post("/page_of_its_own", b"", key=None, status=200, tag=None)
    assert answer.get_json()["location"] is None and "seen=1" in answer.headers["Set-Cookie"]


def test_a_rate_limit_counts_while_the_act_holds_no_pen(phone: Phone) -> None:
    key = new_key()
    assert [phone.send("/limited", key=each)["replayed"] for each in (key, new_key(), key)] == [False, False, True]
    assert phone.send("/limited", status=429)["code"] == "limit.reached"


def test_without_a_key_nothing_is_different(phone: Phone, db: Session, stored: Stored) -> None:
    phone.client.post("/sent", {"a": "1"}, status=303)
    assert receipts(db) == [] and stored() == {"sent"}
