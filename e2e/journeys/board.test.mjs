// The board: a card is dragged to another stage, and moved with the keyboard alone.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE, until } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";

let server, api, ids;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  ids = await customers(api);
});
after(async () => {
  await quit();
  await server?.stop();
});

const stage = async (id) => (await api("GET", `/party/${id}`)).stage;

for (const [lang, card, other] of [["ar", "C-1003", "C-1005"], ["en", "C-1001", "C-1004"]]) {
  test(`drag and keys: ${lang}`, async () => {
    await during(server, { lang }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/party/board");
      const before = await stage(ids[card]);
      const next = before === "prospect" ? "customer" : "loyal";
      await page.dragAndDrop(`[data-card='${ids[card]}'] .card-title`, `[data-column=${next}] .board-cards`);
      await until(() => stage(ids[card]), next);
      assert.ok(await page.locator(`[data-column=${next}] [data-card='${ids[card]}']`).count(), "the card stands in the new column");
      await page.reload();
      assert.ok(await page.locator(`[data-column=${next}] [data-card='${ids[card]}']`).count(), "and stays there");

      // Space lifts, the arrow in reading direction moves on, Space lowers.
      const columns = await page.locator("[data-column]").evaluateAll((all) => all.map((c) => c.dataset.column));
      const from = await stage(ids[other]);
      const to = columns[columns.indexOf(from) + 1];
      await page.focus(`[data-card='${ids[other]}'] .card-title`);
      await page.keyboard.press(" ");
      await page.keyboard.press(lang === "ar" ? "ArrowLeft" : "ArrowRight");
      await page.keyboard.press(" ");
      await until(() => stage(ids[other]), to);

      // Escape puts it back.
      await page.focus(`[data-card='${ids[other]}'] .card-title`);
      await page.keyboard.press(" ");
      await page.keyboard.press(lang === "ar" ? "ArrowRight" : "ArrowLeft");
      await page.keyboard.press("Escape");
      assert.ok(await page.locator(`[data-column=${to}] [data-card='${ids[other]}']`).count());
      assert.equal(await stage(ids[other]), to);
      await accessible(page);
    });
  });
}

test("the board on a phone", async () => {
  await during(server, { size: PHONE }, async (page) => {
    await signIn(page);
    await page.goto("/party/board");
    await fits(page);
    assert.ok(await page.locator("[data-card]").count() > 0);
  });
});
