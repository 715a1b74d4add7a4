// Pure parts of what a page says about its copy: which state, and the sentence for it.
export { momentSeenFrom as time } from "../../../static/js/calendar.js";

/** Fill `{name}` places of a sentence. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/** Bytes as people read them: "180 KB", "1,2 MB" (decimal comma in Vietnamese). */
export function size(bytes, language) {
  const mega = bytes >= 999_500;
  const value = mega ? bytes / 1e6 : Math.max(1, bytes / 1e3);
  return `${value.toLocaleString(language, { maximumFractionDigits: mega ? 1 : 0 })} ${mega ? "MB" : "KB"}`;
}

/** data-sync after a run of the download: `outcome` of the worker, `pack` as it stands. */
export function stateAfter(outcome, pack, onLine) {
  if (!onLine || outcome === "offline") return "offline";
  if (outcome === "done") return "ready";
  return pack.urls.length ? "stale" : "starting";
}
