"""Plain words for people, codes for scripts, no trace of our insides for anyone."""

import pytest

from tests.page import Client


def test_a_fault_shows_a_reference_and_nothing_else(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    page = browser.get("/broken-page", status=500).get_data(as_text=True)
    reference = caplog.records[-1].getMessage().split()[1]
    assert reference in page
    assert "secret of the house" not in page and "Traceback" not in page and "ZeroDivision" not in page


def test_an_unknown_page_is_a_kind_404(browser: Client) -> None:
    assert "Không tìm thấy trang này" in browser.get("/nowhere", status=404).get_data(as_text=True)


def test_a_script_reads_a_code(browser: Client) -> None:
    answer = browser.get("/nowhere", status=404, headers={"Accept": "application/json"})
    assert answer.json is not None and answer.json["code"] == "not_found"


def test_the_wrong_method_is_refused(browser: Client) -> None:
    browser.post("/up", status=405)


def test_a_foreign_host_is_refused(browser: Client) -> None:
    assert browser.http.get("/up", base_url="http://evil.example").status_code == 400


def test_a_body_that_is_too_large_is_refused(browser: Client) -> None:
    browser.post("/note", {"title": "x" * (3 * 1024 * 1024)}, status=413)
