"""A lost phone holds only ciphertext: every byte of the browser's profile is searched for what is personal."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from handbook.organisation.models import Member
from tests.browser.conftest import Prepared
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox_attachments import choose, picked
from tests.browser.test_vault_boxes import write_cut_off
from tests.browser.test_vault_lock import keep_documents
from tests.browser.writing import NEW, TEXT, kept, send, write

# Everything in the phone's databases as plain lists: whoever has the phone can read them out.
DUMP = """async () => {
  const read = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const plain = (value) => (value instanceof Uint8Array ? [...value] : value);
  const row = (value) => (value?.bytes ? {...value, bytes: plain(value.bytes)} : plain(value));
  const found = {};
  for (const {name} of await indexedDB.databases()) {
    const db = await read(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const all = () => db.transaction(store).objectStore(store);
      const [keys, values] = [await read(all().getAllKeys()), await read(all().getAll())];
      found[store] = keys.map((key, n) => [key, row(values[n])]);
    }
    db.close();
  }
  return found;
}"""


def found(profile: Path, words: list[str]) -> dict[str, list[str]]:
    """Which of ``words`` stand in which files of the profile, in UTF-8, UTF-16 or percent-encoded for a URL."""
    places: dict[str, list[str]] = {}
    for file in (path for path in profile.rglob("*") if path.is_file()):
        content = file.read_bytes()
        for word in words:
            if word.encode() in content or word.encode("utf-16-le") in content:
                places.setdefault(word, []).append(file.relative_to(profile).as_posix())
    return places


def test_no_byte_of_the_profile_says_what_was_read_or_by_whom(
    member_phone: Phone, server: Server, prepared: Prepared
) -> None:
    phone = member_phone
    with server.database() as db:
        name = db.get_one(Member, UUID(prepared.member_id)).full_name
    urls = phone.ask(type="status")["urls"]
    document = [url for url in urls if url.startswith("/library/") and url != "/library/"][-1]
    for path in ("/", "/library/", document, "/identity/devices", "/offline/outbox"):
        phone.go(path)  # painted from the copy
        phone.reload()  # and from the network
    server.misbehave(**{f"{document}/reading": {"status": 503}})
    phone.go(document)
    phone.page.click('[data-action="confirm-reading"]')
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)
    phone.go(NEW)
    write(phone)
    choose(phone, picked("Biên bản kín.pdf", b"%PDF-1.7 " + "Lời trong tệp kín".encode() * 300))
    eventually(lambda: kept(phone), True)
    server.kill()
    phone.go("/library/")
    title = phone.page.inner_text("main li .row__title >> nth=0")
    phone.close()
    secrets = [name, "Làng nghề", "Chi bộ tổ dân phố", title, "Giữ vệ sinh ven suối", "Xác nhận đã đọc", TEXT]
    secrets += ["Biên bản kín", "Lời trong tệp kín"]
    places = found(phone.profile, [*secrets, "hb-vault-", "Sổ tay Đảng viên"])
    # The search does find what is there: the public files and the name of the sealed store.
    assert places.pop("hb-vault-") and places.pop("Sổ tay Đảng viên")
    assert places == {}, places
    phone.open()


def opened(dump: dict[str, Any]) -> bytes:
    """All that the key which lies on a phone without a seal opens, heads and bodies."""
    [[_, row]] = dump["keyring"]
    sealing = AESGCM(HKDF(hashes.SHA256(), 32, salt=b"", info=b"handbook/seal/1").derive(bytes(row["bytes"])))
    bodies = {name: bytes(sealed) for name, sealed in dump["bodies"]}
    found = []
    for name, sealed in dump["heads"]:
        head = sealing.decrypt(bytes(sealed[:12]), bytes(sealed[12:]), f"head {name}".encode())
        body, made = bodies[name], json.loads(head)["made"]
        found += [head, sealing.decrypt(body[:12], body[12:], f"body {name} {made}".encode())]
    return b"\n".join(found)


def test_on_a_phone_that_cannot_seal_no_byte_says_what_was_written(sealless_phone: Phone, server: Server) -> None:
    """Neither as it lies there nor to whoever opens all that can be opened with what lies beside it."""
    phone = keep_documents(sealless_phone)
    write_cut_off(phone)
    send(phone)
    eventually(lambda: "Đã ghi trên máy này" in phone.page.inner_text("main"), True)
    server.start()
    write_cut_off(phone)
    dump = phone.evaluate(DUMP)
    whole = opened(dump)
    assert "Làng nghề".encode() in whole and b'"kind":"draft"' in whole and b'"kind":"outbox"' in whole
    phone.close()
    written = [TEXT, "Sửa đường", "Đồng Mít"]
    for word in written:
        assert word.encode() not in whole and word not in json.dumps(dump, ensure_ascii=False), word
    assert found(phone.profile, written) == {}
    phone.open()
