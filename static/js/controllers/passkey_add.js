// One more passkey for the member who is signed in.
import { Refusal, ceremony, create, forServer, post } from "../webauthn.js";

export function connect(element) {
  ceremony(element, element.querySelector('[data-action="add-passkey"]'), async () => {
    try {
      const { options } = await post("/identity/passkeys/options");
      const credential = await create(options);
      const made = await post("/identity/passkeys", { credential: forServer(credential) });
      location.assign(made.next);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "step_up.needed") throw error;
      location.assign("/identity/step-up?next=/identity/devices");
    }
  });
}
