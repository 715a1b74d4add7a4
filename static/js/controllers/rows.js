// A table of answers, one block a row: add and take away. Rows come from the template beside them.
import { addRow, numbered } from "../../../service_worker/page/client/rows.js";

export function connect(table) {
  const add = table.querySelector("[data-add]");
  const most = Number(table.dataset.most);
  const rows = () => table.querySelectorAll(":scope > [data-a-row]");
  const settle = () => { add.disabled = rows().length >= most; };
  add.hidden = false;
  add.addEventListener("click", () => {
    addRow(table).querySelector("input, textarea, select")?.focus();
    numbered(table);
    settle();
    table.dispatchEvent(new Event("input", { bubbles: true }));
  });
  settle();
}
