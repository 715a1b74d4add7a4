// The only door to what is personal on this phone. Every piece has a name, a small head (looked through often) and a
// body (read when needed). Callers must not rely on how a piece is kept: name, head and body may all be sealed here.
import { memberDatabase, removeDatabase, transact } from "./store.js";

const STORES = ["heads", "bodies"];

// Where a name becomes the key under which the piece is stored.
const keyOf = async (_member, name) => name;

/** Keep a piece; head and body are committed together or not at all. Rejects with QuotaExceededError when full. */
export async function put(member, name, head, body) {
  const key = await keyOf(member, name);
  const record = { ...head, name };
  await transact(memberDatabase(member), STORES, "readwrite", (t) => {
    t.objectStore("heads").put(record, key);
    t.objectStore("bodies").put(body, key);
  });
}

/** The piece as `{head, body}`, or null. */
export async function get(member, name) {
  const key = await keyOf(member, name);
  const [head, body] = await transact(memberDatabase(member), STORES, "readonly", (t) => [
    t.objectStore("heads").get(key), t.objectStore("bodies").get(key),
  ]);
  return head ? { head, body } : null;
}

async function remove(member, name) {
  const key = await keyOf(member, name);
  await transact(memberDatabase(member), STORES, "readwrite", (t) => {
    for (const store of STORES) t.objectStore(store).delete(key);
  });
}
export { remove as delete };

/** The heads of all pieces, each with its `name`; no body is read. */
export const list = (member) =>
  transact(memberDatabase(member), ["heads"], "readonly", (t) => t.objectStore("heads").getAll());

/** Everything of this member, gone. */
export const destroy = (member) => removeDatabase(memberDatabase(member));
