"""What lists and single reads give: one's own, and what waits within reach."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from handbook.core import clock
from handbook.core.errors import Missing
from handbook.core.paging import to_cursor
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member
from handbook.policy.actor import Actor, Role
from handbook.reports import pack, queries
from handbook.reports.forms import FileLimits
from handbook.reports.models import Attachment
from handbook.reports.queries import OpinionLine
from tests.factories.organisation import a_member, an_organisation
from tests.factories.reports import an_opinion, answered

Shift = Callable[[timedelta], None]
LIMITS = FileLimits(most=5, each=1_000_000, together=2_000_000)


def acting(db: Session, member: Member) -> Actor:
    return organisation.actor_of(db, member.id)


def subjects(lines: list[OpinionLine]) -> list[str]:
    return [line.subject for line in lines]


def test_mine_are_mine_the_newest_first(db: Session, shift_clock: Shift) -> None:
    author = a_member(db)
    for day in range(3):
        shift_clock(timedelta(days=day))
        an_opinion(db, author, subject=f"Việc {day}")
        an_opinion(db, subject="Của đồng chí khác")
    assert subjects(queries.mine(db, acting(db, author)).rows) == ["Việc 2", "Việc 1", "Việc 0"]
    assert queries.mine(db, Actor.system()).rows == []


def test_what_waits_longest_stands_first_and_pages_lose_nothing(db: Session, shift_clock: Shift) -> None:
    reader = acting(db, a_member(db, role=Role.CELL_SECRETARY))
    for day in range(7):
        shift_clock(timedelta(days=day // 3))  # several at the same moment or nearly so
        an_opinion(db, subject=f"Việc {day}")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = queries.waiting(db, reader, cursor=cursor, limit=2)
        seen += subjects(page.rows)
        cursor = page.next
    assert sorted(seen) == [f"Việc {day}" for day in range(7)]
    assert [subject[-1] for subject in seen] == sorted(subject[-1] for subject in seen)


def test_an_answer_moves_it_from_one_list_to_the_other(db: Session) -> None:
    secretary = a_member(db, role=Role.CELL_SECRETARY)
    opinion, reader = an_opinion(db), acting(db, secretary)
    assert (len(queries.waiting(db, reader).rows), len(queries.answered(db, reader).rows)) == (1, 0)
    answered(db, opinion, secretary)
    assert (len(queries.waiting(db, reader).rows), len(queries.answered(db, reader).rows)) == (0, 1)


def test_reach_follows_the_unit_addressed_and_not_the_author(db: Session) -> None:
    tree, author = an_organisation(db), a_member(db)
    for name in ("cell", "ward", "city"):
        an_opinion(db, author, unit=getattr(tree, name), subject=name)
    an_opinion(db, a_member(db, cell=tree.other_cell), subject="other")
    expected = {
        (Role.CELL_SECRETARY, "cell"): {"cell"},
        (Role.CELL_SECRETARY, "second_cell"): set(),
        (Role.BASE_OFFICER, "ward"): {"cell", "ward"},
        (Role.ORG_STAFF, "city"): {"cell", "ward", "city", "other"},
        (Role.INSPECTOR, "city"): set(),
        (Role.SYSTEM_ADMIN, "city"): set(),
    }
    for (role, place), names in expected.items():
        reader = acting(db, a_member(db, role=role, unit=getattr(tree, place)))
        assert set(subjects(queries.waiting(db, reader).rows)) == names, (role, place)


def test_ones_own_does_not_wait_for_oneself(db: Session) -> None:
    secretary = a_member(db, role=Role.CELL_SECRETARY)
    opinion = an_opinion(db, secretary)
    assert queries.waiting(db, acting(db, secretary)).rows == []
    found = queries.get(db, acting(db, secretary), opinion.id)
    assert found.own and not found.may_answer
    assert subjects(queries.waiting(db, Actor.system()).rows) == [opinion.subject]


def test_one_says_whose_it_is_where_it_went_and_who_answered(db: Session) -> None:
    tree, secretary, author = an_organisation(db), a_member(db, role=Role.CELL_SECRETARY), a_member(db)
    opinion = an_opinion(db, author)
    found = queries.get(db, acting(db, secretary), opinion.id)
    assert (found.own, found.may_answer, found.answered_by) == (False, True, None)
    answered(db, opinion, secretary)
    found = queries.get(db, acting(db, author), opinion.id)
    assert (found.owner_name, found.cell_name, found.unit.id) == (author.full_name, tree.cell.name, tree.cell.id)
    assert (found.own, found.answered_by) == (True, (Role.CELL_SECRETARY, tree.cell.name))
    assert not queries.get(db, acting(db, secretary), opinion.id).may_answer


def test_out_of_reach_and_unknown_are_the_same(db: Session) -> None:
    tree = an_organisation(db)
    opinion = an_opinion(db, unit=tree.ward)
    for reader in (a_member(db), a_member(db, role=Role.CELL_SECRETARY), a_member(db, role=Role.INSPECTOR)):
        for opinion_id in (opinion.id, uuid4()):
            with pytest.raises(Missing) as found:
                queries.get(db, acting(db, reader), opinion_id)
            assert found.value.code in ("not_found", "opinion.missing")


def test_the_own_cell_is_offered_first(db: Session) -> None:
    tree = an_organisation(db)
    offered = queries.addressees(db, acting(db, a_member(db, role=Role.ORG_STAFF)))
    assert [unit.id for unit in offered] == [tree.cell.id, tree.ward.id, tree.city.id]


@pytest.mark.parametrize("cursor", ["", "zzz", "W10", to_cursor("x", "y"), to_cursor("2026-01-01T00:00:00", "y"),
                                    to_cursor("2026-01-01T00:00:00", str(UUID(int=7)))])  # fmt: skip
def test_a_cursor_that_is_none_of_ours_gives_the_first_page(db: Session, cursor: str) -> None:
    author = a_member(db)
    an_opinion(db, author)
    assert len(queries.mine(db, acting(db, author), cursor=cursor).rows) == 1


def revisions(db: Session, member: Member, limits: FileLimits = LIMITS) -> dict[str, str]:
    return {item.url: item.revision for item in pack.pack(db, acting(db, member), limits)}


def test_a_phone_carries_form_list_and_own_opinions(db: Session) -> None:
    author = a_member(db)
    assert list(revisions(db, author)) == ["/reports/opinions/new", "/reports/"]
    opinion = an_opinion(db, author)
    an_opinion(db)
    assert list(revisions(db, author)) == ["/reports/opinions/new", "/reports/", f"/reports/opinions/{opinion.id}"]
    assert all(item.bytes > 0 for item in pack.pack(db, acting(db, author), LIMITS))
    assert pack.pack(db, Actor.system(), LIMITS) == []


def test_an_answer_changes_its_page_and_the_list_and_nothing_else(db: Session) -> None:
    author, secretary = a_member(db), a_member(db, role=Role.CELL_SECRETARY)
    first, second = an_opinion(db, author), an_opinion(db, author)
    before = revisions(db, author)
    assert revisions(db, author) == before
    answered(db, first, secretary)
    after = revisions(db, author)
    changed = {url for url in after if after[url] != before[url]}
    assert changed == {"/reports/", f"/reports/opinions/{first.id}"} and f"/reports/opinions/{second.id}" in after


def test_a_unit_that_is_renamed_changes_the_form(db: Session) -> None:
    author, tree = a_member(db), an_organisation(db)
    before = revisions(db, author)
    tree.ward.name = "Đảng bộ phường Mới"
    db.flush()
    assert revisions(db, author)["/reports/opinions/new"] != before["/reports/opinions/new"]


def test_other_limits_change_the_form_and_a_file_that_arrives_its_opinion(db: Session) -> None:
    author = a_member(db)
    before = revisions(db, author)
    after = revisions(db, author, replace(LIMITS, most=4))
    assert {url for url in after if after[url] != before[url]} == {"/reports/opinions/new"}
    file = {"id": uuid4(), "name": "a.pdf", "bytes": 9, "sha256": "0" * 64, "kind": "application/pdf"}
    opinion = an_opinion(db, author, attachments=[file])
    before = revisions(db, author)
    db.get_one(Attachment, file["id"]).completed_at = clock.now()
    db.flush()
    after = revisions(db, author)
    assert {url for url in after if after[url] != before[url]} == {f"/reports/opinions/{opinion.id}"}
