"""Shells, fragments and the index: the pieces that the worker makes pages of."""

import re

import pytest
from sqlmodel import Session

from handbook.offline.shells import NAMES
from tests.offline.conftest import Phone, a_document
from tests.page import check_manners

SLOT = re.compile(r"<!--slot:([a-z_]+)-->(.*?)<!--/slot-->", re.S)
HOLE = re.compile(r"<!--slot:([a-z_]+)-->|%%slot:([a-z_]+)%%")


def composed(shell: str, fragment: str) -> str:
    """What the worker makes of the two (service_worker/compose.js)."""
    slots = dict(SLOT.findall(fragment)) | {"here": "/"}
    return HOLE.sub(lambda hole: slots.get(hole[1] or hole[2], "").strip(), shell)


def normal(html: str) -> str:
    """Blank lines and spaces around lines do not count; the address in the language switch is the shell's own."""
    lines = (line.strip() for line in re.sub(r'name="next" value="[^"]*"', "", html).splitlines())
    return re.sub(r">\s+|\s+<", lambda gap: gap[0].strip(), "\n".join(line for line in lines if line))


def test_shell_and_fragment_make_the_page_that_the_server_shows(phone: Phone, db: Session) -> None:
    document = a_document(db, 1)
    db.commit()
    for path in ("/", "/library/", "/identity/devices", document):
        fragment = phone.get(path).get_data(as_text=True)
        slots = {name: value.strip() for name, value in SLOT.findall(fragment)}
        name = f"{slots['chrome']}-{slots['place']}"
        assert name in NAMES, f"{path} needs the shell {name}"
        page = composed(phone.ask(f"/offline/shells/{name}").get_data(as_text=True), fragment)
        check_manners(page)
        assert normal(page) == normal(phone.client.get(path).get_data(as_text=True)), path


@pytest.mark.parametrize("name", NAMES)
def test_a_shell_has_gaps_and_nothing_of_a_member(phone: Phone, name: str) -> None:
    html = phone.ask(f"/offline/shells/{name}").get_data(as_text=True)
    gaps = {found[0] or found[1] for found in HOLE.findall(html)}
    assert {"title", "content", "here"} <= gaps
    assert ("back_href" in gaps) is name.startswith("inner")
    assert phone.member.full_name not in html


def test_there_is_no_other_shell(phone: Phone) -> None:
    phone.get("/offline/shells/staff-home", status=404)


def test_fragments_hold_nothing_of_the_shell_and_nothing_volatile(phone: Phone, db: Session) -> None:
    document = a_document(db, 1)
    db.commit()
    for path in ("/", "/library/", "/identity/devices", document):
        first, second = (phone.get(path).get_data(as_text=True) for _ in range(2))
        assert first == second
        assert "<html" not in first and "handbook.css" not in first and "tabbar" not in first


def test_the_index_names_what_the_list_shows_newest_first(phone: Phone, db: Session) -> None:
    urls = [a_document(db, number) for number in (1, 2)]
    db.commit()
    index = phone.get("/offline/index.json").json
    assert [item["url"] for item in index["items"]] == urls[::-1]
    assert index["items"][0] | {"url": ""} == {
        "url": "",
        "title": "Nhiệm vụ 2",
        "symbol": index["items"][0]["symbol"],
        "kind": "nghi-quyet",
        "kind_name": "Nghị quyết",
        "issuer": "Chi bộ tổ dân phố 1",
        "year": 2026,
        "date": "2026-03-02",
        "date_words": "02/03/2026",
        "standing": "in_force",
        "unread": True,
        "read_before": "",
    }
    assert all(index["words"].values())


def test_the_missing_page_gives_each_reason_of_its_own(phone: Phone) -> None:
    html = phone.client.get("/offline/missing/vi").get_data(as_text=True)
    assert re.findall(r"<!--when:([a-z-]+)-->", html) == ["not-saved", "no-copy", "expired"]
    assert html.count("<!--/when-->") == 3
    assert "X-Handbook-Member" not in phone.client.get("/offline/missing/vi").headers
