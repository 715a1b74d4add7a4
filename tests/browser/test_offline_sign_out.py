"""After signing out nothing personal is left on the phone, and Back shows nothing."""

from uuid import UUID

from handbook.identity.rules import tickets
from handbook.policy.actor import Actor
from tests.browser.conftest import Prepared
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_offline_never_stores import EVERYTHING

LEFT = """Object.keys(localStorage).concat(Object.keys(sessionStorage))
  .filter(key => !['hb-display', 'hb-epoch'].includes(key))"""


def nothing_left(phone: Phone) -> None:
    eventually(phone.databases, ["hb-device"])
    assert phone.evaluate("caches.keys()") == ["hb-public-1"]
    assert phone.evaluate(LEFT) == []
    kept = phone.evaluate(EVERYTHING)
    assert "Làng nghề" not in kept and "Chi bộ tổ dân phố 1" not in kept


def test_signing_out_leaves_nothing_and_back_shows_nothing(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = phone.ask(type="status")["urls"][-1]
    phone.go(url)
    phone.evaluate("localStorage.setItem('hb-reading:x', '7')")
    phone.sign_out()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    nothing_left(phone)
    phone.page.go_back()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    assert "Làng nghề" not in phone.page.content()
    server.kill()
    phone.go(url)
    assert "chưa có bản tải về" in phone.page.inner_text("main")


def test_signing_out_without_network_wipes_at_once_and_the_server_is_told_first_thing(
    member_phone: Phone, server: Server
) -> None:
    phone = member_phone
    other_tab = phone.context.new_page()
    other_tab.goto(server.url + "/library/")
    eventually(lambda: other_tab.evaluate("document.body.dataset.sync"), "ready")  # it listens from now on
    phone.page.bring_to_front()
    server.kill()
    phone.sign_out()
    eventually(phone.heading, "Trang này chưa có trên máy")
    nothing_left(phone)
    eventually(lambda: "chưa có bản tải về" in other_tab.inner_text("main"), True)
    server.start()
    server.requests()
    phone.go("/")
    assert "/identity/sign-in" in phone.page.url
    assert server.requests()[0] == "POST /identity/session/removal"


def test_a_phone_cut_off_by_staff_is_wiped_at_its_next_request(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    cut_off(server, prepared.member_id)
    phone.go("/")
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    nothing_left(phone)
    server.kill()
    phone.go("/library/")
    assert "chưa có bản tải về" in phone.page.inner_text("main")


def cut_off(server: Server, member_id: str) -> None:
    """What the button of the staff does."""
    with server.database() as db:
        tickets.cut_off(db, Actor.system(), UUID(member_id), passkey_ids=[], reason="mất máy")
