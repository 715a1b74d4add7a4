"""A second passkey on the same phone has a store of its own; what waits in the first one is sent, and not thrown away."""

from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import CONFIRM, items, open_document, states, stored


def test_what_waits_behind_the_first_passkey_is_sent_and_has_its_receipt_once_that_one_is_back(
    member_phone: Phone, server: Server
) -> None:
    phone = member_phone
    phone.go("/identity/devices")
    first = phone.put_away()
    phone.hold([], transport="usb")
    phone.page.click('[data-action="add-passkey"]')
    eventually(lambda: phone.page.locator('[action$="/name"]').count(), 2)
    url = open_document(phone)
    server.misbehave(**{f"{url}/reading": {"status": 503}})
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])
    phone.sign_out()
    phone.page.click("dialog[data-leaving] [data-choice=keep]")
    eventually(lambda: "data-leaving" in phone.page.content(), False)

    phone.sign_in()  # with the second: a copy of its own
    assert len(phone.databases()) == 3 and items(phone) == []
    server.misbehave()
    urls = phone.ask(type="status")["urls"]  # in an order of this store's own
    other = next(one for one in urls if one.startswith("/library/") and one not in ("/library/", url))
    phone.go(other)
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("received", None)])
    eventually(lambda: stored(server), (2, 2))  # what waits behind the first went out too, in a box
    phone.go("/offline/outbox")
    eventually(lambda: "Còn 1 bài chưa có biên nhận" in phone.page.inner_text("main"), True)
    phone.sign_out()  # nothing of this store waits; the other one stays
    eventually(lambda: len(phone.databases()), 2)

    phone.put_away()
    phone.hold(first)
    eventually(lambda: phone.page.locator('[data-action="unlock"]').count(), 1)
    phone.unlock()
    assert [item["state"] in ("waiting", "sending") for item in items(phone)] == [True]
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/")
    eventually(lambda: states(phone), [("received", None)])
    assert stored(server) == (2, 2)
