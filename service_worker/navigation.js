// Opening a page. What this phone holds whole is painted at once and asks the network nothing; everything else comes from
// the network first, and from the phone when the network does not answer well or soon.
export const WAIT = 4_000;

/** The gateway or the server is down; any other answer, a refusal or redirect too, is the server's word and passes through. */
export const isDown = (reply) => reply.type !== "opaqueredirect" && [502, 503, 504].includes(reply.status);

/** Whether an address may come from the phone first: not a search, and not what the member asks for anew. */
export const mayLead = ({ cache }, { search }) => !search && cache !== "reload" && cache !== "no-cache";

// What someone must reach who cannot unlock what is on this phone: another member, a new passkey.
const OPEN = ["/identity/sign-in", "/identity/enrol", "/offline/missing", "/offline/unlock"];

/** Whether an address is shown also while the handbook is locked. */
export const isOpenToAll = ({ pathname }) => OPEN.some((path) => pathname === path || pathname.startsWith(`${path}/`));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms, "waited"));

/**
 * The answer to a navigation from the network. `network` is the running fetch, `copy()` gives `{page}` or `{reason}`,
 * `missing(reason)` the page that explains. A slow network without a copy is waited for: late is better than nothing.
 */
export async function answer(network, copy, missing, wait = WAIT) {
  const reply = network.then((got) => (isDown(got) ? null : got), () => null);
  const first = await Promise.race([reply, pause(wait)]);
  if (first && first !== "waited") return first;
  const saved = await copy();
  if (saved.page) return saved.page;
  return (first === "waited" && (await reply)) || missing(saved.reason);
}

/** The answer to a navigation: the page that `lead()` gives, or else that of the network, asked by `ask()`. */
export async function open(lead, ask, copy, missing, wait = WAIT) {
  const page = await lead().catch(() => null); // a broken store must not stand between a member and the network
  return page ?? answer(ask(), copy, missing, wait);
}
