// When a page is painted: `node tests/browser/paint.mjs URL COOKIE`, COOKIE as `name=value`. Prints `first MS` and `largest MS`,
// the medians of a few loads, each by a browser that has nothing of the server yet; counted from when the page was asked for.
//
// Ends with 77 and a reason where there is no browser, or nothing to drive it with: nothing was measured then.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const LOADS = 7;
// The first one pays for the start of the browser's own processes.
const WARM_UP = 2;
// A picture that comes late may still be the largest paint.
const SETTLED = 500;

function cannot(why) {
  console.log(why);
  process.exit(77);
}

function driver() {
  try {
    return createRequire(import.meta.url)("playwright-core");
  } catch {
    return cannot("playwright-core is not installed (npm ci in tests/browser)");
  }
}

async function load(browser, url, cookie) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "ko-KR" });
  try {
    await context.addCookies([{ ...cookie, url }]);
    await context.addInitScript(() => {
      window.largestPaint = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.largestPaint = entry.startTime;
      }).observe({ type: "largest-contentful-paint", buffered: true });
    });
    const page = await context.newPage();
    const answer = await page.goto(url, { waitUntil: "load" });
    if (answer.status() !== 200 || new URL(page.url()).pathname !== new URL(url).pathname) {
      throw new Error(`${url} answers ${answer.status()} and leads to ${page.url()}`);
    }
    await page.waitForTimeout(SETTLED);
    return await page.evaluate(() => ({
      first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      largest: window.largestPaint,
    }));
  } finally {
    await context.close();
  }
}

const [url, given] = process.argv.slice(2);
if (!url || !given?.includes("=")) {
  console.error("usage: node paint.mjs URL NAME=VALUE");
  process.exit(2);
}
if (!existsSync(CHROMIUM)) cannot(`${CHROMIUM} is not installed`);
const [name, value] = given.split(/=(.*)/s);
const browser = await driver().chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
try {
  const paints = [];
  for (let round = 0; round < WARM_UP + LOADS; round += 1) {
    const paint = await load(browser, url, { name, value });
    if (!paint.first || !paint.largest) throw new Error("the browser tells no time of a paint");
    if (round >= WARM_UP) paints.push(paint);
  }
  for (const which of ["first", "largest"]) {
    const times = paints.map((paint) => paint[which]).sort((a, b) => a - b);
    console.log(which, times[times.length >> 1].toFixed(1));
  }
} finally {
  await browser.close();
}
