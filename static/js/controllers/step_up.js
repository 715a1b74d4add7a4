// Proving the passkey again before a sensitive act.
import { openStore } from "../opening.js";
import { ceremony, forServer, get, post } from "../webauthn.js";

export function connect(element) {
  const { next } = element.dataset;
  ceremony(element, element.querySelector('[data-action="step-up"]'), async () => {
    const credential = await get(await post("/identity/step-up/options"));
    const done = await post("/identity/step-up", { credential: forServer(credential), next });
    await openStore(credential, done.member);
    location.replace(done.next);
  });
}
