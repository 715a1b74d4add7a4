import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../service_worker/verdict.js";

const item = { id: "k", hash: "h" };
const receipt = { key: "k", hash: "h", number: "1" };
const answer = (status, more = {}) => ({ status, type: "basic", own: true, retryAfter: null, said: null, genuine: false, ...more });

test("only our signed receipt for these very bytes says that they arrived", () => {
  const right = judge(item, answer(200, { said: { receipt, location: "/x" }, genuine: true }));
  assert.deepEqual(right, { item: { state: "received", why: null, receipt, location: "/x" }, stop: null });
  const never = [
    answer(200), answer(204), answer(200, { said: {} }),
    answer(200, { said: { receipt }, genuine: false }),
    answer(200, { said: { receipt: { ...receipt, hash: "other" } }, genuine: true }),
    answer(200, { said: { receipt: { ...receipt, key: "other" } }, genuine: true }),
    answer(422, { said: { receipt }, genuine: true }),
  ];
  for (const one of never) assert.notEqual(judge(item, one).item.state, "received");
});

const EXPECTED = (status, own) => {
  if (status >= 200 && status < 300) return ["waiting", "offline"]; // a page of somebody else's in between
  if ([408, 425, 429, 502, 503, 504].includes(status) || (!own && status >= 500)) return ["waiting", "later"];
  if (status >= 500) return ["waiting", null]; // this item's own trouble: it alone is tried again later
  if (!own || status < 400) return ["waiting", "offline"];
  if (status === 401) return ["waiting", "signed-out"];
  return ["refused", null];
};

test("every status from 200 to 599, ours and a stranger's: kept and tried again, or its member is asked; never forgotten", () => {
  for (const own of [true, false]) {
    for (let status = 200; status < 600; status += 1) {
      const { item: { state }, stop, retry } = judge(item, answer(status, { own }));
      assert.equal(Boolean(retry), state === "waiting" && !stop);
      assert.deepEqual([state, stop], EXPECTED(status, own), `${status} ${own}`);
    }
  }
});

test("no answer, a broken one, the way to sign-in, and another member's session are waited out", () => {
  assert.deepEqual(judge(item, null), { item: { state: "waiting", why: "offline" }, stop: "offline", retryAfter: undefined });
  assert.equal(judge(item, answer(0, { type: "opaqueredirect", own: false })).stop, "signed-out");
  const other = judge(item, answer(409, { said: { code: "receipt.other_member" } }));
  assert.deepEqual([other.item.state, other.stop], ["waiting", "other-member"]);
  assert.equal(judge(item, answer(409, { said: { code: "receipt.other_body" } })).item.state, "refused");
});

test("a refusal carries the server's words, and how long to wait is the server's word too", () => {
  const refused = judge(item, answer(422, { said: { code: "input.invalid", message: "Thiếu nội dung.", fields: { text: "x" } } }));
  assert.deepEqual(refused.item, { state: "refused", why: "input.invalid", message: "Thiếu nội dung.", fields: { text: "x" } });
  assert.equal(judge(item, answer(503, { retryAfter: "120" })).retryAfter, "120");
});
