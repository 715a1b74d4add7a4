"""Any body gives a clear answer, never a fault."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.page import ORIGIN, Client


def test_form_and_json_are_read_alike(browser: Client) -> None:
    wanted = {"title": "Sổ", "pages": 3, "tags": ["a", "b"]}
    assert browser.post("/note", {"title": "Sổ", "pages": "3", "tags": ["a", "b"]}, status=200).json == wanted
    assert browser.post("/note", json=wanted, status=200).json == wanted


@pytest.mark.parametrize("version", ["1", "", "99"])
def test_a_form_that_names_no_version_reads_none(browser: Client, version: str) -> None:
    whole = {"title": "Sổ", "pages": "3"}
    for sent in ({"data": whole}, {"json": whole}, {"data": {}}):
        told = {"X-Handbook-Form": version, "Accept": "application/json"}
        answer = browser.post("/note", status=422, headers=told, **sent)
        assert answer.json is not None and (answer.json["code"], answer.json["fields"]) == ("form.version", {})


def test_text_is_stored_composed(browser: Client) -> None:
    answer = browser.post("/note", {"title": "So\u0302\u0309", "pages": "1"}, status=200)
    assert answer.json is not None and answer.json["title"] == "Sổ"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "", "pages": "1"}, "title"),
        ({"title": "x", "pages": "1" * 5000}, "pages"),
        ({"title": "x", "pages": "mười"}, "pages"),
        ({"title": ["x", "y"], "pages": "1"}, "title"),
        ({"pages": "1"}, "title"),
    ],
)
def test_each_wrong_field_is_named_in_words(browser: Client, body: dict[str, Any], field: str) -> None:
    answer = browser.post("/note", body, status=422, headers={"Accept": "application/json"})
    assert answer.json is not None and answer.json["fields"][field]


@pytest.mark.parametrize("body", ["[]", "null", "1", '"x"', "{", "", '{"title": "\\ud800", "pages": 1}', "\x00"])
def test_json_that_is_no_object_is_refused(browser: Client, body: str) -> None:
    browser.post("/note", body, status=422, content_type="application/json")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=8), st.one_of(st.text(), st.integers(), st.lists(st.none()), st.floats())))
def test_no_json_object_is_a_fault(browser: Client, body: dict[str, Any]) -> None:
    answer = browser.http.post(
        "/note", json=body, base_url="http://localhost:8000", headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code in (200, 422)


def test_a_nul_in_the_address_is_refused_in_words(browser: Client) -> None:
    assert "ký tự không dùng được" in browser.get("/up?q=%00", status=422).get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"pages=1&title=The+whole+title"),
        ("application/json", b'{"pages": 1, "title": "The whole"}    '),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nThe whole\r\n'
            b'--x\r\nContent-Disposition: form-data; name="pages"\r\n\r\n1\r\n--x--\r\n',
        ),
    ],
)
def test_a_body_that_broke_off_is_not_taken_for_a_shorter_one(browser: Client, kind: str, body: bytes) -> None:
    """As gunicorn hands it over: what has come, and its word that this is all."""

    def sent(came: bytes) -> int:
        environ = {
            "wsgi.input": BytesIO(came),
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": kind,
        }
        headers = {"Sec-Fetch-Site": "none"}
        return browser.http.post("/note", environ_overrides=environ, base_url=ORIGIN, headers=headers).status_code

    assert sent(body) == 200
    assert [sent(body[:length]) for length in (len(body) - 3, len(body) - 20, 0)] == [400, 400, 400]
