// What this phone holds, and the phone's keeper of passkeys brought up to date after a change.
import { signal } from "../webauthn.js";

const size = (bytes, language) => {
  const mega = bytes >= 999_500;
  const value = mega ? bytes / 1e6 : Math.max(1, bytes / 1e3);
  return `${value.toLocaleString(language, { maximumFractionDigits: mega ? 1 : 0 })} ${mega ? "MB" : "KB"}`;
};

async function tellKeeper() {
  const reply = await fetch("/identity/passkeys", { headers: { Accept: "application/json" } });
  if (reply.ok) await signal(await reply.json());
}

export function connect(element) {
  const { lang, dataset } = document.documentElement;
  const line = element.querySelector("[data-held]");
  document.addEventListener("hb:pack", ({ detail: { urls, bytes, at } }) => {
    const documents = urls.filter((url) => /^\/library\/./.test(url)).length;
    line.textContent = urls.length
      ? element.dataset.wordHeld.replace("{documents}", documents).replace("{size}", size(bytes, lang))
          .replace("{time}", new Date(at).toLocaleString(lang, { dateStyle: "short", timeStyle: "short" }))
      : element.dataset.wordNothing;
  });
  // A saved copy of this page knows nothing of passkeys made since: only a fresh answer may remove one from the phone.
  if (navigator.onLine && !dataset.pack) tellKeeper().catch(() => {});
}
