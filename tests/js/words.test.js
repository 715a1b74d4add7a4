import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, size, stateAfter, time } from "../../service_worker/page/client/words.js";

test("sentences take their values; an unknown place stays as it is", () => {
  assert.equal(fill("Đang tải {done} trên {total}", { done: 3, total: 23 }), "Đang tải 3 trên 23");
  assert.equal(fill("{x}", {}), "{x}");
});

test("sizes read as in the language", () => {
  assert.equal(size(180_400, "vi"), "180 KB");
  assert.equal(size(1_240_000, "vi"), "1,2 MB");
  assert.equal(size(1_240_000, "en"), "1.2 MB");
  assert.equal(size(10_738_600_000, "vi"), "10,7 GB");
  assert.equal(size(12, "vi"), "1 KB");
});

test("time of today is short, another day's has its date; days begin in Việt Nam, wherever the phone is set to", () => {
  const at = Date.parse("2026-10-14T00:05Z");
  assert.equal(time(at, Date.parse("2026-10-14T16:59Z")), "07:05");
  assert.equal(time(at, Date.parse("2026-10-14T17:00Z")), "07:05, 14/10/2026");
});

test("the state after a download", () => {
  const some = { urls: ["/"] };
  const nothing = { urls: [] };
  assert.equal(stateAfter("done", some, true), "ready");
  assert.equal(stateAfter("offline", some, true), "offline");
  assert.equal(stateAfter("done", some, false), "offline");
  for (const outcome of ["later", "quota", "partial", "signed-out", "error"]) assert.equal(stateAfter(outcome, some, true), "stale");
  assert.equal(stateAfter("error", nothing, true), "starting");
  assert.equal(stateAfter("quota", nothing, true), "stale");
});
