// Chromium without a window, told what to do by lines of JSON: {"id": 1, "do": "open", "url": "..."}.
// Whatever the page complains of (console, exceptions, the content security policy, failed requests) is kept.
"use strict";

const readline = require("node:readline");
const puppeteer = require("puppeteer-core");
const axe = require("axe-core");

const [, , executable, profile] = process.argv;
const complaints = [];
let browser;
let page;

const TASKS = {
  async start() {
    browser = await puppeteer.launch({
      executablePath: executable,
      userDataDir: profile,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-extensions"],
    });
    page = await browser.newPage();
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
    page.on("requestfailed", (request) => {
      complaints.push(`request: ${request.url()}: ${request.failure()?.errorText}`);
    });
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    await page.evaluateOnNewDocument(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    return browser.version();
  },
  async open({ url }) {
    await page.goto(url, { waitUntil: "load" });
  },
  async look({ expression }) {
    return page.evaluate(expression);
  },
  async until({ expression, timeout_ms: timeout = 5000 }) {
    await page.waitForFunction(expression, { timeout, polling: "mutation" });
  },
  async click({ selector }) {
    await page.click(selector);
  },
  async press({ key, times = 1 }) {
    for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
  },
  async emulate({ features }) {
    await page.emulateMediaFeatures(features);
  },
  async size({ width, height }) {
    await page.setViewport({ width, height });
  },
  async axe() {
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate("axe.run(document)");
    return {
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`),
      passes: passes.length,
    };
  },
  async picture({ path }) {
    await page.screenshot({ path, fullPage: true });
  },
  async complaints() {
    return complaints.splice(0);
  },
};

async function answer(line) {
  const { id, do: name, ...settings } = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify({ id, result: (await TASKS[name](settings)) ?? null })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ id, error: String(error.message) })}\n`);
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", answer);
lines.on("close", async () => {
  await browser?.close();
  process.exit(0);
});
