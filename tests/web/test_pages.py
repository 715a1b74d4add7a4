"""Dates, numbers and where one may be sent after a form."""

from datetime import UTC, date, datetime

import pytest

from handbook.web.pages import day, local_path, moment


@pytest.mark.parametrize("path", ["/", "/library/", "/library/?q=nghi%20quyet", "/identity/devices#may"])
def test_a_path_on_this_site_is_taken(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "//evil.example", "/\\evil.example", "http:///evil", "https://evil.example", "javascript:alert(1)", "library",
     "/a\nb", "/a\\b", " /", "/đ", "/\t/evil"],
)  # fmt: skip
def test_anything_else_is_not(path: str) -> None:
    assert local_path(path) is None


def test_days_are_those_of_viet_nam() -> None:
    late = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    assert day(late) == "01/01/2027" and moment(late) == "01:30, 01/01/2027"
    assert day(date(2026, 9, 2)) == "02/09/2026"
    assert day(None) == "" and moment(None) == ""
