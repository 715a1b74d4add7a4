// Lighthouse with its defaults (a mid-range phone on slow 4G, simulated), each run in a fresh Chromium profile.
// Usage: node lighthouse.mjs FOLDER_WITH_LIGHTHOUSE JSON, where JSON is {chrome, runs, pages: [{name, url, cookie}]}
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, order] = process.argv.slice(2);
const { chrome, runs, pages } = JSON.parse(order);
const require = createRequire(`${folder}/package.json`);
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { default: lighthouse } = await load("lighthouse");
const { default: puppeteer } = await load("puppeteer-core");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
const CATEGORIES = ["performance", "accessibility", "best-practices"];

// A secure cookie can be put only into a secure place; browsers send it to http://localhost all the same.
async function sign(browser, cookie) {
  const devtools = await (await browser.pages())[0].createCDPSession();
  await devtools.send("Network.setCookie", { ...cookie, url: "https://localhost/", secure: true, httpOnly: true });
}

async function measure({ url, cookie }) {
  const browser = await puppeteer.launch({ executablePath: chrome, args: FLAGS });
  try {
    if (cookie) await sign(browser, cookie);
    const port = Number(new URL(browser.wsEndpoint()).port);
    // Storage is fresh anyway; clearing it would take the session's cookie along.
    const settings = { port, output: "json", logLevel: "error", onlyCategories: CATEGORIES, disableStorageReset: true };
    const { lhr } = await lighthouse(url, settings);
    const failing = CATEGORIES.slice(1).flatMap((category) => lhr.categories[category].auditRefs
      .filter(({ id, weight }) => weight && lhr.audits[id].score !== null && lhr.audits[id].score < 1).map(({ id }) => id));
    const score = (category) => Math.round((lhr.categories[category]?.score ?? 0) * 100);
    return {
      version: lhr.lighthouseVersion, error: lhr.runtimeError?.code ?? "", shown: lhr.finalDisplayedUrl,
      performance: score("performance"), accessibility: score("accessibility"), practices: score("best-practices"),
      lcp: lhr.audits["largest-contentful-paint"].numericValue ?? NaN,
      blocking: lhr.audits["total-blocking-time"].numericValue ?? NaN, failing,
    };
  } finally {
    await browser.close();
  }
}

// Page after page in each round, so that whatever else the machine does meets all of them.
for (let run = 0; run < runs; run += 1) {
  for (const page of pages) {
    let found = await measure(page);
    // On a busy machine Lighthouse now and then misses the start of a trace; the page is not at fault.
    for (let again = 0; found.error && again < 3; again += 1) found = await measure(page);
    console.log(JSON.stringify({ name: page.name, run, ...found }));
  }
}
