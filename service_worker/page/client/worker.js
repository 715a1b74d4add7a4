// A page's line to the worker.
const PATIENCE = 40_000;
const workers = navigator.serviceWorker;

/** Register the worker. The policy lets exactly one address become a script, so nothing else can. */
export function register() {
  const pass = (url) => { if (url !== "/sw.js") throw new TypeError(`not the worker: ${url}`); return url; };
  const policy = globalThis.trustedTypes?.createPolicy("hb-sw", { createScriptURL: pass }) ?? { createScriptURL: pass };
  return workers.register(policy.createScriptURL("/sw.js"), { scope: "/", updateViaCache: "none" });
}

/** Have the outbox sent to its end, or to where it has to wait. */
export async function send(how) {
  let outcome;
  do outcome = await ask({ type: "outbox-replay", ...how }); while (outcome?.state === "more");
  return outcome;
}

/** Ask the active worker; resolves with its answer, or with `{state: "silent"}` when it gives none in time (`patience` in ms). */
export function ask(message, patience = PATIENCE) {
  return new Promise((resolve) => {
    setTimeout(resolve, patience, { state: "silent" });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    workers.ready.then(({ active }) => active.postMessage(message, [port2]));
  });
}
