"""Committed with the answer, rolled back with a refusal."""

from collections.abc import Callable

from tests.page import Client

Stored = Callable[[], set[str]]


def test_what_is_acknowledged_is_stored(browser: Client, stored: Stored) -> None:
    browser.post("/fine", status=200)
    assert stored() == {"fine"}


def test_a_refusal_and_a_fault_leave_nothing(browser: Client, stored: Stored) -> None:
    browser.post("/refused", status=403)
    browser.post("/broken", status=500)
    assert stored() == set()


def test_a_refusal_may_keep_what_it_used_up(browser: Client, stored: Stored) -> None:
    browser.post("/kept", status=409)
    assert stored() == {"kept"}


def test_a_store_that_is_away_is_told_with_a_time(browser: Client) -> None:
    answer = browser.post("/busy", status=503)
    assert answer.headers["Retry-After"] == "2"
    assert "Chưa có gì thay đổi" in answer.get_data(as_text=True)
