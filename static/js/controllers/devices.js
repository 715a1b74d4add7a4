// What this phone holds, and the phone's keeper of passkeys brought up to date after a change.
import { fill, size } from "../../../service_worker/page/client/words.js";
import { moment } from "../calendar.js";
import { signal } from "../webauthn.js";

async function tellKeeper() {
  const reply = await fetch("/identity/passkeys", { headers: { Accept: "application/json" } });
  if (reply.ok) await signal(await reply.json());
}

export function connect(element) {
  const { lang, dataset } = document.documentElement;
  const line = element.querySelector("[data-held]");
  document.addEventListener("hb:pack", ({ detail: { urls, bytes, at } }) => {
    const documents = urls.filter((url) => /^\/library\/./.test(url)).length;
    const values = { documents, size: size(bytes, lang), time: moment(at) };
    line.textContent = urls.length ? fill(element.dataset.wordHeld, values) : element.dataset.wordNothing;
  });
  // A saved copy of this page knows nothing of passkeys made since: only a fresh answer may remove one from the phone.
  if (navigator.onLine && !dataset.pack) tellKeeper().catch(() => {});
}
