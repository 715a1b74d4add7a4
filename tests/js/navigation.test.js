import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, isDown, mayLead, open } from "../../service_worker/navigation.js";

const page = (status, type = "basic") => ({ status, type });
const soon = (value, ms = 0) => new Promise((resolve) => setTimeout(resolve, ms, value));
const COPY = { page: "copy" };
const has = async () => COPY;
const none = async () => ({ reason: "not-saved" });
const missing = (reason) => `missing: ${reason}`;

test("the server's word passes: pages, refusals, faults of one page, redirects", async () => {
  for (const reply of [page(200), page(404), page(403), page(401), page(500), page(0, "opaqueredirect")])
    assert.equal(await answer(soon(reply), has, missing, 50), reply);
});

test("a broken line or a gateway without its server gives the copy", async () => {
  assert.equal(await answer(Promise.reject(new TypeError("failed")), has, missing, 50), "copy");
  for (const status of [502, 503, 504]) assert.equal(await answer(soon(page(status)), has, missing, 50), "copy");
});

test("without a copy the page says what is missing and why", async () => {
  assert.equal(await answer(Promise.reject(new TypeError("failed")), none, missing, 50), "missing: not-saved");
  assert.equal(await answer(soon(page(503)), none, missing, 50), "missing: not-saved");
});

test("a slow line gives the copy when its time is over", async () => {
  assert.equal(await answer(soon(page(200), 80), has, missing, 10), "copy");
});

test("a slow line without a copy is waited for", async () => {
  const late = page(200);
  assert.equal(await answer(soon(late, 40), none, missing, 10), late);
  assert.equal(await answer(soon(page(503), 40), none, missing, 10), "missing: not-saved");
});

test("only the three answers of a gateway count as down", () => {
  assert.equal(isDown(page(500)), false);
  assert.equal(isDown(page(503)), true);
});

test("a page that may lead is painted without asking the network", async () => {
  const asked = () => assert.fail("the network was asked");
  assert.equal(await open(async () => "copy", asked, none, missing, 50), "copy");
});

test("without such a page, or with a broken store, the network is asked", async () => {
  const reply = page(200);
  for (const lead of [async () => null, async () => { throw new DOMException("closed", "InvalidStateError"); }])
    assert.equal(await open(lead, () => soon(reply), has, missing, 50), reply);
});

test("searches and what is asked for anew never come from the phone first", () => {
  assert.equal(mayLead({ cache: "default" }, { search: "" }), true);
  assert.equal(mayLead({ cache: "force-cache" }, { search: "" }), true); // Back
  assert.equal(mayLead({ cache: "default" }, { search: "?q=x" }), false);
  for (const cache of ["reload", "no-cache"]) assert.equal(mayLead({ cache }, { search: "" }), false);
});
