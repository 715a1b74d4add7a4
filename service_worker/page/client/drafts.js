// A form with data-draft="name" is kept while it is being written, and is there again when its page is opened.
import { encode, filesOf, fillFrom, labelOf } from "./encoding.js";
import { time } from "./words.js";
import { ask } from "./worker.js";

const PAUSE = 500; // of the keys, before a change is kept; nothing waits longer than twice this

const sentences = document.body.dataset;

function say(key, at) {
  const place = document.querySelector("[data-draft-say]");
  if (place) place.textContent = (sentences[key] ?? "").replace("{time}", at ? time(at, Date.now()) : "");
}

// From now on the form is kept at a place of its own, which its address names.
function move(form, { draft, page }) {
  form.dataset.draft = draft;
  history.replaceState(history.state, "", page);
}

// What lies in a box that stays shut is left where it is: what is written here is another text, and takes the place of nothing.
function leaveShut(form, { shut, at, written }) {
  const { pathname, search, hash } = location;
  const [name] = form.dataset.draft.split(" ");
  const id = crypto.randomUUID();
  delete form.dataset.outboxItem;
  move(form, { draft: `${name} ${id}`, page: `${pathname}#bai-${id}` });
  say(shut === "now" ? "wordDraftShut" : "wordDraftLost", at ?? written);
  if (shut !== "now") return;
  addEventListener("online", () => {
    if (form.dataset.draftId) return; // something is written here meanwhile
    history.replaceState(history.state, "", pathname + search + hash);
    location.reload();
  }, { once: true });
}

// A correction is a draft of its own, which begins with what was refused; another text begun in the same form stays apart.
async function restore(form) {
  const { draft: name, outboxItem: id } = form.dataset;
  const draft = await ask({ type: "draft-show", name });
  const found = draft?.draft ? draft : id && (await ask({ type: "outbox-show", id }));
  if (found?.shut) return leaveShut(form, found);
  if (!found?.body) return;
  await fillFrom(form, found);
  if (found !== draft) return;
  form.dataset.draftId = draft.id;
  say("wordDraftFound", draft.at);
}

function keeper(form) {
  let waiting;
  let since = 0;
  const keep = async () => {
    clearTimeout(waiting);
    waiting = undefined;
    since = 0;
    if (form.dataset.draftOff) return;
    const { contentType, body } = await encode(form);
    if (form.dataset.draftOff) return; // handed over meanwhile
    form.dataset.draftId ??= crypto.randomUUID();
    const { draft: name, draftId: id } = form.dataset;
    const message = { type: "draft-put", name, id, page: location.pathname + location.hash, label: labelOf(form), contentType, body, ...filesOf(form) };
    const kept = await ask(message);
    if (kept?.id) form.dataset.draftId = kept.id;
    if (kept?.draft && kept.draft !== name) move(form, kept);
    say(kept?.boxed ? "wordDraftBoxed" : kept?.at ? "wordDraftKept" : kept?.why === "full" ? "wordFull" : "wordDraftNone", kept?.at);
  };
  const changed = () => {
    since ||= Date.now();
    clearTimeout(waiting);
    waiting = setTimeout(keep, Date.now() - since > PAUSE ? 0 : PAUSE);
  };
  const now = () => waiting && keep();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("visibilitychange", () => document.hidden && now());
  addEventListener("pagehide", now);
}

// One page at a time writes a draft: two would overwrite each other. The second one says so, and may take it over.
function claim(form, begin) {
  const name = `hb-draft ${form.dataset.draft}`;
  const hold = (how) => navigator.locks.request(name, how, async (lock) => {
    if (!lock) return elsewhere();
    delete form.dataset.draftOff;
    await begin();
    if (name !== `hb-draft ${form.dataset.draft}`) return void claim(form, () => {}); // it is another text now
    return new Promise(() => {}); // until this page goes
  }).catch(elsewhere);
  const elsewhere = () => {
    form.dataset.draftOff = "elsewhere";
    say("wordDraftElsewhere");
    form.addEventListener("focusin", () => hold({ steal: true }), { once: true });
  };
  return hold({ ifAvailable: true });
}

// What is typed before the draft is back in its place would be lost, or the draft would: for that moment the form waits.
async function begin(form) {
  form.inert = true;
  await restore(form);
  form.inert = false;
  if (!form.dataset.draftReady) keeper(form);
  form.dataset.draftReady = "yes";
}

/** Keep every form of this page that asks for it. The address may name an item that is to be corrected: #bai-<id>. */
export function keepDrafts() {
  const [, id] = location.hash.match(/^#bai-([\w-]+)$/) ?? [];
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (id) Object.assign(form.dataset, { outboxItem: id, draft: `${form.dataset.draft} ${id}` });
    claim(form, () => begin(form));
  }
}
