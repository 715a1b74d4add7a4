// Whose phone this is at the moment, and how everything personal leaves it.
import { fetchWithin } from "./network.js";
import * as vault from "./vault.js";
import { CACHE } from "./precache.js";
import { memberDatabase, recall, remember, unremember } from "./store.js";
import { tell } from "./pages.js";

const SETTLE = 4_000;
let stopWork = new AbortController();

/** The opaque tag of the member signed in here, or undefined. */
export const member = () => recall("member");

/** Aborted when what is being downloaded must not be kept any more. */
export const untilWiped = () => stopWork.signal;

/** This member is signed in now; a former member's copy does not stay on a phone that changed hands. */
export async function adopt(tag) {
  const former = await member();
  if (former === tag) return;
  if (former) await wipe();
  await remember("member", tag);
  await remember("members", [...new Set([...((await recall("members")) ?? []), tag])]);
}

async function tags() {
  const prefix = memberDatabase("");
  const found = (await indexedDB.databases?.()) ?? [];
  const named = found.map(({ name }) => name).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return new Set([...named, ...((await recall("members")) ?? [])]);
}

/** Remove everything personal: stores, any cache but the public one, and (by the pages) what they keep themselves. */
export async function wipe() {
  stopWork.abort();
  stopWork = new AbortController();
  await unremember("member");
  await Promise.all([...(await tags())].map((tag) => vault.destroy(tag)));
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await unremember("members");
  const epoch = ((await recall("epoch")) ?? 0) + 1;
  await remember("epoch", epoch);
  await tell({ type: "wiped", epoch });
  return epoch;
}

/** Sign out: wipe first, then tell the server; without network the server is told before anything else goes out. */
export async function signOut(url) {
  await remember("signout", url);
  const epoch = await wipe();
  await settleSignOut();
  return { epoch };
}

export async function settleSignOut() {
  const url = await recall("signout");
  if (!url) return;
  try {
    const reply = await fetchWithin(SETTLE, url, { method: "POST", redirect: "manual" });
    if (reply.ok || reply.type === "opaqueredirect") await unremember("signout");
  } catch { /* still no network: the note stays */ }
}

/** What a reply of our own server says about the session. */
export async function heed(reply) {
  if (reply.type === "opaqueredirect" || reply.headers.get("X-Handbook") !== "1") return;
  const current = await member();
  const wiped = reply.headers.get("X-Handbook-Wipe");
  if (reply.headers.has("X-Handbook-Signed-Out") || (wiped && wiped === current)) return wipe();
  const tag = reply.headers.get("X-Handbook-Member");
  if (tag && tag !== current) await adopt(tag);
}
