// A new version waits until the member says so: what they are writing or reading is never reloaded away.
import { offer } from "./notice.js";

/** Offer a waiting worker, now or when one arrives. Only the page where the button was pressed reloads. */
export function offerUpdates(registration, { wordUpdate, wordUpdateGo }) {
  const look = () => {
    if (!registration.waiting || !registration.active) return;
    offer("update", wordUpdate, wordUpdateGo, () => {
      // Taken in another page meanwhile: it is here already.
      if (!registration.waiting) return location.reload();
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      // The newest one: another may have come since the notice was shown.
      registration.waiting.postMessage({ type: "skip-waiting" });
    });
  };
  look();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
}
