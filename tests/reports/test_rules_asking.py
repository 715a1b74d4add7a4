"""Who owes a report is fixed on the opening day, and counts stay true whatever is moved afterwards."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.organisation import queries as organisation
from handbook.organisation.forms import StatusIn
from handbook.organisation.rules.members import set_status, transfer_member
from handbook.organisation.rules.tree import rename_unit
from handbook.questions.definition import load
from handbook.questions.faults import FormRefused
from handbook.reports.forms import ExcuseIn, RequestIn
from handbook.reports.models import Duty, FormVersion, RequestUnit
from handbook.reports.queries import rates
from handbook.reports.rules.asking import ask, excuse, open_due
from handbook.reports.rules.forms import publish, save_version
from tests.factories.organisation import SYSTEM, a_member, an_organisation
from tests.factories.reports import MONTHLY, a_form, a_request, a_submission, the_duty


def test_everybody_below_owes_and_those_whose_standing_frees_them_do_not(db: Session) -> None:
    org = an_organisation(db)
    here, exempt, elsewhere = a_member(db), a_member(db), a_member(db, cell=org.other_cell)
    set_status(db, SYSTEM, exempt.id, StatusIn(status="exempt"))
    request = a_request(db, unit=org.ward)
    owing = db.exec(select(Duty.member_id).where(Duty.request_id == request.id)).all()
    assert here.id in owing
    assert exempt.id not in owing
    assert elsewhere.id not in owing
    assert rates.rate(db, SYSTEM, request, org.ward.id).expected == len(owing)


def test_every_unit_of_a_level_owes_once(db: Session) -> None:
    org = an_organisation(db)
    request = a_request(db, unit=org.ward, respondent="unit", level_code="cell")
    owing = db.exec(select(Duty.unit_id, Duty.member_id).where(Duty.request_id == request.id)).all()
    assert set(owing) == {(org.cell.id, None), (org.second_cell.id, None)}


def test_the_denominator_stays_when_members_move_and_units_are_renamed(db: Session) -> None:
    org = an_organisation(db)
    mover = a_member(db)
    request = a_request(db, unit=org.city)
    before = {rate.name: rate.expected for rate in rates.parts(db, SYSTEM, request, org.ward.id)}
    transfer_member(db, SYSTEM, mover.id, cell_id=org.other_cell.id)
    a_member(db)
    rename_unit(db, SYSTEM, org.cell.id, name="Chi bộ khu Bờ Hồ")
    assert {rate.name: rate.expected for rate in rates.parts(db, SYSTEM, request, org.ward.id)} == before
    a_submission(db, the_duty(db, request, mover), mover)
    assert rates.rate(db, SYSTEM, request, org.cell.id).received == 1
    assert rates.rate(db, SYSTEM, request, org.other_cell.id).received == 0


def test_counts_agree_with_a_recount(db: Session) -> None:
    org = an_organisation(db)
    members = [a_member(db, cell=cell) for cell in (org.cell, org.cell, org.second_cell, org.other_cell)]
    request = a_request(db, unit=org.city)
    for member in members[:3]:
        a_submission(db, the_duty(db, request, member), member)
    excuse(db, SYSTEM, the_duty(db, request, members[3]).id, ExcuseIn(excuse="Đi công tác xa"))
    for unit in (org.city, org.ward, org.cell, org.other_cell):
        told = rates.rate(db, SYSTEM, request, unit.id)
        duties = db.exec(
            select(Duty).where(
                Duty.request_id == request.id, Duty.unit_number >= told.number, Duty.unit_number <= told.last
            )
        ).all()
        assert told.expected == sum(duty.excused_at is None for duty in duties)
        assert told.received == sum(duty.received_at is not None for duty in duties)
        assert told.on_time == sum(bool(duty.on_time) for duty in duties)


def test_it_opens_on_its_day_and_once(db: Session, shift_clock) -> None:
    day = clock.today() + timedelta(days=3)
    request = a_request(db, opens_on=day, due_on=day, locks_on=day)
    assert request.opened_at is None
    assert open_due(db) == 0
    late_comer = a_member(db)
    shift_clock(timedelta(days=3))
    assert (open_due(db), open_due(db)) == (1, 0)
    assert the_duty(db, request, late_comer).member_status == "official"


def test_more_time_and_an_excuse_are_for_what_has_not_come(db: Session) -> None:
    member, other = a_member(db), a_member(db)
    request = a_request(db)
    duty = the_duty(db, request, member)
    with pytest.raises(Invalid) as refused:
        excuse(db, SYSTEM, duty.id, ExcuseIn(excuse="Nằm viện", extended_to=request.grace_until))
    assert refused.value.fields == {"extended_to": "duty.extension"}
    later = request.locks_on + timedelta(days=5)
    excuse(db, SYSTEM, duty.id, ExcuseIn(excuse="Nằm viện", extended_to=later))
    assert duty.extended_to == later
    a_submission(db, duty, member)
    with pytest.raises(Conflict, match=r"duty\.received"):
        excuse(db, SYSTEM, duty.id, ExcuseIn(excuse="Muộn rồi"))
    freed = the_duty(db, request, other)
    excuse(db, SYSTEM, freed.id, ExcuseIn(excuse="Chuyển đi"))
    with pytest.raises(Refused, match=r"duty\.excused"):
        excuse(db, SYSTEM, freed.id, ExcuseIn(excuse="Lần nữa"))


def test_nobody_excuses_themselves(db: Session) -> None:
    secretary, member = a_member(db, role="cell_secretary"), a_member(db)
    request = a_request(db)
    actor = organisation.actor_of(db, secretary.id)
    with pytest.raises(Refused, match=r"report\.own"):
        excuse(db, actor, the_duty(db, request, secretary).id, ExcuseIn(excuse="Bận"))
    assert excuse(db, actor, the_duty(db, request, member).id, ExcuseIn(excuse="Nằm viện")).excused_at


def test_who_may_ask_and_for_what(db: Session) -> None:
    org = an_organisation(db)
    secretary = organisation.actor_of(db, a_member(db, role="cell_secretary").id)
    member = organisation.actor_of(db, a_member(db).id)
    version = a_form(db)
    whole = {
        "version_id": version.id, "unit_id": org.cell.id, "title": "Cam kết", "respondent": "member", "period": "2026",
        "opens_on": clock.today(), "due_on": clock.today(), "locks_on": clock.today(),
    }  # fmt: skip
    assert ask(db, secretary, RequestIn(**whole)).opened_at
    with pytest.raises(Missing):
        ask(db, member, RequestIn(**whole))
    with pytest.raises(Missing):
        ask(db, secretary, RequestIn(**{**whole, "unit_id": org.ward.id}))
    elsewhere = a_form(db, unit=org.other_ward, definition={**MONTHLY, "name": "cua_phuong_khac"})
    with pytest.raises(Invalid):
        ask(db, secretary, RequestIn(**{**whole, "version_id": elsewhere.id}))
    for days in ({"due_on": clock.today() - timedelta(days=1)}, {"locks_on": clock.today() - timedelta(days=1)}):
        with pytest.raises(ValidationError):
            RequestIn(**{**whole, **days})


def test_a_published_version_never_changes_and_what_cannot_work_is_refused(db: Session) -> None:
    version = a_form(db)
    with pytest.raises(Conflict, match=r"form\.published"):
        publish(db, SYSTEM, version.id)
    before = dict(version.definition)
    newer = save_version(db, SYSTEM, an_organisation(db).city.id, load({**MONTHLY, "title": "Báo cáo tháng, bản mới"}))
    assert newer.number == version.number + 1
    again = save_version(db, SYSTEM, an_organisation(db).city.id, load({**MONTHLY, "title": "Sửa tiếp"}))
    assert again.id == newer.id
    db.expire_all()
    assert db.get_one(FormVersion, version.id).definition == before
    circle = {"kind": "calculated", "name": "a", "label": "A", "calculation": "${a} + 1"}
    looped = {**MONTHLY, "sections": [{"name": "s", "title": "S", "questions": [circle]}]}
    with pytest.raises(FormRefused):
        save_version(db, SYSTEM, an_organisation(db).city.id, load(looped))


def test_a_form_that_must_have_files_cannot_be_asked_for_yet(db: Session) -> None:
    picture = {"kind": "attachment", "name": "anh", "label": "Ảnh", "required": True}
    table = {
        "kind": "table",
        "name": "viec",
        "label": "Việc",
        "questions": [{"kind": "text", "name": "t", "label": "T"}, picture],
    }
    for asked in (picture, table):
        form = {
            **MONTHLY,
            "name": f"co_tep_{asked['kind']}",
            "sections": [{"name": "s", "title": "S", "questions": [asked]}],
        }
        with pytest.raises(Invalid) as refused:
            a_request(db, version=a_form(db, definition=form))
        assert refused.value.fields == {"version_id": "request.files"}


def test_the_tree_is_written_down_whole(db: Session) -> None:
    org = an_organisation(db)
    request = a_request(db, unit=org.city)
    rows = db.exec(select(RequestUnit).where(RequestUnit.request_id == request.id)).all()
    assert {row.unit_id for row in rows} >= {org.city.id, org.ward.id, org.cell.id, org.other_cell.id}
