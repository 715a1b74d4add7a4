// A question of the outbox to our own server, and what verdict.js must know of the answer.
import * as clock from "./clock.js";
import { verified } from "./crypto.js";
import { fetchWithin, secondsAsked } from "./network.js";
import { heed } from "./session.js";

const PATIENCE = 30_000;

async function read(reply) {
  const type = reply.headers.get("Content-Type") ?? "";
  return { reply, said: type.startsWith("application/json") ? await reply.json() : null };
}

/** The answer to what the member `tag` asks; null when there was none, or it broke off. Given up when `signal` says so. */
export async function exchange(tag, url, { headers, ...options }, signal) {
  const told = { Accept: "application/json", "X-Handbook-Member": tag, "X-Handbook-Fetch": "outbox", ...headers };
  try {
    const { reply, said } = await fetchWithin(PATIENCE, url, { ...options, headers: told, redirect: "manual", cache: "no-store" }, { signal, read });
    const own = reply.headers.get("X-Handbook") === "1";
    if (own) await clock.hear(reply);
    await heed(reply);
    const genuine = said?.receipt ? await verified(self.__HB_RECEIPT_KEY, said.receipt) : false;
    const { status, type } = reply;
    return { status, type, own, retryAfter: secondsAsked(reply), said, genuine };
  } catch (error) {
    if (error?.name === "Locked") throw error;
    return null;
  }
}
