import assert from "node:assert/strict";
import { test } from "node:test";
import { isNewer, opened, versionOf } from "../../service_worker/pieces.js";

const ID = "0195d3b0-0000-4000-8000-000000000001";
const draft = (changes = {}) => ({
  v: 1, kind: "draft", id: ID, draft: "opinion", page: "/reports/opinions/new", label: "Ý kiến", at: 7, begun: 5,
  contentType: "application/x-www-form-urlencoded", body: btoa("text=a"), ...changes,
});
const item = (changes = {}) => ({
  v: 1, kind: "outbox", id: ID, url: "/reports/opinions", page: "/reports/opinions/new", label: "Ý kiến", written: 8,
  contentType: "application/x-www-form-urlencoded", body: btoa("text=a"), ...changes,
});

const file = (changes = {}) => ({ id: ID, name: "a.pdf", kind: "application/pdf", bytes: 9, sha256: "a".repeat(64), ...changes });

test("a draft and an item come out as they went in, and say which version they are", () => {
  const { head, bytes } = opened(draft());
  assert.deepEqual([head.draft, head.begun, versionOf(head), new TextDecoder().decode(bytes)], ["opinion", 5, 7, "text=a"]);
  assert.equal(versionOf(opened(item()).head), 8);
});

test("nothing but its own fields comes in with a piece", () => {
  const { head } = opened(item({ state: "received", hash: "x", seq: 9, name: "outbox other" }));
  const fields = ["contentType", "files", "filesAt", "form", "id", "kind", "label", "page", "receipt", "url", "written"];
  assert.deepEqual(Object.keys(head).sort(), fields);
});

for (const [why, piece] of Object.entries({
  "nothing": null,
  "no piece": {},
  "another kind": draft({ kind: "status" }),
  "another release": draft({ v: 2 }),
  "an id that is none": draft({ id: "x" }),
  "a page elsewhere": draft({ page: "//elsewhere.example/" }),
  "a page that is a script": draft({ page: "javascript:alert(1)" }),
  "no version": draft({ at: "now" }),
  "no text": draft({ body: undefined }),
  "a text that is damaged": draft({ body: "%%%" }),
  "a form of no name": draft({ draft: undefined }),
  "an act that no form here may wait with": item({ url: "/identity/passkeys/1/removal" }),
  "files for another place": item({ filesAt: "https://elsewhere.example/reports/x" }),
  "files that are none": item({ files: "x" }),
  "a file whose id is a way around": item({ files: [file({ id: "../../identity/session/removal?" })] }),
  "a file without a hash": draft({ files: [file({ sha256: "x" })] }),
  "a receipt of something else": item({ receipt: { key: ID.replace("1", "2"), hash: "a".repeat(64) } }),
  "an act of staff that no form here may wait with": item({ url: "/staff/identity/members/1/cut-off" }),
  "an act at another place": item({ url: "https://elsewhere.example/library/1" }),
  "an act by a way around": item({ url: "/library/../identity/session/removal" }),
})) test(`refused: ${why}`, () => assert.throws(() => opened(piece), TypeError));

test("a newer release is told from damage", () => {
  assert.deepEqual([draft(), draft({ v: 2 }), {}, null].map(isNewer), [false, true, false, false]);
});
