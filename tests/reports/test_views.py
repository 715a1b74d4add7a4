"""Writing, sending and reading an opinion, as a member's browser and a phone's outbox see it."""

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import Session, select

from handbook.organisation.models import Member
from handbook.reports.forms import OpinionIn
from handbook.reports.models import Opinion
from tests.factories.organisation import a_member, an_organisation
from tests.factories.reports import SUBJECT, TEXT, an_opinion, answered
from tests.library.signing import sign_in
from tests.page import Client
from tests.receipts.phone import Phone, new_key

PACK = {"X-Handbook-Fetch": "pack"}
NEW = "/reports/opinions/new"


@pytest.fixture
def member(db: Session) -> Member:
    return a_member(db)


@pytest.fixture
def browser(client: Client, db: Session, member: Member) -> Client:
    return sign_in(client, db, member)


def page(browser: Client, path: str, **given: Any) -> str:
    return browser.get(path, **given).get_data(as_text=True)


def form(db: Session, **fields: str) -> dict[str, str]:
    unit_id = str(an_organisation(db).cell.id)
    return {"kind": "proposal", "unit_id": unit_id, "subject": SUBJECT, "text": TEXT, **fields}


def opinions(db: Session) -> list[Opinion]:
    return list(db.exec(select(Opinion)))


def test_an_empty_list_says_so_and_leads_to_the_form(browser: Client) -> None:
    shown = page(browser, "/reports/")
    assert "Đồng chí chưa gửi ý kiến nào" in shown and f'href="{NEW}"' in shown


def test_the_form_offers_kinds_and_the_members_own_chain(browser: Client, db: Session) -> None:
    tree, shown = an_organisation(db), page(browser, NEW)
    units = re.findall(r'<option value="([0-9a-f-]{36})"', shown)
    assert units == [str(unit.id) for unit in (tree.cell, tree.ward, tree.city)]
    assert re.findall(r'<option value="([a-z]+)"', shown) == ["opinion", "question", "proposal"]
    assert (
        'data-outbox="Ý kiến gửi cấp ủy" data-outbox-title="subject" data-outbox-form="1" data-draft="opinion"' in shown
        and "data-draft-say" in shown
    )


def test_sent_it_is_shown_with_its_words_and_state(browser: Client, db: Session, member: Member) -> None:
    answer = browser.post("/reports/opinions", form(db, text="Dòng một\r\n\r\nDòng <b>hai</b>"))
    (stored,) = opinions(db)
    assert (stored.owner_id, stored.kind, stored.text) == (member.id, "proposal", "Dòng một\n\nDòng <b>hai</b>")
    assert answer.headers["Location"] == f"/reports/opinions/{stored.id}" and stored.written_at is None
    shown = page(browser, answer.headers["Location"])
    for words in (
        SUBJECT,
        "Kiến nghị",
        "Đã gửi",
        "<p>Dòng một</p>",
        "Dòng &lt;b&gt;hai&lt;/b&gt;",
        "sẽ hiện ở trang này",
    ):
        assert words in shown, words
    assert SUBJECT in page(browser, "/reports/") and "Viết trên máy lúc" not in shown


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser: Client, db: Session) -> None:
    wrong = form(db, unit_id=str(an_organisation(db).other_ward.id), subject="a" * 151, text="Giữ lại <em>chữ</em>")
    shown = browser.post("/reports/opinions", wrong, status=422).get_data(as_text=True)
    assert "Có 1 chỗ cần sửa" in shown and "<title>Lỗi: Viết ý kiến" in shown
    assert html.escape(wrong["text"]) in shown and wrong["subject"] in shown and 'value="proposal" selected' in shown
    elsewhere = browser.post("/reports/opinions", {**wrong, "subject": "Ngắn"}, status=422).get_data(as_text=True)
    assert "Gửi tới: Hãy chọn chi bộ của đồng chí" in elsewhere and 'id="unit_id-error"' in elsewhere
    empty = browser.post("/reports/opinions", {}, status=422).get_data(as_text=True)
    assert "Có 4 chỗ cần sửa" in empty
    unchosen = browser.post("/reports/opinions", form(db, kind="", unit_id=""), status=422).get_data(as_text=True)
    assert "Loại: Hãy chọn ý kiến" in unchosen and "Gửi tới: Hãy chọn chi bộ" in unchosen
    assert opinions(db) == []


def test_a_phone_sends_it_once_with_the_moment_it_was_written(client: Client, db: Session, member: Member) -> None:
    phone, key = Phone(client, db, member), new_key()
    tree = an_organisation(db)
    body = f"kind=question&unit_id={tree.ward.id}&subject=M%E1%BB%99t&text=Hai".encode()
    first = phone.send("/reports/opinions", body, key=key, X_Handbook_Written="1795507200123")
    again = phone.send("/reports/opinions", body, key=key, X_Handbook_Written="1795507200123")
    (stored,) = opinions(db)
    assert first["location"] == again["location"] == f"/reports/opinions/{stored.id}" and again["replayed"] is True
    assert stored.written_at is not None and stored.written_at.isoformat() == "2026-11-24T08:00:00+00:00"
    assert "15:00, 24/11/2026" in page(client, first["location"])
    assert "Ý kiến gửi cấp ủy" in page(client, f"/receipts/{first['receipt']['id']}")
    phone.send("/reports/opinions", body)
    assert len(opinions(db)) == 2


def test_a_phone_is_told_the_faulty_fields_as_data(client: Client, db: Session, member: Member) -> None:
    refused = Phone(client, db, member).send("/reports/opinions", b"kind=question&text=Hai", status=422)
    assert set(refused["fields"]) == {"unit_id", "subject"} and opinions(db) == []


def test_a_form_of_another_release_is_read_or_refused_by_name(
    client: Client, db: Session, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, key, body = Phone(client, db, member), new_key(), urlencode(form(db)).encode()
    refused = phone.send("/reports/opinions", body, key=key, status=422, X_Handbook_Form="2")
    assert (refused["code"], refused["fields"]) == ("form.version", {}) and "mẫu" in refused["message"]
    assert phone.send("/reports/opinions", b"text=", status=422, X_Handbook_Form="2")["code"] == "form.version"
    assert opinions(db) == []
    phone.send("/reports/opinions", body)  # of a release whose forms named none
    phone.send("/reports/opinions", body, X_Handbook_Form="1")
    monkeypatch.setattr(OpinionIn, "VERSIONS", ("1", "2"))
    phone.send("/reports/opinions", body, X_Handbook_Form="1")
    assert phone.send("/reports/opinions", body, key=key, X_Handbook_Form="2")["replayed"] is False
    assert len(opinions(db)) == 4 and 'data-outbox-form="2"' in page(client, NEW)


def test_the_answer_is_shown_to_its_author_with_the_post(browser: Client, db: Session, member: Member) -> None:
    secretary = a_member(db, role="cell_secretary", full_name="Trần Thị Thử Trả Lời")
    opinion = answered(db, an_opinion(db, member), secretary, "Đã báo điện lực.\nHẹn thứ Sáu.")
    db.commit()
    shown = page(browser, f"/reports/opinions/{opinion.id}")
    for words in ("Đã trả lời", "<p>Đã báo điện lực.</p>", "<p>Hẹn thứ Sáu.</p>", "Bí thư, Chi bộ tổ dân phố 1"):
        assert words in shown, words
    assert secretary.full_name not in shown and "sẽ hiện ở trang này" not in shown
    assert "Đã trả lời" in page(browser, "/reports/")


def test_anothers_is_not_found_even_for_whoever_answers(client: Client, db: Session) -> None:
    secretary = sign_in(client, db, a_member(db, role="cell_secretary"))
    opinion = an_opinion(db)
    db.commit()
    assert SUBJECT not in page(secretary, f"/reports/opinions/{opinion.id}", status=404)
    assert SUBJECT not in page(secretary, "/reports/")


def test_many_are_paged(browser: Client, db: Session, member: Member) -> None:
    for number in range(25):
        an_opinion(db, member, subject=f"Việc {number:02d}")
    db.commit()
    first = page(browser, "/reports/")
    following = re.search(r'href="(/reports/\?after=[^"]+)"', first)
    assert following
    second = page(browser, following[1])
    seen = re.findall(r"Việc \d\d", first) + re.findall(r"Việc \d\d", second)
    assert sorted(seen) == [f"Việc {number:02d}" for number in range(25)] and 'rel="prev"' in second


def test_phones_get_the_content_alone_and_always_the_same(browser: Client, db: Session, member: Member) -> None:
    opinion = an_opinion(db, member)
    db.commit()
    for path in ("/reports/", NEW, f"/reports/opinions/{opinion.id}"):
        first = page(browser, path, headers=PACK)
        assert "<html" not in first and "<!--slot:chrome-->inner<!--/slot-->" in first
        assert "<!--slot:place-->home<!--/slot-->" in first and page(browser, path, headers=PACK) == first


@pytest.mark.parametrize("junk", ["after=zzz", "after=W10", "after=" + "a" * 900])
def test_hostile_addresses_are_answered_with_a_page(browser: Client, junk: str) -> None:
    page(browser, f"/reports/?{junk}")


def test_too_long_a_body_is_refused(browser: Client, db: Session) -> None:
    browser.post("/reports/opinions", form(db, text="a" * 3_000_000), status=413)
    browser.post("/reports/opinions", form(db, text="a\x00b"), status=422)
    assert opinions(db) == []
