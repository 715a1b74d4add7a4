"""Every page in every mode: no accessibility fault, no sideways scroll, nothing too small for a thumb, no complaint in
the console. One phone each for a member and for an officer, so that a page costs a second and not a start."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlmodel import select

from handbook.core.clock import now
from handbook.core.ids import new_id
from handbook.organisation.models import Member
from handbook.policy.actor import Role
from handbook.questions.definition import dumped
from handbook.questions.ready import ready
from handbook.reports.models import Attachment
from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox_attachments import a_pdf, choose, photo, picked
from tests.browser.writing import NEW, kept, write
from tests.factories.organisation import a_member, an_organisation
from tests.factories.reports import (
    a_form,
    a_request,
    a_returned_report,
    a_submission,
    an_opinion,
    answered,
    the_duty,
)

WIDTHS = {"320": (320, 700), "390": (390, 844), "1280": (1280, 900)}
MODES: dict[str, dict[str, str]] = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "contrast": {"theme": "light", "contrast": "more"},
    "200 %": {"theme": "light", "text": "3xl"},
}
# (width, mode): every mode at the usual phone, the others at the edges.
LOOKS = [("390", mode) for mode in MODES] + [("320", "light"), ("320", "200 %"), ("1280", "light"), ("1280", "200 %")]
STRANGER = ["/identity/sign-in", "/identity/enrol", "/identity/enrol/NOSUCHTICKET", "/nowhere", "/offline/missing/vi"]
MEMBER = [
    "/",
    "/library/",
    "/library/?q=khong+co",
    "/reports/",
    "/reports/opinions/new",
    "/identity/devices",
    "/design",
]
OFFICER = [
    "/",
    "/staff/library/",
    "/staff/library/import",
    "/staff/identity/",
    "/staff/reports/",
    "/staff/reports/inbox",
    "/staff/reports/requests/",
    "/staff/reports/requests/new",
]
REPORT = "cell_monthly_report"  # every kind of question, and a table

_TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary, label.choice, label.chip")]
  .filter(element => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
  .filter(element => !element.closest("p, li, dd, .prose, label, .vh, .site-foot") && !element.matches(".skip, .vh"))
  .map(element => [element.outerHTML.slice(0, 90), element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
  .map(([html, box]) => `${html} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
# What display.js does before the first paint.
_DRESS = """mode => { for (const name of ["text", "theme", "contrast"]) {
  if (mode[name]) document.documentElement.dataset[name] = mode[name]; else delete document.documentElement.dataset[name];
} }"""
_AXE = "() => axe.run({resultTypes: ['violations']}).then(({violations}) => violations)"
_SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page, url: str) -> list[str]:
    """What is wrong with the page in each look."""
    page.emulate_media(reduced_motion="reduce")  # colours do not fade from one look to the next while being measured
    page.goto(url, wait_until="networkidle")
    page.evaluate(Axe().axe_script)
    found: list[str] = []
    for width, mode in LOOKS:
        page.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))
        page.evaluate(_DRESS, MODES[mode])
        where = f"{page.url.split('/', 3)[3] or 'home'} at {width}, {mode}"
        violations = page.evaluate(_AXE)
        found += [f"{where}: {fault['id']} {fault['nodes'][0]['target']}" for fault in violations]
        if (over := page.evaluate(_SIDEWAYS)) > 0:
            found.append(f"{where}: {over} px too wide")
        if width != "1280":
            found += [f"{where}: small {small}" for small in page.evaluate(_TOO_SMALL)]
    return found


def all_faults(phone: Phone, paths: list[str]) -> list[str]:
    complaints: list[str] = []
    phone.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    phone.page.on("pageerror", lambda error: complaints.append(str(error)))
    found = [fault for path in paths for fault in faults(phone.page, phone.server.url + path)]
    # The browser itself reports every answer of 404 and 410 as an error.
    return found + [text for text in complaints if "the server responded with a status of 4" not in text]


@pytest.fixture
def server(folder: Path) -> Any:
    """The demo's switch shows the sheet of components too."""
    started = Server(folder)
    started.extra["HANDBOOK_DEMO"] = "true"
    yield started.start()
    started.kill()


def test_pages_for_a_stranger(phone: Phone) -> None:
    assert not (found := all_faults(phone, STRANGER)), "\n".join(found)


def test_pages_of_a_member(member_phone: Phone, server: Server, prepared: Prepared) -> None:
    with server.database() as db:
        author = db.get_one(Member, UUID(prepared.member_id))
        files = [{"id": new_id(), "name": "biên bản.pdf", "kind": "application/pdf", "bytes": 9, "sha256": "0a" * 32}]
        sent = an_opinion(db, author, attachments=files)
        db.exec(select(Attachment)).one().completed_at = now()
        opinion = answered(db, sent, a_member(db, role=Role.CELL_SECRETARY)).id
        duty = the_duty(db, a_request(db, version=a_form(db, definition=dumped(ready(REPORT)))), author).id
        returned = a_returned_report(db, author)
    member_phone.go("/library/")
    document = member_phone.page.locator("main a[href^='/library/0']").first.get_attribute("href")
    assert document
    member_phone.go(NEW)
    write(member_phone)
    choose(
        member_phone,
        picked("biên bản họp chi bộ.pdf", a_pdf()),
        picked("ngõ 14.jpg", photo(member_phone, 300, 200), "image/jpeg"),
    )
    eventually(lambda: kept(member_phone), True, 5)
    reports = [f"/reports/{duty}", f"/reports/{duty}/edit", f"/reports/{returned}", f"/reports/{returned}/edit"]
    paths = [*MEMBER, document, f"/reports/opinions/{opinion}", *reports]
    assert not (found := all_faults(member_phone, paths)), "\n".join(found)


def test_pages_of_an_officer(phone: Phone, server: Server, prepared: Prepared) -> None:
    with server.database() as db:
        officer = str(a_member(db, role=Role.ORG_STAFF).id)
        opinion = f"/staff/reports/opinions/{an_opinion(db).id}"
        author = db.get_one(Member, UUID(prepared.member_id))
        request = a_request(db, unit=an_organisation(db).ward)
        duty = the_duty(db, request, author)
        a_submission(db, duty, author)
        reports = [f"/staff/reports/requests/{request.id}", f"/staff/reports/duties/{duty.id}"]
    phone.enrol(enrolment(server, officer))
    phone.go("/staff/library/import")
    sample = server.folder / "van-kien.md"
    sample.write_text("# KẾ HOẠCH\n\nSố: 9-KH/ĐU\n\n## I. Mục tiêu\n\nTrồng cây ven đường.\n")
    phone.page.set_input_files("input[type=file]", str(sample))
    phone.page.click("main form button[type=submit]")
    phone.page.wait_for_url("**/staff/library/import/*")
    preview = phone.page.url.removeprefix(server.url)
    access = f"/staff/identity/members/{prepared.member_id}/tickets"
    assert not (found := all_faults(phone, [*OFFICER, preview, access, opinion, *reports])), "\n".join(found)
