// Tables of answers (data-rows="q.name"): rows are made from the template in them, whose names hold __n__ for the number.
const rowsIn = (table) => table.querySelectorAll(":scope > [data-a-row]");

/** A blank row at the end of the table; returns it. */
export function addRow(table) {
  const number = rowsIn(table).length;
  const row = table.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("__n__", number);
  }
  table.querySelector("template[data-row]").before(row);
  return row;
}

/** Say the number of each row. */
export function numbered(table) {
  for (const [at, row] of [...rowsIn(table)].entries()) row.querySelector("[data-number]").textContent = at + 1;
}

/** Before a form is filled in: as many rows as there are names for. */
export function makeRoom(form, names) {
  for (const table of form.querySelectorAll("[data-rows]")) {
    const prefix = `${table.dataset.rows}.`;
    const places = names.filter((name) => name.startsWith(prefix)).map((name) => Number(name.slice(prefix.length).split(".")[0]));
    const wanted = Math.min(Number(table.dataset.most), Math.max(-1, ...places.filter(Number.isInteger)) + 1);
    while (rowsIn(table).length < wanted) addRow(table);
    numbered(table);
  }
}
