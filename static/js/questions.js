// The rules of a form on the phone: handbook/questions/{values,operations,evaluation}.py in JavaScript, name by name.
// A property test holds the two together. Null is blank, numbers are doubles, dates are ISO texts.

const VERSION = 1;
const LARGEST_NUMBER = 1e15;
const LONGEST = { text: 500, long_text: 20000 };
const BLANK = /^[ \t\r\n]*$/;
const BAD_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\p{Surrogate}\ufffe\uffff]/u;
const DAY = /^(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$/;
const MONTH = /^(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])$/;
const FILE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DECIMAL = /^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/;
const MILLISECONDS_A_DAY = 86_400_000;

const isObject = (raw) => typeof raw === "object" && raw !== null && !Array.isArray(raw);
const own = (object, name) => (Object.hasOwn(object, name) ? (object[name] ?? null) : null);
const isBlank = (raw) => raw === null || (Array.isArray(raw) && !raw.length) || (typeof raw === "string" && BLANK.test(raw));
const length = (text) => [...text].length;

// ---- one answer at a time ----------------------------------------------------------------------

const value = (told) => ({ value: told, fault: "" });
const fault = (code) => ({ value: null, fault: code });

export function isDay(text) {
  if (!DAY.test(text)) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

const readText = (question, raw) => {
  if (typeof raw !== "string") return fault("answer.kind");
  if (BAD_CHARACTER.test(raw)) return fault("answer.characters");
  const text = raw.normalize("NFC");
  return length(text) <= LONGEST[question.kind] ? value(text) : fault("answer.too_long");
};

const readNumber = (_question, raw) => {
  if (typeof raw !== "number") return fault("answer.kind");
  return Math.abs(raw) <= LARGEST_NUMBER ? value(raw + 0) : fault("answer.too_large");
};

const matching = (fits, code) => (question, raw) => {
  if (typeof raw !== "string") return fault("answer.kind");
  return fits(raw, question) ? value(raw) : fault(code);
};

const readChoices = (question, raw) => {
  if (!Array.isArray(raw) || !raw.every((name) => typeof name === "string")) return fault("answer.kind");
  const chosen = new Set(raw);
  if (chosen.size < raw.length) return fault("answer.twice");
  const known = question.choices.filter((name) => chosen.has(name));
  return known.length === raw.length ? value(known) : fault("answer.choice");
};

const readFiles = (question, raw) => {
  if (!Array.isArray(raw) || !raw.every((name) => typeof name === "string" && FILE.test(name))) return fault("answer.kind");
  if (new Set(raw).size < raw.length) return fault("answer.twice");
  return raw.length <= question.most ? value([...raw]) : fault("answer.too_many");
};

const readChoice = matching((raw, question) => question.choices.includes(raw), "answer.choice");

const READERS = {
  attachment: readFiles,
  date: matching(isDay, "answer.date"),
  long_text: readText,
  many_of: readChoices,
  month: matching((raw) => MONTH.test(raw), "answer.month"),
  number: readNumber,
  one_of: readChoice,
  text: readText,
  yes_no: readChoice,
};

const read = (question, raw) => (isBlank(raw) ? value(null) : READERS[question.kind](question, raw));

// ---- operations --------------------------------------------------------------------------------

const bounded = (number) => (Math.abs(number) <= LARGEST_NUMBER ? number + 0 : null);
const isNone = (...parts) => parts.some((part) => part === null);
const arithmetic = (work) => (...parts) =>
  parts.reduce((result, part) => (isNone(result, part) ? null : bounded(work(result, part))));
const unlessNought = (work) => (left, right) => (isNone(left, right) || right === 0 ? null : bounded(work(left, right)));
const compared = (holds) => (left, right) => !isNone(left, right) && holds(left, right);

const extreme = (isBetter) => (...parts) =>
  parts.flat().filter((part) => part !== null).reduce((best, part) => (best === null || isBetter(part, best) ? part : best), null);

function rounded(number, digits = 0) {
  if (number === null) return null;
  const scale = 10 ** digits;
  const scaled = Math.abs(number) * scale;
  const whole = Math.floor(scaled);
  return bounded((Math.sign(number) * (scaled - whole >= 0.5 ? whole + 1 : whole)) / scale);
}

function toNumber(told) {
  if (typeof told !== "string") return told;
  const text = told.replace(/^ +| +$/g, "");
  return DECIMAL.test(text) ? bounded(Number(text)) : null;
}

const selected = (chosen, name) => name !== null && (Array.isArray(chosen) ? chosen.includes(name) : chosen === name);

const OPERATIONS = {
  and: (...parts) => parts.every((part) => part === true),
  or: (...parts) => parts.some((part) => part === true),
  not: (part) => part !== true,
  true: () => true,
  false: () => false,
  "=": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": compared((left, right) => left < right),
  "<=": compared((left, right) => left <= right),
  ">": compared((left, right) => left > right),
  ">=": compared((left, right) => left >= right),
  "+": arithmetic((left, right) => left + right),
  "-": arithmetic((left, right) => left - right),
  "*": arithmetic((left, right) => left * right),
  div: unlessNought((left, right) => left / right),
  mod: unlessNought((left, right) => left % right),
  negative: (part) => (part === null ? null : 0 - part),
  int: (part) => (part === null ? null : Math.trunc(part) + 0),
  round: rounded,
  number: toNumber,
  if: (holds, then, otherwise) => (holds === true ? then : otherwise),
  coalesce: (...parts) => parts.find((part) => part !== null) ?? null,
  min: extreme((part, best) => part < best),
  max: extreme((part, best) => part > best),
  sum: (numbers) => bounded(numbers.reduce((result, part) => result + (part ?? 0), 0)),
  count: (rows) => rows,
  "count-selected": (chosen) => (chosen ?? []).length,
  selected,
  contains: compared((text, part) => text.includes(part)),
  "starts-with": compared((text, part) => text.startsWith(part)),
  "string-length": (text) => length(text ?? ""),
  "date-diff": (first, last) => (isNone(first, last) ? null : (Date.parse(last) - Date.parse(first)) / MILLISECONDS_A_DAY),
};

// ---- a whole form ------------------------------------------------------------------------------

/** A table's answer: the rows that count, and the places of what is no row. */
class Rows {
  constructor(levels = [], strays = []) {
    Object.assign(this, { levels, strays });
  }
}

/** The form, or one row of a table: what came, what it means, and what could not be read. */
class Level {
  constructor(program, given, above = null, index = 0) {
    Object.assign(this, { program, given, above, index, values: new Map(), unreadable: new Map(), asked: new Set() });
  }

  find(name) {
    return this.values.has(name) ? this.values.get(name) : this.above.values.get(name);
  }

  rowsOf(table) {
    return this.values.get(table)?.levels ?? [];
  }
}

class Run {
  constructor(today) {
    this.today = today;
  }

  fill(level) {
    const questions = new Map(level.program.questions.map((question) => [question.name, question]));
    for (const name of level.program.order) {
      const question = questions.get(name);
      level.values.set(name, null);
      if (question.relevant && !this.holds(question, "relevant", level)) continue;
      level.asked.add(name);
      level.values.set(name, this.value(question, level));
    }
  }

  value(question, level) {
    if (question.kind === "calculated") return this.work(question.calculation, level);
    const raw = own(level.given, question.name);
    if (question.kind === "table") return this.rows(question, raw, level);
    const told = read(question, raw);
    if (told.fault) level.unreadable.set(question.name, told.fault);
    return told.value;
  }

  rows(table, raw, level) {
    const given = isBlank(raw) ? [] : raw;
    if (!Array.isArray(given)) level.unreadable.set(table.name, "answer.kind");
    else if (given.length > table.max_rows) level.unreadable.set(table.name, "answer.too_many");
    if (level.unreadable.has(table.name)) return new Rows();
    const levels = [...given.entries()]
      .filter(([, row]) => isObject(row) && isAnswered(table, row))
      .map(([index, row]) => new Level(table, row, level, index));
    for (const row of levels) this.fill(row);
    return new Rows(levels, [...given.keys()].filter((index) => given[index] !== null && !isObject(given[index])));
  }

  *judged(level, prefix) {
    for (const question of level.program.questions) {
      const { name, kind } = question;
      if (!level.asked.has(name) || kind === "calculated") continue;
      const place = prefix + name;
      for (const code of this.codes(question, level))
        yield { place, code, message: code === "answer.constraint" ? question.message ?? null : null };
      if (kind !== "table") continue;
      const { levels, strays } = level.values.get(name);
      for (const index of strays) yield { place: `${place}.${index}`, code: "answer.kind", message: null };
      for (const row of levels) yield* this.judged(row, `${place}.${row.index}.`);
    }
  }

  *codes(question, level) {
    const told = level.values.get(question.name);
    const rows = told instanceof Rows ? told.levels.length : null;
    if (level.unreadable.has(question.name)) yield level.unreadable.get(question.name);
    else if ((told === null || rows === 0) && this.holds(question, "required", level)) yield "answer.required";
    else if (rows !== null) {
      if (rows < question.min_rows) yield "answer.too_few";
    } else if (told !== null) {
      yield* bounds(question, told);
      if (question.constraint && !this.holds(question, "constraint", level)) yield "answer.constraint";
    }
  }

  holds(question, part, level) {
    return part in question && this.work(question[part], level) === true;
  }

  work([op, ...parts], level) {
    if (op === "value") return parts[0];
    if (op === "answer") return level.find(parts[0]);
    if (op === "rows") return level.rowsOf(parts[0]).length;
    if (op === "column") return level.rowsOf(parts[0]).map((row) => row.values.get(parts[1]));
    if (op === "today") return this.today;
    return OPERATIONS[op](...parts.map((part) => this.work(part, level)));
  }
}

const isAnswered = (table, row) =>
  table.questions.some(({ name, kind }) => kind !== "calculated" && !isBlank(own(row, name)));

function* bounds(question, told) {
  if (question.kind !== "number") return;
  if (question.whole && !Number.isInteger(told)) yield "answer.whole";
  if (question.minimum !== null && told < question.minimum) yield "answer.minimum";
  if (question.maximum !== null && told > question.maximum) yield "answer.maximum";
}

function kept(level) {
  const answers = {};
  for (const { name } of level.program.questions) {
    const told = level.values.get(name);
    if (!(told instanceof Rows) && told !== null) answers[name] = told;
    else if (told?.levels.length) answers[name] = told.levels.map(kept);
  }
  return answers;
}

/** Whether this script knows all that the program may ask of it. A kept page may be older than the form. */
export const canRun = (program) => program.v === VERSION;

/**
 * What the form makes of `answers`, whatever JSON they are, on the day `today` ("2026-11-24"):
 * `answers` that can be kept, `aside` (names answered but not asked), `faults` ({place, code, message}).
 */
export function evaluate(program, answers, today) {
  const form = new Level(program, isObject(answers) ? answers : {});
  const run = new Run(today);
  run.fill(form);
  const shape = isObject(answers) ? [] : [{ place: "", code: "answer.kind", message: null }];
  const aside = program.questions
    .filter(({ name, kind }) => kind !== "calculated" && !form.asked.has(name) && !isBlank(own(form.given, name)))
    .map(({ name }) => name);
  return { answers: kept(form), aside, faults: [...shape, ...run.judged(form, "")] };
}

/** The answers that a new form, or a new row of the table `program`, begins with. */
export const defaults = (program) =>
  Object.fromEntries(program.questions.filter((question) => "default" in question).map(({ name, default: begun }) => [name, begun]));

/**
 * For a page that is being filled in: `asked`, the places of the questions that are asked now, and `worked`, what the form
 * works out by itself, by place. Rows in which nothing was answered yet are in neither.
 */
export function outline(program, answers, today) {
  const form = new Level(program, isObject(answers) ? answers : {});
  new Run(today).fill(form);
  const asked = new Set();
  const worked = new Map();
  const walk = (level, prefix) => {
    for (const { name, kind } of level.program.questions) {
      if (!level.asked.has(name)) continue;
      asked.add(prefix + name);
      const value = level.values.get(name);
      if (kind === "calculated") worked.set(prefix + name, value);
      if (value instanceof Rows) for (const row of value.levels) walk(row, `${prefix}${name}.${row.index}.`);
    }
  };
  walk(form, "");
  return { asked, worked };
}
