// A report while it is written: what is asked now, what works itself out, and what is still wrong, by the form's own rules
// and with no network. Pressed to be sent, it is judged first, then shown to be read once more.
import { isoDay } from "../calendar.js";
import { fieldsOf, given } from "../fields.js";
import { fieldsFor, merged } from "../merging.js";
import { canRun, evaluate, outline } from "../questions.js";
import { makeRoom } from "../../../service_worker/page/client/rows.js";

const inWords = (value, lang) => (typeof value === "number" ? value.toLocaleString(lang === "en" ? "en" : "vi", { maximumFractionDigits: 15 }) : value ?? "–");

export function connect(form) {
  const program = JSON.parse(form.dataset.program);
  if (!canRun(program)) return; // a kept page may be older than the form: then the server judges alone
  const words = JSON.parse(form.dataset.words);
  const versions = JSON.parse(form.dataset.versions);
  const summary = form.querySelector("[data-summary]");
  const check = form.querySelector("[data-check]");
  const { lang } = document.documentElement;
  const today = () => isoDay(Date.now());
  const answers = () => given(program, fieldsOf(form));
  const questions = () => [...form.querySelectorAll("[data-question]")];
  const named = new Map(program.questions.flatMap((question) => [question, ...(question.questions ?? [])]).map((question) => [question.name, question]));
  const programOf = (place) => named.get(place.split(".").at(-1)); // names differ all over a form
  let judged = false;

  function show() {
    const { asked, worked } = outline(program, answers(), today());
    const rows = new Set([...asked].map((place) => place.match(/^.*\.\d+\./)?.[0]));
    for (const element of questions()) {
      const { question } = element.dataset;
      const told = programOf(question);
      const [row] = question.match(/^.*\.\d+\./) ?? [];
      // In a row without an answer nothing was judged yet: what hangs on another answer waits for it.
      if (told) element.hidden = row && !rows.has(row) ? Boolean(told.relevant) : !asked.has(question);
    }
    for (const section of form.querySelectorAll("[data-section]")) {
      const inside = [...section.querySelectorAll(":scope > [data-question]")];
      section.hidden = inside.length > 0 && inside.every((element) => element.hidden);
    }
    for (const output of form.querySelectorAll("[data-worked]")) output.textContent = inWords(worked.get(output.dataset.worked), lang);
  }

  const elementOf = (place) => form.querySelector(`[data-question="${CSS.escape(place)}"]`);

  const labelOf = (element) => element.querySelector("label, legend")?.firstChild.textContent.trim() ?? "";

  function say(faults) {
    for (const error of form.querySelectorAll("[data-error]")) {
      error.hidden = true;
      error.parentElement.classList.remove("is-error");
    }
    const lines = [];
    for (const { place, code, message } of faults) {
      const element = elementOf(place) ?? elementOf(place.split(".")[0]);
      const error = element?.querySelector("[data-error]");
      if (!error) continue;
      const text = (message && (message[lang] ?? message.vi)) ?? words[code] ?? code;
      error.querySelector("[data-says]").textContent = text;
      error.hidden = false;
      if (!error.parentElement.matches("[data-rows]")) error.parentElement.classList.add("is-error");
      const line = document.createElement("li");
      const link = line.appendChild(document.createElement("a"));
      link.href = `#${(element.querySelector("[id]:is(input, textarea, select, fieldset)") ?? element).id}`;
      link.textContent = `${labelOf(element)}: ${text}`;
      lines.push(line);
    }
    summary.hidden = !lines.length;
    summary.querySelector("ul").replaceChildren(...lines);
    const count = summary.querySelector("[data-count]");
    count.textContent = count.dataset.count.replace("{n}", lines.length);
  }

  function textOf(element) {
    const chosen = [...element.querySelectorAll("input:checked")].map((input) => input.nextElementSibling.firstChild.textContent.trim());
    if (chosen.length) return chosen.join("; ");
    const output = element.querySelector("output");
    return output ? output.textContent : element.querySelector("input:not([type=radio], [type=checkbox]), textarea, select")?.value.trim() ?? "";
  }

  function list() {
    const pairs = [];
    for (const element of questions()) {
      if (element.querySelector("[data-rows]") || element.closest("template") || element.closest("[hidden]")) continue;
      const text = textOf(element);
      if (!text || !element.querySelector("label, legend, .label")) continue;
      const pair = document.createElement("div");
      pair.append(document.createElement("dt"), document.createElement("dd"));
      pair.firstChild.textContent = labelOf(element) || element.querySelector(".label").textContent;
      pair.lastChild.textContent = text;
      pairs.push(pair);
    }
    check.querySelector("[data-answers]").replaceChildren(...pairs);
  }

  function put(fields) {
    makeRoom(form, Object.keys(fields));
    for (const [name, texts] of Object.entries(fields)) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.matches("[type=checkbox], [type=radio]")) field.checked = texts.includes(field.value);
        else field.value = texts[0] ?? "";
      }
    }
  }

  // Every field of a question, blank where `fields` says nothing: an answer taken over replaces the one that was here.
  const blanks = (name) => Object.fromEntries([...form.elements].filter((field) => field.name === `q.${name}` || field.name?.startsWith(`q.${name}.`)).map((field) => [field.name, []]));

  function take(name, theirs) {
    put({ ...blanks(name), ...fieldsFor(theirs, name) });
    show();
  }

  function offer(name, theirs) {
    const place = elementOf(name);
    const note = form.querySelector("template[data-other]").content.firstElementChild.cloneNode(true);
    const texts = Object.entries(fieldsFor(theirs, name)).flatMap(([, told]) => told);
    const named = texts.map((text) => place.querySelector(`input[value="${CSS.escape(text)}"]`)?.nextElementSibling?.firstChild.textContent.trim() ?? text);
    note.querySelector("[data-theirs]").textContent = named.filter(Boolean).join("; ") || "–";
    note.querySelector("[data-use]").addEventListener("click", () => { take(name, theirs); note.remove(); form.dispatchEvent(new Event("input")); });
    note.querySelector("[data-keep]").addEventListener("click", () => note.remove());
    place.append(note);
  }

  // What came back into the form may have been written on top of an older version than the newest that was sent.
  function reconcile(data) {
    const [from, newest] = [data.get("based_on"), form.elements.based_on.value];
    if (from === null || from === newest) return;
    const mine = {};
    for (const [name, text] of data) if (name.startsWith("q.")) (mine[name] ??= []).push(text);
    const theirs = versions[newest] ?? {};
    const { take: taken, conflict } = merged(program, mine, versions[from] ?? {}, theirs);
    for (const name of taken) take(name, theirs);
    for (const name of conflict) offer(name, theirs);
    form.querySelector("[data-elsewhere]").hidden = false;
  }

  const judge = () => evaluate(program, answers(), today()).faults;

  form.addEventListener("input", () => {
    show();
    if (judged) say(judge());
  });
  form.addEventListener("hb:filled", ({ target, detail }) => {
    if (target !== form) return;
    reconcile(detail);
    show();
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.checked) return delete form.dataset.checked;
    event.preventDefault();
    const faults = judge();
    judged = true;
    say(faults);
    if (faults.length) return summary.focus();
    list();
    check.showModal();
  });
  check.querySelector("[data-back]").addEventListener("click", () => check.close());
  check.querySelector("[data-send]").addEventListener("click", () => {
    check.close();
    form.elements.filled_on.value = today();
    form.dataset.checked = "yes";
    form.requestSubmit();
  });
  show();
}
