// Signing out, and pages that must not come back afterwards.
import { ask } from "./worker.js";

const EPOCH = "hb-epoch";
const KEPT = ["hb-display", EPOCH];
const shownAt = localStorage.getItem(EPOCH);

/** Forget what this site's pages keep themselves (reading places and the like), once in each store for each wipe. */
export function forget(epoch) {
  if (!epoch) return;
  for (const store of [localStorage, sessionStorage]) {
    if (store.getItem(EPOCH) === String(epoch)) continue;
    for (const key of Object.keys(store)) if (!KEPT.includes(key)) store.removeItem(key);
    store.setItem(EPOCH, String(epoch));
  }
}

/** Someone signed out elsewhere: show nothing at once, and go unless the member is already on the way to another page. */
export function leave(epoch) {
  forget(epoch);
  if (String(epoch) === shownAt || document.documentElement.hidden) return;
  document.documentElement.hidden = true;
  setTimeout(() => location.replace("/"), 500);
}

/** The sign-out button: the worker wipes first and then tells the server, at once or when there is a network again. */
export function watchSignOut() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.querySelector('[data-action="sign-out"]') || !navigator.serviceWorker?.controller) return;
    event.preventDefault();
    document.documentElement.hidden = true;
    const { epoch } = (await ask({ type: "sign-out", url: new URL(form.action).pathname })) ?? {};
    forget(epoch ?? Date.now());
    location.replace("/");
  });
}

/** A page that the browser froze and brings back with Back is shown only if nobody signed out meanwhile. */
export function watchReturn() {
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || localStorage.getItem(EPOCH) === shownAt) return;
    document.documentElement.hidden = true;
    location.reload();
  });
}
