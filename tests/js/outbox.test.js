// The outbox on a phone whose workers come and go: a store in memory, a server on a real socket.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { build } from "esbuild";
import { Device } from "../chaos/device.mjs";

const TAG = "a-member";
const { subtle } = globalThis.crypto;
const utf8 = new TextEncoder();
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

let source, origin, server, keys, receiptKey, boxKeys, boxKey, device;
let seen = []; // the keys of all requests
let came = []; // their addresses and bodies
let answers = []; // what the next requests are met with; a receipt when there is none left

async function receiptOf(key, body) {
  const stated = { hash: createHash("sha256").update(body).digest("hex"), key, v: 1 };
  const signature = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, utf8.encode(JSON.stringify(stated)));
  return { ...stated, signature: base64url(signature) };
}

async function serve(request, reply) {
  const body = Buffer.concat(await request.toArray());
  const key = request.headers["idempotency-key"];
  seen.push(key);
  came.push({ url: request.url, body });
  const answer = answers.shift();
  const done = async (status = 200, more = {}) => {
    const told = status === 200 ? { receipt: await receiptOf(key, body) } : { code: "no", message: "" };
    reply.writeHead(status, { "X-Handbook": "1", "Content-Type": "application/json", ...more }).end(JSON.stringify(told));
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

beforeEach(() => {
  seen = [];
  came = [];
  answers = [];
  device = new Device({ origin, receiptKey, boxKey, source, speed: 1, cookie: "x" });
});

async function opened() {
  const worker = device.start();
  const row = { member: TAG, vault: "v", wrapped: true };
  await worker.ask({ type: "keyring-set", name: "passkey", row });
  const root = await subtle.importKey("raw", crypto.getRandomValues(new Uint8Array(32)), "HKDF", false, ["deriveKey"]);
  device.pageKey = { member: TAG, vault: "v", root };
  await worker.ask({ type: "key", ...device.pageKey, signedIn: true });
  return worker;
}

const write = (worker, text, more = {}) =>
  worker.ask({ type: "outbox-submit", url: `/${text}`, page: "/", contentType: "text/plain", body: utf8.encode(text).buffer, label: text, ...more });

const standing = async (worker) =>
  Object.fromEntries((await worker.ask({ type: "outbox-list" })).items.map(({ label, state }) => [label, state]));

const unheard = (_done, reply) => reply.destroy();

test("two workers on one store: what one has sent, the other neither sends again nor takes for refused", async () => {
  const old = await opened();
  const young = device.start();
  assert.deepEqual(await standing(young), {}); // it has looked once, and remembers
  answers = [unheard];
  assert.equal((await write(old, "one")).state, "waiting");
  assert.deepEqual(await standing(young), { one: "waiting" });
  await old.ask({ type: "outbox-replay", now: true });
  await young.ask({ type: "outbox-replay", now: true });
  assert.deepEqual([await standing(old), await standing(young)], [{ one: "received" }, { one: "received" }]);
  assert.equal(seen.length, 2);
});

test("what is taken back while something else is being sent is gone, and holds nothing up", async () => {
  const worker = await opened();
  device.offline = true;
  const [, second] = [await write(worker, "one"), await write(worker, "two"), await write(worker, "three")];
  device.offline = false;
  answers = [async (done) => { await worker.ask({ type: "outbox-drop", id: second.id }); return done(); }];
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { one: "received", three: "received" });
  assert.equal(seen.includes(second.id), false);
});

test("what is taken back while it is itself being sent stays gone, unless it has come to its receipt", async () => {
  const worker = await opened();
  for (const [name, status] of [["refused", 422], ["arrived", 200]]) {
    device.offline = true;
    const { id } = await write(worker, name);
    device.offline = false;
    answers = [async (done) => { await worker.ask({ type: "outbox-drop", id }); return done(status); }];
    await worker.ask({ type: "outbox-replay", now: true });
  }
  assert.deepEqual(await standing(worker), { arrived: "received" });
});

test("handed over twice under one id it is taken once", async () => {
  const worker = await opened();
  const id = crypto.randomUUID();
  assert.equal((await write(worker, "one", { id })).state, "received");
  assert.equal((await write(worker, "one", { id })).state, "received");
  assert.deepEqual(seen, [id]);
});

test("once it is stored, the page is never told that it is not", async () => {
  const worker = await opened();
  answers = [(done) => { device.full = true; return done(); }]; // no room for the receipt
  const item = await write(worker, "one");
  device.full = false;
  assert.deepEqual([item.state, await standing(worker)], ["sending", { one: "sending" }]);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual([await standing(worker), new Set(seen).size], [{ one: "received" }, 1]);
});

test("a phone without room says so of what is new, and still sends what it has", async () => {
  const worker = await opened();
  device.offline = true;
  await write(worker, "one");
  device.offline = false;
  device.full = true;
  assert.equal((await write(worker, "two")).why, "full");
  await worker.ask({ type: "outbox-replay", now: true });
  device.full = false;
  assert.equal(seen.length, 1);
});

test("a session's end empties the store of everything but what waits", async () => {
  const worker = await opened();
  const key = device.pageKey;
  await write(worker, "first");
  answers = [(done) => done(401, { "X-Handbook-Wipe": TAG })];
  assert.equal((await write(worker, "one")).id !== undefined, true);
  await worker.ask({ type: "key", ...key, signedIn: true });
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { first: "received", one: "received" });
});

test("what a server asked to wait for is not waited for with a clock that was turned back", async () => {
  const worker = await opened();
  answers = [(done) => done(503, { "Retry-After": "60" })];
  await write(worker, "one");
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "later");
  device.ahead -= 400 * 86_400_000;
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "done");
});

test("a phone whose store is gone takes nothing that it could not keep", async () => {
  const worker = await opened();
  device.evict();
  assert.match((await write(worker, "one")).why, /locked/i);
  assert.deepEqual(seen, []);
});

test("a fault that one item alone meets holds up what is for the same place, and nothing else", async () => {
  const worker = await opened();
  device.offline = true;
  await write(worker, "bad", { url: "/bad" });
  await write(worker, "after", { url: "/bad" });
  await write(worker, "good");
  device.offline = false;
  answers = [(done) => done(500)];
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "later"); // and comes again by itself
  assert.deepEqual(await standing(worker), { bad: "waiting", after: "waiting", good: "received" });
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { bad: "received", after: "received", good: "received" });
});

// What the server does with a box: service_worker/crypto.js the other way round.
async function unboxed(box, context) {
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

// The phone is closed with items that wait, and opened again with nothing unlocked.
async function lockedWith(...items) {
  const worker = await opened();
  device.offline = true;
  for (const [text, more] of items) await write(worker, text, more);
  const key = device.pageKey;
  worker.kill();
  device.pageKey = null;
  device.offline = false;
  return { worker: device.start(), unlock: (locked) => { device.pageKey = key; return locked.ask({ type: "key", ...key }); } };
}

test("what waits goes out while the handbook is locked, in a box that the server alone opens, and has its receipt once unlocked", async () => {
  const { worker, unlock } = await lockedWith(["one", { form: "7" }], ["two"]);
  assert.equal((await worker.ask({ type: "outbox-replay", online: true })).state, "locked");
  assert.deepEqual(came.map(({ url }) => url), ["/offline/boxed", "/offline/boxed"]);
  const { url, form, body } = await unboxed(came[0].body, seen[0]);
  assert.deepEqual([url, form, body], ["/one", "7", "one"]);
  assert.equal(came.some((one) => one.body.includes("/one")), false);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.equal(came.length, 2); // once is enough, as long as nobody can look
  await unlock(worker);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { one: "received", two: "received" });
  assert.deepEqual(seen.slice(2), seen.slice(0, 2)); // the same acts
});

test("locked, what was refused holds up what is for the same place, and nothing is said of it until it is unlocked", async () => {
  const { worker, unlock } = await lockedWith(["bad", { url: "/a" }], ["after", { url: "/a" }], ["good", { url: "/b" }]);
  answers = [(done) => done(422)];
  for (let turn = 0; turn < 2; turn += 1) await worker.ask({ type: "outbox-replay", now: true });
  assert.equal(new Set(seen).size, 2); // neither once more nor what follows
  answers = [(done) => done(422)];
  await unlock(worker);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { bad: "refused", after: "waiting", good: "received" });
});

test("locked, a server without time is waited for, and a session that is over ends it", async () => {
  const { worker } = await lockedWith(["one"], ["two"]);
  answers = [(done) => done(503, { "Retry-After": "60" })];
  assert.equal((await worker.ask({ type: "outbox-replay", online: true })).state, "later");
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "later"); // the server's word is heeded
  assert.equal(seen.length, 1);
  device.ahead += 3_600_000;
  answers = [(done) => done(401)];
  assert.equal((await worker.ask({ type: "outbox-replay" })).state, "signed-out");
  assert.equal(seen.length, 2);
});

test("what was taken back does not go out of its box either", async () => {
  const worker = await opened();
  device.offline = true;
  const { id } = await write(worker, "one");
  await write(worker, "two");
  await worker.ask({ type: "outbox-drop", id });
  worker.kill();
  device.pageKey = null;
  device.offline = false;
  await device.start().ask({ type: "outbox-replay", now: true });
  assert.equal(seen.length, 1);
  assert.equal(seen.includes(id), false);
});

test("the phone of these tests keeps a lock for who holds it, when one that waits for it is ended", async () => {
  const [holder, waiting, last] = [device.start(), device.start(), device.start()];
  const order = [];
  let release;
  const held = holder.scope.navigator.locks.request("x", () => new Promise((done) => { release = done; }));
  waiting.scope.navigator.locks.request("x", async () => order.push("ended"));
  const got = last.scope.navigator.locks.request("x", async () => order.push("last"));
  waiting.kill();
  await new Promise((done) => { setTimeout(done, 20); });
  assert.deepEqual(order, []);
  release();
  await Promise.all([held, got]);
  assert.deepEqual(order, ["last"]);
});
