// Unsent work in a file, with the files that go with it: carried to another phone, or put by before this one is repaired.
// Whoever has the file can read it; only its member's own handbook takes it in.
//   a line      "handbook-unsent", the format, how many bytes the list has, and its hash
//   the list    JSON: whose it is, when it was made, the pieces, and of each file {id, bytes, sha256}
//   the files   one after the other
// So it is made and taken in a file at a time, and what is cut or damaged shows before anything is taken.
import * as attachments from "./attachments.js";
import * as clock from "./clock.js";
import { hex, sha256, verified } from "./crypto.js";
import { refind } from "./outbox.js";
import { admit, filesOf, isNewer, opened, unfinished, whole } from "./pieces.js";
import { member } from "./session.js";
import * as vault from "./vault.js";

const KIND = "handbook-unsent";
const FORMAT = 2;
const LINE = new RegExp(`^${KIND} (\\d+) (\\d{1,12}) ([0-9a-f]{64})\\n`);
const LONGEST_LINE = 200;
const LARGEST = 100_000_000; // bytes: more is sent before it is carried about

class Refused extends Error {
  constructor(why) { super(why); this.why = why; }
}

async function own() {
  const tag = await member();
  if (!(await vault.isSealed(tag))) throw new vault.Locked();
  return tag;
}

const sum = (sizes) => sizes.reduce((all, { bytes }) => all + bytes, 0);
const distinct = (files) => [...new Map(files.map((file) => [file.id, file])).values()];

/** What would go into a file now: how many pieces and files, about how many bytes, and the `most` bytes it may have. */
export async function weigh() {
  const heads = await unfinished(await own());
  const files = distinct(heads.flatMap(filesOf));
  return { count: heads.length, files: files.length, bytes: sum(heads) + sum(files), most: LARGEST };
}

/** Everything unsent on this phone as a `file`, and how many pieces it holds; or why there is none: `large`. */
export async function make() {
  const tag = await own();
  if ((await weigh()).bytes > LARGEST) return { why: "large" };
  const pieces = [];
  for (const head of await unfinished(tag)) pieces.push(await whole(tag, head));
  const kept = pieces.filter(Boolean);
  const files = [];
  const bodies = []; // each given to the browser before the next one is opened
  for (const { id, bytes, sha256: hash } of distinct(kept.flatMap(filesOf))) {
    const body = await attachments.read(tag, id);
    if (!body) continue;
    files.push({ id, bytes, sha256: hash });
    bodies.push(new Blob([body]));
  }
  const made = Math.round(await clock.now());
  const list = new TextEncoder().encode(JSON.stringify({ member: tag, made, pieces: kept, files }));
  const line = `${KIND} ${FORMAT} ${list.length} ${hex(await sha256(list))}\n`;
  return { file: new Blob([line, list, ...bodies], { type: "application/octet-stream" }), count: kept.length };
}

// The first format was JSON as a whole, without files.
async function former(file) {
  if ((await file.slice(0, 1).text()) !== "{") throw new Refused("unreadable"); // any file may have been chosen
  const parcel = JSON.parse(await file.text());
  if (parcel?.kind !== KIND) throw new Refused("unreadable");
  if (parcel.v > 1) throw new Refused("newer");
  return { ...parcel, files: [], begin: file.size };
}

async function listed(file) {
  const [line, format, length, hash] = (await file.slice(0, LONGEST_LINE).text()).match(LINE) ?? [];
  if (!line) return former(file);
  if (Number(format) > FORMAT) throw new Refused("newer");
  const begin = line.length + Number(length);
  const list = new Uint8Array(await file.slice(line.length, begin).arrayBuffer());
  if (hex(await sha256(list)) !== hash) throw new Refused("unreadable");
  return { ...JSON.parse(new TextDecoder().decode(list)), begin };
}

// Each file in the parcel, one at a time, when its bytes are those that were put in.
async function eachFile(file, { files, begin }, act) {
  let at = begin;
  for (const { id, bytes, sha256: hash } of files) {
    const body = new Uint8Array(await file.slice(at, at + bytes).arrayBuffer());
    at += bytes;
    if (hex(await sha256(body)) !== hash) throw new Refused("unreadable");
    await act(id, body);
  }
  if (at !== file.size) throw new Refused("unreadable");
}

// The pieces in a file that is whole and this member's.
async function checked(file, tag) {
  if (file.size > LARGEST * 1.5) throw new Refused("large"); // texts are longer in it than they are
  const parcel = await listed(file);
  if (parcel.pieces.some(isNewer)) throw new Refused("newer");
  if (parcel.member !== tag) throw new Refused("other-member");
  const pieces = parcel.pieces.map(opened);
  for (const { head: { receipt } } of pieces) {
    if (receipt && !(await verified(self.__HB_RECEIPT_KEY, receipt))) throw new Refused("unreadable");
  }
  await eachFile(file, parcel, () => undefined);
  return { parcel, pieces };
}

// Files first, so that nothing is here that names a file which is not; those that nothing came to name are let go of.
async function takeAll(tag, file, { parcel, pieces }) {
  const fresh = new Set();
  let added;
  try {
    await eachFile(file, parcel, async (id, body) => { if (await attachments.readmit(tag, id, body)) fresh.add(id); });
    added = await admit(tag, pieces, { from: "file", at: parcel.made });
    await refind(tag, fresh);
  } finally {
    await attachments.release(tag, parcel.files);
  }
  const { kept } = await attachments.ready();
  return { added, files: kept.filter((id) => fresh.has(id)).length };
}

/**
 * Take in such a file. Resolves with how many pieces were new, how many were here already and how many `files` came with them,
 * or with why nothing was taken: `unreadable` (not a file of ours, or damaged), `newer` (of a later release), `other-member` or
 * `large`. Rejects with QuotaExceededError when the phone is full: what was taken until then may be taken again.
 */
export async function take({ file, text }) {
  const tag = await own();
  const given = file ?? new Blob([text]); // a page of an earlier release has read it
  let found;
  try {
    found = await checked(given, tag);
  } catch (error) {
    if (![Refused, SyntaxError, TypeError].includes(error?.constructor)) throw error;
    return { state: "refused", why: error.why ?? "unreadable" };
  }
  const { added, files } = await takeAll(tag, given, found);
  return { state: "taken", added, known: found.pieces.length - added, files };
}
