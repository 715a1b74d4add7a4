// Pages out of this phone's pack.
import * as clock from "./clock.js";
import { compose, escape, keepReason, shellOf, slotsOf, withList } from "./compose.js";
import { expire, INDEX, revisionOf } from "./pack.js";
import { find, listing } from "./search.js";
import { member } from "./session.js";
import * as vault from "./vault.js";

const LIBRARY = "/library/";
const STALE = 12 * 3_600_000; // a copy not compared with the server's for so long says so until it has been

async function searched(tag, content, params) {
  const index = await vault.get(tag, INDEX);
  if (!index) return content;
  const { items, words } = JSON.parse(index.body);
  const texts = new Map();
  for (const { url } of items) texts.set(url, (await vault.get(tag, `text ${url}`))?.body);
  const carried = items.filter(({ url }) => texts.get(url) !== undefined);
  return withList(content, listing(find(carried, params, (url) => texts.get(url)), words));
}

// How the copy stands; undefined when nothing is kept here, or not for this member.
async function standing(tag) {
  try {
    return tag && (await vault.get(tag, "status"))?.body;
  } catch (error) {
    if (error?.name !== "Locked") throw error;
    return undefined;
  }
}

/** The saved page for an address as `{page}`, or `{reason}` why there is none: no-copy, expired or not-saved. */
export async function copyOf(url) {
  const tag = await member();
  const status = await standing(tag);
  if (!status) return { reason: "no-copy" };
  if ((await clock.now()) < status.validUntil) return composed(tag, url, "offline");
  await expire(tag);
  return { reason: "expired" };
}

/** The saved page that may be shown before the network is asked, out of a copy that lacks nothing; or null. */
export async function leading(url) {
  const tag = await member();
  const { complete, validUntil, heard } = (await standing(tag)) ?? {};
  const now = await clock.now();
  // What has run out is left to copyOf: with a network most of it is good for another term once the manifest is read.
  if (!complete || !(now < validUntil)) return null;
  // Without a network the first paint says so: a line that came later would move the page under the reader's eyes.
  const state = !navigator.onLine ? "offline" : now - heard < STALE ? "ready" : "stale";
  return (await composed(tag, url, state)).page ?? null;
}

async function composed(tag, { pathname, searchParams, search }, state) {
  const content = await vault.get(tag, pathname);
  const slots = content?.head.kind === "content" && slotsOf(content.body);
  const shell = slots && (await vault.get(tag, shellOf(slots)));
  if (!shell) return { reason: "not-saved" };
  slots.here = escape(pathname);
  if (pathname === LIBRARY && search) slots.content = await searched(tag, slots.content, searchParams);
  const headers = new Headers(shell.head.headers);
  headers.set("Cache-Control", "no-store");
  headers.set("X-Handbook-Pack", String(content.head.at));
  const stamp = { at: content.head.at, revision: revisionOf(content, shell), state };
  return { page: new Response(compose(shell.body, slots, stamp), { headers }) };
}

/** The public page that says kindly what is missing and why. */
export async function missingPage(template, reason) {
  if (!template) return Response.error();
  const html = keepReason(await template.text(), reason);
  return new Response(html, { status: 503, headers: template.headers });
}
