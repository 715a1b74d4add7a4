// A new version waits until the member says so: what they are writing or reading is never reloaded away.
function notice({ wordUpdate, wordUpdateGo }, accept) {
  if (document.querySelector("[data-update]")) return;
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.update = "";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = wordUpdate;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = wordUpdateGo;
  button.addEventListener("click", accept, { once: true });
  box.append(text, button);
  document.body.append(box);
}

/** Offer a waiting worker, now or when one arrives. Only the page where the button was pressed reloads. */
export function offerUpdates(registration, words) {
  const offer = () => {
    const { waiting } = registration;
    if (!waiting || !registration.active) return;
    notice(words, () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage({ type: "skip-waiting" });
    });
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
}
