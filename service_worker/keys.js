// The key to the store that is open at the moment. It lives in memory only: of this worker, and of the open pages, so that
// a worker which the browser ended gets it back from a page that is still there.
import * as clock from "./clock.js";
import { keysOf, rootOf } from "./crypto.js";
import { ask, tell } from "./pages.js";
import { emptied, holdsWork, keyring, note, recall, removeDatabase, vaultDatabase } from "./store.js";

let held = null;

/**
 * Hold this key from now on: `member` is its owner's tag, `vault` the store it opens, `root` a CryptoKey; `plain` when no
 * passkey seals the store, which is then kept `until` a moment; `over` when that is past and only what waits is left.
 */
export async function hold({ member, vault, root, plain = false, until, over = false }) {
  held = { member, vault, root, plain, until, over, ...(await keysOf(root)) };
  return held;
}

// A phone whose passkeys cannot seal: its member chose to keep documents unsealed until a day.
async function unsealed() {
  const member = await recall("member");
  const row = member && (await keyring.get(unsealedName(member)));
  if (!row) return null;
  const over = (await clock.now()) >= row.until;
  if (over && !holdsWork(row)) {
    await keyring.remove(unsealedName(member));
    await removeDatabase(vaultDatabase(row.vault));
    return null;
  }
  if (over) await emptied(row.vault); // of what its member wanted kept for so long; what lies in boxes stays
  return { ...row, root: await rootOf(row.bytes), plain: true, over };
}

/** Where a member's key lies when nothing seals it. */
export const unsealedName = (member) => `unsealed ${member}`;

let asking = null;

/** The key that is held, else that of an open page; null when the handbook is locked, or keeps nothing on this phone. */
export async function current() {
  if (held?.until && held.until <= (await clock.now())) held = null;
  if (held) return held;
  asking ??= (async () => {
    if (!(await keyring.entries()).length) return null;
    const found = (await unsealed()) ?? (await ask({ type: "key?" }));
    return found?.root ? hold(found) : null;
  })().finally(() => { asking = null; });
  return asking;
}

/** For a page, which becomes the key's second place; null when there is none. */
export async function share() {
  const key = await current();
  return key && !key.plain ? { member: key.member, vault: key.vault, root: key.root } : null;
}

/** Let go of the key, here and in every page. */
export async function lock() {
  held = null;
  await tell({ type: "locked" });
}

/** Let go of the key of a member who is not the one signed in. */
export async function lockUnless(member) {
  if (held && held.member !== member) await lock();
}

/** A key whose wrapped half the browser threw away opens a store that nobody could open again: let go of it. */
export async function letGoIfLost() {
  if (!held) return;
  const rows = await keyring.entries();
  if (!rows.some(([, { vault }]) => vault === held?.vault)) await lock();
}

/** Whether a sealed store waits for its passkey: then the handbook opens with it, with or without a network. */
export async function isLocked() {
  if (await current()) return false;
  return (await keyring.entries()).some(([, { wrapped }]) => wrapped);
}

/**
 * What anyone who holds the phone may see of its sealed stores: the mark that its member chose, how many items wait in it,
 * whether it is the one that is `open`, and whether it is of the member (`mine`) whose handbook is open or was last.
 */
export async function stores() {
  const [mine, open] = [await recall("member"), (await current())?.vault];
  const rows = (await keyring.entries()).map(([, row]) => row).filter(({ wrapped }) => wrapped);
  return rows.map(({ vault, member, mark = "", waiting = 0 }) => ({ mark, waiting, open: vault === open, mine: member === mine }));
}

/** The mark by which the member of the open store finds it again on a phone that several share; "" for none. */
export async function mark({ mark: chosen }) {
  return { marked: Boolean(held && (await note(held.vault, { mark: chosen }))) };
}
