"""A receipt is in the member's hands: it opens without a network."""

from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import confirm, items, states


def test_a_receipt_opens_without_a_network(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    confirm(phone)
    eventually(lambda: states(phone), [("received", None)])
    [item] = items(phone)
    phone.sync()
    eventually(lambda: f"/receipts/{item['receipt']['id']}" in phone.ask(type="status")["urls"], True)
    server.kill()
    phone.go("/offline/outbox")
    phone.page.click("text=Xem biên nhận")
    eventually(phone.heading, "Biên nhận")
    text = phone.page.inner_text("main")
    assert phone.from_copy() and item["receipt"]["number"] in text and "Chữ ký hợp lệ" in text
