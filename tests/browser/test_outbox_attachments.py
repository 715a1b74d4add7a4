"""Files that go with a text: made small and sealed on the phone, sent after the text, and never a chunk twice."""

import json
import struct
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import FilePayload, Playwright
from sqlmodel import col, select

from handbook.identity.rules import tickets
from handbook.policy.actor import Actor
from handbook.reports.models import Attachment, Opinion
from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import ONLINE, items, states
from tests.browser.writing import NEW, TEXT, kept, opinions, send, send_offline, write
from tests.factories.organisation import a_member

CHUNK = 128 * 1024
FIELD = "input[type=file]"
PICTURE = (0xE0, 0xE2)  # the segments that say how the picture and its colours are to be read
# A picture as a camera makes it: large, and no two pixels alike, so that it does not shrink by itself.
DRAW = """async ([width, height]) => {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  for (let at = 0; at < width * height / 400; at += 1) {
    pen.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
    pen.fillRect(Math.random() * width, Math.random() * height, 40, 12);
  }
  const blob = await canvas.convertToBlob({type: "image/jpeg", quality: .97});
  const reader = new FileReader();
  const read = new Promise(resolve => { reader.onload = () => resolve(reader.result); });
  reader.readAsDataURL(blob);
  return (await read).split(",")[1];
}"""


def exif() -> bytes:
    """What a camera writes beside its picture: held upright, by a camera of this name, at this place."""
    camera = b"Camera XYZ-1\0"
    north, east = struct.pack(">6I", 21, 1, 1, 1, 42, 1), struct.pack(">6I", 105, 1, 50, 1, 7, 1)
    head, gps = 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + len(camera) + 1
    places = gps + 2 + 4 * 12 + 4
    tags = struct.pack(">H", 3)
    tags += struct.pack(">HHI4s", 0x0112, 3, 1, b"\0\6\0\0")  # turn it by 90°
    tags += struct.pack(">HHII", 0x0110, 2, len(camera), head) + struct.pack(">HHII", 0x8825, 4, 1, gps)
    tags += b"\0" * 4 + camera + b"\0" + struct.pack(">H", 4)
    tags += struct.pack(">HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack(">HHII", 2, 5, 3, places)
    tags += struct.pack(">HHI4s", 3, 2, 2, b"E\0\0\0") + struct.pack(">HHII", 4, 5, 3, places + 24)
    body = b"Exif\0\0MM\0*\0\0\0\x08" + tags + b"\0" * 4 + north + east
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height, and on the way there the proof that no segment but those of the picture itself is in it."""
    at = 2
    while True:
        marker, length = jpeg[at + 1], struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        assert marker in PICTURE or not 0xE0 <= marker <= 0xEF, f"a segment of metadata: {marker:x}"
        if marker in (0xC0, 0xC2):
            height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
            return width, height
        at += 2 + length


def photo(phone: Phone, width: int = 3000, height: int = 2000) -> bytes:
    picture = b64decode(phone.evaluate(DRAW, [width, height]))
    return picture[:2] + exif() + picture[2:]


def a_pdf(size: int = 5 * CHUNK + 1000) -> bytes:
    return b"%PDF-1.7\n" + bytes(range(256)) * (size // 256)


def heic(brand: str) -> bytes:
    """What begins as a photo of an iPhone does, and has no picture in it."""
    return b"\0\0\0\x18ftyp" + brand.encode() + b"\0\0\0\0mif1heic" + bytes(range(256)) * 8


def picked(name: str, content: bytes, kind: str = "application/pdf") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def choose(phone: Phone, *files: FilePayload, kept: int | None = None) -> None:
    """Choose files as a member does, and wait until so many are listed."""
    phone.page.locator(f"{FIELD}:enabled").wait_for()
    phone.page.set_input_files(FIELD, list(files))
    eventually(lambda: phone.page.locator(".files li").count(), len(files) if kept is None else kept)
    phone.page.locator(f"{FIELD}:enabled").wait_for()


def named(phone: Phone) -> list[dict[str, Any]]:
    return list(json.loads(phone.page.input_value("[name=attachments]")))


def stored(server: Server) -> list[tuple[str, int, bool]]:
    """Of each file the name, how much of it is there, and whether it is whole."""
    with server.database() as db:
        rows = db.exec(select(Attachment).order_by(col(Attachment.name)))
        return [(row.name, row.received_bytes, row.completed_at is not None) for row in rows]


def arrived(server: Server, digest: str) -> bytes:
    return (server.folder / "attachments" / digest[:2] / digest).read_bytes()


def chunks(server: Server) -> list[int]:
    """Where the chunks began that were sent since the last call."""
    return [
        int(line.partition("from=")[2]) for line in server.requests() if line.startswith("POST") and "from=" in line
    ]


def test_a_photo_arrives_smaller_upright_and_without_where_it_was_taken(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.go(NEW)
    write(phone)
    taken = photo(phone)
    assert b"Camera XYZ-1" in taken
    choose(phone, picked("ngõ 14.JPG", taken, "image/jpeg"))
    [said] = named(phone)
    assert said["name"] == "ngõ 14.jpg" and said["kind"] == "image/jpeg" and said["bytes"] < len(taken)
    send(phone)
    eventually(lambda: stored(server), [("ngõ 14.jpg", said["bytes"], True)])
    content = arrived(server, said["sha256"])
    assert size_of(content) == (1067, 1600)
    assert sha256(content).hexdigest() == said["sha256"]
    assert b"Exif" not in content and b"Camera" not in content
    eventually(lambda: phone.ask(type="status")["waiting"], 0)
    assert opinions(server) == [TEXT] and states(phone) == [("received", None)]
    eventually(
        lambda: "đã nhận" in phone.page.inner_text("main"), True
    )  # the page that was shown before it had arrived
    phone.go("/offline/outbox")
    eventually(lambda: phone.page.locator("[data-list=received] li").count(), 1)
    assert phone.page.locator("[data-list=waiting] li").count() == 0


def with_files(phone: Phone, *files: FilePayload, slow: float = 0) -> list[dict[str, Any]]:
    """A text with these files, ready to be sent; each of their chunks takes so many seconds."""
    phone.go(NEW)
    write(phone)
    choose(phone, *files)
    found = named(phone)
    if slow:
        phone.server.misbehave(**{f"/reports/attachments/{one['id']}/chunks": {"delay": slow} for one in found})
    phone.server.requests()
    return found


def on_its_way(phone: Phone) -> int:
    """Send, and wait until some chunks are there and some are not; how many bytes are."""
    send(phone)
    eventually(lambda: (stored(phone.server) or [("", 0, False)])[0][1] >= 2 * CHUNK, True)
    assert stored(phone.server)[0][2] is False
    return stored(phone.server)[0][1]


def test_a_network_that_is_cut_half_way_goes_on_where_the_server_stands(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    content = a_pdf()
    [said] = with_files(phone, picked("biên bản.pdf", content), slow=0.4)
    on_its_way(phone)
    server.kill()
    [(_, here, _)] = stored(server)
    assert chunks(server)[:2] == [0, CHUNK]
    phone.go("/offline/outbox")
    eventually(lambda: "Đã nhận bài, còn 1 tệp đang gửi" in phone.page.inner_text("[data-list=waiting]"), True)
    assert phone.ask(type="status")["waiting"] == 1
    server.misbehave()
    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: stored(server), [("biên bản.pdf", len(content), True)])
    assert chunks(server) == list(range(here, len(content), CHUNK))
    assert arrived(server, said["sha256"]) == content
    eventually(lambda: phone.page.locator("[data-list=received] li").count(), 1)
    assert opinions(server) == [TEXT]


def test_a_file_arrives_though_no_reply_to_a_chunk_ever_comes_back(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    content = a_pdf()
    [said] = with_files(phone, picked("a.pdf", content))
    server.misbehave(**{f"/reports/attachments/{said['id']}/chunks": {"lose": "POST"}})
    send(phone)
    eventually(lambda: phone.ask(type="outbox-replay", now=True)["state"], "done")
    assert stored(server) == [("a.pdf", len(content), True)]
    sent = chunks(server)
    # Chromium itself repeats what it sent over a line that was open before; the phone never goes back.
    assert sent == sorted(sent) and set(sent) == set(range(0, len(content), CHUNK))
    assert arrived(server, said["sha256"]) == content


def test_a_worker_that_is_stopped_goes_on(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    content = a_pdf()
    with_files(phone, picked("a.pdf", content), slow=0.4)
    phone.cdp.send("ServiceWorker.enable")
    on_its_way(phone)
    phone.cdp.send("ServiceWorker.stopAllWorkers")
    server.misbehave()
    eventually(lambda: phone.ask(type="outbox-replay", now=True)["state"], "done")
    eventually(lambda: stored(server), [("a.pdf", len(content), True)])
    sent = chunks(server)
    assert (
        sorted(set(sent)) == list(range(0, len(content), CHUNK)) and len(sent) <= len(set(sent)) + 1
    )  # one was under way


def test_what_cannot_be_sent_is_refused_at_the_field(phone: Phone, server: Server, prepared: Prepared) -> None:
    server.kill()
    server.extra |= {"HANDBOOK_ATTACHMENT_MAX_MB": "1", "HANDBOOK_ATTACHMENTS_MAX_MB": "2"}
    server.start()
    phone.enrol(enrolment(server, prepared.member_id))
    phone.go(NEW)
    write(phone)
    server.requests()
    error = phone.page.locator(".field [role=alert]")
    assert "nhiều nhất 5 tệp, mỗi tệp không quá 1 MB, cộng lại không quá 2 MB" in phone.page.inner_text(
        "#attachments-hint"
    )
    for name, content, sentence in (
        ("to.pdf", b"%PDF-" + bytes(1_000_000), "Không nhận “to.pdf”: tệp lớn hơn 1 MB."),
        ("ảnh.jpg", b"\xff\xd8\xff" + bytes(400), "Không nhận “ảnh.jpg”: máy này không đọc được ảnh đó"),
        ("IMG_1.HEIC", heic("heic"), "Không nhận “IMG_1.HEIC”: máy này không đọc được ảnh HEIC. Hãy chọn ảnh JPEG"),
        ("IMG_2.jpg", heic("mif1"), "Cài đặt › Camera › Định dạng › Tương thích nhất, rồi chụp lại."),
        ("bài.pdf", b"PK\3\4", "Không nhận “bài.pdf”"),
    ):
        choose(phone, picked(name, content, "application/octet-stream"), kept=0)
        eventually(lambda sentence=sentence: sentence in error.inner_text(), True)
    choose(phone, *(picked(f"{number}.pdf", a_pdf(900_000)) for number in range(3)), kept=2)
    eventually(lambda: "Không nhận “2.pdf”: các tệp cộng lại lớn hơn 2 MB." in error.inner_text(), True)
    choose(phone, *(picked(f"n{number}.pdf", a_pdf(1000)) for number in range(4)), kept=5)
    eventually(lambda: "Không nhận “n3.pdf”: đã đủ 5 tệp." in error.inner_text(), True)
    assert [line for line in server.requests() if line.startswith("POST")] == []
    assert len(named(phone)) == 5


def test_files_survive_the_browser_with_their_draft(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    with_files(phone, picked("một.pdf", a_pdf()), picked("hai.pdf", a_pdf(2000)), picked("ba.pdf", a_pdf(3000)))
    page = phone.page
    page.click("[aria-label='Gỡ tệp hai.pdf']")
    assert "Đã gỡ tệp hai.pdf." in page.inner_text("[data-status]")
    assert phone.evaluate("document.activeElement.ariaLabel") == "Gỡ tệp một.pdf"
    eventually(lambda: kept(phone), True, 5)
    eventually(
        lambda: [one["name"] for one in phone.ask(type="draft-list")["drafts"][0]["files"]], ["một.pdf", "ba.pdf"]
    )
    phone.restart()
    phone.go(NEW)
    phone.unlock()
    page = phone.page
    eventually(lambda: page.locator(".files li").count(), 2)
    assert "một.pdf" in page.inner_text(".files") and "KB · đã lưu trên máy" in page.inner_text(".files")
    send_offline(phone)
    phone.go("/offline/outbox")
    eventually(lambda: "kèm 2 tệp" in page.inner_text("[data-list=waiting]"), True)
    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: [name for name, _, whole in stored(server) if whole], ["ba.pdf", "một.pdf"])
    eventually(lambda: phone.ask(type="status")["waiting"], 0)
    [item] = items(phone)
    phone.go(item["location"])
    with page.expect_download() as download:
        page.click("text=ba.pdf")
    assert download.value.path().read_bytes() == a_pdf(3000)
    phone.sync()
    server.kill()
    phone.reload()
    eventually(lambda: page.inner_text("main").count("đã nhận"), 2)
    assert phone.from_copy() and "một.pdf" in page.inner_text("main")


def test_what_the_server_refuses_comes_back_with_its_files(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    with_files(phone, picked("a.pdf", a_pdf(2000)), picked("b.pdf", a_pdf(3000)))
    phone.evaluate("document.querySelector('[name=subject]').removeAttribute('maxlength')")
    phone.page.fill("[name=subject]", "Đường " * 60)
    server.kill()
    send_offline(phone)
    server.start()
    phone.go("/offline/outbox")
    phone.page.click("text=Sửa và gửi lại")
    eventually(lambda: phone.page.locator(".files li").count(), 2)
    phone.page.click("[aria-label='Gỡ tệp a.pdf']")
    phone.page.fill("[name=subject]", "Sửa đường")
    send(phone)
    eventually(lambda: stored(server), [("b.pdf", len(a_pdf(3000)), True)])
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT]


def test_a_session_that_ended_keeps_the_files_until_the_member_is_back(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    [said] = with_files(phone, picked("a.pdf", a_pdf()), slow=0.4)
    on_its_way(phone)
    phone.context.clear_cookies()
    eventually(lambda: phone.ask(type="outbox-replay", now=True)["state"], "signed-out")
    assert phone.ask(type="status")["waiting"] == 1
    server.misbehave()
    phone.sign_in()
    eventually(lambda: stored(server), [("a.pdf", said["bytes"], True)])


def test_a_phone_cut_off_keeps_the_files_that_have_not_arrived(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    [said] = with_files(phone, picked("a.pdf", a_pdf()))
    server.misbehave(**{f"/reports/attachments/{said['id']}/chunks": {"status": 503}})
    send(phone)
    eventually(lambda: states(phone), [("received", None)])
    with server.database() as db:
        tickets.cut_off(db, Actor.system(), UUID(prepared.member_id), passkey_ids=[], reason="mất máy")
    phone.reload()
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    server.misbehave()
    phone.sign_in()
    eventually(lambda: phone.ask(type="outbox-replay", now=True)["state"], "done")
    assert stored(server) == [("a.pdf", said["bytes"], True)]


def test_files_that_are_on_their_way_are_asked_about_at_the_door_and_may_be_given_up(
    member_phone: Phone, server: Server
) -> None:
    phone = member_phone
    [said] = with_files(phone, picked("a.pdf", a_pdf()))
    server.misbehave(**{f"/reports/attachments/{said['id']}/chunks": {"status": 503}})
    send(phone)
    eventually(lambda: states(phone), [("received", None)])
    phone.sign_out()
    phone.page.locator("dialog[data-leaving]").wait_for()
    phone.go("/offline/outbox")
    phone.page.once("dialog", lambda dialog: dialog.accept())
    phone.page.click("text=Bỏ tệp chưa gửi")
    eventually(lambda: phone.page.locator("[data-list=received] li").count(), 1)
    assert phone.ask(type="status")["waiting"] == 0 and opinions(server) == [TEXT]


def test_without_a_store_that_seals_the_field_says_so_and_the_text_goes_all_the_same(
    playwright: Playwright, server: Server, prepared: Prepared, tmp_path: Path
) -> None:
    phone = Phone(playwright, server, tmp_path / "profile", prf="none")
    phone.go(enrolment(server, prepared.member_id).removeprefix(server.url))
    phone.page.click('[data-action="create-passkey"]')
    eventually(phone.address, server.url + "/")
    phone.go(NEW)
    eventually(lambda: "Tệp chỉ kèm được trên máy giữ được bài có khóa" in phone.page.inner_text("main form"), True)
    assert phone.page.is_disabled(FIELD)
    page = phone.page
    page.select_option("[name=kind]", index=1)
    page.select_option("[name=unit_id]", index=1)
    page.fill("[name=subject]", "Sửa đường")
    page.fill("[name=text]", TEXT)
    send(phone)
    eventually(lambda: opinions(server), [TEXT])
    assert stored(server) == []
    phone.context.close()


def test_whoever_answers_opens_the_files(
    member_phone: Phone, playwright: Playwright, server: Server, prepared: Prepared, tmp_path: Path
) -> None:
    phone = member_phone
    with_files(phone, picked("a.pdf", a_pdf(2000)))
    send(phone)
    eventually(lambda: [whole for _, _, whole in stored(server)], [True])
    with server.database() as db:
        opinion_id = db.exec(select(Opinion.id)).one()
        secretary = str(a_member(db, role="cell_secretary").id)
    staff = Phone(playwright, server, tmp_path / "staff").enrol(enrolment(server, secretary))
    staff.go(f"/staff/reports/opinions/{opinion_id}")
    with staff.page.expect_download() as download:
        staff.page.click("text=a.pdf")
    assert download.value.path().read_bytes() == a_pdf(2000)
    staff.context.close()
