// Deleted records wait in the trash and come back whole.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";

let server, ids;
before(async () => {
  server = await Server.withAdmin();
  ids = await customers(await server.api());
});
after(async () => {
  await quit();
  await server?.stop();
});

for (const [lang, size, name] of [["ar", WIDE, "Arabic, wide"], ["en", PHONE, "English, phone"]]) {
  test(`delete and restore: ${name}`, async () => {
    await during(server, { lang, size, expected: ["status of 404"] }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      const record = `/party/${ids["C-1007"]}`;
      page.on("dialog", (d) => d.accept());
      if (size === WIDE) {
        await page.goto("/party?search=C-1007");
        await page.check(`input.row-tick[value='${ids["C-1007"]}']`);
        await page.click("[data-mass] button[commandfor=mass-delete]");
        await page.click("#mass-delete button.btn-danger");
        await page.waitForFunction((id) => !document.querySelector(`#row-${CSS.escape(id)}`), ids["C-1007"]);
      } else {
        const form = { back: "/party" };
        const response = await page.request.post(`${record}/delete`, { form, headers: { origin: server.url } });
        assert.ok(response.ok(), `delete: ${response.status()}`);
      }
      await page.goto(record);
      assert.equal((await page.request.get(record)).status(), 404, "a deleted record is not there");
      await page.goto("/party/trash");
      await fits(page);
      await accessible(page);
      const row = page.locator("tr", { hasText: lang === "ar" ? "هدى" : "Huda" });
      await row.locator("form[action*='restore'] button").click();
      await page.waitForFunction(() => !document.querySelector("form[action*='restore']"));
      await page.goto(record);
      await page.waitForSelector(".record-head h1");
    });
  });
}
