"""Staff: choose a file, check it, take it, publish it."""

import io

import pytest
from sqlmodel import Session, select

from handbook.library.models import Document, ImportDraft
from handbook.policy.actor import Role
from tests.factories.library import RESOLUTION
from tests.factories.organisation import a_member
from tests.library.files import docx, paragraph, pdf
from tests.library.signing import sign_in
from tests.page import Client

FORM = {
    "kind": "nghi-quyet",
    "symbol": "07-NQ/ĐU",
    "number": "7",
    "issuer": "Đảng ủy phường An Lạc Đông",
    "issued_on": "18/08/2026",
    "classification": "thuong",
    "unit_code": "1",
    "title": "Về phường học tập",
    "summary": "",
    "key_points": "Một\n\nHai",
    "read_before": "",
    "replaces": "",
}


@pytest.fixture
def desk(client: Client, db: Session) -> Client:
    return sign_in(client, db, a_member(db, role=Role.EDITOR), staff=True)


def upload(desk: Client, data: bytes, name: str = "nghi-quyet.txt", status: int = 303) -> str:
    answer = desk.post(
        "/staff/library/import",
        {"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
        status=status,
    )
    return answer.headers.get("Location", "") or answer.get_data(as_text=True)


def test_a_file_becomes_a_published_document(desk: Client, db: Session) -> None:
    desk.get("/staff/library/import")
    preview = upload(desk, RESOLUTION.encode())
    html = desk.get(preview).get_data(as_text=True)
    for words in (
        "07-NQ/ĐU",
        "18/08/2026",
        "Đảng ủy phường An Lạc Đông",
        "NHIỆM VỤ VÀ GIẢI PHÁP",
        'value="nghi-quyet" selected',
    ):
        assert words in html, words
    assert db.exec(select(Document)).all() == []
    answer = desk.post(f"{preview}/document", FORM)
    document = db.exec(select(Document)).one()
    assert answer.headers["Location"] == f"/library/{document.id}" and document.key_points == ["Một", "Hai"]
    assert "Văn kiện chưa đăng" in desk.get(f"/library/{document.id}").get_data(as_text=True)
    assert "Về phường học tập" in desk.get("/staff/library/").get_data(as_text=True)
    desk.post(f"/staff/library/{document.id}/publication")
    db.refresh(document)
    assert document.published_at is not None
    assert db.exec(select(ImportDraft)).all() == []


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "Tệp không có nội dung"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.docx", "Không nhận loại tệp này"),
        (pdf([]), "a.pdf", "chỉ có ảnh chụp"),
        (pdf(["x"], encrypted=True), "a.pdf", "đặt mật khẩu"),
        (docx(document="<!DOCTYPE x []><x/>"), "a.docx", "quá lớn hoặc có cấu trúc bất thường"),
        (f"TỐI MẬT\n\n{RESOLUTION}".encode(), "a.txt", "chỉ nhận văn kiện thường"),
        (b"", "", "Chọn một tệp"),
    ],
)
def test_a_file_that_cannot_be_taken_is_explained_and_changes_nothing(
    desk: Client, db: Session, data: bytes, name: str, words: str
) -> None:
    html = upload(desk, data, name, status=422)
    assert words in html and 'href="#file"' in html
    assert db.exec(select(ImportDraft)).all() == []


def test_a_fault_in_the_form_keeps_what_was_typed(desk: Client, db: Session) -> None:
    preview = upload(desk, RESOLUTION.encode())
    html = desk.post(
        f"{preview}/document", {**FORM, "classification": "mat", "title": "Tên tôi gõ"}, status=422
    ).get_data(as_text=True)
    assert "chỉ nhận văn kiện thường" in html and "Tên tôi gõ" in html and 'href="#classification"' in html
    html = desk.post(f"{preview}/document", {**FORM, "issued_on": "31/2/2026", "title": ""}, status=422).get_data(
        as_text=True
    )
    assert "ngày/tháng/năm" in html and 'href="#title"' in html and 'href="#issued_on"' in html
    desk.post(f"{preview}/document", {**FORM, "number": "", "classification": "mat"}, status=422)
    without = {name: value for name, value in FORM.items() if name != "classification"}
    desk.post(f"{preview}/document", without, status=422)
    desk.post(f"{preview}/document", {**FORM, "number": "9" * 30, "unknown": "x"}, status=422)
    desk.post(f"{preview}/document", {**FORM, "unit_code": "10"}, status=422)
    assert db.exec(select(Document)).all() == [] and len(db.exec(select(ImportDraft)).all()) == 1


def test_a_file_name_is_shown_as_text(desk: Client) -> None:
    html = desk.get(upload(desk, RESOLUTION.encode(), "<img src=x onerror=alert(1)>.txt")).get_data(as_text=True)
    assert "&lt;img src=x" in html and "<img" not in html


def test_a_draft_can_be_given_up_and_belongs_to_its_uploader(desk: Client, client: Client, db: Session) -> None:
    preview = upload(desk, docx(paragraph("Một văn bản ngắn gửi chi bộ.")), "a.docx")
    sign_in(client, db, a_member(db, role=Role.EDITOR), staff=True)
    client.get(preview, status=404)
    client.post(f"{preview}/document", FORM, status=404)
    client.post(f"{preview}/removal", status=404)


def test_members_without_a_post_find_nothing_here(client: Client, db: Session) -> None:
    sign_in(client, db, a_member(db))
    for path in ("/staff/library/", "/staff/library/import"):
        client.get(path, status=404)
    client.post("/staff/library/import", {}, status=404)
