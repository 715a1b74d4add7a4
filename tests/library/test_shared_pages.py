"""A reader page is rendered once for all whom it looks alike for: nobody may see in it what is another's."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import Session

from handbook.library.models import Document, DocumentKind, Relation
from handbook.library.rules import publishing
from handbook.organisation.models import Member
from handbook.policy.actor import Actor, Role
from tests.factories.library import a_document
from tests.factories.organisation import a_member, a_post, an_organisation
from tests.library.signing import sign_in
from tests.page import Client

PACK = {"X-Handbook-Fetch": "pack"}
CONFIRM = "Tôi đã đọc và nắm nội dung"
SignedIn = Callable[[Member], Client]


@pytest.fixture
def signed_in(app: Flask, db: Session) -> SignedIn:
    """A browser of its own for each member."""
    return lambda member: sign_in(Client(app, db), db, member)


@pytest.fixture
def document(db: Session) -> Document:
    return a_document(db)


@pytest.mark.parametrize("headers", [{}, PACK])
def test_two_members_are_shown_the_same_bytes_and_neither_is_named(
    signed_in: SignedIn, db: Session, document: Document, headers: dict[str, str]
) -> None:
    one, other = a_member(db, full_name="Lê Thị Một"), a_member(db, full_name="Trần Văn Hai")
    first, second = (signed_in(member).get(path(document), headers=headers) for member in (one, other))
    assert first.data == second.data
    assert first.headers["ETag"] != second.headers["ETag"]
    assert first.headers["X-Handbook-Member"] != second.headers["X-Handbook-Member"]
    html = first.get_data(as_text=True)
    for member in (one, other):
        assert member.full_name not in html and str(member.id) not in html
    assert first.headers["X-Handbook-Member"] not in html


def test_whoever_may_do_less_gets_another_page(signed_in: SignedIn, db: Session, document: Document) -> None:
    org = an_organisation(db)
    editor = a_member(db, cell=org.other_cell)
    a_post(db, editor, Role.EDITOR, unit=org.ward)
    member = a_member(db)
    assert CONFIRM in body(signed_in(member), document)
    assert CONFIRM not in body(signed_in(editor), document)
    assert CONFIRM in body(signed_in(member), document)


def test_who_may_read_is_asked_again_for_a_page_that_is_kept(
    signed_in: SignedIn, db: Session, document: Document
) -> None:
    body(signed_in(a_member(db)), document)
    stranger = signed_in(a_member(db, cell=an_organisation(db).other_cell))
    stranger.get(path(document), status=404)


def test_a_confirmation_is_shown_to_its_member_alone(signed_in: SignedIn, db: Session, document: Document) -> None:
    one, other = signed_in(a_member(db)), signed_in(a_member(db))
    before = body(other, document)
    assert body(one, document) == before
    one.post(f"{path(document)}/reading", {"revision": "1"})
    assert "Đồng chí đã xác nhận" in body(one, document)
    assert body(other, document) == before


def test_a_replacement_and_a_renamed_kind_are_shown_at_once(
    signed_in: SignedIn, db: Session, document: Document
) -> None:
    browser = signed_in(a_member(db))
    before = body(browser, document)
    newer = a_document(db, title="Nghị quyết mới hơn")
    publishing.relate(db, Actor.system(), newer.id, document.id, Relation.REPLACES)
    db.commit()
    replaced = body(browser, document)
    assert "đã được thay thế" not in before and "đã được thay thế" in replaced and "Nghị quyết mới hơn" in replaced
    db.get_one(DocumentKind, document.kind).name = "Loại văn kiện khác"
    db.commit()
    assert "Loại văn kiện khác" in body(browser, document)


def test_the_language_the_slots_and_the_address_are_ones_own(
    signed_in: SignedIn, db: Session, document: Document
) -> None:
    one, other = signed_in(a_member(db)), signed_in(a_member(db))
    assert "?tu=noi-khac" in one.get(f"{path(document)}?tu=noi-khac").get_data(as_text=True)
    assert "?tu=noi-khac" not in body(other, document)
    assert "<html" not in other.get(path(document), headers=PACK).get_data(as_text=True)
    other.http.set_cookie("hb-language", "en", domain="localhost", secure=True)
    assert '<html lang="en"' in body(other, document)
    assert '<html lang="vi"' in body(one, document)


def test_a_compressed_page_that_is_unchanged_costs_a_304_too(
    signed_in: SignedIn, db: Session, document: Document
) -> None:
    browser = signed_in(a_member(db))
    packed = browser.get(path(document), headers={"Accept-Encoding": "gzip"})
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert packed.headers["Content-Encoding"] == "gzip"
    answer = browser.get(path(document), headers=again, status=304)
    assert answer.data == b"" and answer.headers["ETag"] == packed.headers["ETag"]


def path(document: Document) -> str:
    return f"/library/{document.id}"


def body(browser: Client, document: Document) -> str:
    return browser.get(path(document)).get_data(as_text=True)
