"""Reading and answering members' opinions: within reach, once, and never unseen."""

from uuid import uuid4

import pytest
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.organisation.models import Member
from handbook.reports.models import Opinion
from tests.factories.organisation import a_member, an_organisation
from tests.factories.reports import SUBJECT, TEXT, an_opinion, answered
from tests.library.signing import sign_in
from tests.page import Client


@pytest.fixture
def secretary(db: Session) -> Member:
    return a_member(db, role="cell_secretary")


@pytest.fixture
def browser(client: Client, db: Session, secretary: Member) -> Client:
    return sign_in(client, db, secretary)


def page(browser: Client, path: str, status: int = 200) -> str:
    return browser.get(path, status=status).get_data(as_text=True)


def events(db: Session, action: str) -> list[AuditEvent]:
    return list(db.exec(select(AuditEvent).where(AuditEvent.action == action)))


def test_the_list_shows_what_waits_and_who_was_shown_is_on_record(browser: Client, db: Session) -> None:
    assert "Không có ý kiến nào chờ trả lời" in page(browser, "/staff/reports/")
    assert events(db, "opinion.list") == []
    author = a_member(db)
    opinion = an_opinion(db, author)
    an_opinion(db, author, unit=an_organisation(db).ward, subject="Gửi lên phường")
    db.commit()
    shown = page(browser, "/staff/reports/")
    assert SUBJECT in shown and author.full_name in shown and "Gửi lên phường" not in shown
    (event,) = events(db, "opinion.list")
    assert event.detail == {"shown": [str(opinion.id)]}


def test_a_look_at_one_is_on_record_about_its_author(browser: Client, db: Session, secretary: Member) -> None:
    author = a_member(db)
    opinion = an_opinion(db, author)
    db.commit()
    shown = page(browser, f"/staff/reports/opinions/{opinion.id}")
    assert SUBJECT in shown and TEXT.split("\n")[0] in shown and author.full_name in shown
    (event,) = events(db, "opinion.view")
    assert (event.actor_id, event.subject_id, event.detail) == (secretary.id, author.id, {"opinion": str(opinion.id)})


def test_answered_it_leaves_the_list_and_shows_the_answer(browser: Client, db: Session) -> None:
    opinion = an_opinion(db)
    db.commit()
    path = f"/staff/reports/opinions/{opinion.id}"
    assert browser.post(f"{path}/answer", {"answer": "Đã báo điện lực."}).headers["Location"] == path
    shown = page(browser, path)
    assert "<p>Đã báo điện lực.</p>" in shown and "<textarea" not in shown
    assert SUBJECT not in page(browser, "/staff/reports/") and SUBJECT in page(browser, "/staff/reports/?answered=1")
    browser.post(f"{path}/answer", {"answer": "Khác"}, status=409)
    assert db.get_one(Opinion, opinion.id).answer == "Đã báo điện lực."


@pytest.mark.parametrize("answer", ["", " \n", "a" * 10_001])
def test_an_answer_that_does_not_fit_is_refused_without_showing_the_opinion(
    browser: Client, db: Session, answer: str
) -> None:
    opinion = an_opinion(db)
    db.commit()
    path = f"/staff/reports/opinions/{opinion.id}/answer"
    assert SUBJECT not in browser.post(path, {"answer": answer}, status=422).get_data(as_text=True)
    assert db.get_one(Opinion, opinion.id).answered_at is None


def test_ones_own_is_shown_without_a_form_and_without_a_trace(browser: Client, db: Session, secretary: Member) -> None:
    opinion = an_opinion(db, secretary)
    db.commit()
    path = f"/staff/reports/opinions/{opinion.id}"
    shown = page(browser, path)
    assert "Đây là ý kiến của chính đồng chí" in shown and "<textarea" not in shown
    assert events(db, "opinion.view") == []
    browser.post(f"{path}/answer", {"answer": "Tự trả lời"}, status=403)


def test_out_of_reach_and_unknown_look_the_same(browser: Client, db: Session) -> None:
    opinion = an_opinion(db, unit=an_organisation(db).ward)
    db.commit()
    told = {page(browser, f"/staff/reports/opinions/{one}", 404).replace(str(one), "") for one in (opinion.id, uuid4())}
    assert SUBJECT not in "".join(told)
    browser.post(f"/staff/reports/opinions/{opinion.id}/answer", {"answer": "x"}, status=404)
    assert events(db, "opinion.view") == []


@pytest.mark.parametrize("role", [None, "cell_committee", "editor", "inspector", "system_admin"])
def test_nobody_else_enters(client: Client, db: Session, role: str | None) -> None:
    opinion, browser = an_opinion(db), sign_in(client, db, a_member(db, role=role))
    for path in ("/staff/reports/", f"/staff/reports/opinions/{opinion.id}"):
        page(browser, path, 404)


def test_a_long_list_is_paged(browser: Client, db: Session) -> None:
    author = a_member(db)
    for number in range(21):
        an_opinion(db, author, subject=f"Việc {number:02d}")
    db.commit()
    first = page(browser, "/staff/reports/")
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Việc 00" in first and "Việc 20" not in first and "Việc 20" in page(browser, following)


def test_done_ones_page_among_themselves(browser: Client, db: Session, secretary: Member) -> None:
    author = a_member(db)
    for number in range(21):
        answered(db, an_opinion(db, author, subject=f"Việc {number:02d}"), secretary)
    db.commit()
    first = page(browser, "/staff/reports/?answered=1")
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "answered=1" in following and "Việc 00" in page(browser, following)
