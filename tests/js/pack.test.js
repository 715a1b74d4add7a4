import assert from "node:assert/strict";
import { test } from "node:test";
import { secondsAsked } from "../../service_worker/network.js";
import { isAhead, nextTry, plan, storable } from "../../service_worker/pack.js";

const entry = (url, revision, bytes = 10) => ({ url, revision, bytes, kind: "content" });
const head = (name, revision) => ({ name, revision, kind: "content" });
const urls = (entries) => entries.map(({ url }) => url);

test("only what is new or changed is fetched, what the server no longer lists is removed", () => {
  const work = plan([entry("/a", "1"), entry("/b", "2"), entry("/c", "1")], [head("/a", "1"), head("/b", "1"), head("/d", "1")]);
  assert.deepEqual(urls(work.fetch), ["/b", "/c"]);
  assert.deepEqual(urls(work.keep), ["/a"]);
  assert.deepEqual(work.remove, ["/d"]);
});

test("an unchanged manifest asks for nothing; an interrupted one goes on where it stopped", () => {
  const entries = ["/a", "/b", "/c"].map((url) => entry(url, "1"));
  assert.deepEqual(plan(entries, entries.map(({ url }) => head(url, "1"))).fetch, []);
  assert.deepEqual(urls(plan(entries, [head("/a", "1")]).fetch), ["/b", "/c"]);
});

test("pieces that are not entries (texts for search, the status) are left alone", () => {
  const work = plan([entry("/a", "1")], [head("/a", "1"), { name: "status", kind: "status" }, { name: "text /a", kind: "text" }]);
  assert.deepEqual(work.remove, []);
});

test("the budget is never exceeded, and what does not fit is counted", () => {
  const work = plan([entry("/a", "1", 60), entry("/b", "1", 60), entry("/c", "1", 40)], [], 100);
  assert.deepEqual(urls(work.fetch), ["/a", "/c"]);
  assert.equal(work.left, 1);
});

test("what fell out of the budget leaves the phone", () => {
  assert.deepEqual(plan([entry("/a", "1", 60), entry("/b", "1", 60)], [head("/b", "1")], 100).remove, ["/b"]);
});

const reply = (headers = {}, rest = {}) => ({
  status: 200, type: "basic", redirected: false,
  headers: new Headers({ "Content-Type": "text/html; charset=utf-8", "X-Handbook": "1", "X-Handbook-Member": "me", ...headers }), ...rest,
});

test("a direct page of ours for this member may be kept", () => {
  assert.equal(storable(reply(), "me", "content"), true);
  assert.equal(storable(reply({ "Content-Type": "application/json" }), "me", "index"), true);
});

test("nothing else is ever kept", () => {
  const never = {
    "another member's": reply({ "X-Handbook-Member": "other" }),
    "a gateway's": reply({ "X-Handbook": "" }),
    "a file": reply({ "Content-Type": "application/pdf" }),
    "an error": reply({}, { status: 500 }),
    "not found": reply({}, { status: 404 }),
    "a part": reply({}, { status: 206 }),
    "followed a redirect": reply({}, { redirected: true }),
    "a redirect": reply({}, { type: "opaqueredirect", status: 0 }),
    "cross-origin": reply({}, { type: "cors" }),
  };
  for (const [what, one] of Object.entries(never)) assert.equal(storable(one, "me", "content"), false, what);
  const nobody = reply();
  nobody.headers.delete("X-Handbook-Member");
  assert.equal(storable(nobody, "me", "content"), false, "a sign-in page");
});

test("Retry-After is obeyed, never undercut, spread by up to a quarter", () => {
  assert.equal(nextTry(120, 0, 1000, 0), 121_000);
  assert.equal(nextTry(120, 0, 1000, 1), 151_000);
});

test("Retry-After is understood in seconds and as a date, whatever the phone takes the time to be", () => {
  const reply = (headers) => new Response(null, { headers });
  const [from, to] = ["Wed, 14 Oct 2026 00:00:00 GMT", "Wed, 14 Oct 2026 00:01:00 GMT"];
  assert.equal(secondsAsked(reply({ "Retry-After": "120" })), 120);
  assert.equal(secondsAsked(reply({ "Retry-After": to, Date: from })), 60);
  for (const headers of [{}, { "Retry-After": "soon" }, { "Retry-After": "-5" }, { "Retry-After": from, Date: to }, { "Retry-After": to }]) {
    assert.equal(secondsAsked(reply(headers)), null);
  }
});

test("without it the pause doubles, up to an hour", () => {
  assert.deepEqual([0, 1, 2, 20].map((tries) => nextTry(null, tries, 0, 0)), [30_000, 60_000, 120_000, 3_600_000]);
});

test("shells come first, then the page somebody is looking at", () => {
  const shell = { ...entry("/offline/shells/a", "1"), kind: "shell" };
  const work = plan([entry("/a", "1"), shell, entry("/b", "1"), entry("/c", "1")], [], Infinity, "/b");
  assert.deepEqual(urls(work.fetch), ["/offline/shells/a", "/b", "/a", "/c"]);
});

test("the time set for the next try is waited for, unless the clock was put back since", () => {
  const retry = { since: 1_000_000, at: 1_030_000 };
  assert.equal(isAhead(null, 0), false);
  assert.equal(isAhead(retry, 1_000_000), true);
  assert.equal(isAhead(retry, 1_030_000), false);
  assert.equal(isAhead(retry, 1_000_000 - 3 * 86_400_000), false);
});
