// A report that was written here on top of an older version than the one that was sent meanwhile from another phone: answer by
// answer, what only one side changed is taken, and what both changed is left to the author.

const textsOf = (fields, name) => (fields[name] ?? []).filter((text) => text.trim());
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// A table is one answer: rows of two phones are not to be mixed.
const partOf = (fields, { name, kind }) => {
  const place = `q.${name}`;
  if (kind !== "table") return textsOf(fields, place);
  const names = Object.keys(fields).filter((one) => one.startsWith(`${place}.`) && textsOf(fields, one).length);
  return names.sort().map((one) => [one, textsOf(fields, one)]);
};

/**
 * What to do with each question of `program`, given the fields of `mine`, of the version both began with (`base`) and of the one
 * that was sent (`theirs`): names to `take` from theirs, and names in `conflict`. All others stay as they are here.
 */
export function merged(program, mine, base, theirs) {
  const take = [];
  const conflict = [];
  for (const question of program.questions.filter(({ kind }) => kind !== "calculated")) {
    const [here, before, there] = [mine, base, theirs].map((fields) => partOf(fields, question));
    if (same(here, there) || same(there, before)) continue;
    (same(here, before) ? take : conflict).push(question.name);
  }
  return { take, conflict };
}

/** The fields of `fields` that hold the answer to the question `name`. */
export const fieldsFor = (fields, name) =>
  Object.fromEntries(Object.entries(fields).filter(([one]) => one === `q.${name}` || one.startsWith(`q.${name}.`)));

