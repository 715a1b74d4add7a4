// Answers as a page's fields carry them: texts under "q.name" and "q.table.0.column". handbook/questions/fields.py is the same.
const PREFIX = "q.";
const MOST_ROWS = 2001; // one more than any table may have: too many is the evaluator's to say
const GROUPED = /^-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$/;
const PLAIN = /^-?[0-9]+(?:[.,][0-9]+)?$/;

/** A number as people write it here: 1.234 and 1 234 are thousands, the comma begins the fraction; else the text itself. */
export function numberOf(text) {
  const bare = text.replace(/[ \u00a0]/g, "");
  if (GROUPED.test(bare)) return Number(bare.replaceAll(".", "").replace(",", "."));
  return PLAIN.test(bare) ? Number(bare.replace(",", ".")) : text;
}

/** How many rows of the table under `prefix` these field names are of. */
export function rowsOf(names, prefix) {
  const numbers = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).split(".")[0]);
  const places = numbers.filter((place) => /^[0-9]{1,4}$/.test(place)).map(Number);
  return Math.min(MOST_ROWS, Math.max(-1, ...places) + 1);
}

function raw(kind, texts) {
  if (kind === "many_of" || kind === "attachment") return texts.filter(Boolean);
  const text = kind === "long_text" ? texts[0] : texts[0].replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  return kind === "number" && text ? numberOf(text) : text;
}

function level(program, fields, prefix) {
  const found = {};
  for (const { name, kind, ...question } of program.questions) {
    const place = prefix + name;
    if (kind === "table") {
      const rows = rowsOf([...fields.keys()], `${place}.`);
      found[name] = Array.from({ length: rows }, (_, row) => level(question, fields, `${place}.${row}.`));
    } else if (kind !== "calculated" && fields.has(place)) {
      found[name] = raw(kind, fields.get(place).map((text) => text.normalize("NFC").replaceAll("\r\n", "\n")));
    }
  }
  return found;
}

/** The answers that these fields hold (a Map of name to texts), as JSON for the evaluator. */
export const given = (program, fields) => level(program, fields, PREFIX);

/** The fields of a form as `given` takes them. */
export function fieldsOf(form) {
  const fields = new Map();
  for (const [name, text] of new FormData(form)) {
    if (name.startsWith(PREFIX)) fields.set(name, [...(fields.get(name) ?? []), text]);
  }
  return fields;
}
