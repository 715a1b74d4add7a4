"""No room left on the phone: said in words, nothing that was there is lost, and the rest comes once there is room."""

from pathlib import Path

import pytest

from tests.browser.conftest import DOCUMENT, WORDS, Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import items, open_document, states, stored
from tests.browser.test_outbox_attachments import a_pdf, choose, picked
from tests.browser.test_outbox_attachments import stored as arrivals
from tests.browser.writing import NEW, TEXT, opinions, write

LARGE = 5
ROOM = 1_500_000  # bytes: the public files and some of the large documents
# Something else on the phone takes what room is left, down to pieces of some hundred bytes.
FILL = """async () => {
  const done = asked => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const opening = indexedDB.open("filler", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("pieces", {autoIncrement: true});
  const db = await done(opening);
  let written = 0;
  for (let size = 65536; size >= 64; size /= 2) {
    for (;;) {
      const piece = crypto.getRandomValues(new Uint8Array(size));
      const transaction = db.transaction("pieces", "readwrite");
      const outcome = await new Promise(resolve => {
        transaction.oncomplete = () => resolve(true);
        transaction.onabort = () => resolve(false);
        transaction.objectStore("pieces").add(piece);
      });
      if (!outcome) break;
      written += size;
    }
  }
  db.close();
  return written;
}"""


@pytest.fixture
def server(server: Server, folder: Path) -> Server:
    """With some documents that are too large for a full phone."""
    files = [folder / f"large-{number}.md" for number in range(11, 11 + LARGE)]
    paragraph = "Chi bộ họp và phân công trong tháng, mỗi đảng viên nhận một việc cụ thể.\n\n"
    for number, path in enumerate(files, start=11):
        path.write_text(DOCUMENT.format(number=number, word="Làng nghề đá.") + paragraph * 3_000)
    server.run("library", "import", *map(str, files), "--unit", "1.1", "--publish")
    return server


def room(phone: Phone, size: int) -> None:
    phone.cdp.send("Storage.overrideQuotaForOrigin", {"origin": phone.server.url, "quotaSize": size})


def carried(phone: Phone) -> list[str]:
    return [url for url in phone.ask(type="status")["urls"] if url.startswith("/library/") and url != "/library/"]


@pytest.fixture
def full_phone(phone: Phone, prepared: Prepared) -> Phone:
    """The phone of a member for whose documents there was not room enough."""
    room(phone, ROOM)
    phone.page.goto(enrolment(phone.server, prepared.member_id))
    phone.page.click('[data-action="create-passkey"]')
    eventually(phone.address, phone.server.url + "/")
    eventually(lambda: "Máy hết chỗ" in phone.page.inner_text("header"), True, 60)
    return phone


def test_a_download_without_room_says_so_and_goes_on_where_it_stopped(full_phone: Phone, server: Server) -> None:
    phone = full_phone
    assert phone.sync_state() == "stale"
    assert "Hãy xóa bớt ảnh hay tệp khác" in phone.page.inner_text("header")
    before = carried(phone)
    assert 0 < len(before) < LARGE + len(WORDS)
    server.kill()
    phone.restart()
    room(phone, ROOM)
    phone.go(before[0])
    phone.evaluate(FILL)
    phone.unlock()
    for url in before:
        phone.go(url)
        assert phone.from_copy()
    assert phone.sync()["state"] == "offline"
    server.start()
    room(phone, 100 * ROOM)
    server.requests()
    phone.go("/")
    phone.ready()
    fetched = [line.removeprefix("GET ") for line in server.requests() if line.startswith("GET /library/")]
    assert set(fetched).isdisjoint(before)
    assert len(carried(phone)) == LARGE + len(WORDS)


def test_a_form_that_the_phone_cannot_store_stays_on_the_page(full_phone: Phone, server: Server) -> None:
    phone = full_phone
    phone.go(NEW)
    phone.evaluate(FILL)
    write(phone)
    eventually(lambda: "Máy hết chỗ" in phone.page.inner_text("[data-draft-say]"), True)
    phone.page.click("main form button[type=submit]")
    eventually(lambda: "bài vẫn còn trên trang này" in phone.page.inner_text("main form"), True)
    assert phone.page.input_value("[name=text]") == TEXT
    assert items(phone) == [] and opinions(server) == []
    room(phone, 100 * ROOM)
    phone.page.click("main form button[type=submit]")
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT]


def test_a_file_without_room_is_said_at_its_field_and_nothing_is_lost(full_phone: Phone, server: Server) -> None:
    phone = full_phone
    room(phone, 4 * ROOM)  # enough for one small file for certain; then something else takes the rest
    phone.go(NEW)
    write(phone)
    small = picked("nhỏ.pdf", a_pdf(2000))
    choose(phone, small)
    phone.evaluate(FILL)
    choose(phone, picked("lớn.pdf", a_pdf()), kept=1)
    said = "Không nhận “lớn.pdf”: máy hết chỗ"
    eventually(lambda: said in phone.page.inner_text(".field [role=alert]"), True)
    assert phone.page.input_value("[name=text]") == TEXT and "nhỏ.pdf" in phone.page.inner_text(".files")
    room(phone, 100 * ROOM)
    choose(phone, picked("lớn.pdf", a_pdf()), kept=2)
    phone.page.click("main form button[type=submit]")
    eventually(lambda: [name for name, _, whole in arrivals(server) if whole], ["lớn.pdf", "nhỏ.pdf"])


def test_what_was_stored_before_is_sent_also_without_room(full_phone: Phone, server: Server) -> None:
    phone = full_phone
    url = open_document(phone)
    server.kill()
    phone.page.click('[data-action="confirm-reading"]')
    eventually(lambda: states(phone), [("waiting", "offline")])
    phone.evaluate(FILL)
    server.start()
    phone.go(url)
    eventually(lambda: stored(server), (1, 1))
    room(phone, 100 * ROOM)
    eventually(lambda: phone.ask(type="outbox-replay", now=True)["state"], "done")
    assert states(phone) == [("received", None)] and stored(server) == (1, 1)
