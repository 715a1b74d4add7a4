"""A copy is shown for the stated days after the last contact and then neither shown nor kept."""

import pytest

from tests.browser.harness import Phone, Server, eventually

# Time passes: what the worker last heard as the server's time moves on by so many days.
DAYS_LATER = """async days => {
  const done = asked => new Promise(resolve => { asked.onsuccess = () => resolve(asked.result); });
  const db = await done(indexedDB.open("hb-device"));
  const store = db.transaction("state", "readwrite").objectStore("state");
  const clock = await done(store.get("clock"));
  await done(store.put({offset: clock.offset + days * 86400000, seen: clock.seen}, "clock"));
  db.close();
}"""


@pytest.mark.parametrize("days", [29, 31])
def test_the_copy_runs_out(member_phone: Phone, server: Server, days: int) -> None:
    phone = member_phone
    server.kill()
    phone.evaluate(DAYS_LATER, days)
    phone.go("/library/")
    if days < 30:
        assert phone.from_copy()
        return
    assert "quá hạn" in phone.page.inner_text("main")
    assert phone.ask(type="status")["urls"] == []
    server.start()
    phone.go("/")
    eventually(lambda: phone.ready() is phone, True)
    assert phone.ask(type="status")["complete"]


def test_turning_the_phones_clock_back_does_not_help(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    server.kill()
    phone.evaluate(DAYS_LATER, 31)
    phone.go("/library/")
    assert "quá hạn" in phone.page.inner_text("main")
    phone.evaluate(DAYS_LATER, -40)
    phone.go("/library/")
    assert "quá hạn" in phone.page.inner_text("main")
