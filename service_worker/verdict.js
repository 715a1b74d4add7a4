// What an answer means for the item that was sent. The only place that decides it, so that a table can test every case.

/** Whether an item's text may leave the phone: a receipt is stored that says which bytes arrived, and they are these. */
export const canForget = ({ id, hash, receipt }) => Boolean(receipt && receipt.key === id && receipt.hash === hash);

/** The same of a file that goes with an item. */
export const hasArrived = ({ sha256, ...file }) => canForget({ ...file, hash: sha256 });

/** Whether nothing of an item is on this phone alone: neither its text nor one of its files. */
export const isDone = (item) => canForget(item) && (item.files ?? []).every(hasArrived);

/** The server as a whole has no time, or something in between says so. Any other fault of ours may be this item's alone. */
export const BUSY = [408, 425, 429, 502, 503, 504];

/**
 * `reply` is null when there was no answer, or one that broke off; else {status, type, own, retryAfter, said, genuine}:
 * `own` when our server marked it, `said` its JSON, `genuine` when a receipt in it is signed by our server.
 * The verdict: `item`, what changes in the item, and `stop`, why nothing else is worth sending now, or null; `retry` when
 * the others may go on and this one is tried again later.
 *   received   the server has it: here is its receipt
 *   waiting    kept, and tried again by itself
 *   refused    kept, and its member is asked to look at it
 */
export function judge(item, reply) {
  const wait = (why, stop, retryAfter) => ({ item: { state: "waiting", why }, stop, retryAfter });
  if (!reply) return wait("offline", "offline");
  const { status, type, own, retryAfter, said } = reply;
  if (type === "opaqueredirect" || (status === 401 && own)) return wait("signed-out", "signed-out");
  if (status >= 200 && status < 300) {
    const fits = reply.genuine && said.receipt.key === item.id && said.receipt.hash === item.hash;
    if (!fits) return wait("foreign", "offline");
    return { item: { state: "received", why: null, receipt: said.receipt, location: said.location }, stop: null };
  }
  if (BUSY.includes(status) || (!own && status >= 500)) return wait("busy", "later", retryAfter);
  if (status >= 500) return { item: { state: "waiting", why: "fault" }, stop: null, retry: true };
  if (!own || status < 400) return wait("foreign", "offline");
  if (status === 409 && said?.code === "receipt.other_member") return wait("other-member", "other-member");
  const { code = String(status), message = "", fields = null } = said ?? {};
  return { item: { state: "refused", why: code, message, fields }, stop: null };
}

const TURNED_AWAY = "admission.later"; // said to all phones alike, before anything of a request was looked at

/** The same of a file, and of each part of it: with a 503 of its own it waits alone, unless the server turns all phones away. */
export function judgeFile(file, reply) {
  const verdict = judge({ ...file, hash: file.sha256 }, reply);
  const alone = reply?.own && reply.status === 503 && reply.said?.code !== TURNED_AWAY;
  return alone ? { ...verdict, stop: null, retry: true } : verdict;
}
