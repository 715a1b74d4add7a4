"""What a member does who writes an opinion, step by step, and what has come of it."""

from sqlmodel import select

from handbook.reports.models import Opinion
from tests.browser.harness import Phone, Server, eventually

NEW = "/reports/opinions/new"
TEXT = "Đề nghị chi bộ bàn việc sửa đường vào xóm Đồng Mít trước mùa mưa."


def write(phone: Phone, text: str = TEXT, subject: str = "Sửa đường xóm Đồng Mít") -> None:
    page = phone.page
    page.locator("form[data-draft-ready]").wait_for()
    page.select_option("[name=kind]", index=1)
    page.select_option("[name=unit_id]", index=1)
    page.fill("[name=subject]", subject)
    page.fill("[name=text]", text)


def opinions(server: Server) -> list[str]:
    with server.database() as db:
        return [opinion.text for opinion in db.exec(select(Opinion))]


# The page has gone to what was sent, or its form says what became of it.
SETTLED = """!globalThis.pressed
  || ![undefined, 'wordSending'].includes(document.querySelector('main form[data-outbox]')?.dataset.outboxState)"""


def send(phone: Phone, *, settled: bool = True) -> None:
    """Press the button, and let the page say what became of it: it goes on by itself, also under a test that leaves."""
    phone.evaluate("globalThis.pressed = true")
    phone.page.click("main form button[type=submit]")
    if settled:
        eventually(lambda: phone.page.evaluate(SETTLED), True, 40)


def kept(phone: Phone) -> bool:
    return "Đã lưu trên máy" in phone.page.inner_text("[data-draft-say]")


FORM_BYTES = "new URLSearchParams(new FormData(document.querySelector('form[data-draft]'))).toString().length"


def whole(phone: Phone) -> bool:
    """Whether all that stands in the form is in a draft: it is kept while it is written, and once more at the end."""
    drafts = phone.ask(type="draft-list")["drafts"]
    return phone.evaluate(FORM_BYTES) in [one["bytes"] for one in drafts]


def send_offline(phone: Phone) -> None:
    """Hand what is written over without a network: it waits on the phone."""
    send(phone)
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)


def write_offline(phone: Phone, text: str = TEXT) -> None:
    """Cut the network, and write and hand over an opinion all the same."""
    phone.server.kill()
    phone.go(NEW)
    assert phone.from_copy()
    write(phone, text=text)
    send_offline(phone)
