// One try to bring an item to the server, and what came of it.
import * as clock from "./clock.js";
import { verified } from "./crypto.js";
import { fetchWithin } from "./network.js";
import { heed } from "./session.js";
import { judge } from "./verdict.js";

const PATIENCE = 30_000;

async function read(reply) {
  const type = reply.headers.get("Content-Type") ?? "";
  return { reply, said: type.startsWith("application/json") ? await reply.json() : null };
}

/**
 * Send `body` to `url` as the act of the member `tag` under the key `id`; resolves with the verdict. What is sent in a box is
 * of an item whose `hash` is not known here: then a receipt that our server signed for this key will do, since nothing is
 * forgotten for it.
 */
export async function post({ id, hash }, tag, url, headers, body) {
  const marks = { Accept: "application/json", "Idempotency-Key": id, "X-Handbook-Member": tag, "X-Handbook-Fetch": "outbox" };
  const options = { method: "POST", headers: { ...headers, ...marks }, body, redirect: "manual", cache: "no-store" };
  try {
    const { reply, said } = await fetchWithin(PATIENCE, url, options, { read });
    const own = reply.headers.get("X-Handbook") === "1";
    if (own) await clock.hear(reply);
    await heed(reply);
    const genuine = said?.receipt ? await verified(self.__HB_RECEIPT_KEY, said.receipt) : false;
    const { status, type } = reply;
    const answer = { status, type, own, retryAfter: reply.headers.get("Retry-After"), said, genuine };
    return judge({ id, hash: hash ?? said?.receipt?.hash }, answer);
  } catch (error) {
    if (error?.name === "Locked") throw error;
    return judge({ id }, null);
  }
}
