// Pages out of this phone's pack.
import * as clock from "./clock.js";
import { compose, escape, keepReason, shellOf, slotsOf, withList } from "./compose.js";
import { expire, INDEX } from "./pack.js";
import { find, listing } from "./search.js";
import { member } from "./session.js";
import * as vault from "./vault.js";

const LIBRARY = "/library/";

async function searched(tag, content, params) {
  const index = await vault.get(tag, INDEX);
  if (!index) return content;
  const { items, words } = JSON.parse(index.body);
  const texts = new Map();
  for (const { url } of items) texts.set(url, (await vault.get(tag, `text ${url}`))?.body);
  const carried = items.filter(({ url }) => texts.get(url) !== undefined);
  return withList(content, listing(find(carried, params, (url) => texts.get(url)), words));
}

/** The saved page for an address as `{page}`, or `{reason}` why there is none: no-copy, expired or not-saved. */
export async function copyOf({ pathname, searchParams, search }) {
  const tag = await member();
  const state = tag && (await vault.get(tag, "status"));
  if (!state) return { reason: "no-copy" };
  if (!((await clock.now()) < state.body.validUntil)) {
    await expire(tag);
    return { reason: "expired" };
  }
  const content = await vault.get(tag, pathname);
  const slots = content?.head.kind === "content" && slotsOf(content.body);
  const shell = slots && (await vault.get(tag, shellOf(slots)));
  if (!shell) return { reason: "not-saved" };
  slots.here = escape(pathname);
  if (pathname === LIBRARY && search) slots.content = await searched(tag, slots.content, searchParams);
  const headers = new Headers(shell.head.headers);
  headers.set("Cache-Control", "no-store");
  headers.set("X-Handbook-Pack", String(content.head.at));
  return { page: new Response(compose(shell.body, slots, content.head.at), { headers }) };
}

/** The public page that says kindly what is missing and why. */
export async function missingPage(template, reason) {
  if (!template) return Response.error();
  const html = keepReason(await template.text(), reason);
  return new Response(html, { status: 503, headers: template.headers });
}
