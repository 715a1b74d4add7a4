"""Phones close or lose the connection to a store behind our back: what is being written is written again."""

import pytest

from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import states, stored
from tests.browser.writing import NEW, TEXT, opinions, write

# As after a suspension: the next transactions of each store find their connection closed, or break off unasked.
BREAK = """how => {
  const broken = new Set();
  const native = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...asked) {
    const whole = broken.has(this.name);
    broken.add(this.name);
    if (!whole && how === "closed") this.close();
    const transaction = native.apply(this, asked);
    if (!whole && how === "cut") Promise.resolve().then(() => transaction.abort());
    return transaction;
  };
}"""
# Another version of the handbook opens every store of this one.
NEWER = """async () => {
  const open = ({name, version}) => new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, version + 1);
    asked.onblocked = () => reject(new Error("blocked"));
    asked.onsuccess = () => { asked.result.close(); resolve(); };
  });
  await Promise.all((await indexedDB.databases()).map(open));
}"""


@pytest.mark.parametrize("how", ["closed", "cut", "newer"])
def test_what_is_written_then_is_kept_and_sent(member_phone: Phone, server: Server, how: str) -> None:
    phone = member_phone
    phone.go(NEW)
    server.kill()
    break_connections(phone, how)
    write(phone)
    eventually(lambda: "Đã lưu trên máy" in phone.page.inner_text("[data-draft-say]"), True)
    break_connections(phone, how)
    phone.page.click("main form button[type=submit]")
    eventually(lambda: states(phone), [("waiting", "offline")])
    break_connections(phone, how)
    server.start()
    phone.ask(type="outbox-replay", now=True)
    assert states(phone) == [("received", None)]
    assert opinions(server) == [TEXT] and stored(server)[1] == 1


def break_connections(phone: Phone, how: str) -> None:
    if how == "newer":
        phone.evaluate(NEWER)
        return
    [worker] = phone.context.service_workers
    worker.evaluate(BREAK, how)
