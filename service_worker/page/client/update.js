// A new version waits until the member says so: what they are writing or reading is never reloaded away.
function make(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function notice({ wordUpdate, wordUpdateGo }, accept) {
  if (document.querySelector("[data-update]")) return;
  const toast = make("div", "toast", "");
  toast.dataset.update = "";
  toast.setAttribute("role", "status");
  const button = make("button", "btn", wordUpdateGo);
  button.type = "button";
  button.dataset.action = "update";
  button.addEventListener("click", accept, { once: true });
  document.body.append(toast);
  toast.append(make("p", "", wordUpdate), button); // into what is there already, so that the words are read out
}

/** Offer a waiting worker, now or when one arrives. Only the page where the button was pressed reloads. */
export function offerUpdates(registration, words) {
  const offer = () => {
    if (!registration.waiting || !registration.active) return;
    notice(words, () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      // The newest one: another may have come since the notice was shown.
      registration.waiting?.postMessage({ type: "skip-waiting" });
    });
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
}
