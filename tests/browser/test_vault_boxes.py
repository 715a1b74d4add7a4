"""A phone whose passkey cannot seal: what is written on it lies in boxes for the server, which gives it back."""

import pytest

from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import ONLINE, items, states
from tests.browser.test_outbox_rescue import drafts, receipts
from tests.browser.test_vault_lock import keep_documents
from tests.browser.writing import NEW, TEXT, opinions, send, whole, write

SECOND = "Một bài khác, viết khi bài đầu chưa đọc lại được."


@pytest.fixture(params=["online only", "documents kept"])
def phone(request: pytest.FixtureRequest, sealless_phone: Phone) -> Phone:
    return sealless_phone if request.param == "online only" else keep_documents(sealless_phone)


def said(phone: Phone) -> str:
    return phone.page.inner_text("[data-draft-say]")


def write_cut_off(phone: Phone) -> None:
    """The form is open when the network goes, and its text is kept all the same."""
    phone.go(NEW)
    phone.page.locator("form[data-draft-ready]").wait_for()
    phone.server.kill()
    write(phone)
    eventually(lambda: whole(phone) and "Đã niêm phong trên máy" in said(phone), True)


def text(phone: Phone) -> str:
    return phone.page.input_value("[name=text]")


def test_a_draft_comes_back_after_the_browser_was_closed_and_is_sent_once(phone: Phone, server: Server) -> None:
    write_cut_off(phone)
    phone.restart()
    server.start()
    phone.go(NEW)
    eventually(lambda: text(phone), TEXT)
    assert phone.page.input_value("[name=kind]") and phone.page.input_value("[name=unit_id]")
    assert "Bài viết dở" in said(phone)
    send(phone)
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT] and drafts(phone) == [] and receipts(server) == 1


def test_sent_without_a_network_it_arrives_once_with_its_receipt(phone: Phone, server: Server) -> None:
    write_cut_off(phone)
    send(phone)
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)
    assert [item["label"] for item in items(phone)] == [""] and drafts(phone) == []
    phone.restart()
    server.start()
    phone.go("/offline/outbox")
    eventually(lambda: phone.ask(type="outbox-replay", now=True)["state"], "done")
    assert states(phone) == [("received", None)]
    eventually(lambda: "Biên nhận" in phone.page.inner_text("[data-list=received]"), True)
    assert opinions(server) == [TEXT] and receipts(server) == 1


def test_without_a_network_the_outbox_says_what_lies_there_and_that_it_cannot_be_read(
    sealless_phone: Phone, server: Server
) -> None:
    phone = keep_documents(sealless_phone)
    write_cut_off(phone)
    phone.go("/offline/outbox")
    assert phone.from_copy()
    listed = phone.page.locator("[data-list=draft] li")
    eventually(listed.count, 1)
    assert "Bài đã niêm phong" in listed.inner_text() and "đọc lại được khi có mạng" in listed.inner_text()
    assert "niêm phong cho riêng máy chủ" in phone.page.inner_text("[data-plain]")
    assert not phone.page.locator("[data-controller=parcel]").is_visible()
    server.start()
    listed.locator("a[data-open]").click()
    eventually(lambda: text(phone), TEXT)


def test_what_cannot_be_read_yet_is_not_written_over(phone: Phone, server: Server) -> None:
    write_cut_off(phone)
    [first] = drafts(phone)
    phone.restart()
    server.misbehave(**{f"/offline/boxes/{first['id']}/content": {"status": 503}})
    server.start()
    phone.go(NEW)
    eventually(lambda: "đọc lại được khi có mạng" in said(phone), True)
    assert text(phone) == ""
    write(phone, text=SECOND)
    eventually(lambda: whole(phone) and len(drafts(phone)), 2)
    server.misbehave()
    found = set()
    for number in range(2):
        phone.go("/offline/outbox")
        phone.page.locator("[data-list=draft] a[data-open]").nth(number).click()
        eventually(lambda: bool(text(phone)), True)
        found.add(text(phone))
    assert found == {TEXT, SECOND}
    phone.go(NEW)
    eventually(lambda: text(phone), TEXT)
    send(phone)
    eventually(lambda: opinions(server), [TEXT])
    assert [one["id"] for one in drafts(phone)] != [first["id"]] and len(drafts(phone)) == 1


def test_the_form_asks_again_when_the_network_is_back(sealless_phone: Phone, server: Server) -> None:
    phone = sealless_phone
    write_cut_off(phone)
    [first] = drafts(phone)
    server.misbehave(**{f"/offline/boxes/{first['id']}/content": {"status": 503}})
    server.start()
    phone.go("/")
    phone.go(NEW)
    eventually(lambda: "đọc lại được khi có mạng" in said(phone), True)
    server.misbehave()
    phone.evaluate(ONLINE)
    eventually(lambda: text(phone), TEXT)
    assert phone.address() == server.url + NEW


def test_what_the_server_refuses_comes_back_into_the_form(sealless_phone: Phone, server: Server) -> None:
    phone = sealless_phone
    phone.go(NEW)
    write(phone)
    phone.evaluate("document.querySelector('[name=subject]').removeAttribute('maxlength')")
    phone.page.fill("[name=subject]", "Đường " * 60)
    send(phone)
    eventually(lambda: [state for state, _ in states(phone)], ["refused"])
    phone.restart()
    phone.go("/offline/outbox")
    phone.page.click("text=Sửa và gửi lại")
    eventually(lambda: text(phone), TEXT)
    phone.page.fill("[name=subject]", "Sửa đường")
    send(phone)
    eventually(lambda: [state for state, _ in states(phone)], ["received"])
    assert opinions(server) == [TEXT]
