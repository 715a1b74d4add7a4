"""What the phone keeps is locked with the passkey: after a restart it asks for it, with and without a network."""

from pathlib import Path

from playwright.sync_api import Playwright
from sqlmodel import select

from handbook.library.models import ReadConfirmation
from tests.browser.conftest import WORDS, Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_offline_expiry import DAYS_LATER


def test_after_a_restart_without_network_the_passkey_opens_every_page(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    documents = [url for url in phone.ask(type="status")["urls"] if url.startswith("/library/") and url != "/library/"]
    server.kill()
    phone.restart()
    phone.go(documents[-1])  # a deep link, never opened before
    assert "đang khóa" in phone.page.inner_text("main")
    assert "Chi bộ tổ dân phố 1" not in phone.page.content()
    phone.unlock()
    assert phone.from_copy() and phone.address() == server.url + documents[-1]
    texts = []
    for url in documents:
        phone.go(url)
        assert phone.from_copy()
        texts.append(phone.page.inner_text("main"))
    assert all(any(f"Làng nghề {word}" in text for text in texts) for word in WORDS)
    eventually(phone.sync_state, "offline")


def test_the_worker_is_ended_and_gets_the_key_back_from_the_open_page(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    phone.cdp.send("ServiceWorker.enable")
    phone.cdp.send("ServiceWorker.stopAllWorkers")
    phone.page.wait_for_timeout(400)
    phone.page.click("a[href='/library/']")
    eventually(phone.heading, "Thư viện")
    assert phone.from_copy()


def test_the_passkeys_own_secret_opens_it_too(
    playwright: Playwright, server: Server, prepared: Prepared, tmp_path: Path
) -> None:
    phone = Phone(playwright, server, tmp_path / "real", prf="real")
    phone.enrol(enrolment(server, prepared.member_id))
    tab = phone.page
    server.kill()
    phone.cdp.send("ServiceWorker.enable")
    tab.goto("about:blank")  # no page of ours holds the key
    phone.cdp.send("ServiceWorker.stopAllWorkers")
    tab.wait_for_timeout(400)
    phone.go("/library/")
    phone.unlock()
    assert phone.from_copy() and phone.heading() == "Thư viện"
    phone.context.close()


def test_another_passkeys_secret_opens_nothing(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    phone.close()
    phone.secret = "stolen"
    phone.open()
    phone.go("/")
    phone.page.click('[data-action="unlock"]')
    eventually(lambda: "trả lời khác lần trước" in phone.page.inner_text("[data-say]"), True)
    phone.go("/library/")
    assert "đang khóa" in phone.page.inner_text("main")


def keep_documents(phone: Phone) -> Phone:
    """The choice on the page of the member's phones."""
    phone.go("/identity/devices")
    phone.page.click('[data-action="keep-unsealed"]')
    eventually(lambda: "không khóa kín, giữ đến" in phone.page.inner_text("main"), True)
    return phone.ready()


def test_a_phone_that_cannot_seal_keeps_nothing_until_its_member_chooses(sealless_phone: Phone, server: Server) -> None:
    phone = sealless_phone
    assert phone.databases() == ["hb-device"]
    keep_documents(phone)
    carried = sorted(phone.ask(type="status")["urls"], key=lambda url: url == "/offline/outbox", reverse=True)
    assert carried.pop(0) == "/offline/outbox", "which says no word of what is in it"
    assert len(carried) == 1 + len(WORDS) and all(url.startswith("/library/") for url in carried)
    server.kill()
    phone.restart()
    phone.go(carried[-1])
    assert phone.from_copy() and "Làng nghề" in page_text(phone)
    phone.go("/")
    assert phone.heading() == "Trang này chưa có trên máy"
    phone.go(carried[-1])
    page = phone.page
    page.click('[data-action="confirm-reading"]')  # waits in a box that the server alone opens
    eventually(lambda: "Đã ghi trên máy này" in page_text(phone), True)
    [item] = phone.ask(type="outbox-list")["items"]
    assert item["state"] in ("waiting", "sending") and item["label"] == "" and carried[-1] not in str(item)
    server.start()
    phone.evaluate("dispatchEvent(new Event('online'))")
    eventually(lambda: [item["state"] for item in phone.ask(type="outbox-list")["items"]], ["received"])
    with server.database() as db:
        assert len(list(db.exec(select(ReadConfirmation)))) == 1
    server.kill()
    phone.evaluate(DAYS_LATER, 8)
    phone.go(carried[-1])
    assert not phone.from_copy() and phone.databases() == ["hb-device"]


def page_text(phone: Phone) -> str:
    return phone.page.inner_text("main")


def test_a_store_that_the_browser_threw_away_is_noticed_said_and_made_again(
    member_phone: Phone, server: Server
) -> None:
    phone = member_phone
    origin = server.url
    phone.page.goto("about:blank")
    types = "indexeddb,cache_storage"
    phone.cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": types})
    phone.go("/library/")
    button = phone.page.locator("[data-notice=store-lost] button")
    button.click()
    eventually(lambda: "/identity/step-up" in phone.address(), True)
    phone.page.click('[data-action="step-up"]')
    eventually(phone.address, server.url + "/library/")
    phone.ready()
    assert len(phone.databases()) == 2
    phone.go("/identity/devices")
    phone.reload()
    assert "đã xóa phần sổ tay lưu trên máy ấy" in phone.page.inner_text("main")
    assert phone.page.locator("[data-notice=store-lost]").count() == 0
