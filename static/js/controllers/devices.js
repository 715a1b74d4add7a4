// What this phone holds, and the phone's keeper of passkeys brought up to date after a change.
import { ask } from "../../../service_worker/page/client/worker.js";
import { fill, size } from "../../../service_worker/page/client/words.js";
import { moment } from "../calendar.js";
import { signal } from "../webauthn.js";

async function tellKeeper() {
  const reply = await fetch("/identity/passkeys", { headers: { Accept: "application/json" } });
  if (reply.ok) await signal(await reply.json());
}

function showUntil(place, until) {
  place.hidden = !until;
  place.textContent = fill(place.dataset.words, { day: moment(until ?? 0) });
}

/** How much room the handbook takes on this phone, and how much the browser says it may. */
async function showRoom(place, lang) {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  place.hidden = !usage;
  place.textContent = fill(place.dataset.words, { used: size(usage ?? 0, lang), limit: size(quota ?? 0, lang) });
}

/** The mark by which this handbook is found while it is locked; only a sealed one is ever locked. */
async function chooseMark(place) {
  const [own] = ((await ask({ type: "stores" })) ?? []).filter(({ open }) => open);
  const choice = place.querySelector("select");
  place.hidden = !own;
  choice.value = own?.mark ?? "";
  choice.addEventListener("change", () => ask({ type: "mark", mark: choice.value }));
}

export function connect(element) {
  const { lang, dataset } = document.documentElement;
  const line = element.querySelector("[data-held]");
  const unsealed = element.querySelector("[data-unsealed]");
  document.addEventListener("hb:pack", ({ detail: { urls, bytes, at, locked, until } }) => {
    const documents = urls.filter((url) => /^\/library\/./.test(url)).length;
    const values = { documents, size: size(bytes, lang), time: moment(at) };
    line.textContent = urls.length ? fill(element.dataset.wordHeld, values) : element.dataset.wordNothing;
    unsealed.hidden = !locked;
    showUntil(element.querySelector("[data-until]"), until);
    showRoom(element.querySelector("[data-room]"), lang);
  });
  unsealed.querySelector('[data-action="keep-unsealed"]').addEventListener("click", async () => {
    await ask({ type: "keep-unsealed", days: Number(unsealed.querySelector("select").value) });
    location.reload();
  });
  chooseMark(element.querySelector("[data-mark]")).catch(() => {});
  // A saved copy of this page knows nothing of passkeys made since: only a fresh answer may remove one from the phone.
  if (navigator.onLine && !dataset.pack) tellKeeper().catch(() => {});
}
