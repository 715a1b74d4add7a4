// Files that are to follow a text: made ready and sealed on this phone when they are chosen, listed, taken out again. The
// hidden field names them, and with it the draft and the text that is sent.
import { ask } from "../../../service_worker/page/client/worker.js";
import { fill, size } from "../../../service_worker/page/client/words.js";
import { isHeic, isPdf, nameOf, refusal } from "../attaching.js";
import { shrunk } from "../photo.js";

const JPEG = "image/jpeg";

/** Why a file was not taken: the name of its sentence. */
class NotTaken extends Error {}

async function prepared(file) {
  if (await isPdf(file)) return { name: nameOf(file.name, ".pdf"), contentType: "application/pdf", made: file };
  const made = await shrunk(file).catch(async () => { throw new NotTaken((await isHeic(file)) ? "wordHeic" : "wordUnreadable"); });
  return { name: nameOf(file.name, ".jpg"), contentType: JPEG, made };
}

async function kept({ name, contentType, made }) {
  const body = await made.arrayBuffer();
  const message = { type: "attachment-put", id: crypto.randomUUID(), name, contentType, body };
  let answer = await ask(message);
  if (answer?.state === "silent") answer = await ask(message); // the worker was ended over it: under one id it is kept once
  if (!answer?.file) throw new NotTaken(answer?.why === "full" ? "wordFull" : "wordUnsealed");
  return answer.file;
}

export function connect(element) {
  const { most, each, together, ...words } = element.dataset;
  const limits = { most: Number(most), each: Number(each), together: Number(together) };
  const [picker, field, list, template, status, error] = ["picker", "files", "list", "file", "status", "error"].map((name) => element.querySelector(`[data-${name}]`));
  let here = null; // the ids of the files that this phone has; null until it has said so
  const files = () => JSON.parse(field.value);
  const say = (sentence) => { status.textContent = sentence; };

  function complain(sentences) {
    error.hidden = !sentences.length;
    error.lastElementChild.textContent = sentences.join(" ");
  }

  function line({ id, name, kind, bytes }) {
    const made = template.content.firstElementChild.cloneNode(true);
    const what = here?.has(id) === false ? words.wordGone : kind === JPEG ? words.wordPhoto : words.wordPdf;
    made.querySelector("[data-name]").textContent = name;
    made.querySelector("[data-about]").textContent = fill(what, { size: size(bytes, document.documentElement.lang) });
    const button = made.querySelector("button");
    button.setAttribute("aria-label", fill(words.wordRemove, { name }));
    button.addEventListener("click", () => {
      complain([]);
      set(files().filter((file) => file.id !== id));
      say(fill(words.wordRemoved, { name }));
      (list.querySelector("button") ?? picker).focus();
    });
    return made;
  }

  function show() {
    list.replaceChildren(...files().map(line));
    list.hidden = !list.children.length;
  }

  function set(chosen) {
    field.value = JSON.stringify(chosen);
    show();
    field.dispatchEvent(new Event("change", { bubbles: true })); // the draft is kept with it
  }

  async function take(file) {
    const soon = refusal(files(), 0, limits);
    if (soon) throw new NotTaken(soon);
    const ready = await prepared(file);
    const why = refusal(files(), ready.made.size, limits);
    if (why) throw new NotTaken(why);
    const made = await kept(ready);
    here?.add(made.id);
    set([...files(), made]);
  }

  // A text is not sent while a file of it is still being made ready.
  async function busily(work) {
    const buttons = [...element.closest("form").querySelectorAll("button:not([type=button]):enabled")];
    for (const button of [...buttons, picker]) button.disabled = true;
    await work();
    for (const button of [...buttons, picker]) button.disabled = false;
    picker.focus();
  }

  picker.addEventListener("change", () => busily(async () => {
    const chosen = [...picker.files];
    const refused = [];
    picker.value = "";
    complain([]);
    for (const file of chosen) {
      say(fill(words.wordWorking, { name: file.name }));
      await take(file).catch((why) => refused.push(fill(words[why.message] ?? words.wordUnreadable, { name: file.name })));
    }
    complain(refused);
    say(fill(words.wordCount, { n: files().length }));
  }));

  field.addEventListener("hb:filled", show);
  show();
  (async () => {
    const { ready, kept: ids } = (navigator.serviceWorker?.controller && (await ask({ type: "attachment-ready" }))) || {};
    element.querySelector("[data-unsealed]").hidden = Boolean(ready);
    picker.disabled = !ready;
    here = ready && ids ? new Set(ids) : null;
    show();
  })();
}
