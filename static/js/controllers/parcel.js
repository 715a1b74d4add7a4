// Unsent work goes out into a file and comes in again; without a network too.
import { ask } from "../../../service_worker/page/client/worker.js";
import { fill } from "../../../service_worker/page/client/words.js";

const LARGEST = 50_000_000;

function download(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
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

  function say(word, values = {}) {
    place.hidden = false;
    place.textContent = fill(words[word], values);
  }

  press("parcel-ask", () => dialog.showModal());
  press("parcel-make", async () => {
    dialog.close();
    const { text, count } = (await ask({ type: "parcel-make" })) ?? {};
    if (!text) return say("wordFailed");
    if (!count) return say("wordNone");
    const file = fill(words.wordFile, { day: new Date().toISOString().slice(0, 10) });
    download(text, file);
    say("wordMade", { n: count, file });
  });

  const REASONS = { unreadable: "wordUnreadable", newer: "wordNewer", "other-member": "wordOtherMember", full: "wordFull" };
  press("parcel-choose", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const text = file.size < LARGEST ? await file.text() : "";
    input.value = ""; // the same file may be chosen again
    const outcome = (await ask({ type: "parcel-take", text })) ?? {};
    if (outcome.state !== "taken") return say(REASONS[outcome.why] ?? "wordFailed");
    say("wordTaken", outcome);
    await ask({ type: "outbox-replay", now: true });
  });
}
