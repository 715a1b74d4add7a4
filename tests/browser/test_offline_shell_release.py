"""A release that changes only how the handbook looks makes phones fetch the shell again and not one document."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import WORDS, Prepared, enrolment
from tests.browser.harness import ROOT, Phone, Server


@pytest.fixture
def server(folder: Path, tmp_path: Path) -> Iterator[Server]:
    """The application out of a tree of its own, which a test may change like a release does."""
    tree = tmp_path / "tree"
    for name in ("handbook", "templates", "static", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("node_modules"))
    started = Server(folder, tree).start()
    yield started
    started.kill()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_new_look_fetches_shells_and_no_document(phone: Phone, server: Server, prepared: Prepared) -> None:
    phone.enrol(enrolment(server, prepared.member_id))
    server.kill()
    edit(server.tree / "templates/layouts/member.html", "<header>", '<header class="new-look">')
    edit(server.tree / "static/dist/handbook.css", "@layer", "/* new */@layer")
    server.start()
    server.requests()
    outcome = phone.sync()
    asked = server.requests()

    assert outcome["state"] == "done"
    assert any(line.startswith("GET /offline/shells/") for line in asked)
    assert not [
        line for line in asked if line.startswith("GET /library/") or line in ("GET /", "GET /identity/devices")
    ]
    assert len(asked) <= 1 + 6, asked
    server.kill()
    phone.go(phone.ask(type="status")["urls"][-1])
    assert phone.page.locator("header.new-look").count() == 1


def test_a_new_way_of_showing_documents_fetches_each_document_once(
    phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone.enrol(enrolment(server, prepared.member_id))
    server.kill()
    page = server.tree / "templates/library/show.html"
    page.write_text(page.read_text().replace("{% block content %}", "{% block content %}<p>mới</p>", 1))
    server.start()
    server.requests()
    assert phone.sync()["state"] == "done"
    documents = [line for line in server.requests() if line.startswith("GET /library/") and line != "GET /library/"]
    assert len(documents) == len(set(documents)) == len(WORDS)


def test_nothing_new_costs_one_request(phone: Phone, server: Server, prepared: Prepared) -> None:
    phone.enrol(enrolment(server, prepared.member_id))
    carried = len(phone.ask(type="status")["urls"])
    server.requests()
    outcome = phone.sync()
    assert outcome["state"] == "done" and outcome["fetched"] == 0 and outcome["kept"] > carried
    # The browser looks after the worker's own file by itself.
    assert [line for line in server.requests() if line != "GET /sw.js"] == ["GET /offline/manifest"]
