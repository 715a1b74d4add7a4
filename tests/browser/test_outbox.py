"""What a member does is stored on the phone first, reaches the server once, and counts as sent only with a receipt."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import func, select

from handbook.core.receipts import Receipt
from handbook.identity.rules import tickets
from handbook.library.models import ReadConfirmation
from handbook.policy.actor import Actor
from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import ASK, Phone, Server, eventually

CONFIRM = '[data-action="confirm-reading"]'
ONLINE = "dispatchEvent(new Event('online'))"


def open_document(phone: Phone) -> str:
    """The page of a document that asks to be confirmed."""
    urls = phone.ask(type="status")["urls"]
    url = next(url for url in urls if url.startswith("/library/") and url != "/library/")
    phone.go(url)
    return str(url)


def confirm(phone: Phone) -> str:
    url = open_document(phone)
    phone.page.click(CONFIRM)
    return url


def wait_for_the_server(phone: Phone) -> None:
    """A confirmation that waits, since the server is busy and stays so until it stops misbehaving."""
    url = open_document(phone)
    phone.server.misbehave(**{f"{url}/reading": {"status": 503}})
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])


def items(phone: Phone) -> list[dict[str, Any]]:
    return list(phone.ask(type="outbox-list")["items"])


def states(phone: Phone) -> list[tuple[str, str | None]]:
    return [(item["state"], item.get("why")) for item in items(phone)]


def stored(server: Server) -> tuple[int, int]:
    """How many confirmations and how many receipts the database holds."""
    with server.database() as db:
        counts = [db.exec(select(func.count()).select_from(table)).one() for table in (ReadConfirmation, Receipt)]
    return counts[0], counts[1]


def test_with_a_network_it_arrives_at_once_and_its_receipt_is_kept(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    confirm(phone)
    eventually(lambda: "Đồng chí đã xác nhận đọc" in phone.page.inner_text("main"), True)
    [item] = items(phone)
    assert item["state"] == "received" and item["receipt"]["hash"] == item["hash"]
    assert stored(server) == (1, 1)
    phone.go("/offline/outbox")
    eventually(lambda: item["receipt"]["number"] in phone.page.inner_text("main"), True)
    phone.page.click("text=Xem biên nhận")
    eventually(lambda: item["receipt"]["number"] in phone.page.inner_text("main"), True)


def test_without_a_network_it_waits_through_a_restart_and_then_goes_by_itself(
    member_phone: Phone, server: Server
) -> None:
    phone = member_phone
    url = open_document(phone)
    server.kill()
    phone.page.click(CONFIRM)
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)
    phone.restart()
    phone.go("/offline/outbox")
    phone.unlock()
    eventually(lambda: "Trên máy này, chờ gửi" in phone.page.inner_text("main"), True)
    phone.go(url)
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)  # the form remembers
    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: states(phone), [("received", None)])
    assert stored(server) == (1, 1)
    eventually(lambda: "Đồng chí đã xác nhận đọc" in phone.page.inner_text("main"), True)


def test_a_lost_reply_neither_loses_nor_doubles(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = open_document(phone)
    server.misbehave(**{f"{url}/reading": {"lose": True}})
    phone.page.click(CONFIRM)
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)
    assert stored(server) == (1, 1)  # it did arrive, only nobody heard
    server.misbehave()
    assert phone.ask(type="outbox-replay", now=True)["state"] == "done"
    assert states(phone) == [("received", None)]
    assert stored(server) == (1, 1)


def test_a_page_of_somebody_elses_is_not_taken_for_a_receipt(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = open_document(phone)
    server.misbehave(**{f"{url}/reading": {"status": 200}})  # as the sign-in page of a hotel's Wi-Fi
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "foreign")])
    assert stored(server) == (0, 0)
    server.misbehave()
    phone.ask(type="outbox-replay", now=True)
    assert states(phone) == [("received", None)] and stored(server) == (1, 1)


def test_a_session_that_ended_keeps_it_until_the_member_is_back(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    open_document(phone)
    phone.ready()
    phone.page.keyboard.press("Shift")  # whoever has touched the page is not led away from it
    phone.context.clear_cookies()
    phone.page.click(CONFIRM)
    eventually(lambda: "Đăng nhập lại là gửi được" in phone.page.inner_text("main"), True)
    assert states(phone) == [("waiting", "signed-out")]
    phone.sign_in()
    eventually(lambda: states(phone), [("received", None)])
    assert stored(server) == (1, 1)


def test_nothing_goes_out_under_another_members_sign_in(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    wait_for_the_server(phone)
    others = phone.context.new_page()  # the second member, with their own passkey
    keeper = phone.cdp, phone.authenticator
    phone.authenticate(others)
    others.goto(enrolment(server, prepared.neighbour_id))
    others.click('[data-action="create-passkey"]')
    eventually(lambda: others.evaluate("[location.pathname, document.body.dataset.sync]"), ["/", "ready"])
    server.misbehave()
    assert others.evaluate(ASK, {"type": "outbox-list"})["items"] == []
    assert others.evaluate(ASK, {"type": "outbox-replay", "now": True})["state"] == "done"
    assert stored(server) == (0, 0)
    phone.cdp, phone.authenticator = keeper
    phone.page.bring_to_front()
    others.evaluate(ASK, {"type": "lock"})
    phone.go("/library/")  # the first member unlocks: the other's session ends before anything goes out
    phone.unlock()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    assert stored(server) == (0, 0)  # that it is still here is seen once its member is signed in
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/library/")
    phone.ask(type="outbox-replay", now=True)
    assert states(phone) == [("received", None)]
    assert stored(server) == (1, 1)


@pytest.mark.parametrize("choice", ["send", "keep", "delete"])
def test_signing_out_with_unsent_work_asks_what_becomes_of_it(member_phone: Phone, server: Server, choice: str) -> None:
    phone = member_phone
    wait_for_the_server(phone)
    phone.sign_out()
    dialog = phone.page.locator("dialog[data-leaving]")
    dialog.wait_for()
    if choice == "send":
        dialog.locator("[data-choice=send]").click()
        eventually(lambda: "Chưa gửi được hết" in dialog.inner_text(), True)
        server.misbehave()
    dialog.locator(f"[data-choice={choice}]").click()
    eventually(lambda: "data-leaving" in phone.page.content(), False)
    assert stored(server) == ((1, 1) if choice == "send" else (0, 0))
    if choice != "keep":
        eventually(phone.databases, ["hb-device"])
        return
    server.misbehave()
    phone.go("/")
    phone.unlock()
    assert states(phone) == [("waiting", "busy")]
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/")
    phone.ask(type="outbox-replay", now=True)
    assert states(phone) == [("received", None)]
    assert stored(server) == (1, 1)


def test_a_phone_cut_off_keeps_unsent_work_locked_and_nothing_else(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    wait_for_the_server(phone)
    with server.database() as db:
        tickets.cut_off(db, Actor.system(), UUID(prepared.member_id), passkey_ids=[], reason="mất máy")
    phone.reload()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    server.misbehave()
    phone.sign_in()
    phone.ask(type="outbox-replay", now=True)
    assert states(phone) == [("received", None)]
    assert stored(server) == (1, 1)
