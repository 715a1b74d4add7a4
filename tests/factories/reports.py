"""Opinions for tests: invented, sent and answered through the same rules as real ones."""

from typing import Any

from sqlmodel import Session

from handbook.organisation import queries as organisation
from handbook.organisation.models import Member, Unit
from handbook.reports.forms import AnswerIn, FileLimits, OpinionIn
from handbook.reports.models import Opinion
from handbook.reports.rules.answering import answer
from handbook.reports.rules.submitting import submit
from tests.factories.organisation import a_member

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
