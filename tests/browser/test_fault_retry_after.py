"""A server that asks for patience is not asked again before its time, and then without anybody's doing."""

import time

from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import CONFIRM, ONLINE, open_document, states, stored

MANIFEST = "/offline/manifest"
WAIT = 6.0  # seconds; phones add up to a quarter of it, each as chance has it, so that they do not come back at once


def busy(seconds: float = WAIT) -> dict[str, object]:
    return {"status": 503, "headers": {"Retry-After": str(int(seconds))}}


def asked(server: Server, line: str, pause: float = 0.0) -> int:
    """How often it was asked for since the last call."""
    time.sleep(pause)
    return server.requests().count(line)


def test_a_download_waits_as_long_as_the_server_asks(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.misbehave(**{MANIFEST: busy()})
    server.requests()
    phone.evaluate("fetch('/up', {method: 'POST'}).then(() => 1)")  # something is written: the copy may be old
    begun = time.time()
    first = phone.sync()
    assert first["state"] == "later"
    assert WAIT <= first["retryAt"] / 1000 - begun <= WAIT * 1.25 + 2
    server.misbehave()
    phone.go("/library/")  # a page loaded meanwhile does not ask either, nor does who comes back into the network
    phone.evaluate(ONLINE)
    assert phone.sync()["retryAt"] == first["retryAt"]
    eventually(phone.sync_state, "stale")
    assert asked(server, f"GET {MANIFEST}") == 1
    eventually(phone.sync_state, "ready")
    assert time.time() * 1000 >= first["retryAt"]
    assert asked(server, f"GET {MANIFEST}") == 1


def test_what_was_written_waits_as_long_as_the_server_asks(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    denied = {"permission": {"name": "background-sync"}, "setting": "denied"}  # as on every phone but Android's
    phone.cdp.send("Browser.setPermission", {**denied, "origin": server.url})
    url = open_document(phone)
    server.misbehave(**{f"{url}/reading": busy()})
    server.requests()
    begun = time.time()
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])
    retry_at = phone.ask(type="outbox-list")["retryAt"] / 1000
    assert WAIT <= retry_at - begun <= WAIT * 1.25 + 2
    server.misbehave()
    assert phone.ask(type="outbox-replay", now=True)["state"] == "later"
    assert asked(server, f"POST {url}/reading") == 1
    eventually(lambda: stored(server), (1, 1))  # by itself, on the page where it was written
    assert time.time() >= retry_at
    assert asked(server, f"POST {url}/reading") == 1
    eventually(lambda: states(phone), [("received", None)])


def test_the_outbox_says_when_it_tries_again(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = open_document(phone)
    server.misbehave(**{f"{url}/reading": busy()})
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])
    server.misbehave()
    phone.go("/offline/outbox")
    phone.page.click('[data-action="send-now"]')
    eventually(lambda: "Sẽ tự thử lại lúc" in phone.page.inner_text("main"), True)
    eventually(lambda: "Biên nhận" in phone.page.inner_text("main"), True)
    assert stored(server) == (1, 1)
