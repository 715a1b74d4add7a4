// The only door to what is personal on this phone. Every piece has a name, a small head (looked through often) and a
// body (read when needed); all three are sealed under the key that is held, and without it there is no way in.
import { hidden, open, random, seal, base64url } from "./crypto.js";
import { current } from "./keys.js";
import { OWN, emptied, removeDatabase, transact, vaultDatabase } from "./store.js";

const STORES = ["heads", "bodies"];
const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Nothing can be read or kept: the handbook is locked, or open for somebody else. */
export class Locked extends Error {
  constructor() { super("locked"); this.name = "Locked"; }
}

async function keyFor(member) {
  const key = await current();
  if (!key || key.member !== member) throw new Locked();
  return key;
}

const isOwn = (name) => /^(outbox|draft|attachment|rescue) /.test(name);
const keyOf = async (key, name) => (isOwn(name) ? OWN : "") + (await hidden(key.naming, name));

// Heads are asked for at every turn and opening each costs a moment: once opened they are remembered while the key is.
let opened = { key: null, heads: null, own: new Map() };

function memoryOf(key) {
  if (opened.key !== key) opened = { key, heads: null, own: new Map() };
  return opened;
}

async function sealedHeads(key, range) {
  const [names, sealed] = await transact(vaultDatabase(key.vault), ["heads"], "readonly", (t) => [
    t.objectStore("heads").getAllKeys(range), t.objectStore("heads").getAll(range),
  ]);
  return names.map((name, n) => [name, sealed[n]]);
}

const openedHead = async (key, name, sealed) => JSON.parse(text.decode(await open(key.sealing, sealed, `head ${name}`)));

// What the member wrote is read anew each time. For a while after an update two workers have the store open, and one that
// went by its memory would send again what the other has sent and emptied. Only what was sealed since is opened again.
async function ownHeads(key) {
  const memory = memoryOf(key);
  const found = await sealedHeads(key, IDBKeyRange.bound(OWN, `${OWN}\uffff`));
  const heads = await Promise.all(found.map(async ([name, sealed]) => {
    const vector = base64url(sealed.subarray(0, 12)); // another one at each sealing
    return [vector, memory.own.get(vector) ?? (await openedHead(key, name, sealed))];
  }));
  memory.own = new Map(heads);
  return heads.map(([, head]) => head);
}

async function headsOf(key) {
  const memory = memoryOf(key);
  memory.heads ??= (async () => {
    const found = (await sealedHeads(key)).filter(([name]) => !name.startsWith(OWN));
    return new Map(await Promise.all(found.map(async ([name, sealed]) => [name, await openedHead(key, name, sealed)])));
  })();
  const { heads } = memory;
  heads.catch(() => { if (memory.heads === heads) memory.heads = null; });
  return heads;
}

// A body is bytes, text, or anything JSON can say; the first letter tells which.
function packed(body) {
  if (!(body instanceof Uint8Array)) return utf8.encode(typeof body === "string" ? `s${body}` : `j${JSON.stringify(body)}`);
  const whole = new Uint8Array(body.length + 1);
  whole.set(utf8.encode("b"));
  whole.set(body, 1);
  return whole;
}

function unpacked(whole) {
  const kind = String.fromCharCode(whole[0]);
  const rest = whole.subarray(1);
  if (kind === "b") return rest;
  return kind === "s" ? text.decode(rest) : JSON.parse(text.decode(rest));
}

/**
 * Keep a piece; head and body are committed together or not at all, and `strict`ly only once they are on the disk itself.
 * What the member wrote and is named by `instead` is removed by the same commit. Rejects with QuotaExceededError when full.
 */
export async function put(member, name, head, body, { strict = false, instead } = {}) {
  const key = await keyFor(member);
  const at = await keyOf(key, name);
  const record = { ...head, name, made: base64url(random(9)) }; // binds the body to this very head
  const former = instead && (await keyOf(key, instead));
  // Sealed before the transaction begins: it would not wait.
  const sealedHead = await seal(key.sealing, utf8.encode(JSON.stringify(record)), `head ${at}`);
  const sealedBody = await seal(key.sealing, packed(body), `body ${at} ${record.made}`);
  await transact(vaultDatabase(key.vault), STORES, "readwrite", (t) => {
    t.objectStore("heads").put(sealedHead, at);
    t.objectStore("bodies").put(sealedBody, at);
    if (former) for (const store of STORES) t.objectStore(store).delete(former);
  }, strict ? { durability: "strict" } : {});
  if (!isOwn(name)) (await headsOf(key)).set(at, record);
}

/** The piece as `{head, body}`, or null. */
export async function get(member, name) {
  const key = await keyFor(member);
  const at = await keyOf(key, name);
  const [sealedHead, sealedBody] = await transact(vaultDatabase(key.vault), STORES, "readonly", (t) => [
    t.objectStore("heads").get(at), t.objectStore("bodies").get(at),
  ]);
  if (!sealedHead) return null;
  const head = JSON.parse(text.decode(await open(key.sealing, sealedHead, `head ${at}`)));
  return { head, body: unpacked(await open(key.sealing, sealedBody, `body ${at} ${head.made}`)) };
}

async function remove(member, name) {
  const key = await keyFor(member);
  const at = await keyOf(key, name);
  await transact(vaultDatabase(key.vault), STORES, "readwrite", (t) => {
    for (const store of STORES) t.objectStore(store).delete(at);
  });
  if (!isOwn(name)) (await headsOf(key)).delete(at);
}
export { remove as delete };

/** The heads of all pieces, each with its `name`; no body is read. */
export async function list(member) {
  const key = await keyFor(member);
  return [...(await headsOf(key)).values(), ...(await ownHeads(key))];
}

/** The same of what the member wrote alone: cheap, whatever else is kept. */
export const listOwn = async (member) => ownHeads(await keyFor(member));

/** All that the member wrote, each piece as `{head, body}`. */
export async function ownPieces(member) {
  const heads = await listOwn(member);
  return Promise.all(heads.map(({ name }) => get(member, name)));
}

/** The id of the store that is open for this member. */
export const idOf = async (member) => (await keyFor(member)).vault;

/** What stands for `name` where it may be seen while the store is locked: the same for the same name, and no more. */
export const hiddenName = async (member, name) => hidden((await keyFor(member)).naming, name);

/** Whether what is kept for this member is sealed by a passkey: only then may it be more than documents. */
export const isSealed = async (member) => !(await keyFor(member)).plain;

/** Empty a store of everything but what its member wrote; works without the key. */
export async function shed(vault) {
  if (opened.key?.vault === vault) memoryOf(null);
  await emptied(vault);
}

/** A whole store, gone. */
export const destroy = (vault) => removeDatabase(vaultDatabase(vault));
