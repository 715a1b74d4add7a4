// Forms that may wait. The very bytes that a form would send are handed to the worker's outbox, with a network as without:
// there is one way out, and what is written is stored before it is sent. Without script, or where nothing can be sealed on
// this phone, the same form is sent by the browser.
//   data-outbox="what is being done, in words"   data-outbox-title="the field that tells one from another"
//   data-outbox-form="its version"
import { encode, filesOf, labelOf } from "./encoding.js";
import { offer } from "./notice.js";
import { ask } from "./worker.js";

const SELECTOR = "form[data-outbox]";

/** What the form's place for messages says; `key` names the sentence among the page's words. */
function say(form, key, text = document.body.dataset[key] ?? "") {
  const place = form.querySelector("[data-message]");
  if (!place) return;
  place.hidden = !text;
  place.querySelector("span").textContent = text;
  if (text) place.scrollIntoView({ block: "nearest" });
  form.dataset.outboxState = key;
}

const freeze = (form, frozen) => {
  for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = frozen;
};

// What was handed over stands as it is: a change typed into it now would go nowhere.
function still(form) {
  document.querySelector("[data-draft-say]")?.replaceChildren();
  for (const field of form.elements) {
    if (field.matches("textarea, input:not([type=checkbox], [type=radio], [type=file])")) field.readOnly = true;
    else field.disabled = true;
  }
}

/** Show in a form how its item stands. */
export function reflect(form, item) {
  if (item.state !== "refused") still(form);
  else freeze(form, false);
  if (item.state === "refused") say(form, "wordRefused", item.message || undefined);
  else say(form, item.why === "signed-out" ? "wordWaitingSignIn" : "wordWaiting");
}

async function hand(form, submitter) {
  const { contentType, body } = await encode(form, submitter);
  const { outboxForm, outboxItem, draft, draftId } = form.dataset;
  const url = new URL(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action).pathname;
  const id = draftId ?? crypto.randomUUID();
  const message = { type: "outbox-submit", id, url, page: location.pathname, contentType, body, label: labelOf(form), form: outboxForm, draft, replaces: outboxItem, ...filesOf(form) };
  // A worker that says nothing (it was ended, or waits for a slow disk) may have taken it: asked again under the same id, it
  // takes it once. Anything else that sends it could send it twice.
  let item;
  do item = await ask(message); while (item?.state === "silent");
  return item;
}

// To the page that shows what was done; this very page is loaded anew, also when only a place on it is meant.
function go(target) {
  const { href, pathname, search } = new URL(target ?? "", location.href);
  if (pathname !== location.pathname || search !== location.search) return location.assign(href);
  history.replaceState(history.state, "", href);
  location.reload();
}

async function submit(form, submitter) {
  freeze(form, true);
  form.dataset.draftOff = "sent"; // what is handed over now is the last word
  say(form, "wordSending");
  const item = await hand(form, submitter);
  if (item?.state === "received") return go(item.location);
  if (item?.state === "waiting" || item?.state === "sending") return reflect(form, item);
  freeze(form, false);
  delete form.dataset.draftOff;
  if (item?.state === "refused") {
    form.dataset.outboxItem = item.id; // corrected here, it takes the refused one's place, as an item of its own
    delete form.dataset.draftId;
    return reflect(form, item);
  }
  if (item?.why === "full") return say(form, "wordFull");
  if (!navigator.onLine) return say(form, "wordNeedsNetwork");
  if (filesOf(form).files?.length) return say(form, "wordFilesNeedStore");
  say(form, "");
  form.submit(); // nothing can be sealed on this phone: the browser sends it, and the server answers with a page
}

/**
 * From now on forms marked with `data-outbox` (what is being done, in words) go through the outbox. The others ask for an
 * answer at once (keys, sessions): without a network the page says so, where the browser would show its own error.
 */
export function watchForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || !navigator.serviceWorker?.controller) return;
    const waits = form.matches(SELECTOR);
    if (!waits && navigator.onLine) return;
    event.preventDefault();
    const { wordOnlyOnline, wordOnlyOnlineGo } = document.body.dataset;
    if (waits) submit(form, event.submitter);
    else offer("only-online", wordOnlyOnline, wordOnlyOnlineGo, (press) => press.target.closest("[data-notice]").remove());
  });
}

// The item that a form is about: of a text, the one that is being corrected in it, since another may be written meanwhile;
// of anything else, the last one for its address.
function itemOf(form, items) {
  const { draft, outboxItem } = form.dataset;
  if (draft) return items.find(({ id }) => id === outboxItem);
  return items.findLast(({ url }) => url === new URL(form.action).pathname);
}

/** Forms of this page whose item still waits, or was refused, say so; sent anew it takes the refused one's place. */
export async function reflectAll() {
  const forms = [...document.querySelectorAll(SELECTOR)];
  if (!forms.length) return;
  const { items = [] } = (await ask({ type: "outbox-list" })) ?? {};
  for (const form of forms) {
    const item = itemOf(form, items.filter(({ receipt }) => !receipt));
    if (!item) continue;
    if (item.state === "refused") form.dataset.outboxItem = item.id;
    reflect(form, item);
  }
}
