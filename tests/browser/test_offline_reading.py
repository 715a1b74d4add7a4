"""The network is cut and the browser restarted: everything that was promised still opens."""

from tests.browser.conftest import WORDS
from tests.browser.harness import Phone, Server, eventually


def test_everything_opens_with_the_server_dead_and_the_browser_restarted(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    carried = phone.ask(type="status")["urls"]
    documents = [url for url in carried if url.startswith("/library/") and url != "/library/"]
    assert len(documents) == len(WORDS)
    server.kill()
    phone.restart()

    phone.go("/")
    phone.unlock()
    assert phone.from_copy() and "chào" in phone.heading().lower()
    eventually(phone.sync_state, "offline")
    phone.go("/library/")
    assert phone.from_copy() and phone.heading() == "Thư viện"
    texts = []
    for url in documents:  # none of them was ever opened
        phone.go(url)
        assert phone.from_copy() and phone.heading()
        texts.append(phone.page.inner_text("main"))
    assert all(any(f"Làng nghề {word}" in text for text in texts) for word in WORDS)
    phone.go("/identity/devices")
    assert phone.from_copy()


def test_the_library_is_searched_within_the_phone(member_phone: Phone, server: Server) -> None:
    server.kill()
    phone = member_phone
    phone.go("/library/")
    phone.page.fill("input[name=q]", "lang nghe giay")  # in the text of one document only
    phone.page.press("input[name=q]", "Enter")
    phone.page.wait_for_url("**/library/?*")
    rows = phone.page.locator("main li .row__title a")
    assert rows.count() == 1
    eventually(lambda: phone.page.input_value("input[name=q]"), "lang nghe giay")
    rows.first.click()
    phone.page.wait_for_url(lambda url: "?" not in url)
    assert "Làng nghề giấy" in phone.page.inner_text("main")
    phone.go("/library/?q=khong+co+dau")
    assert phone.page.locator("main li .row__title a").count() == 0
    assert "Không tìm thấy" in phone.page.inner_text("main")


def test_a_page_not_on_the_phone_says_so_kindly(member_phone: Phone, server: Server) -> None:
    server.kill()
    phone = member_phone
    phone.go("/identity/enrol")
    assert phone.heading() == "Trang này chưa có trên máy"
    text = phone.page.inner_text("main")
    assert "không nằm trong phần đã tải về" in text and "quá hạn" not in text
    phone.page.click("main a[href='/library/']")
    eventually(phone.heading, "Thư viện")


def test_a_gateway_without_its_server_and_a_slow_line_give_the_copy(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.misbehave(**{"/": {"status": 503}, "/library/": {"delay": 8}})
    phone.go("/")
    phone.reload()  # the network first
    assert phone.from_copy()
    phone.go("/library/")
    phone.reload()
    assert phone.from_copy()
    server.misbehave(**{"/": {"status": 500}})
    phone.go("/")
    phone.reload()
    assert not phone.from_copy() and phone.heading() == "fault"


def test_the_line_in_the_head_says_how_the_copy_stands(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    line = phone.page.locator("[data-sync-text]").first
    eventually(lambda: "Đọc được khi mất mạng" in line.inner_text(), True)
    server.kill()
    phone.go("/library/")
    eventually(lambda: "Không có mạng" in phone.page.locator("[data-sync-text]").first.inner_text(), True)
    server.start()
    phone.evaluate("dispatchEvent(new Event('online'))")
    phone.ready()
