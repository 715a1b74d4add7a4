"""The first look: one command fills an empty machine, the second keeps everything and prints fresh links."""

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import col, select

from handbook.cli import gather
from handbook.core import clock
from handbook.core.db import Database
from handbook.core.settings import load
from handbook.demo import keys, loading
from handbook.identity.rules import tickets
from handbook.library.models import Document
from handbook.organisation import queries
from handbook.organisation.models import CellCount, Member
from handbook.policy.actor import Role
from handbook.policy.scopes import Reach
from handbook.reports.models import Opinion

LINK = re.compile(r"^enrol  (\S+)  (.+)  (http://localhost:8137/identity/enrol/([0-9A-Z]{26}))$", re.M)
Demo = Callable[[], Result]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    """`handbook demo` on a machine without any setting."""
    for name in (*keys.NAMES, "HANDBOOK_ORIGIN", "HANDBOOK_DATABASE_URL", "HANDBOOK_DEMO"):
        # Set first, so that what the command sets is taken back after the test.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("HANDBOOK_DATA_DIR", str(tmp_path / "var"))
    return lambda: CliRunner().invoke(gather(), ["demo", "--port", "8137", "--no-serve"])


def test_a_second_start_keeps_everything_and_prints_fresh_links(demo: Demo, tmp_path: Path) -> None:
    first = demo()
    assert first.exit_code == 0, first.output
    links = LINK.findall(first.output)
    roles = [role for role, *_ in links]
    assert len(roles) == len(set(roles)) >= 6
    assert {"member", "cell_secretary", "org_staff", "editor", "inspector", "system_admin"} <= set(roles)
    keys_file = tmp_path / "var" / "demo-keys"
    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    kept = keys_file.read_bytes()

    second = demo()
    assert second.exit_code == 0, second.output
    fresh = LINK.findall(second.output)
    assert [link[:2] for link in fresh] == [link[:2] for link in links]
    assert not {link[3] for link in fresh} & {link[3] for link in links}
    assert keys_file.read_bytes() == kept
    database = Database(load())
    with database.unit_of_work(read_only=True) as db:
        assert len(db.exec(select(Member)).all()) == sum(row.members for row in db.exec(select(CellCount))) >= 30
        assert 6 <= len(db.exec(select(Document)).all()) <= 8
        for role, name, _, token in fresh:
            ticket = tickets.look_up(db, token)
            assert queries.member(db, ticket.member_id).full_name == name
            assert Role(role) in {held.role for held in queries.actor_of(db, ticket.member_id).posts}
    database.engine.dispose()


def test_the_demo_is_not_mixed_into_real_units(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo().exit_code == 0
    monkeypatch.setattr(loading, "_TOP", "OTHER")
    result = demo()
    assert result.exit_code == 1
    assert "Cơ sở dữ liệu đã có đơn vị khác" in result.output


def test_documents_read_as_intended(own_database, own_settings) -> None:
    with own_database.unit_of_work() as db:
        assert loading.load(db, own_settings)
        assert not loading.load(db, own_settings)
        documents = {document.symbol: document for document in db.exec(select(Document))}
        assert all(document.published_at and document.key_points for document in documents.values())
        assert all(400 <= document.word_count <= 1200 for document in documents.values())
        due = [one.read_before for one in documents.values() if one.read_before]
        assert any(day < clock.today() for day in due) and any(day > clock.today() for day in due)
        ward = queries.members_of(db, Reach(below=("/TP/BL/",)), limit=100).rows
        assert len(ward) == 30


def test_opinions_read_as_intended(own_database, own_settings) -> None:
    with own_database.unit_of_work() as db:
        assert loading.load(db, own_settings)
        opinions = db.exec(select(Opinion).order_by(col(Opinion.submitted_at))).all()
        assert [one.kind for one in opinions] == ["proposal", "question", "opinion"]
        assert [one.answered_at is not None for one in opinions] == [True, False, False]
        assert all(len(one.text) > 150 and "\n\n" in one.text for one in opinions)


def test_keys_of_the_operator_are_left_alone(tmp_path: Path) -> None:
    own = dict.fromkeys(keys.NAMES, "own")
    keys.provide(own, tmp_path)
    assert set(own.values()) == {"own"}
    assert not list(tmp_path.iterdir())
    some = {keys.NAMES[0]: "own"}
    keys.provide(some, tmp_path)
    assert some[keys.NAMES[0]] == "own"
    assert len({some[name] for name in keys.NAMES}) == len(keys.NAMES)
    assert all(len(some[name]) >= 32 for name in keys.NAMES[1:])


def test_a_key_that_came_with_a_later_release_is_added(tmp_path: Path) -> None:
    first: dict[str, str] = {}
    keys.provide(first, tmp_path)
    file = tmp_path / "demo-keys"
    older = [line for line in file.read_text().splitlines() if not line.startswith(keys.NAMES[-1])]
    file.write_text("\n".join(older) + "\n")
    again: dict[str, str] = {}
    keys.provide(again, tmp_path)
    assert {name: again[name] for name in keys.NAMES[:-1]} == {name: first[name] for name in keys.NAMES[:-1]}
    assert len(again[keys.NAMES[-1]]) >= 32 and stat.S_IMODE(file.stat().st_mode) == 0o600
