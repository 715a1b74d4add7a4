// Files that go with what the member writes: sealed from the moment they are chosen, and sent after the text, in chunks, from
// where the server stands. A draft or an item names its files, {id, name, kind, bytes, sha256}; what none names is let go of.
import * as clock from "./clock.js";
import { hex, sha256 } from "./crypto.js";
import { exchange } from "./exchange.js";
import { member, untilWiped } from "./session.js";
import { inTurn } from "./store.js";
import { hasArrived, judgeFile } from "./verdict.js";
import * as vault from "./vault.js";

const CHUNK = 128 * 1024; // on the slowest line that is worth a try, one takes about half a minute
const UNNAMED = 24 * 3_600_000; // a form that has just taken a file names it within a moment, or never
const nameOf = (id) => `attachment ${id}`;

const held = async (tag) => (await vault.listOwn(tag)).filter(({ kind }) => kind === "attachment");

/** Whether files can be kept on this phone now, and the ids of those that are `kept`. */
export async function ready() {
  const tag = await member();
  const sealed = await vault.isSealed(tag).catch(() => false);
  return { ready: sealed, kept: sealed ? (await held(tag)).map(({ id }) => id) : [] };
}

/**
 * Keep a file; resolves with it as its form is to name it. Rejects with Locked where nothing can be sealed, and with
 * QuotaExceededError when the phone is full. Kept again under the same `id` it is the same file.
 */
export async function put({ id, name, contentType, body }) {
  const tag = await member();
  if (!(await vault.isSealed(tag))) throw new vault.Locked();
  const bytes = new Uint8Array(body);
  const file = { id, name, kind: contentType, bytes: bytes.length, sha256: hex(await sha256(bytes)) };
  await keep(tag, id, bytes);
  return { file };
}

const keep = async (tag, id, bytes) =>
  vault.put(tag, nameOf(id), { kind: "attachment", id, at: Math.round(await clock.now()) }, bytes, { strict: true });

/** A file's bytes; undefined when it is not here. */
export const read = async (tag, id) => (await vault.get(tag, nameOf(id)))?.body;

/** A file from elsewhere comes in; resolves with whether it is new. */
export async function readmit(tag, id, bytes) {
  if ((await held(tag)).some((head) => head.id === id)) return false;
  await keep(tag, id, bytes);
  return true;
}

const named = (heads) => new Set(heads.flatMap(({ files = [] }) => files.filter((file) => !hasArrived(file)).map(({ id }) => id)));

// Looks and removes in turn with whoever writes what names them.
const letGo = (tag, which) => inTurn(async () => {
  const heads = await vault.listOwn(tag);
  const needed = named(heads);
  const gone = heads.filter((head) => head.kind === "attachment" && !needed.has(head.id) && which(head));
  for (const { id } of gone) await vault.delete(tag, nameOf(id));
});

/** Of these files, let go of those that no draft and no item names any more. */
export async function release(tag, files = []) {
  const ids = new Set(files.map(({ id }) => id));
  if (ids.size) await letGo(tag, ({ id }) => ids.has(id));
}

/** Let go of files that nothing has named for a day: their form was closed before it was kept. */
export async function sweep(tag) {
  const now = await clock.now();
  await letGo(tag, ({ at }) => now - at > UNNAMED);
}

// How far the server is with a file of so many bytes that is on its way; null when the answer says anything else.
function standing(reply, bytes) {
  const { own, status, said } = reply ?? {};
  const told = own && [200, 409].includes(status) && !said?.receipt && Number.isInteger(said?.received);
  return told && said.received >= 0 && said.received < bytes ? said.received : null;
}

/**
 * Send a file of an item to the address `at`. Resolves with the verdict, as for a text; with the stop `more` when `pause()`
 * says so between two chunks.
 */
export async function send(tag, file, at, pause) {
  const body = await read(tag, file.id);
  const url = `${at}/${file.id}/chunks`;
  const signal = untilWiped();
  const post = (from) => {
    const headers = { "Content-Type": "application/octet-stream" };
    return exchange(tag, `${url}?from=${from}`, { method: "POST", headers, body: body.subarray(from, from + CHUNK) }, signal);
  };
  let afresh = true; // what arrived damaged is sent from its beginning, once
  let reply = await exchange(tag, url, {}, signal);
  for (let turns = 2 * Math.ceil(file.bytes / CHUNK) + 2; turns > 0; turns -= 1) {
    let from = standing(reply, file.bytes);
    if (from === null && afresh && reply?.own && reply.said?.code === "attachment.damaged") [from, afresh] = [0, false];
    if (from === null) return judgeFile(file, reply);
    if (!body) return { item: { state: "refused", why: "lost" }, stop: null }; // nor is it there as a whole
    if (pause()) return { item: {}, stop: "more" };
    reply = await post(from);
  }
  return judgeFile(file, null); // it goes round in circles: later
}
