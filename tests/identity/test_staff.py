"""Inviting, recovering by two people, cutting off a lost phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from handbook.audit.models import AuditEvent
from handbook.identity.models import Passkey, Ticket
from handbook.organisation.models import Member
from tests.factories.identity import SoftKey, a_ticket, another, enrolled, sign_in, sign_out
from tests.factories.organisation import a_member, an_organisation
from tests.page import Client

TOKEN = re.compile(r"/identity/enrol/([0-9A-Z]{26})")


@pytest.fixture
def secretary(client: Client, db: Session) -> Client:
    """The secretary of cell 1.1, signed in."""
    browser = another(client)
    enrolled(browser, a_member(db, role="cell_secretary"))
    return browser


@pytest.fixture
def officer(client: Client, db: Session) -> Client:
    """An officer of the ward above, signed in."""
    browser = another(client)
    enrolled(browser, a_member(db, role="base_officer"))
    return browser


def page_of(member: Member) -> str:
    return f"/staff/identity/members/{member.id}/tickets"


def issued(browser: Client, member: Member, **form: str) -> str:
    """The token on the page that shows a new ticket."""
    page = browser.post(page_of(member), {"purpose": "enrol", **form}, status=201).get_data(as_text=True)
    found = TOKEN.search(page)
    assert found and "<svg" in page
    return found.group(1)


def use(browser: Client, token: str, key: SoftKey, status: int = 201) -> None:
    begun = browser.post(f"/identity/enrol/{token}/options", json={}, status=200).get_json()
    browser.post(f"/identity/enrol/{token}", json={"credential": key.create(begun["options"])}, status=status)


def test_a_secretary_invites_a_member_and_the_codes_agree(client: Client, db: Session, secretary: Client) -> None:
    member = a_member(db)
    secretary.get("/staff/identity/")
    secretary.get(page_of(member))
    page = secretary.post(page_of(member), {"purpose": "enrol"}, status=201).get_data(as_text=True)
    code = db.exec(select(Ticket).where(Ticket.member_id == member.id)).one().code
    shown = f"{code[:3]} {code[3:]}"
    token = TOKEN.search(page)
    assert token and shown in page
    opened = client.get(f"/identity/enrol/{token.group(1)}").get_data(as_text=True)
    assert shown in opened and member.full_name not in opened
    use(client, token.group(1), SoftKey())
    secretary.post(page_of(member), {"purpose": "enrol"}, status=403)


def test_a_new_ticket_ends_the_earlier_one_and_it_can_be_taken_back(
    client: Client, db: Session, secretary: Client
) -> None:
    member = a_member(db)
    first, second = issued(secretary, member), issued(secretary, member)
    client.get(f"/identity/enrol/{first}", status=410)
    client.get(f"/identity/enrol/{second}")
    ticket = db.exec(select(Ticket).order_by(col(Ticket.created_at).desc())).first()
    assert ticket is not None
    secretary.post(f"/staff/identity/tickets/{ticket.id}/removal")
    client.get(f"/identity/enrol/{second}", status=410)


def test_a_printed_ticket_lives_longer(
    client: Client, db: Session, secretary: Client, shift_clock: Callable[[timedelta], None]
) -> None:
    member = a_member(db)
    token = issued(secretary, member, printed="true")
    shift_clock(timedelta(hours=71))
    client.get(f"/identity/enrol/{token}")
    shift_clock(timedelta(hours=73))
    client.get(f"/identity/enrol/{token}", status=410)


@pytest.mark.parametrize("where", ["second_cell", "other_cell"])
def test_members_of_other_cells_are_not_found(db: Session, secretary: Client, where: str) -> None:
    stranger = a_member(db, cell=getattr(an_organisation(db), where))
    enrolled(another(secretary), stranger)
    secretary.get(page_of(stranger), status=404)
    secretary.post(page_of(stranger), {"purpose": "enrol"}, status=404)
    secretary.post(page_of(stranger), {"purpose": "recover"}, status=404)
    secretary.post(f"/staff/identity/members/{stranger.id}/cut-off", {"reason": "mất máy"}, status=404)
    a_ticket(db, stranger)
    ticket = db.exec(select(Ticket).order_by(col(Ticket.created_at).desc())).first()
    assert ticket is not None
    secretary.post(f"/staff/identity/tickets/{ticket.id}/removal", status=404)
    secretary.post(f"/staff/identity/tickets/{ticket.id}/approval", status=404)
    assert stranger.full_name not in secretary.get("/staff/identity/").get_data(as_text=True)
    secretary.get(f"/staff/identity/members/{uuid4()}/tickets", status=404)


def test_a_plain_member_has_none_of_these_pages(client: Client, db: Session) -> None:
    enrolled(client, a_member(db))
    client.get("/staff/identity/", status=404)
    client.post(page_of(a_member(db)), {"purpose": "enrol"}, status=404)


def test_nobody_invites_or_recovers_themselves(client: Client, db: Session) -> None:
    secretary = a_member(db, role="cell_secretary")
    enrolled(client, secretary)
    client.get(page_of(secretary))
    client.post(page_of(secretary), {"purpose": "recover"}, status=403)


def test_recovery_takes_two_people_and_ends_what_there_was(
    client: Client, db: Session, secretary: Client, officer: Client
) -> None:
    member = a_member(db)
    old, new = enrolled(client, member), SoftKey()
    token = issued(secretary, member, purpose="recover", revoke_old="true")
    phone = another(client)
    assert "chờ" in phone.get(f"/identity/enrol/{token}", status=403).get_data(as_text=True)
    phone.post(f"/identity/enrol/{token}/options", json={}, status=403)
    assert "bắt đầu khôi phục" in client.get("/identity/devices").get_data(as_text=True)
    ticket = db.exec(select(Ticket).where(Ticket.member_id == member.id, Ticket.purpose == "recover")).one()
    secretary.post(f"/staff/identity/tickets/{ticket.id}/approval", status=403)
    officer.get(page_of(member))
    officer.post(f"/staff/identity/tickets/{ticket.id}/approval")
    officer.post(f"/staff/identity/tickets/{ticket.id}/approval", status=404)
    use(phone, token, new)
    assert client.get("/identity/devices", status=303).headers["X-Handbook-Wipe"]
    phone.get("/identity/devices")
    assert sign_in(client, old, status=410).get_json()["code"] == "passkey.removed"
    sign_in(client, new)


def test_a_recovery_may_leave_the_old_passkeys(client: Client, db: Session, secretary: Client, officer: Client) -> None:
    member = a_member(db)
    old = enrolled(client, member)
    token = issued(secretary, member, purpose="recover")
    ticket = db.exec(select(Ticket).where(Ticket.member_id == member.id, Ticket.purpose == "recover")).one()
    officer.post(f"/staff/identity/tickets/{ticket.id}/approval")
    use(another(client), token, SoftKey())
    client.get("/identity/devices")
    sign_in(client, old)


def test_a_recovery_that_cannot_be_kept_leaves_the_old_passkeys(
    client: Client, db: Session, secretary: Client, officer: Client
) -> None:
    member = a_member(db)
    old = enrolled(client, member)
    known = enrolled(another(client), a_member(db))
    token = issued(secretary, member, purpose="recover", revoke_old="true")
    ticket = db.exec(select(Ticket).where(Ticket.member_id == member.id, Ticket.purpose == "recover")).one()
    officer.post(f"/staff/identity/tickets/{ticket.id}/approval")
    use(another(client), token, SoftKey(credential_id=known.credential_id), status=409)
    client.get("/identity/devices")
    sign_in(client, old)


def test_cutting_off_a_lost_phone_holds_at_the_next_request(client: Client, db: Session, secretary: Client) -> None:
    member = a_member(db)
    key = enrolled(client, member)
    passkey = db.exec(select(Passkey).where(Passkey.member_id == member.id)).one()
    url = f"/staff/identity/members/{member.id}/cut-off"
    secretary.post(url, {"reason": ""}, status=422)
    secretary.post(url, {"reason": "mất điện thoại", "passkeys": str(uuid4())}, status=404)
    client.get("/identity/devices")
    secretary.post(url, {"reason": "mất điện thoại", "passkeys": str(passkey.id)})
    refused = client.get("/identity/devices", status=401, headers={"X-Handbook-Fetch": "pack"})
    assert refused.headers["X-Handbook-Wipe"]
    sign_in(client, key, status=410)
    told = db.exec(select(AuditEvent).where(AuditEvent.action == "member.cut_off")).one()
    assert told.reason == "mất điện thoại" and told.detail["sessions"] == 1


def test_staff_acts_ask_for_a_fresh_passkey_check(
    db: Session, secretary: Client, shift_clock: Callable[[timedelta], None]
) -> None:
    member = a_member(db)
    shift_clock(timedelta(minutes=6))
    answer = secretary.post(page_of(member), {"purpose": "enrol"})
    assert answer.headers["Location"] == f"/identity/step-up?next={page_of(member)}"
    assert not db.exec(select(Ticket).where(Ticket.member_id == member.id)).all()


def test_looking_at_a_member_is_on_record(db: Session, secretary: Client) -> None:
    member = a_member(db)
    secretary.get(page_of(member))
    secretary.get("/staff/identity/?q=nguyen")
    actions = [row.action for row in db.exec(select(AuditEvent).order_by(col(AuditEvent.seq)))]
    assert actions[-2:] == ["member.view_access", "member.list"]


def test_a_suspended_member_gets_no_ticket(db: Session, secretary: Client) -> None:
    member = a_member(db, status="suspended")
    secretary.get(page_of(member))
    secretary.post(page_of(member), {"purpose": "enrol"}, status=403)


@pytest.mark.parametrize("form", [{}, {"purpose": "first-admin-please"}, {"purpose": "enrol", "role": "org_staff"}])
def test_forms_take_only_what_they_name(db: Session, secretary: Client, form: dict[str, str]) -> None:
    secretary.post(page_of(a_member(db)), form, status=422)


def test_first_admin_is_not_a_form(client: Client, db: Session, secretary: Client) -> None:
    member = a_member(db)
    secretary.post(page_of(member), {"purpose": "first-admin"}, status=201)
    assert db.exec(select(Ticket).where(Ticket.member_id == member.id)).one().purpose == "enrol"
    sign_out(client)
