// The outbox on a phone whose workers come and go.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TAG, opened, site, unboxed, unheard, write } from "./site.mjs";

const standing = async (worker) =>
  Object.fromEntries((await worker.ask({ type: "outbox-list" })).items.map(({ label, state }) => [label, state]));

test("two workers on one store: what one has sent, the other neither sends again nor takes for refused", async () => {
  const old = await opened();
  const young = site.device.start();
  assert.deepEqual(await standing(young), {}); // it has looked once, and remembers
  site.answers = [unheard];
  assert.equal((await write(old, "one")).state, "waiting");
  assert.deepEqual(await standing(young), { one: "waiting" });
  await old.ask({ type: "outbox-replay", now: true });
  await young.ask({ type: "outbox-replay", now: true });
  assert.deepEqual([await standing(old), await standing(young)], [{ one: "received" }, { one: "received" }]);
  assert.equal(site.seen.length, 2);
});

test("what is taken back while something else is being sent is gone, and holds nothing up", async () => {
  const worker = await opened();
  site.device.offline = true;
  const [, second] = [await write(worker, "one"), await write(worker, "two"), await write(worker, "three")];
  site.device.offline = false;
  site.answers = [async (done) => { await worker.ask({ type: "outbox-drop", id: second.id }); return done(); }];
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { one: "received", three: "received" });
  assert.equal(site.seen.includes(second.id), false);
});

test("what is taken back while it is itself being sent stays gone, unless it has come to its receipt", async () => {
  const worker = await opened();
  for (const [name, status] of [["refused", 422], ["arrived", 200]]) {
    site.device.offline = true;
    const { id } = await write(worker, name);
    site.device.offline = false;
    site.answers = [async (done) => { await worker.ask({ type: "outbox-drop", id }); return done(status); }];
    await worker.ask({ type: "outbox-replay", now: true });
  }
  assert.deepEqual(await standing(worker), { arrived: "received" });
});

test("handed over twice under one id it is taken once", async () => {
  const worker = await opened();
  const id = crypto.randomUUID();
  assert.equal((await write(worker, "one", { id })).state, "received");
  assert.equal((await write(worker, "one", { id })).state, "received");
  assert.deepEqual(site.seen, [id]);
});

test("once it is stored, the page is never told that it is not", async () => {
  const worker = await opened();
  site.answers = [(done) => { site.device.full = true; return done(); }]; // no room for the receipt
  const item = await write(worker, "one");
  site.device.full = false;
  assert.deepEqual([item.state, await standing(worker)], ["sending", { one: "waiting" }]);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual([await standing(worker), new Set(site.seen).size], [{ one: "received" }, 1]);
});

test("a phone without room says so of what is new, and still sends what it has", async () => {
  const worker = await opened();
  site.device.offline = true;
  await write(worker, "one");
  site.device.offline = false;
  site.device.full = true;
  assert.equal((await write(worker, "two")).why, "full");
  await worker.ask({ type: "outbox-replay", now: true });
  site.device.full = false;
  assert.equal(site.seen.length, 1);
});

test("a session's end empties the store of everything but what waits", async () => {
  const worker = await opened();
  const key = site.device.pageKey;
  await write(worker, "first");
  site.answers = [(done) => done(401, { "X-Handbook-Wipe": TAG })];
  assert.equal((await write(worker, "one")).id !== undefined, true);
  await worker.ask({ type: "key", ...key, signedIn: true });
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { first: "received", one: "received" });
});

test("what a server asked to wait for is not waited for with a clock that was turned back", async () => {
  const worker = await opened();
  site.answers = [(done) => done(503, { "Retry-After": "60" })];
  await write(worker, "one");
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "later");
  site.device.ahead -= 400 * 86_400_000;
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "done");
});

test("a phone whose store is gone takes nothing that it could not keep", async () => {
  const worker = await opened();
  site.device.evict();
  assert.match((await write(worker, "one")).why, /locked/i);
  assert.deepEqual(site.seen, []);
});

test("a fault that one item alone meets holds up what is for the same place, and nothing else", async () => {
  const worker = await opened();
  site.device.offline = true;
  await write(worker, "bad", { url: "/bad" });
  await write(worker, "after", { url: "/bad" });
  await write(worker, "good");
  site.device.offline = false;
  site.answers = [(done) => done(500)];
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "later"); // and comes again by itself
  assert.deepEqual(await standing(worker), { bad: "waiting", after: "waiting", good: "received" });
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { bad: "received", after: "received", good: "received" });
});

// The phone is closed with items that wait, and opened again with nothing unlocked.
async function lockedWith(...items) {
  const worker = await opened();
  site.device.offline = true;
  for (const [text, more] of items) await write(worker, text, more);
  const key = site.device.pageKey;
  worker.kill();
  site.device.pageKey = null;
  site.device.offline = false;
  return { worker: site.device.start(), unlock: (locked) => { site.device.pageKey = key; return locked.ask({ type: "key", ...key }); } };
}

test("what waits goes out while the handbook is locked, in a box that the server alone opens, and has its receipt once unlocked", async () => {
  const { worker, unlock } = await lockedWith(["one", { form: "7" }], ["two"]);
  assert.equal((await worker.ask({ type: "outbox-replay", online: true })).state, "locked");
  assert.deepEqual(site.came.map(({ url }) => url), ["/offline/boxed", "/offline/boxed"]);
  const { url, form, body } = await unboxed(site.came[0].body, site.seen[0]);
  assert.deepEqual([url, form, body], ["/one", "7", "one"]);
  assert.equal(site.came.some((one) => one.body.includes("/one")), false);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.equal(site.came.length, 2); // once is enough, as long as nobody can look
  await unlock(worker);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { one: "received", two: "received" });
  assert.deepEqual(site.seen.slice(2), site.seen.slice(0, 2)); // the same acts
});

test("locked, what was refused holds up what is for the same place, and nothing is said of it until it is unlocked", async () => {
  const { worker, unlock } = await lockedWith(["bad", { url: "/a" }], ["after", { url: "/a" }], ["good", { url: "/b" }]);
  site.answers = [(done) => done(422)];
  for (let turn = 0; turn < 2; turn += 1) await worker.ask({ type: "outbox-replay", now: true });
  assert.equal(new Set(site.seen).size, 2); // neither once more nor what follows
  site.answers = [(done) => done(422)];
  await unlock(worker);
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { bad: "refused", after: "waiting", good: "received" });
});

test("locked, a server without time is waited for, and a session that is over ends it", async () => {
  const { worker } = await lockedWith(["one"], ["two"]);
  site.answers = [(done) => done(503, { "Retry-After": "60" })];
  assert.equal((await worker.ask({ type: "outbox-replay", online: true })).state, "later");
  assert.equal((await worker.ask({ type: "outbox-replay", now: true })).state, "later"); // the server's word is heeded
  assert.equal(site.seen.length, 1);
  site.device.ahead += 3_600_000;
  site.answers = [(done) => done(401)];
  assert.equal((await worker.ask({ type: "outbox-replay" })).state, "signed-out");
  assert.equal(site.seen.length, 2);
});

test("what was taken back does not go out of its box either", async () => {
  const worker = await opened();
  site.device.offline = true;
  const { id } = await write(worker, "one");
  await write(worker, "two");
  await worker.ask({ type: "outbox-drop", id });
  worker.kill();
  site.device.pageKey = null;
  site.device.offline = false;
  await site.device.start().ask({ type: "outbox-replay", now: true });
  assert.equal(site.seen.length, 1);
  assert.equal(site.seen.includes(id), false);
});

test("a text that comes out of the address which names it does not take its own place", async () => {
  const worker = await opened();
  site.answers = [unheard];
  const id = crypto.randomUUID();
  await write(worker, "one", { id, replaces: id });
  await worker.ask({ type: "outbox-replay", now: true });
  assert.deepEqual(await standing(worker), { one: "received" });
});

test("the phone of these tests keeps a lock for who holds it, when one that waits for it is ended", async () => {
  const [holder, waiting, last] = [site.device.start(), site.device.start(), site.device.start()];
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
