"""Journeys: a phone, a server of its own for each test, and a library of imported documents."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Playwright, sync_playwright
from sqlmodel import update

from handbook.core.clock import now
from handbook.identity.models import AuthSession, Purpose
from handbook.identity.rules import tickets
from handbook.policy.actor import Actor
from tests.browser.harness import Phone, Server, eventually
from tests.factories.organisation import a_member, an_organisation

DOCUMENT = """# NGHỊ QUYẾT

Số: {number}-NQ/ĐU

Ngày {number} tháng 3 năm 2026

Về nhiệm vụ thứ {number} của Chi bộ

## I. Mục tiêu

Giữ vệ sinh ven suối Lam Khê, đợt {number}. {word}

## II. Thực hiện

Chi bộ họp và phân công trong tháng {number}.
"""
WORDS = ("gốm", "chè", "tre", "lụa", "giấy")


@dataclass(frozen=True)
class Prepared:
    """A migrated, filled database to copy, and who is in it."""

    folder: Path
    member_id: str
    neighbour_id: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Two members of one cell and five documents for it, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    server = Server(folder)
    server.run("db", "upgrade")
    with server.database() as db:
        an_organisation(db)
        member, neighbour = (str(a_member(db).id) for _ in range(2))
    files = folder / "documents"
    files.mkdir()
    for number, word in enumerate(WORDS, start=1):
        (files / f"{number}.md").write_text(DOCUMENT.format(number=number, word=f"Làng nghề {word}."))
    server.run("library", "import", *map(str, sorted(files.iterdir())), "--unit", "1.1", "--publish")
    return Prepared(folder, member, neighbour)


@pytest.fixture(scope="session")
def enrolled(prepared: Prepared, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Phone:
    """The member's phone with its copy, closed, and the database of its server, both to be copied: made once."""
    server = Server(copied(prepared.folder, tmp_path_factory.mktemp("enrolled") / "data")).start()
    phone = Phone(playwright, server, server.folder.parent / "profile").enrol(enrolment(server, prepared.member_id))
    phone.close()
    server.kill()
    return phone


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> Phone | None:
    """What a test begins with that asks for `member_phone`."""
    return request.getfixturevalue("enrolled") if "member_phone" in request.fixturenames else None


@pytest.fixture
def folder(prepared: Prepared, kept: Phone | None, tmp_path: Path) -> Path:
    """A copy of the prepared database for one test."""
    return copied(kept.server.folder if kept else prepared.folder, tmp_path / "data")


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    started = Server(folder).start()
    yield started
    started.kill()


@pytest.fixture
def phone(playwright: Playwright, server: Server, kept: Phone | None, tmp_path: Path) -> Iterator[Phone]:
    opened = Phone(playwright, server, tmp_path / "profile", like=kept)
    yield opened
    opened.context.close()


@pytest.fixture
def member_phone(phone: Phone) -> Phone:
    """The phone of a member who has enrolled, with its copy."""
    phone.go("/")
    return phone.unlock().at_rest()


def copied(source: Path, folder: Path) -> Path:
    """The database alone, where its last server stopped. Whoever is signed in was so just now."""
    folder.mkdir()
    for file in source.glob("handbook.db*"):
        shutil.copy(file, folder)
    with Server(folder).database() as db:
        db.exec(update(AuthSession).values(created_at=now(), last_seen_at=now(), last_step_up_at=now()))
    return folder


@pytest.fixture
def sealless_phone(playwright: Playwright, server: Server, prepared: Prepared, tmp_path: Path) -> Iterator[Phone]:
    """The phone of a member whose passkey cannot seal, signed in; nothing is kept on it."""
    opened = Phone(playwright, server, tmp_path / "sealless", prf="none")
    opened.page.goto(enrolment(server, prepared.member_id))
    opened.page.click('[data-action="create-passkey"]')
    eventually(opened.address, server.url + "/")
    eventually(opened.sync_state, "unsupported")
    yield opened
    opened.context.close()


def enrolment(server: Server, member_id: str) -> str:
    """A fresh enrolment link for this member, as the operator's command prints it."""
    with server.database() as db:
        _, token = tickets.issue(db, Actor.system(), UUID(member_id), Purpose.ENROL, hours=1)
    return f"{server.url}/identity/enrol/{token}"
