// A phone in memory and a server on a real socket, which gives receipts or whatever it is told to answer.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach } from "node:test";
import { build } from "esbuild";
import { Device } from "../chaos/device.mjs";

export const TAG = "a-member";
const { subtle } = globalThis.crypto;
const utf8 = new TextEncoder();
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

/**
 * `seen` are the keys of all requests, `came` their addresses and bodies, `answers` what the next ones are met with (a receipt when there is none left);
 * `other(request, body, reply)` may answer what bears no key; `boxed` says that it opens boxes.
 */
export const site = { seen: [], came: [], answers: [], device: null, other: null, boxed: false };

let source, origin, server, keys, receiptKey, boxKeys, boxKey;

export async function receiptOf(key, body) {
  const stated = { hash: createHash("sha256").update(body).digest("hex"), key, v: 1 };
  const signature = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, utf8.encode(JSON.stringify(stated)));
  return { ...stated, signature: base64url(signature) };
}

export const tell = (reply, status, told, more = {}) =>
  reply.writeHead(status, { "X-Handbook": "1", "Content-Type": "application/json", ...more }).end(JSON.stringify(told));

async function serve(request, reply) {
  const body = Buffer.concat(await request.toArray());
  const key = request.headers["idempotency-key"];
  if (!key && site.other) return site.other(request, body, reply);
  site.seen.push(key);
  site.came.push({ url: request.url, body });
  const answer = site.answers.shift();
  const done = async (status = 200, more = {}) => {
    const read = site.boxed ? utf8.encode((await unboxed(body, key)).body) : body;
    tell(reply, status, status === 200 ? { receipt: await receiptOf(key, read) } : { code: "no", message: "" }, more);
  };
  return answer ? answer(done, reply) : done();
}

before(async () => {
  const bundled = await build({ entryPoints: ["service_worker/sw.js"], bundle: true, format: "iife", write: false });
  source = bundled.outputFiles[0].text;
  keys = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  receiptKey = base64url(await subtle.exportKey("raw", keys.publicKey));
  boxKeys = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  boxKey = base64url(await subtle.exportKey("raw", boxKeys.publicKey));
  server = createServer(serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(() => { server.closeAllConnections(); server.close(); });

beforeEach(() => Object.assign(site, {
  seen: [], came: [], answers: [], other: null, boxed: false, device: new Device({ origin, receiptKey, boxKey, source, speed: 1, cookie: "x" }),
}));

/** A worker for which the member's store is open. */
export async function opened() {
  const worker = site.device.start();
  const row = { member: TAG, vault: "v", wrapped: true };
  await worker.ask({ type: "keyring-set", name: "passkey", row });
  const root = await subtle.importKey("raw", crypto.getRandomValues(new Uint8Array(32)), "HKDF", false, ["deriveKey"]);
  site.device.pageKey = { member: TAG, vault: "v", root };
  await worker.ask({ type: "key", ...site.device.pageKey, signedIn: true });
  return worker;
}

export const write = (worker, text, more = {}) =>
  worker.ask({ type: "outbox-submit", url: `/${text}`, page: "/", contentType: "text/plain", body: utf8.encode(text).buffer, label: text, ...more });

/** The answer to a request of which nobody hears. */
export const unheard = (_done, reply) => reply.destroy();

// What the server does with a box: service_worker/crypto.js the other way round.
export async function unboxed(box, context) {
  const point = await subtle.importKey("raw", box.subarray(0, 65), { name: "ECDH", namedCurve: "P-256" }, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: point }, boxKeys.privateKey, 256);
  const agreed = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const salt = Buffer.concat([box.subarray(0, 65), Buffer.from(boxKey, "base64url")]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8.encode("handbook/box/1") };
  const key = await subtle.deriveKey(how, agreed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const way = { name: "AES-GCM", iv: box.subarray(65, 77), additionalData: utf8.encode(context) };
  const whole = Buffer.from(await subtle.decrypt(way, key, box.subarray(77)));
  const start = 4 + whole.readUInt32BE();
  return { ...JSON.parse(whole.subarray(4, start)), body: whole.subarray(start).toString() };
}
