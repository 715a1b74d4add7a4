"""The list and the reader as a member's browser sees them."""

from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.library.models import ReadConfirmation
from handbook.organisation.models import Member
from tests.factories.library import a_document
from tests.factories.organisation import a_member, an_organisation
from tests.library.signing import sign_in
from tests.page import Client


@pytest.fixture
def member(db: Session) -> Member:
    return a_member(db)


@pytest.fixture
def browser(client: Client, db: Session, member: Member) -> Client:
    return sign_in(client, db, member)


def test_the_list_shows_what_is_addressed_to_the_members_units_only(browser: Client, db: Session) -> None:
    org = an_organisation(db)
    a_document(db, unit=org.city, title="Của thành phố", issuer="Thành ủy")
    a_document(db, unit=org.cell, title="Của chi bộ mình", issuer="Chi bộ 1")
    a_document(db, unit=org.second_cell, title="Của chi bộ bên", issuer="Chi bộ 2")
    a_document(db, unit=org.other_ward, title="Của phường khác", issuer="Đảng ủy Bến Gốm")
    a_document(db, unit=org.cell, title="Chưa đăng", issuer="Chi bộ 1", publish=False)
    db.commit()
    html = browser.get("/library/").get_data(as_text=True)
    assert "Của thành phố" in html and "Của chi bộ mình" in html
    assert "Của chi bộ bên" not in html and "Của phường khác" not in html and "Chưa đăng" not in html
    assert "Đảng ủy Bến Gốm" not in html


@pytest.mark.parametrize(
    "q",
    ["hoc tap", "HỌC TẬP", "ky nang so", "ky nang s", "nghi quyet 7", "07-NQ/ĐU", "7 nq", "Đảng uy 07-nq/đu"],
)
def test_search_finds_without_diacritics_and_by_number(browser: Client, db: Session, q: str) -> None:
    a_document(db, title="Về phường học tập", number=7, symbol="07-NQ/ĐU")
    a_document(
        db,
        title="Về vệ sinh ven suối",
        text="Giữ suối sạch trong mùa mưa và mùa khô.",
        number=8,
        symbol="08-NQ/ĐU",
    )
    db.commit()
    html = browser.get("/library/", query_string={"q": q}).get_data(as_text=True)
    assert "Về phường học tập" in html and "Về vệ sinh ven suối" not in html


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "*",
        "NEAR(",
        "head:x",
        "a' OR 1=1 --",
        "(((",
        "-",
        "\\",
        "%",
        "x" * 5000,
        "&|!:*",
        "AND OR NOT",
        "😀",
        "\u0301",
    ],
)
def test_hostile_questions_are_answered_with_a_page(browser: Client, db: Session, q: str) -> None:
    a_document(db)
    db.commit()
    browser.get("/library/", query_string={"q": q})


@pytest.mark.parametrize(
    "query", ["year=99999999999", "year=-1", "year=abcd", "after=zzz", "after=W10", "issuer=" + "a" * 900,
              "year=2026&year=2025", "unread=x", "after=WyIyMDI2LTAxLTAxIiwieCJd"]
)  # fmt: skip
def test_hostile_filters_are_answered_with_a_page(browser: Client, query: str) -> None:
    browser.get(f"/library/?{query}")


def test_filters_narrow_and_keep_their_values(browser: Client, db: Session) -> None:
    a_document(
        db,
        title="Chỉ thị cũ",
        kind="chi-thi",
        symbol="03-CT/ĐU",
        issued_on=date(2024, 3, 1),
        issuer="Tỉnh ủy",
    )
    a_document(db, title="Nghị quyết mới", issued_on=date(2026, 3, 1), read_before=date(2026, 12, 1))
    db.commit()
    for query, present, absent in (
        ("kind=chi-thi", "Chỉ thị cũ", "Nghị quyết mới"),
        ("year=2026", "Nghị quyết mới", "Chỉ thị cũ"),
        ("issuer=T%E1%BB%89nh+%E1%BB%A7y", "Chỉ thị cũ", "Nghị quyết mới"),
        ("required=1", "Nghị quyết mới", "Chỉ thị cũ"),
    ):
        html = browser.get(f"/library/?{query}").get_data(as_text=True)
        assert present in html and absent not in html, query
    assert 'value="chi-thi" selected' in browser.get("/library/?kind=chi-thi").get_data(as_text=True)


def test_pages_follow_each_other_without_loss(browser: Client, db: Session) -> None:
    for number in range(45):
        a_document(
            db,
            title=f"Văn kiện thứ {number:02d}.",
            issued_on=date(2026, 1, 1 + number // 5),
            text="Một đoạn văn ngắn.",
        )
    db.commit()
    seen: list[str] = []
    address: str | None = "/library/"
    while address:
        html = browser.get(address).get_data(as_text=True)
        seen += [part[:2] for part in html.split("Văn kiện thứ ")[1:]]
        following = (
            html.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0] if 'rel="next"' in html else ""
        )
        address = following.replace("&amp;", "&") or None
    assert sorted(seen) == [f"{number:02d}" for number in range(45)]


def test_nothing_found_and_nothing_there_are_told_apart(browser: Client, db: Session) -> None:
    assert "Chưa có văn kiện nào" in browser.get("/library/").get_data(as_text=True)
    assert "Không tìm thấy văn kiện nào" in browser.get("/library/?q=khongco").get_data(as_text=True)


def test_the_reader_shows_facts_contents_and_text(browser: Client, db: Session) -> None:
    document = a_document(db, key_points=["95% | hộ dân làm hồ sơ trực tuyến | hiện nay 58%", "Không làm thay"])
    db.commit()
    html = browser.get(f"/library/{document.id}").get_data(as_text=True)
    for words in ("Cơ quan ban hành", "18/08/2026", "Mục lục", "#muc-2", 'id="muc-2.so-1"', "NHIỆM VỤ VÀ GIẢI PHÁP",
                  "<b>95%</b>", "Không làm thay", "Tôi đã đọc và nắm nội dung", "Đang có hiệu lực"):  # fmt: skip
        assert words in html, words


def test_out_of_reach_unpublished_and_unknown_look_the_same(browser: Client, db: Session) -> None:
    org = an_organisation(db)
    foreign = a_document(db, unit=org.other_ward)
    waiting = a_document(db, publish=False)
    db.commit()
    for document_id in (foreign.id, waiting.id, uuid4()):
        html = browser.get(f"/library/{document_id}", status=404).get_data(as_text=True)
        assert foreign.title not in html
        browser.post(f"/library/{document_id}/reading", {"revision": "1"}, status=404)


def test_confirming_is_stored_once_and_shown(browser: Client, db: Session, member: Member) -> None:
    document = a_document(db)
    db.commit()
    for _ in range(3):
        browser.post(f"/library/{document.id}/reading", {"revision": "1"})
    marks = db.exec(select(ReadConfirmation).where(ReadConfirmation.document_id == document.id)).all()
    assert [mark.member_id for mark in marks] == [member.id]
    assert len(db.exec(select(AuditEvent).where(AuditEvent.action == "document.confirm")).all()) == 1
    html = browser.get(f"/library/{document.id}").get_data(as_text=True)
    assert "Đồng chí đã xác nhận" in html and "/reading" not in html
    assert browser.get("/library/?unread=1").get_data(as_text=True).count("data-item") == 0


@pytest.mark.parametrize("revision", ["", "0", "2", "-1", "9" * 40, "x", "1\x00"])
def test_a_wrong_revision_is_refused_in_words(browser: Client, db: Session, revision: str) -> None:
    document = a_document(db)
    db.commit()
    browser.post(f"/library/{document.id}/reading", {"revision": revision}, status=422)


def test_json_is_answered_with_json(browser: Client, db: Session) -> None:
    document = a_document(db)
    db.commit()
    answer = browser.post(
        f"/library/{document.id}/reading",
        json={"revision": 1},
        headers={"Accept": "application/json"},
        status=200,
    )
    assert answer.get_json() == {"confirmed": True, "revision": 1}
    browser.post(f"/library/{document.id}/reading", json=[1], status=422)


def test_an_unchanged_page_costs_a_304_and_a_confirmed_one_is_new(browser: Client, db: Session) -> None:
    document = a_document(db)
    db.commit()
    for headers in ({}, {"X-Handbook-Fetch": "pack"}):
        first = browser.get(f"/library/{document.id}", headers=headers)
        again = {**headers, "If-None-Match": first.headers["ETag"]}
        assert first.headers["Cache-Control"] == "no-store"
        assert browser.get(f"/library/{document.id}", headers=again, status=304).data == b""
    browser.post(f"/library/{document.id}/reading", {"revision": "1"})
    browser.get(f"/library/{document.id}", headers=again, status=200)


def test_the_phone_gets_the_content_without_its_shell(browser: Client, db: Session) -> None:
    document = a_document(db)
    db.commit()
    html = browser.get(f"/library/{document.id}", headers={"X-Handbook-Fetch": "pack"}).get_data(as_text=True)
    assert "<html" not in html and "<!--slot:content-->" in html and "NHIỆM VỤ VÀ GIẢI PHÁP" in html


def test_signed_out_people_see_no_document(client: Client, db: Session) -> None:
    document = a_document(db)
    db.commit()
    assert client.http.get(f"/library/{document.id}", base_url="http://localhost:8000").status_code in (
        302,
        303,
        401,
    )


def test_the_contents_show_what_lies_inside_what(browser: Client, db: Session) -> None:
    document = a_document(db)
    db.commit()
    html = browser.get(f"/library/{document.id}").get_data(as_text=True)
    assert '<li><a href="#' in html and '<li data-depth="1"><a href="#' in html
