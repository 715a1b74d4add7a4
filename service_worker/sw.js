// The worker's listeners; each hands over to the module that knows.
import * as copies from "./copies.js";
import { mayLead, open } from "./navigation.js";
import * as pack from "./pack.js";
import * as precache from "./precache.js";
import * as session from "./session.js";
import { recall } from "./store.js";

// Written by the server in front of this bundle: [{url, revision}] of the public files.
const FILES = self.__HB_FILES;

// Pages that reload themselves because their copy is newer than what they show: for once a reload that the copy answers.
const renewing = new Set();

self.addEventListener("install", (event) => event.waitUntil(precache.install(FILES)));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await precache.activate(FILES);
  // In some browsers a failed preload breaks the offline answer, and a preload can revive a session just ended.
  await self.registration.navigationPreload?.disable();
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
  event.respondWith(open(lead, ask, () => copies.copyOf(url), missing));
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
  "sign-out": ({ url }) => session.signOut(url),
  "skip-waiting": () => self.skipWaiting(),
};

self.addEventListener("message", (event) => {
  const handle = HANDLERS[event.data?.type];
  if (!handle) return;
  event.waitUntil((async () => {
    const reply = await Promise.resolve(handle(event.data)).catch((error) => ({ state: "error", why: String(error) }));
    event.ports[0]?.postMessage(reply ?? null);
  })());
});
