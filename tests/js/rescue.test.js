// Copies at the server, of a phone whose answers get lost: a store in memory, a server on a real socket that keeps versions.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { build } from "esbuild";
import { Device } from "../chaos/device.mjs";

const TAG = "a-member";
const { subtle } = globalThis.crypto;
const utf8 = new TextEncoder();

let source, origin, server, device;
let held = new Map(); // what the server has: id -> {written, piece}, without a piece when it was removed
let asked = []; // methods and paths
let answers = []; // what the next requests are met with, before they do anything: (reply) => whether it was answered

const older = (id, written, strictly) => !held.has(id) || (strictly ? held.get(id).written < written : held.get(id).written <= written);

function done(url, given) {
  if (url === "/rescue/removals") {
    for (const { id, written } of given.copies) if (older(id, written, false)) held.set(id, { written });
    return { removed: true };
  }
  if (given) {
    if (older(given.id, given.written, true)) held.set(given.id, given);
    return { kept: held.get(given.id).piece === given.piece };
  }
  const kept = [...held].filter(([, { piece }]) => piece);
  const [, id] = url.match(/^\/rescue\/copies\/(.+)$/) ?? [];
  return id ? { piece: held.get(id).piece } : { copies: kept.map(([key, { written }]) => ({ id: key, written, kept: 1 })) };
}

async function serve(request, reply) {
  const body = Buffer.concat(await request.toArray()).toString();
  asked.push(`${request.method} ${request.url}`);
  const member = request.headers["x-handbook-member"] ?? TAG;
  const headers = { "X-Handbook": "1", "X-Handbook-Member": member, "Content-Type": "application/json" };
  const answer = answers.shift();
  if (answer?.before?.(reply, headers)) return;
  const said = done(request.url, body && JSON.parse(body));
  if (answer?.unheard) reply.destroy();
  else reply.writeHead(200, headers).end(JSON.stringify(said));
}

before(async () => {
  const bundled = await build({ entryPoints: ["service_worker/sw.js"], bundle: true, format: "iife", write: false });
  source = bundled.outputFiles[0].text;
  server = createServer(serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(() => { server.closeAllConnections(); server.close(); });

beforeEach(() => {
  [held, asked, answers] = [new Map(), [], []];
  device = new Device({ origin, receiptKey: "x", source, speed: 1, cookie: "x" });
});

async function opened(vault = "v") {
  const worker = device.start();
  await worker.ask({ type: "keyring-set", name: `passkey ${vault}`, row: { member: TAG, vault, wrapped: true } });
  const root = await subtle.importKey("raw", crypto.getRandomValues(new Uint8Array(32)), "HKDF", false, ["deriveKey"]);
  device.pageKey = { member: TAG, vault, root };
  await worker.ask({ type: "key", ...device.pageKey, signedIn: true });
  return worker;
}

const put = (worker, text, name = "opinion") => worker.ask({
  type: "draft-put", name, page: "/reports/opinions/new", label: text, contentType: "text/plain", body: utf8.encode(text).buffer,
});
const turn = (worker, wait = -2_000) => worker.ask({ type: "rescue", after: wait }); // as the server's clock has whole seconds
const labels = async (worker) => (await worker.ask({ type: "draft-list" })).drafts.map(({ label }) => label).sort();
const alive = () => [...held.values()].filter(({ piece }) => piece).map(({ piece }) => JSON.parse(piece).label);

test("a store asks once what is kept, and a piece goes out once for each version", async () => {
  const worker = await opened();
  assert.equal((await turn(worker)).state, "done");
  await put(worker, "one");
  assert.equal((await turn(worker, 60_000)).state, "done");
  assert.deepEqual(asked, ["GET /rescue/copies"], "too young");
  await turn(worker);
  await turn(worker);
  await put(worker, "two");
  await turn(worker);
  assert.deepEqual(asked, ["GET /rescue/copies", "POST /rescue/copies", "POST /rescue/copies"]);
  assert.deepEqual(alive(), ["two"]);
});

test("what is too young says when it will be old enough", async () => {
  const worker = await opened();
  await put(worker, "one");
  const { retryAt } = await turn(worker, 60_000);
  assert.ok(retryAt > Date.now() + 50_000 && retryAt < Date.now() + 70_000);
});

test("a text of any bytes and some length comes back as it was, in a new store", async () => {
  const worker = await opened();
  await put(worker, "x".repeat(200_000) + String.fromCharCode(...Array(256).keys()));
  const [before] = (await worker.ask({ type: "draft-list" })).drafts;
  await turn(worker);
  device.evict();
  const young = await opened("w");
  assert.equal((await turn(young)).restored, 1);
  const there = await young.ask({ type: "draft-show", name: "opinion" });
  assert.deepEqual([there.id, there.at, there.bytes], [before.id, before.at, before.bytes]);
  assert.equal(new TextDecoder().decode(there.body), before.label);
  await turn(young);
  assert.equal(asked.filter((line) => line === "POST /rescue/copies").length, 1, "not copied again unchanged");
});

test("a copy whose answer was lost is taken back all the same when its draft is thrown away", async () => {
  const worker = await opened();
  await turn(worker);
  await put(worker, "one");
  answers = [{ unheard: true }];
  assert.equal((await turn(worker)).state, "offline");
  assert.deepEqual(alive(), ["one"]);
  await worker.ask({ type: "draft-drop", name: "opinion" });
  await turn(worker);
  assert.deepEqual(alive(), []);
});

test("what is restored and then changed keeps the former copy until it has one of its own", async () => {
  const worker = await opened();
  await put(worker, "one");
  await turn(worker);
  device.evict();
  const young = await opened("w");
  await turn(young);
  await put(young, "two");
  await turn(young, 60_000);
  assert.deepEqual(alive(), ["one"]);
  await turn(young);
  await turn(young);
  assert.deepEqual(alive(), ["two"]);
});

test("a draft that is being written already is not written over by one that comes back", async () => {
  const worker = await opened();
  await put(worker, "from the lost phone");
  await turn(worker);
  device.evict();
  const young = await opened("w");
  await put(young, "begun on the new one");
  await turn(young);
  assert.deepEqual(await labels(young), ["begun on the new one", "from the lost phone"]);
  const other = (await young.ask({ type: "draft-list" })).drafts.find(({ label }) => label === "from the lost phone");
  assert.deepEqual([other.draft, other.page], [`opinion ${other.id}`, `/reports/opinions/new#bai-${other.id}`]);
});

test("a busy server is asked again when it says, and not before", async () => {
  const worker = await opened();
  answers = [{ before: (reply, headers) => reply.writeHead(503, { ...headers, "Retry-After": "120" }).end("{}") }];
  const { state, retryAt } = await turn(worker);
  assert.ok(state === "later" && retryAt >= Date.now() + 119_000);
  assert.equal((await turn(worker)).state, "later");
  assert.deepEqual(asked, ["GET /rescue/copies"]);
});

test("a copy that the server refuses is offered again later, and holds nothing else up", async () => {
  const worker = await opened();
  await turn(worker);
  await put(worker, "one", "a");
  await put(worker, "two", "b");
  answers = [{ before: (reply, headers) => reply.writeHead(403, headers).end('{"code":"rescue.full"}') }];
  assert.equal((await turn(worker)).state, "done");
  assert.deepEqual(alive(), ["two"]);
  await turn(worker, 60_000);
  assert.deepEqual(alive(), ["two"]);
  await turn(worker);
  assert.deepEqual(alive().sort(), ["one", "two"]);
});

test("nothing goes out, and nothing comes in, when the server names another member", async () => {
  const worker = await opened();
  const other = { before: (reply, headers) => reply.writeHead(200, { ...headers, "X-Handbook-Member": "other" }).end('{"copies":[]}') };
  answers = [other];
  assert.equal((await turn(worker)).state, "locked"); // the phone is theirs now
  assert.equal((await turn(worker)).state, "locked");
  assert.deepEqual(asked, ["GET /rescue/copies"]);
});

test("after three minutes it is copied, also by a worker that the browser woke with no page to ask it", async () => {
  const worker = await opened();
  await turn(worker);
  await put(worker, "one");
  device.ahead = 170_000;
  await worker.sync("outbox");
  assert.deepEqual(alive(), []);
  device.ahead = 190_000;
  await worker.sync("outbox");
  assert.deepEqual(alive(), ["one"]);
});
