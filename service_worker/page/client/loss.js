// A browser may throw away what a site keeps: when room is short, or after weeks without a visit. A cookie, which lives in
// another place, remembers that there was a store, so that the loss is noticed, said, and known to the server.
import { offer } from "./notice.js";

const NAME = "hb-store";
const YEAR = 365 * 24 * 3600;

const mark = () => document.cookie.split("; ").find((one) => one.startsWith(`${NAME}=`))?.split("=")[1];
const set = (value, seconds) => { document.cookie = `${NAME}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax; Secure`; };

/** There is a store on this phone from now on. */
export const markStore = () => set("here", YEAR);

/** It was removed on purpose. */
export const unmarkStore = () => set("", 0);

/** `stores` counts what is there. If one is missing: tell the member how to get it back, and the server once. */
export async function noticeLoss(stores, { wordLost, wordLostGo }) {
  if (stores || !mark()) return;
  const path = encodeURIComponent(location.pathname).replaceAll("%2F", "/");
  offer("store-lost", wordLost, wordLostGo, () => location.assign(`/identity/step-up?next=${path}`));
  if (mark() === "told") return;
  const reply = await fetch("/identity/devices/losses", { method: "POST", headers: { Accept: "application/json" } });
  if (reply.ok) set("told", YEAR);
}
