// Runs on every page: starts the worker, keeps the copy on this phone fresh and says in words how it stands.
import { forget, leave, watchReturn, watchSignOut } from "./client/leaving.js";
import { painted, renewIfOld, signInAgain } from "./client/renewal.js";
import { keepDrafts } from "./client/drafts.js";
import { reflectAll, watchForms } from "./client/forms.js";
import { keepKey } from "./client/key.js";
import { noticeLoss } from "./client/loss.js";
import { offer } from "./client/notice.js";
import { offerUpdates } from "./client/update.js";
import { fill, size, stateAfter, time } from "./client/words.js";
import { ask, register, send } from "./client/worker.js";

const { body, documentElement: root } = document;
// Only pages of a signed-in member carry the line of words; others start the worker and ask nothing for themselves.
const lines = [...document.querySelectorAll("[data-word-ready]")];
const savedAt = Number(root.dataset.pack);
let pack = { urls: [], bytes: 0, total: 0 };
let retry;
let nextAt = Infinity;

// `word` names the sentence, where the state alone does not say enough.
function show(state, progress = {}, word = state) {
  if (body.dataset.sync) body.dataset.sync = state;
  const values = { ...progress, size: size(pack.bytes, root.lang), documents: pack.urls.filter((url) => /^\/library\/./.test(url)).length, time: time((state === "offline" && savedAt) || pack.at || Date.now(), Date.now()) };
  for (const line of lines) {
    const key = `word${word[0].toUpperCase()}${word.slice(1)}`;
    const sentence = fill(line.dataset[key] ?? "", values);
    if (line.textContent !== sentence) line.textContent = sentence;
  }
}

async function learn() {
  const known = await ask({ type: "status", shown: location.pathname });
  if (!known?.urls) return;
  pack = known;
  forget(pack.epoch);
  document.dispatchEvent(new CustomEvent("hb:pack", { detail: pack }));
  count(pack.waiting);
}

/** How much of what the member wrote is still on this phone alone. */
function count(waiting) {
  for (const place of document.querySelectorAll("[data-outbox-count]")) {
    place.hidden = !waiting;
    const number = place.querySelector("[data-number]");
    number.textContent = fill(number.dataset.words, { n: waiting });
  }
  document.dispatchEvent(new CustomEvent("hb:outbox"));
}

/** What another phone held came to this one by itself: say so, and where it is. */
function sayRestored(n) {
  const { wordRestored, wordRestoredGo } = body.dataset;
  offer("restored", fill(wordRestored, { n }), wordRestoredGo, () => location.assign("/offline/outbox"));
}

/** Ask again by itself at `at` in ms, or sooner if that was settled before. */
function again(at) {
  if (at >= nextAt) return;
  clearTimeout(retry);
  nextAt = at;
  retry = setTimeout(sync, Math.max(1_000, at - Date.now()));
}

async function sync(force = false) {
  clearTimeout(retry);
  nextAt = Infinity;
  const sent = await ask({ type: "outbox-replay", online: force, texts: true });
  let outcome;
  do outcome = await ask({ type: "sync", force, shown: location.pathname }); while (outcome?.state === "more");
  await learn();
  if (savedAt && outcome?.state === "signed-out") return signInAgain();
  if (pack.member) renewIfOld(pack.revision, outcome?.state === "done");
  if (outcome?.state === "locked") noticeLoss(pack.stores, body.dataset).catch(() => {});
  const rescued = await ask({ type: "rescue" });
  if (rescued?.restored) sayRestored(rescued.restored);
  show(stateAfter(outcome?.state, pack, navigator.onLine), {}, outcome?.state === "quota" ? "full" : undefined);
  if (outcome?.state === "done" && matchMedia("(display-mode: standalone)").matches) navigator.storage?.persist?.();
  const files = sent?.state === "done" ? await send({ online: force }) : null; // large: the copy does not wait for them
  for (const one of [sent, outcome, rescued, files]) if (one?.retryAt) again(one.retryAt);
}

/** A search made offline comes back with the saved form: put the words asked for into it again. */
function refill() {
  const form = savedAt && document.querySelector("form[role=search]");
  if (!form) return;
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field?.type === "checkbox") field.checked = true;
    else if (field) field.value = value;
  }
}

function listen() {
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.type === "progress") show("syncing", data);
    if (data?.url === location.pathname) learn().then(() => renewIfOld(pack.revision, false));
    if (data?.type === "outbox") count(data.waiting);
    if (data?.type === "outbox-later") again(data.retryAt);
    if (data?.type === "wiped") leave(data.epoch);
  });
  addEventListener("online", () => sync(true));
  addEventListener("offline", () => show("offline"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
}

/** Say how the copy stands, before anything is asked of the network. */
async function stand() {
  await Promise.all([learn(), reflectAll()]);
  if (lines.length) listen();
  if (savedAt) show(navigator.onLine ? body.dataset.sync : "offline");
  else show(pack.complete ? "ready" : "starting");
}

async function start() {
  if (!("serviceWorker" in navigator) || !globalThis.indexedDB) return show("unsupported");
  keepKey();
  if (navigator.serviceWorker.controller) keepDrafts();
  watchSignOut();
  watchForms();
  watchReturn();
  refill();
  if (savedAt) await stand(); // the worker that gave this page is there to be asked, and no network is needed
  await painted;
  try {
    offerUpdates(await register(), body.dataset);
  } catch {
    // Offline the worker's own file cannot be asked for; the one already here goes on working.
    if (!navigator.serviceWorker.controller) return show("unsupported");
  }
  if (!savedAt) await stand();
  if (lines.length || pack.member) await sync(savedAt > 0 || !lines.length);
}

start();
