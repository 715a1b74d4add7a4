// Two versions of a report brought together, answer by answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { merged } from "../../static/js/merging.js";

const program = { questions: [
  { name: "a", kind: "text" }, { name: "b", kind: "number" }, { name: "sum", kind: "calculated" },
  { name: "rows", kind: "table", questions: [{ name: "c", kind: "text" }] },
] };

test("what only the other phone changed is taken, what only this one changed stays", () => {
  const base = { "q.a": ["x"], "q.b": ["1"] };
  assert.deepEqual(merged(program, { "q.a": ["x"], "q.b": ["2"] }, base, { "q.a": ["y"], "q.b": ["1"] }), { take: ["a"], conflict: [] });
});

test("what both changed is left to the author, unless they wrote the same", () => {
  assert.deepEqual(merged(program, { "q.a": ["x"], "q.b": ["2"] }, {}, { "q.a": ["y"], "q.b": ["2"] }), { take: [], conflict: ["a"] });
});

test("a table is one answer, and blank fields are no answer", () => {
  const theirs = { "q.rows.0.c": ["one"], "q.rows.1.c": ["two"] };
  assert.deepEqual(merged(program, { "q.rows.0.c": ["one"] }, {}, theirs), { take: [], conflict: ["rows"] });
  assert.deepEqual(merged(program, { "q.rows.0.c": [" "], "q.a": [""] }, {}, theirs), { take: ["rows"], conflict: [] });
});
