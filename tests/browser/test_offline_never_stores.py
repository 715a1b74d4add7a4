"""What must never be kept on a phone: another member's page, a sign-in page, an error, a redirect."""

from typing import Any

import pytest

from tests.browser.harness import ASK, Phone, Server

EVERYTHING = """async () => {
  const found = [];
  const done = asked => new Promise(resolve => { asked.onsuccess = () => resolve(asked.result); });
  for (const {name} of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames)
      found.push(JSON.stringify(await done(db.transaction(store).objectStore(store).getAll())));
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) found.push(asked.url, await (await cache.match(asked)).text());
  }
  return found.join("\\n");
}"""


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ({"member": "somebody-else"}, "other-member"),
        ({"location": "/identity/sign-in"}, "signed-out"),
        ({"status": 401}, "signed-out"),
        ({"status": 503}, "later"),
    ],
)
def test_such_an_answer_ends_the_download_and_nothing_of_it_is_kept(
    member_phone: Phone, server: Server, fault: dict[str, Any], state: str
) -> None:
    phone = member_phone
    url = document(phone)
    before = phone.evaluate(EVERYTHING)
    forget(phone, url)
    server.misbehave(**{url: fault})
    assert phone.sync()["state"] == state
    assert url not in phone.ask(type="status")["urls"]
    kept = phone.evaluate(EVERYTHING)
    assert "<h1>fault</h1>" not in kept and len(kept) < len(before)


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_page_is_not_kept_and_the_rest_goes_on(member_phone: Phone, server: Server, status: int) -> None:
    phone = member_phone
    url = document(phone)
    forget(phone, url)
    server.misbehave(**{url: {"status": status}})
    outcome = phone.sync()
    assert outcome["state"] == "partial" and outcome["failed"] == 1
    assert url not in phone.ask(type="status")["urls"]
    assert "<h1>fault</h1>" not in phone.evaluate(EVERYTHING)
    server.misbehave()
    assert phone.sync()["state"] == "done" and url in phone.ask(type="status")["urls"]


def test_pages_opened_online_are_not_kept(member_phone: Phone) -> None:
    phone = member_phone
    before = sorted(phone.ask(type="status")["urls"])
    for path in ("/identity/enrol", "/library/?q=suoi", "/nowhere"):
        phone.go(path)
    assert sorted(phone.ask(type="status")["urls"]) == before
    assert "/nowhere" not in phone.evaluate(EVERYTHING)


def document(phone: Phone) -> str:
    """The address of the last document carried: what comes before it is fetched before it."""
    urls: list[str] = phone.ask(type="status")["urls"]
    return [url for url in urls if url.startswith("/library/") and url != "/library/"][-1]


# The page holds the key too, and can tell under which name a piece lies. Handing the key over anew makes the worker
# look again.
FORGET = """async url => {
  const asked = ASK;
  const key = await asked({type: "key-get"});
  const info = new TextEncoder().encode("handbook/name/1");
  const derive = {name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info};
  const naming = await crypto.subtle.deriveKey(
    derive, key.root, {name: "HMAC", hash: "SHA-256", length: 256}, false, ["sign"]);
  const hidden = async name => {
    const mac = await crypto.subtle.sign("HMAC", naming, new TextEncoder().encode(name));
    return btoa(String.fromCharCode(...new Uint8Array(mac.slice(0, 16))))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const names = await Promise.all([url, `text ${url}`].map(hidden));
  const opening = indexedDB.open(`hb-vault-${key.vault}`);
  const db = await new Promise(resolve => { opening.onsuccess = () => resolve(opening.result); });
  const change = db.transaction(["heads", "bodies"], "readwrite");
  for (const store of ["heads", "bodies"]) for (const name of names) change.objectStore(store).delete(name);
  await new Promise(resolve => { change.oncomplete = resolve; });
  db.close();
  await asked({type: "key", ...key});
}"""


def forget(phone: Phone, url: str) -> None:
    """Take one document off the phone, as if it had just been published."""
    phone.evaluate(FORGET.replace("ASK", f"({ASK})"), url)
