"""One answer for one row and for lists; closed by default."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.core.errors import Missing
from handbook.policy.actions import Action
from handbook.policy.actor import Actor, Held, Role
from handbook.policy.decide import allowed, reach, require
from handbook.policy.scopes import Scope, ancestors
from handbook.policy.table import TABLE

ME, OTHER = UUID(int=1), UUID(int=2)
PATHS = ["/1/", "/1/2/", "/1/2/3/", "/1/20/", "/10/", "/10/2/"]


def test_every_action_has_a_line_in_the_table() -> None:
    assert set(TABLE) == set(Action)


def test_actions_are_alphabetical() -> None:
    assert [action.name for action in Action] == sorted(action.name for action in Action)


def test_an_officers_rights_flow_down_and_not_sideways() -> None:
    officer = Actor(ME, "/1/2/3/", (Held(Role.ORG_STAFF, "/1/2/"),))
    assert allowed(officer, Action.MEMBER_WRITE, Scope("/1/2/3/", OTHER))
    assert allowed(officer, Action.MEMBER_WRITE, Scope("/1/2/", OTHER))
    assert not allowed(officer, Action.MEMBER_WRITE, Scope("/1/", OTHER))
    assert not allowed(officer, Action.MEMBER_WRITE, Scope("/1/20/", OTHER))


def test_unit_1_is_not_unit_10() -> None:
    officer = Actor(ME, "/1/", (Held(Role.ORG_STAFF, "/1/"),))
    assert not allowed(officer, Action.MEMBER_READ, Scope("/10/", OTHER))


def test_what_the_city_addresses_is_for_every_cell_below_and_for_no_other() -> None:
    member = Actor(ME, "/1/2/3/")
    for path in ("/1/", "/1/2/", "/1/2/3/"):
        assert allowed(member, Action.DOCUMENT_READ, Scope(path))
    for path in ("/1/20/", "/10/", "/1/2/3/4/"):
        assert not allowed(member, Action.DOCUMENT_READ, Scope(path))


def test_a_member_reaches_only_their_own_record() -> None:
    member = Actor(ME, "/1/2/3/")
    assert allowed(member, Action.MEMBER_READ, Scope("/1/2/3/", ME))
    assert not allowed(member, Action.MEMBER_READ, Scope("/1/2/3/", OTHER))
    assert not allowed(member, Action.MEMBER_WRITE, Scope("/1/2/3/", ME))


def test_the_system_administrator_reads_no_content() -> None:
    administrator = Actor(ME, "/10/", (Held(Role.SYSTEM_ADMIN, "/1/"),))
    for action in (Action.MEMBER_READ, Action.DOCUMENT_READ, Action.DOCUMENT_IMPORT):
        assert not allowed(administrator, action, Scope("/1/2/", OTHER))


def test_out_of_reach_looks_like_not_found() -> None:
    with pytest.raises(Missing):
        require(Actor(ME, "/1/"), Action.MEMBER_WRITE, Scope("/1/", OTHER))


def test_a_nobody_reaches_nothing() -> None:
    nobody = Actor(None, "")
    assert all(reach(nobody, action).empty for action in Action)


@given(
    place=st.sampled_from(PATHS),
    posts=st.lists(st.builds(Held, st.sampled_from(Role), st.sampled_from(PATHS)), max_size=3),
    action=st.sampled_from(Action),
    scope=st.builds(Scope, st.sampled_from(PATHS), st.sampled_from([ME, OTHER, None])),
)
def test_more_posts_never_take_reach_away(place: str, posts: list[Held], action: Action, scope: Scope) -> None:
    fewer, more = Actor(ME, place, tuple(posts[:1])), Actor(ME, place, tuple(posts))
    assert not allowed(fewer, action, scope) or allowed(more, action, scope)


def test_ancestors_of_a_path() -> None:
    assert ancestors("/1/2/3/") == ("/1/", "/1/2/", "/1/2/3/")
    assert ancestors("") == ()
