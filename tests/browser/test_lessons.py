"""How work was lost or doubled elsewhere, and is not here; docs/offline.md says which journey answers which lesson."""

from uuid import UUID

from sqlmodel import select

from handbook.organisation.models import Unit
from handbook.organisation.rules.members import transfer_member
from handbook.policy.actor import Actor
from tests.browser.conftest import Prepared
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import ONLINE, items, states, stored, wait_for_the_server
from tests.browser.writing import NEW, TEXT, kept, opinions, send, write, write_offline

DRAFT = "form[data-draft]"


def test_a_lost_right_loses_no_work(member_phone: Phone, server: Server, prepared: Prepared) -> None:
    """Elsewhere, work that its author was no longer allowed to send was purged with the rest."""
    phone = member_phone
    write_offline(phone)
    with server.database() as db:
        second = db.exec(select(Unit).where(Unit.code == "1.2")).one()
        transfer_member(db, Actor.system(), UUID(prepared.member_id), cell_id=second.id)
    server.start()
    phone.go("/offline/outbox")
    eventually(lambda: "Cần đồng chí xử lý" in phone.page.inner_text("main"), True)
    assert opinions(server) == []
    phone.sync()  # what the phone may no longer hold leaves it; what its member wrote does not
    phone.page.click("text=Sửa và gửi lại")
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    phone.page.select_option("[name=unit_id]", index=1)  # their cell now
    send(phone)
    eventually(lambda: opinions(server), [TEXT])


def test_one_draft_in_two_tabs_is_one_submission(member_phone: Phone, server: Server) -> None:
    """Elsewhere, the tab that had not noticed sent the same draft once more."""
    phone = member_phone
    phone.go(NEW)
    write(phone)
    eventually(lambda: kept(phone), True)
    second = phone.context.new_page()
    second.goto(server.url + NEW)
    eventually(lambda: "đang mở ở một trang khác" in second.inner_text("[data-draft-say]"), True)
    second.focus("[name=text]")  # takes it over
    eventually(lambda: second.input_value("[name=text]"), TEXT)
    second.click("main form button[type=submit]")
    eventually(lambda: opinions(server), [TEXT])
    phone.page.bring_to_front()
    phone.page.focus("[name=text]")
    assert phone.page.input_value("[name=text]") == TEXT
    send(phone)
    eventually(lambda: phone.address() != server.url + NEW, True)  # to the opinion that was sent
    assert opinions(server) == [TEXT] and states(phone) == [("received", None)]


def test_what_is_written_while_the_phone_sends_is_not_called_sent(member_phone: Phone, server: Server) -> None:
    """Elsewhere, "all is sent" was said of what came after the sending had begun."""
    phone = member_phone
    server.misbehave(**{"/reports/opinions": {"delay": 3.0}})
    phone.go(NEW)
    write(phone)
    send(phone, settled=False)
    eventually(lambda: [state for state, _ in states(phone)], ["sending"])
    second = phone.context.new_page()
    second.goto(server.url + NEW)
    second.focus("[name=text]")
    phone.page, first = second, phone.page
    write(phone, text="Một ý kiến khác.")
    phone.page = first
    second.click("main form button[type=submit]")
    eventually(lambda: [state for state, _ in states(phone)], ["received", "sending"])
    assert phone.ask(type="status")["waiting"] == 1
    eventually(lambda: states(phone), [("received", None)] * 2)
    assert opinions(server) == [TEXT, "Một ý kiến khác."]


def test_what_was_handed_over_stands_as_it_is(member_phone: Phone, server: Server) -> None:
    """Elsewhere, opening a sent record "to look" changed it, and the server refused it for ever."""
    phone = member_phone
    write_offline(phone)
    eventually(lambda: phone.page.locator(f"{DRAFT} textarea[readonly]").count(), 1)
    phone.page.locator("[name=text]").press_sequentially("thêm")
    assert phone.page.input_value("[name=text]") == TEXT
    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: opinions(server), [TEXT])


def test_a_reloaded_form_has_its_words(member_phone: Phone, server: Server) -> None:
    """Elsewhere, a reload or a network that came back emptied the form."""
    phone = member_phone
    server.kill()
    phone.go(NEW)
    write(phone)
    phone.reload()  # at once: the last words are kept as the page goes
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    server.start()
    phone.evaluate(ONLINE)
    phone.ready()
    assert phone.page.input_value("[name=text]") == TEXT
    phone.reload()
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)


def test_send_now_says_success_for_a_receipt_alone(member_phone: Phone, server: Server) -> None:
    """Elsewhere, "Sync now" ended in success although it had timed out."""
    phone = member_phone
    wait_for_the_server(phone)
    url = items(phone)[0]["url"]
    phone.go("/offline/outbox")
    for fault in ({"lose": True}, {"status": 200}, {"status": 504}, {"location": "/identity/sign-in"}):
        server.misbehave(**{url: fault})
        phone.page.click('[data-action="send-now"]')
        eventually(lambda: phone.page.locator('[data-action="send-now"]:enabled').count(), 1)
        assert phone.page.locator("[data-list=received] li").count() == 0
        assert phone.page.locator("[data-list=waiting] li").count() == 1
    server.misbehave()
    phone.page.click('[data-action="send-now"]')
    eventually(lambda: phone.page.locator("[data-list=received] li").count(), 1)
    assert stored(server) == (1, 1)


def test_a_refusal_has_an_owner_and_is_counted(member_phone: Phone, server: Server) -> None:
    """Elsewhere, what the server had refused lay in a list that nobody looked at."""
    phone = member_phone
    wait_for_the_server(phone)
    server.misbehave(**{items(phone)[0]["url"]: {"status": 422}})
    phone.ask(type="outbox-replay", now=True)
    assert [state for state, _ in states(phone)] == ["refused"]
    phone.go("/")
    eventually(lambda: phone.page.locator("[data-outbox-count]:visible").count(), 1)
    phone.page.click("[data-outbox-count] a")
    eventually(lambda: phone.page.locator("[data-list=refused] li").count(), 1)
