// The pictures of the README and the guide, taken from the demo company: `npm run shots`.
// SILA names the program; SILA_DEMO an existing demo folder, so that the company is not made anew.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fits, PHONE, prefer, quit, signIn, visit, WIDE } from "./lib/browser.mjs";
import { Server, sila } from "./lib/server.mjs";

const LARGEST = 250_000;
const images = join(dirname(fileURLToPath(import.meta.url)), "../docs/images");
mkdirSync(images, { recursive: true });
for (const old of readdirSync(images)) if (old.endsWith(".webp")) rmSync(join(images, old));

const given = process.env.SILA_DEMO;
const dir = given ?? mkdtempSync(join(tmpdir(), "sila-pictures-"));
if (!given) {
  console.log("making the demo company");
  await sila("demo", "--data", dir, "--no-serve");
}
const login = readFileSync(join(dir, "demo-login.txt"), "utf8");
const email = login.match(/[\w.+-]+@[\w.-]+/)[0];
const password = login.match(/(?:password|كلمة المرور)[^\S\n]*[:=]?[^\S\n]*(\S+)/i)[1];
const server = await Server.start({ dir });

/** One picture; the quality goes down until it is small enough. */
async function shot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(250);
  const session = await page.context_.newCDPSession(page);
  for (const quality of [88, 80, 70, 60, 50]) {
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality });
    const bytes = Buffer.from(data, "base64");
    if (bytes.length > LARGEST) continue;
    const file = join(images, `${name}.webp`);
    writeFileSync(file, bytes);
    console.log(`${name}.webp  ${Math.round(statSync(file).size / 1000)} kB`);
    return;
  }
  throw new Error(`${name} is larger than ${LARGEST} bytes`);
}

try {
  for (const [lang, theme, size, suffix, wanted] of [
    ["ar", "light", WIDE, "ar-light", ["home", "parties", "party", "order", "board", "calendar", "import"]],
    ["ar", "dark", WIDE, "ar-dark", ["home", "party"]],
    ["en", "light", WIDE, "en-light", ["home", "parties", "party", "order", "board", "calendar"]],
    ["en", "dark", WIDE, "en-dark", ["parties"]],
    ["ar", "light", PHONE, "ar-phone", ["home", "parties", "party"]],
    ["en", "dark", PHONE, "en-phone", ["home", "parties", "party"]],
  ]) {
    const page = await visit(server, { lang, theme, size });
    await signIn(page, { email, password });
    await prefer(page, { lang, theme, calendar: "gregorian" });
    // The customer with the largest sales: his page has most to show.
    await page.goto("/party?sort=-revenue");
    const best = await page.locator("tr[data-id]").first().getAttribute("data-href");
    const order = await (async () => {
      await page.goto("/order?sort=-total");
      return page.locator("tr[data-id]").first().getAttribute("data-href");
    })();
    const all = { home: "/", parties: "/party", party: best, order, board: "/party/board", calendar: "/order/calendar?day=2011-11-15", import: "/party/import" };
    for (const name of Object.keys(all)) if (!wanted.includes(name)) delete all[name];
    for (const name of wanted) {
      await page.goto(all[name]);
      await fits(page).catch((e) => console.warn(`! ${name}-${suffix}: ${e.message.split("\n")[0]}`));
      await shot(page, `${name}-${suffix}`);
    }
    if (page.complaints.length) console.warn(`! ${suffix}:`, page.complaints);
    await page.context_.close();
  }
} finally {
  await quit();
  await server.stop();
  if (!given) rmSync(dir, { recursive: true, force: true });
}
