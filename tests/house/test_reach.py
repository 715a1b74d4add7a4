"""Every route, every role, a neighbour's things: out of reach looks like "not found", and nothing of it shows.

The routes are read from the application, so a new one is tried without being named here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import Session, select
from werkzeug.routing import Rule

from handbook.identity.models import AuthSession, Passkey, Ticket
from handbook.library.models import Document
from handbook.organisation.models import Member
from handbook.policy.actor import Role
from handbook.reports.models import Attachment, Duty, Opinion
from tests.factories.identity import a_ticket, another, enrolled
from tests.factories.library import a_document
from tests.factories.organisation import a_member, an_organisation
from tests.factories.receipts import a_receipt
from tests.factories.reports import a_request, a_submission, an_opinion, the_duty
from tests.factories.rescue import a_rescue_copy
from tests.page import ORIGIN, Client

ROLES = [None, Role.CELL_SECRETARY, Role.BASE_OFFICER, Role.EDITOR, Role.INSPECTOR, Role.SYSTEM_ADMIN]
NAME, TITLE = "Trịnh Thị Láng Giềng", "Về việc riêng của phường láng giềng"
JUNK = ("0", "1" * 40, "\x00", "..", "%ff", "đ" * 300, "' OR 1=1 --")


# What each form asks for, so that a refusal is about reach and not about a missing field.
COMPLETE = {
    "name": {"name": "x"},
    "tickets": {"purpose": "enrol"},
    "cut-off": {"reason": "Mất máy ngoài chợ"},
    "reading": {"revision": "1"},
    "answer": {"answer": "Đã xem xét"},
    "review": {"number": "1", "verdict": "accepted"},
}


@dataclass(frozen=True)
class Neighbour:
    """What belongs to the ward next door, by the name of the URL's argument."""

    ids: dict[str, UUID]
    token: str


def neighbour(client: Client, db: Session) -> Neighbour:
    """A member next door who is enrolled and signed in, with a ticket, and a document of theirs."""
    tree = an_organisation(db)
    member = a_member(db, cell=tree.other_cell, full_name=NAME)
    enrolled(another(client), member)
    token = a_ticket(db, member, purpose="recover")
    document = a_document(db, unit=tree.other_ward, title=TITLE)
    receipt = a_receipt(db, member)
    file_id = uuid4()
    file = {"id": file_id, "name": "a.pdf", "bytes": 9, "sha256": "0" * 64, "kind": "application/pdf"}
    opinion = an_opinion(db, member, unit=tree.other_ward, subject=TITLE, attachments=[file])
    request = a_request(db, unit=tree.other_ward, title=TITLE)
    duty = the_duty(db, request, member)
    a_submission(db, duty, member)
    ids = {
        "duty_id": duty.id,
        "request_id": request.id,
        "member_id": member.id,
        "document_id": document.id,
        "passkey_id": db.exec(select(Passkey.id).where(Passkey.member_id == member.id)).one(),
        "session_id": db.exec(select(AuthSession.id).where(AuthSession.member_id == member.id)).one(),
        "ticket_id": db.exec(select(Ticket.id).where(Ticket.purpose == "recover")).first(),
        "draft_id": member.id,
        "receipt_id": receipt.id,
        "opinion_id": opinion.id,
        "attachment_id": file_id,
        "copy_id": a_rescue_copy(db, client.app.extensions["handbook.settings"], member, piece=TITLE),
    }
    db.commit()
    return Neighbour({name: value for name, value in ids.items() if value}, token)


def rules(app: Flask, method: str) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))


def signed_in(client: Client, db: Session, role: Role | None) -> Client:
    browser = another(client)
    enrolled(browser, a_member(db, cell=an_organisation(db).cell, role=role))
    return browser


def snapshot(db: Session, ids: dict[str, UUID]) -> list[object]:
    db.expire_all()
    rows: list[object] = []
    for model, name in (
        (Member, "member_id"),
        (Document, "document_id"),
        (Passkey, "passkey_id"),
        (Ticket, "ticket_id"),
        (Duty, "duty_id"),
        (Opinion, "opinion_id"),
        (Attachment, "attachment_id"),
    ):
        row = db.get(model, ids[name])
        rows.append(row.model_dump() if row else None)
    session = db.exec(select(AuthSession).where(AuthSession.id == ids["session_id"])).one()
    return [*rows, session.ended_at]


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_nothing_of_the_ward_next_door_can_be_seen_or_changed(client: Client, db: Session, role: Role | None) -> None:
    theirs = neighbour(client, db)
    browser = signed_in(client, db, role)
    before = snapshot(db, theirs.ids)
    tried = 0
    for method in ("GET", "POST"):
        for rule in rules(client.app, method):
            if not set(rule.arguments) & set(theirs.ids) or not set(rule.arguments) <= set(theirs.ids):
                continue
            path = rule.build({name: theirs.ids[name] for name in rule.arguments})
            assert path is not None
            headers = {"Sec-Fetch-Site": "same-origin"}
            answer = browser.http.open(
                path[1],
                method=method,
                base_url=ORIGIN,
                headers=headers,
                data=COMPLETE.get(path[1].rsplit("/", 1)[1], {}),
            )
            text = answer.get_data(as_text=True)
            assert answer.status_code == 404, f"{method} {rule.rule} as {role}: {answer.status_code}"
            assert NAME not in text and TITLE not in text
            tried += 1
    assert tried >= 12
    assert snapshot(db, theirs.ids) == before


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_list_shows_the_ward_next_door(client: Client, db: Session, role: Role | None) -> None:
    neighbour(client, db)
    browser = signed_in(client, db, role)
    for rule in rules(client.app, "GET"):
        if rule.arguments:
            continue
        for query in ("", "?q=lang+gieng", "?q=rieng"):
            text = browser.http.get(rule.rule + query, base_url=ORIGIN).get_data(as_text=True)
            assert NAME not in text and TITLE not in text, f"{rule.rule}{query} as {role}"


def test_a_stranger_gets_no_further_than_the_sign_in_page(client: Client, db: Session) -> None:
    theirs = neighbour(client, db)
    open_to_all = {"identity.", "site.", "language.", "design.", "assets.", "offline.", "receipts.key"}
    for rule in rules(client.app, "GET"):
        if any(rule.endpoint.startswith(prefix) for prefix in open_to_all):
            continue
        path = rule.build({name: theirs.ids[name] for name in rule.arguments})
        assert path is not None
        answer = client.http.get(path[1], base_url=ORIGIN)
        assert answer.status_code == 303 and "/identity/sign-in" in answer.headers["Location"], rule.rule


@pytest.mark.parametrize("role", [None, Role.BASE_OFFICER, Role.EDITOR], ids=str)
def test_no_input_is_a_fault(client: Client, db: Session, role: Role | None) -> None:
    browser = signed_in(client, db, role)
    headers = {"Sec-Fetch-Site": "same-origin"}
    for method in ("GET", "POST"):
        for rule in rules(client.app, method):
            if "removal" in rule.rule and "session" in rule.rule:
                continue
            for number, junk in enumerate(JUNK):
                arguments = {
                    name: UUID(int=number) if converter.__class__.__name__ == "UUIDConverter" else junk
                    for name, converter in rule._converters.items()
                }
                path = rule.build(arguments)
                assert path is not None
                fields = [
                    "q",
                    "kind",
                    "issuer",
                    "year",
                    "after",
                    "next",
                    "name",
                    "language",
                    "purpose",
                    "unit_id",
                    "subject",
                    "text",
                    "answer",
                    "credential",
                ]
                values = dict.fromkeys(fields, junk)
                for sent in ({"query_string": values}, {"data": values}, {"json": values}, {"json": [junk]}):
                    if method == "GET" and "query_string" not in sent:
                        continue
                    answer = browser.http.open(path[1], method=method, base_url=ORIGIN, headers=headers, **sent)
                    assert answer.status_code < 500, f"{method} {rule.rule} {sent}: {answer.status_code}"
