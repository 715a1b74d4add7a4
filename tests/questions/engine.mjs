// The phone's evaluator behind a pipe: one JSON line in ({program, answers, today}), one JSON line out.
import { createInterface } from "node:readline";
import { evaluate } from "../../static/js/questions.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { program, answers, today } = JSON.parse(line);
  console.log(JSON.stringify(evaluate(program, answers, today)));
}
