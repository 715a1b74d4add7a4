"""Phones and server of different releases: what waits to be sent is kept by all of them, and reaches the server once."""

import shutil
import subprocess
import sys

from tests.browser import test_offline_shell_release as release
from tests.browser.harness import ROOT, Phone, Server, eventually
from tests.browser.test_outbox import CONFIRM, ONLINE, open_document, states, stored
from tests.browser.writing import NEW, TEXT, opinions, send_offline, write, write_offline

server = release.server  # the fixture over a tree of its own, which a test may change

SEND = "main form button[type=submit]"
# A release in which an opinion says how urgent it is, too.
URGENCY = '{{ input("urgency", "Độ khẩn", "", required=true) }}'
BEFORE_SUBJECT = '  {{ input("subject"'


def rebuild(server: Server) -> None:
    """Make the front end of the changed tree."""
    tree = server.tree
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tree)
    if not (tree / "node_modules").exists():
        (tree / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    subprocess.run([sys.executable, "tools/frontend.py"], cwd=tree, check=True)


def take_release(phone: Phone, server: Server) -> None:
    """The server starts again with what was changed, and the member takes the new version."""
    server.kill()
    server.start()
    phone.evaluate("navigator.serviceWorker.ready.then(found => found.update()).then(() => 1)")
    phone.evaluate("globalThis.untouched = true")
    phone.page.click("[data-action=update]")
    eventually(lambda: phone.evaluate("globalThis.untouched ?? null"), None)


def ask_for_urgency(server: Server) -> None:
    release.edit(
        server.tree / "handbook/reports/forms/opinions.py",
        "    subject: ",
        "    urgency: Annotated[_Line, Field(min_length=1)]\n    subject: ",
    )
    release.edit(server.tree / "templates/reports/opinion_new.html", BEFORE_SUBJECT, f"  {URGENCY}\n{BEFORE_SUBJECT}")


def ask_no_more(server: Server) -> None:
    for path in ("handbook/reports/forms/opinions.py", "templates/reports/opinion_new.html"):
        shutil.copy(ROOT / path, server.tree / path)


def test_a_newer_store_and_a_release_taken_back_keep_what_waits(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    for name in ("service_worker", "tools"):
        shutil.copytree(ROOT / name, server.tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    url = open_document(phone)
    server.misbehave(**{f"{url}/reading": {"status": 503}})
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])
    phone.go(NEW)
    write(phone)
    eventually(lambda: "Đã lưu trên máy" in phone.page.inner_text("[data-draft-say]"), True)

    store = server.tree / "service_worker/store.js"
    release.edit(store, "const VERSION = 3;", "const VERSION = 4;")
    release.edit(store, '"boxes"]', '"boxes", "pieces"]')
    rebuild(server)
    take_release(phone, server)
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    assert [state for state, _ in states(phone)] == ["waiting"]

    shutil.copy(ROOT / "service_worker/store.js", store)  # it was no good
    rebuild(server)
    take_release(phone, server)
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    assert [state for state, _ in states(phone)] == ["waiting"]
    server.misbehave()
    phone.page.click(SEND)
    eventually(lambda: [state for state, _ in states(phone)], ["received", "received"])
    assert opinions(server) == [TEXT] and stored(server) == (1, 2)


def test_an_old_page_at_a_new_server_is_kept_and_completed(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    write_offline(phone)
    ask_for_urgency(server)
    server.start()
    phone.go("/offline/outbox")
    eventually(lambda: "Cần đồng chí xử lý" in phone.page.inner_text("main"), True)
    assert opinions(server) == []
    phone.page.click("text=Sửa và gửi lại")
    phone.page.locator("[name=urgency]").wait_for()
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    phone.page.fill("[name=urgency]", "thường")
    phone.page.click(SEND)
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT]


def test_a_new_page_at_an_old_server_arrives(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    ask_for_urgency(server)
    server.start()
    assert phone.sync()["state"] == "done"
    server.kill()
    phone.go(NEW)
    assert phone.from_copy()
    write(phone)
    phone.page.fill("[name=urgency]", "thường")
    send_offline(phone)
    ask_no_more(server)  # it was no good
    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT]


def read_versions(server: Server, *versions: str) -> None:
    """A release that reads these versions of an opinion's form; its pages say the last."""
    shutil.copy(ROOT / "handbook/reports/forms/opinions.py", server.tree / "handbook/reports/forms")
    told = ", ".join(f'"{version}"' for version in versions)
    release.edit(
        server.tree / "handbook/reports/forms/opinions.py",
        'VERSIONS: ClassVar = ("1",)',
        f"VERSIONS: ClassVar = ({told},)",
    )


def mend(phone: Phone) -> None:
    """What was refused for its form is found with its words, and sent in the form of the day."""
    phone.go("/offline/outbox")
    eventually(lambda: "mẫu mà sổ tay hiện không đọc được" in phone.page.inner_text("[data-list=refused]"), True)
    assert states(phone) == [("refused", "form.version")] and opinions(phone.server) == []
    phone.restart()
    phone.go("/offline/outbox")
    phone.unlock()
    phone.page.click("text=Sửa và gửi lại")
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    phone.page.click(SEND)
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(phone.server) == [TEXT]


def test_an_old_form_is_read_for_as_long_as_the_server_knows_it(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    write_offline(phone)
    read_versions(server, "1", "2")
    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT]


def test_an_old_form_that_the_server_does_not_read_any_more_is_kept_and_sent_anew(
    member_phone: Phone, server: Server
) -> None:
    phone = member_phone
    write_offline(phone)
    read_versions(server, "2")
    server.start()
    mend(phone)


def test_a_new_form_at_an_old_server_is_kept_and_sent_in_the_old_one(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    read_versions(server, "1", "2")
    server.start()
    assert phone.sync()["state"] == "done"
    write_offline(phone)
    read_versions(server, "1")  # it was no good
    server.start()
    mend(phone)
