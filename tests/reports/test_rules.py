"""Submit and answer: what each promises, on a real session of either database."""

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.core.db import Database
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member, Post, Unit
from handbook.policy.actor import Actor, Role
from handbook.reports.forms import AnswerIn, OpinionIn
from handbook.reports.models import Opinion
from handbook.reports.rules.answering import answer
from handbook.reports.rules.submitting import submit
from tests.factories.organisation import a_member, a_post, an_organisation
from tests.factories.reports import TEXT, an_opinion, answered

ANSWERING = (Role.CELL_SECRETARY, Role.DEPUTY_SECRETARY, Role.BASE_OFFICER, Role.ORG_STAFF)
ANSWER = AnswerIn(answer="Chi bộ đã báo điện lực.")


def acting(db: Session, member: Member) -> Actor:
    return organisation.actor_of(db, member.id)


def opinion_to(unit: Unit, **fields: Any) -> OpinionIn:
    return OpinionIn(**{"kind": "question", "unit_id": unit.id, "subject": "Một việc", "text": TEXT, **fields})


def trail(db: Session, action: str) -> list[AuditEvent]:
    return list(db.exec(select(AuditEvent).where(AuditEvent.action == action)))


def test_an_opinion_is_stored_as_written_and_leaves_a_row_in_the_trail(db: Session) -> None:
    author, tree = a_member(db), an_organisation(db)
    written = datetime(2026, 10, 1, 5, 0, tzinfo=UTC)
    made = submit(db, acting(db, author), opinion_to(tree.ward), written_at=written)
    db.expire_all()
    stored = db.get_one(Opinion, made.id)
    assert (stored.owner_id, stored.unit_id, stored.kind, stored.text) == (author.id, tree.ward.id, "question", TEXT)
    assert stored.written_at == written and stored.submitted_at.tzinfo and stored.answered_at is None
    (event,) = trail(db, "opinion.submit")
    assert (event.actor_id, event.subject_id, event.unit_path) == (author.id, made.id, tree.ward.path)
    assert event.detail == {"kind": "question"} and TEXT not in str(event)


def test_each_sending_is_a_row_of_its_own(db: Session) -> None:
    author, tree = a_member(db), an_organisation(db)
    for _ in range(2):
        submit(db, acting(db, author), opinion_to(tree.cell))
    db.flush()
    assert len(db.exec(select(Opinion).where(Opinion.owner_id == author.id)).all()) == 2


@pytest.mark.parametrize("place", ["cell", "ward", "city"])
def test_one_may_write_to_the_own_cell_and_everything_above(db: Session, place: str) -> None:
    unit = getattr(an_organisation(db), place)
    assert submit(db, acting(db, a_member(db)), opinion_to(unit)).unit_id == unit.id


@pytest.mark.parametrize("place", ["second_cell", "other_ward", "other_cell", None])
def test_elsewhere_and_nowhere_are_refused_alike(db: Session, place: str | None) -> None:
    tree = an_organisation(db)
    unit_id = getattr(tree, place).id if place else uuid4()
    with pytest.raises(Invalid) as found:
        submit(db, acting(db, a_member(db, role=Role.CELL_SECRETARY)), opinion_to(tree.cell, unit_id=unit_id))
    assert found.value.fields == {"unit_id": "opinion.unit"}
    assert db.exec(select(Opinion)).all() == [] and trail(db, "opinion.submit") == []


def test_the_system_writes_none(db: Session) -> None:
    with pytest.raises(Missing):
        submit(db, Actor.system(), opinion_to(an_organisation(db).cell))


@pytest.mark.parametrize(
    "wrong",
    [{"subject": " "}, {"subject": "a" * 151}, {"text": "\n \n"}, {"text": "a" * 10_001}, {"kind": ""},
     {"kind": "complaint"}, {"unit_id": "x"}],
)  # fmt: skip
def test_what_does_not_fit_is_named(db: Session, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as found:
        opinion_to(an_organisation(db).cell, **wrong)
    assert [fault["loc"] for fault in found.value.errors()] == [(name,) for name in wrong]


def test_the_longest_is_taken(db: Session) -> None:
    longest = opinion_to(an_organisation(db).cell, subject="ữ" * 150, text=" " + "ữ" * 10_000 + "\n")
    assert len(submit(db, acting(db, a_member(db)), longest).text) == 10_000


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.CELL_SECRETARY, "cell"),
        (Role.DEPUTY_SECRETARY, "cell"),
        (Role.BASE_OFFICER, "ward"),
        (Role.ORG_STAFF, "city"),
    ],
)
def test_the_posts_that_answer(db: Session, role: Role, place: str) -> None:
    tree = an_organisation(db)
    officer = a_member(db, role=role, unit=getattr(tree, place))
    done = answered(db, an_opinion(db), officer)
    post = db.get_one(Post, done.answer_post_id)
    assert (post.member_id, post.role, done.answer) == (officer.id, role, ANSWER.answer) and done.answered_at
    (event,) = trail(db, "opinion.answer")
    assert (event.actor_id, event.subject_id, event.unit_path) == (officer.id, done.id, tree.cell.path)
    assert ANSWER.answer not in str(event)


@pytest.mark.parametrize("role", [None, *(role for role in Role if role not in ANSWERING)], ids=str)
def test_no_other_post_answers(db: Session, role: Role | None) -> None:
    opinion, other = an_opinion(db), a_member(db, role=role)
    with pytest.raises(Missing):
        answer(db, acting(db, other), opinion.id, ANSWER)
    assert opinion.answered_at is None


@pytest.mark.parametrize(("addressed", "post_in"), [("ward", "cell"), ("cell", "second_cell"), ("cell", "other_ward")])
def test_what_was_sent_higher_or_beside_is_missing(db: Session, addressed: str, post_in: str) -> None:
    tree = an_organisation(db)
    opinion = an_opinion(db, unit=getattr(tree, addressed))
    secretary = a_member(db, role=Role.CELL_SECRETARY, unit=getattr(tree, post_in))
    with pytest.raises(Missing):
        answer(db, acting(db, secretary), opinion.id, ANSWER)


def test_nobody_answers_their_own(db: Session) -> None:
    secretary = a_member(db, role=Role.CELL_SECRETARY)
    opinion = an_opinion(db, secretary)
    with pytest.raises(Refused) as found:
        answer(db, acting(db, secretary), opinion.id, ANSWER)
    assert found.value.code == "opinion.own" and opinion.answer is None


def test_an_answer_stands(db: Session) -> None:
    secretary = a_member(db, role=Role.CELL_SECRETARY)
    opinion = answered(db, an_opinion(db), secretary)
    with pytest.raises(Conflict):
        answer(db, acting(db, secretary), opinion.id, AnswerIn(answer="Khác"))
    assert opinion.answer == ANSWER.answer


def test_the_nearest_post_is_named(db: Session) -> None:
    tree, officer = an_organisation(db), a_member(db, role=Role.ORG_STAFF, unit=an_organisation(db).city)
    near = a_post(db, officer, Role.CELL_SECRETARY, unit=tree.cell)
    a_post(db, officer, Role.INSPECTOR, unit=tree.cell)
    a_post(db, officer, Role.CELL_SECRETARY, unit=tree.other_cell)
    assert answered(db, an_opinion(db), officer).answer_post_id == near.id


def test_the_system_answers_without_a_post(db: Session) -> None:
    done = answer(db, Actor.system(), an_opinion(db).id, ANSWER)
    assert done.answered_at and done.answer_post_id is None


def test_an_unknown_opinion_is_missing(db: Session) -> None:
    with pytest.raises(Missing):
        answer(db, acting(db, a_member(db, role=Role.CELL_SECRETARY)), uuid4(), ANSWER)


def test_of_two_who_answer_at_once_one_is_told(own_database: Database) -> None:
    with own_database.unit_of_work() as db:
        opinion_id = an_opinion(db).id
        both = [acting(db, a_member(db, role=Role.CELL_SECRETARY)) for _ in range(2)]
    gate, outcomes = threading.Barrier(2), []

    def one(actor: Actor) -> None:
        gate.wait()
        try:
            with own_database.unit_of_work() as db:
                answer(db, actor, opinion_id, ANSWER)
            outcomes.append("answered")
        except Conflict as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=one, args=(actor,)) for actor in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["answered", "opinion.answered"]
    with own_database.unit_of_work(read_only=True) as db:
        assert len(trail(db, "opinion.answer")) == 1
