// Keeps the place in a document on this phone and nowhere else: {document id: {part: 0 to 1, at: milliseconds}}.
const KEY = "hb-reading";
const MOST = 200;
const FINISHED = 0.97;
const BEGUN = 0.02;

const places = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

function keep(id, part) {
  const all = { ...places(), [id]: { part, at: Date.now() } };
  const newest = Object.entries(all).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // A full or forbidden store: the document reads the same, only the place is not kept.
  }
}

/** How much of the text stands above the lower edge of the window, 0 to 1. */
function partRead(text) {
  const box = text.getBoundingClientRect();
  if (box.height === 0) return 0;
  return Math.min(1, Math.max(0, (innerHeight - box.top) / box.height));
}

function show(bar, part) {
  if (!bar) return;
  const percent = Math.round(part * 100);
  bar.hidden = false;
  bar.value = percent;
  bar.setAttribute("aria-label", bar.dataset.words.replace("{percent}", percent));
}

function goBack(text, part) {
  const box = text.getBoundingClientRect();
  scrollTo({ top: scrollY + box.top + part * box.height - innerHeight, behavior: "instant" });
}

export function connect(article) {
  const text = article.querySelector("[data-text]");
  const bar = document.querySelector(".readprog");
  const id = article.dataset.document;
  const before = places()[id]?.part ?? 0;
  // An address with a part of the text in it, or a page the browser has scrolled itself, knows better.
  if (!location.hash && scrollY === 0 && before > BEGUN && before < FINISHED) goBack(text, before);
  show(bar, partRead(text));

  let waiting;
  const note = () => {
    waiting = undefined;
    const part = partRead(text);
    show(bar, part);
    if (part > BEGUN && scrollY > 0) keep(id, part);
  };
  addEventListener("scroll", () => (waiting ??= setTimeout(note, 200)), { passive: true });
  addEventListener("pagehide", () => waiting && note());
  markSaved(article);
}

/** The mark "on this phone" follows what the worker says it holds. */
function markSaved(article) {
  const mark = article.querySelector("[data-saved-mark]");
  document.addEventListener("hb:pack", ({ detail }) => {
    mark.hidden = !detail.urls.includes(article.dataset.url);
  });
}
