// A real browser on a running server, and everything that must never happen there however long one looks: an error in the
// console, something the content policy had to stop, a request to another host, an answer that nobody expected.
//
// What is wrong is gathered, not thrown, so that one run tells all of it; `close` throws when there was anything.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
// No sandbox, because the tests run as root on build machines; the other flags keep Chromium from asking the outside by itself.
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
];

// How a person looks: language, width of the screen, colours.
const USUAL = { language: "ko", width: 1280, height: 900, theme: "dark" };

/** Starts the browser. `base` is where the server listens, `shots` a directory for pictures, or nothing. */
export async function start({ base, shots }) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  if (shots) await mkdir(shots, { recursive: true });
  const wrong = [];
  return {
    base,
    wrong,
    /** A person with cookies of their own. */
    async person(how = {}) {
      const { language, width, height, theme } = { ...USUAL, ...how };
      const context = await browser.newContext({
        baseURL: base,
        locale: language === "ko" ? "ko-KR" : "en-GB",
        colorScheme: theme,
        viewport: { width, height },
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      return new Person({ context, page, base, wrong, axe, shots, language });
    },
    async close() {
      await browser.close();
      if (wrong.length > 0) throw new Error(`${wrong.length} things went wrong:\n${wrong.join("\n")}`);
    },
  };
}

/** The addresses of the feed, as a device gets them. */
export async function feed(base) {
  return (await (await fetch(`${base}/feeds/default/plain`)).text()).trim().split("\n");
}

/** Waits until the feed is as it should be: a new publication is served a moment after it was made. */
export async function feedIs(base, right, wrong) {
  for (let n = 0; n < 100; n += 1) {
    if (right(await feed(base))) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(wrong);
}

/** Somebody at a browser. `page` is playwright's; the rest is what every test needs. */
export class Person {
  constructor(all) {
    Object.assign(this, all);
    // Answers of 4xx and 5xx that the test causes on purpose.
    this.expected = new Set();
    this.#watch();
  }

  #note(text) {
    this.wrong.push(`${this.page.url().replace(this.base, "")} [${this.language}]: ${text}`);
  }

  #watch() {
    const { page, base } = this;
    page.on("pageerror", (error) => this.#note(`script: ${error.message}`));
    page.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      // The browser says again in words what "response" below has seen, with its number.
      const status = Number(message.text().match(/status of (\d+)/)?.[1]);
      if (!this.expected.has(status)) this.#note(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("request", (request) => {
      const own = [base, "data:", "blob:"].some((start) => request.url().startsWith(start));
      if (!own) this.#note(`asks another host: ${request.url()}`);
    });
    page.on("response", (answer) => {
      if (answer.status() >= 400 && !this.expected.has(answer.status())) this.#note(`${answer.status()} from ${answer.url()}`);
    });
    page.on("requestfailed", (request) => {
      // A page that is left ends its stream of events and what it had begun to load.
      if (request.failure()?.errorText !== "net::ERR_ABORTED") this.#note(`${request.failure()?.errorText} for ${request.url()}`);
    });
    // A console message comes with a violation too; this one says what was to be done.
    this.context.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`content policy: ${event.violatedDirective} stopped ${event.blockedURI} ${event.sourceFile}`)));
  }

  /** What the page says to those who use it, or an error that names what is missing. */
  async sees(text) {
    await this.page.getByText(text).first().waitFor({ state: "visible" }).catch(() => {
      throw new Error(`${this.page.url()} does not show ${text}`);
    });
  }

  async goto(path) {
    const answer = await this.page.goto(path, { waitUntil: "load" });
    return answer;
  }

  /** Fills in a form by its labels' names in the form, and sends it by its main button. */
  async fill(values, form = "form.form") {
    for (const [name, value] of Object.entries(values)) {
      const field = this.page.locator(`${form} [name="${name}"]`).first();
      if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
      else if (["radio", "checkbox"].includes(await field.getAttribute("type"))) {
        await this.page.locator(`${form} [name="${name}"][value="${value}"]`).check();
      } else await field.fill(value);
    }
  }

  async signIn(name, password) {
    await this.goto("/login");
    await this.fill({ name, password });
    await this.page.locator("form.form button.main").click();
    await this.page.waitForURL((url) => url.pathname !== "/login");
  }

  /** Whoever cannot see, or uses no mouse, can use it too: no finding of axe that is serious or worse. */
  async isAccessible() {
    await this.page.evaluate(this.axe);
    const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const { id, impact, nodes, help } of found.violations) {
      if (!["serious", "critical"].includes(impact)) continue;
      const where = nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary?.replace(/\s+/g, " ")}`);
      this.#note(`axe ${id} (${impact}): ${help}: ${nodes.length} of ${where.join(" | ")}`);
    }
  }

  /** Nothing sticks out to the right: only tables may be scrolled, in their own boxes. */
  async fits() {
    const wide = await this.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      const inBox = (element) => element.closest(".scroll, pre, dialog");
      const out = [...document.body.querySelectorAll("*")].filter((one) => !inBox(one) && one.getBoundingClientRect().right > width + 1);
      return out.slice(-3).map((one) => one.outerHTML.slice(0, 120)).concat(`scrolls to ${document.documentElement.scrollWidth} of ${width}`);
    });
    if (wide.length > 0) this.#note(`wider than the screen: ${wide.join(" | ")}`);
  }

  /** A picture of the page, where pictures are kept. */
  async shot(name) {
    if (this.shots) await this.page.screenshot({ path: `${this.shots}/${name}.png`, fullPage: true });
  }
}
