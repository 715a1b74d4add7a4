"""A report on its pages: owed, written, refused with the words of its questions, sent, returned, reviewed."""

from html import unescape

import pytest
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.reports.models import Duty, Submission
from tests.factories.organisation import a_member, an_organisation
from tests.factories.reports import ANSWERS, MONTHLY, a_form, a_request, a_submission, the_duty
from tests.library.signing import sign_in
from tests.page import Client

TABLE = {
    "kind": "table",
    "name": "viec",
    "label": "Việc đã làm",
    "questions": [
        {"kind": "text", "name": "ten", "label": "Tên việc", "required": True},
        {"kind": "number", "name": "ho", "label": "Số hộ", "unit": "hộ"},
    ],
}
EVERYTHING = {
    **MONTHLY,
    "name": "du_moi_cau",
    "sections": [
        *MONTHLY["sections"],
        {
            "name": "khac",
            "title": {"vi": "Khác", "en": "Other"},
            "questions": [
                {"kind": "note", "name": "loi_nhac", "label": "Chỉ ghi điều đã làm."},
                {"kind": "date", "name": "ngay", "label": "Ngày họp", "hint": "Buổi chính"},
                {"kind": "month", "name": "thang", "label": "Tháng"},
                {
                    "kind": "many_of",
                    "name": "noi",
                    "label": "Ở đâu",
                    "choices": [{"name": "nha", "label": "Nhà văn hóa"}, {"name": "ho", "label": "Hộ dân"}],
                },
                {"kind": "calculated", "name": "tong", "label": "Tổng số hộ", "calculation": "sum(${ho})"},
                TABLE,
            ],
        },
    ],
}


def fields(duty: Duty, version_id: object, **answers: object) -> dict[str, object]:
    return {"version_id": str(version_id), "based_on": str(duty.newest), "filled_on": "", **answers}


def test_the_whole_way_of_a_report(client: Client, db: Session) -> None:
    member, secretary = a_member(db), a_member(db, role="cell_secretary")
    request = a_request(db)
    duty = the_duty(db, request, member)
    mine = sign_in(client, db, member)
    assert f"/reports/{duty.id}" in mine.get("/").get_data(as_text=True)
    assert f"/reports/{duty.id}" in mine.get("/reports/").get_data(as_text=True)
    assert "Viết báo cáo" in mine.get(f"/reports/{duty.id}").get_data(as_text=True)
    form = mine.get(f"/reports/{duty.id}/edit").get_data(as_text=True)
    assert "Số đảng viên có mặt" in form and "Vướng mắc gì?" in form
    bad = mine.post(
        f"/reports/{duty.id}/submissions",
        {**fields(duty, request.version_id), "q.co_mat": "chín", "q.vuong_mac": "yes"},
        status=422,
    ).get_data(as_text=True)
    assert "hãy chỉ nhập số" in bad and 'value="chín"' in bad and 'href="#q.noi_dung"' in bad
    told = {**fields(duty, request.version_id), "q.co_mat": "9", "q.vuong_mac": "yes", "q.noi_dung": "Thiếu ghế"}
    assert mine.post(f"/reports/{duty.id}/submissions", told).location == f"/reports/{duty.id}"
    assert "Thiếu ghế" in mine.get(f"/reports/{duty.id}").get_data(as_text=True)

    desk = sign_in(client, db, secretary)
    assert f"/staff/reports/duties/{duty.id}" in desk.get("/staff/reports/inbox").get_data(as_text=True)
    assert "Thiếu ghế" in desk.get(f"/staff/reports/duties/{duty.id}").get_data(as_text=True)
    looks = db.exec(select(AuditEvent.subject_id).where(AuditEvent.action == "report.view")).all()
    assert member.id in looks
    review = {"number": "1", "verdict": "returned", "note": "", "note.noi_dung": "Ghi rõ thiếu bao nhiêu."}
    assert desk.post(f"/staff/reports/duties/{duty.id}/review", review).location == "/staff/reports/inbox"

    mine = sign_in(client, db, member)
    again = mine.get(f"/reports/{duty.id}/edit").get_data(as_text=True)
    assert "Ghi rõ thiếu bao nhiêu." in again and "Thiếu ghế" in again
    told = {**fields(duty, request.version_id), "q.co_mat": "9", "q.vuong_mac": "yes", "q.noi_dung": "Thiếu 12 ghế"}
    mine.post(f"/reports/{duty.id}/submissions", told)
    desk = sign_in(client, db, secretary)
    desk.post(f"/staff/reports/duties/{duty.id}/review", {"number": "2", "verdict": "accepted"})
    mine = sign_in(client, db, member)
    page = mine.get(f"/reports/{duty.id}").get_data(as_text=True)
    assert "Đã chấp nhận" in page and "Sửa và gửi lại" not in page


def test_every_kind_of_question_is_shown_sent_and_read_back(client: Client, db: Session) -> None:
    member = a_member(db)
    request = a_request(db, version=a_form(db, definition=EVERYTHING))
    duty = the_duty(db, request, member)
    mine = sign_in(client, db, member)
    mine.get(f"/reports/{duty.id}/edit")
    told = {
        **fields(duty, request.version_id), "q.co_mat": "1.234", "q.vuong_mac": "no", "q.ngay": "2026-11-20",
        "q.thang": "2026-11", "q.noi": ["ho", "nha"], "q.viec.0.ten": "Dọn kênh", "q.viec.0.ho": "12,5",
        "q.viec.1.ten": "", "q.viec.1.ho": "", "q.viec.2.ten": "Sửa đèn", "q.viec.2.ho": "3",
    }  # fmt: skip
    mine.post(f"/reports/{duty.id}/submissions", told)
    kept = db.exec(select(Submission.answers).where(Submission.duty_id == duty.id)).one()
    assert kept == {
        "co_mat": 1234, "vuong_mac": "no", "ngay": "2026-11-20", "thang": "2026-11", "noi": ["nha", "ho"], "tong": 15.5,
        "viec": [{"ten": "Dọn kênh", "ho": 12.5}, {"ten": "Sửa đèn", "ho": 3}],
    }  # fmt: skip
    page = unescape(mine.get(f"/reports/{duty.id}").get_data(as_text=True))
    for words in ("1.234", "20/11/2026", "11/2026", "Nhà văn hóa; Hộ dân", "12,5 hộ", "15,5"):
        assert words in page, words
    again = mine.get(f"/reports/{duty.id}/edit").get_data(as_text=True)
    assert 'name="q.viec.1.ten" value="Sửa đèn"' in again and 'value="12,5"' in again


@pytest.mark.parametrize(
    "junk",
    [
        {}, {"version_id": "x"}, {"based_on": "-1"}, {"based_on": "9" * 40}, {"filled_on": "mai"}, {"q.co_mat": "\x00"},
        {"q.viec.99999999999.ten": "a"}, {"q.viec.x.ten": "a"}, {"q.": "a"}, {"q.co_mat": "9" * 400},
    ],
)  # fmt: skip
def test_junk_is_refused_in_words(client: Client, db: Session, junk: dict[str, str]) -> None:
    member = a_member(db)
    request = a_request(db, version=a_form(db, definition=EVERYTHING))
    duty = the_duty(db, request, member)
    mine = sign_in(client, db, member)
    whole = {} if not junk else {**fields(duty, request.version_id), **junk}
    mine.post(f"/reports/{duty.id}/submissions", whole, status=422)
    assert duty.newest == 0


def test_anothers_report_looks_like_none(client: Client, db: Session) -> None:
    org = an_organisation(db)
    owner, neighbour = a_member(db), a_member(db)
    duty = the_duty(db, a_request(db), owner)
    a_submission(db, duty, owner)
    theirs = sign_in(client, db, neighbour)
    for path in (f"/reports/{duty.id}", f"/reports/{duty.id}/edit", f"/staff/reports/duties/{duty.id}"):
        theirs.get(path, status=404)
    theirs.post(f"/reports/{duty.id}/submissions", {}, status=404)
    far = sign_in(client, db, a_member(db, cell=org.other_cell, role="cell_secretary"))
    far.get(f"/staff/reports/duties/{duty.id}", status=404)
    far.post(f"/staff/reports/duties/{duty.id}/review", {"number": "1", "verdict": "accepted"}, status=404)


def test_staff_ask_and_follow_down_to_the_missing(client: Client, db: Session) -> None:
    org = an_organisation(db)
    members = [a_member(db), a_member(db), a_member(db, cell=org.second_cell)]
    version = a_form(db)
    desk = sign_in(client, db, a_member(db, role="base_officer"))
    desk.get("/staff/reports/requests/new")
    told = {
        "title": "Báo cáo tháng 12", "version_id": str(version.id), "unit_id": str(org.ward.id), "respondent": "member",
        "level_code": "", "period": "2026-12", "opens_on": "2026-11-01", "due_on": "2026-12-25", "grace_until": "",
        "locks_on": "2026-12-31",
    }  # fmt: skip
    wrong = desk.post("/staff/reports/requests/", {**told, "locks_on": "2026-11-02", "title": ""}, status=422)
    assert "Báo cáo tháng 12" not in wrong.get_data(as_text=True)
    made = desk.post("/staff/reports/requests/", told).location
    duty = db.exec(select(Duty).where(Duty.member_id == members[0].id)).one()
    a_submission(db, duty, members[0], ANSWERS)
    assert "Báo cáo tháng 12" in desk.get("/staff/reports/requests/").get_data(as_text=True)
    whole = desk.get(made).get_data(as_text=True)
    assert "Chi bộ tổ dân phố 2" in whole and members[2].full_name in whole
    cell = desk.get(f"{made}?unit={org.cell.id}").get_data(as_text=True)
    assert members[1].full_name in cell and members[2].full_name not in cell
    desk.get(f"{made}?unit={org.city.id}", status=404)
    desk.get(f"{made}?unit=junk&after=junk")
