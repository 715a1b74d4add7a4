// Turns static/{css,js,img} and service_worker/ into the files that browsers get.
// Names stay the same from release to release: a page kept on a phone for weeks must still find its
// style and scripts. What changed is told by revisions.json, not by a hash in the name.
//
//   node tools/build.mjs OUT_DIRECTORY
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const out = process.argv[2];
if (!out) throw new Error("usage: node tools/build.mjs OUT_DIRECTORY");

const common = {
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  target: ["chrome109", "safari16.4", "firefox115"],
  external: ["/static/*"],
};

// Folders may be absent in a part of the tree (a source distribution, a new checkout): nothing to build then.
const filesIn = (folder, suffix) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)).sort() : [];

const entries = (folder, prefix = "") =>
  Object.fromEntries(filesIn(folder, ".js").map((name) => [prefix + basename(name, ".js"), join(folder, name)]));

const present = (table) => Object.fromEntries(Object.entries(table).filter(([, path]) => existsSync(path)));

async function bundle(entryPoints, options = {}) {
  if (Object.keys(entryPoints).length) await build({ ...common, entryPoints, outdir: out, ...options });
}

function sprite() {
  const symbol = (id, path) => {
    const text = readFileSync(path, "utf8").replace(/<\?xml[^>]*>|<!--[\s\S]*?-->|<title>[\s\S]*?<\/title>/g, "");
    const [, attributes, body] = text.match(/<svg\b([^>]*)>([\s\S]*)<\/svg>/) ?? [];
    if (body === undefined) throw new Error(`${path}: not an SVG drawing`);
    const kept = attributes.replace(/\s(?:xmlns(?::\w+)?|width|height|id|class|role|aria-\w+|focusable)="[^"]*"/g, "");
    return `<symbol id="${id}"${kept.replace(/\s+/g, " ").trimEnd()}>${body.trim().replace(/>\s+</g, "><")}</symbol>`;
  };
  const from = (folder, prefix) =>
    filesIn(folder, ".svg").map((name) => symbol(prefix + basename(name, ".svg"), join(folder, name)));
  const symbols = [...from("static/img/icons", "i-"), ...from("static/img/symbols", "")];
  if (symbols.length)
    writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

// The icons a phone shows for the installed handbook. A maskable one fills its square; so does Apple's.
async function appIcons() {
  const plain = "static/img/app-icon.svg";
  if (!existsSync(plain)) return;
  const full = existsSync("static/img/app-icon-maskable.svg") ? "static/img/app-icon-maskable.svg" : plain;
  const { Resvg } = await import("@resvg/resvg-js");
  mkdirSync(join(out, "icons"), { recursive: true });
  const draw = (path, width, name) =>
    writeFileSync(
      join(out, "icons", name),
      new Resvg(readFileSync(path, "utf8"), { fitTo: { mode: "width", value: width } }).render().asPng(),
    );
  draw(plain, 192, "icon-192.png");
  draw(plain, 512, "icon-512.png");
  draw(full, 512, "maskable-512.png");
  draw(full, 180, "apple-touch-icon.png");
  writeFileSync(join(out, "icons", "icon.svg"), readFileSync(plain));
}

// {"/static/dist/handbook.css": "0123456789abcdef"}: what the worker compares to know which files to fetch again.
// The worker itself is not in it: the browser looks after that file.
function revisions() {
  const walk = (folder, prefix) =>
    readdirSync(join(out, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? walk(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
    );
  const table = {};
  for (const name of walk(".", "").sort()) {
    if (["sw.js", "kill.js", "revisions.json"].includes(name)) continue;
    const hash = createHash("sha256").update(readFileSync(join(out, name))).digest("hex");
    table[`/static/dist/${name}`] = hash.slice(0, 16);
  }
  writeFileSync(join(out, "revisions.json"), JSON.stringify(table, null, 1) + "\n");
}

mkdirSync(out, { recursive: true });
await Promise.all([
  bundle(present({ handbook: "static/css/handbook.css" })),
  bundle(present({ display: "static/js/display.js", app: "static/js/app.js" }), { format: "iife" }),
  bundle(entries("static/js/controllers", "controllers/"), { format: "esm" }),
  bundle(entries("service_worker/page"), { format: "iife" }),
  bundle(present({ sw: "service_worker/sw.js", kill: "service_worker/kill.js" }), { format: "iife" }),
  appIcons(),
]);
sprite();
revisions();
