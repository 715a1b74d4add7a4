"""A second passkey: made, named, used, and the first one removed."""

from tests.browser.harness import Phone, Server, eventually


def second_keeper(phone: Phone) -> None:
    """A security key beside the phone's own keeper, which is put away meanwhile: it holds the passkey already."""
    phone.passkeys = phone.put_away()
    phone.hold([], transport="usb")


def test_a_second_passkey_signs_in_and_the_first_can_then_be_removed(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.go("/identity/devices")
    assert "Hãy thêm khóa thứ hai" in phone.page.inner_text("main")
    second_keeper(phone)
    phone.page.click('[data-action="add-passkey"]')
    eventually(lambda: phone.page.locator('[action$="/name"]').count(), 2)
    phone.page.locator("summary").nth(1).click()
    phone.page.locator('[action$="/name"] [name="name"]').nth(1).fill("Khóa USB")
    phone.page.locator('[action$="/name"]').nth(1).get_by_text("Lưu tên").click()
    eventually(lambda: "Khóa USB" in phone.page.inner_text("main"), True)
    phone.page.locator("summary").nth(0).click()
    phone.page.locator("text=Gỡ khóa này").first.click()
    eventually(lambda: phone.page.locator('[action$="/name"]').count(), 1)
    assert "Khóa USB" in phone.page.inner_text("main")
    phone.sign_out()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/")


def test_the_same_keeper_is_not_asked_for_a_second_one(member_phone: Phone) -> None:
    phone = member_phone
    phone.go("/identity/devices")
    phone.page.click('[data-action="add-passkey"]')
    eventually(lambda: "đã có khóa truy cập" in phone.page.inner_text("[data-say]"), True)
