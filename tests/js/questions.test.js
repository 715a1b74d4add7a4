import assert from "node:assert/strict";
import { test } from "node:test";
import { canRun, defaults, evaluate, isDay } from "../../static/js/questions.js";

const TODAY = "2026-11-24";
const program = {
  v: 1,
  order: ["held", "minutes", "tasks", "done"],
  questions: [
    { name: "held", kind: "yes_no", choices: ["yes", "no"], required: ["true"], default: "no" },
    {
      name: "minutes", kind: "number", whole: true, minimum: 1, maximum: null,
      relevant: ["=", ["answer", "held"], ["value", "yes"]],
      constraint: [">=", ["answer", "minutes"], ["value", 90]], message: { vi: "Ngắn quá" },
    },
    {
      name: "tasks", kind: "table", min_rows: 0, max_rows: 3, order: ["task", "closed"],
      questions: [
        { name: "task", kind: "text", required: ["true"] },
        { name: "closed", kind: "number", whole: true, minimum: 0, maximum: 1 },
      ],
    },
    { name: "done", kind: "calculated", calculation: ["sum", ["column", "tasks", "closed"]] },
  ],
};

test("what is asked is kept and worked out", () => {
  const told = evaluate(program, { held: "yes", minutes: 95, tasks: [{ task: "a", closed: 1 }, {}, { task: "b" }] }, TODAY);
  assert.deepEqual(told, {
    answers: { held: "yes", minutes: 95, tasks: [{ task: "a", closed: 1 }, { task: "b" }], done: 1 }, aside: [], faults: [],
  });
});

test("what is not asked is set aside and not judged", () => {
  const told = evaluate(program, { held: "no", minutes: "junk" }, TODAY);
  assert.deepEqual(told, { answers: { held: "no", done: 0 }, aside: ["minutes"], faults: [] });
});

test("faults name their place, and a constraint speaks for itself", () => {
  const { faults } = evaluate(program, { held: "yes", minutes: 10.5, tasks: [null, { closed: 2 }, 7] }, TODAY);
  assert.deepEqual(faults, [
    { place: "minutes", code: "answer.whole", message: null },
    { place: "minutes", code: "answer.constraint", message: { vi: "Ngắn quá" } },
    { place: "tasks.2", code: "answer.kind", message: null },
    { place: "tasks.1.task", code: "answer.required", message: null },
    { place: "tasks.1.closed", code: "answer.maximum", message: null },
  ]);
});

test("no junk is a fault of ours", () => {
  for (const junk of [null, 5, "x", [], [[]], { held: {} }, { tasks: [[], "x", { task: [] }] }, { minutes: Infinity }, { tasks: {} }])
    assert.ok(evaluate(program, junk, TODAY).faults.length);
});

test("what was given is not touched", () => {
  const answers = Object.freeze({ held: "yes", tasks: Object.freeze([Object.freeze({ task: "a" })]) });
  assert.notEqual(evaluate(program, answers, TODAY).answers.tasks[0], answers.tasks[0]);
});

test("a new form begins with its defaults", () => assert.deepEqual(defaults(program), { held: "no" }));

test("days are days of the calendar", () => {
  assert.deepEqual(["2024-02-29", "2026-02-29", "2026-13-01", "2026-1-1", "1899-12-31"].map(isDay), [true, false, false, false, false]);
});

test("a program of another version is not run", () => {
  assert.ok(canRun(program));
  assert.ok(!canRun({ ...program, v: 2 }));
});
