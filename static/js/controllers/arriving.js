// The files of a text that was sent a moment ago: this phone knows first when one has arrived.
import { ask } from "../../../service_worker/page/client/worker.js";
import { hasArrived } from "../../../service_worker/verdict.js";

export function connect(element) {
  async function show() {
    const { items = [] } = (await ask({ type: "outbox-list" })) ?? {};
    const there = new Set(items.flatMap(({ files = [] }) => files.filter(hasArrived)).map(({ id }) => id));
    for (const line of element.querySelectorAll("[data-arrived]")) {
      if (!there.has(line.dataset.arrived)) continue;
      line.hidden = false;
      line.previousElementSibling.hidden = true;
    }
  }
  document.addEventListener("hb:outbox", show);
  if (navigator.serviceWorker) show();
}
