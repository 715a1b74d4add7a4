"""A second visit is painted from the phone without a request; what is new comes right after."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.browser.conftest import DOCUMENT
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_offline_expiry import DAYS_LATER
from tests.browser.test_offline_never_stores import document

# When the first words of this page were on the screen, in seconds of the machine's clock.
PAINTED = """() => new Promise(resolve => new PerformanceObserver((list, observer) => {
  const painted = list.getEntries().find(({name}) => name === "first-contentful-paint");
  if (!painted) return;
  observer.disconnect();
  resolve((performance.timeOrigin + painted.startTime) / 1000);
}).observe({type: "paint", buffered: true}))"""

# What the browser looks after on its own, no paint waits for it: the worker's file, and how the handbook is installed.
BY_ITSELF = ("GET /sw.js", "GET /manifest.webmanifest", "GET /static/dist/icons/")


@contextmanager
def arrivals(server: Server) -> Iterator[list[tuple[float, str]]]:
    """Requests with the time at which each reached the server, to some milliseconds."""
    server.requests()
    found: list[tuple[float, str]] = []
    done = Event()

    def watch() -> None:
        while not done.wait(0.002):
            lines = (server.folder / "requests.log").read_text().splitlines()
            found.extend((time.time(), line) for line in lines[len(found) :])

    watcher = Thread(target=watch)
    watcher.start()
    yield found
    done.set()
    watcher.join()


def change(server: Server, number: int, word: str) -> None:
    """Publish the next version of one of the documents."""
    file = server.folder / f"{number}.md"
    file.write_text(DOCUMENT.format(number=number, word=word))
    server.run("library", "import", str(file), "--unit", "1.1", "--publish")


def first_document(phone: Phone) -> str:
    """The address of the document with the number 1, known by its text."""
    phone.go("/library/?q=lang+nghe+gom")
    links = phone.page.locator("main li .row__title a")
    assert links.count() == 1
    link = links.get_attribute("href")
    assert link
    return link


def test_a_second_visit_paints_before_the_network_is_asked(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    for path in ("/", "/library/", document(phone)):
        server.misbehave(**{path: {"delay": 5}})
        assert phone.sync()["state"] == "done"  # no turn of an earlier page is under way, which this visit would join
        with arrivals(server) as found:
            phone.go(path)
            painted = phone.evaluate(PAINTED)
            assert phone.from_copy() and phone.heading()
            eventually(lambda found=found: any(line == "GET /offline/manifest" for _, line in found), True)
            phone.ready()
        asked = [(at, line) for at, line in found if not line.startswith(BY_ITSELF)]
        assert [line for _, line in asked] == ["GET /offline/manifest"]
        assert asked[0][0] > painted, (painted, found)


def test_a_change_shows_by_itself_while_nobody_has_touched_the_page(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = first_document(phone)
    change(server, 1, "Bổ sung nghề mộc.")
    server.requests()
    phone.go(url)
    eventually(lambda: "Bổ sung nghề mộc" in phone.page.inner_text("main"), True)
    assert phone.from_copy()
    phone.ready()
    assert server.requests().count(f"GET {url}") == 1


def test_a_change_waits_for_the_members_word_under_their_hands(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = first_document(phone)
    phone.go(url)
    phone.ready()
    phone.page.mouse.wheel(0, 200)
    phone.evaluate("globalThis.untouched = true")
    change(server, 1, "Bổ sung nghề rèn.")
    phone.evaluate("dispatchEvent(new Event('online'))")
    notice = phone.page.locator("[data-notice=renewal]")
    notice.wait_for(state="visible")
    assert phone.evaluate("globalThis.untouched") is True
    assert "nghề rèn" not in phone.page.inner_text("main")
    notice.locator("button").click()
    eventually(lambda: "Bổ sung nghề rèn" in phone.page.inner_text("main"), True)


def test_the_page_after_a_form_shows_what_the_form_did(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = first_document(phone)
    phone.go(url)
    assert phone.from_copy()
    phone.page.click("text=Tôi đã đọc và nắm nội dung")
    phone.page.wait_for_url("**#da-doc")
    assert "Đồng chí đã xác nhận" in phone.page.inner_text("main")
    assert not phone.from_copy()
    assert phone.sync()["state"] == "done"
    phone.go(url)
    assert phone.from_copy() and "Đồng chí đã xác nhận" in phone.page.inner_text("main")


def test_a_session_that_is_over_leads_to_the_sign_in_page(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.context.clear_cookies()
    phone.go("/library/")
    eventually(phone.address, f"{server.url}/identity/sign-in?next=/library/")
    server.requests()
    phone.go("/")  # the server has said so: it is asked first from now on
    assert "/identity/sign-in" in phone.page.url and "GET /" in server.requests()
    phone.page.click('[data-action="sign-in"]')
    eventually(phone.address, server.url + "/")
    assert not phone.from_copy()


def test_a_copy_not_compared_for_long_says_so(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.evaluate(DAYS_LATER, 1)
    server.misbehave(**{"/offline/manifest": {"delay": 3}})
    phone.go("/library/")
    assert phone.from_copy() and phone.sync_state() == "stale"
    phone.ready()


def test_what_the_member_reloads_or_searches_comes_from_the_network(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    phone.go("/library/")
    assert phone.from_copy()
    phone.reload()
    assert not phone.from_copy()
    phone.go("/library/?q=suoi")
    assert not phone.from_copy()
