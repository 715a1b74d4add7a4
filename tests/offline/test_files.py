"""/sw.js and /manifest.webmanifest: for ever at these addresses, answered also to strangers."""

import gzip
import json

import pytest
from flask import Flask

from handbook.app import create_app
from handbook.core.resources import folder
from handbook.core.settings import Settings
from tests.page import Client

pytestmark = pytest.mark.skipif(
    not (folder("static") / "dist" / "sw.js").is_file(), reason="static/dist is not built: make assets"
)


def listed(client: Client) -> dict[str, str]:
    first, _ = client.get("/sw.js").get_data(as_text=True).split(";\n", 1)
    files = json.loads(first.removeprefix("self.__HB_FILES="))
    return {file["url"]: file["revision"] for file in files}


def test_the_worker_comes_with_its_list_of_public_files(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    files = listed(client)
    assert {f"/static/dist/{name}" for name in ("handbook.css", "client.js", "icons.svg")} <= set(files)
    assert "/offline/missing/vi" in files
    assert "/static/dist/sw.js" not in files and not any(url.endswith((".png", ".json")) for url in files)


def test_every_public_file_is_there_without_a_session_and_without_a_name(client: Client) -> None:
    for url in listed(client):
        answer = client.get(url)
        assert "X-Handbook-Member" not in answer.headers and "Set-Cookie" not in answer.headers


def test_it_travels_compressed(client: Client) -> None:
    answer = client.get("/sw.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == client.get("/sw.js").data and len(answer.data) < 20_000


def test_unchanged_it_costs_a_304(client: Client) -> None:
    tag = client.get("/sw.js").headers["ETag"]
    assert client.get("/sw.js", status=304, headers={"If-None-Match": tag}).data == b""


def test_a_reader_of_english_gets_the_missing_page_in_english_without_a_cookie(client: Client) -> None:
    stranger = Client(client.app, client.db)
    client.post("/language", {"language": "en", "next": "/"})
    address = next(url for url in listed(client) if url.startswith("/offline/missing"))
    page = stranger.get(address).get_data(as_text=True)
    assert '<html lang="en"' in page and "This page is not on this device" in page
    assert "Trang này chưa có trên máy" in stranger.get("/offline/missing/vi").get_data(as_text=True)
    stranger.get("/offline/missing/xx", status=404)


def test_the_kill_switch_is_served_instead(settings: Settings) -> None:
    app: Flask = create_app(settings.model_copy(update={"worker_kill": True}))
    answer = app.test_client().get("/sw.js", base_url="http://localhost:8000")
    assert b"unregister" in answer.data and b"__HB_FILES" not in answer.data


def test_the_handbook_can_be_installed(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    manifest = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert (manifest["id"], manifest["start_url"], manifest["scope"]) == ("/", "/", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).data.startswith(b"\x89PNG")
