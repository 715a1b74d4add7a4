"""Sending and reviewing: versions in order, days judged by the right clock, nobody over their own."""

from datetime import datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member
from handbook.policy.actor import Actor
from handbook.reports.forms import ReviewIn
from handbook.reports.models import Duty, DutyState, ReportRequest, Submission
from handbook.reports.queries import duties, rates
from handbook.reports.rules.reporting import Faulty
from handbook.reports.rules.reviewing import review
from tests.factories.organisation import SYSTEM, a_member, an_organisation
from tests.factories.reports import ANSWERS, a_form, a_request, a_submission, the_duty


def acting(db: Session, member: Member) -> Actor:
    return organisation.actor_of(db, member.id)


def owed(db: Session, member: Member, **fields: object) -> Duty:
    return the_duty(db, a_request(db, **fields), member)


def verdict(number: int, what: str = "accepted", **fields: object) -> ReviewIn:
    return ReviewIn(number=number, verdict=what, **fields)


def test_only_its_owner_sends_it(db: Session) -> None:
    member, neighbour = a_member(db), a_member(db)
    secretary = a_member(db, role="cell_secretary")
    duty = owed(db, member)
    for other in (neighbour, secretary):
        with pytest.raises(Missing):
            a_submission(db, duty, other)
    assert a_submission(db, duty, member).number == 1


def test_a_report_of_a_cell_is_sent_by_its_leaders(db: Session) -> None:
    org = an_organisation(db)
    secretary, member = a_member(db, role="cell_secretary"), a_member(db)
    duty = db.exec(
        select(Duty).where(
            Duty.request_id == a_request(db, unit=org.ward, respondent="unit", level_code="cell").id,
            Duty.unit_id == org.cell.id,
        )
    ).one()
    with pytest.raises(Missing):
        a_submission(db, duty, member)
    a_submission(db, duty, secretary)
    with pytest.raises(Refused, match=r"report\.own"):
        review(db, acting(db, secretary), duty.id, verdict(1))
    deputy = a_member(db, role="deputy_secretary")
    with pytest.raises(Refused, match=r"report\.own"):
        review(db, acting(db, deputy), duty.id, verdict(1))
    officer = a_member(db, role="base_officer")
    assert review(db, acting(db, officer), duty.id, verdict(1)).verdict == "accepted"


def test_broken_rules_are_told_by_question_and_nothing_is_stored(db: Session) -> None:
    member = a_member(db)
    duty = owed(db, member)
    with pytest.raises(Faulty) as refused:
        a_submission(db, duty, member, {"co_mat": -1, "vuong_mac": "yes"})
    assert refused.value.fields == {"q.co_mat": "answer.minimum", "q.noi_dung": "answer.required"}
    assert duty.newest == 0


def test_what_is_not_asked_is_not_kept(db: Session) -> None:
    member = a_member(db)
    told = a_submission(db, owed(db, member), member, {**ANSWERS, "noi_dung": "Bỏ", "la": 1})
    assert told.answers == ANSWERS


def test_none_takes_the_place_of_one_its_author_had_not_seen(db: Session) -> None:
    member = a_member(db)
    duty = owed(db, member)
    a_submission(db, duty, member)
    with pytest.raises(Conflict, match=r"report\.newer") as refused:
        a_submission(db, duty, member, {**ANSWERS, "co_mat": 3}, based_on=0)
    assert refused.value.values == {"newest": 1}
    a_submission(db, duty, member, {**ANSWERS, "co_mat": 3}, based_on=1)
    kept = db.exec(select(Submission.answers).where(Submission.duty_id == duty.id).order_by(Submission.number)).all()
    assert [answers["co_mat"] for answers in kept] == [9, 3]


def test_answers_to_another_form_are_refused(db: Session) -> None:
    member = a_member(db)
    duty = owed(db, member)
    another = a_form(db)
    with pytest.raises(Invalid, match=r"report\.version"):
        a_submission(db, duty, member, version_id=another.id)


def at_noon(day) -> datetime:
    return datetime.combine(day, time(12), clock.LOCAL)


@pytest.mark.parametrize(
    ("arrives", "on_time"), [("opens_on", True), ("due_on", True), ("grace_until", True), ("locks_on", False)]
)
def test_on_time_is_judged_by_the_day_it_came(db: Session, shift_clock, arrives: str, on_time: bool) -> None:
    member = a_member(db)
    today = clock.today()
    request = a_request(db, grace_until=today + timedelta(days=12))
    duty = the_duty(db, request, member)
    shift_clock(at_noon(getattr(request, arrives)) - clock.now())
    sent = a_submission(db, duty, member)
    assert (duty.on_time, sent.late_arrival) == (on_time, False)
    assert rates.rate(db, SYSTEM, request, an_organisation(db).cell.id).on_time == int(on_time)


def test_after_the_lock_only_what_was_written_before_it(db: Session, shift_clock) -> None:
    member, other = a_member(db), a_member(db)
    request = a_request(db)
    first, second = the_duty(db, request, member), the_duty(db, request, other)
    written = at_noon(request.due_on)
    shift_clock(at_noon(request.locks_on + timedelta(days=2)) - clock.now())
    sent = a_submission(db, first, member, written_at=written)
    assert sent.late_arrival and first.on_time
    assert clock.local(sent.received_at).date() > request.locks_on
    for late in (None, at_noon(request.locks_on + timedelta(days=1))):
        with pytest.raises(Refused, match=r"report\.locked"):
            a_submission(db, second, other, written_at=late)


def test_returned_mended_and_accepted(db: Session) -> None:
    member, secretary = a_member(db), a_member(db, role="cell_secretary")
    request = a_request(db)
    duty = the_duty(db, request, member)
    a_submission(db, duty, member)
    review(db, acting(db, secretary), duty.id, verdict(1, "returned", notes={"co_mat": "Kiểm lại số này."}))
    assert [line.state for line in duties.owed(db, acting(db, member))] == [DutyState.RETURNED]
    with pytest.raises(Conflict, match=r"report\.reviewed"):
        review(db, acting(db, secretary), duty.id, verdict(1))
    a_submission(db, duty, member, {**ANSWERS, "co_mat": 8})
    with pytest.raises(Conflict, match=r"report\.newer"):
        review(db, acting(db, secretary), duty.id, verdict(1))
    review(db, acting(db, secretary), duty.id, verdict(2))
    with pytest.raises(Refused, match=r"report\.accepted"):
        a_submission(db, duty, member)
    told = rates.rate(db, SYSTEM, request, an_organisation(db).cell.id)
    assert (told.received, told.accepted) == (1, 1)
    view = duties.get(db, acting(db, member), duty.id)
    assert [judged.submission.number for judged in view.sent] == [2, 1]
    assert view.sent[1].review.notes == {"co_mat": "Kiểm lại số này."}
    assert view.sent[0].by == ("cell_secretary", an_organisation(db).cell.name)


def test_nobody_reviews_their_own(db: Session) -> None:
    secretary = a_member(db, role="cell_secretary")
    duty = owed(db, secretary)
    a_submission(db, duty, secretary)
    with pytest.raises(Refused, match=r"report\.own"):
        review(db, acting(db, secretary), duty.id, verdict(1))
    assert duty.id not in [line.id for line in duties.inbox(db, acting(db, secretary)).rows]


def test_the_inbox_has_neighbours_and_only_what_is_in_reach(db: Session) -> None:
    org = an_organisation(db)
    secretary = a_member(db, role="cell_secretary")
    members = [a_member(db) for _ in range(3)]
    far = a_member(db, cell=org.other_cell)
    request = a_request(db, unit=org.city)
    for member in (*members, far):
        a_submission(db, the_duty(db, request, member), member)
    mine = [the_duty(db, request, member).id for member in members]
    assert [line.id for line in duties.inbox(db, acting(db, secretary)).rows] == mine
    assert duties.neighbours(db, acting(db, secretary), mine[1]) == (mine[0], mine[2])
    with pytest.raises(Missing):
        duties.get(db, acting(db, secretary), the_duty(db, request, far).id)


def test_the_missing_are_named_within_reach_alone(db: Session) -> None:
    org = an_organisation(db)
    secretary, here, there = a_member(db, role="cell_secretary"), a_member(db), a_member(db, cell=org.second_cell)
    request = a_request(db, unit=org.ward)
    names = [line.member_name for line in rates.missing(db, acting(db, secretary), request, org.cell.id).rows]
    assert here.full_name in names and there.full_name not in names
    with pytest.raises(Missing):
        rates.missing(db, acting(db, secretary), request, org.ward.id)
    officer = acting(db, a_member(db, role="base_officer"))
    first = rates.missing(db, officer, request, org.ward.id, limit=1)
    rest = rates.missing(db, officer, request, org.ward.id, cursor=first.next)
    everyone = rates.missing(db, officer, request, org.ward.id)
    assert [*first.rows, *rest.rows] == everyone.rows


def test_a_cancelled_request_takes_nothing(db: Session) -> None:
    member = a_member(db)
    duty = owed(db, member)
    db.get_one(ReportRequest, duty.request_id).cancelled_at = clock.now()
    with pytest.raises(Refused, match=r"report\.not_open"):
        a_submission(db, duty, member)
