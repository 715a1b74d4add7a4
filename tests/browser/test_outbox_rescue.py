"""What is unsent outlives its phone: the server keeps a copy for its author, and a file carries it. It is sent once."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright
from sqlmodel import Session, col, func, select

from handbook.core.receipts import Receipt
from handbook.rescue.models import RescueCopy
from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import ASK, Phone, Server, eventually
from tests.browser.test_outbox import items, states
from tests.browser.test_outbox_attachments import a_pdf, arrived, choose, named, picked, stored
from tests.browser.writing import NEW, TEXT, kept, opinions, send, whole, write

OPINIONS = "/reports/opinions"
BUSY = {OPINIONS: {"status": 503}}
NewPhone = Callable[..., Phone]


@pytest.fixture
def new_phone(playwright: Playwright, server: Server, prepared: Prepared, tmp_path: Path) -> Iterator[NewPhone]:
    """Enrols one more phone of the member's (or of another's), with a profile and passkey of its own."""
    opened: list[Phone] = []

    def enrol(member_id: str = prepared.member_id) -> Phone:
        phone = Phone(playwright, server, tmp_path / f"phone-{len(opened) + 2}")
        opened.append(phone)
        return phone.enrol(enrolment(server, member_id))

    yield enrol
    for phone in opened:
        phone.context.close()


def copied(phone: Phone, wanted: int) -> None:
    """Turns in which nothing is too young to be copied, until the server keeps so many pieces."""

    def turn() -> tuple[str, int]:
        return phone.ask(type="rescue", after=0)["state"], copies(phone.server)

    eventually(turn, ("done", wanted))


def draft(phone: Phone, text: str = TEXT) -> None:
    phone.go(NEW)
    write(phone, text=text)
    eventually(lambda: whole(phone), True, 5)


def waiting(phone: Phone) -> None:
    """An opinion that the server is too busy to take."""
    phone.server.misbehave(**BUSY)
    phone.go(NEW)
    write(phone)
    send(phone)
    eventually(lambda: states(phone), [("waiting", "busy")])


def lose(phone: Phone) -> None:
    """The phone is gone, with everything that was on it."""
    phone.context.close()
    shutil.rmtree(phone.profile)
    phone.open()  # a bare one, for the fixture to close


def drafts(phone: Phone) -> list[dict[str, Any]]:
    return list(phone.ask(type="draft-list")["drafts"])


def copies(server: Server) -> int:
    """How many pieces the server keeps."""

    def count(db: Session) -> int:
        held = select(func.count()).select_from(RescueCopy).where(col(RescueCopy.sealed).is_not(None))
        return db.exec(held).one()

    with server.database() as db:
        return count(db)


def receipts(server: Server) -> int:
    with server.database() as db:
        return db.exec(select(func.count()).select_from(Receipt)).one()


def deliver(phone: Phone) -> None:
    phone.server.misbehave()
    eventually(lambda: phone.ask(type="outbox-replay", now=True)["state"], "done")


def test_a_draft_of_a_lost_phone_is_there_after_signing_in_on_a_new_one(
    member_phone: Phone, server: Server, new_phone: NewPhone
) -> None:
    draft(member_phone)
    choose(member_phone, picked("a.pdf", a_pdf(2000)))
    eventually(lambda: len(drafts(member_phone)[0]["files"]), 1)
    assert member_phone.ask(type="rescue")["state"] == "done" and copies(server) == 0, "younger than some minutes"
    copied(member_phone, 1)
    member_phone.go("/offline/outbox")
    eventually(lambda: "chưa có tệp kèm theo" in member_phone.page.inner_text("[data-list=draft]"), True)
    assert "Tệp kèm theo chưa gửi không có trong bản giữ hộ" in member_phone.page.inner_text("main")
    lose(member_phone)
    phone = new_phone()
    eventually(lambda: "Đã lấy lại 1 bài chưa gửi" in phone.page.inner_text("[data-notice=restored]"), True)
    assert len(drafts(phone)) == 1
    phone.page.click("[data-notice=restored] button")
    eventually(lambda: "Lấy lại từ bản giữ hộ trên máy chủ" in phone.page.inner_text("[data-list=draft]"), True)
    phone.page.click("text=Viết tiếp")
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    eventually(lambda: "Không còn trên máy này" in phone.page.inner_text(".files"), True)
    phone.page.click("[aria-label='Gỡ tệp a.pdf']")
    send(phone)
    eventually(lambda: opinions(server), [TEXT])
    copied(phone, 0)
    third = new_phone()
    eventually(lambda: third.ask(type="rescue")["state"], "done")
    assert drafts(third) == [] and items(third) == [], "what was sent does not come back"


def test_a_draft_that_is_thrown_away_is_taken_back_from_the_server_too(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    draft(phone)
    copied(phone, 1)
    phone.context.add_init_script(
        "document.addEventListener('hb:pack', () => { window.packs = (window.packs ?? 0) + 1; })"
    )
    phone.go("/offline/outbox")
    eventually(lambda: "Máy chủ đang giữ hộ một bản" in phone.page.inner_text("[data-list=draft]"), True)
    eventually(lambda: phone.evaluate("window.packs >= 2"), True)  # what the page asks by itself it has asked
    phone.ask(type="rescue")
    phone.page.once("dialog", lambda dialog: dialog.accept())
    phone.page.click("[data-list=draft] [data-drop]")
    eventually(lambda: copies(server), 0)


def test_a_form_too_large_for_a_copy_says_that_it_is_on_this_phone_alone(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    about = {"type": "draft-put", "name": "opinion", "page": NEW, "label": "Dài", "contentType": "text/plain"}
    phone.evaluate(f"message => ({ASK})({{...message, body: new ArrayBuffer(700_001)}})", about)
    copied(phone, 0)
    phone.go("/offline/outbox")
    eventually(lambda: "Bài quá lớn, máy chủ không giữ hộ" in phone.page.inner_text("[data-list=draft]"), True)


def test_a_page_on_which_somebody_writes_asks_for_a_copy_by_itself(member_phone: Phone) -> None:
    phone = member_phone
    phone.go(NEW)
    phone.evaluate("""() => navigator.serviceWorker.addEventListener("message", ({data}) => {
        if (data.type === "outbox-later") document.body.dataset.asksIn = data.retryAt - Date.now();
    })""")
    write(phone)
    eventually(lambda: kept(phone), True, 5)
    minutes = float(phone.evaluate("document.body.dataset.asksIn")) / 60_000
    assert 2.5 < minutes <= 3


def test_unsent_work_of_a_lost_phone_arrives_once_from_a_new_one(
    member_phone: Phone, server: Server, new_phone: NewPhone
) -> None:
    waiting(member_phone)
    [before] = items(member_phone)
    copied(member_phone, 1)
    lose(member_phone)
    phone = new_phone()
    eventually(lambda: len(items(phone)), 1)
    deliver(phone)
    [item] = items(phone)
    assert (item["id"], item["written"], item["hash"]) == (before["id"], before["written"], before["hash"])
    assert item["state"] == "received" and item["receipt"]["key"] == before["id"]
    assert opinions(server) == [TEXT] and receipts(server) == 1


def test_what_arrived_before_its_phone_was_lost_is_not_offered(
    member_phone: Phone, server: Server, new_phone: NewPhone
) -> None:
    waiting(member_phone)
    copied(member_phone, 1)
    server.misbehave(**{OPINIONS: {"lose": True}})
    member_phone.ask(type="outbox-replay", now=True)
    eventually(lambda: opinions(server), [TEXT])  # it did arrive, only nobody heard
    server.misbehave()
    lose(member_phone)
    phone = new_phone()
    eventually(lambda: phone.ask(type="rescue")["state"], "done")
    assert items(phone) == [] and copies(server) == 1


def test_two_phones_that_both_hold_it_send_it_once(member_phone: Phone, server: Server, new_phone: NewPhone) -> None:
    waiting(member_phone)
    copied(member_phone, 1)
    second = new_phone()
    eventually(lambda: len(items(second)), 1)
    server.misbehave()
    for phone in (second, member_phone):
        deliver(phone)
        assert [item["state"] for item in items(phone)] == ["received"]
    assert opinions(server) == [TEXT] and receipts(server) == 1
    assert items(second)[0]["receipt"] == items(member_phone)[0]["receipt"]


def test_two_phones_that_go_on_writing_overwrite_nothing(
    member_phone: Phone, server: Server, new_phone: NewPhone
) -> None:
    draft(member_phone)
    copied(member_phone, 1)
    second = new_phone()
    eventually(lambda: len(drafts(second)), 1)
    second.go(NEW)
    eventually(lambda: second.page.input_value("[name=text]"), TEXT)
    second.page.fill("[name=text]", "Viết tiếp ở máy thứ hai.")
    eventually(lambda: kept(second), True, 5)
    draft(member_phone, "Viết tiếp ở máy thứ nhất.")
    copied(second, 1)
    copied(member_phone, 2)
    third = new_phone()
    eventually(lambda: len(drafts(third)), 2)
    third.go("/offline/outbox")
    found = set()
    for number in range(2):
        third.go("/offline/outbox")
        third.page.locator("[data-list=draft] a[data-open]").nth(number).click()
        eventually(lambda: bool(third.page.input_value("[name=text]")), True)
        found.add(third.page.input_value("[name=text]"))
    assert found == {"Viết tiếp ở máy thứ hai.", "Viết tiếp ở máy thứ nhất."}


def test_nothing_is_copied_under_another_members_sign_in(
    member_phone: Phone, server: Server, prepared: Prepared, new_phone: NewPhone
) -> None:
    draft(member_phone)
    other = new_phone(prepared.neighbour_id)
    member_phone.context.clear_cookies()
    member_phone.context.add_cookies([cookie for cookie in other.context.cookies() if cookie["name"] == "__Host-hb"])
    assert member_phone.ask(type="rescue", after=0)["state"] in ("other-member", "locked")
    assert copies(server) == 0 and drafts(other) == []


@pytest.mark.parametrize("choice", ["keep", "delete"])
def test_signing_out_decides_about_the_copy_too(member_phone: Phone, server: Server, choice: str) -> None:
    phone = member_phone
    waiting(phone)
    copied(phone, 1)
    phone.sign_out()
    dialog = phone.page.locator("dialog[data-leaving]")
    dialog.locator(f"[data-choice={choice}]").click()
    eventually(lambda: "data-leaving" in phone.page.content(), False)
    eventually(lambda: copies(server), 0 if choice == "delete" else 1)


def test_deleted_without_a_network_the_copy_goes_before_the_session_ends(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    waiting(phone)
    copied(phone, 1)
    server.kill()
    phone.go("/identity/devices")
    phone.page.click('[data-action="sign-out"]')
    phone.page.locator("dialog[data-leaving] [data-choice=delete]").click()
    eventually(lambda: "data-leaving" in phone.page.content(), False)
    server.start()
    server.requests()
    phone.go("/identity/sign-in")
    eventually(lambda: copies(server), 0)
    asked = [line for line in server.requests() if line.startswith("POST")]
    assert asked == ["POST /rescue/removals", "POST /identity/session/removal"]


def export(phone: Phone, path: Path) -> Path:
    phone.go("/offline/outbox")
    phone.page.click('[data-action="parcel-ask"]')
    phone.page.locator("dialog[data-parcel][open]").wait_for()
    assert "ai có tệp đều đọc được" in phone.page.inner_text("dialog[data-parcel]")
    weight = phone.page.inner_text("[data-weight]")
    assert re.fullmatch(r"Tệp xuất gồm \d bài và \d tệp kèm theo, khoảng .*B \(nhiều nhất 100 MB\)\.", weight), weight
    with phone.page.expect_download() as download:
        phone.page.click('[data-action="parcel-make"]')
    assert download.value.suggested_filename.startswith("bai-chua-gui-")
    download.value.save_as(path)
    return path


def take(phone: Phone, path: Path, said: str) -> None:
    phone.go("/offline/outbox")
    page = phone.page
    with page.expect_file_chooser() as chooser:
        page.click('[data-action="parcel-choose"]')
    chooser.value.set_files(path)
    eventually(lambda: page.inner_text("[data-controller=parcel] [data-say]"), said)


def test_a_file_carries_unsent_work_through_a_wipe_without_a_network(
    member_phone: Phone, server: Server, tmp_path: Path
) -> None:
    phone = member_phone
    waiting(phone)
    [before] = items(phone)
    draft(phone, "Một bài viết dở.")
    choose(phone, picked("a.pdf", a_pdf()))
    [said] = named(phone)
    eventually(lambda: [len(one["files"]) for one in drafts(phone)], [1])
    server.kill()
    file = export(phone, tmp_path / "unsent.sotay")
    assert "Đã xuất 2 bài" in phone.page.inner_text("[data-controller=parcel] [data-say]")
    take(phone, file, "Đã lấy vào 0 bài; 2 bài đã có sẵn.")
    server.start()
    server.misbehave(**BUSY)
    phone.sign_out()
    phone.page.locator("dialog[data-leaving] [data-choice=delete]").click()
    eventually(lambda: "data-leaving" in phone.page.content(), False)
    phone.sign_in()
    assert items(phone) == [] and drafts(phone) == []
    server.kill()
    take(phone, file, "Đã lấy vào 2 bài và 1 tệp kèm theo; 0 bài đã có sẵn.")
    take(phone, file, "Đã lấy vào 0 bài; 2 bài đã có sẵn.")
    eventually(lambda: "Lấy từ tệp xuất lúc" in phone.page.inner_text("[data-list=waiting]"), True)
    phone.go(NEW)
    eventually(lambda: phone.page.input_value("[name=text]"), "Một bài viết dở.")
    eventually(lambda: "đã lưu trên máy" in phone.page.inner_text(".files"), True)
    server.start()
    deliver(phone)
    [item] = items(phone)
    assert item["receipt"]["key"] == before["id"] and opinions(server) == [TEXT]
    take(phone, file, "Đã lấy vào 0 bài; 2 bài đã có sẵn.")
    assert opinions(server) == [TEXT] and receipts(server) == 1
    phone.go(NEW)
    eventually(lambda: phone.page.input_value("[name=text]"), "Một bài viết dở.")
    send(phone)
    eventually(lambda: stored(server), [("a.pdf", said["bytes"], True)])
    assert arrived(server, said["sha256"]) == a_pdf()


def test_a_file_that_is_not_ours_or_not_theirs_is_refused_in_words(
    member_phone: Phone, server: Server, prepared: Prepared, new_phone: NewPhone, tmp_path: Path
) -> None:
    draft(member_phone)
    file = export(member_phone, tmp_path / "unsent.sotay")
    whole = file.read_bytes()
    other = new_phone(prepared.neighbour_id)
    take(other, file, "Tệp này là của người khác. Chỉ người đã xuất mới lấy lại được.")
    assert drafts(other) == []
    bent = tmp_path / "bent"
    unreadable = "Đây không phải tệp do sổ tay xuất ra, hoặc tệp bị hỏng. Chưa lấy gì."
    for content in (b"%PDF-1.7", b"{}", whole[:-20], whole.replace(b'"pieces"', b'"Pieces"')):
        bent.write_bytes(content)
        take(member_phone, bent, unreadable)
    bent.write_bytes(whole.replace(b"handbook-unsent 2", b"handbook-unsent 3"))
    take(member_phone, bent, "Tệp do bản sổ tay mới hơn xuất ra. Hãy cập nhật sổ tay rồi lấy lại.")
    assert len(drafts(member_phone)) == 1
