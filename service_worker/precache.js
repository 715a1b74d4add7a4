// Public files only: styles, scripts, icons and the page that says what is missing. Nothing here belongs to a person.
// A file is kept under its revision, so a new worker fetches only what changed and the old one still finds its own.
export const CACHE = "hb-public-1";
// The list holds it once, in the reader's language: /offline/missing/en. No cookie is sent for what is kept here.
export const MISSING = "/offline/missing";
export const UNLOCK = "/offline/unlock";

export const keyOf = ({ url, revision }) => `${url}?revision=${revision}`;

/** Which files to fetch and which cached keys to drop, given the list of this worker and the keys already cached. */
export function plan(files, cachedKeys) {
  const wanted = new Set(files.map(keyOf));
  const cached = new Set(cachedKeys);
  return {
    fetch: files.filter((file) => !cached.has(keyOf(file))),
    remove: cachedKeys.filter((key) => !wanted.has(key)),
  };
}

const cachedKeys = async (cache) =>
  (await cache.keys()).map(({ url }) => { const { pathname, search } = new URL(url); return pathname + search; });

export async function install(files) {
  const cache = await caches.open(CACHE);
  await Promise.all(plan(files, await cachedKeys(cache)).fetch.map(async (file) => {
    const reply = await fetch(file.url, { cache: "no-cache", credentials: "omit", redirect: "error" });
    if (!reply.ok) throw new Error(`${file.url}: ${reply.status}`);
    await cache.put(keyOf(file), reply);
  }));
}

export async function activate(files) {
  const cache = await caches.open(CACHE);
  await Promise.all(plan(files, await cachedKeys(cache)).remove.map((key) => cache.delete(key)));
}

/** The file of the list that answers for a path: the one there, or the one right below it, of the reader's language. */
export const fileFor = (files, path) =>
  files.find(({ url }) => url === path) ?? files.find(({ url }) => url.startsWith(`${path}/`));

/** The cached public file at this path, or undefined. */
export async function match(files, path) {
  const file = fileFor(files, path);
  return file && (await caches.open(CACHE)).match(keyOf(file));
}
