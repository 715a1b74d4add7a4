// Signing in: one big button, and the browser's own offer once the field is touched. It is not offered by itself on
// opening: a phone that signs in again the moment one has signed out would be no sign-out.
import { openStore } from "../opening.js";
import { Refusal, ceremony, forServer, get, post, signal, signalRemoved, supported, words } from "../webauthn.js";

export function connect(element) {
  const { next } = element.dataset;
  const field = element.querySelector("[data-offer]");
  let pending;

  const enter = async (options, more) => {
    const credential = await get(options, more);
    try {
      const entered = await post("/identity/sign-in", { credential: forServer(credential), next });
      await signal(entered.signal);
      await openStore(credential, entered.member);
      location.assign(entered.next);
    } catch (error) {
      if (error instanceof Refusal && error.code === "passkey.removed") await signalRemoved(options.rpId, credential.id);
      throw error;
    }
  };

  ceremony(element, element.querySelector('[data-action="sign-in"]'), async () => {
    pending?.abort();
    await enter(await post("/identity/sign-in/options"));
  });

  const offer = async () => {
    if (pending) return;
    pending = new AbortController();
    const { signal: stop } = pending;
    try {
      const options = await post("/identity/sign-in/options");
      field.blur();
      const chosen = enter(options, { mediation: "conditional", signal: stop });
      field.focus();
      await chosen;
    } catch (error) {
      if (!stop.aborted) element.querySelector("[data-say]").textContent = words(element, error);
    } finally {
      pending = undefined;
    }
  };
  if (!field || !supported()) return;
  PublicKeyCredential.isConditionalMediationAvailable?.().then((can) => {
    if (!can) return;
    field.closest("[data-offer-box]").hidden = false;
    field.addEventListener("focus", offer, { once: false });
  });
}
