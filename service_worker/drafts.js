// What the member has begun to write. Each change of a form is kept, sealed, until the form is handed to the outbox.
import * as attachments from "./attachments.js";
import * as clock from "./clock.js";
import { member } from "./session.js";
import { inTurn } from "./store.js";
import * as vault from "./vault.js";

export const nameOf = (name) => `draft ${name}`;

const headOf = async (tag, name) => (await vault.listOwn(tag)).find((head) => head.name === nameOf(name));

/**
 * Keep a form as it stands now; `body` is what it would send. Its `id` is given the first time and is that of the item it
 * becomes: two pages that have the same draft open send one item. Rejects with Locked where nothing can be sealed.
 */
export async function put({ name, page, label, contentType, body, files }) {
  const tag = await member();
  if (!(await vault.isSealed(tag))) throw new vault.Locked();
  const bytes = new Uint8Array(body);
  const at = Math.round(await clock.now());
  const former = await inTurn(async () => { // in the order in which the page handed them over
    const found = await headOf(tag, name);
    const id = found?.id ?? crypto.randomUUID();
    await vault.put(tag, nameOf(name), { kind: "draft", id, draft: name, page, label, contentType, at, bytes: bytes.length, files }, bytes);
    return { ...found, id };
  });
  await attachments.release(tag, former.files);
  return { at, id: former.id };
}

/** The form as it was left, with its bytes; null when there is none. */
export async function show({ name }) {
  const { head, body } = (await vault.get(await member(), nameOf(name))) ?? {};
  return head ? { ...head, body } : null;
}

/** The drafts of the member without their words, newest first. */
export async function list() {
  const heads = (await vault.listOwn(await member())).filter(({ kind }) => kind === "draft");
  return { drafts: heads.sort((a, b) => b.at - a.at) };
}

/** The member does not want it any more. */
export async function drop({ name }) {
  const tag = await member();
  const former = await headOf(tag, name);
  await vault.delete(tag, nameOf(name));
  await attachments.release(tag, former?.files);
  return { state: "dropped" };
}
