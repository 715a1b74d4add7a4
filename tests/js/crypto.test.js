import assert from "node:assert/strict";
import { test } from "node:test";
import { base64url, hidden, keysOf, open, random, rootOf, seal, verified, wrappingKey } from "../../service_worker/crypto.js";

const utf8 = new TextEncoder();
const words = (bytes) => new TextDecoder().decode(bytes);

test("what is sealed opens only with its key, in its place, and whole", async () => {
  const { sealing } = await keysOf(await rootOf(random(32)));
  const sealed = await seal(sealing, utf8.encode("Nghị quyết"), "body a");
  assert.equal(words(await open(sealing, sealed, "body a")), "Nghị quyết");
  assert.ok(!words(sealed).includes("Ngh"));
  const stranger = (await keysOf(await rootOf(random(32)))).sealing;
  await assert.rejects(open(stranger, sealed, "body a"));
  await assert.rejects(open(sealing, sealed, "body b"));
  await assert.rejects(open(sealing, sealed.slice(0, -1), "body a"));
});

test("sealing the same twice looks different, naming the same twice looks the same", async () => {
  const { sealing, naming } = await keysOf(await rootOf(random(32)));
  const bytes = utf8.encode("x");
  assert.notEqual(base64url(await seal(sealing, bytes, "c")), base64url(await seal(sealing, bytes, "c")));
  assert.equal(await hidden(naming, "/library/1"), await hidden(naming, "/library/1"));
  assert.notEqual(await hidden(naming, "/library/1"), await hidden(naming, "/library/2"));
});

test("no key can be read out again", async () => {
  const root = await rootOf(random(32));
  const { sealing, naming } = await keysOf(root);
  for (const key of [root, sealing, naming, await wrappingKey(random(32))])
    await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("a receipt counts as genuine only with our signature over just what it says", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const own = base64url(await crypto.subtle.exportKey("raw", pair.publicKey));
  const statement = { hash: "ab", id: "1", key: "k", member: "m", number: "7", received: "2026-11-24T08:00:00Z", route: "POST /x", v: 1, written: null };
  const told = utf8.encode(JSON.stringify(statement));
  const signature = base64url(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, told));
  const { v, ...rest } = statement;
  assert.equal(await verified(own, { v, ...rest, signature }), true);
  assert.equal(await verified(own, { ...statement, hash: "cd", signature }), false);
  assert.equal(await verified(own, statement), false);
  assert.equal(await verified("AAAA", { ...statement, signature }), false);
});
