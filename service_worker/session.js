// Whose phone this is at the moment, and how what is personal leaves it.
import * as clock from "./clock.js";
import { base64url, random } from "./crypto.js";
import { fetchWithin } from "./network.js";
import * as keys from "./keys.js";
import * as vault from "./vault.js";
import { CACHE } from "./precache.js";
import { holdsWork, inTurn, keyring, note, recall, remember, sweep, unremember } from "./store.js";
import { tell } from "./pages.js";

const DAY = 24 * 3_600_000;
const SETTLE = 4_000;
const SIGN_OUT = "/identity/session/removal";
const REMOVALS = "/rescue/removals";
let stopWork = new AbortController();

/** The opaque tag of the member whose handbook is open or waits here, or undefined. */
export const member = () => recall("member");

/** Aborted when what is being downloaded must not be kept any more. */
export const untilWiped = () => stopWork.signal;

function stop() {
  stopWork.abort();
  stopWork = new AbortController();
}

/** The server says who is signed in. A former member's store stays on the phone, locked. */
export async function adopt(tag) {
  const former = await member();
  if (former === tag) return;
  stop();
  await remember("member", tag);
  await keys.lockUnless(tag);
  if (former) await turnEpoch();
}

/**
 * A member entered with a passkey, which opened a store of theirs if there is a `root`; `signedIn` when the server has
 * just recognised them by it too.
 */
export async function enter({ member: tag, vault: id, root, signedIn }) {
  const former = await member();
  if (former && former !== tag) {
    stop();
    // Another member's session must not go on under this one's hands: the server is told before anything else goes out.
    if (!signedIn) await remember("signout", SIGN_OUT);
    await turnEpoch();
  }
  if (former !== tag) await remember("member", tag);
  if (signedIn) await remember("sealless", root ? null : tag);
  if (root) await moveIn(tag, id, () => keys.hold({ member: tag, vault: id, root }));
  else await keys.lockUnless(tag);
  if (root) await tell({ type: "opened" });
  await sweep();
  return { state: "entered" };
}

// A passkey that seals has come to a phone that could not: what its member wrote moves under it, the rest is fetched anew.
async function moveIn(tag, id, hold) {
  const name = keys.unsealedName(tag);
  const row = await keyring.get(name);
  if (!row) return hold();
  await keys.lockUnless(null);
  return inTurn(async () => {
    const left = holdsWork(row) ? await vault.ownPieces(tag) : []; // with nothing in it, it may go at any moment
    await hold();
    await note(id, { waiting: row.waiting, drafts: row.drafts });
    for (const { head, body } of left) await vault.put(tag, head.name, head, body, { strict: true });
    await keyring.remove(name);
    await vault.destroy(row.vault);
  });
}

/**
 * Whether what the member writes is kept sealed by a passkey, or else in boxes. Where nothing is kept at all, because the one
 * they signed in with cannot seal, a store for boxes alone is made. Rejects with Locked where their handbook is locked.
 */
export async function keeps(tag) {
  const own = (await keyring.entries()).some(([, row]) => row.member === tag);
  if (!own && tag && (await recall("sealless")) === tag) {
    const row = { member: tag, vault: base64url(random(16)), bytes: random(32), until: 0, drafts: 1 }; // about to be put there
    await keyring.set(keys.unsealedName(tag), row);
  }
  return vault.isSealed(tag);
}

// Pages that stand open, or frozen in the browser's history, show themselves no more once this number has changed.
async function turnEpoch() {
  const epoch = ((await recall("epoch")) ?? 0) + 1;
  await remember("epoch", epoch);
  await tell({ type: "wiped", epoch });
  return epoch;
}

/**
 * Remove everything of one member: the keys first, so that whatever else is left cannot be read by anyone. With `spare`,
 * a store in which something waits or is being written is only emptied of the rest and locked: no work is thrown away unasked.
 * So is, in any case, one of another passkey of theirs: nobody was asked about what waits there.
 */
export async function wipe(tag, how) {
  stop();
  await inTurn(() => empty(tag, how));
  return leave(tag);
}

async function empty(tag, { spare = false } = {}) {
  const own = (await keyring.entries()).filter(([, row]) => row.member === tag);
  const open = (await keys.current())?.vault;
  const gone = own.filter(([, row]) => !(holdsWork(row) && (spare || row.vault !== open)));
  const kept = new Set(own.filter((entry) => !gone.includes(entry)).map(([, row]) => row.vault));
  for (const [name] of gone) await keyring.remove(name);
  await keys.lockUnless(null);
  for (const id of new Set(gone.map(([, row]) => row.vault))) if (!kept.has(id)) await vault.destroy(id);
  for (const id of kept) await vault.shed(id);
}

async function leave(tag) {
  if ((await member()) === tag) await unremember("member");
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  return turnEpoch();
}

/**
 * Sign out, here first and then at the server; without network the server is told before anything else goes out. Everything
 * of the member is removed, or with `keep` only locked, because they want to send it later; what no passkey locks is emptied
 * of all but what they wrote. `copies` of unsent work that are to be removed at the server too are named while the session
 * still holds.
 */
export async function signOut({ keep = false, copies = [] }) {
  const tag = await member();
  if (copies.length) await remember("discard", { tag, copies });
  await remember("signout", SIGN_OUT);
  const lockable = keep && (await vault.isSealed(tag).catch(() => true));
  if (lockable) await keys.lock();
  const epoch = await (lockable ? leave(tag) : wipe(tag, { spare: keep }));
  await settleSignOut();
  return { epoch };
}

/** Keep documents, and nothing else, on a phone whose passkeys cannot seal: its member's own choice, for so many days. */
export async function keepUnsealed({ days }) {
  const tag = await member();
  const until = (await clock.now()) + days * DAY;
  const made = { member: tag, vault: base64url(random(16)), bytes: random(32) };
  const boxes = await keyring.get(keys.unsealedName(tag)); // kept already, they stay
  await keyring.set(keys.unsealedName(tag), { ...made, ...boxes, until });
  await keys.lockUnless(null); // for a moment: the store is another one from now on
  await tell({ type: "opened" });
  return { until };
}

/** Close the handbook, so that only a passkey opens it again; nothing is removed, and the session goes on. */
export async function lock() {
  await keys.lock();
  return turnEpoch();
}

export async function settleSignOut() {
  const url = await recall("signout");
  if (!url) return;
  try {
    await settleDiscard();
    const reply = await fetchWithin(SETTLE, url, { method: "POST", redirect: "manual" });
    if (reply.ok || reply.type === "opaqueredirect") await unremember("signout");
  } catch { /* still no network: the note stays */ }
}

async function settleDiscard() {
  const { tag, copies } = (await recall("discard")) ?? {};
  if (!tag) return;
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-Handbook-Member": tag };
  const reply = await fetchWithin(SETTLE, REMOVALS, { method: "POST", headers, body: JSON.stringify({ copies }) });
  // Refused, the copies are kept until their days are over: nobody else can ask for them.
  if (reply.headers.get("X-Handbook") === "1" && reply.status < 500) await unremember("discard");
}

/** What a reply of our own server says about the session. */
export async function heed(reply) {
  if (reply.type === "opaqueredirect" || reply.headers.get("X-Handbook") !== "1") return;
  const wiped = reply.headers.get("X-Handbook-Wipe");
  if (wiped) return wipe(wiped, { spare: true });
  if (reply.headers.has("X-Handbook-Signed-Out")) return wipe(await member(), { spare: true });
  const tag = reply.headers.get("X-Handbook-Member");
  if (tag) await adopt(tag);
}
