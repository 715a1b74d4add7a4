// Enrolling: the invitation becomes a passkey on this phone. A slip of the finger may be repeated here, and only here.
import { openStore, proveHere } from "../opening.js";
import { ceremony, create, forServer, post, signal } from "../webauthn.js";

export function connect(element) {
  const { url } = element.dataset;
  let retry = "";
  ceremony(element, element.querySelector('[data-action="create-passkey"]'), async (say) => {
    const begun = await post(`${url}/options`, { retry });
    retry = begun.retry;
    const credential = await create(begun.options);
    const entered = await post(url, { credential: forServer(credential) });
    await signal(entered.signal);
    if (entered.discoverable === false) say(element.dataset.wordNotKept ?? "");
    await openFirst(credential, entered, begun.options);
    location.assign(entered.next);
  });
}

// Some keepers give their secret only when a passkey is used, not when it is made: then it is used once, here.
async function openFirst(credential, { member, prf }, { rp, extensions }) {
  if ((await openStore(credential, member)) === "open" || !prf) return;
  const used = await proveHere({ rpId: rp.id, salt: extensions.prf.eval.first, id: credential.id }).catch(() => null);
  if (used) await openStore(used, member);
}
