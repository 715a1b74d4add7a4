import assert from "node:assert/strict";
import { test } from "node:test";
import { serverTime } from "../../service_worker/clock.js";

test("time is the server's, carried on by the phone's clock", () => {
  assert.equal(serverTime(1_000, { offset: 500, seen: 0 }), 1_500);
  assert.equal(serverTime(1_000, undefined), 1_000);
});

test("a phone's clock that is turned back does not turn time back", () => {
  assert.equal(serverTime(1_000, { offset: 0, seen: 90_000 }), 90_000);
});
