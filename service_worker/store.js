// IndexedDB, opened by hand: two kinds of database and one way to run a transaction.
//   hb-device        what this browser knows about itself; nothing about a person but the opaque member tag
//   hb-member-<tag>  one member's copy of the handbook; reached only through vault.js
const VERSION = 1;
export const DEVICE = "hb-device";
export const memberDatabase = (tag) => `hb-member-${tag}`;

const connections = new Map();

function upgrade(db) {
  if (db.name === DEVICE) db.createObjectStore("state");
  else for (const store of ["heads", "bodies"]) db.createObjectStore(store);
}

function connect(name) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, VERSION);
    asked.onupgradeneeded = () => upgrade(asked.result);
    asked.onerror = () => reject(asked.error);
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

async function begin(name, stores, mode) {
  const db = await connection(name);
  try {
    return db.transaction(stores, mode);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    forget(name);
    return (await connection(name)).transaction(stores, mode);
  }
}

/** Run `work(transaction)` and resolve, once committed, with the results of the request or requests it returns. */
export async function transact(name, stores, mode, work) {
  const transaction = await begin(name, stores, mode);
  return new Promise((resolve, reject) => {
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
    const asked = work(transaction);
    transaction.oncomplete = () => resolve(Array.isArray(asked) ? asked.map((one) => one.result) : asked?.result);
  });
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

export const recall = (key) => transact(DEVICE, ["state"], "readonly", (t) => t.objectStore("state").get(key));
export const remember = (key, value) => transact(DEVICE, ["state"], "readwrite", (t) => t.objectStore("state").put(value, key));
export const unremember = (key) => transact(DEVICE, ["state"], "readwrite", (t) => t.objectStore("state").delete(key));
