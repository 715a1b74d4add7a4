// IndexedDB, opened by hand: two kinds of database and one way to run a transaction.
//   hb-device      what this browser knows about itself; nothing about a person but opaque tags
//   hb-vault-<id>  one member's sealed store; reached only through vault.js
const VERSION = 3;
export const DEVICE = "hb-device";
const VAULT = "hb-vault-";
export const vaultDatabase = (id) => VAULT + id;

const connections = new Map();

function upgrade(db) {
  const wanted = db.name === DEVICE ? ["state", "keyring"] : ["heads", "bodies", "boxes"];
  for (const store of wanted) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
}

// `newer`: a release that was taken back has been here. Whatever it added is left alone, and the rest is as we know it.
function connect(name, newer = false) {
  return new Promise((resolve, reject) => {
    const asked = newer ? indexedDB.open(name) : indexedDB.open(name, VERSION);
    asked.onupgradeneeded = () => upgrade(asked.result);
    asked.onerror = () => (asked.error.name === "VersionError" && !newer ? resolve(connect(name, true)) : reject(asked.error));
    asked.onsuccess = () => {
      const db = asked.result;
      // A wipe or a newer worker must never wait for us; phones also close connections on their own when they suspend.
      db.onversionchange = () => { forget(name); db.close(); };
      db.onclose = () => forget(name);
      resolve(db);
    };
  });
}

const forget = (name) => connections.delete(name);

function connection(name) {
  if (!connections.has(name)) {
    const opening = connect(name);
    connections.set(name, opening);
    opening.catch(() => forget(name));
  }
  return connections.get(name);
}

async function attempt(name, stores, mode, work, options) {
  const transaction = (await connection(name)).transaction(stores, mode, options);
  return new Promise((resolve, reject) => {
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
    const asked = work(transaction);
    transaction.oncomplete = () => resolve(Array.isArray(asked) ? asked.map((one) => one.result) : asked?.result);
  });
}

// What a transaction ends with when its connection was closed or lost. Nothing of it was kept, so it may be done again.
const LOST = ["InvalidStateError", "AbortError", "UnknownError"];

/** Run `work(transaction)` and resolve, once committed, with the results of the request or requests it returns. */
export async function transact(name, stores, mode, work, options = {}) {
  try {
    return await attempt(name, stores, mode, work, options);
  } catch (error) {
    if (!LOST.includes(error?.name)) throw error;
    forget(name);
    return attempt(name, stores, mode, work, options);
  }
}

/** Remove a whole database; resolves also when it never existed. */
export function removeDatabase(name) {
  connections.get(name)?.then((db) => db.close(), () => undefined);
  forget(name);
  return new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = () => resolve();
    asked.onerror = () => reject(asked.error);
  });
}

const onDevice = (store) => ({
  get: (key) => transact(DEVICE, [store], "readonly", (t) => t.objectStore(store).get(key)),
  entries: async () => {
    const [keys, values] = await transact(DEVICE, [store], "readonly", (t) => [
      t.objectStore(store).getAllKeys(), t.objectStore(store).getAll(),
    ]);
    return keys.map((key, n) => [key, values[n]]);
  },
  set: (key, value) => transact(DEVICE, [store], "readwrite", (t) => t.objectStore(store).put(value, key)),
  remove: (key) => transact(DEVICE, [store], "readwrite", (t) => t.objectStore(store).delete(key)),
});

/** For what is only noted in passing: a phone without room goes on reading and sending, and notes it the next time. */
export const ifRoom = (writing) => writing.catch((error) => { if (error?.name !== "QuotaExceededError") throw error; });

const state = onDevice("state");
export const { get: recall, set: remember, remove: unremember } = state;
export const keyring = onDevice("keyring");

/** What reads first and writes then what a member wrote, or empties their store: one after the other, in all workers. */
export const inTurn = (work) => navigator.locks.request("hb-writing", work);

/** Change what is noted of a store beside its wrapped key. Resolves with whether there is such a store at all. */
export async function note(vault, changes) {
  let found = false;
  await transact(DEVICE, ["keyring"], "readwrite", (t) => {
    const asked = t.objectStore("keyring").openCursor();
    asked.onsuccess = () => {
      const row = asked.result;
      if (!row) return;
      if (row.value.vault === vault) {
        found = true;
        row.update({ ...row.value, ...changes });
      }
      row.continue();
    };
  });
  return found;
}

/**
 * Whether a store holds what its member wrote and the server has not: so many items `waiting`, so many `drafts`. Both are
 * noted beside its key, said of it while it is locked, and spare it when the phone is emptied.
 */
export const holdsWork = ({ waiting, drafts }) => Boolean(waiting || drafts);

/** What a member wrote lies under keys that begin so, and can be told from the rest without opening anything. */
export const OWN = "own.";

/** Empty a store of everything but what its member wrote; works without its key. */
export const emptied = (vault) => transact(vaultDatabase(vault), ["heads", "bodies"], "readwrite", (t) => {
  for (const store of ["heads", "bodies"]) {
    t.objectStore(store).delete(IDBKeyRange.upperBound(OWN, true));
    t.objectStore(store).delete(IDBKeyRange.lowerBound(`${OWN}\uffff`));
  }
});

/** Remove stores that no key opens any more, and those of a release that did not seal them. */
export async function sweep() {
  const opened = new Set((await keyring.entries()).map(([, { vault }]) => vaultDatabase(vault)));
  const found = ((await indexedDB.databases?.()) ?? []).map(({ name }) => name);
  await Promise.all(found.filter((name) => name !== DEVICE && !opened.has(name)).map(removeDatabase));
}
