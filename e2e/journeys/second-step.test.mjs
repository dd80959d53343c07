// Signing in with more than a password: an authenticator app, recovery codes, a passkey; what the company demands.
import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import { accessible, during, fits, PHONE, quit, signIn, WIDE } from "../lib/browser.mjs";
import { ADMIN, Server } from "../lib/server.mjs";

after(quit);

/** What an authenticator app shows (RFC 6238), computed apart from the program. */
function code(seed, steps = 0) {
  let bits = "";
  for (const c of seed) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac("sha1", key).update(step).digest();
  const at = tag[19] & 15;
  return String((tag.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const out = async (page, lang = "ar") => {
  await page.request.post("/-/sign-out", { headers: { origin: new URL(page.url()).origin } });
  await page.goto(`/sign-in?lang=${lang}`);
};
const password = async (page) => {
  await page.fill("#f-email", ADMIN.email);
  await page.fill("#f-password", ADMIN.password);
  await page.click("form[action='/sign-in'] button[type=submit]");
};

for (const c of [{ lang: "ar", size: PHONE }, { lang: "en", size: WIDE }]) {
  test(`second step: ${c.lang}, ${c.size.width}`, async () => {
    const server = await Server.withAdmin({ lang: c.lang });
    // Browsers make passkeys for names alone.
    const named = { url: server.url.replace("127.0.0.1", "localhost") };
    try {
      await during(named, { ...c, expected: ["status of 422", "status of 401"] }, async (page) => {
        await signIn(page);
        await page.goto("/me");
        await page.click("a[href='/me/app']");
        await page.waitForSelector(".qr svg");
        if (process.env.SHOTS) await page.screenshot({ path: `out/app-${c.lang}.png` });
        await fits(page);
        await accessible(page);
        await page.click("details summary");
        const seed = (await page.textContent("code.token-once")).trim();
        await page.fill("#f-code", "000000");
        await page.click("form[action='/me/app'] button[type=submit]");
        await page.waitForSelector(".field-error");
        await page.fill("#f-code", code(seed));
        await page.click("form[action='/me/app'] button[type=submit]");
        await page.waitForSelector(".recovery");
        const codes = await page.locator(".recovery code").allTextContents();
        assert.equal(codes.length, 10);
        await fits(page);

        // The password alone no longer opens; a recovery code does, once.
        await out(page, c.lang);
        await password(page);
        await page.waitForSelector("form[action='/sign-in/second']");
        if (process.env.SHOTS) await page.screenshot({ path: `out/second-${c.lang}.png` });
        await fits(page);
        await accessible(page);
        await page.goto("/party");
        assert.match(page.url(), /sign-in/, "not in yet");
        await password(page);
        await page.fill("#f-code", codes[0]);
        await page.click("form[action='/sign-in/second'] button[type=submit]");
        await page.waitForSelector("body.app");
        assert.match(page.url(), /\/party$/, "where he wanted to go");
        await out(page, c.lang);
        await password(page);
        await page.fill("#f-code", codes[0]);
        await page.click("form[action='/sign-in/second'] button[type=submit]");
        await page.waitForSelector(".field-error");
        await page.fill("#f-code", code(seed, 1));
        await page.click("form[action='/sign-in/second'] button[type=submit]");
        await page.waitForSelector("body.app");

        // A passkey of the device: no password, no code.
        const device = await page.context().newCDPSession(page);
        await device.send("WebAuthn.enable");
        await device.send("WebAuthn.addVirtualAuthenticator", {
          options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
        });
        await page.goto("/me");
        await page.click("form[data-passkey=create] button");
        await page.waitForFunction(() => document.querySelectorAll(".factors > li").length === 2);
        if (process.env.SHOTS) await page.screenshot({ path: `out/me-${c.lang}.png`, fullPage: true });
        await fits(page);
        await accessible(page);
        await out(page, c.lang);
        await page.click("form[data-passkey=get] button");
        await page.waitForSelector("body.app");
        await page.goto("/me");

        // Taking a step away asks for the password.
        const [first] = await page.locator(".factors button").all();
        await first.click();
        await page.fill("dialog[open] input[name=password]", "not-the-password");
        await page.click("dialog[open] button[type=submit]");
        await page.waitForSelector(".flash");
        await page.locator(".factors button").first().click();
        await page.fill("dialog[open] input[name=password]", ADMIN.password);
        await page.click("dialog[open] button[type=submit]");
        await page.waitForFunction(() => document.querySelectorAll(".factors > li").length === 1);

        // A passkey that was taken away opens nothing, though the device still has it; both stand in the audit.
        await page.locator(".factors button").first().click();
        await page.fill("dialog[open] input[name=password]", ADMIN.password);
        await page.click("dialog[open] button[type=submit]");
        await page.waitForFunction(() => !document.querySelector(".factors > li"));
        await out(page, c.lang);
        await page.click("form[data-passkey=get] button");
        await page.waitForSelector(".gate-card .flash");
        await page.goto(`/sign-in?lang=${c.lang}`);
        await password(page);
        await page.waitForSelector("body.app");
        const passkey = c.lang === "ar" ? "مفتاح مرور" : "passkey";
        for (const [verb, many] of [["sign_in", 1], ["sign_in_failed", 1]]) {
          await page.goto(`/admin/audit?verb=${verb}`);
          const rows = await page.locator(".audit-values").allTextContents();
          assert.equal(rows.filter((r) => r.includes(passkey) && r.includes("127.0.0.1")).length, many, `${verb}: ${rows.join(" | ")}`);
        }
      });
    } finally {
      await server.stop();
    }
  });
}

test("what the company demands: enrolled at the door, addresses kept to", async () => {
  const server = await Server.withAdmin();
  try {
    await during(server, { expected: ["status of 422", "status of 403"] }, async (page) => {
      await signIn(page);
      await page.goto("/admin/sign-in");
      if (process.env.SHOTS) await page.screenshot({ path: "out/rules.png" });
      await fits(page);
      await accessible(page);
      await page.fill("[name=from]", "203.0.113.0/24");
      await page.click("form[action='/admin/sign-in'] button[type=submit]");
      await page.waitForSelector(".flash");
      assert.match(await page.textContent(".flash"), /127\.0\.0\.1/, "says which address is missing");
      await page.fill("[name=from]", "203.0.113.0/24\n127.0.0.0/8");
      await page.selectOption("[name=second]", "everybody");
      await page.click("form[action='/admin/sign-in'] button[type=submit]");
      await page.waitForSelector(".toast");
      await out(page);
      await password(page);
      await page.waitForSelector(".qr svg");
      await fits(page);
      await accessible(page);
      await page.click("details summary");
      await page.fill("#f-code", code((await page.textContent("code.token-once")).trim()));
      await page.click("form[action='/sign-in/enrol'] button[type=submit]");
      await page.waitForSelector(".recovery");
      await page.click("a.button[href='/'], .gate a[href='/']");
      await page.waitForSelector("body.app");
    });
  } finally {
    await server.stop();
  }
});
