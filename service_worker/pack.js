// What this phone carries: fetched entry by entry as the server's manifest says, only what changed, resumable.
import * as clock from "./clock.js";
import { shellOf, slotsOf } from "./compose.js";
import { current, letGoIfLost } from "./keys.js";
import { fetchWithin, secondsAsked } from "./network.js";
import { tell } from "./pages.js";
import { foldedText } from "./search.js";
import { adopt, heed, member, untilWiped } from "./session.js";
import { ifRoom, keyring, recall, remember } from "./store.js";
import { isDone } from "./verdict.js";
import * as vault from "./vault.js";

export const MANIFEST = "/offline/manifest";
export const INDEX = "/offline/index.json";
const FORMAT = 1;
const PARALLEL = 3;
const STEP = 20_000; // a browser ends a worker that is busy for long; the page asks again while there is more
const FRESH = 60_000; // a page load sooner than this after a finished download asks nothing
const PATIENCE = 30_000;
const DAY = 24 * 3_600_000;
const KEPT_HEADERS = ["content-type", "content-security-policy", "referrer-policy", "x-content-type-options", "content-language", "permissions-policy", "cross-origin-opener-policy"];
const STATUS = "status";
const textName = (url) => `text ${url}`;

/**
 * What to fetch, keep and remove so that `heads` become `entries`, cut where the budget in bytes is used up. Shells come
 * first, then the page that is `shown`: somebody is looking at it.
 */
export function plan(entries, heads, budget = Infinity, shown = "") {
  let room = budget;
  const carried = entries.filter(({ bytes = 0 }) => (bytes <= room ? ((room -= bytes), true) : false));
  const have = new Map(heads.filter(({ revision }) => revision).map((head) => [head.name, head.revision]));
  const wanted = new Set(carried.map(({ url }) => url));
  const rank = ({ url, kind }) => (kind === "shell" ? 0 : url === shown ? 1 : 2);
  return {
    fetch: carried.filter(({ url, revision }) => have.get(url) !== revision).sort((a, b) => rank(a) - rank(b)),
    keep: carried.filter(({ url, revision }) => have.get(url) === revision),
    remove: [...have.keys()].filter((name) => !wanted.has(name)),
    left: entries.length - carried.length,
  };
}

const OUTBOX = "/offline/outbox"; // its lists are made by the phone, and of boxes they say no word

/** Whether an entry may lie on a phone unsealed: documents and what they are shown in, no page about the member. */
export const shareable = ({ url, kind }) => kind !== "content" || url.startsWith("/library/") || url === OUTBOX;

/** Whether a reply may be kept for this member: a plain page or index of our own, theirs, asked for and answered directly. */
export function storable(reply, tag, kind) {
  const type = kind === "index" ? "application/json" : "text/html";
  return reply.status === 200 && reply.type === "basic" && !reply.redirected
    && (reply.headers.get("Content-Type") ?? "").startsWith(type)
    && reply.headers.get("X-Handbook") === "1" && reply.headers.get("X-Handbook-Member") === tag;
}

/**
 * When to try again, in ms: as the server says, but within a day, else doubling from 30 s to 1 h; spread so that phones do
 * not come at once.
 */
export function nextTry(retryAfter, tries, now, random = Math.random()) {
  const wait = retryAfter > 0 ? Math.min(DAY, retryAfter * 1000) : Math.min(3_600_000, 30_000 * 2 ** tries);
  return now + wait * (1 + random * 0.25);
}

/** Whether the moment set in `retry` is still to come. A clock that was turned back since says nothing about it. */
export const isAhead = (retry, now) => retry?.since <= now && now < retry.at;

class Stop extends Error {
  constructor(state, retryAfter) { super(state); this.state = state; this.retryAfter = retryAfter; }
}

async function ask(url, signal, read) {
  const options = { cache: "no-store", redirect: "manual", headers: { "X-Handbook-Fetch": "pack" } };
  const whole = async (reply) => ({ reply, body: reply.ok ? await read(reply) : null });
  let got;
  try {
    got = await fetchWithin(PATIENCE, url, options, { signal, read: whole });
  } catch { throw new Stop(signal.aborted ? "wiped" : "offline"); }
  const { reply } = got;
  if (reply.type === "opaqueredirect" || reply.status === 401) {
    await heed(reply);
    await markDue();
    throw new Stop("signed-out");
  }
  if ([429, 502, 503, 504].includes(reply.status)) throw new Stop("later", secondsAsked(reply));
  return got;
}

async function readManifest(signal) {
  const { reply, body } = await ask(MANIFEST, signal, (got) => got.text());
  if (!body || reply.headers.get("X-Handbook") !== "1") throw new Stop("error");
  const manifest = JSON.parse(body);
  if (manifest.format !== FORMAT) throw new Stop("error");
  await clock.hear(reply);
  await adopt(manifest.member);
  return manifest;
}

async function drop(tag, url) {
  await vault.delete(tag, url);
  await vault.delete(tag, textName(url));
}

async function keep(tag, entry, signal) {
  const { reply, body } = await ask(entry.url, signal, (got) => got.text());
  if ([403, 404, 410].includes(reply.status)) { await drop(tag, entry.url); return false; }
  const owner = reply.headers.get("X-Handbook-Member");
  if (owner && owner !== tag) throw new Stop("other-member");
  if (!storable(reply, tag, entry.kind)) return false;
  const slots = entry.kind === "content" ? slotsOf(body) : null;
  if (entry.kind === "content" && !slots) return false;
  if (signal.aborted) throw new Stop("wiped");
  const headers = KEPT_HEADERS.flatMap((name) => (reply.headers.has(name) ? [[name, reply.headers.get(name)]] : []));
  const { revision, kind } = entry;
  if (slots) await vault.put(tag, textName(entry.url), { kind: "text", at: Date.now() }, foldedText(slots.content));
  await vault.put(tag, entry.url, { revision, kind, bytes: entry.bytes ?? body.length, at: Date.now(), headers }, body);
  return true;
}

async function keepAll(tag, todo, signal, progress) {
  const started = performance.now();
  const queue = [...todo];
  let failed = 0;
  const lane = async () => {
    try {
      while (queue.length) {
        if (performance.now() - started > STEP) throw new Stop("more");
        const entry = queue.shift();
        if (!(await keep(tag, entry, signal))) failed += 1;
        await progress(todo.length - queue.length, entry.url);
      }
    } catch (error) {
      queue.length = 0; // what stops one lane stops all
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: PARALLEL }, lane));
  const broken = lanes.find(({ status }) => status === "rejected");
  if (broken) throw broken.reason;
  return failed;
}

async function writeStatus(tag, changes, signal) {
  const { body = {} } = (await vault.get(tag, STATUS)) ?? {};
  if (signal?.aborted) throw new Stop("wiped");
  await vault.put(tag, STATUS, { kind: "status", at: Date.now() }, { ...body, ...changes });
}

async function download(report, shown) {
  const manifest = await readManifest(untilWiped());
  const tag = manifest.member;
  const signal = untilWiped(); // a new one, if the phone changed hands with this manifest
  const total = manifest.entries.filter(({ kind }) => kind === "content").length;
  await writeStatus(tag, { validUntil: manifest.valid_until * 1000, total }, signal);
  const key = await current();
  const entries = key?.plain ? manifest.entries.filter(shareable) : manifest.entries;
  const work = plan(entries, await vault.list(tag), manifest.budget, shown);
  for (const name of work.remove) await drop(tag, name);
  const kept = work.keep.length;
  const progress = (done, url) => report({ type: "progress", done: kept + done, total: kept + work.fetch.length, url });
  if (work.fetch.length) await progress(0);
  const failed = await keepAll(tag, work.fetch, signal, progress);
  const state = failed ? "partial" : "done";
  await writeStatus(tag, { at: Date.now(), heard: await clock.now(), complete: !failed, left: work.left }, signal);
  return { state, fetched: work.fetch.length - failed, kept, removed: work.remove.length, failed };
}

async function settle(error) {
  if (error?.name === "QuotaExceededError") return { state: "quota" };
  if (error?.name === "Locked") return { state: "locked" };
  const state = error instanceof Stop ? error.state : "error";
  if (state !== "later" && state !== "error") return { state };
  const { tries = 0 } = (await recall("retry")) ?? {};
  const retryAt = nextTry(error.retryAfter, tries, Date.now());
  await ifRoom(remember("retry", { at: retryAt, since: Date.now(), tries: tries + 1 }));
  return { state, retryAt };
}

let running = null;

/**
 * Bring the pack up to date; one run at a time. `force` skips the short rest after a finished download, never
 * Retry-After; `shown` is the path of the page that asks.
 */
export function sync({ force = false, shown } = {}) {
  running ??= (async () => {
    const retry = await recall("retry");
    if (isAhead(retry, Date.now())) return { state: "later", retryAt: retry.at };
    await letGoIfLost();
    const key = await current();
    if (!key || key.over) return { state: "locked" };
    const known = await status();
    if (!force && known.at && Math.abs(Date.now() - known.at) < FRESH && !(await isDue())) return { state: "done", fetched: 0 };
    try {
      const due = await dueMark();
      const outcome = await download(tell, shown);
      await ifRoom(remember("retry", null));
      await settleDue(due);
      return outcome;
    } catch (error) {
      return settle(error);
    }
  })().finally(() => { running = null; });
  return running;
}

/** The revision of a page made of these two pieces. */
export const revisionOf = (content, shell) => `${content.head.revision}.${shell.head.revision}`;

async function revisionAt(tag, path) {
  const content = path && (await vault.get(tag, path));
  const slots = content?.head.kind === "content" && slotsOf(content.body);
  const shell = slots && (await vault.get(tag, shellOf(slots)));
  return shell ? revisionOf(content, shell) : null;
}

/**
 * For pages: which addresses are on this phone, how many bytes, whole or not, as of when, the wipe count, how much is unsent
 * or being written, and the revision that a page at the path `shown` would have now, null when it is not here.
 */
export async function status({ shown } = {}) {
  const tag = await member();
  const epoch = (await recall("epoch")) ?? 0;
  const key = tag && (await current());
  if (!key || key.member !== tag) return { member: tag ?? null, epoch, urls: [], bytes: 0, total: 0, waiting: 0, drafts: 0, complete: false, locked: Boolean(tag), stores: (await keyring.entries()).length };
  const all = await vault.list(tag);
  const heads = all.filter(({ revision }) => revision);
  const waiting = all.filter((head) => head.kind === "outbox" && !isDone(head)).length;
  const drafts = all.filter(({ kind }) => kind === "draft").length;
  const urls = heads.filter(({ kind }) => kind === "content").map(({ name }) => name);
  const { body = {} } = (await vault.get(tag, STATUS)) ?? {};
  const bytes = heads.reduce((sum, head) => sum + head.bytes, 0);
  return { member: tag, epoch, waiting, drafts, plain: key.plain, urls, bytes, total: body.total ?? 0, at: body.at, complete: Boolean(body.complete), locked: Boolean(key.over), until: key.until, validUntil: body.validUntil, revision: await revisionAt(tag, shown) };
}

/**
 * The server may have something new for this phone (a new worker, something written, a session that ended): until a
 * download has succeeded since, pages come from the network first and ask for what is new at once.
 */
export function markDue() {
  marked = `${Date.now()} ${Math.random()}`;
  return ifRoom(remember("due", marked));
}

let marked = null; // known here before the store has it: the page after a form is asked for within a moment

const dueMark = async () => marked ?? (await recall("due"));

export const isDue = async () => Boolean(await dueMark());

/** Done with what was due when the download began; what was written meanwhile stays due. */
async function settleDue(mark) {
  if ((await dueMark()) !== mark) return;
  marked = null;
  await ifRoom(remember("due", false));
}

/** Remove what has run out: shown no more, and kept no more. */
export async function expire(tag) {
  for (const { name, kind, revision } of await vault.list(tag)) if (revision || kind === "text") await vault.delete(tag, name);
  await ifRoom(writeStatus(tag, { complete: false, at: null }));
}

