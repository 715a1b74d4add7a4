"""A download that is cut off goes on where it stopped: nothing that is here already is fetched a second time."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from handbook.library.models import Document
from tests.browser.conftest import WORDS, Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually

HELD = 2  # documents that do not come until the download has been cut: a lane is left for the others


def fetched(server: Server) -> list[str]:
    """The documents that were asked for since the last call."""
    asked = [line.removeprefix("GET ") for line in server.requests()]
    return [url for url in asked if url.startswith("/library/") and url != "/library/"]


def carried(phone: Phone) -> set[str]:
    return {url for url in phone.ask(type="status")["urls"] if url.startswith("/library/") and url != "/library/"}


def server_killed(phone: Phone) -> None:
    phone.server.kill()


def worker_ended(phone: Phone) -> None:
    phone.cdp.send("ServiceWorker.enable")
    phone.cdp.send("ServiceWorker.stopAllWorkers")
    phone.page.wait_for_timeout(400)


def browser_closed(phone: Phone) -> None:
    phone.close()
    phone.server.kill()  # so that it is seen what came to the disk, before anything more comes
    phone.open()
    phone.go("/library/")
    phone.unlock()


@pytest.mark.parametrize("cut", [server_killed, worker_ended, browser_closed])
def test_a_download_that_is_cut_fetches_only_what_is_missing(
    phone: Phone, server: Server, prepared: Prepared, cut: Callable[[Phone], None]
) -> None:
    with server.database() as db:
        documents = [f"/library/{found.id}" for found in db.exec(select(Document))]
    assert len(documents) == len(WORDS)
    server.misbehave(**{url: {"delay": 25.0} for url in documents[:HELD]})
    phone.page.goto(enrolment(server, prepared.member_id))
    phone.page.click('[data-action="create-passkey"]')
    eventually(phone.address, server.url + "/")
    eventually(lambda: carried(phone), set(documents[HELD:]), 60)
    cut(phone)
    before = carried(phone)
    assert before == set(documents[HELD:])
    server.misbehave()
    fetched(server)
    if not server.process:
        server.start()
    phone.go("/")
    phone.ready()
    assert carried(phone) == set(documents)
    assert sorted(fetched(server)) == sorted(set(documents) - before)
