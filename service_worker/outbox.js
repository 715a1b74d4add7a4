// What the member has written and the server has not yet confirmed. An item is sealed and stored before it is sent for the
// first time, goes out under one key however often it is tried, and is forgotten only for a receipt that repeats its hash.
import * as attachments from "./attachments.js";
import * as boxes from "./boxes.js";
import * as clock from "./clock.js";
import * as drafts from "./drafts.js";
import { hex, sha256 } from "./crypto.js";
import { exchange } from "./exchange.js";
import { isAhead, markDue, nextTry } from "./pack.js";
import { tell } from "./pages.js";
import { keeps, member } from "./session.js";
import { ifRoom, inTurn, note, recall, remember } from "./store.js";
import { canForget, hasArrived, isDone, judge } from "./verdict.js";
import * as vault from "./vault.js";

const SHOWN = 20_000; // so long a page waits for the answer to what it has handed over
const KEPT = 200; // receipts that stay on the phone, newest first
const STEP = 10_000; // so long files are sent at a stretch: browsers end a worker that is busy for long
const nameOf = (id) => `outbox ${id}`;
const RETRY = "outbox-retry";

async function items(tag) {
  const heads = (await vault.listOwn(tag)).filter(({ kind }) => kind === "outbox");
  return heads.sort((a, b) => a.seq - b.seq);
}

const waitingOf = (all) => all.filter((item) => !isDone(item)).length;

/** Count anew what waits, and tell the pages. */
export async function changed(tag) {
  const waiting = await inTurn(async () => {
    const left = waitingOf(await items(tag));
    await ifRoom(note(await vault.idOf(tag), { waiting: left, drafts: await drafts.count(tag) }));
    return left;
  });
  await tell({ type: "outbox", waiting });
}

async function keep(tag, item, body, instead) {
  await vault.put(tag, nameOf(item.id), item, canForget(item) ? "" : body, { strict: true, instead });
  if (canForget(item)) await boxes.discard(tag, item.id);
  else if (item.state === "refused") await boxes.hold(tag, item.id);
}

async function remove(tag, id) {
  await boxes.discard(tag, id); // first: what its member took back must not go out any more
  await vault.delete(tag, nameOf(id));
}

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

async function updateFile(tag, id, fileId, changes) {
  await inTurn(async () => {
    const { head, body } = (await vault.get(tag, nameOf(id))) ?? {};
    if (!head) return;
    const files = head.files.map((file) => (file.id === fileId ? { ...file, ...changes } : file));
    await keep(tag, { ...head, files }, body);
  });
  await changed(tag);
}

// What an item came out of: the draft in whose place it comes, and what that came out of in its turn. Of draft and item, which
// are one piece of work where they have one id, the item is the later one.
function heirOf(item, head) {
  if (!head) return item;
  const from = [...(head.from ?? []), head.id].filter((one) => one && one !== item.id);
  return { ...item, from, written: Math.max(item.written, head.at + 1) };
}

// Resolves with the item's id: that of its twin, if it was handed over before.
async function take(tag, given, bytes, draftName) {
  const all = await items(tag);
  const twin = all.find(({ id }) => id === given.id);
  if (twin?.hash === given.hash) return twin.id;
  const item = twin ? { ...given, id: crypto.randomUUID() } : given; // a page that did not know that its text had been sent
  // Counted before it is there, so that no moment remains in which the store could be emptied of it.
  if (!(await note(await vault.idOf(tag), { waiting: waitingOf(all) + 1 }))) throw new vault.Locked();
  const seq = Math.max(0, ...all.map((one) => one.seq)) + 1;
  const draft = draftName && (await drafts.headFor(tag, draftName, given.id));
  const whole = { ...heirOf(item, draft), seq };
  await keep(tag, whole, bytes, draft && drafts.nameOf(draftName));
  // Only the item itself must be kept.
  if (!item.boxed && !canForget(whole)) await boxes.pack(tag, whole, bytes).catch(() => undefined);
  return item.id;
}

const waitingItem = async (about, bytes) =>
  ({ ...about, kind: "outbox", hash: hex(await sha256(bytes)), bytes: bytes.length, state: "waiting", tries: 0 });

const arrivedItem = (about) => ({ ...about, kind: "outbox", hash: about.receipt.hash, bytes: 0, state: "received", why: null, tries: 1 });

/**
 * An item from elsewhere comes in, in turn. It keeps its id, under which it may have arrived already: sent again it gets the
 * same receipt. One that brings its receipt has files left to send. Resolves with whether it is new.
 */
export async function readmit(tag, about, bytes) {
  if ((await items(tag)).some(({ id }) => id === about.id)) return false;
  await take(tag, about.receipt ? arrivedItem(about) : await waitingItem(about, bytes), bytes);
  return true;
}

/** Files that were missing here are back: they wait to be sent like any other. */
export async function refind(tag, ids) {
  for (const item of await items(tag)) {
    for (const file of (item.files ?? []).filter(({ id, why }) => why === "lost" && ids.has(id))) {
      await updateFile(tag, item.id, file.id, { state: "waiting", why: null });
    }
  }
}

/**
 * Take what a form would send, in place of the draft it was, and try it at once. Resolves, once it is stored and was tried
 * or is still being tried, with the item as it stands then: `received` with its receipt, `waiting` and why, `sending`, or
 * `refused` and what the server says. Rejects when it could not be stored, and for no other reason: whoever hears that may
 * send it some other way. The same bytes handed over again under the same `id` are not taken twice.
 */
export async function submit({ id = crypto.randomUUID(), url, page, contentType, body, label, form, draft, replaces, files = [], filesAt }) {
  const tag = await member();
  const sealed = await keeps(tag);
  const bytes = new Uint8Array(body);
  const written = Math.round(await clock.now());
  const whole = await waitingItem({ id, url, page, contentType, label, form, files, filesAt, written }, bytes);
  const [item, kept] = sealed ? [whole, bytes] : await boxes.instead(tag, whole, bytes, draft && page);
  const taken = await inTurn(() => take(tag, item, kept, draft));
  const trying = (async () => {
    await changed(tag);
    await markDue();
    if (replaces && replaces !== taken) await drop({ id: replaces });
    await replayTexts();
    if (files.length) await self.registration?.sync?.register("outbox").catch(() => undefined);
  })();
  const longest = new Promise((resolve) => { setTimeout(resolve, SHOWN); });
  const stands = () => find(tag, taken);
  return (await Promise.race([trying, longest]).then(stands).catch(stands).catch(() => null)) ?? { ...item, id: taken };
}

// A text is small and waited for: files that are just being sent make way for it, and follow.
let hurried = 0;

async function replayTexts() {
  hurried += 1;
  try {
    await replay({ now: true, texts: true });
  } finally {
    hurried -= 1;
  }
}

const find = async (tag, id) => (await items(tag)).find((item) => item.id === id);

async function send(tag, item, body) {
  const headers = {
    "Content-Type": item.contentType, "Idempotency-Key": item.id,
    "X-Handbook-Written": String(item.written), ...(item.form ? { "X-Handbook-Form": item.form } : {}),
  };
  return judge(item, await exchange(tag, item.url, { method: "POST", headers, body }));
}

// One after the other, oldest first; what is refused or waits for its member holds up only what follows in the same place.
async function run(tag) {
  const blocked = new Set();
  let again = false;
  let arrived = 0;
  for (const { id } of await items(tag)) {
    const { head: item, body } = (await vault.get(tag, nameOf(id))) ?? {};
    if (!item || canForget(item)) continue;
    const place = item.place ?? item.url;
    if (item.state === "refused") blocked.add(place);
    if (blocked.has(place)) continue;
    // Without room for a mark it can still be sent, which makes room; what was not noted is asked again, under the same key.
    if ((await ifRoom(update(tag, item, { state: "sending" }))) === false) continue;
    const verdict = await send(tag, item, body);
    await ifRoom(update(tag, item, { ...verdict.item, tries: item.tries + 1 }));
    if (verdict.stop) return verdict;
    again ||= Boolean(verdict.retry);
    if (verdict.item.state === "received") {
      arrived += 1;
      await markDue(); // what the server shows has changed
    } else blocked.add(place);
  }
  return { stop: null, again, arrived };
}

// A file that the server has asked to wait is waited for alone, whoever asks.
function heldBack({ retry, retryAfter, item }) {
  const since = Date.now();
  return retry && retryAfter ? { ...item, hold: { since, at: nextTry(retryAfter, 0, since) } } : item;
}

// The files of what has arrived. One that is refused or has to wait holds up nothing: they do not build on each other.
async function runFiles(tag) {
  const began = performance.now();
  const pause = () => hurried > 0 || performance.now() - began > STEP;
  let again = false;
  for (const item of (await items(tag)).filter(canForget)) {
    for (const file of (item.files ?? []).filter((one) => !hasArrived(one) && one.state !== "refused")) {
      if (isAhead(file.hold, Date.now())) {
        again = true;
        continue;
      }
      const verdict = await attachments.send(tag, file, item.filesAt, pause);
      if (verdict.stop !== "more") await ifRoom(updateFile(tag, item.id, file.id, heldBack(verdict)));
      if (verdict.stop) return verdict;
      again ||= Boolean(verdict.retry);
      await markDue();
      await attachments.release(tag, [file]);
    }
  }
  return { stop: null, again };
}

// Texts first; then their files, and what waits behind another passkey of theirs.
async function runAll(tag, texts) {
  const parts = texts ? [run] : [run, runFiles, async () => boxes.send(tag, await vault.idOf(tag))];
  let again = false;
  let arrived = 0;
  for (const part of parts) {
    const outcome = await part(tag);
    if (outcome.stop) return outcome;
    again ||= outcome.again;
    arrived += outcome.arrived ?? 0;
  }
  await prune(tag);
  // With nothing sent nothing is known: files go on waiting as long as they did.
  return { stop: again ? "later" : null, idle: texts && !again && !arrived };
}

// While the handbook is locked its boxes go out, and nothing can be read or noted of what comes back.
async function runLocked(tag) {
  const { stop, again, retryAfter } = await boxes.send(tag);
  return { stop: stop ?? (again ? "later" : null), retryAfter, locked: true };
}

const unlessLocked = (instead) => (error) => {
  if (error?.name === "Locked") return instead();
  throw error;
};

async function prune(tag) {
  const done = (await items(tag)).filter(isDone).reverse();
  for (const { id } of done.slice(KEPT)) await remove(tag, id);
  await attachments.sweep(tag);
}

// Whether the time set after a failure is still to be waited for. Who asks `now` need not, nor who just found a network
// after there had been none (`online`); what the server asked for is always waited for.
const mustWait = (retry, { now, online }) =>
  isAhead(retry, Date.now()) && (retry.asked || !(now || (online && retry.why === "offline")));

/**
 * Send what waits, one sender at a time: texts, then their files unless only `texts` are asked for. Resolves with how it
 * stands: `done`, `offline`, `signed-out`, `other-member`, `later`, `locked`, or `more` when there are files left to send
 * and whoever asked should ask again.
 */
export function replay({ now = false, online = false, texts = false } = {}) {
  return navigator.locks.request("hb-outbox", async () => {
    const tag = await member();
    if (!tag) return { state: "locked" };
    const retry = await recall(RETRY);
    if (mustWait(retry, { now, online })) return { state: "later", retryAt: retry.at };
    const { stop, retryAfter, locked, idle } = await runAll(tag, texts).catch(unlessLocked(() => runLocked(tag)));
    if (idle) return { state: "done", retryAt: null };
    const tries = (retry?.tries ?? 0) + 1;
    const later = ["offline", "later"].includes(stop);
    // Where there is no network, its return is what counts: the phone need not wait ever longer for it.
    const doublings = stop === "offline" ? Math.min(tries - 1, 3) : tries - 1;
    const retryAt = later ? nextTry(retryAfter, doublings, Date.now()) : null;
    const mark = { at: retryAt, since: Date.now(), tries, why: stop, asked: Boolean(retryAfter) };
    await ifRoom(remember(RETRY, later ? mark : null));
    if (later) await self.registration?.sync?.register("outbox").catch(() => undefined);
    if (later) await tell({ type: "outbox-later", retryAt }); // few browsers wake a worker: an open page asks again
    return { state: stop ?? (locked ? "locked" : "done"), retryAt };
  });
}

// Marked as being sent by a worker that was ended meanwhile, an item waits like any other.
const asItIs = (item, busy) => (item.state === "sending" && !busy ? { ...item, state: "waiting" } : item);

/** Every item of the member, oldest first, without its text; none while the handbook is locked. */
export async function list() {
  const tag = await member();
  const all = tag ? await items(tag).catch(unlessLocked(() => [])) : [];
  const { held = [] } = (await navigator.locks.query?.()) ?? {};
  const busy = held.some(({ name }) => name === "hb-outbox");
  return { items: all.map((item) => asItIs(item, busy)), retryAt: (await recall(RETRY))?.at ?? null };
}

/** One item with the bytes of its form, to be put into the form again; `shut` when they lie in a box that stays shut. */
export async function show({ id }) {
  const tag = await member();
  const { head, body } = (await vault.get(tag, nameOf(id))) ?? {};
  return head ? boxes.opened(tag, head, body) : null;
}

/** The member takes an item back: it is deleted, sent or not; of one whose text has arrived, the files that have not. */
export async function drop({ id }) {
  const tag = await member();
  const files = await inTurn(async () => {
    const { head } = (await vault.get(tag, nameOf(id))) ?? {};
    if (head && canForget(head) && !isDone(head)) await keep(tag, { ...head, files: head.files.filter(hasArrived) });
    else await remove(tag, id);
    return head?.files;
  });
  await attachments.release(tag, files);
  await changed(tag);
}
