// What the member has begun to write. Each change of a form is kept, sealed, until the form is handed to the outbox. On a phone
// that can seal nothing for itself it is kept in a box, which the server opens for its author when the form is opened again.
import * as attachments from "./attachments.js";
import * as boxes from "./boxes.js";
import * as clock from "./clock.js";
import { keeps, member } from "./session.js";
import { inTurn, note } from "./store.js";
import * as vault from "./vault.js";

export const nameOf = (name) => `draft ${name}`;

const heads = async (tag) => (await vault.listOwn(tag)).filter(({ kind }) => kind === "draft");
const headOf = async (tag, name) => (await heads(tag)).find(({ draft }) => draft === name);

// Every phone calls its draft of a form alike, so each text has an id besides, which its page makes and which is that of the
// item it becomes: two pages that have the same draft open send one item. A draft that came from elsewhere gets a new id when it
// is changed here: where it came from, it may be changed as well.
function identity(former, at, given = crypto.randomUUID()) {
  if (!former?.id) return { id: given, begun: at };
  const { id, begun, from = [], restored } = former;
  return restored ? { id: crypto.randomUUID(), begun: at, from: [...from, id] } : { id, begun, from };
}

// Nobody has read again what is in a box unless they know the draft's id: whoever does not know it must not write over it.
const isUnread = (head, id) => Boolean(head?.boxed && head.id !== id);

// Where a draft is kept whose form has another one already: under a name and an address of its own.
function aside({ draft, page, id }) {
  const [[form], [path]] = [draft.split(" "), page.split("#")];
  return { draft: `${form} ${id}`, page: `${path}#bai-${id}` };
}

/** How many drafts the member has. */
export const count = async (tag) => (await heads(tag)).length;

/** The draft `name` as it is replaced by what bears `id`; undefined when there is none, or only one that is still unread. */
export async function headFor(tag, name, id) {
  const found = await headOf(tag, name);
  return isUnread(found, id) ? undefined : found;
}

// Noted before it is there, so that no moment remains in which the store could be emptied of it.
async function counted(tag, drafts) {
  if (!(await note(await vault.idOf(tag), { drafts }))) throw new vault.Locked();
}

/**
 * Keep a form as it stands now; `body` is what it would send, and `id` that of the draft it goes on with. Resolves with when,
 * with its id and where: in a place of its own when a draft that was not read again lies where it was to go. Rejects with
 * Locked where nothing can be kept.
 */
export async function put({ name, id, page, label, contentType, body, files }) {
  const tag = await member();
  const sealed = await keeps(tag);
  if (!sealed && !id) throw new vault.Locked(); // a page of an earlier release, which cannot say what it goes on with
  const bytes = new Uint8Array(body);
  const now = Math.round(await clock.now());
  const [head, former] = await inTurn(async () => { // in the order in which the page handed them over
    const there = await headOf(tag, name);
    const found = isUnread(there, id) ? undefined : there;
    const at = Math.max(now, (found?.at ?? 0) + 1); // tells versions apart, whatever becomes of the clock
    const next = { kind: "draft", draft: name, page, label, contentType, at, bytes: bytes.length, files, ...identity(found, at, id) };
    if (there && !found) Object.assign(next, aside(next));
    const [kept, content] = sealed ? [next, bytes] : await boxes.insteadOfDraft(tag, next, bytes);
    await counted(tag, (await count(tag)) + (found ? 0 : 1));
    await vault.put(tag, nameOf(next.draft), kept, content);
    return [kept, found];
  });
  await attachments.release(tag, former?.files);
  return { at: head.at, id: head.id, draft: head.draft, page: head.page, boxed: head.boxed };
}

/** The form as it was left, with its bytes, or `shut` when they lie in a box that stays shut; null when there is none. */
export async function show({ name }) {
  const tag = await member();
  const { head, body } = (await vault.get(tag, nameOf(name))) ?? {};
  return head ? boxes.opened(tag, head, body) : null;
}

/** The drafts of the member without their words, newest first. */
export async function list() {
  return { drafts: (await heads(await member())).sort((a, b) => b.at - a.at) };
}

/** The member does not want it any more. */
export async function drop({ name }) {
  const tag = await member();
  const former = await inTurn(async () => {
    const found = await headOf(tag, name);
    await vault.delete(tag, nameOf(name));
    await counted(tag, await count(tag));
    return found;
  });
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
  const whole = { ...head, ...(taken ? aside(head) : {}), bytes: bytes.length };
  await counted(tag, (await count(tag)) + 1);
  await vault.put(tag, nameOf(whole.draft), whole, bytes, { strict: true });
  return true;
}
