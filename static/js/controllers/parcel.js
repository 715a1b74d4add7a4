// Unsent work goes out into a file and comes in again; without a network too.
import { ask } from "../../../service_worker/page/client/worker.js";
import { fill, size } from "../../../service_worker/page/client/words.js";

const PATIENCE = 300_000; // ms: a hundred megabytes on a slow phone

function download(file, name) {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers begin to read it only later
}

export function connect(element) {
  const words = element.dataset;
  const dialog = element.querySelector("dialog[data-parcel]");
  const input = element.querySelector("[data-parcel-file]");
  const place = element.querySelector("[data-say]");
  const press = (action, act) => element.querySelector(`[data-action="${action}"]`).addEventListener("click", act);

  const bytes = (count) => size(count, document.documentElement.lang);

  function say(word, values = {}) {
    place.hidden = false;
    place.textContent = fill(words[word], values);
  }

  press("parcel-ask", async () => {
    const weight = await ask({ type: "parcel-weigh" });
    if (!weight?.most) return say("wordFailed");
    if (!weight.count) return say("wordNone");
    if (weight.bytes > weight.most) return say("wordLarge", { size: bytes(weight.bytes), most: bytes(weight.most) });
    const about = { ...weight, size: bytes(weight.bytes), most: bytes(weight.most) };
    dialog.querySelector("[data-weight]").textContent = fill(words.wordWeight, about);
    dialog.showModal();
  });
  press("parcel-make", async () => {
    dialog.close();
    const { file, count } = (await ask({ type: "parcel-make" }, PATIENCE)) ?? {};
    if (!file) return say("wordFailed");
    const name = fill(words.wordFile, { day: new Date().toISOString().slice(0, 10) });
    download(file, name);
    say("wordMade", { n: count, file: name });
  });

  const REASONS = { unreadable: "wordUnreadable", newer: "wordNewer", "other-member": "wordOtherMember", full: "wordFull", large: "wordTooLarge" };
  press("parcel-choose", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    input.value = ""; // the same file may be chosen again
    say("wordTaking");
    const outcome = (await ask({ type: "parcel-take", file }, PATIENCE)) ?? {};
    if (outcome.state !== "taken") return say(REASONS[outcome.why] ?? "wordFailed");
    say(outcome.files ? "wordTakenFiles" : "wordTaken", outcome);
    await ask({ type: "outbox-replay", now: true });
  });
}
