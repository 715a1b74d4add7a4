// What waits is sent also while the handbook is locked. For that each item lies here once more, in a box that the server
// alone can open (this phone cannot). Beside it stands, to be seen by anyone: its key, which number it is in the row, which
// items are for the same place, and how the last try ended. Once the handbook is open the item itself goes out again as
// ever, under the same key, and the server answers with the receipt: a box never settles anything.
// On a phone that can seal nothing for itself a box is all there is, of a draft too. What is in it the server tells its author.
import { boxed, bytesOf, joined } from "./crypto.js";
import { exchange } from "./exchange.js";
import { keyring, transact, vaultDatabase } from "./store.js";
import { judge } from "./verdict.js";
import * as vault from "./vault.js";

const ADDRESS = "/offline/boxed";
const OCTETS = "application/octet-stream";
const LARGEST = 1_000_000; // an item is here twice; a larger one waits for its member
const SHOWN = 8_000; // so long a form waits for its words
const utf8 = new TextEncoder();

const boxesOf = (id) => ({
  all: () => transact(vaultDatabase(id), ["boxes"], "readonly", (t) => t.objectStore("boxes").getAll()),
  put: (row) => transact(vaultDatabase(id), ["boxes"], "readwrite", (t) => t.objectStore("boxes").put(row, row.id)),
  remove: (key) => transact(vaultDatabase(id), ["boxes"], "readwrite", (t) => t.objectStore("boxes").delete(key)),
  settle: (key, settled) => transact(vaultDatabase(id), ["boxes"], "readwrite", (t) => {
    const asked = t.objectStore("boxes").openCursor(key); // taken back meanwhile, it does not come again
    asked.onsuccess = () => { asked.result?.update({ ...asked.result.value, settled }); };
  }),
});

function framed(member, { url, contentType, written, form }, bytes) {
  const frame = utf8.encode(JSON.stringify({ url, content_type: contentType, written: String(written), form, member }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, frame.length);
  return joined(length, frame, bytes);
}

const placeOf = (tag, url) => vault.hiddenName(tag, `place ${url}`);
const boxOf = (tag, item, bytes) => boxed(self.__HB_BOX_KEY, framed(tag, item, bytes), item.id);

/**
 * An item and its bytes as they lie on a phone that can seal nothing for itself: in a box, with no word of what it is about.
 * It goes out like any other, to the address where boxes are opened. Of a text the `page` of its form is said, where it is
 * corrected; of anything else not even that.
 */
export async function instead(tag, item, bytes, page) {
  const place = await placeOf(tag, item.url);
  const box = await boxOf(tag, item, bytes);
  return [{ ...item, url: ADDRESS, contentType: OCTETS, place, page, label: "", boxed: true }, box];
}

/** A draft and its bytes likewise. Rejects with Locked when there is more of it than a box takes. */
export async function insteadOfDraft(tag, draft, bytes) {
  if (bytes.length > LARGEST) throw new vault.Locked();
  const [url] = draft.page.split("#");
  const box = await boxOf(tag, { ...draft, url, written: draft.at }, bytes);
  return [{ ...draft, label: "", contentType: OCTETS, boxed: true }, box];
}

/**
 * A piece with its words: `body` and their `contentType`. Those in a box are asked for at the server; `shut` says that they
 * cannot be had `now`, or not any `more` (the server opens it to nobody).
 */
export async function opened(tag, head, body) {
  if (!head.boxed) return { ...head, body };
  const giving = new AbortController();
  setTimeout(() => giving.abort(), SHOWN);
  const asked = { method: "POST", headers: { "Content-Type": OCTETS }, body };
  const reply = await exchange(tag, `/offline/boxes/${head.id}/content`, asked, giving.signal);
  if (reply?.own && reply.status === 200) return { ...head, contentType: reply.said.content_type, body: bytesOf(reply.said.body) };
  return { ...head, shut: reply?.own && reply.said?.code === "box.missing" ? "more" : "now" };
}

/** Put a copy of an item that is stored already into a box. */
export async function pack(tag, item, bytes) {
  if (bytes.length > LARGEST) return;
  const place = await placeOf(tag, item.url);
  const box = await boxOf(tag, item, bytes);
  await boxesOf(await vault.idOf(tag)).put({ id: item.id, seq: item.seq, place, box, settled: null });
}

/** The item waits for its member: its box stays to hold up what follows, and does not go out. */
export const hold = async (tag, id) => boxesOf(await vault.idOf(tag)).settle(id, "refused");

/** No box is needed for this item any more. */
export const discard = async (tag, id) => boxesOf(await vault.idOf(tag)).remove(id);

// Whether an answer is a receipt for the very bytes cannot be told here: one that our server signed for this key will do,
// since nothing is forgotten for it.
async function post(tag, { id, box }) {
  const headers = { "Content-Type": OCTETS, "Idempotency-Key": id };
  const reply = await exchange(tag, ADDRESS, { method: "POST", headers, body: box });
  return judge({ id, hash: reply?.said?.receipt?.hash }, reply);
}

async function sendStore(boxes, tag) {
  const blocked = new Set();
  let again = false;
  for (const row of (await boxes.all()).sort((a, b) => a.seq - b.seq)) {
    if (row.settled === "refused") blocked.add(row.place);
    if (row.settled || blocked.has(row.place)) continue;
    const verdict = await post(tag, row);
    if (verdict.stop) return verdict;
    again ||= Boolean(verdict.retry);
    if (verdict.item.state !== "received") blocked.add(row.place);
    if (verdict.item.state !== "waiting") await boxes.settle(row.id, verdict.item.state);
  }
  return { stop: null, again };
}

/** Send what waits in the stores of the member `tag` that are not open. Resolves with what stopped it, as a verdict does. */
export async function send(tag, open = null) {
  let again = false;
  for (const [, { member, vault: id, waiting }] of await keyring.entries()) {
    if (member !== tag || !waiting || id === open) continue;
    const outcome = await sendStore(boxesOf(id), tag);
    if (outcome.stop) return outcome;
    again ||= outcome.again;
  }
  return { stop: null, again };
}
