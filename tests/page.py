"""A client that behaves like a browser without script, and checks the manners of every page it is shown."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
from babel.messages.pofile import read_po
from flask import Flask
from sqlmodel import Session
from werkzeug.test import TestResponse

import handbook

ORIGIN = "http://localhost:8000"
_NS = "{http://www.w3.org/1999/xhtml}"
_EVENT_ATTRIBUTE = re.compile(r"^on[a-z]+$")


class Client:
    """``get`` and ``post`` against the application; every HTML answer goes through ``check_manners``."""

    def __init__(self, app: Flask, db: Session) -> None:
        self.app = app
        self.db = db
        self.http = app.test_client()

    def get(
        self, path: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> TestResponse:
        """Open a page and expect ``status``."""
        return self._seen(self.http.get(path, base_url=ORIGIN, headers=headers, **values), status)

    def post(
        self,
        path: str,
        data: Any = None,
        *,
        status: int | None = 303,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> TestResponse:
        """Send a form (or ``json=``) from one of our own pages and expect ``status``, or anything when it is None."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN, **(headers or {})}
        return self._seen(self.http.post(path, data=data, base_url=ORIGIN, headers=headers, **values), status)

    def _seen(self, response: TestResponse, status: int | None) -> TestResponse:
        self.db.expire_all()
        assert status in (None, response.status_code), (
            f"{response.status_code}: {response.get_data(as_text=True)[:2000]}"
        )
        check_headers(response)
        shown = response.mimetype == "text/html" and not response.location
        if shown and response.data and b"<html" in response.data[:400]:
            check_manners(response.get_data(as_text=True))
        return response


def check_headers(response: TestResponse) -> None:
    """The headers of security.md that every answer carries."""
    csp = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in csp and "unsafe" not in csp and "require-trusted-types-for 'script'" in csp
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["X-Handbook"] == "1"
    assert "Cache-Control" in response.headers
    assert "Server" not in response.headers


def check_manners(html: str) -> None:
    """Strict HTML, one h1, a title, a language, unique ids, named controls, nothing inline."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(html)
    faults = [(place, code) for place, code, _ in parser.errors if code not in _TOLERATED]
    assert not faults, f"not well-formed HTML: {faults[:5]}"
    elements = list(tree.iter())
    tags = [str(element.tag).removeprefix(_NS) for element in elements]
    assert tags.count("h1") == 1, f"{tags.count('h1')} h1 elements"
    assert tree.attrib.get("lang") in ("vi", "en")
    title = tree.find(f".//{_NS}title")
    assert title is not None
    _check_title(title.text or "")
    ids = [element.attrib["id"] for element in elements if "id" in element.attrib]
    assert len(ids) == len(set(ids)), f"repeated ids: {sorted({i for i in ids if ids.count(i) > 1})}"
    _check_named(elements, set(ids))
    for element in elements:
        assert "style" not in element.attrib, "inline style"
        assert not [name for name in element.attrib if _EVENT_ATTRIBUTE.match(str(name))], "inline handler"
        if element.tag == f"{_NS}script":
            assert element.attrib.get("src"), "inline script"
        assert element.tag != f"{_NS}style", "inline style sheet"


def _check_title(title: str) -> None:
    """Browsers keep titles in their history long after the phone was wiped: nobody's name and no document's number."""
    words, _, name = title.rpartition(" – ")
    words = re.sub("^(Lỗi|Error): ", "", words)
    assert {words, name} <= _catalogue(), f"a title that is not the same for everyone: {title}"


@cache
def _catalogue() -> frozenset[str]:
    """Every sentence of the catalogue, in both languages."""
    path = Path(handbook.__file__).parent / "translations/en/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        sentences = [(message.id, message.string) for message in read_po(file) if isinstance(message.id, str)]
    return frozenset(text for pair in sentences for text in pair if text)


# html5lib knows HTML as of 2014; these are allowed by the living standard.
_TOLERATED = frozenset({"unexpected-html-element-in-foreign-content"})


def _check_named(elements: list[Any], ids: set[str]) -> None:
    wrapped = {child for element in elements if element.tag == f"{_NS}label" for child in element.iter()}
    labelled = {
        element.attrib["for"] for element in elements if element.tag == f"{_NS}label" and "for" in element.attrib
    }
    for element in elements:
        if element.tag not in (f"{_NS}input", f"{_NS}select", f"{_NS}textarea"):
            continue
        if element.attrib.get("type") in ("hidden", "submit", "button"):
            continue
        named = element in wrapped or element.attrib.get("id") in labelled or "aria-label" in element.attrib
        named = named or set(element.attrib.get("aria-labelledby", "?").split()) <= ids
        assert named, f"control without a name: {element.attrib}"
    for element in elements:
        for name in ("aria-labelledby", "aria-describedby"):
            missing = set(element.attrib.get(name, "").split()) - ids
            assert not missing, f"{name} points nowhere: {missing}"
