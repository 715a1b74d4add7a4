// How what is personal is sealed on this phone. Nothing here knows where things are stored.
//   passkey's PRF output -> wrapping key (in the page, for a moment) -> unwraps the root, a random key of one store
//   root -> one key that seals (AES-GCM-256), one that turns names into keys without meaning (HMAC-SHA-256)
const { subtle } = globalThis.crypto;
const utf8 = new TextEncoder();
const IV = 12;
const NO_SALT = new Uint8Array();

/** Bytes as base64url without padding. */
export const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Bytes as hexadecimal digits. */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

const purpose = (info) => ({ name: "HKDF", hash: "SHA-256", salt: NO_SALT, info: utf8.encode(info) });

/** The root as a key that only others can be derived from; its bytes cannot be read out of it again. */
export const rootOf = (bytes) => subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);

/** The two keys that a store works with. */
export async function keysOf(root) {
  const [sealing, naming] = await Promise.all([
    subtle.deriveKey(purpose("handbook/seal/1"), root, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    subtle.deriveKey(purpose("handbook/name/1"), root, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
  ]);
  return { sealing, naming };
}

/** Pieces of bytes, one after the other. */
export function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** `bytes` sealed as initial vector and ciphertext in one; `context` says what they are, and only there they open. */
export async function seal(key, bytes, context) {
  const iv = random(IV);
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(context) }, key, bytes);
  return joined(iv, new Uint8Array(sealed));
}

/** What was sealed. Rejects with OperationError when key, context or bytes are not the ones it was sealed with. */
export async function open(key, whole, context) {
  const iv = whole.subarray(0, IV);
  return new Uint8Array(
    await subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(context) }, key, whole.subarray(IV)),
  );
}

/** The key under which a name is kept: the same for the same name, and it says nothing about it. */
export async function hidden(naming, name) {
  return base64url((await subtle.sign("HMAC", naming, utf8.encode(name))).slice(0, 16));
}

/** The key that wraps roots, out of what a passkey answers (32 bytes of the PRF extension). */
export async function wrappingKey(prf) {
  const secret = await subtle.importKey("raw", prf, "HKDF", false, ["deriveKey"]);
  return subtle.deriveKey(purpose("handbook/wrap/1"), secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** SHA-256 of bytes or text. */
export const sha256 = async (data) =>
  new Uint8Array(await subtle.digest("SHA-256", typeof data === "string" ? utf8.encode(data) : data));

/** The bytes of base64, of either alphabet. */
export const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

/** `bytes` sealed for the one who holds the private half of `publicKey` (P-256): nobody here can open them again. */
export async function boxed(publicKey, bytes, context) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = bytesOf(publicKey);
  const once = await subtle.generateKey(curve, false, ["deriveBits"]);
  const point = new Uint8Array(await subtle.exportKey("raw", once.publicKey));
  const other = await subtle.importKey("raw", theirs, curve, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: other }, once.privateKey, 256);
  const agreed = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { ...purpose("handbook/box/1"), salt: joined(point, theirs) };
  const key = await subtle.deriveKey(how, agreed, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return joined(point, await seal(key, bytes, context));
}

// The text that is signed: keys in order, no spaces, as the server writes it.
const canonical = (statement) => JSON.stringify(Object.fromEntries(Object.entries(statement).sort(([a], [b]) => (a < b ? -1 : 1))));

/** Whether a receipt was signed with the private half of `publicKey` (P-256, 65 bytes uncompressed, base64url). */
export async function verified(publicKey, { signature, ...statement }) {
  try {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const key = await subtle.importKey("raw", bytesOf(publicKey), curve, false, ["verify"]);
    return await subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytesOf(signature), utf8.encode(canonical(statement)));
  } catch {
    return false; // not a receipt at all
  }
}
