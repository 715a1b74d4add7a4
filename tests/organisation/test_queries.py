"""Lists in Vietnamese order, found without diacritics, page by page; who acts with which posts."""

import random
from datetime import timedelta

import pytest
from sqlmodel import Session

from handbook.core import clock
from handbook.core.errors import Missing
from handbook.organisation import queries
from handbook.organisation.forms import StatusIn
from handbook.organisation.models import Status
from handbook.organisation.rules.members import set_status
from handbook.policy.actor import Held, Role
from handbook.policy.scopes import Reach
from tests.factories.organisation import SYSTEM, a_member, a_post, an_organisation

# Sorted by a browser's Intl.Collator("vi"), given name first, then the other words in turn.
IN_ORDER = [
    "Lê Thị An", "Nguyễn Văn An", "Trần Văn An", "Nguyễn Vân Anh", "Trần Thị Ánh", "Phạm Ân", "Đỗ Thị Ẩn",
    "Lê Văn Ẩn", "Hoàng Ba", "Vũ Bà", "Vũ Bạch", "Lý Bảo", "Lý Bình", "Lê Cúc", "Dương Dũng", "Đặng Duy",
    "Bùi Đào", "Bùi Đạo", "Trịnh Đức", "Ngô Hà", "Ngô Hả", "Ngô Há", "Ngô Hạ", "Ngô Hoa", "Ngô Hòa", "Lê Kiên",
    "Lê Oanh", "Lê Ông", "Lê Ơn", "Lê Thu", "Trần Thị Thu", "Lê Thủy", "Trần Thị Thúy", "Lê Thư", "Lê Uyên",
    "Lê Ưu", "Dinh Văn Xuân", "Đinh Văn Xuân", "Nguyễn Thị Ý", "Nguyễn Thị Yến",
]  # fmt: skip
ALL = Reach(everywhere=True)


def test_names_sort_the_vietnamese_way(db: Session) -> None:
    for name in random.Random(7).sample(IN_ORDER, len(IN_ORDER)):
        a_member(db, full_name=name)
    listed = queries.members_of(db, ALL, limit=100)
    assert [line.full_name for line in listed.rows] == IN_ORDER


def test_pages_by_cursor_show_everyone_once_even_with_equal_names(db: Session) -> None:
    for _ in range(7):
        a_member(db, full_name="Trần Văn An")
    for name in IN_ORDER[:5]:
        a_member(db, full_name=name)
    seen, cursor = [], ""
    while True:
        page = queries.members_of(db, ALL, limit=3, cursor=cursor)
        seen += [line.id for line in page.rows]
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == len(set(seen)) == 12
    assert seen == [line.id for line in queries.members_of(db, ALL, limit=50).rows]


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwiYiJd", "%%%", "W251bGwsMV0"])
def test_a_cursor_that_is_none_of_ours_shows_the_first_page(db: Session, cursor: str) -> None:
    member = a_member(db)
    assert [line.id for line in queries.members_of(db, ALL, cursor=cursor).rows] == [member.id]


@pytest.mark.parametrize("q", ["duc", "Đức", "đuc trinh", "TRINH", "ịnh đ"])
def test_a_name_is_found_without_diacritics(db: Session, q: str) -> None:
    wanted = a_member(db, full_name="Trịnh Văn Đức")
    a_member(db, full_name="Lê Thị Hoa")
    assert [line.id for line in queries.members_of(db, ALL, q=q).rows] == [wanted.id]


@pytest.mark.parametrize("q", ["%", "_", "\\", "duc%", "' OR 1=1 --"])
def test_wildcards_are_only_characters(db: Session, q: str) -> None:
    a_member(db, full_name="Trịnh Văn Đức")
    assert queries.members_of(db, ALL, q=q).rows == []


def test_ward_1_does_not_reach_into_ward_10(db: Session) -> None:
    tree = an_organisation(db)
    inside, outside = a_member(db, cell=tree.cell), a_member(db, cell=tree.other_cell)
    reach = Reach(below=(tree.ward.path,))
    assert [line.id for line in queries.members_of(db, reach).rows] == [inside.id]
    assert queries.member_count(db, tree.ward) == 1
    assert queries.member_count(db, tree.city) == 2
    below = queries.members_of(db, ALL, below=tree.other_ward)
    assert [line.id for line in below.rows] == [outside.id]


def test_whoever_left_is_not_listed_and_does_not_act(db: Session) -> None:
    member = a_member(db, role=Role.CELL_SECRETARY)
    set_status(db, SYSTEM, member.id, StatusIn(status=Status.LEFT))
    assert queries.members_of(db, ALL).rows == []
    with pytest.raises(Missing):
        queries.actor_of(db, member.id)
    assert queries.member(db, member.id).status == Status.LEFT


def test_posts_count_from_their_first_day_to_the_day_before_their_end(db: Session) -> None:
    tree, today, day = an_organisation(db), clock.today(), timedelta(days=1)
    member = a_member(db)
    a_post(db, member, Role.DEPUTY_SECRETARY, starts_on=today, ends_on=today + day)
    a_post(db, member, Role.CELL_SECRETARY, starts_on=today - 9 * day, ends_on=today)
    a_post(db, member, Role.INSPECTOR, starts_on=today + day)
    a_post(db, member, Role.EDITOR, starts_on=today - 9 * day)
    actor = queries.actor_of(db, member.id)
    assert actor.unit_path == tree.cell.path
    assert set(actor.posts) == {
        Held(Role.DEPUTY_SECRETARY, tree.cell.path),
        Held(Role.EDITOR, tree.ward.path),
    }
    assert [post.role for post in queries.holders(db, tree.ward.id, [Role.EDITOR, Role.INSPECTOR])] == [Role.EDITOR]


def test_a_post_begins_at_midnight_in_viet_nam(db: Session, shift_clock) -> None:
    member = a_member(db)
    a_post(db, member, Role.INSPECTOR, starts_on=clock.today() + timedelta(days=1))
    local = clock.local(clock.now())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    shift_clock(midnight - local - timedelta(seconds=30))
    assert queries.actor_of(db, member.id).posts == ()
    shift_clock(midnight - local + timedelta(seconds=30))
    assert [held.role for held in queries.actor_of(db, member.id).posts] == [Role.INSPECTOR]


def test_levels_are_dated(db: Session) -> None:
    an_organisation(db)
    before = {level.code for level in queries.levels(db, clock.today().replace(year=2024))}
    now = {level.code for level in queries.levels(db)}
    assert "district" in before - now
    assert "ward" in now - before


@pytest.mark.parametrize("code", ["", "NOPE", "%"])
def test_an_unknown_code_is_missing(db: Session, code: str) -> None:
    an_organisation(db)
    with pytest.raises(Missing):
        queries.unit_by_code(db, code)
    assert queries.unit_by_code(db, "tu").name.startswith("Đảng bộ thành phố")
