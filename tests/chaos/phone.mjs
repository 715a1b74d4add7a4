// One phone and the member who holds it: they write, go through tunnels, lose the worker, the room or the whole store, and
// keep a history of what the phone promised them, of texts and of the files that go with them. The history is what the judge believes.
//
//   node tests/chaos/phone.mjs   reads JSON lines: who and where, then {"cookie": …}, {"evict": true}, {"settle": seconds};
//                                writes two: {"ready": true}, and after it has settled its history
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { Device } from "./device.mjs";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const told = JSON.parse((await lines.next()).value);
const { number, seed, origin, receiptKey, boxKey, tag, units, documents, speed, traits } = told;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// mulberry32: small, and the same on every machine.
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const pick = (list) => list[Math.floor(random() * list.length)];

const device = new Device({
  origin, receiptKey, boxKey, speed, cookie: told.cookie, source: readFileSync(told.worker, "utf8"), onSync: () => wake(),
});
device.ahead = traits.ahead ?? 0;

const history = new Map(); // by label, one entry for each thing written
const figures = { evictions: 0, killed: 0, nights: 0, unlocked: 0, full: 0, clock: 0, errors: [] };
const roots = new Map(); // what the passkey would unwrap
let worker = device.start();
let second = null; // a second worker on the same store, as while a new release takes over
let settling = false;
let toEvict = 0;

const NAME = "passkey";

/** The member holds the passkey to the phone, as after signing in again. */
async function unlock() {
  let row = await worker.ask({ type: "keyring-get", name: NAME });
  if (!row) {
    row = { member: tag, vault: `store-${roots.size}-${number}`, wrapped: true };
    roots.set(row.vault, crypto.getRandomValues(new Uint8Array(32)));
    await worker.ask({ type: "keyring-set", name: NAME, row });
  }
  const root = await crypto.subtle.importKey("raw", roots.get(row.vault), "HKDF", false, ["deriveKey"]);
  device.pageKey = { member: tag, vault: row.vault, root };
  await worker.ask({ type: "key", ...device.pageKey, signedIn: true });
  figures.unlocked += 1;
}

/** What the phone shows of its outbox goes into the history. */
async function learn() {
  const { items, locked } = await worker.ask({ type: "outbox-list" });
  if (locked || !items) return [];
  for (const item of items) {
    const entry = history.get(item.label);
    entry.key ??= item.id;
    entry.stored = true;
    if (item.id !== entry.key) entry.faults.push(`two keys: ${entry.key} ${item.id}`);
    if (item.state === "received") {
      entry.receipt = item.receipt;
      if (!item.receipt) entry.faults.push("received without a receipt");
    } else if (entry.receipt && item.id === entry.key) {
      entry.faults.push(`had its receipt and is ${item.state} again (${item.why})`);
    }
    if (item.state === "refused") entry.refused = item.why;
    for (const one of item.files ?? []) learnFile(entry.files.find(({ id }) => id === one.id), one);
  }
  return items;
}

function learnFile(file, { state: how, why, receipt }) {
  if (how === "received") {
    file.receipt = receipt;
    if (!receipt) file.faults.push("received without a receipt");
  } else if (file.receipt) file.faults.push(`had its receipt and is ${how} again (${why})`);
  if (how === "refused") file.refused = why;
}

const isOver = (file) => Boolean(file.receipt) || file.state === "refused";
const isDone = (item) => item.state === "received" && (item.files ?? []).every(isOver);

/** Choose some files to go with a text, as pages do: what the phone did not take is not named. */
async function chooseFiles() {
  const chosen = [];
  for (let left = random() < 0.3 ? 1 + Math.floor(random() * 2) : 0; left > 0; left -= 1) {
    const bytes = Buffer.alloc(pick(SIZES), sha256(`${number} ${serial} ${left} ${random()}`));
    bytes.write("%PDF-");
    const message = { type: "attachment-put", id: crypto.randomUUID(), name: "a.pdf", contentType: "application/pdf", body: new Uint8Array(bytes).buffer };
    const answer = await askAgain(message);
    if (answer.file) chosen.push({ ...answer.file, store: device.pageKey?.vault });
  }
  return chosen;
}

const CHUNK = 128 * 1024;
const SIZES = [40, 5000, CHUNK, CHUNK + 1, 2 * CHUNK + 77];
const AT = "/reports/attachments";

let serial = 0;
const label = () => `p${number}-${(serial += 1)}`;

function opinion(fields) {
  const name = label();
  const whole = { kind: pick(["opinion", "question", "proposal"]), unit_id: pick(units), subject: name, text: pick(TEXTS), ...fields };
  if (random() < 0.7) {
    return { name, fields: whole, url: "/reports/opinions", contentType: "application/x-www-form-urlencoded", body: new URLSearchParams(whole).toString() };
  }
  const boundary = `----phone${number}x${serial}`;
  const parts = Object.entries(whole).map(([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`);
  return { name, fields: whole, url: "/reports/opinions", contentType: `multipart/form-data; boundary=${boundary}`, body: `${parts.join("")}--${boundary}--\r\n` };
}

const TEXTS = [
  "Đề nghị mở thêm buổi sinh hoạt chuyên đề.", "Tổ dân phố cần sửa đèn đường, đồng chí xem giúp.", "x".repeat(3000),
  "Câu hỏi: khi nào có kết quả? Có nên họp sớm?", "Ý kiến «nhỏ» & dấu + cộng = 100%, viết ở nơi mất sóng.",
];

const reading = () => ({
  name: label(), fields: null, url: `/library/${pick(documents)}/reading`, contentType: "application/x-www-form-urlencoded", body: "revision=1",
});

/** As pages ask: a worker that does not answer any more may have taken it, and is asked again. */
async function askAgain(message) {
  let answer;
  do {
    const by = second && random() < 0.5 ? second : worker;
    answer = await Promise.race([by.ask(message), by.end]);
  } while (!answer);
  return answer;
}

async function writeWithFiles() {
  const chosen = await chooseFiles();
  const files = chosen.map(({ store: _store, ...file }) => file);
  return write(opinion(files.length ? { attachments: JSON.stringify(files) } : {}), files.length ? { files, filesAt: AT } : {}, chosen);
}

/** Press the form's button. What the phone answers is a promise: stored, or not. */
async function write({ name, fields, url, contentType, body }, given = {}, chosen = []) {
  const bytes = new TextEncoder().encode(body);
  const files = chosen.map((file) => ({ ...file, receipt: null, refused: null, fate: null, faults: [] }));
  const form = given.form ?? (fields ? "1" : undefined);
  const entry = { label: name, fields, form, url, files, hash: sha256(bytes), key: null, stored: null, receipt: null, refused: null, fate: null, faults: [] };
  history.set(name, entry);
  const message = { type: "outbox-submit", id: crypto.randomUUID(), url, page: url, contentType, body: bytes.buffer, label: name, form, ...given };
  const answer = await askAgain(message);
  // Chosen into a store that was thrown away before the text came to it.
  for (const file of files) if (file.store !== device.pageKey?.vault) file.fate ??= "evicted";
  if (!answer.id) {
    entry.stored = false;
    entry.said = answer.why;
    if (/locked/i.test(answer.why)) await unlock();
    else figures.errors.push(`submit: ${answer.why}`);
    return;
  }
  entry.key = answer.id;
  entry.stored = true;
  if (answer.state === "received") entry.receipt = answer.receipt;
}

async function writeInvalid() {
  await write(opinion({ subject: "" }));
}

/** Written in the form of a release that the server has not heard of, as after one was taken back. */
async function writeAhead() {
  await write(opinion(), { form: "99" });
}

/** What was refused is put right by its member: a new item takes the place of the old one. */
async function putRight() {
  for (const item of await learn()) {
    if (item.state !== "refused") continue;
    const entry = history.get(item.label);
    if (entry.url !== "/reports/opinions") { await drop(item); continue; }
    await write(opinion({ unit_id: units[0] }), { replaces: item.id });
  }
}

async function drop(item) {
  const entry = history.get(item.label);
  if (item.state !== "received") entry.fate ??= "taken back";
  else for (const file of entry.files) if (!file.receipt) file.fate ??= "given up";
  await worker.ask({ type: "outbox-drop", id: item.id });
}

async function takeBack() {
  const waiting = (await learn()).filter((item) => !isDone(item));
  if (waiting.length) await drop(pick(waiting));
}

async function evict() {
  await learn();
  for (const entry of history.values()) {
    if (!entry.receipt && entry.stored !== false) entry.fate ??= "evicted";
    for (const file of entry.files) if (!file.receipt) file.fate ??= "evicted";
  }
  device.evict();
  toEvict -= 1;
  figures.evictions += 1;
  await unlock();
}

async function endWorker() {
  worker.kill();
  figures.killed += 1;
  worker = device.start();
}

/** The phone lies closed, and sends what it cannot read itself, until its member opens the handbook again. */
async function night() {
  for (const one of [worker, second]) one?.kill();
  second = null;
  device.pageKey = null;
  worker = device.start();
  figures.nights += 1;
  await Promise.race([replay({ now: true }), pause(2000)]);
  await unlock();
}

async function takeOver() {
  if (second) {
    worker.kill();
    worker = second;
    second = null;
  } else {
    second = device.start();
  }
}

async function tunnel() {
  device.offline = true;
  await pause(300 + random() * 1500);
  device.offline = false;
  await replay({ online: true });
}

async function runFull() {
  device.full = true;
  figures.full += 1;
  await pause(200 + random() * 400);
  device.full = false;
}

async function turnClock() {
  device.ahead += pick([-40, -1, 1, 400]) * 86_400_000;
  figures.clock += 1;
}

async function replay(how = { now: true }) {
  const [one] = await Promise.all([worker, ...(second ? [second] : [])].map((by) => by.ask({ type: "outbox-replay", ...how })));
  return one?.state === "more" ? replay(how) : one;
}

// Background Sync: the browser wakes the worker some time after it asked, and again while it fails.
let waking = false;
async function wake() {
  if (waking || !traits.sync) return;
  waking = true;
  await pause(500);
  for (let tries = 0; tries < 3 && !device.offline && !(await Promise.race([worker.sync("outbox"), worker.end])); tries += 1) await pause(1000);
  waking = false;
}

const ACTS = [
  [12, writeWithFiles],
  [2, () => Promise.all([writeWithFiles(), write(opinion())])],
  [2, () => write(reading())],
  [1, writeInvalid],
  [1, writeAhead],
  [2, putRight],
  [1, takeBack],
  [3, () => Promise.all([replay(), replay()])],
  [2, tunnel],
  [traits.dies ? 2 : 0, endWorker],
  [2, night],
  [traits.updates ? 2 : 0, takeOver],
  [traits.full ? 1 : 0, runFull],
  [traits.clock ? 1 : 0, turnClock],
];
const WEIGHT = ACTS.reduce((sum, [weight]) => sum + weight, 0);

function choose() {
  let left = random() * WEIGHT;
  return ACTS.find(([weight]) => (left -= weight) < 0)[1];
}

// A worker that is ended leaves its questions unanswered: the member does not wait for ever.
const patiently = (work) => Promise.race([work, pause(4000)]);

async function live() {
  while (!settling) {
    const act = toEvict ? evict : choose();
    await patiently(act().catch((error) => figures.errors.push(error.stack)));
    await learnOrUnlock();
    await pause(random() * traits.rest);
  }
}

async function learnOrUnlock() {
  const { locked } = await worker.ask({ type: "status" });
  if (locked !== undefined) await unlock();
  await learn();
}

/** Everything is well again: go on until nothing waits, as a member would who opens the handbook once more. */
async function settle(seconds) {
  device.offline = false;
  device.full = false;
  const end = Date.now() + seconds * 1000;
  let left = [];
  let last = "no answer";
  while (Date.now() < end) {
    await learnOrUnlock();
    last = (await Promise.race([replay(), pause(20_000)])) ?? "no answer";
    await putRight();
    left = (await learn()).filter((item) => !isDone(item));
    if (!left.length) break;
    await pause(500);
  }
  return { left: left.map(({ label: name, state: how, why }) => `${name} ${how} ${why}`), last };
}

const say = (what) => new Promise((done) => process.stdout.write(`${JSON.stringify(what)}\n`, done));

await unlock();
await say({ ready: true });
const living = live();
for await (const line of lines) {
  const order = JSON.parse(line);
  if (order.evict) toEvict += 1;
  if (order.cookie) device.cookie = order.cookie;
  if (order.settle) {
    settling = true;
    await living;
    const { left, last } = await settle(order.settle);
    const sent = device.sent.map(({ key }) => key);
    await say({ number, tag, history: [...history.values()], left, last, sent, figures });
    process.exit(0);
  }
}
