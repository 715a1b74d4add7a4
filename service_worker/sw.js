// The worker's listeners; each hands over to the module that knows.
import * as attachments from "./attachments.js";
import * as copies from "./copies.js";
import * as drafts from "./drafts.js";
import * as keys from "./keys.js";
import { isOpenToAll, mayLead, open } from "./navigation.js";
import * as outbox from "./outbox.js";
import * as pack from "./pack.js";
import * as parcel from "./parcel.js";
import * as precache from "./precache.js";
import * as rescue from "./rescue.js";
import * as session from "./session.js";
import { tell } from "./pages.js";
import { keyring, recall, sweep } from "./store.js";

// Written by the server in front of this bundle: [{url, revision}] of the public files. Beside it stand __HB_RECEIPT_KEY,
// with which receipts are checked, and __HB_BOX_KEY, for which boxes are sealed.
const FILES = self.__HB_FILES;

// Pages that reload themselves because their copy is newer than what they show: for once a reload that the copy answers.
const renewing = new Set();

self.addEventListener("install", (event) => event.waitUntil(precache.install(FILES)));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await precache.activate(FILES);
  // In some browsers a failed preload breaks the offline answer, and a preload can revive a session just ended.
  await self.registration.navigationPreload?.disable();
  await sweep();
  await pack.markDue();
  await self.clients.claim();
})()));

async function fromNetwork(request) {
  if (await recall("signout")) await session.settleSignOut();
  const reply = await fetch(request);
  await session.heed(reply);
  return reply;
}

function navigate(event, url) {
  const { request } = event;
  const again = renewing.delete(url.pathname);
  const lead = async () => ((again || mayLead(request, url)) && !(await pack.isDue()) ? copies.leading(url) : null);
  const ask = () => {
    const network = fromNetwork(request);
    event.waitUntil(network.catch(() => undefined));
    return network;
  };
  const missing = async (reason) => copies.missingPage(await precache.match(FILES, precache.MISSING), reason);
  event.respondWith((async () => {
    // In place: unlocking loads the same address again.
    if (!isOpenToAll(url) && (await keys.isLocked())) return precache.match(FILES, precache.UNLOCK);
    return open(lead, ask, () => copies.copyOf(url), missing);
  })());
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // Something is written: what this phone holds may be old news until the manifest has been read again.
  if (request.method !== "GET") event.waitUntil(pack.markDue());
  else if (request.mode === "navigate") navigate(event, url);
  else if (FILES.some((file) => file.url === url.pathname)) {
    event.respondWith(precache.match(FILES, url.pathname).then((file) => file ?? fetch(request)));
  }
});

const HANDLERS = {
  "sync": (message) => pack.sync(message),
  "status": (message) => pack.status(message),
  "renew": ({ path }) => { renewing.add(path); },
  "sign-out": async ({ keep, discard }) => session.signOut({ keep, copies: discard ? await rescue.handedOver() : [] }),
  "lock": () => session.lock(),
  "keep-unsealed": (message) => session.keepUnsealed(message),
  "key": (message) => session.enter(message),
  "stores": () => keys.stores(),
  "mark": (message) => keys.mark(message),
  "key-get": () => keys.share(),
  "keyring-get": ({ name }) => keyring.get(name),
  "keyring-set": ({ name, row }) => keyring.set(name, row),
  "attachment-ready": () => attachments.ready(),
  "attachment-put": (message) => attachments.put(message),
  "draft-put": (message) => draftPut(message),
  "draft-show": (message) => drafts.show(message),
  "draft-list": () => drafts.list(),
  "draft-drop": (message) => drafts.drop(message),
  "outbox-submit": (message) => outbox.submit(message),
  "outbox-replay": (message) => outbox.replay(message),
  "outbox-list": () => outbox.list(),
  "outbox-show": (message) => outbox.show(message),
  "outbox-drop": (message) => outbox.drop(message),
  "rescue": (message) => rescue.turn(message),
  "rescue-kept": () => rescue.kept(),
  "parcel-weigh": () => parcel.weigh(),
  "parcel-make": () => parcel.make(),
  "parcel-take": (message) => parcel.take(message),
  "skip-waiting": () => self.skipWaiting(),
};

// While somebody writes on one page for long, nothing else would ask for a copy of it.
async function draftPut(message) {
  const kept = await drafts.put(message);
  await tell({ type: "outbox-later", retryAt: Date.now() + rescue.AFTER });
  return kept;
}

const failed = (error) => ({ state: "error", why: error?.name === "QuotaExceededError" ? "full" : String(error) });

self.addEventListener("message", (event) => {
  const handle = HANDLERS[event.data?.type];
  if (!handle) return;
  event.waitUntil((async () => {
    const reply = await Promise.resolve(handle(event.data)).catch(failed);
    event.ports[0]?.postMessage(reply ?? null);
  })());
});

async function replayAll(how) {
  const { state } = await outbox.replay(how);
  if (state === "more") return replayAll(how);
  return state;
}

// The browser wakes the worker when there is a network again, also with no page open.
self.addEventListener("sync", (event) => {
  if (event.tag !== "outbox") return;
  event.waitUntil(replayAll({ online: true }).then(async (state) => {
    if (["offline", "later"].includes(state)) throw new Error(state); // the browser asks once more, later
    await rescue.turn();
  }));
});
