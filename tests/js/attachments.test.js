// Files that follow a text, on a phone whose workers come and go, to a server that keeps what it was given.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, test } from "node:test";
import { isHeic, nameOf, refusal } from "../../static/js/attaching.js";
import { fitted } from "../../static/js/photo.js";
import { opened, receiptOf, site, tell, write } from "./site.mjs";

const CHUNK = 128 * 1024;
const AT = "/reports/attachments";
const content = (size = 3 * CHUNK + 5, byte = 7) => Buffer.alloc(size, byte);
let shelf, asked, log, faults; // what has arrived of each file; how many requests came; where chunks began; what the next ones meet

async function receive(request, body, reply) {
  const [, id] = request.url.match(/attachments\/([\w-]+)\/chunks/);
  asked += 1;
  const file = (shelf[id] ??= { bytes: Buffer.alloc(0), size: Infinity });
  if (request.method === "POST") {
    const from = Number(new URL(request.url, "http://x").searchParams.get("from"));
    log.push(from);
    const fault = faults.shift();
    if (fault?.before) return fault.before(reply, file);
    if (from !== file.bytes.length) return tell(reply, 409, { code: "attachment.offset", received: file.bytes.length });
    file.bytes = Buffer.concat([file.bytes, body]);
    if (fault?.after) return fault.after(reply, file);
  }
  const whole = file.bytes.length === file.size;
  return tell(reply, 200, { received: file.bytes.length, receipt: whole ? await receiptOf(id, file.bytes) : null });
}

beforeEach(() => {
  [shelf, asked, log, faults] = [{}, 0, [], []];
  site.other = receive;
});

async function attach(worker, bytes = content()) {
  const id = crypto.randomUUID();
  const body = new Uint8Array(bytes).buffer;
  const { file } = await worker.ask({ type: "attachment-put", id, name: "a.pdf", contentType: "application/pdf", body });
  shelf[id] = { bytes: Buffer.alloc(0), size: bytes.length };
  return file;
}

const send = async (worker, files) => write(worker, "text", { files, filesAt: AT });
const replay = (worker) => worker.ask({ type: "outbox-replay", now: true });
const waiting = async (worker) => (await worker.ask({ type: "status" })).waiting;
const filesOf = async (worker) => (await worker.ask({ type: "outbox-list" })).items.flatMap(({ files }) => files);
const starts = (size) => Array.from({ length: Math.ceil(size / CHUNK) }, (_, n) => n * CHUNK);

// What is still kept of a file is what can still be sent.
async function isKept(worker, file) {
  const { id } = await write(worker, `probe ${crypto.randomUUID()}`, { files: [file], filesAt: AT });
  shelf[file.id] = { bytes: Buffer.alloc(0), size: file.bytes };
  await replay(worker);
  const [found] = (await worker.ask({ type: "outbox-list" })).items.find((item) => item.id === id).files;
  return found.why !== "lost";
}

test("the text goes first, its receipt is told at once, and the item waits until its files have theirs", async () => {
  const worker = await opened();
  const files = [await attach(worker), await attach(worker, content(10))];
  const item = await send(worker, files);
  assert.deepEqual([item.state, asked], ["received", 0]);
  assert.equal(await waiting(worker), 1);
  assert.deepEqual(await replay(worker), { state: "done", retryAt: null });
  assert.deepEqual(log, [...starts(content().length), 0]);
  assert.equal(await waiting(worker), 0);
  for (const { id, sha256 } of files) assert.equal(createHash("sha256").update(shelf[id].bytes).digest("hex"), sha256);
});

test("a file is forgotten for its receipt and for nothing less", async () => {
  const worker = await opened();
  const file = await attach(worker, content(10));
  await send(worker, [file]);
  const never = [
    (reply) => tell(reply, 200, { received: 10, receipt: null }),
    (reply) => tell(reply, 200, { received: 10, receipt: { key: file.id, hash: file.sha256, signature: "x" } }),
    async (reply) => tell(reply, 200, { received: 10, receipt: await receiptOf(file.id, "another") }),
    (reply) => reply.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Wi-Fi</h1>"),
    (reply) => tell(reply, 503, {}),
  ];
  for (const before of never) {
    faults = [{ before }];
    await replay(worker);
    assert.equal(await waiting(worker), 1);
  }
  await replay(worker);
  assert.equal(await waiting(worker), 0);
  assert.equal(await isKept(worker, file), false);
});

test("after a lost reply, and in a new worker, no chunk is sent a second time", async () => {
  let worker = await opened();
  await send(worker, [await attach(worker)]);
  faults = [{}, { after: (reply) => reply.destroy() }];
  assert.equal((await replay(worker)).state, "offline");
  worker.kill();
  worker = site.device.start();
  assert.equal((await replay(worker)).state, "done");
  assert.deepEqual(log, starts(content().length));
});

test("a file that is not on this phone, and is at the server, has arrived", async () => {
  const worker = await opened();
  const [there, lost] = [content(10, 1), content(10, 2)].map((bytes) => [crypto.randomUUID(), bytes]);
  for (const [id, bytes] of [there, lost]) shelf[id] = { bytes: bytes.subarray(0, id === there[0] ? 10 : 4), size: 10 };
  const name = ([id, bytes]) => ({ id, name: "a.pdf", kind: "application/pdf", bytes: 10, sha256: createHash("sha256").update(bytes).digest("hex") });
  await send(worker, [there, lost].map(name));
  await replay(worker);
  assert.deepEqual((await filesOf(worker)).map(({ state, why }) => [state, why]), [["received", null], ["refused", "lost"]]);
});

test("what arrived damaged is sent once more from its beginning, and then its member is asked", async () => {
  const worker = await opened();
  const damaged = { after: (reply, file) => { file.bytes = Buffer.alloc(0); tell(reply, 422, { code: "attachment.damaged", message: "Hỏng." }); } };
  await send(worker, [await attach(worker, content(10))]);
  faults = [damaged];
  await replay(worker);
  assert.deepEqual([log, await waiting(worker)], [[0, 0], 0]);
  await send(worker, [await attach(worker, content(10))]);
  faults = [damaged, damaged];
  await replay(worker);
  assert.deepEqual((await filesOf(worker)).map(({ state, message }) => [state, message]), [["received", undefined], ["refused", "Hỏng."]]);
});

test("a server that never comes forward is not asked for ever", async () => {
  const worker = await opened();
  await send(worker, [await attach(worker)]);
  faults = Array(100).fill({ before: (reply) => tell(reply, 409, { code: "attachment.offset", received: 0 }) });
  assert.equal((await replay(worker)).state, "offline");
  assert.ok(log.length < 12, String(log.length));
});

test("a text that is written while files are on their way goes before the rest of them", async () => {
  const worker = await opened();
  await send(worker, [await attach(worker)]);
  let second;
  faults = [{ after: (reply, file) => {
    second = write(worker, "second");
    setTimeout(() => tell(reply, 200, { received: file.bytes.length, receipt: null }), 200);
  } }];
  assert.equal((await replay(worker)).state, "more");
  assert.deepEqual([(await second).state, log.length], ["received", 1]);
  assert.equal((await replay(worker)).state, "done");
  assert.deepEqual(log, starts(content().length));
});

test("files that fail are tried ever more seldom, also when texts are asked for in between", async () => {
  const worker = await opened();
  await send(worker, [await attach(worker, content(10))]);
  const waits = [];
  for (let tries = 0; tries < 4; tries += 1) {
    faults = [{ before: (reply) => tell(reply, 503, {}) }];
    const from = site.device.time();
    waits.push((await replay(worker)).retryAt - from);
    await worker.ask({ type: "outbox-replay", now: true, texts: true });
  }
  assert.ok(waits.every((wait, n) => wait >= 30_000 * 2 ** n), String(waits));
});

test("a file that the server has no time for waits alone, as long as it was told", async () => {
  const worker = await opened();
  const files = [await attach(worker, content(10)), await attach(worker, content(10))];
  await send(worker, files);
  faults = [{ before: (reply) => tell(reply, 503, { code: "unavailable" }, { "Retry-After": "120" }) }];
  assert.equal((await replay(worker)).state, "later");
  assert.deepEqual((await filesOf(worker)).map(({ state }) => state), ["waiting", "received"]);
  const before = asked;
  assert.equal((await write(worker, "another text")).state, "received");
  await replay(worker);
  assert.equal(asked, before);
  site.device.ahead += 151_000;
  assert.equal((await replay(worker)).state, "done");
  assert.deepEqual((await filesOf(worker)).map(({ state }) => state), ["received", "received"]);
});

test("turned away at the door, all files wait", async () => {
  const worker = await opened();
  await send(worker, [await attach(worker, content(10)), await attach(worker, content(10))]);
  faults = [{ before: (reply) => tell(reply, 503, { code: "admission.later" }, { "Retry-After": "120" }) }];
  assert.equal((await replay(worker)).state, "later");
  const before = asked;
  assert.equal((await replay(worker)).state, "later");
  assert.deepEqual([log.length, asked], [1, before]);
});

test("a refused file holds up no other, and given up it is gone while the text's receipt stays", async () => {
  const worker = await opened();
  const files = [await attach(worker, content(10)), await attach(worker, content(10))];
  const { id } = await send(worker, files);
  faults = [{ before: (reply) => tell(reply, 404, { code: "attachment.missing", message: "Không có." }) }];
  await replay(worker);
  assert.deepEqual((await filesOf(worker)).map(({ state }) => state), ["refused", "received"]);
  assert.equal(await waiting(worker), 1);
  const before = asked;
  assert.deepEqual([(await replay(worker)).state, asked], ["done", before]); // its member is asked, the server is not
  await worker.ask({ type: "outbox-drop", id });
  assert.deepEqual([await waiting(worker), (await filesOf(worker)).length], [0, 1]);
  assert.equal(await isKept(worker, files[0]), false);
});

const draft = (worker, files, name = "opinion") =>
  worker.ask({ type: "draft-put", name, page: "/", label: "x", contentType: "text/plain", body: new ArrayBuffer(1), files });

test("a file goes with its draft, or when it is taken out of it", async () => {
  const worker = await opened();
  const [one, two] = [await attach(worker), await attach(worker)];
  await draft(worker, [one, two]);
  assert.deepEqual((await worker.ask({ type: "draft-show", name: "opinion" })).files, [one, two]);
  await draft(worker, [two]);
  await worker.ask({ type: "draft-drop", name: "opinion" });
  assert.deepEqual([await isKept(worker, one), await isKept(worker, two)], [false, false]);
});

test("what is handed over, or is being corrected, keeps its files when one of the two that name them goes", async () => {
  const worker = await opened();
  const file = await attach(worker, content(10));
  await draft(worker, [file]);
  site.answers = [(done) => done(422)];
  const { id } = await write(worker, "text", { files: [file], filesAt: AT, draft: "opinion" });
  await draft(worker, [file], `opinion ${id}`);
  await draft(worker, [], `opinion ${id}`);
  const { state } = await write(worker, "text", { files: [file], filesAt: AT, draft: `opinion ${id}`, replaces: id });
  assert.equal(state, "received");
  await replay(worker);
  assert.equal(await waiting(worker), 0);
});

test("what nothing has named for a day is let go of, and what was just chosen is not", async () => {
  const worker = await opened();
  const old = await attach(worker);
  site.device.ahead += 25 * 3_600_000;
  const young = await attach(worker);
  await replay(worker);
  assert.deepEqual([await isKept(worker, old), await isKept(worker, young)], [false, true]);
});

test("a phone says whether it can keep files at all, and which it has", async () => {
  const worker = await opened();
  const { id } = await attach(worker);
  assert.deepEqual(await worker.ask({ type: "attachment-ready" }), { ready: true, kept: [id] });
  await worker.ask({ type: "lock" });
  assert.deepEqual(await worker.ask({ type: "attachment-ready" }), { ready: false, kept: [] });
});

test("a phone without room takes no file, and says so", async () => {
  const worker = await opened();
  site.device.full = true;
  const told = await worker.ask({ type: "attachment-put", id: crypto.randomUUID(), name: "a", contentType: "x", body: new ArrayBuffer(9) });
  site.device.full = false;
  assert.equal(told.why, "full");
});

test("how many, how large each and together: said before anything is sent", () => {
  const limits = { most: 2, each: 10, together: 15 };
  const files = [{ bytes: 9 }];
  assert.equal(refusal([], 10, limits), null);
  assert.equal(refusal([], 11, limits), "wordEach");
  assert.equal(refusal(files, 6, limits), null);
  assert.equal(refusal(files, 7, limits), "wordTogether");
  assert.equal(refusal([...files, ...files], 0, limits), "wordMost");
});

test("a picture is made smaller and never larger, and keeps its shape", () => {
  assert.deepEqual(fitted(4000, 3000), [1600, 1200]);
  assert.deepEqual(fitted(3000, 4000), [1200, 1600]);
  assert.deepEqual(fitted(800, 600), [800, 600]);
  assert.deepEqual(fitted(20_000, 3), [1600, 1]);
});

test("a photo of an iPhone is known by what it begins with, whatever its name says", async () => {
  const begins = (text) => isHeic(new Blob([`\0\0\0\x18${text}\0\0\0\0`]));
  const told = await Promise.all(["ftypheic", "ftypheix", "ftypmif1", "ftypavif", "ftypmp42", "heicftyp"].map(begins));
  assert.deepEqual([...told, await isHeic(new Blob([]))], [true, true, true, false, false, false, false]);
});

test("a name is what the server takes: no path, no control signs, the ending of what is sent", () => {
  assert.equal(nameOf("IMG 1.HEIC", ".jpg"), "IMG 1.jpg");
  assert.equal(nameOf("a/b\\c\n.png", ".jpg"), "a b c.jpg");
  assert.equal(nameOf(".pdf", ".pdf"), "1.pdf");
  assert.equal(nameOf("không đuôi", ".pdf"), "không đuôi.pdf");
  assert.equal(nameOf("a".repeat(300), ".pdf").length, 150);
});
