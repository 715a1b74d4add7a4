// Search within what this phone carries: the same folding as the server's, over the index and the folded texts.
import { escape } from "./compose.js";

/** Lower case, no diacritics, đ → d: "Đảng uỷ" is found by "dang uy". */
export const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}+/gu, "").toLowerCase().replaceAll("đ", "d");

/** The readable words of markup, folded, for searching only. */
export const foldedText = (html) =>
  fold(html.replace(/<[^>]*>/g, " ").replace(/&#?\w+;/g, " ")).replace(/\s+/g, " ").trim();

const FILTERS = ["kind", "issuer", "year"];

/** Items that carry every word of `q` and meet every filter; `textOf(url)` gives the folded text of a document. */
export function find(items, params, textOf) {
  const words = fold(params.get("q") ?? "").split(/\s+/).filter(Boolean);
  return items.filter((item) => {
    if (FILTERS.some((name) => params.get(name) && params.get(name) !== String(item[name]))) return false;
    if (params.get("unread") && !item.unread) return false;
    if (params.get("required") && !item.read_before) return false;
    const hay = `${fold([item.title, item.symbol, item.issuer, item.kind_name].join(" "))} ${textOf(item.url)}`;
    return words.every((word) => hay.includes(word));
  });
}

const icon = (name) => `<svg class="icon" aria-hidden="true"><use href="/static/dist/icons.svg#i-${name}"/></svg>`;

const DRAWN = { ok: "ok", must: "alert", late: "history" };

const tag = (tone, text) => `<span class="tag" data-tone="${tone}">${icon(DRAWN[tone])} ${escape(text)}</span>`;

function tags(item, words) {
  const due = item.unread && item.read_before ? tag("must", words.read_before.replace("{day}", item.read_before)) : "";
  const replaced = item.standing === "replaced" ? tag("late", words.replaced) : "";
  const read = item.unread ? `<span class="tag unread">${escape(words.unread)}</span>` : tag("ok", words.confirmed);
  return due + replaced + read;
}

function row(item, words) {
  const number = item.symbol && `${words.number} ${item.symbol}`;
  const over = item.standing !== "in_force" && words.expired;
  const kicker = [item.kind_name, number, over].filter(Boolean).map(escape).join(" · ");
  return `<li class="row row--wide${item.unread ? "" : " is-read"}" data-item data-url="${escape(item.url)}"${item.unread ? " data-unread" : ""}><div class="row__body">
<p class="row__kicker">${kicker}</p>
<h3 class="row__title row__title--doc"><a href="${escape(item.url)}">${escape(item.title)}</a></h3>
<p class="meta"><span>${escape(item.issuer)}</span><time datetime="${escape(item.date)}">${escape(item.date_words)}</time><span data-saved-mark>${icon("saved")} ${escape(words.saved)}</span></p>
<p class="row__tags">${tags(item, words)}</p></div></li>`;
}

/** The list part of the library page for these items, in the words that came with the index. */
export function listing(items, words) {
  const count = `<div class="split"><h2><span data-count role="status" data-words="${escape(words.count)}">${escape(words.count.replace("{n}", items.length))}</span></h2></div>`;
  if (!items.length) return `${count}<div class="empty"><p>${escape(words.none)}</p></div>`;
  return `${count}<ul class="list">${items.map((item) => row(item, words)).join("\n")}</ul>`;
}
