// Signing out, and pages that must not come back afterwards.
import { unmarkStore } from "./loss.js";
import { ask, send } from "./worker.js";

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
    unmarkStore();
  }
}

/** Someone signed out elsewhere: show nothing at once, and go unless the member is already on the way to another page. */
export function leave(epoch) {
  forget(epoch);
  if (String(epoch) === shownAt || document.documentElement.hidden) return;
  document.documentElement.hidden = true;
  setTimeout(() => location.replace("/"), 500);
}

async function signOut({ keep = false, discard = false } = {}) {
  document.documentElement.hidden = true;
  const { epoch } = (await ask({ type: "sign-out", keep, discard })) ?? {};
  forget(epoch ?? Date.now());
  location.replace("/");
}

// Something is still here alone: the member says what becomes of it. Closing the question means staying.
function choose(dialog) {
  const unsent = dialog.querySelector("[data-unsent]");
  unsent.hidden = true;
  dialog.showModal();
  dialog.onclick = async ({ target }) => {
    const choice = target.closest("[data-choice]")?.dataset.choice;
    if (choice === "keep") await signOut({ keep: true });
    if (choice === "delete") await signOut({ discard: true });
    if (choice !== "send") return;
    await send({ now: true });
    if (!(await ask({ type: "status" }))?.waiting) await signOut();
    else unsent.hidden = false;
  };
}

/** The button that locks, and the one that signs out: the worker forgets first and then tells the server, at once or when there is a network again. */
export function watchSignOut() {
  for (const button of document.querySelectorAll('[data-action="lock"]')) {
    button.addEventListener("click", async () => location.replace((await ask({ type: "lock" })) ? "/" : location.href));
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.querySelector('[data-action="sign-out"]') || !navigator.serviceWorker?.controller) return;
    event.preventDefault();
    const { waiting } = (await ask({ type: "status" })) ?? {};
    const dialog = document.querySelector("dialog[data-leaving]");
    if (waiting && dialog) choose(dialog);
    else await signOut();
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
