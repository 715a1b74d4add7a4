// What a browser on a phone gives to its worker: a store, locks, a clock, a radio and pages. All of it can fail.
import { IDBFactory, IDBKeyRange, IDBObjectStore } from "fake-indexeddb";

const SESSION = "__Host-hb";
const NEVER = new Promise(() => undefined);

// One phone a process: what is full here is full for it.
let full = false;
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  if (full) throw new DOMException("no room", "QuotaExceededError");
  return put.apply(this, given);
};

/** Web Locks: whoever asks first; what a worker held when it was ended is free again. */
class Locks {
  #last = new Map();

  request(life, name, work) {
    if (life.ended) return NEVER;
    const before = this.#last.get(name) ?? Promise.resolve();
    const done = before.then(() => (life.ended ? NEVER : work()));
    // Ended while it was still waiting, it frees nothing: whoever holds the lock goes on holding it.
    const free = before.then(() => Promise.race([done.then(() => undefined, () => undefined), life.end]));
    this.#last.set(name, free);
    return done;
  }
}

/** A phone. Its store, its cookie and its clock outlive the workers that run on it. */
export class Device {
  locks = new Locks();
  factory = new IDBFactory();
  lives = new Set();
  pageKey = null; // what an open page holds for the worker
  offline = false;
  ahead = 0; // ms by which its clock is wrong
  sent = []; // every request that carried a key

  constructor({ origin, cookie, receiptKey, boxKey, source, speed, onSync }) {
    Object.assign(this, { origin, cookie, receiptKey, boxKey, source, speed, onSync });
    this.born = Date.now();
  }

  /** The phone's own time in ms: wrong by as much as it is, and as fast as the test wants it. */
  time() {
    const now = Date.now();
    return Math.round(this.born + (now - this.born) * this.speed) + this.ahead;
  }

  set full(value) { full = value; }

  /** The browser throws the store away, also under a worker that has it open. */
  evict() {
    for (const life of this.lives) life.close();
    this.factory = new IDBFactory();
    this.pageKey = null;
  }

  /** Start one more worker out of the same source: modules of its own, everything else shared. */
  start() {
    const life = new Life(this);
    this.lives.add(life);
    const names = Object.keys(life.scope);
    new Function(...names, this.source)(...Object.values(life.scope));
    return life;
  }
}

/** One life of a worker, from its start to the moment when the browser ends it. */
class Life {
  ended = false;
  listeners = {};
  opened = new Set();
  stopping = new AbortController();

  constructor(device) {
    this.device = device;
    this.end = new Promise((resolve) => { this.ring = resolve; });
    this.scope = this.#scope();
  }

  /** Ask by message, as pages do. An ended worker never answers. */
  ask(message) {
    return new Promise((resolve) => {
      const port = { postMessage: (reply) => { if (!this.ended) resolve(structuredClone(reply)); } };
      this.#dispatch("message", { data: message, ports: [port] });
    });
  }

  /** The browser wakes the worker; resolves with whether it has done what it was woken for. */
  async sync(tag) {
    let work;
    this.#dispatch("sync", { tag, waitUntil: (promise) => { work = promise; } });
    return work.then(() => true, () => false);
  }

  /** Ended in the middle of whatever it does: nothing of it reaches the store or the network any more. */
  kill() {
    this.ended = true;
    this.device.lives.delete(this);
    this.stopping.abort();
    for (const db of this.opened) db.close();
    this.ring();
  }

  /** Its connections to the store are lost. */
  close() {
    for (const db of this.opened) {
      db.close();
      db.onclose?.();
    }
    this.opened.clear();
  }

  #dispatch(name, event) {
    for (const listener of this.listeners[name] ?? []) listener({ waitUntil: () => undefined, ...event });
  }

  #scope() {
    const { device } = this;
    const page = { postMessage: (message, [port] = []) => this.#tellPage(message, port) };
    const self = {
      __HB_FILES: [],
      __HB_RECEIPT_KEY: device.receiptKey,
      __HB_BOX_KEY: device.boxKey,
      location: new URL(device.origin),
      clients: { matchAll: async () => (device.pageKey ? [page] : []), claim: async () => undefined },
      registration: { sync: { register: async (tag) => { device.onSync?.(tag); } } },
      addEventListener: (name, listener) => { (this.listeners[name] ??= []).push(listener); },
      skipWaiting: async () => undefined,
    };
    return {
      self,
      navigator: { locks: { request: (name, work) => device.locks.request(this, name, work) } },
      indexedDB: this.#store(),
      caches: { keys: async () => [], delete: async () => true },
      fetch: (url, options) => this.#fetch(url, options),
      Date: clockOf(device),
      setTimeout: (act, ms, ...given) => setTimeout(act, ms / device.speed, ...given).unref(),
      MessageChannel: Channel,
      IDBKeyRange,
    };
  }

  #tellPage(message, port) {
    if (message.type === "key?") port.postMessage(this.device.pageKey);
    if (message.type === "locked") this.device.pageKey = null;
  }

  #store() {
    const { device } = this;
    return {
      open: (...given) => {
        if (this.ended) return {};
        const asked = device.factory.open(...given);
        asked.addEventListener("success", () => { if (this.ended) asked.result.close(); else this.opened.add(asked.result); });
        return asked;
      },
      deleteDatabase: (name) => (this.ended ? {} : device.factory.deleteDatabase(name)),
      databases: () => (this.ended ? NEVER : device.factory.databases()),
    };
  }

  async #fetch(path, { headers = {}, signal, ...options } = {}) {
    const { device } = this;
    if (this.ended) return NEVER;
    if (device.offline) throw new TypeError("no network");
    if (headers["Idempotency-Key"]) device.sent.push({ key: headers["Idempotency-Key"], at: Date.now() });
    const told = { ...headers, Origin: device.origin, "Sec-Fetch-Site": "same-origin", Cookie: `${SESSION}=${device.cookie}` };
    const signals = [this.stopping.signal, ...(signal ? [signal] : [])];
    const reply = await this.#alive(fetch(new URL(path, device.origin), { ...options, headers: told, signal: AbortSignal.any(signals) }));
    const redirects = options.redirect === "manual" && reply.status >= 300 && reply.status < 400;
    if (redirects) return { type: "opaqueredirect", status: 0, ok: false, headers: new Headers() };
    return new Proxy(reply, { get: (target, name) => this.#part(target, name) });
  }

  // A body is read by the network too: of an ended worker, it never arrives.
  #part(reply, name) {
    const part = reply[name];
    return typeof part === "function" ? (...given) => this.#alive(part.apply(reply, given)) : part;
  }

  #alive(work) {
    return Promise.resolve(work).then(
      (value) => (this.ended ? NEVER : value),
      (error) => { if (this.ended) return NEVER; throw error; },
    );
  }
}

// Node's own would keep the process alive for as long as a worker might still be answered.
class Channel {
  port1 = {};
  port2 = { postMessage: (data) => queueMicrotask(() => this.port1.onmessage({ data })) };
}

const clockOf = (device) =>
  class PhoneDate extends Date {
    constructor(...given) { super(...(given.length ? given : [device.time()])); }
    static now() { return device.time(); }
  };
