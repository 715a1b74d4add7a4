// Enrolling: the invitation becomes a passkey on this phone. A slip of the finger may be repeated here, and only here.
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
    location.assign(entered.next);
  });
}
