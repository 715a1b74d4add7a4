// What the member has begun to write. Each change of a form is kept, sealed, until the form is handed to the outbox.
import * as attachments from "./attachments.js";
import * as clock from "./clock.js";
import { member } from "./session.js";
import { inTurn } from "./store.js";
import * as vault from "./vault.js";

export const nameOf = (name) => `draft ${name}`;

const heads = async (tag) => (await vault.listOwn(tag)).filter(({ kind }) => kind === "draft");
const headOf = async (tag, name) => (await heads(tag)).find(({ draft }) => draft === name);

// Every phone calls its draft of a form alike, so each text has an id besides, which is that of the item it becomes: two pages
// that have the same draft open send one item. A draft that came from elsewhere gets a new id when it is changed here: where it
// came from, it may be changed as well.
function identity(former, at) {
  if (!former?.id) return { id: crypto.randomUUID(), begun: at };
  const { id, begun, from = [], restored } = former;
  return restored ? { id: crypto.randomUUID(), begun: at, from: [...from, id] } : { id, begun, from };
}

/**
 * Keep a form as it stands now; `body` is what it would send. Resolves with when, and with its id. Rejects with Locked where
 * nothing can be sealed.
 */
export async function put({ name, page, label, contentType, body, files }) {
  const tag = await member();
  if (!(await vault.isSealed(tag))) throw new vault.Locked();
  const bytes = new Uint8Array(body);
  const now = Math.round(await clock.now());
  const [head, former] = await inTurn(async () => { // in the order in which the page handed them over
    const found = await headOf(tag, name);
    const at = Math.max(now, (found?.at ?? 0) + 1); // tells versions apart, whatever becomes of the clock
    const next = { kind: "draft", draft: name, page, label, contentType, at, bytes: bytes.length, files, ...identity(found, at) };
    await vault.put(tag, nameOf(name), next, bytes);
    return [next, found];
  });
  await attachments.release(tag, former?.files);
  return { at: head.at, id: head.id };
}

/** The form as it was left, with its bytes; null when there is none. */
export async function show({ name }) {
  const { head, body } = (await vault.get(await member(), nameOf(name))) ?? {};
  return head ? { ...head, body } : null;
}

/** The drafts of the member without their words, newest first. */
export async function list() {
  return { drafts: (await heads(await member())).sort((a, b) => b.at - a.at) };
}

/** The member does not want it any more. */
export async function drop({ name }) {
  const tag = await member();
  const former = await headOf(tag, name);
  await vault.delete(tag, nameOf(name));
  await attachments.release(tag, former?.files);
  return { state: "dropped" };
}

/**
 * A draft from elsewhere comes in, in turn, beside what is here: where its form is being written already, under a name of its
 * own. Resolves with whether it is new.
 */
export async function readmit(tag, head, bytes) {
  const here = await vault.listOwn(tag);
  if (here.some(({ id, from = [] }) => id === head.id || from.includes(head.id))) return false;
  const { held = [] } = (await navigator.locks.query?.()) ?? {};
  const taken = here.some(({ draft }) => draft === head.draft) || held.some(({ name }) => name === `hb-draft ${head.draft}`);
  const [form] = head.draft.split(" ");
  const [page] = head.page.split("#");
  const place = taken ? { draft: `${form} ${head.id}`, page: `${page}#bai-${head.id}` } : {};
  const whole = { ...head, ...place, bytes: bytes.length };
  await vault.put(tag, nameOf(whole.draft), whole, bytes, { strict: true });
  return true;
}
