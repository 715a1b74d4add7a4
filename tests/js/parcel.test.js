// Unsent work and its files in a file: whole on another phone, and nothing of a file that is not whole.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, test } from "node:test";
import { opened, receiptOf, site, tell, write } from "./site.mjs";

const AT = "/reports/attachments";
const CHUNK = 128 * 1024;
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");
let shelf, away;

async function receive(request, body, reply) {
  const [, id] = request.url.match(/attachments\/([\w-]+)\/chunks/);
  if (away) return tell(reply, 503, { code: "admission.later" });
  const file = (shelf[id] ??= Buffer.alloc(0));
  const from = Number(new URL(request.url, "http://x").searchParams.get("from") ?? file.length);
  if (request.method === "POST" && from === file.length) shelf[id] = Buffer.concat([file, body]);
  const whole = shelf[id].length === sizes[id];
  return tell(reply, 200, { received: shelf[id].length, receipt: whole ? await receiptOf(id, shelf[id]) : null });
}

const sizes = {};

beforeEach(() => {
  [shelf, away] = [{}, false];
  site.other = receive;
});

async function attach(worker, size, byte) {
  const id = crypto.randomUUID();
  sizes[id] = size;
  const body = new Uint8Array(Buffer.alloc(size, byte)).buffer;
  return (await worker.ask({ type: "attachment-put", id, name: `${byte}.pdf`, contentType: "application/pdf", body })).file;
}

const draft = (worker, files) => worker.ask({
  type: "draft-put", name: "opinion", page: "/reports/new", label: "draft", contentType: "text/plain", body: new ArrayBuffer(3), files,
});
const send = (worker, text, files) => write(worker, `reports/${text}`, { files, filesAt: AT });
const replay = (worker) => worker.ask({ type: "outbox-replay", now: true });
const list = async (worker) => (await worker.ask({ type: "outbox-list" })).items;
const kept = async (worker) => (await worker.ask({ type: "attachment-ready" })).kept.sort();
const take = (worker, file) => worker.ask({ type: "parcel-take", file });
const content = async (worker) => JSON.stringify([await list(worker), await worker.ask({ type: "draft-list" }), await kept(worker)]);

// A draft, a text that waits and one whose files are still here, each with a file of its own.
async function full(worker) {
  const files = [await attach(worker, 3 * CHUNK, 1), await attach(worker, 2 * CHUNK, 2), await attach(worker, 10, 3)];
  away = true;
  await draft(worker, [files[0]]);
  await send(worker, "arrived", [files[1]]);
  site.answers = [(done) => done(503)];
  await send(worker, "waits", [files[2]]);
  return files;
}

const FORMER = { kind: "handbook-unsent", v: 1 };

async function listIn(file) {
  const [line, length] = (await file.slice(0, 200).text()).match(/^handbook-unsent 2 (\d+) \w+\n/);
  return JSON.parse(await file.slice(line.length, line.length + Number(length)).text());
}

async function elsewhere() {
  site.device.evict();
  return opened();
}

test("a file says beforehand what will be in it, and how large it may be", async () => {
  const worker = await opened();
  await full(worker);
  const { count, files, bytes, most } = await worker.ask({ type: "parcel-weigh" });
  assert.deepEqual([count, files, most], [3, 3, 100_000_000]);
  const { file } = await worker.ask({ type: "parcel-make" });
  assert.ok(bytes > 5 * CHUNK && file.size >= bytes && file.size < bytes + 4000, `${bytes} ${file.size}`);
});

test("unsent work comes back whole on another phone, its files too, and arrives once", async () => {
  const worker = await opened();
  const files = await full(worker);
  const { file, count } = await worker.ask({ type: "parcel-make" });
  assert.equal(count, 3);
  const other = await elsewhere();
  assert.deepEqual(await take(other, file), { state: "taken", added: 3, known: 0, files: 3 });
  assert.deepEqual(await take(other, file), { state: "taken", added: 0, known: 3, files: 0 });
  away = false;
  site.device.ahead += 3_700_000;
  assert.equal((await replay(other)).state, "done");
  assert.deepEqual((await list(other)).map(({ state, receipt, files: [one] }) => [state, Boolean(receipt), one.state]), Array(2).fill(["received", true, "received"]));
  assert.equal(site.came.filter(({ url }) => url === "/reports/arrived").length, 1, "its text had arrived");
  for (const one of files.slice(1)) assert.equal(hashOf(shelf[one.id]), one.sha256);
  assert.deepEqual(await kept(other), [files[0].id]);
  const [{ files: [ofDraft] }] = (await other.ask({ type: "draft-list" })).drafts;
  assert.deepEqual(ofDraft, files[0]);
  assert.deepEqual(await take(other, file), { state: "taken", added: 0, known: 3, files: 0 });
  assert.deepEqual(await kept(other), [files[0].id], "what has arrived is not kept a second time");
});

test("a file that was cut, or changed anywhere, changes nothing and says so", async () => {
  const worker = await opened();
  await full(worker);
  const whole = new Uint8Array(await (await worker.ask({ type: "parcel-make" })).file.arrayBuffer());
  const other = await elsewhere();
  const before = await content(other);
  const changed = (at) => { const bytes = whole.slice(); bytes[at] ^= 1; return bytes; };
  const ends = [0, 10, 90, 200, whole.length - 2 * CHUNK, whole.length - 1].map((end) => whole.slice(0, end));
  const places = [0, 17, 18, 30, 85, 120, 1500, whole.length - 3 * CHUNK, whole.length - 1].map(changed);
  for (const bytes of [...ends, ...places, new Uint8Array([...whole, 0])]) {
    const { state, why } = await take(other, new Blob([bytes]));
    assert.equal(state, "refused");
    assert.ok(["unreadable", "newer"].includes(why), why);
    assert.equal(await content(other), before);
  }
});

test("files that did not come with a copy come back with a file, and what waits for them goes on", async () => {
  const worker = await opened();
  const files = await full(worker);
  const { file } = await worker.ask({ type: "parcel-make" });
  const bare = JSON.stringify({ ...(await listIn(file)), ...FORMER }); // as it was before files were carried
  const other = await elsewhere();
  assert.deepEqual(await take(other, new Blob([bare])), { state: "taken", added: 3, known: 0, files: 0 });
  away = false;
  site.device.ahead += 3_700_000;
  await replay(other);
  assert.deepEqual((await list(other)).map(({ files: [one] }) => one.why), ["lost", "lost"]);
  assert.deepEqual(await take(other, file), { state: "taken", added: 0, known: 3, files: 3 });
  assert.equal((await replay(other)).state, "done");
  for (const one of files.slice(1)) assert.equal(hashOf(shelf[one.id]), one.sha256);
});

test("a phone without room says so, and keeps no file that nothing names", async () => {
  const worker = await opened();
  await full(worker);
  const { file } = await worker.ask({ type: "parcel-make" });
  const other = await elsewhere();
  site.device.full = true;
  const { why } = await take(other, file);
  site.device.full = false;
  assert.equal(why, "full");
  assert.deepEqual([await list(other), await kept(other)], [[], []]);
});

test("a receipt that our server did not sign is not believed", async () => {
  const worker = await opened();
  await full(worker);
  const { file } = await worker.ask({ type: "parcel-make" });
  const listed = await listIn(file);
  const piece = listed.pieces.find(({ receipt }) => receipt);
  piece.receipt.signature = `${piece.receipt.signature[0] === "A" ? "B" : "A"}${piece.receipt.signature.slice(1)}`;
  const other = await elsewhere();
  const forged = JSON.stringify({ ...listed, ...FORMER });
  assert.deepEqual(await take(other, new Blob([forged])), { state: "refused", why: "unreadable" });
});
