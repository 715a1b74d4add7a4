// A piece of unsent work outside this phone's store: as the server keeps it in case the phone is lost, and as it stands in an
// exported file. It is whole: its bytes, and what the phone must know to go on writing it or to send it.
import * as drafts from "./drafts.js";
import * as outbox from "./outbox.js";
import { inTurn } from "./store.js";
import { canForget, hasArrived, isDone } from "./verdict.js";
import * as vault from "./vault.js";

const FORMAT = 1;
const FIELDS = {
  draft: ["id", "draft", "page", "label", "contentType", "at", "begun", "files"],
  outbox: ["id", "url", "page", "contentType", "label", "form", "written", "files", "filesAt", "receipt"],
};
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PAGE = /^\/(?!\/)[^\\\s]*$/;
// Where forms that may wait are sent. A file comes from anywhere, and must not make this phone do anything else.
const PLACES = /^\/(library|reports|staff\/reports\/duties)\/[\w/-]+$/;
const HASH = /^[0-9a-f]{64}$/;
const CHUNK = 0x8000;

const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
};
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/** Which version of a piece this is, in ms: a newer one has a greater number. */
export const versionOf = ({ kind, at, written }) => (kind === "draft" ? at : written);

/** The heads of everything of which something is on this phone alone, its text or a file, oldest first; without what only the
 * server reads. */
export async function unfinished(tag) {
  const heads = (await vault.listOwn(tag)).filter((head) => FIELDS[head.kind] && head.id && !head.boxed && !isDone(head));
  return heads.sort((a, b) => versionOf(a) - versionOf(b));
}

/** Those of them whose text is not yet at the server. */
export const unsent = async (tag) => (await unfinished(tag)).filter((head) => !canForget(head));

const announced = ({ id, name, kind, bytes, sha256 }) => ({ id, name, kind, bytes, sha256 });

/** The files of a draft or an item that have not arrived, as its form named them. */
export const filesOf = ({ files = [] }) => files.filter((file) => !hasArrived(file)).map(announced);

/**
 * One of them as a whole but for the bytes of its files; null when it has gone meanwhile. One whose text has arrived has its
 * receipt in place of the text.
 */
export async function whole(tag, { kind, name }) {
  const { head, body } = (await vault.get(tag, name)) ?? {};
  if (!head || isDone(head)) return null;
  const fields = Object.fromEntries(FIELDS[kind].map((field) => [field, head[field]]));
  return { v: FORMAT, kind, ...fields, files: filesOf(head), body: base64(body) };
}

/** Whether a piece comes from a release that knows more than this one. */
export const isNewer = (piece) => Number(piece?.v) > FORMAT;

// The id becomes part of an address.
const isFile = (file) => ID.test(file?.id) && HASH.test(file.sha256) && Number.isSafeInteger(file.bytes)
  && [file.name, file.kind].every((text) => typeof text === "string");

const isReceiptOf = (receipt, { id }) => receipt?.key === id && HASH.test(receipt.hash);

/** What `whole` made, checked: {head, bytes}. Throws TypeError for anything else. */
export function opened(piece) {
  const { kind, v } = piece ?? {};
  const head = { kind, ...Object.fromEntries((FIELDS[kind] ?? []).map((field) => [field, piece[field]])) };
  const texts = [head.label, head.contentType, piece?.body, kind === "draft" ? head.draft : head.url];
  const fits = v === FORMAT && ID.test(head.id) && PAGE.test(head.page) && Number.isSafeInteger(versionOf(head))
    && texts.every((text) => typeof text === "string") && (kind === "draft" || PLACES.test(head.url))
    && Array.isArray(head.files ?? []) && (head.files ?? []).every(isFile)
    && (head.receipt === undefined || isReceiptOf(head.receipt, head)) && (head.filesAt === undefined || PLACES.test(head.filesAt));
  if (!fits) throw new TypeError("not a piece");
  try {
    return { head, bytes: bytesOf(piece.body) };
  } catch {
    throw new TypeError("not the bytes of a piece");
  }
}

/**
 * Put pieces into this phone's store, each beside what is there: `restored` says where they come `from` and of when. What is
 * here already, or was, is not put a second time. Resolves with how many were new.
 */
export async function admit(tag, pieces, restored) {
  let added = 0;
  await navigator.locks.request("hb-outbox", async () => {
    for (const { head, bytes } of pieces) {
      const { readmit } = head.kind === "draft" ? drafts : outbox;
      if (await inTurn(() => readmit(tag, { ...head, restored }, bytes))) added += 1;
    }
    await outbox.changed(tag);
  });
  return added;
}
