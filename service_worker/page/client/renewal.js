// A page painted from this phone's copy, and what follows when the copy turns out to have been old.
import { offer } from "./notice.js";
import { ask } from "./worker.js";

const HANDS = ["pointerdown", "keydown", "wheel", "touchmove"]; // a scroll event may also be our own, back to where one read
const { body, documentElement: root } = document;
const shown = root.dataset.revision;

// A page that is a reload already is not reloaded again by itself: whatever changes at every look must not loop.
let untouched = performance.getEntriesByType("navigation")[0]?.type !== "reload";
for (const name of HANDS) addEventListener(name, () => { untouched = false; }, { capture: true, passive: true, once: true });

let renewing = false;

async function renew() {
  if (renewing) return;
  renewing = true;
  await ask({ type: "renew", path: location.pathname });
  location.reload();
}

/**
 * Replace the page when the copy has another revision of it: at once while nobody has touched it, else when asked to.
 * `revision` null means that it is not in the copy any more, which `finished` downloads alone can tell.
 */
export function renewIfOld(revision, finished) {
  if (!shown || revision === shown || (!revision && !finished)) return;
  if (untouched) renew();
  else offer("renewal", body.dataset.wordRenewed, body.dataset.wordRenewedGo, renew);
}

/**
 * The session is over, says the server: a page from the copy must not look as if it were not. Nobody is led away from what
 * they are reading or writing, though.
 */
export function signInAgain() {
  const go = () => location.replace(`/identity/sign-in?next=${encodeURIComponent(location.pathname).replaceAll("%2F", "/")}`);
  if (untouched) go();
  else offer("signed-out", body.dataset.wordSignedOut, body.dataset.wordSignedOutGo, go);
}

/** Resolves after the first paint, or after a second where nothing is painted (a tab in the background). */
export const painted = new Promise((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, 1_000);
});
