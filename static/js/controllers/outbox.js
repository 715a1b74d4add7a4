// The list of what waits on this phone, made by the phone itself: it is whole without a network.
import { ask, send } from "../../../service_worker/page/client/worker.js";
import { fill, size } from "../../../service_worker/page/client/words.js";
import { hasArrived, isDone } from "../../../service_worker/verdict.js";
import { moment } from "../calendar.js";

const TONES = { waiting: "wait", sending: "wait", refused: "must", received: "ok" };
const missing = ({ files = [] }) => files.filter((file) => !hasArrived(file));
const refusedOf = (item) => missing(item).filter(({ state }) => state === "refused");

function listOf(item) {
  if (isDone(item)) return "received";
  const refused = item.receipt ? refusedOf(item).length > 0 : item.state === "refused";
  return refused ? "refused" : "waiting";
}

function stateWords(item, { wordSending, wordWaiting, wordSignIn, wordOther, wordRefused, wordReceived, wordFiles, wordFilesRefused }) {
  if (isDone(item)) return wordReceived;
  const refused = refusedOf(item).length;
  if (item.receipt) return refused ? fill(wordFilesRefused, { n: refused }) : fill(wordFiles, { n: missing(item).length });
  if (item.state === "refused") return wordRefused;
  if (item.state === "sending") return wordSending;
  return { "signed-out": wordSignIn, "other-member": wordOther }[item.why] ?? wordWaiting;
}

/** The page in which a refused item is corrected: its form begins with what was refused. */
const mending = ({ page, id }) => `${page}#bai-${id}`;

export function connect(element) {
  const words = element.dataset;
  const template = element.querySelector("[data-item]");
  const written = ({ bytes, files = [] }, sentence, at) => {
    const whole = files.reduce((sum, file) => sum + file.bytes, bytes);
    const about = fill(sentence, { time: moment(at), size: size(whole, document.documentElement.lang) });
    return files.length ? fill(words.wordWithFiles, { about, n: files.length }) : about;
  };
  const complaint = (item) => refusedOf(item).map(({ name, why, message }) =>
    fill(why === "lost" ? words.wordFileLost : words.wordFileRefused, { name, why: message })).join(" ");

  function line({ label, state, tone, when, origin, message, open, openWord, receipt, drop, dropWord, sure = words.wordSure }) {
    const made = template.content.firstElementChild.cloneNode(true);
    const part = (name) => made.querySelector(`[data-${name}]`);
    const link = (name, href, word = part(name).textContent) => {
      if (href) Object.assign(part(name), { hidden: false, href, textContent: word });
    };
    part("label").textContent = label || (open ? words.wordBoxedText : words.wordBoxed);
    part("state").textContent = state;
    part("state").dataset.tone = tone;
    part("when").textContent = when;
    part("origin").hidden = !origin;
    part("origin").textContent = origin ?? "";
    part("why").hidden = !message;
    part("why").lastElementChild.textContent = message ?? "";
    link("open", open, openWord);
    link("receipt", receipt);
    part("drop").hidden = !drop;
    if (dropWord) part("drop").lastElementChild.textContent = dropWord;
    part("drop").addEventListener("click", async () => {
      if (!confirm(sure)) return;
      await ask(drop);
      show();
      ask({ type: "rescue" }); // the copy at the server goes too
    });
    return made;
  }

  /** Where a piece came from, that it is not on this phone alone, or that it cannot be read on it. */
  function originOf({ id, bytes, files, restored, written: version, at, boxed, page }, { copies, largest }) {
    if (boxed) return page ? words.wordShut : null;
    if (restored) return fill(restored.from === "file" ? words.wordFromFile : words.wordFromServer, { time: moment(restored.at) });
    if (bytes > largest) return words.wordNotCopied;
    if (copies[id] !== (at ?? version)) return null;
    return files?.length ? words.wordCopiedBare : words.wordCopied;
  }

  function itemLine(item, rescued) {
    const { id, label, message, receipt } = item;
    const shared = { label, message, state: stateWords(item, words), tone: TONES[listOf(item)] };
    const drop = { type: "outbox-drop", id };
    if (receipt) {
      const when = fill(words.wordArrived, { number: receipt.number, time: moment(Date.parse(receipt.received)) });
      const arrived = { ...shared, when, receipt: `/receipts/${receipt.id}` };
      if (isDone(item)) return line(arrived);
      return line({ ...arrived, message: complaint(item), drop, dropWord: words.wordDropFiles, sure: words.wordSureFiles });
    }
    shared.origin = originOf(item, rescued);
    const open = item.state === "refused" && item.page && mending(item);
    return line({ ...shared, when: written(item, words.wordWritten, item.written), open, openWord: words.wordMend, drop });
  }

  const draftLine = (draft, rescued) => line({
    origin: originOf(draft, rescued),
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

  /** A phone that can seal nothing for itself says so, and carries nothing into a file or to the server's copies. */
  async function showPlain() {
    const { plain } = (await ask({ type: "status" })) ?? {};
    element.querySelector("[data-plain]").hidden = !plain;
    element.querySelector("[data-controller=parcel]").hidden = Boolean(plain);
  }

  let latest = 0;
  async function show() {
    latest += 1;
    const turn = latest;
    const asked = ["outbox-list", "draft-list", "rescue-kept"].map((type) => ask({ type }));
    const [{ items = [], retryAt } = {}, { drafts = [] } = {}, { copies = {}, largest } = {}] = await Promise.all(asked);
    const rescued = { copies, largest };
    if (turn !== latest) return; // asked anew meanwhile
    const lists = { refused: [], waiting: [], draft: [], received: [] };
    for (const item of items) lists[listOf(item)].push(itemLine(item, rescued));
    lists.received.reverse();
    const mended = new Set(items.filter(({ state }) => state === "refused").map(mending)); // these stand in a list already
    lists.draft = drafts.filter(({ page }) => !mended.has(page)).map((draft) => draftLine(draft, rescued));
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
    await send({ now: true });
    button.disabled = false;
    show();
  });
  document.addEventListener("hb:outbox", show);
  showElsewhere();
  showPlain();
  show();
}
