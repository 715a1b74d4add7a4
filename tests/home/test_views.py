"""The first page as a member's browser sees it."""

import re
from datetime import date

import pytest
from sqlmodel import Session

from handbook.identity.models import Notice
from handbook.organisation.models import Member
from handbook.policy.actor import Role
from tests.factories.identity import another, enrolled
from tests.factories.library import a_document
from tests.factories.organisation import a_member, an_organisation
from tests.page import Client

PACK = {"X-Handbook-Fetch": "pack"}


@pytest.fixture
def member(db: Session) -> Member:
    return a_member(db, full_name="Lê Thị Minh Hòa")


@pytest.fixture
def browser(client: Client, db: Session, member: Member) -> Client:
    db.commit()
    enrolled(client, member)
    client.post("/identity/notices/receipt")
    return client


def page(browser: Client, **given: object) -> str:
    return browser.get("/", **given).get_data(as_text=True)


def part(html: str, heading: str) -> str:
    """The section whose heading has this id."""
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}".*?</section>', html, re.S)
    assert found
    return found[0]


def test_a_visitor_is_led_to_sign_in(client: Client) -> None:
    answer = client.get("/", status=303)
    assert answer.headers["Location"].startswith("/identity/sign-in")


def test_a_new_member_is_greeted_and_told_that_nothing_is_due(browser: Client) -> None:
    html = page(browser)
    assert "Chào đồng chí Hòa" in html
    assert "Hôm nay không có việc cần làm" in html and "Chưa có văn kiện nào" in html


def test_required_reading_is_to_be_done_until_it_is_confirmed(browser: Client, db: Session) -> None:
    required = a_document(db, title="Phải đọc", read_before=date(2026, 10, 20))
    a_document(db, title="Chỉ để biết")
    db.commit()
    due = part(page(browser), "can-lam")
    assert f'href="/library/{required.id}"' in due and "Đọc trước 20/10/2026" in due
    assert "Chỉ để biết" not in due
    browser.post(f"/library/{required.id}/reading", {"revision": required.revision, "understood": "1"})
    assert "Phải đọc" not in part(page(browser), "can-lam")


def test_the_newest_five_documents_are_shown(browser: Client, db: Session) -> None:
    for day in range(1, 8):
        a_document(db, title=f"Văn kiện ngày {day}", issued_on=date(2026, 8, day))
    db.commit()
    shown = re.findall(r"Văn kiện ngày \d", part(page(browser), "moi"))
    assert shown == [f"Văn kiện ngày {day}" for day in (7, 6, 5, 4, 3)]


def test_nothing_of_another_unit_is_shown(browser: Client, db: Session) -> None:
    org = an_organisation(db)
    a_document(db, unit=org.other_cell, title="Của phường khác", read_before=date(2026, 10, 20))
    db.commit()
    assert "Của phường khác" not in page(browser)


def test_a_change_of_keys_is_told_until_it_was_seen(browser: Client, db: Session, member: Member) -> None:
    assert "có thay đổi" not in page(browser)
    db.add(Notice(member_id=member.id, kind="passkey.added"))
    db.commit()
    assert "Khóa truy cập của đồng chí có thay đổi" in page(browser)
    browser.post("/identity/notices/receipt")
    assert "có thay đổi" not in page(browser)


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        (None, set()),
        (Role.EDITOR, {"/staff/library/import"}),
        (Role.CELL_SECRETARY, {"/staff/identity/", "/staff/reports/"}),
    ],
)
def test_staff_are_shown_the_ways_to_their_own_work(
    client: Client, db: Session, role: Role | None, ways: set[str]
) -> None:
    someone = a_member(db, role=role)
    db.commit()
    browser = another(client)
    enrolled(browser, someone)
    assert set(re.findall(r'href="(/staff/[^"]*)"', page(browser))) == ways


def test_the_phone_gets_the_content_without_the_shell_and_always_the_same(browser: Client, db: Session) -> None:
    a_document(db, title="Phải đọc", read_before=date(2026, 10, 20))
    db.commit()
    first = page(browser, headers=PACK)
    assert "<html" not in first and "tabbar" not in first
    assert "<!--slot:chrome-->cover<!--/slot-->" in first and "Phải đọc" in first
    assert page(browser, headers=PACK) == first


def test_the_way_to_ones_opinions_is_there(browser: Client) -> None:
    assert 'href="/reports/"' in part(page(browser), "gui-cap-uy")
