// The worker's listeners; each hands over to the module that knows.
import * as copies from "./copies.js";
import { answer } from "./navigation.js";
import * as pack from "./pack.js";
import * as precache from "./precache.js";
import * as session from "./session.js";
import { recall } from "./store.js";

// Written by the server in front of this bundle: [{url, revision}] of the public files.
const FILES = self.__HB_FILES;

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

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const network = fromNetwork(request);
    event.waitUntil(network.catch(() => undefined));
    const missing = async (reason) => copies.missingPage(await precache.match(FILES, precache.MISSING), reason);
    event.respondWith(answer(network, () => copies.copyOf(url), missing));
  } else if (FILES.some((file) => file.url === url.pathname)) {
    event.respondWith(precache.match(FILES, url.pathname).then((file) => file ?? fetch(request)));
  }
});

const HANDLERS = {
  "sync": (message) => pack.sync(message),
  "status": () => pack.status(),
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
