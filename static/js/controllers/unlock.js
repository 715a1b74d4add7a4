// The passkey opens what this phone keeps, with or without a network; then the wanted page is asked for again.
import { openStore, proveHere } from "../opening.js";
import { ceremony } from "../webauthn.js";

export function connect(element) {
  const { rpId, salt, wordUnknown, wordUnsealed, wordOtherKey } = element.dataset;
  const words = { unknown: wordUnknown, unsealed: wordUnsealed, "other-key": wordOtherKey };
  const button = element.querySelector('[data-action="unlock"]');
  ceremony(element, button, async (say) => {
    const outcome = await openStore(await proveHere({ rpId, salt }));
    if (outcome === "open") return location.reload();
    say(words[outcome], true);
  });
  button.focus({ focusVisible: false });
}
