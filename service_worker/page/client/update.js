// A new version waits until the member says so: what they are writing or reading is never reloaded away.
function uncover(accept) {
  const notice = document.querySelector("[data-update]");
  if (!notice?.hidden) return;
  notice.querySelector("button").addEventListener("click", accept, { once: true });
  notice.hidden = false;
}

/** Offer a waiting worker, now or when one arrives. Only the page where the button was pressed reloads. */
export function offerUpdates(registration) {
  const offer = () => {
    const { waiting } = registration;
    if (!waiting || !registration.active) return;
    uncover(() => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage({ type: "skip-waiting" });
    });
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
}
