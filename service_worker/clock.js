// A copy is shown only for so many days. The phone's clock may be wrong or turned back, so time here is the server's,
// as last heard, carried on by the phone's clock, and it never runs backwards.
import { ifRoom, recall, remember } from "./store.js";

const HOUR = 3_600_000;

/** Best guess of the server's time in ms. `heard` = {offset, seen}. */
export const serverTime = (phone, heard) => Math.max(phone + (heard?.offset ?? 0), heard?.seen ?? 0);

export async function now() {
  const heard = await recall("clock");
  const time = serverTime(Date.now(), heard);
  if (time - (heard?.seen ?? 0) > HOUR) await ifRoom(remember("clock", { offset: heard?.offset ?? 0, seen: time }));
  return time;
}

/** Learn from the Date header of a reply of our own server. */
export async function hear(reply) {
  const date = Date.parse(reply.headers.get("Date") ?? "");
  if (date) await ifRoom(remember("clock", { offset: date - Date.now(), seen: date }));
}
