// The phone's evaluator behind a pipe: one JSON line in ({program, answers, today}), one JSON line out; or what a page's
// fields say ({program, fields}).
import { createInterface } from "node:readline";
import { given } from "../../static/js/fields.js";
import { evaluate } from "../../static/js/questions.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { program, answers, fields, today } = JSON.parse(line);
  const told = fields ? given(program, new Map(Object.entries(fields))) : evaluate(program, answers, today);
  console.log(JSON.stringify(told));
}
