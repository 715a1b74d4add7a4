// What the member has written and the server has not yet confirmed. An item is sealed and stored before it is sent for the
// first time, goes out under one key however often it is tried, and is forgotten only for a receipt that repeats its hash.
import * as clock from "./clock.js";
import * as drafts from "./drafts.js";
import { sha256, verified } from "./crypto.js";
import { fetchWithin } from "./network.js";
import { isAhead, markDue, nextTry } from "./pack.js";
import { tell } from "./pages.js";
import { heed, member } from "./session.js";
import { countWaiting, ifRoom, inTurn, recall, remember } from "./store.js";
import { judge } from "./verdict.js";
import * as vault from "./vault.js";

const PATIENCE = 30_000;
const SHOWN = 20_000; // so long a page waits for the answer to what it has handed over
const KEPT = 200; // receipts that stay on the phone, newest first
const nameOf = (id) => `outbox ${id}`;
const RETRY = "outbox-retry";

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whether an item's text may leave the phone: a receipt is stored that says which bytes arrived, and they are these. */
export const canForget = ({ id, hash, receipt }) => Boolean(receipt && receipt.key === id && receipt.hash === hash);

async function items(tag) {
  const heads = (await vault.listOwn(tag)).filter(({ kind }) => kind === "outbox");
  return heads.sort((a, b) => a.seq - b.seq);
}

const waitingOf = (all) => all.filter((item) => !canForget(item)).length;

async function changed(tag) {
  const waiting = await inTurn(async () => {
    const left = waitingOf(await items(tag));
    await ifRoom(countWaiting(await vault.idOf(tag), left));
    return left;
  });
  await tell({ type: "outbox", waiting });
}

const keep = (tag, item, body, instead) =>
  vault.put(tag, nameOf(item.id), item, canForget(item) ? "" : body, { strict: true, instead });

// Resolves with whether the item is still there: its member may have taken it back meanwhile. What has come to a receipt is
// kept all the same, because it was sent.
async function update(tag, item, changes) {
  const next = { ...item, ...changes };
  const there = await inTurn(async () => {
    const found = await vault.get(tag, nameOf(item.id));
    if (found || canForget(next)) await keep(tag, next, found?.body ?? "");
    return Boolean(found);
  });
  await changed(tag);
  return there;
}

async function take(tag, item, bytes, instead) {
  const all = await items(tag);
  if (all.some(({ id }) => id === item.id)) return;
  // Counted before it is there, so that no moment remains in which the store could be emptied of it.
  if (!(await countWaiting(await vault.idOf(tag), waitingOf(all) + 1))) throw new vault.Locked();
  const seq = Math.max(0, ...all.map((one) => one.seq)) + 1;
  await keep(tag, { ...item, seq }, bytes, instead);
}

/**
 * Take what a form would send, in place of the draft it was, and try it at once. Resolves, once it is stored and was tried
 * or is still being tried, with the item as it stands then: `received` with its receipt, `waiting` and why, `sending`, or
 * `refused` and what the server says. Rejects when it could not be stored, and for no other reason: whoever hears that may
 * send it some other way. Handed over again under the same `id` it is not taken twice.
 */
export async function submit({ id = crypto.randomUUID(), url, page, contentType, body, label, form, draft, replaces }) {
  const tag = await member();
  if (!(await vault.isSealed(tag))) throw new vault.Locked();
  const bytes = new Uint8Array(body);
  const item = {
    kind: "outbox", id, url, page, contentType, label, form, hash: hex(await sha256(bytes)), bytes: bytes.length,
    written: Math.round(await clock.now()), state: "waiting", tries: 0,
  };
  await inTurn(() => take(tag, item, bytes, draft && drafts.nameOf(draft)));
  const trying = (async () => {
    await markDue();
    if (replaces) await drop({ id: replaces });
    await replay({ now: true });
  })();
  const longest = new Promise((resolve) => { setTimeout(resolve, SHOWN); });
  const stands = () => find(tag, id);
  return (await Promise.race([trying, longest]).then(stands).catch(stands).catch(() => null)) ?? item;
}

const find = async (tag, id) => (await items(tag)).find((item) => item.id === id);

async function send(tag, item, body) {
  const headers = {
    "Content-Type": item.contentType, Accept: "application/json", "Idempotency-Key": item.id, "X-Handbook-Member": tag,
    "X-Handbook-Written": String(item.written), "X-Handbook-Fetch": "outbox", ...(item.form ? { "X-Handbook-Form": item.form } : {}),
  };
  const read = async (reply) => {
    const type = reply.headers.get("Content-Type") ?? "";
    return { reply, said: type.startsWith("application/json") ? await reply.json() : null };
  };
  try {
    const options = { method: "POST", headers, body, redirect: "manual", cache: "no-store" };
    const { reply, said } = await fetchWithin(PATIENCE, item.url, options, { read });
    const own = reply.headers.get("X-Handbook") === "1";
    if (own) await clock.hear(reply);
    await heed(reply);
    const genuine = said?.receipt ? await verified(self.__HB_RECEIPT_KEY, said.receipt) : false;
    const { status, type } = reply;
    return judge(item, { status, type, own, retryAfter: reply.headers.get("Retry-After"), said, genuine });
  } catch (error) {
    if (error?.name === "Locked") throw error;
    return judge(item, null);
  }
}

// One after the other, oldest first; what is refused or waits for its member holds up only what follows in the same place.
async function run(tag) {
  const blocked = new Set();
  for (const { id } of await items(tag)) {
    const { head: item, body } = (await vault.get(tag, nameOf(id))) ?? {};
    if (!item || canForget(item)) continue;
    if (item.state === "refused") blocked.add(item.url);
    if (blocked.has(item.url)) continue;
    // Without room for a mark it can still be sent, which makes room; what was not noted is asked again, under the same key.
    if ((await ifRoom(update(tag, item, { state: "sending" }))) === false) continue;
    const verdict = await send(tag, item, body);
    await ifRoom(update(tag, item, { ...verdict.item, tries: item.tries + 1 }));
    if (verdict.stop) return verdict;
    if (verdict.item.state === "received") await markDue(); // what the server shows has changed
    else blocked.add(item.url);
  }
  return { stop: null };
}

async function prune(tag) {
  const done = (await items(tag)).filter(canForget).reverse();
  for (const { id } of done.slice(KEPT)) await vault.delete(tag, nameOf(id));
}

// Whether the time set after a failure is still to be waited for. Who asks `now` need not, nor who just found a network
// after there had been none (`online`); what the server asked for is always waited for.
const mustWait = (retry, { now, online }) =>
  isAhead(retry, Date.now()) && (retry.asked || !(now || (online && retry.why === "offline")));

/**
 * Send what waits, one sender at a time. Resolves with how it stands: `done`, `offline`, `signed-out`, `other-member`,
 * `later` or `locked`.
 */
export function replay({ now = false, online = false } = {}) {
  return navigator.locks.request("hb-outbox", async () => {
    const tag = await member();
    if (!tag) return { state: "locked" };
    const retry = await recall(RETRY);
    if (mustWait(retry, { now, online })) return { state: "later", retryAt: retry.at };
    try {
      const { stop, retryAfter } = await run(tag);
      const tries = (retry?.tries ?? 0) + 1;
      const later = ["offline", "later"].includes(stop);
      // Where there is no network, its return is what counts: the phone need not wait ever longer for it.
      const doublings = stop === "offline" ? Math.min(tries - 1, 3) : tries - 1;
      const retryAt = later ? nextTry(retryAfter, doublings, Date.now()) : null;
      const mark = { at: retryAt, since: Date.now(), tries, why: stop, asked: Boolean(retryAfter) };
      await ifRoom(remember(RETRY, later ? mark : null));
      if (later) await self.registration?.sync?.register("outbox").catch(() => undefined);
      if (later) await tell({ type: "outbox-later", retryAt }); // few browsers wake a worker: an open page asks again
      await prune(tag);
      return { state: stop ?? "done", retryAt };
    } catch (error) {
      if (error?.name === "Locked") return { state: "locked" };
      throw error;
    }
  });
}

/** Every item of the member, oldest first, without its text. */
export async function list() {
  const tag = await member();
  try {
    const retry = await recall(RETRY);
    return { items: tag ? await items(tag) : [], retryAt: retry?.at ?? null };
  } catch (error) {
    if (error?.name === "Locked") return { items: [], locked: true };
    throw error;
  }
}

/** One item with the bytes of its form, to be put into the form again. */
export async function show({ id }) {
  const { head, body } = (await vault.get(await member(), nameOf(id))) ?? {};
  return head ? { ...head, body } : null;
}

/** The member takes an item back: it is deleted, sent or not. */
export async function drop({ id }) {
  const tag = await member();
  await inTurn(() => vault.delete(tag, nameOf(id)));
  await changed(tag);
}
