// Signing out, and pages that must not come back afterwards.
import { unmarkStore } from "./loss.js";
import { fill } from "./words.js";
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

/** How many of the texts being written the server holds a copy of, as they are now. */
async function copied() {
  const [{ drafts = [] } = {}, { copies = {} } = {}] = await Promise.all(["draft-list", "rescue-kept"].map((type) => ask({ type })));
  return drafts.filter(({ id, at }) => copies[id] === at).length;
}

// What is asked about: work that can be sent, or texts alone that are being written, of which it is said where else they are.
async function describe(dialog, { waiting, drafts }) {
  for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "waiting") !== Boolean(waiting);
  const place = dialog.querySelector("[data-copies]");
  const { wordCopied, wordNotCopied } = place.dataset;
  const n = drafts && (await copied());
  place.hidden = !drafts;
  place.textContent = fill(n ? wordCopied : wordNotCopied, { n, drafts });
}

// Something is still here alone: the member says what becomes of it. Closing the question means staying.
async function choose(dialog, standing) {
  const unsent = dialog.querySelector("[data-unsent]");
  unsent.hidden = true;
  await describe(dialog, standing);
  dialog.showModal();
  dialog.onclick = async ({ target }) => {
    const choice = target.closest("[data-choice]")?.dataset.choice;
    if (choice === "keep") await signOut({ keep: true });
    if (choice === "delete") await signOut({ discard: true });
    if (choice !== "send") return;
    await send({ now: true });
    const left = (await ask({ type: "status" })) ?? {};
    if (!left.waiting && !left.drafts) return signOut();
    await describe(dialog, left); // what is still being written is asked about by itself
    unsent.hidden = !left.waiting;
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
    const standing = (await ask({ type: "status" })) ?? {};
    const dialog = document.querySelector("dialog[data-leaving]");
    if ((standing.waiting || standing.drafts) && dialog) await choose(dialog, standing);
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
