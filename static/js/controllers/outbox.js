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

export function connect(element) {
  const words = element.dataset;
  const template = element.querySelector("[data-item]");

  const row = (item) => {
    const line = template.content.firstElementChild.cloneNode(true);
    const part = (name) => line.querySelector(`[data-${name}]`);
    part("label").textContent = item.label;
    part("state").textContent = stateWords(item, words);
    part("state").dataset.tone = TONES[listOf(item)];
    part("when").textContent = item.receipt
      ? fill(words.wordArrived, { number: item.receipt.number, time: moment(Date.parse(item.receipt.received)) })
      : fill(words.wordWritten, { time: moment(item.written), size: size(item.bytes, document.documentElement.lang) });
    if (item.message) {
      part("why").hidden = false;
      part("why").lastElementChild.textContent = item.message;
    }
    if (item.receipt) {
      part("receipt").hidden = false;
      part("receipt").href = `/receipts/${item.receipt.id}`;
      return line;
    }
    part("open").hidden = item.state !== "refused" || !item.page;
    part("open").href = item.page ?? "";
    part("drop").hidden = false;
    part("drop").addEventListener("click", async () => {
      if (!confirm(words.wordSure)) return;
      await ask({ type: "outbox-drop", id: item.id });
      show();
    });
    return line;
  };

  let latest = 0;
  async function show() {
    latest += 1;
    const turn = latest;
    const { items = [], retryAt } = (await ask({ type: "outbox-list" })) ?? {};
    if (turn !== latest) return; // asked anew meanwhile
    for (const section of element.querySelectorAll("[data-list]")) {
      const own = items.filter((item) => listOf(item) === section.dataset.list);
      if (section.dataset.list === "received") own.reverse();
      section.hidden = !own.length;
      section.querySelector("ul").replaceChildren(...own.map(row));
    }
    element.querySelector("[data-nothing]").hidden = items.length > 0;
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
  show();
}
