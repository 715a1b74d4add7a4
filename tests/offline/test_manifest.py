"""What belongs on a phone, and when an entry of it changes."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from handbook.core import clock
from handbook.core.db import Database
from handbook.offline import pack as offline_pack
from handbook.offline.shells import NAMES
from tests.factories.organisation import a_member, an_organisation
from tests.offline.conftest import Phone, a_document, signed_in
from tests.page import Client


def test_it_lists_shells_own_pages_the_index_and_every_document(phone: Phone, db: Session) -> None:
    urls = [a_document(db, number) for number in (1, 2, 3)]
    db.commit()
    manifest = phone.manifest()
    kinds = {entry["url"]: entry["kind"] for entry in manifest["entries"]}
    assert [url for url, kind in kinds.items() if kind == "shell"] == [f"/offline/shells/{name}" for name in NAMES]
    assert [url for url, kind in kinds.items() if kind == "index"] == ["/offline/index.json"]
    contents = [url for url, kind in kinds.items() if kind == "content"]
    own = ["/", "/library/", "/identity/devices", "/offline/outbox", "/reports/opinions/new", "/reports/"]
    assert contents[: len(own)] == own and set(contents[len(own) :]) == set(urls)
    assert all(entry["bytes"] > 0 and entry["revision"] for entry in manifest["entries"])


def test_it_says_whose_it_is_and_until_when_it_may_be_shown(phone: Phone) -> None:
    answer = phone.get("/offline/manifest")
    manifest = answer.json
    assert manifest["format"] == offline_pack.FORMAT
    assert manifest["member"] == answer.headers["X-Handbook-Member"] and len(manifest["member"]) == 22
    days = (manifest["valid_until"] - manifest["generated"]) / 86400
    assert days == 30
    assert abs(manifest["generated"] - clock.now().timestamp()) < 60
    assert answer.headers["Cache-Control"] == "no-store"


def test_documents_of_another_cell_are_not_listed(phone: Phone, db: Session) -> None:
    an_organisation(db)
    theirs = a_document(db, 4, cell="10.1")
    db.commit()
    assert theirs not in phone.revisions()


def test_two_members_never_share_a_tag(client: Client, db: Session) -> None:
    tags = {signed_in(client, db, a_member(db)).manifest()["member"] for _ in range(2)}
    assert len(tags) == 2


def test_unchanged_it_is_the_same_to_the_byte(phone: Phone, db: Session) -> None:
    a_document(db, 1)
    db.commit()
    assert phone.manifest()["entries"] == phone.manifest()["entries"]


def test_a_new_document_changes_list_and_index_and_no_other_document(phone: Phone, db: Session) -> None:
    a_document(db, 1)
    db.commit()
    before = phone.revisions()
    new = a_document(db, 2)
    db.commit()
    after = phone.revisions()
    changed = {url for url, revision in after.items() if before.get(url) != revision}
    assert {new, "/library/", "/offline/index.json"} <= changed <= {new, "/", "/library/", "/offline/index.json"}


def test_a_revised_document_alone_is_fetched_again(phone: Phone, db: Session) -> None:
    first, second = a_document(db, 1), a_document(db, 2)
    db.commit()
    before = phone.revisions()
    assert a_document(db, 1, text="Văn bản đã sửa.") == first
    db.commit()
    after = phone.revisions()
    assert before[first] != after[first] and before[second] == after[second]


def test_the_language_changes_what_is_kept(phone: Phone, db: Session) -> None:
    document = a_document(db, 1)
    db.commit()
    before = phone.revisions()
    phone.client.post("/language", {"language": "en", "next": "/"})
    after = phone.revisions()
    same = {url for url, revision in after.items() if before[url] == revision}
    assert not [url for url in same if url.startswith("/offline/shells/") or url == document]


def test_the_budget_is_hard(phone: Phone, db: Session) -> None:
    for number in range(1, 6):
        a_document(db, number)
    db.commit()
    with phone.client.app.test_request_context("/offline/manifest", headers={"X-Handbook-Fetch": "pack"}):
        sizes = [entry.bytes for entry in offline_pack._within(900, map(_entry, (500, 300, 200, 100)))]
    assert sizes == [500, 300, 100]
    manifest = phone.manifest()
    assert sum(entry["bytes"] for entry in manifest["entries"]) <= manifest["budget"] == 50_000_000


def _entry(size: int) -> offline_pack.Entry:
    return offline_pack.Entry(f"/{size}", "1", size, "content")


def test_staff_carry_less(client: Client, db: Session) -> None:
    officer = a_member(db, role="org_staff")
    assert signed_in(client, db, officer, staff=True).manifest()["budget"] == 25_000_000


@pytest.mark.parametrize("path", ["/offline/manifest", "/offline/shells/cover-home", "/offline/index.json"])
def test_signed_out_the_worker_is_told_so_and_people_are_led_to_sign_in(client: Client, path: str) -> None:
    assert "X-Handbook-Member" not in client.get(path, status=401, headers={"X-Handbook-Fetch": "pack"}).headers
    assert client.get(path, status=303).headers["Location"].startswith("/identity/sign-in")


def test_too_many_questions_are_put_off(own_app: Flask, own_database: Database) -> None:
    with own_database.session() as db:
        phone = signed_in(Client(own_app, db), db, a_member(db))
        answers = (phone.ask("/offline/manifest") for _ in range(130))  # two windows' worth: one may begin meanwhile
        answer = next(answer for answer in answers if answer.status_code == 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_an_ended_session_gets_no_manifest(phone: Phone, shift_clock: object) -> None:
    shift_clock(timedelta(days=31))
    phone.get("/offline/manifest", status=401)
