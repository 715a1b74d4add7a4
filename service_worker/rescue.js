// Copies of unsent work at the server, in case this phone is lost. What has not reached the server after some minutes is
// handed over as a whole; a store that is new asks once what is kept for its member, and gets it back.
import * as clock from "./clock.js";
import { exchange } from "./exchange.js";
import { isAhead, nextTry } from "./pack.js";
import { admit, opened, unsent, versionOf, whole } from "./pieces.js";
import { member } from "./session.js";
import { ifRoom, inTurn, recall, remember } from "./store.js";
import * as vault from "./vault.js";
import { BUSY } from "./verdict.js";

const LARGEST = 700_000; // bytes of a form; the server takes no larger copy
const AT_ONCE = 200;
const RETRY = "rescue-retry";
// What this store has handed over: for each id the version, `done` once the server has it, and when. A sealed piece among
// what the member wrote, so that it stays and goes with it.
const LEDGER = "rescue ledger";

class Stop extends Error {
  constructor(state, retryAfter) { super(state); this.state = state; this.retryAfter = retryAfter; }
}

// Resolves with {ok, said}: what the server answered, unless it is no answer to act on.
async function asked(tag, path, given) {
  const sent = given && { method: "POST", body: JSON.stringify(given) };
  const headers = { "X-Handbook-Fetch": "rescue", ...(given && { "Content-Type": "application/json" }) };
  const reply = await exchange(tag, path, { headers, ...sent });
  if (!reply?.own) throw new Stop("offline");
  const { status, said, retryAfter } = reply;
  if (status === 401) throw new Stop("signed-out");
  if (said?.code === "receipt.other_member") throw new Stop("other-member");
  if (BUSY.includes(status) || status >= 500) throw new Stop("later", retryAfter);
  return { ok: status === 200, said };
}

const readLedger = async (tag) => (await vault.get(tag, LEDGER))?.body;
const writeLedger = (tag, ledger) => inTurn(() => vault.put(tag, LEDGER, { kind: "rescue" }, ledger));

// Nothing was ever asked or handed over from this store: it is new, and its member may have lost another one.
async function restore(tag) {
  const { said } = await asked(tag, "/rescue/copies");
  const ledger = {};
  let restored = 0;
  for (const { id, written, kept } of said.copies) {
    const { ok, said: found } = await asked(tag, `/rescue/copies/${id}`);
    const piece = ok && read(found.piece);
    if (!piece) continue;
    restored += await admit(tag, [piece], { from: "server", at: kept });
    ledger[id] = { version: written, done: true, kept: true, at: kept };
  }
  await writeLedger(tag, ledger);
  return { ledger, restored };
}

// What a newer release has written stays at the server for a phone that can read it.
function read(text) {
  try {
    return opened(JSON.parse(text));
  } catch { return null; }
}

// A piece that came out of another one (a draft that was restored and changed, or handed to the outbox) takes its place once
// it has been copied itself; until then the older copy is better than none.
async function letGo(tag, ledger) {
  const wanted = new Set((await unsent(tag)).flatMap(({ id, from = [] }) => (ledger[id]?.done ? [id] : [id, ...from])));
  const over = Object.keys(ledger).filter((id) => !wanted.has(id));
  for (let at = 0; at < over.length; at += AT_ONCE) {
    const some = over.slice(at, at + AT_ONCE);
    await asked(tag, "/rescue/removals", { copies: some.map((id) => ({ id, written: ledger[id].version })) });
    for (const id of some) delete ledger[id];
    await writeLedger(tag, ledger);
  }
}

// Resolves with the moment when the next copy is due; null when there is none.
async function copy(tag, ledger, after) {
  const now = await clock.now();
  let next = Infinity;
  for (const head of await unsent(tag)) {
    const { id, bytes } = head;
    const version = versionOf(head);
    const known = ledger[id];
    if (bytes > LARGEST || (known?.done && known.version === version)) continue;
    const due = (known?.at ?? head.begun ?? head.written) + after;
    if (due > now) {
      next = Math.min(next, due);
      continue;
    }
    const piece = await whole(tag, head);
    if (!piece || piece.receipt) continue;
    // Noted before it goes out: whatever may have arrived must be taken back one day.
    ledger[id] = { ...known, version, done: false };
    await writeLedger(tag, ledger);
    const { ok, said } = await asked(tag, "/rescue/copies", { id, written: version, piece: JSON.stringify(piece) });
    ledger[id] = { version, done: ok, kept: Boolean(said?.kept), at: now }; // refused (there is a limit): asked again as late
    await writeLedger(tag, ledger);
  }
  return next === Infinity ? null : Date.now() + next - now;
}

async function settle(error) {
  if (error?.name === "Locked") return { state: "locked" };
  if (error?.name === "QuotaExceededError") return { state: "full" };
  if (!(error instanceof Stop)) throw error;
  if (error.state !== "later") return { state: error.state };
  const { tries = 0 } = (await recall(RETRY)) ?? {};
  const retryAt = nextTry(error.retryAfter, tries, Date.now());
  await ifRoom(remember(RETRY, { at: retryAt, since: Date.now(), tries: tries + 1 }));
  return { state: "later", retryAt };
}

/** So long something stays on this phone alone, in ms. */
export const AFTER = 180_000;

/**
 * Get back what is kept for a member whose store here is new, take back what was sent or thrown away since, and hand over
 * what is older than `after`. Resolves with how it stands, how many pieces were `restored`, and when to ask again.
 */
export function turn({ after = AFTER } = {}) {
  return navigator.locks.request("hb-rescue", async () => {
    const tag = await member();
    const retry = await recall(RETRY);
    if (isAhead(retry, Date.now())) return { state: "later", retryAt: retry.at };
    try {
      if (!tag || !(await vault.isSealed(tag))) return { state: "locked" };
      const known = await readLedger(tag);
      const { ledger, restored } = known ? { ledger: known, restored: 0 } : await restore(tag);
      await letGo(tag, ledger);
      const retryAt = await copy(tag, ledger, after);
      if (retry) await ifRoom(remember(RETRY, null));
      return { state: "done", restored, retryAt };
    } catch (error) {
      return settle(error);
    }
  });
}

// The same where nothing is open: then nothing is known.
async function knownLedger() {
  try {
    return (await readLedger(await member())) ?? {};
  } catch (error) {
    if (error?.name === "Locked") return {};
    throw error;
  }
}

/** Of which pieces the server has which version, `copies` {id: version}, and how `large` in bytes a form may be for that. */
export async function kept() {
  const held = Object.entries(await knownLedger()).filter(([, one]) => one.done && one.kept);
  return { copies: Object.fromEntries(held.map(([id, { version }]) => [id, version])), largest: LARGEST };
}

/** Everything that this store may have at the server, as versions to be removed. */
export async function handedOver() {
  return Object.entries(await knownLedger()).map(([id, { version }]) => ({ id, written: version }));
}
