"""A lost phone: staff cut it off with their own hands, and it is out at its next request."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Playwright

from handbook.core.clock import today
from handbook.identity import queries
from handbook.identity.rules import tickets
from handbook.organisation.models import Member
from handbook.policy.actor import Actor, Role
from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually
from tests.factories.organisation import a_post

STATUS = """path => fetch(path, {headers: {"X-Handbook-Fetch": "pack"}}).then(reply => [reply.status,
  reply.headers.get("X-Handbook-Wipe") !== null])"""


@pytest.fixture
def desk(playwright: Playwright, server: Server, prepared: Prepared, tmp_path: Path) -> Iterator[Phone]:
    """The secretary's browser, signed in."""
    with server.database() as db:
        a_post(db, db.get_one(Member, UUID(prepared.neighbour_id)), Role.CELL_SECRETARY)
    opened = Phone(playwright, server, tmp_path / "desk")
    opened.enrol(enrolment(server, prepared.neighbour_id))
    yield opened
    opened.context.close()


def lose(server: Server, member_id: str) -> None:
    """The same from the operator's hand, passkeys and all."""
    with server.database() as db:
        held = [passkey.id for passkey in queries.passkeys(db, UUID(member_id))]
        tickets.cut_off(db, Actor.system(), UUID(member_id), passkey_ids=held, reason=f"mất máy {today()}")


def test_staff_cut_off_a_lost_phone_and_the_member_comes_back_by_recovery(
    member_phone: Phone, desk: Phone, server: Server, prepared: Prepared
) -> None:
    phone, page = member_phone, desk.page
    assert phone.evaluate(STATUS, "/identity/devices") == [200, False]
    desk.go(f"/staff/identity/members/{prepared.member_id}/tickets")
    page.click("text=Báo mất máy: cắt ngay")
    page.fill('[name="reason"]', "mất điện thoại ở chợ")
    page.click("text=Cắt máy bị mất")
    eventually(lambda: "0 máy" in page.inner_text("main"), True)
    assert phone.evaluate(STATUS, "/identity/devices") == [401, True]
    phone.go("/")
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    eventually(phone.databases, ["hb-device"])
    page.click("form button:has-text('Cấp thư mời')")
    link = page.inner_text("dd:has-text('/identity/enrol/')")
    phone.page.goto(link)
    code = phone.page.inner_text("dt:has-text('Mã đối chiếu') + dd")
    assert code == page.inner_text("dt:has-text('Mã đối chiếu') + dd")
    phone.enrol(link)
