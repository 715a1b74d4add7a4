// The list of what waits on this phone, made by the phone itself: it is whole without a network.
import { ask } from "../../../service_worker/page/client/worker.js";
import { fill, size } from "../../../service_worker/page/client/words.js";
import { moment } from "../calendar.js";

const TONES = { waiting: "wait", sending: "wait", refused: "must", received: "ok" };
const listOf = ({ state, receipt }) => (receipt ? "received" : state === "refused" ? "refused" : "waiting");

function stateWords(item, { wordSending, wordWaiting, wordSignIn, wordOther, wordRefused, wordReceived }) {
  if (item.receipt) return wordReceived;
  if (item.state === "refused") return wordRefused;
  if (item.state === "sending") return wordSending;
  return { "signed-out": wordSignIn, "other-member": wordOther }[item.why] ?? wordWaiting;
}

/** The page in which a refused item is corrected: its form begins with what was refused. */
const mending = ({ page, id }) => `${page}#bai-${id}`;

export function connect(element) {
  const words = element.dataset;
  const template = element.querySelector("[data-item]");
  const written = ({ bytes }, sentence, at) => fill(sentence, { time: moment(at), size: size(bytes, document.documentElement.lang) });

  function line({ label, state, tone, when, message, open, openWord, receipt, drop }) {
    const made = template.content.firstElementChild.cloneNode(true);
    const part = (name) => made.querySelector(`[data-${name}]`);
    const link = (name, href, word = part(name).textContent) => {
      if (href) Object.assign(part(name), { hidden: false, href, textContent: word });
    };
    part("label").textContent = label;
    part("state").textContent = state;
    part("state").dataset.tone = tone;
    part("when").textContent = when;
    part("why").hidden = !message;
    part("why").lastElementChild.textContent = message ?? "";
    link("open", open, openWord);
    link("receipt", receipt);
    part("drop").hidden = !drop;
    part("drop").addEventListener("click", async () => {
      if (!confirm(words.wordSure)) return;
      await ask(drop);
      show();
    });
    return made;
  }

  function itemLine(item) {
    const { id, label, message, receipt } = item;
    const shared = { label, message, state: stateWords(item, words), tone: TONES[listOf(item)] };
    if (receipt) {
      const when = fill(words.wordArrived, { number: receipt.number, time: moment(Date.parse(receipt.received)) });
      return line({ ...shared, when, receipt: `/receipts/${receipt.id}` });
    }
    const open = item.state === "refused" && item.page && mending(item);
    return line({ ...shared, when: written(item, words.wordWritten, item.written), open, openWord: words.wordMend, drop: { type: "outbox-drop", id } });
  }

  const draftLine = (draft) => line({
    label: draft.label, state: words.wordDraft, tone: "wait", when: written(draft, words.wordKept, draft.at),
    open: draft.page, openWord: words.wordGoOn, drop: { type: "draft-drop", name: draft.draft },
  });

  /** Another passkey of the same member opens a store of its own, and what waits there is seen only with it. */
  async function showElsewhere() {
    const stores = (await ask({ type: "stores" })) ?? [];
    const waiting = stores.filter(({ mine, open }) => mine && !open).reduce((sum, store) => sum + store.waiting, 0);
    const place = element.querySelector("[data-elsewhere]");
    place.hidden = !waiting;
    const line = place.querySelector("p");
    line.textContent = fill(line.dataset.words, { n: waiting });
  }

  let latest = 0;
  async function show() {
    latest += 1;
    const turn = latest;
    const [{ items = [], retryAt } = {}, { drafts = [] } = {}] = await Promise.all(["outbox-list", "draft-list"].map((type) => ask({ type })));
    if (turn !== latest) return; // asked anew meanwhile
    const lists = { refused: [], waiting: [], draft: [], received: [] };
    for (const item of items) lists[listOf(item)].push(itemLine(item));
    lists.received.reverse();
    const mended = new Set(items.filter(({ state }) => state === "refused").map(mending)); // these stand in a list already
    lists.draft = drafts.filter(({ page }) => !mended.has(page)).map(draftLine);
    for (const [name, lines] of Object.entries(lists)) {
      const section = element.querySelector(`[data-list="${name}"]`);
      section.hidden = !lines.length;
      section.querySelector("ul").replaceChildren(...lines);
    }
    element.querySelector("[data-nothing]").hidden = items.length + drafts.length > 0;
    const retry = element.querySelector("[data-retry]");
    retry.hidden = !(retryAt > Date.now());
    retry.textContent = fill(words.wordRetry, { time: moment(retryAt) });
  }

  element.querySelector('[data-action="send-now"]').addEventListener("click", async ({ currentTarget: button }) => {
    button.disabled = true;
    await ask({ type: "outbox-replay", now: true });
    button.disabled = false;
    show();
  });
  document.addEventListener("hb:outbox", show);
  showElsewhere();
  show();
}
