// Unsent work in a file: carried to another phone, or put by before this one is repaired. Whoever has the file can read it;
// only its member's own handbook takes it in.
import * as clock from "./clock.js";
import { admit, isNewer, opened, unsent, whole } from "./pieces.js";
import { member } from "./session.js";
import * as vault from "./vault.js";

const KIND = "handbook-unsent";
const FORMAT = 1;

const refused = (why) => ({ state: "refused", why });

/** Everything unsent on this phone as the text of a file, and how many pieces it holds. */
export async function make() {
  const tag = await member();
  if (!(await vault.isSealed(tag))) throw new vault.Locked();
  const pieces = [];
  for (const head of await unsent(tag)) pieces.push(await whole(tag, head));
  const made = Math.round(await clock.now());
  return { text: JSON.stringify({ kind: KIND, v: FORMAT, member: tag, made, pieces: pieces.filter(Boolean) }), count: pieces.length };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch { return null; }
}

/**
 * Take in such a file. Resolves with how many pieces were new and how many were here already, or with why nothing was taken:
 * `unreadable` (not a file of ours, or damaged), `newer` (of a later release) or `other-member`.
 */
export async function take({ text }) {
  const tag = await member();
  if (!(await vault.isSealed(tag))) throw new vault.Locked();
  const parcel = parsed(text);
  if (parcel?.kind !== KIND || !Array.isArray(parcel.pieces)) return refused("unreadable");
  if (parcel.v > FORMAT || parcel.pieces.some(isNewer)) return refused("newer");
  if (parcel.member !== tag) return refused("other-member");
  let pieces;
  try {
    pieces = parcel.pieces.map(opened);
  } catch { return refused("unreadable"); }
  const added = await admit(tag, pieces, { from: "file", at: parcel.made });
  return { state: "taken", added, known: pieces.length - added };
}
