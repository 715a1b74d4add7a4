"""From the invitation to a signed-in phone, out, and in again without typing a name."""

from typing import Any

from playwright.sync_api import Request

from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_identity_lost_phone import lose


def posted(phone: Phone) -> list[str]:
    """Bodies of all requests from now on, the page's and the worker's."""
    bodies: list[str] = []

    def note(request: Request) -> None:
        bodies.append(f"{request.url} {request.post_data or ''}")

    phone.context.on("request", note)
    return bodies


def test_enrol_sign_out_and_sign_in_without_a_name(phone: Phone, server: Server, prepared: Prepared) -> None:
    bodies = posted(phone)
    phone.page.goto(enrolment(server, prepared.member_id))
    assert "Chi bộ" in phone.page.inner_text("main")
    phone.page.click('[data-action="create-passkey"]')
    eventually(phone.address, server.url + "/")
    phone.ready().sign_out()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    phone.go("/library/")
    eventually(lambda: phone.address().endswith("/identity/sign-in?next=/library/"), True)
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/library/")
    ceremonies = [body for body in bodies if '"credential"' in body]
    assert len(ceremonies) == 2
    assert all('"prf"' in body and '"results"' not in body for body in ceremonies), ceremonies
    credential = phone.cdp.send("WebAuthn.getCredentials", {"authenticatorId": phone.authenticator})["credentials"]
    assert len(credential) == 1 and credential[0]["isResidentCredential"]


def test_the_browsers_own_offer_signs_in_once_the_field_is_touched(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.sign_out()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    phone.page.wait_for_timeout(1000)
    assert "/identity/sign-in" in phone.address()  # nothing happens by itself after signing out
    phone.page.focus("[data-offer]")
    eventually(phone.address, server.url + "/")


def test_a_slip_of_the_finger_is_said_in_plain_words_and_may_be_repeated(
    phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone.page.goto(enrolment(server, prepared.member_id))
    phone.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": phone.authenticator, "isUserVerified": False})
    phone.page.click('[data-action="create-passkey"]')
    eventually(
        lambda: said(phone),
        "Chưa xong: đã bấm hủy, để quá lâu, hoặc máy này chưa có khóa phù hợp. Hãy thử lại.",
    )
    another_finger(phone)
    phone.page.click('[data-action="create-passkey"]')
    eventually(phone.address, server.url + "/")


def test_a_phone_without_its_passkey_is_told_what_to_do(phone: Phone) -> None:
    phone.go("/identity/sign-in")
    phone.page.click('[data-action="sign-in"]')
    eventually(lambda: "Chưa xong" in said(phone), True)
    phone.page.click("text=Tôi có thư mời")
    assert "Dùng lần đầu" in phone.heading()


def test_an_old_invitation_is_closed_in_plain_words(phone: Phone, server: Server, prepared: Prepared) -> None:
    old = enrolment(server, prepared.member_id)
    enrolment(server, prepared.member_id)
    phone.page.goto(old)
    assert "hết hạn" in phone.page.inner_text("main")


def test_a_removed_passkey_is_forgotten_by_the_phone(member_phone: Phone, server: Server, prepared: Prepared) -> None:
    lose(server, prepared.member_id)
    phone = member_phone
    phone.context.clear_cookies()
    phone.go("/identity/sign-in")
    phone.page.click('[data-action="sign-in"]')
    eventually(lambda: "đã được gỡ" in said(phone), True)
    eventually(lambda: credentials(phone), [])


def credentials(phone: Phone) -> list[Any]:
    held = phone.cdp.send("WebAuthn.getCredentials", {"authenticatorId": phone.authenticator})
    return list(held["credentials"])


def another_finger(phone: Phone) -> None:
    """A keeper that verifies; the one that failed stays locked in Chromium's simulation."""
    phone.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": phone.authenticator})
    phone.authenticate(phone.page)


def said(phone: Phone) -> str:
    return phone.page.inner_text("[data-say]")
