// The passkey opens what this phone keeps, with or without a network; then the wanted page is asked for again.
import { ask } from "../../../service_worker/page/client/worker.js";
import { fill } from "../../../service_worker/page/client/words.js";
import { openStore, proveHere } from "../opening.js";
import { ceremony } from "../webauthn.js";

/** Which handbooks lie on this phone, by the marks that their members chose, and how much waits in each. */
async function showStores(place) {
  const stores = ((await ask({ type: "stores" })) ?? []).filter(({ mark, waiting }) => mark || waiting);
  const line = ({ mark, waiting }) => {
    const template = place.querySelector(`template[data-mark="${CSS.escape(mark)}"]`) ?? place.querySelector("template");
    const made = template.content.firstElementChild.cloneNode(true);
    const count = made.querySelector("[data-waiting]");
    count.hidden = !waiting;
    count.textContent = fill(count.dataset.words, { n: waiting });
    return made;
  };
  place.querySelector("ul").replaceChildren(...stores.map(line));
  place.hidden = !stores.length;
}

export function connect(element) {
  const { rpId, salt, wordUnknown, wordUnsealed, wordOtherKey } = element.dataset;
  const words = { unknown: wordUnknown, unsealed: wordUnsealed, "other-key": wordOtherKey };
  const button = element.querySelector('[data-action="unlock"]');
  ceremony(element, button, async (say) => {
    const outcome = await openStore(await proveHere({ rpId, salt }));
    if (outcome === "open") return location.reload();
    say(words[outcome], true);
  });
  showStores(element.querySelector("[data-stores]"));
  button.focus({ focusVisible: false });
}
