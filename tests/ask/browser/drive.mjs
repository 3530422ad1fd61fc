// Drives a browser through a session of pledge ask, and prints what it has seen as
// JSON. node drive.mjs CHROMIUM URL mouse|keyboard|noscript|crowd|screens DIR
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [program, url, mode, dir] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const base = new URL(url).origin;
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
const said = { answered: 0, errors: [] };

async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  page.on("pageerror", e => said.errors.push(String(e)));
  page.on("console", m => { if (m.type() === "error") said.errors.push(m.text()); });
  return page;
}

async function login(page) {
  await page.goto(url);
  await page.getByRole("button", { name: "Open" }).click();
  await page.waitForURL(base + "/");
}

const sessions = {
  async mouse(page) {
    const button = page.getByRole("button", { name: "Permit always" }).first();
    await button.waitFor({ timeout: 60000 });
    // The first one is looked at, and answered there.
    await page.locator(".questions h2 a").first().click();
    await page.getByRole("button", { name: "Permit", exact: true }).click();
    await page.waitForURL(base + "/");
    said.answered++;
    await inboxes(page, () => button.click());
  },
  async keyboard(page) {
    await page.locator(".questions li").first().waitFor({ timeout: 60000 });
    await page.keyboard.press("?");
    said.help = await page.locator("#help").isVisible();
    await page.keyboard.press("Escape");
    await page.locator("#help").waitFor({ state: "hidden" });
    await page.keyboard.press("r");
    await page.waitForURL(/\/q\//, { waitUntil: "commit" });
    await page.waitForLoadState();
    await page.keyboard.press("P");
    await page.waitForURL(base + "/");
    said.answered++;
    await inboxes(page, async () => { await page.keyboard.press("j"); await page.keyboard.press("k"); await page.keyboard.press("P"); });
  },
  async noscript(page) {
    await inboxes(page, async () => { await page.reload(); }, async () => page.locator(".questions form button[value='permit always']").first().click());
  },
};

// inboxes answers what comes until the program has ended.
async function inboxes(page, act, answer) {
  const end = Date.now() + 60000;
  while (Date.now() < end) {
    if (await page.locator("#ended").count()) break;
    if (!page.url().startsWith(base + "/") || /\/q\//.test(page.url())) await page.goto(base + "/");
    if (await page.locator(".questions li").count()) {
      try { await (answer ?? act)(); said.answered++; await page.waitForLoadState(); } catch (e) { if (!String(e).includes("Timeout")) throw e; }
    } else if (answer) { await act(); }
    await page.waitForTimeout(50);
  }
  await page.locator("#ended a").click();
  await page.waitForURL(base + "/result");
  said.result = await page.locator("pre").first().textContent();
  page.removeAllListeners("console"); // what is asked of a server that has ended is refused
  await page.getByRole("button", { name: "Close" }).click();
}

async function screens() {
  const cookies = [];
  said.violations = [];
  for (const scheme of ["light", "dark"]) {
    const page = await open({ colorScheme: scheme, viewport: { width: 1000, height: 800 } });
    if (cookies.length) { await page.context().addCookies(cookies); } else { await login(page); cookies.push(...await page.context().cookies()); }
    for (const [name, path] of [["inbox", "/"], ["question", "/q/1"], ["policy", "/policy"], ["history", "/history"], ["result", "/result"], ["login", "/login"]]) {
      await page.goto(base + path);
      if (dir) await page.screenshot({ path: `${dir}/${name}-${scheme}.png` });
      const found = await axeOn(page);
      for (const v of found) said.violations.push(`${name} ${scheme}: ${v.id}: ${v.nodes.map(n => n.html).join(" ").slice(0, 300)}`);
      const wide = await narrow(page);
      if (wide) said.violations.push(`${name} ${scheme}: wider than 320 pixels by ${wide}`);
    }
  }
}

// axeOn runs in a world of its own: the page's policy stays in force.
async function axeOn(page) {
  const cdp = await page.context().newCDPSession(page);
  const { frameTree } = await cdp.send("Page.getFrameTree");
  const { executionContextId } = await cdp.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "axe" });
  await cdp.send("Runtime.evaluate", { contextId: executionContextId, expression: axe });
  const r = await cdp.send("Runtime.evaluate", { contextId: executionContextId, awaitPromise: true, returnByValue: true,
    expression: `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(r => r.violations.map(v => ({ id: v.id, nodes: v.nodes.map(n => ({ html: n.html })) })))` });
  if (!r.result.value) throw new Error("axe: " + JSON.stringify(r));
  return r.result.value;
}

// narrow is 400 % zoom of a window of 1280 pixels.
async function narrow(page) {
  await page.setViewportSize({ width: 320, height: 256 });
  const wide = await page.evaluate(() => document.querySelector("table") ? 0 : document.documentElement.scrollWidth - 320);
  await page.setViewportSize({ width: 1000, height: 800 });
  return Math.max(0, wide);
}

async function crowd() {
  const page = await open({});
  await page.addInitScript(() => {
    window.long = 0;
    new PerformanceObserver(l => { for (const e of l.getEntries()) window.long = Math.max(window.long, e.duration); }).observe({ entryTypes: ["longtask"] });
    window.seen = {};
    new MutationObserver(() => { for (const li of document.querySelectorAll(".questions > li")) window.seen[li.dataset.id] ??= Date.now(); }).observe(document, { childList: true, subtree: true });
  });
  await login(page);
  console.log(JSON.stringify({ ready: true }));
  await page.waitForTimeout(6000);
  said.long = await page.evaluate(() => window.long);
  said.seen = await page.evaluate(() => window.seen);
}

async function clicks() {
  const page = await open({});
  await login(page);
  console.log(JSON.stringify({ ready: true }));
  said.clicked = [];
  for (let i = 0; i < 50; i++) {
    const button = page.locator(".questions form button[value='permit once']").first();
    await button.waitFor({ timeout: 60000 });
    const id = await button.evaluate(b => { const id = b.closest("li").dataset.id; window.name = id; return id; });
    const at = await button.evaluate(b => { const now = Date.now(); b.click(); return now; });
    said.clicked.push([Number(id), at]);
    await page.waitForURL(base + "/");
    await page.waitForFunction(id => !document.getElementById("q" + id), id, { timeout: 60000 });
  }
}

try {
  if (mode === "screens") await screens();
  else if (mode === "crowd") await crowd();
  else if (mode === "clicks") await clicks();
  else {
    const page = await open({ javaScriptEnabled: mode !== "noscript" });
    await login(page);
    await sessions[mode](page);
  }
} catch (e) {
  said.errors.push(String(e.stack ?? e));
}
await browser.close();
console.log(JSON.stringify(said));
