"""A report from its form to its acceptance, most of it without a network."""

from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Playwright
from sqlmodel import col, select

from handbook.organisation import queries as organisation
from handbook.organisation.models import Member
from handbook.policy.actor import Role
from handbook.reports.forms import ReviewIn
from handbook.reports.models import Duty, DutyState, Submission
from handbook.reports.rules.reviewing import review
from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import ONLINE, states
from tests.browser.writing import kept
from tests.factories.organisation import a_member
from tests.factories.reports import a_request, the_duty

PROBLEM = "Nhà văn hóa thiếu ghế, đề nghị phường cấp thêm."


@pytest.fixture
def duty(server: Server, prepared: Prepared) -> str:
    """A report that the member owes, asked for since the phone was here last."""
    with server.database() as db:
        return str(the_duty(db, a_request(db), db.get_one(Member, UUID(prepared.member_id))).id)


def sent(server: Server, duty: str) -> list[dict[str, object]]:
    with server.database() as db:
        asked = select(Submission.answers).where(Submission.duty_id == UUID(duty))
        return list(db.exec(asked.order_by(col(Submission.number))))


def judge(server: Server, duty: str, verdict: str, **words: object) -> None:
    """The secretary's verdict on the newest version."""
    with server.database() as db:
        secretary = organisation.actor_of(db, a_member(db, role=Role.CELL_SECRETARY).id)
        newest = db.get_one(Duty, UUID(duty)).newest
        review(db, secretary, UUID(duty), ReviewIn(number=newest, verdict=verdict, **words))


def press(phone: Phone) -> None:
    phone.page.click("main form button[type=submit]")


def send(phone: Phone) -> None:
    """Press, read it once more, and send."""
    press(phone)
    phone.page.click("[data-send]")


def fetched(phone: Phone, duty: str) -> None:
    """The copy holds the report's form. A turn that was under way began before it was asked for."""
    eventually(lambda: (phone.sync(), f"/reports/{duty}/edit" in phone.ask(type="status")["urls"])[1], True)


def shows(phone: Phone, duty: str, words: str) -> None:
    """The report's page says so, once the copy is as new as the server."""
    eventually(lambda: (phone.sync(), words in phone.go(f"/reports/{duty}").inner_text("main"))[1], True)


def test_it_is_written_over_two_days_without_a_network_returned_mended_and_accepted(
    member_phone: Phone, server: Server, duty: str
) -> None:
    phone = member_phone
    fetched(phone, duty)
    server.kill()
    phone.go(f"/reports/{duty}/edit")
    assert phone.from_copy()
    page = phone.page
    page.locator("form[data-draft-ready]").wait_for()
    problem = page.locator("[data-question=noi_dung]")
    eventually(problem.is_visible, False)
    page.fill("[name='q.co_mat']", "9")
    page.locator("[name='q.vuong_mac'][value=yes]").check()
    eventually(problem.is_visible, True)
    eventually(lambda: kept(phone), True)

    phone.restart()  # the night
    phone.go(f"/reports/{duty}/edit")
    phone.unlock()
    page = phone.page
    eventually(lambda: page.input_value("[name='q.co_mat']"), "9")
    eventually(page.locator("[data-question=noi_dung]").is_visible, True)
    page.fill("[name='q.noi_dung']", PROBLEM)
    send(phone)
    eventually(lambda: states(phone), [("waiting", "offline")])

    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: states(phone), [("received", None)])
    assert sent(server, duty) == [{"co_mat": 9, "vuong_mac": "yes", "noi_dung": PROBLEM}]

    judge(server, duty, "returned", notes={"noi_dung": "Ghi rõ thiếu bao nhiêu ghế."})
    shows(phone, duty, "Ghi rõ thiếu bao nhiêu ghế.")
    phone.page.click("text=Sửa và gửi lại")
    phone.page.locator("form[data-draft-ready]").wait_for()
    phone.page.fill("[name='q.noi_dung']", f"{PROBLEM} Thiếu 12 ghế.")
    send(phone)
    eventually(lambda: len(sent(server, duty)), 2)
    judge(server, duty, "accepted")
    shows(phone, duty, "Đã chấp nhận")
    with server.database() as db:
        assert db.get_one(Duty, UUID(duty)).state == DutyState.ACCEPTED


def test_what_is_wrong_is_said_before_anything_is_handed_over(member_phone: Phone, server: Server, duty: str) -> None:
    phone = member_phone
    fetched(phone, duty)
    server.kill()
    phone.go(f"/reports/{duty}/edit")
    page = phone.page
    page.locator("form[data-draft-ready]").wait_for()
    page.fill("[name='q.co_mat']", "2,5")
    press(phone)
    eventually(page.locator("[data-summary]").is_visible, True)
    assert page.locator("[data-summary] a").all_inner_texts() == [
        "Số đảng viên có mặt: Hãy nhập số nguyên, không có phần lẻ.",
        "Có vướng mắc không?: Câu này cần được trả lời.",
    ]
    assert phone.evaluate("document.activeElement.matches('[data-summary]')")
    assert states(phone) == []
    page.fill("[name='q.co_mat']", "2")
    page.locator("[name='q.vuong_mac'][value=no]").check()
    eventually(page.locator("[data-summary]").is_visible, False)
    press(phone)
    assert page.locator("[data-check] dd").all_inner_texts() == ["2", "Không"]
    page.click("[data-back]")
    assert states(phone) == []


def test_two_phones_write_one_report_and_nothing_is_overwritten_unseen(
    playwright: Playwright, member_phone: Phone, server: Server, prepared: Prepared, duty: str, tmp_path: Path
) -> None:
    first = member_phone
    second = Phone(playwright, server, tmp_path / "second").enrol(enrolment(server, prepared.member_id))
    for phone, present, problem in ((first, "9", "Thiếu ghế."), (second, "9", "Thiếu đèn.")):
        fetched(phone, duty)
        phone.go(f"/reports/{duty}/edit")
        phone.page.locator("form[data-draft-ready]").wait_for()
        phone.page.fill("[name='q.co_mat']", present)
        phone.page.locator("[name='q.vuong_mac'][value=yes]").check()
        phone.page.fill("[name='q.noi_dung']", problem)
        eventually(lambda phone=phone: kept(phone), True)
    send(first)
    eventually(lambda: len(sent(server, duty)), 1)
    send(second)
    eventually(lambda: states(second), [("refused", "report.newer")])
    second.sync()
    second.go("/offline/outbox")
    second.page.click("text=Sửa và gửi lại")
    page = second.page
    note = page.locator("[data-question=noi_dung] .mynote")
    eventually(note.is_visible, True)
    assert "Thiếu ghế." in note.inner_text()
    assert page.input_value("[name='q.noi_dung']") == "Thiếu đèn."
    assert page.locator(".mynote").count() == 1  # what both wrote alike is not asked about
    page.fill("[name='q.noi_dung']", "Thiếu ghế và đèn.")
    page.click("[data-keep]")
    send(second)
    eventually(lambda: [answers["noi_dung"] for answers in sent(server, duty)], ["Thiếu ghế.", "Thiếu ghế và đèn."])
    second.context.close()
