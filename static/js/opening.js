// From a passkey to the store on this phone that it opens. What the passkey answers for this purpose (its PRF output) never
// leaves the page, and the key made from it only for as long as a root is unwrapped.
import { base64url, open, random, rootOf, seal, sha256, wrappingKey } from "../../service_worker/crypto.js";
import { markStore } from "../../service_worker/page/client/loss.js";
import { ask } from "../../service_worker/page/client/worker.js";
import { get } from "./webauthn.js";

const secretOf = (credential) => credential.getClientExtensionResults().prf?.results?.first;
const context = ({ member, vault }) => `root ${member} ${vault}`;

async function unwrapped(row, wrapping) {
  try {
    return await open(wrapping, row.wrapped, context(row));
  } catch {
    return null;
  }
}

async function made(name, member, wrapping) {
  const row = { member, vault: base64url(random(16)) };
  const bytes = random(32);
  row.wrapped = await seal(wrapping, bytes, context(row));
  await ask({ type: "keyring-set", name, row });
  markStore();
  return { row, bytes };
}

/**
 * Open the store that this passkey opens, or make one for `member`, whom the server has just recognised. Resolves with
 *   open       the handbook is unlocked
 *   unsealed   this phone or passkey has no PRF: nothing can be sealed with it
 *   unknown    no store on this phone belongs to the passkey, and no member was given to make one for
 *   other-key  the passkey answers with another secret than when the store was made; the store is left as it is
 */
export async function openStore(credential, member) {
  const secret = secretOf(credential);
  if (!navigator.serviceWorker) return "unsealed";
  if (!secret) {
    if (member) await ask({ type: "key", member, signedIn: true });
    return "unsealed";
  }
  const wrapping = await wrappingKey(secret);
  const name = base64url(await sha256(`passkey ${credential.id}`));
  let row = await ask({ type: "keyring-get", name });
  let bytes = row && (await unwrapped(row, wrapping));
  if (row && !bytes) return "other-key";
  if (!row && !member) return "unknown";
  // Their store is open by another passkey already: what is in it stays in hand.
  if (!row && (await ask({ type: "key-get" }))?.member === member) return "open";
  if (!row) ({ row, bytes } = await made(name, member, wrapping));
  const root = await rootOf(bytes);
  bytes.fill(0);
  await ask({ type: "key", member: row.member, vault: row.vault, root, signedIn: Boolean(member) });
  return "open";
}

/** Ask for a passkey on the phone alone: no server takes part, and what it signs is thrown away. */
export const proveHere = ({ rpId, salt, id }) =>
  get({
    challenge: base64url(random(32)),
    rpId,
    userVerification: "required",
    allowCredentials: id ? [{ id, type: "public-key" }] : [],
    extensions: { prf: { eval: { first: salt } } },
  });
