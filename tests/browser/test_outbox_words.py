"""A text written on the phone: kept while it is written, sent once, given back when it is refused."""

from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import items, states
from tests.browser.writing import NEW, TEXT, kept, opinions, send, send_offline, write, write_offline


def refused(phone: Phone, server: Server) -> None:
    """An opinion that the server does not take, since its subject is too long, and the page that says so."""
    phone.go(NEW)
    write(phone)
    phone.evaluate("document.querySelector('[name=subject]').removeAttribute('maxlength')")
    phone.page.fill("[name=subject]", "Đường " * 60)
    server.kill()
    send_offline(phone)
    server.start()
    phone.go("/offline/outbox")
    eventually(lambda: "Cần đồng chí xử lý" in phone.page.inner_text("main"), True)
    assert opinions(server) == []


def test_written_and_sent_without_a_network_it_arrives_once(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    write_offline(phone)
    server.start()
    phone.evaluate("dispatchEvent(new Event('online'))")
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT]
    [item] = items(phone)
    assert item["location"].startswith("/reports/opinions/")


def test_a_draft_survives_the_browser_and_is_gone_once_sent(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    phone.go(NEW)
    write(phone)
    eventually(lambda: kept(phone), True, 5)
    phone.restart()
    phone.go(NEW)
    phone.unlock()
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    assert phone.page.input_value("[name=kind]") and phone.page.input_value("[name=unit_id]")
    server.start()
    send(phone)
    eventually(lambda: states(phone)[:1], [("received", None)])
    assert opinions(server) == [TEXT]
    phone.go(NEW)
    phone.page.wait_for_timeout(500)
    assert phone.page.input_value("[name=text]") == ""


def test_a_second_tab_does_not_write_over_the_draft(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.go(NEW)
    write(phone)
    eventually(lambda: kept(phone), True, 5)
    second = phone.context.new_page()
    second.goto(server.url + NEW)
    eventually(lambda: "đang mở ở một trang khác" in second.inner_text("[data-draft-say]"), True)
    second.fill("[name=text]", "Bản khác")  # touching it takes the draft over
    eventually(lambda: "đang mở ở một trang khác" in phone.page.inner_text("[data-draft-say]"), True)


def test_what_the_server_refuses_comes_back_into_the_form(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    refused(phone, server)
    phone.page.click("text=Sửa và gửi lại")
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    phone.page.fill("[name=subject]", "Sửa đường")
    send(phone)
    eventually(lambda: [state for state, _ in states(phone)], ["received"])
    assert opinions(server) == [TEXT]


def test_what_is_corrected_and_what_is_begun_stay_apart(member_phone: Phone, server: Server) -> None:
    """Two texts in one form: each keeps its own draft, and correcting one takes nothing of the other."""
    phone = member_phone
    refused(phone, server)
    phone.go(NEW)
    write(phone, text="Một ý kiến khác.", subject="Nhà văn hóa")
    eventually(lambda: kept(phone), True, 5)
    phone.go("/offline/outbox")
    eventually(lambda: "Ý kiến gửi cấp ủy: Nhà văn hóa" in phone.page.inner_text("[data-list=draft]"), True)
    phone.page.click("text=Sửa và gửi lại")
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    phone.page.fill("[name=subject]", "Sửa đường")
    eventually(lambda: kept(phone), True, 5)
    phone.restart()
    phone.go("/offline/outbox")
    phone.unlock()
    page = phone.page
    eventually(lambda: page.locator("[data-list=draft] li").count(), 1)  # a correction is listed with what it corrects
    page.click("text=Sửa và gửi lại")
    eventually(lambda: [page.input_value("[name=subject]"), page.input_value("[name=text]")], ["Sửa đường", TEXT])
    send(phone)
    eventually(lambda: opinions(server), [TEXT])
    phone.go("/offline/outbox")
    page.click("text=Viết tiếp")
    eventually(lambda: page.input_value("[name=text]"), "Một ý kiến khác.")
    send(phone)
    eventually(lambda: sorted(opinions(server)), sorted([TEXT, "Một ý kiến khác."]))
    phone.go("/offline/outbox")
    eventually(lambda: page.locator("[data-list=received] li").count(), 2)
    assert page.locator("[data-list=draft] li, [data-list=refused] li").count() == 0


def test_a_second_text_is_written_while_the_first_waits(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    for text in (TEXT, "Một ý kiến khác."):
        write_offline(phone, text)
    server.start()
    phone.evaluate("dispatchEvent(new Event('online'))")
    eventually(lambda: states(phone), [("received", None)] * 2)
    assert opinions(server) == [TEXT, "Một ý kiến khác."]


def test_a_draft_is_thrown_away_when_its_member_says_so(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.go(NEW)
    write(phone)
    eventually(lambda: kept(phone), True, 5)
    phone.go("/offline/outbox")
    phone.page.once("dialog", lambda dialog: dialog.accept())
    phone.page.click("[data-list=draft] [data-drop]")
    eventually(lambda: "Không có gì đang chờ" in phone.page.inner_text("main"), True)
    phone.go(NEW)
    phone.page.locator("form[data-draft-ready]").wait_for()
    assert phone.page.input_value("[name=text]") == ""
