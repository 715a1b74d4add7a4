// Passkeys in the page. Credentials are put into JSON by hand, never by toJSON(): that would carry the PRF output, from
// which the offline copy's key is made, to the server, and it crashes the page on iOS before 26.5.1.
import { base64url as encoder } from "../../service_worker/crypto.js";

const decoder = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const descriptor = ({ id, type, transports }) => ({ id: decoder(id), type, ...(transports ? { transports } : {}) });

const extensions = (asked = {}) => ({
  ...asked,
  ...(asked.prf ? { prf: { eval: { first: decoder(asked.prf.eval.first) } } } : {}),
});

/** Whether this browser knows passkeys at all. */
export const supported = () => typeof PublicKeyCredential === "function" && !!navigator.credentials?.get;

/** Whether the page stands inside another application, where passkeys mostly do not work. */
export const insideApp = () => /\b(Zalo|FBAN|FBAV|FB_IAB|Instagram|Line|MicroMessenger|; wv)\b|; wv\)/.test(navigator.userAgent);

/** Make a passkey. An old platform that fails over the PRF is asked once more without it. */
export async function create(options) {
  const publicKey = {
    ...options,
    challenge: decoder(options.challenge),
    user: { ...options.user, id: decoder(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(descriptor),
    extensions: extensions(options.extensions),
  };
  try {
    return await navigator.credentials.create({ publicKey });
  } catch (error) {
    if (!["NotSupportedError", "OperationError", "UnknownError"].includes(error.name)) throw error;
    const { prf: _, ...rest } = publicKey.extensions;
    return navigator.credentials.create({ publicKey: { ...publicKey, extensions: rest } });
  }
}

/** Prove a passkey; `more` holds mediation and signal. */
export function get(options, more = {}) {
  const publicKey = {
    ...options,
    challenge: decoder(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(descriptor),
    extensions: extensions(options.extensions),
  };
  return navigator.credentials.get({ publicKey, ...more });
}

/** What the server may see of a credential: no PRF results. */
export function forServer(credential) {
  const { response } = credential;
  const results = credential.getClientExtensionResults();
  const told = {};
  if (results.credProps) told.credProps = { rk: results.credProps.rk };
  if (results.prf) told.prf = { enabled: results.prf.enabled === true || !!results.prf.results };
  const sent = { clientDataJSON: encoder(response.clientDataJSON) };
  if (response.attestationObject) {
    sent.attestationObject = encoder(response.attestationObject);
    sent.transports = response.getTransports?.() ?? [];
  } else {
    sent.authenticatorData = encoder(response.authenticatorData);
    sent.signature = encoder(response.signature);
    if (response.userHandle) sent.userHandle = encoder(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: encoder(credential.rawId),
    type: credential.type,
    ...(credential.authenticatorAttachment ? { authenticatorAttachment: credential.authenticatorAttachment } : {}),
    response: sent,
    clientExtensionResults: told,
  };
}

/** The server said no: `code` for us, `message` for the person. */
export class Refusal extends Error {
  constructor(status, { code = "", message = "" } = {}) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }
}

/** Send JSON and read JSON. Throws Refusal, or TypeError when there is no network. */
export async function post(url, body = {}) {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Refusal(reply.status, answer);
  return answer;
}

const NAMES = {
  NotAllowedError: "cancelled",
  InvalidStateError: "known",
  AbortError: "aborted",
  SecurityError: "security",
  NotSupportedError: "unsupported",
  ConstraintError: "unsupported",
  TypeError: "offline",
};

/** What went wrong, in the words that stand in the element's data-word-… attributes. */
export function words(element, error) {
  if (error instanceof Refusal && error.message) return error.message;
  const { dataset } = element;
  const key = NAMES[error?.name] ?? "failed";
  return dataset[`word${key[0].toUpperCase()}${key.slice(1)}`] ?? dataset.wordFailed ?? "";
}

/** Tell the phone's keeper of passkeys which ones still count and what the person is called (Signal API). */
export async function signal({ rpId, userId, accepted, name }) {
  const api = globalThis.PublicKeyCredential;
  try {
    await api?.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds: accepted });
    await api?.signalCurrentUserDetails?.({ rpId, userId, name, displayName: name });
  } catch {
    // A courtesy: without it the keeper only shows an old name or a removed passkey.
  }
}

/** A passkey that the server proved to be removed: have the keeper forget it, so that it is not offered again. */
export async function signalRemoved(rpId, credentialId) {
  try {
    await globalThis.PublicKeyCredential?.signalUnknownCredential?.({ rpId, credentialId });
  } catch {
    // As above.
  }
}

/** Run a ceremony for a button: one at a time, with its state in words. */
export function ceremony(element, button, act) {
  const line = element.querySelector("[data-say]");
  const say = (text, bad = false) => {
    line.textContent = text;
    line.hidden = !text;
    line.classList.toggle("error", bad);
  };
  if (!supported()) {
    say(element.dataset[insideApp() ? "wordInside" : "wordUnsupported"] ?? "", true);
    button.disabled = true;
    return;
  }
  if (insideApp()) say(element.dataset.wordInside ?? "", true);
  button.addEventListener("click", async () => {
    if (button.disabled) return;
    button.disabled = true;
    say(element.dataset.wordWaiting ?? "");
    try {
      await act(say);
    } catch (error) {
      say(words(element, error), true);
      button.focus();
    } finally {
      button.disabled = false;
    }
  });
}
