// Every open page is a second place for the key: the browser may end the worker at any moment, and start another one.
import { ask } from "./worker.js";

/** Hold the key for as long as this page is open, and give it to a worker that asks or takes over. */
export function keepKey() {
  const workers = navigator.serviceWorker;
  let key = null;
  const fetchKey = async () => { const found = await ask({ type: "key-get" }); if (found?.root) key = found; };
  workers.addEventListener("message", ({ data, ports: [port] }) => {
    if (data?.type === "key?") port.postMessage(key);
    if (data?.type === "locked") key = null;
    if (data?.type === "opened") fetchKey();
  });
  workers.addEventListener("controllerchange", () => key && workers.controller?.postMessage({ type: "key", ...key }));
  workers.startMessages(); // a worker may ask before this page has been read to its end
  fetchKey();
}
