"""After signing out nothing personal is left on the phone, and Back shows nothing."""

from uuid import UUID

import pytest

from handbook.identity.rules import tickets
from handbook.policy.actor import Actor
from tests.browser.conftest import Prepared
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_offline_never_stores import EVERYTHING
from tests.browser.test_outbox import ONLINE, states, stored, wait_for_the_server
from tests.browser.test_outbox_rescue import copied, copies, draft, drafts
from tests.browser.test_outbox_words import NEW, TEXT
from tests.browser.test_vault_boxes import write_cut_off

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


def asked(phone: Phone, choice: str, *words: str) -> None:
    """The question that signing out asks about what is being written, with these words in it, and its answer."""
    dialog = phone.page.locator("dialog[data-leaving]")
    dialog.wait_for()
    shown = dialog.inner_text()
    for word in ("Còn bài viết dở trên máy này", *words):
        assert word in shown, shown
    assert not dialog.locator("[data-choice=send]").is_visible() and len(drafts(phone)) == 1
    dialog.locator(f"[data-choice={choice}]").click()
    eventually(lambda: "data-leaving" in phone.page.content(), False)


@pytest.mark.parametrize("choice", ["keep", "delete"])
@pytest.mark.parametrize("copy", [0, 1])
def test_signing_out_with_drafts_alone_asks_what_becomes_of_them(
    member_phone: Phone, server: Server, choice: str, copy: int
) -> None:
    phone = member_phone
    draft(phone)
    copied(phone, copy) if copy else phone.ready()
    phone.sign_out()
    asked(phone, choice, "Có 1 bài viết dở", "bản mới nhất của 1 bài" if copy else "chưa giữ hộ")
    eventually(lambda: copies(server), copy if choice == "keep" else 0)
    if choice == "delete":
        nothing_left(phone)
        return
    phone.go(NEW)
    phone.unlock()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    phone.page.click('[data-action="sign-in"]')
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)


def test_closing_the_question_about_a_draft_means_staying(member_phone: Phone) -> None:
    phone = member_phone
    draft(phone)
    phone.sign_out()
    phone.page.locator("dialog[data-leaving]").wait_for()
    phone.page.keyboard.press("Escape")
    eventually(lambda: phone.page.locator("dialog[data-leaving]").is_visible(), False)
    phone.go(NEW)
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)


def test_once_all_is_sent_a_draft_is_asked_about_by_itself(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    wait_for_the_server(phone)
    draft(phone)
    phone.sign_out()
    dialog = phone.page.locator("dialog[data-leaving]")
    dialog.wait_for()
    assert "Còn bài chưa gửi trên máy này" in dialog.inner_text() and "Có 1 bài viết dở" in dialog.inner_text()
    server.misbehave()
    dialog.locator("[data-choice=send]").click()
    eventually(lambda: dialog.locator("[data-choice=send]").is_visible(), False)
    assert stored(server) == (1, 1) and states(phone) == [("received", None)]
    asked(phone, "delete")
    nothing_left(phone)


def test_a_phone_that_cannot_seal_keeps_its_boxes_and_nothing_else_when_told_to(
    sealless_phone: Phone, server: Server
) -> None:
    phone = sealless_phone
    write_cut_off(phone)
    server.start()
    phone.evaluate(ONLINE)
    phone.sign_out()
    asked(phone, "keep", "Có 1 bài viết dở", "chưa giữ hộ")
    phone.go("/identity/sign-in")
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/")
    phone.go(NEW)
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)


def test_a_phone_cut_off_keeps_a_draft_locked_and_nothing_else(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    draft(phone)
    cut_off(server, prepared.member_id)
    phone.go("/")
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    eventually(lambda: len(phone.databases()), 2)
    phone.sign_in()
    assert len(drafts(phone)) == 1
