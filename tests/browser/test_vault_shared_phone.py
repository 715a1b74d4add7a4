"""Several members share a phone: each passkey opens its owner's handbook, and nothing of anybody else's."""

from typing import Any

import pytest

from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually


class Shared:
    """A phone with the passkeys of two members, of which one is at hand at a time."""

    def __init__(self, phone: Phone, server: Server, prepared: Prepared) -> None:
        self.phone = phone
        self.keys: dict[str, dict[str, Any]] = {}
        for name, member_id in (("first", prepared.member_id), ("second", prepared.neighbour_id)):
            phone.enrol(enrolment(server, member_id))
            held = self._held()
            self.keys[name] = next(key for key in held if key not in self.keys.values())
            self._take_away(held)
            phone.context.clear_cookies(name="__Host-hb")
        self.second_tag = phone.ask(type="status")["member"]

    def _held(self) -> list[dict[str, Any]]:
        answer = self.phone.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.phone.authenticator})
        return list(answer["credentials"])

    def _take_away(self, keys: list[dict[str, Any]]) -> None:
        for key in keys:
            self.phone.cdp.send(
                "WebAuthn.removeCredential",
                {"authenticatorId": self.phone.authenticator, "credentialId": key["credentialId"]},
            )

    def hand(self, name: str) -> None:
        """Only this member's finger is on the phone now."""
        self._take_away(self._held())
        self.phone.cdp.send(
            "WebAuthn.addCredential", {"authenticatorId": self.phone.authenticator, "credential": self.keys[name]}
        )

    def restart(self, name: str) -> None:
        self._take_away(self._held())
        self.phone.restart()
        self.hand(name)


@pytest.fixture
def shared(phone: Phone, server: Server, prepared: Prepared) -> Shared:
    return Shared(phone, server, prepared)


def test_each_passkey_opens_its_own_handbook_without_network(shared: Shared, server: Server) -> None:
    phone = shared.phone
    assert len(phone.databases()) == 3
    server.kill()
    greetings = {}
    for name in ("first", "second"):
        shared.restart(name)
        phone.go("/")
        phone.unlock()
        greetings[name] = phone.heading()
        assert phone.from_copy()
    assert greetings["first"] != greetings["second"]


def test_the_page_that_unlocks_shows_marks_and_counts_and_nobodys_name(shared: Shared, server: Server) -> None:
    phone = shared.phone
    for name, mark in (("first", "leaf"), ("second", "moon")):
        shared.hand(name)
        phone.context.clear_cookies(name="__Host-hb")
        phone.sign_in()
        phone.go("/identity/devices")
        phone.page.select_option("[name=dau]", mark)
        eventually(lambda: [store["mark"] for store in phone.ask(type="stores") if store["open"]], [mark])
    url = next(url for url in phone.ask(type="status")["urls"] if url.startswith("/library/") and url != "/library/")
    server.kill()
    phone.go(url)
    phone.page.click('[data-action="confirm-reading"]')
    eventually(lambda: phone.ask(type="status")["waiting"], 1)
    phone.restart()
    phone.go("/")
    lines = phone.page.locator("[data-store]")
    eventually(lambda: {" ".join(words.split()) for words in lines.all_inner_texts()}, {"Lá", "Trăng 1 bài chờ gửi"})
    shared.hand("first")
    phone.unlock()
    phone.go("/identity/devices")
    eventually(lambda: phone.page.input_value("[name=dau]"), "leaf")


def test_who_unlocks_offline_does_not_go_on_in_the_others_session(shared: Shared, server: Server) -> None:
    phone = shared.phone
    shared.hand("second")
    phone.sign_in()  # the second member's session is alive
    server.kill()
    shared.restart("first")
    phone.go("/")
    phone.unlock()
    mine = phone.heading()
    server.start()
    server.requests()
    phone.go("/identity/enrol")
    phone.go("/")
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    asked = [line for line in server.requests() if not line.startswith("GET /static")]
    assert asked[0] == "POST /identity/session/removal"
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/")
    assert phone.heading() == mine
    assert len(phone.databases()) == 3
