"""Opinions, forms and reports for tests: invented, made through the same rules as real ones."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from handbook.core import clock
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member, Unit
from handbook.policy.actor import Role
from handbook.questions.definition import load
from handbook.reports.forms import AnswerIn, FileLimits, OpinionIn, RequestIn, ReviewIn, SubmissionIn
from handbook.reports.models import Duty, FormVersion, Opinion, ReportRequest, Submission
from handbook.reports.rules.answering import answer
from handbook.reports.rules.asking import ask
from handbook.reports.rules.forms import publish, save_version
from handbook.reports.rules.reporting import send
from handbook.reports.rules.reviewing import review
from handbook.reports.rules.submitting import submit
from tests.factories.organisation import SYSTEM, a_member, an_organisation

SUBJECT = "Đèn ngõ 14 hỏng đã hai tuần"
TEXT = "Đoạn từ nhà văn hóa đến bờ kênh tối hẳn.\n\nNgười cao tuổi đi họp về không thấy đường."


def an_opinion(db: Session, member: Member | None = None, *, unit: Unit | None = None, **fields: Any) -> Opinion:
    """An opinion of `member` (a new one when not told) to `unit` (their cell when not told).

    `written_at` goes to the rule, other `fields` to `OpinionIn`."""
    member = member or a_member(db)
    written_at = fields.pop("written_at", None)
    unit_id = unit.id if unit else member.cell_id
    whole = {"kind": "opinion", "unit_id": unit_id, "subject": SUBJECT, "text": TEXT, **fields}
    actor = organisation.actor_of(db, member.id)
    made = submit(db, actor, OpinionIn(**whole), written_at=written_at, limits=FileLimits(5, 1_000_000, 2_000_000))
    db.flush()
    return made


def answered(db: Session, opinion: Opinion, by: Member, text: str = "Chi bộ đã báo điện lực.") -> Opinion:
    """The same opinion, answered by `by`."""
    return answer(db, organisation.actor_of(db, by.id), opinion.id, AnswerIn(answer=text))


MONTHLY = {
    "name": "bao_cao_thang",
    "title": "Báo cáo tháng của chi bộ",
    "sections": [
        {
            "name": "hop",
            "title": "Sinh hoạt",
            "questions": [
                {
                    "kind": "number",
                    "name": "co_mat",
                    "label": "Số đảng viên có mặt",
                    "whole": True,
                    "minimum": 0,
                    "required": True,
                },
                {"kind": "yes_no", "name": "vuong_mac", "label": "Có vướng mắc không?", "required": True},
                {
                    "kind": "long_text",
                    "name": "noi_dung",
                    "label": "Vướng mắc gì?",
                    "relevant": "${vuong_mac} = 'yes'",
                    "required": True,
                },
            ],
        }
    ],
}
ANSWERS = {"co_mat": 9, "vuong_mac": "no"}


def a_form(db: Session, *, unit: Unit | None = None, definition: dict[str, Any] | None = None) -> FormVersion:
    """A published form of the whole city, or of `unit`."""
    unit = unit or an_organisation(db).city
    version = save_version(db, SYSTEM, unit.id, load(definition or MONTHLY))
    return publish(db, SYSTEM, version.id)


def a_request(
    db: Session, *, unit: Unit | None = None, version: FormVersion | None = None, **fields: Any
) -> ReportRequest:
    """A report of every member below `unit` (cell 1.1 when not told) that opened today and is due in ten days."""
    unit = unit or an_organisation(db).cell
    today = clock.today()
    whole = {
        "version_id": (version or a_form(db)).id,
        "unit_id": unit.id,
        "title": "Báo cáo tháng 11",
        "respondent": "member",
        "period": "2026-11",
        "opens_on": today,
        "due_on": today + timedelta(days=10),
        "locks_on": today + timedelta(days=20),
        **fields,
    }
    return ask(db, SYSTEM, RequestIn(**whole))


def the_duty(db: Session, request: ReportRequest, member: Member | None = None) -> Duty:
    """What `member` owes of the request; without one, the only duty there is."""
    asked = select(Duty).where(Duty.request_id == request.id)
    return db.exec(asked.where(Duty.member_id == member.id) if member else asked).one()


def a_submission(
    db: Session, duty: Duty, member: Member, answers: dict[str, Any] | None = None, **fields: Any
) -> Submission:
    """What `member` sends of the duty, on top of the newest version; `written_at` goes to the rule."""
    request = db.get_one(ReportRequest, duty.request_id)
    written_at = fields.pop("written_at", None)
    whole = {"version_id": request.version_id, "based_on": duty.newest, "answers": answers or ANSWERS, **fields}
    return send(db, organisation.actor_of(db, member.id), duty.id, SubmissionIn(**whole), written_at=written_at)


def a_returned_report(db: Session, member: Member) -> UUID:
    """A report that `member` sent and the secretary of their cell returned with words; gives the duty's id."""
    duty = the_duty(db, a_request(db), member)
    a_submission(db, duty, member)
    secretary = organisation.actor_of(db, a_member(db, role=Role.CELL_SECRETARY).id)
    words = {"note": "Đề nghị bổ sung.", "notes": {"co_mat": "Kiểm lại số này."}}
    review(db, secretary, duty.id, ReviewIn(number=1, verdict="returned", **words))
    return duty.id
