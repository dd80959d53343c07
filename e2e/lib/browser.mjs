// Chromium, and a page that counts every complaint of the browser as a failure.
import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ADMIN, out } from "./server.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--font-render-hinting=none"];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

let browser;
export async function launch() {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  return browser;
}
export async function quit() {
  await browser?.close();
  browser = undefined;
}

/**
 * A visit: own cookies, own window. `expected` are parts of console messages that belong to the journey
 * (the browser reports every 4xx answer as an error).
 */
export async function visit(server, { size = WIDE, lang = "ar", theme = "light", expected = [], javaScriptEnabled = true } = {}) {
  const context = await (await launch()).newContext({
    baseURL: server.url,
    viewport: size,
    locale: lang === "ar" ? "ar-SA" : "en-GB",
    colorScheme: theme,
    timezoneId: "Asia/Riyadh",
    reducedMotion: "reduce",
    hasTouch: size.width < 600,
    javaScriptEnabled,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.complaints = [];
  page.expected = [...expected];
  page.context_ = context;
  const complain = (text) => {
    if (!page.expected.some((e) => text.includes(e))) page.complaints.push(text);
  };
  page.on("console", (m) => (m.type() === "error" || m.type() === "warning") && complain(`${m.type()}: ${m.text()} (${m.location().url})`));
  page.on("pageerror", (e) => complain(`uncaught: ${e.message}`));
  page.on("response", (r) => r.status() >= 500 && complain(`${r.status()} ${r.url()}`));
  page.on("request", (r) => {
    const url = r.url();
    if (!url.startsWith(server.url) && !url.startsWith("data:") && !url.startsWith("blob:")) complain(`asked another host: ${url}`);
  });
  return page;
}

/** Ends a visit; whatever the browser complained about fails the test. */
export async function leave(page) {
  const complaints = page.complaints;
  await page.context_.close();
  assert.deepEqual(complaints, [], "the browser complained");
}

/** Runs `journey` in a visit; keeps a picture of the page when it fails. */
export async function during(server, options, journey) {
  const page = await visit(server, options);
  try {
    await journey(page);
  } catch (error) {
    mkdirSync(out, { recursive: true });
    const name = `failed-${Date.now()}`;
    await page.screenshot({ path: join(out, `${name}.png`) }).catch(() => {});
    writeFileSync(join(out, `${name}.html`), await page.content().catch(() => ""));
    error.message += `\n  at ${page.url()}, see e2e/out/${name}.png\n  ${page.complaints.join("\n  ")}`;
    await page.context_.close();
    throw error;
  }
  await leave(page);
}

export async function signIn(page, { email, password } = ADMIN) {
  await page.goto("/sign-in");
  await page.fill("#f-email", email);
  await page.fill("#f-password", password);
  await Promise.all([page.waitForURL((u) => !u.pathname.startsWith("/sign-in")), page.click("form[action='/sign-in'] button[type=submit]")]);
}

/** Language, theme, calendar, digits: what the user menu posts. */
export async function prefer(page, choices) {
  for (const [name, value] of Object.entries(choices)) {
    const response = await page.request.post("/-/preferences", { form: { [name]: value, back: "/" }, headers: { origin: new URL(page.url()).origin } });
    assert.ok(response.ok(), `preference ${name}=${value}: ${response.status()}`);
  }
}

/** Nothing sticks out at the sides: the page is as wide as the window. */
export async function fits(page) {
  const [inner, scroll, wide] = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const hidden = (e) => {
      for (let at = e.parentElement; at; at = at.parentElement) {
        const o = getComputedStyle(at).overflowX;
        if (o === "auto" || o === "scroll" || o === "hidden" || o === "clip") return true;
      }
      return false;
    };
    const sticking = [...document.body.querySelectorAll("*")].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && (box.right > width + 1 || box.left < -1) && e.checkVisibility?.({ visibilityProperty: true }) && getComputedStyle(e).position !== "fixed" && !hidden(e) && !e.closest(".visually-hidden, .skip, [popover]");
    });
    return [width, document.documentElement.scrollWidth, sticking.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)];
  });
  assert.ok(scroll <= inner + 1, `${page.url()} scrolls sideways: ${scroll} > ${inner} (${wide.join(", ")})`);
  assert.deepEqual(wide, [], `${page.url()}: sticks out at the side`);
}

/** No serious or critical finding of axe. */
export async function accessible(page, what = page.url()) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return result.violations
      .filter((v) => v.impact === "serious" || v.impact === "critical")
      .flatMap((v) => v.nodes.slice(0, 4).map((n) => `${v.id}: ${n.target.join(" ")} | ${n.html.slice(0, 140)} | ${(n.failureSummary ?? "").split("\n")[1]?.trim() ?? ""}`));
  });
  assert.deepEqual(found, [], `axe on ${what}`);
}

/** The text of the notice at the edge, once it is there. */
export const notice = (page) => page.locator(".toast").first();

/** Waits until `what` gives `wanted`. */
export async function until(what, wanted = true) {
  const end = Date.now() + 15_000;
  let last;
  while ((last = await what()) !== wanted) {
    if (Date.now() > end) assert.equal(last, wanted);
    await new Promise((r) => setTimeout(r, 100));
  }
}
