// The worker in one piece, as phones get it; on request with a bug sown into one of its modules, so that the judge can be
// judged.
//
//   node tests/chaos/bundle.mjs OUT_FILE [BUG]
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const [, , out, bug] = process.argv;

// Each replaces one piece of one module; the piece must be there exactly once, or the bug has not been sown at all.
const BUGS = {
  "new-key": ["outbox.js", '"Idempotency-Key": item.id,', '"Idempotency-Key": crypto.randomUUID(),'],
  "any-2xx": [
    "verdict.js",
    'if (!fits) return wait("foreign", "offline");',
    'if (!fits) return { item: { state: "received", why: null, receipt: { key: item.id, hash: item.hash } }, stop: null };',
  ],
  "send-once": [
    "outbox.js",
    "await ifRoom(update(tag, item, { ...verdict.item, tries: item.tries + 1 }));",
    "await vault.delete(tag, nameOf(item.id));",
  ],
  "half-file": [
    "attachments.js",
    "if (from === null) return",
    'if (from > 0) return { item: { state: "received", why: null, receipt: { key: file.id, hash: file.sha256 } }, stop: null };\n    if (from === null) return',
  ],
};

function sown(path) {
  const [file, good, bad] = BUGS[bug];
  const text = readFileSync(path, "utf8");
  if (text.split(good).length !== 2) throw new Error(`${bug}: ${file} does not hold once: ${good}`);
  return text.replace(good, () => bad);
}

const sowing = {
  name: "sowing",
  setup({ onLoad }) {
    const [file] = BUGS[bug];
    onLoad({ filter: new RegExp(`service_worker/${file.replace(".", "\\.")}$`) }, ({ path }) => ({ contents: sown(path), loader: "js" }));
  },
};

await build({
  entryPoints: ["service_worker/sw.js"],
  bundle: true,
  format: "iife",
  charset: "utf8",
  logLevel: "warning",
  outfile: out,
  plugins: bug ? [sowing] : [],
});
