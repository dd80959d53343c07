// A new company: the wizard, then out and in again.
import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { accessible, during, fits, PHONE, quit, signIn, WIDE } from "../lib/browser.mjs";
import { postgres, Server } from "../lib/server.mjs";

after(quit);

const cases = [
  { lang: "ar", size: WIDE, name: "Arabic, wide", database: "sqlite" },
  { lang: "en", size: PHONE, name: "English, phone", database: "sqlite" },
  { lang: "ar", size: PHONE, name: "Arabic, phone, on PostgreSQL", database: "postgres" },
];

for (const c of cases) {
  const admin = process.env.SILA_TEST_POSTGRES;
  if (c.database === "postgres" && !admin) continue;
  test(`first run: ${c.name}`, async () => {
    const pg = c.database === "postgres" ? await postgres(admin) : undefined;
    const server = await Server.start({ database: pg?.url });
    try {
      await during(server, { lang: c.lang, size: c.size, expected: ["status of 401", "status of 422"] }, async (page) => {
        await page.goto(`/?lang=${c.lang}`);
        assert.equal(new URL(page.url()).pathname, "/setup", "a new company begins with the wizard");
        if (c.lang === "en") await page.goto("/setup?lang=en");
        assert.equal(await page.getAttribute("html", "dir"), c.lang === "ar" ? "rtl" : "ltr");
        await fits(page);
        await accessible(page);

        // A password that is too simple is refused, what was typed stays.
        await page.fill("[name='company.ar']", "شركة النور للتجارة");
        await page.fill("[name='company.latin']", "Alnoor Trading");
        await page.selectOption("[name=country]", "SA");
        await page.selectOption("[name=currency]", "SAR");
        await page.selectOption("[name=lang]", c.lang);
        await page.fill("[name='name.ar']", "نورة العنزي");
        await page.fill("[name='name.latin']", "Noura Alanazi");
        await page.fill("[name=email]", "noura@example.sa");
        await page.fill("[name=password]", "1111111111");
        await page.click("form[action='/setup'] button[type=submit]");
        await page.waitForSelector(".field-error");
        assert.equal(await page.inputValue("[name='company.ar']"), "شركة النور للتجارة");
        await page.fill("[name=password]", "nakhla-wa-bahr-29");
        await page.click("form[action='/setup'] button[type=submit]");
        await page.waitForSelector("body.app");
        assert.equal(new URL(page.url()).pathname, "/");
        assert.match(await page.textContent(".sidebar .brand, .topbar .brand-name"), c.lang === "ar" ? /النور/ : /Alnoor/);
        await fits(page);

        await page.click("button.user-button");
        await page.click("form[action='/-/sign-out'] button");
        await page.waitForURL(/sign-in/);
        await page.goto("/party");
        assert.match(page.url(), /sign-in/, "nothing is seen without signing in");

        await page.fill("#f-email", "noura@example.sa");
        await page.fill("#f-password", "not-the-password");
        await page.click("form[action='/sign-in'] button[type=submit]");
        await page.waitForSelector(".field-error, .flash");
        await fits(page);
        await signIn(page, { email: "noura@example.sa", password: "nakhla-wa-bahr-29" });
        await page.waitForSelector("body.app");
        await page.goto("/setup");
        assert.notEqual(new URL(page.url()).pathname, "/setup", "the wizard runs once");
      });
    } finally {
      await server.stop();
      await pg?.drop();
    }
  });
}
