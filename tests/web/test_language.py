"""Vietnamese unless the reader chose English on this device."""

from tests.page import Client


def test_vietnamese_first(client: Client) -> None:
    assert '<html lang="vi"' in client.get("/identity/sign-in").get_data(as_text=True)


def test_the_choice_is_kept_on_this_device_and_leads_back(client: Client) -> None:
    answer = client.post("/language", {"language": "en", "next": "/identity/sign-in"})
    assert answer.headers["Location"] == "/identity/sign-in"
    assert '<html lang="en"' in client.get("/identity/sign-in").get_data(as_text=True)


def test_an_unknown_language_is_refused_and_a_foreign_target_is_dropped(client: Client) -> None:
    client.post("/language", {"language": "xx"}, status=422)
    assert client.post("/language", {"language": "vi", "next": "//evil.example"}).headers["Location"] == "/"
