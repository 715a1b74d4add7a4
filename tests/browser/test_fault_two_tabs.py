"""Two pages of the handbook side by side: a new release and an impatient thumb disturb neither of them."""

from playwright.sync_api import Page

from tests.browser import test_offline_shell_release as release
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import CONFIRM, open_document, states, stored
from tests.browser.writing import NEW, TEXT, opinions

server = release.server  # the fixture over a tree of its own, which a test may change


def second_tab(phone: Phone, path: str) -> Page:
    tab = phone.context.new_page()
    tab.goto(phone.server.url + path)
    return tab


def wait_with_one_item(phone: Phone, server: Server) -> str:
    """Something written that the server cannot take just now; its address."""
    url = open_document(phone)
    server.misbehave(**{f"{url}/reading": {"status": 503}})
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])
    return f"{url}/reading"


def test_a_release_taken_in_one_tab_leaves_the_other_at_work(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    wait_with_one_item(phone, server)
    writing = second_tab(phone, NEW)
    writing.locator("form[data-draft-ready]").wait_for()
    writing.fill("[name=text]", "Đề nghị")
    for tab in (phone.page, writing):
        tab.evaluate("globalThis.untouched = true")
    server.kill()
    release.edit(server.tree / "static/dist/handbook.css", "@layer", "/* new */@layer")
    server.start()
    phone.evaluate("navigator.serviceWorker.ready.then(found => found.update()).then(() => 1)")
    for tab in (phone.page, writing):
        tab.locator("[data-notice=update]").wait_for()
        assert tab.evaluate("globalThis.untouched") is True

    phone.page.bring_to_front()
    phone.page.click("[data-action=update]")
    eventually(lambda: phone.evaluate("globalThis.untouched ?? null"), None)
    assert phone.evaluate("fetch('/static/dist/handbook.css').then(file => file.text())").startswith("/* new */")
    assert states(phone) == [("waiting", "busy")]

    writing.bring_to_front()
    assert writing.evaluate("globalThis.untouched") is True
    writing.select_option("[name=kind]", index=1)
    writing.select_option("[name=unit_id]", index=1)
    writing.fill("[name=subject]", "Đường xóm Đồng Mít")
    writing.fill("[name=text]", TEXT)
    eventually(lambda: "Đã lưu trên máy" in writing.inner_text("[data-draft-say]"), True)
    writing.click("[data-action=update]")  # here too, later: the draft is there again
    eventually(lambda: writing.evaluate("globalThis.untouched ?? null"), None)
    eventually(lambda: writing.input_value("[name=text]"), TEXT)
    server.misbehave()
    writing.click("main form button[type=submit]")
    eventually(lambda: [state for state, _ in states(phone)], ["received", "received"])
    assert opinions(server) == [TEXT] and stored(server) == (1, 2)


def test_two_tabs_that_send_at_the_same_moment_send_once(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    address = wait_with_one_item(phone, server)
    phone.go("/offline/outbox")
    tabs = [phone.page, second_tab(phone, "/offline/outbox")]
    for tab in tabs:
        tab.locator('[data-action="send-now"]').wait_for()
    server.misbehave(**{address: {"delay": 1.5}})
    server.requests()
    for tab in tabs:
        tab.evaluate("""document.querySelector('[data-action="send-now"]').click()""")
    for tab in tabs:
        eventually(lambda tab=tab: "Biên nhận" in tab.inner_text("main"), True)
    assert server.requests().count(f"POST {address}") == 1
    assert states(phone) == [("received", None)] and stored(server) == (1, 1)
