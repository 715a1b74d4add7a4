"""A lost phone holds only ciphertext: every byte of the browser's profile is searched for what is personal."""

from pathlib import Path
from uuid import UUID

from handbook.organisation.models import Member
from tests.browser.conftest import Prepared
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox_attachments import choose, picked
from tests.browser.writing import NEW, TEXT, kept, write


def found(profile: Path, words: list[str]) -> dict[str, list[str]]:
    """Which of ``words`` stand in which files of the profile, in UTF-8, UTF-16 or percent-encoded for a URL."""
    places: dict[str, list[str]] = {}
    for file in (path for path in profile.rglob("*") if path.is_file()):
        content = file.read_bytes()
        for word in words:
            if word.encode() in content or word.encode("utf-16-le") in content:
                places.setdefault(word, []).append(file.relative_to(profile).as_posix())
    return places


def test_no_byte_of_the_profile_says_what_was_read_or_by_whom(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    with server.database() as db:
        name = db.get_one(Member, UUID(prepared.member_id)).full_name
    urls = phone.ask(type="status")["urls"]
    document = [url for url in urls if url.startswith("/library/") and url != "/library/"][-1]
    for path in ("/", "/library/", document, "/identity/devices", "/offline/outbox"):
        phone.go(path)  # painted from the copy
        phone.reload()  # and from the network
    server.misbehave(**{f"{document}/reading": {"status": 503}})
    phone.go(document)
    phone.page.click('[data-action="confirm-reading"]')
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)
    phone.go(NEW)
    write(phone)
    choose(phone, picked("Biên bản kín.pdf", b"%PDF-1.7 " + "Lời trong tệp kín".encode() * 300))
    eventually(lambda: kept(phone), True)
    server.kill()
    phone.go("/library/")
    title = phone.page.inner_text("main li .row__title >> nth=0")
    phone.close()
    secrets = [name, "Làng nghề", "Chi bộ tổ dân phố", title, "Giữ vệ sinh ven suối", "Xác nhận đã đọc", TEXT]
    secrets += ["Biên bản kín", "Lời trong tệp kín"]
    places = found(phone.profile, [*secrets, "hb-vault-", "Sổ tay Đảng viên"])
    # The search does find what is there: the public files and the name of the sealed store.
    assert places.pop("hb-vault-") and places.pop("Sổ tay Đảng viên")
    assert places == {}, places
    phone.open()
