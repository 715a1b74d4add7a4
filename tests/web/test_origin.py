"""Only our own pages may change anything."""

import pytest

from tests.page import ORIGIN, Client


@pytest.mark.parametrize(
    ("site", "origin", "status"),
    [
        ("same-origin", ORIGIN, 200),
        ("same-origin", "null", 200),
        ("none", None, 200),
        ("cross-site", "https://evil.example", 403),
        ("same-site", "http://localhost:9000", 403),
        ("cross-site", ORIGIN, 403),
        (None, ORIGIN, 200),
        (None, "http://localhost:9000", 403),
        (None, "null", 403),
        (None, None, 403),
    ],
)
def test_who_may_post(browser: Client, site: str | None, origin: str | None, status: int) -> None:
    sent = {"Sec-Fetch-Site": site, "Origin": origin}
    headers = {name: value for name, value in sent.items() if value is not None}
    assert browser.http.post("/fine", base_url=ORIGIN, headers=headers).status_code == status


def test_reading_is_open_to_links_from_elsewhere(browser: Client) -> None:
    browser.get("/up", headers={"Sec-Fetch-Site": "cross-site"})
