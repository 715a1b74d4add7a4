"""A new release waits for the member's word."""

from tests.browser import test_offline_shell_release as release
from tests.browser.harness import Phone, Server, eventually

server = release.server  # the fixture over a tree of its own, which a test may change


def test_a_new_version_never_reloads_under_the_members_hands(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.go("/identity/enrol")
    phone.evaluate("globalThis.untouched = true")
    phone.page.click("summary:has-text('Nhập mã mời bằng tay')")
    phone.page.fill("input[name=code]", "đang gõ dở")
    server.kill()
    release.edit(server.tree / "static/dist/handbook.css", "@layer", "/* new */@layer")
    server.start()
    phone.evaluate("navigator.serviceWorker.ready.then(found => found.update()).then(() => 1)")

    notice = phone.page.locator("[data-notice=update]")
    notice.wait_for(state="visible")
    assert phone.evaluate("globalThis.untouched") is True
    assert phone.page.input_value("input[name=code]") == "đang gõ dở"
    notice.locator("button").click()
    eventually(lambda: phone.evaluate("globalThis.untouched ?? null"), None)
    text = phone.evaluate("fetch('/static/dist/handbook.css').then(file => file.text())")
    assert text.startswith("/* new */")
    waiting = phone.evaluate("navigator.serviceWorker.ready.then(found => found.waiting)")
    assert waiting is None


def test_the_kill_switch_takes_worker_and_files_off_the_phone(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    server.extra = {"HANDBOOK_WORKER_KILL": "true"}
    server.start()
    phone.evaluate("navigator.serviceWorker.ready.then(found => found.update()).then(() => 1)")
    eventually(lambda: phone.evaluate("caches.keys()"), [])
    phone.go("/up")
    assert phone.evaluate("navigator.serviceWorker.controller") is None
