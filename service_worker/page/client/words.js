// Pure parts of what a page says about its copy: which state, and the sentence for it.
export { momentSeenFrom as time } from "../../../static/js/calendar.js";

/** Fill `{name}` places of a sentence. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/** Bytes as people read them: "180 KB", "1,2 MB", "10,7 GB" (decimal comma in Vietnamese). */
export function size(bytes, language) {
  if (bytes < 999_500) return `${Math.max(1, bytes / 1e3).toLocaleString(language, { maximumFractionDigits: 0 })} KB`;
  const [value, unit] = bytes < 999_500_000 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${value.toLocaleString(language, { maximumFractionDigits: 1 })} ${unit}`;
}

/** data-sync after a run of the download: `outcome` of the worker, `pack` as it stands. */
export function stateAfter(outcome, pack, onLine) {
  if (!onLine || outcome === "offline") return "offline";
  if (outcome === "done") return "ready";
  if (outcome === "locked") return "unsupported"; // signed in, but nothing can be kept here
  return pack.urls.length || outcome === "quota" ? "stale" : "starting";
}
