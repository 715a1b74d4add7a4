"""Built files: stable names, revalidated cheaply, compressed."""

import gzip

from tests.page import Client


def test_an_unchanged_file_costs_a_304(client: Client) -> None:
    first = client.get("/static/dist/handbook.css")
    again = client.get("/static/dist/handbook.css", status=304, headers={"If-None-Match": first.headers["ETag"]})
    assert first.data and not again.data
    assert first.headers["Cache-Control"] == "no-cache"


def test_a_browser_that_takes_gzip_gets_gzip(client: Client) -> None:
    plain = client.get("/static/dist/handbook.css")
    packed = client.get("/static/dist/handbook.css", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data and len(packed.data) < len(plain.data) / 3


def test_nothing_outside_the_folder_is_served(client: Client) -> None:
    for path in ("../../pyproject.toml", "..%2f..%2fpyproject.toml", "sw.js/..", "none.css"):
        client.get(f"/static/dist/{path}", status=404)
