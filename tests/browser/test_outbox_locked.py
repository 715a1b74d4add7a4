"""What waits is sent although nobody has unlocked the handbook: the phone sends what it cannot read itself."""

from sqlmodel import select

from handbook.core.receipts import Receipt
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import states
from tests.browser.writing import TEXT, opinions, write_offline


def locked_with_an_opinion(phone: Phone) -> Phone:
    """The browser was closed with an opinion that waits; it is open again, on a page of anybody's."""
    write_offline(phone)
    return phone.restart()


def wake(phone: Phone) -> None:
    """The browser tells the worker that there is a network again, as it does with no page open."""
    found: list[str] = []
    phone.cdp.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(_ids(told)))
    phone.cdp.send("ServiceWorker.enable")
    eventually(lambda: bool(found or phone.page.wait_for_timeout(50)), True)
    told = {"origin": phone.server.url, "registrationId": found[-1], "tag": "outbox", "lastChance": False}
    phone.cdp.send("ServiceWorker.dispatchSyncEvent", told)


def _ids(told: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["registrationId"] for one in told["registrations"]]


def test_the_browser_wakes_the_worker_and_it_is_sent_with_nothing_unlocked(member_phone: Phone, server: Server) -> None:
    phone = locked_with_an_opinion(member_phone)
    server.start()
    wake(phone)
    eventually(lambda: opinions(server), [TEXT])
    assert "POST /offline/boxed" in server.requests()
    phone.go("/offline/outbox")
    phone.unlock()
    eventually(lambda: states(phone), [("received", None)])  # the same act: its first answer, and no second opinion
    assert opinions(server) == [TEXT]
    with server.database() as db:
        assert [receipt.route for receipt in db.exec(select(Receipt))] == ["POST /reports/opinions"]


def test_the_page_that_asks_for_the_passkey_sends_it_too(member_phone: Phone, server: Server) -> None:
    phone = locked_with_an_opinion(member_phone)
    server.start()
    phone.go("/")
    phone.page.locator('[data-action="unlock"]').wait_for()
    eventually(lambda: opinions(server), [TEXT])
    assert phone.page.locator('[data-action="unlock"]').count() == 1
