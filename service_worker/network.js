/** How many seconds the server asks to wait, or null. A date is reckoned from the server's own: the phone's clock may be wrong. */
export function secondsAsked({ headers }) {
  const said = headers.get("Retry-After");
  const seconds = Number(said) || (Date.parse(said ?? "") - Date.parse(headers.get("Date") ?? "")) / 1000;
  return seconds > 0 ? seconds : null;
}

// fetch() with a limit in ms, and given up when `signal` is aborted. By hand: many phones lack AbortSignal.timeout and .any.
// `read(reply)` runs within the same limit, so a body that stops half-way does not hold the download for ever.
export async function fetchWithin(ms, url, options, { signal, read = (reply) => reply } = {}) {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort();
  const timer = setTimeout(stop, ms);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    return await read(await fetch(url, { ...options, signal: giveUp.signal }));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
