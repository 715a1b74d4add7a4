"""A phone whose clock is days ahead or behind: the times it tells are the server's, and it waits for nothing in vain."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from handbook.core.receipts import Receipt
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_fault_retry_after import MANIFEST
from tests.browser.test_offline_expiry import DAYS_LATER
from tests.browser.test_outbox import CONFIRM, ONLINE, items, open_document, states

AHEAD_AND_BEHIND = [40, -40]
# The clock of the phone, which page and worker read alike, is so many days wrong.
WRONG = """days => {
  globalThis.rightNow ??= Date.now;
  const right = globalThis.rightNow;
  Date.now = () => right() + days * 86400000;
}"""


def set_clock(phone: Phone, days: float) -> None:
    [worker] = phone.context.service_workers
    worker.evaluate(WRONG, days)
    phone.context.add_init_script(f"({WRONG})({days})")
    phone.evaluate(WRONG, days)


def near(moment: datetime) -> bool:
    return abs(datetime.now(UTC) - moment) < timedelta(minutes=2)


@pytest.mark.parametrize("days", AHEAD_AND_BEHIND)
def test_what_is_written_bears_the_servers_time(member_phone: Phone, server: Server, days: int) -> None:
    phone = member_phone
    set_clock(phone, days)
    assert phone.sync()["state"] == "done"
    open_document(phone)
    server.kill()
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "offline")])
    assert near(datetime.fromtimestamp(items(phone)[0]["written"] / 1000, UTC))
    phone.go("/offline/outbox")
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).strftime("%d/%m/%Y")
    eventually(lambda: today in phone.page.inner_text("main"), True)
    server.start()
    phone.evaluate(ONLINE)
    eventually(lambda: states(phone), [("received", None)])
    with server.database() as db:
        receipt = db.exec(select(Receipt)).one()
        assert receipt.written_at and near(receipt.written_at) and near(receipt.received_at)
    eventually(lambda: f"{receipt.number} · " in phone.page.inner_text("main"), True)
    assert today in phone.page.inner_text("main")


@pytest.mark.parametrize("days", AHEAD_AND_BEHIND)
def test_a_copy_runs_out_by_the_servers_time(member_phone: Phone, server: Server, days: int) -> None:
    phone = member_phone
    set_clock(phone, days)
    assert phone.sync()["state"] == "done"
    server.kill()
    phone.evaluate(DAYS_LATER, 29)
    phone.go("/library/")
    assert phone.from_copy()
    phone.evaluate(DAYS_LATER, 2)
    phone.go("/library/")
    assert "quá hạn" in phone.page.inner_text("main")


def test_a_clock_that_is_put_right_does_not_make_the_phone_wait_for_days(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = open_document(phone)
    set_clock(phone, 3)
    busy = {"status": 503, "headers": {"Retry-After": "30"}}
    server.misbehave(**{MANIFEST: busy, f"{url}/reading": busy})
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])
    assert phone.sync()["state"] == "later"
    server.misbehave()
    set_clock(phone, 0)
    assert phone.ask(type="outbox-replay")["state"] == "done"
    assert states(phone) == [("received", None)]
    assert phone.sync()["state"] == "done"
