"""Keepers that give their secret only when a passkey is used; and the secret never leaves the page."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually


@pytest.mark.parametrize("prf", ["late", "real"])
def test_it_seals_and_nothing_of_the_secret_is_sent(
    playwright: Playwright, server: Server, prepared: Prepared, tmp_path: Path, prf: str
) -> None:
    phone = Phone(playwright, server, tmp_path / prf, prf=prf)
    sent: list[str] = []
    phone.context.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    phone.enrol(enrolment(server, prepared.member_id))
    assert len(phone.databases()) == 2
    phone.go("/identity/devices")
    phone.page.click('[data-action="lock"]')
    eventually(lambda: phone.page.locator('[data-action="unlock"]').count(), 1)
    server.kill()
    phone.go("/library/")
    phone.unlock()
    assert phone.from_copy() and phone.heading() == "Thư viện"
    server.start()
    phone.sign_out()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/")
    phone.ready()
    told = [text for text in sent if "/identity/" in text and "clientExtensionResults" in text]
    assert len(told) == 2 and all('"prf":{"enabled":true}' in text for text in told), told
    assert not [text for text in sent if '"results"' in text or '"first":"' in text.partition(" ")[2]]
    phone.context.close()
