// A phone whose passkeys cannot seal: what its member writes lies in boxes, and the server alone tells them what is in one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TAG, opened, site, tell, unboxed, unheard, write } from "./site.mjs";

const utf8 = new TextEncoder();
const words = (bytes) => new TextDecoder().decode(bytes);
const NEW = "/reports/opinions/new";

/** Signed in, with documents kept for so many days; 0 for a phone that keeps none. */
async function unsealed(days = 7) {
  const worker = site.device.start();
  await worker.ask({ type: "key", member: TAG, signedIn: true });
  if (days) await worker.ask({ type: "keep-unsealed", days });
  return worker;
}

/** The server opens boxes to their author; `asked` are the addresses at which it was asked to. */
function telling() {
  const asked = [];
  site.other = async (request, body, reply) => {
    asked.push(request.url);
    const [, id] = request.url.match(/^\/offline\/boxes\/([0-9a-f-]+)\/content$/) ?? [];
    const found = await unboxed(body, id).catch(() => null);
    if (!found || found.member !== TAG) return tell(reply, 404, { code: "box.missing", message: "" });
    return tell(reply, 200, { content_type: found.content_type, body: Buffer.from(found.body).toString("base64") });
  };
  return asked;
}

const put = (worker, text, more = {}) => worker.ask({
  type: "draft-put", name: "opinion", id: crypto.randomUUID(), page: NEW, label: text, contentType: "text/plain", body: utf8.encode(text).buffer, files: [], ...more,
});
const show = (worker, name = "opinion") => worker.ask({ type: "draft-show", name });
const drafts = async (worker) => (await worker.ask({ type: "draft-list" })).drafts;
const restarted = (worker) => { worker.kill(); return site.device.start(); };

test("where nothing can be sealed an act waits in a box, with no word of it on the phone, and has its receipt", async () => {
  const worker = await unsealed();
  site.device.offline = true;
  const { id, label, url } = await write(worker, "one");
  assert.deepEqual([label, url], ["", "/offline/boxed"]);
  site.device.offline = false;
  site.answers = [unheard];
  await worker.ask({ type: "outbox-replay", now: true });
  worker.kill();
  const next = site.device.start();
  site.boxed = true;
  await next.ask({ type: "outbox-replay", now: true });
  assert.deepEqual((await next.ask({ type: "outbox-list" })).items.map(({ state }) => state), ["received"]);
  assert.equal((await unboxed(site.came[0].body, id)).body, "one");
  assert.equal(new Set(site.seen).size, 1);
});

test("the days for which documents are kept do not end what waits", async () => {
  const worker = await unsealed();
  site.device.offline = true;
  await write(worker, "one");
  site.device.offline = false;
  site.device.ahead += 8 * 86_400_000;
  site.boxed = true;
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual((await worker.ask({ type: "outbox-list" })).items.map(({ state }) => state), ["received"]);
  assert.equal((await worker.ask({ type: "sync" })).state, "locked");
});

test("a draft lies in a box, and its words come back from the server to its author", async () => {
  const asked = telling();
  let worker = await unsealed();
  const { id, boxed } = await put(worker, "first words");
  assert.equal(boxed, true);
  assert.equal((await put(worker, "more words", { id })).id, id);
  worker = restarted(worker);
  const [head] = await drafts(worker);
  assert.deepEqual([head.id, head.label, head.page, head.contentType], [id, "", NEW, "application/octet-stream"]);
  const found = await show(worker);
  assert.deepEqual([found.id, found.contentType, words(found.body)], [id, "text/plain", "more words"]);
  assert.deepEqual(asked, [`/offline/boxes/${id}/content`]);
});

test("what could not be read again is not written over: the second text has a place of its own, and both are there", async () => {
  let worker = await unsealed();
  const { id } = await put(worker, "the first");
  worker = restarted(worker);
  site.device.offline = true;
  assert.deepEqual([(await show(worker)).shut, (await show(worker)).body], ["now", undefined]);
  const second = crypto.randomUUID();
  const kept = await put(worker, "the second", { id: second });
  assert.deepEqual([kept.draft, kept.page], [`opinion ${second}`, `${NEW}#bai-${second}`]);
  await put(worker, "the second, longer", { id: second, name: kept.draft, page: kept.page });
  site.device.offline = false;
  telling();
  assert.deepEqual((await drafts(worker)).map((one) => one.id).sort(), [id, second].sort());
  assert.equal(words((await show(worker)).body), "the first");
  assert.equal(words((await show(worker, kept.draft)).body), "the second, longer");
});

test("a text that is sent while an unread draft lies under its name leaves that where it is", async () => {
  const worker = await unsealed();
  const { id } = await put(worker, "unread");
  site.boxed = true;
  assert.equal((await write(worker, "sent", { id: crypto.randomUUID(), draft: "opinion" })).state, "received");
  assert.deepEqual((await drafts(worker)).map((one) => one.id), [id]);
  assert.equal((await write(worker, "sent too", { id, draft: "opinion" })).state, "received");
  assert.deepEqual(await drafts(worker), []);
});

test("a text that the server refused comes back out of its box into its form", async () => {
  const worker = await unsealed();
  telling();
  site.answers = [(done) => done(422)];
  const { id, state } = await write(worker, "too long", { draft: "opinion", page: NEW });
  assert.equal(state, "refused");
  const [item] = (await worker.ask({ type: "outbox-list" })).items;
  assert.deepEqual([item.label, item.page, item.url], ["", NEW, "/offline/boxed"]);
  const found = await worker.ask({ type: "outbox-show", id });
  assert.deepEqual([found.contentType, words(found.body)], ["text/plain", "too long"]);
});

test("a box that the server opens to nobody says so, and any other answer is no answer", async () => {
  const worker = await unsealed();
  await put(worker, "words");
  for (const [status, code, shut] of [[404, "box.missing", "more"], [404, "not_found", "now"], [503, "", "now"], [429, "limit.reached", "now"], [401, "sign_in.needed", "now"]]) {
    site.other = (_request, _body, reply) => tell(reply, status, { code, message: "" });
    assert.equal((await show(worker)).shut, shut, code);
  }
});

test("a page of an earlier release, which names no draft, keeps none rather than one at each change", async () => {
  const worker = await unsealed();
  assert.equal((await put(worker, "words", { id: undefined })).state, "error");
  assert.deepEqual(await drafts(worker), []);
});

test("the days for which documents are kept do not end a draft", async () => {
  let worker = await unsealed();
  telling();
  await put(worker, "words");
  site.device.ahead += 8 * 86_400_000;
  worker = restarted(worker);
  assert.equal(words((await show(worker)).body), "words");
});

test("where no documents are kept either, boxes are, from the first word on, and choosing documents later keeps them", async () => {
  let worker = await unsealed(0);
  telling();
  assert.deepEqual(await site.device.start().ask({ type: "stores" }), []);
  assert.equal((await put(worker, "words")).boxed, true);
  worker = restarted(worker);
  const status = await worker.ask({ type: "status" });
  assert.deepEqual([status.plain, status.drafts, status.locked, status.urls], [true, 1, true, []]);
  assert.equal((await worker.ask({ type: "sync" })).state, "locked");
  await worker.ask({ type: "keep-unsealed", days: 7 });
  assert.equal((await worker.ask({ type: "status" })).locked, false);
  assert.equal(words((await show(restarted(worker))).body), "words");
});

test("before anybody has signed in without a seal, nothing is kept", async () => {
  const worker = site.device.start();
  await worker.ask({ type: "key", member: TAG });
  assert.equal((await put(worker, "words")).state, "error");
});

test("a passkey that seals opens its store also when what was kept without one is empty, or has run out", async () => {
  for (const ahead of [0, 8 * 86_400_000]) {
    const before = await opened();
    const { pageKey } = site.device;
    before.kill();
    site.device.evict(); // and no page holds the key yet
    let worker = await unsealed();
    site.device.ahead += ahead;
    worker = restarted(worker);
    await worker.ask({ type: "keyring-set", name: "passkey", row: { member: TAG, vault: "v", wrapped: true } });
    assert.equal((await worker.ask({ type: "key", ...pageKey, signedIn: true })).state, "entered");
    assert.equal((await worker.ask({ type: "status" })).plain, false);
    worker.kill();
    site.device.evict();
  }
});

test("a passkey that seals takes over what lies in boxes", async () => {
  let worker = await unsealed();
  telling();
  const { id } = await put(worker, "words");
  site.device.offline = true;
  await write(worker, "one");
  site.device.offline = false;
  worker.kill();
  worker = await opened();
  assert.deepEqual((await drafts(worker)).map((one) => one.id), [id]);
  const status = await worker.ask({ type: "status" });
  assert.deepEqual([status.plain, status.waiting, status.drafts], [false, 1, 1]);
  assert.equal((await worker.ask({ type: "parcel-make" })).count, 0); // nobody could read it in a file
  assert.equal(words((await show(worker)).body), "words");
  assert.equal((await put(worker, "words, sealed", { id })).boxed, undefined);
  assert.equal((await worker.ask({ type: "parcel-make" })).count, 1);
  site.boxed = true;
  await worker.ask({ type: "outbox-replay", now: true });
  worker = restarted(worker); // the page still holds the key
  assert.equal((await worker.ask({ type: "status" })).plain, false);
  assert.equal(words((await show(worker)).body), "words, sealed");
});
