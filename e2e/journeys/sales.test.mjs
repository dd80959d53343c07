// Selling: a card is refused by its stage, let in, and won; a lead is rated, converted and taken back; the funnel's
// figures lead to their lists.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE, until } from "../lib/browser.mjs";
import { Server } from "../lib/server.mjs";

let server, api, stages;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  const pipeline = (await api("GET", `/pipeline?filter=${encodeURIComponent('name.latin == "Direct sales"')}`)).data[0].id;
  const list = await api("GET", `/pipeline_stage?filter=${encodeURIComponent(`pipeline == id("${pipeline}")`)}`);
  stages = Object.fromEntries(list.data.map((s) => [s.name.latin, s.id]));
});
after(async () => {
  await quit();
  await server?.stop();
});

const SAR = (amount) => ({ amount, currency: "SAR" });
const ways = [["ar", WIDE, "Arabic, wide"], ["en", WIDE, "English, wide"], ["ar", PHONE, "Arabic, phone"], ["en", PHONE, "English, phone"]];

for (const [lang, size, name] of ways) {
  const tag = `${lang}${size.width}`;

  test(`a deal goes through its stages: ${name}`, async () => {
    const party = await api("POST", "/party", { name: { ar: `شركة الأفق ${tag}`, latin: `Horizon ${tag}` }, kind: "organisation" });
    const deal = await api("POST", "/opportunity", { name: `توريد ${tag}`, party: party.id });
    const stage = async () => (await api("GET", `/opportunity/${deal.id}`)).stage;
    await during(server, { lang, size, expected: ["status of 422"] }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/opportunity/board");
      await fits(page);
      const card = `[data-card='${deal.id}']`;
      assert.ok(await page.locator(`[data-column='${stages["Qualification"]}'] ${card}`).count());
      if (size === WIDE) {
        await page.dragAndDrop(`${card} .card-title`, `[data-column='${stages["Needs analysis"]}'] .board-cards`);
        // It says what is missing, and the card is back.
        await page.waitForSelector(".toast[data-tone=bad]");
        assert.match(await page.locator(".toast[data-tone=bad]").innerText(), lang === "ar" ? /القيمة المتوقعة/ : /Amount/);
        assert.ok(await page.locator(`[data-column='${stages["Qualification"]}'] ${card}`).count());
        assert.equal(await stage(), stages["Qualification"]);
        // The end of a sale asks for its reason over the board; closing it changes nothing.
        await page.locator(`${card} a`).first().focus();
        await page.keyboard.press("Space");
        for (let n = 0; n < 6; n++) await page.keyboard.press(lang === "ar" ? "ArrowLeft" : "ArrowRight");
        await page.keyboard.press("Space");
        await page.waitForSelector("dialog[open] [name=lost_reason]");
        assert.ok(await page.locator(`[data-column='${stages["Qualification"]}'] ${card}`).count());
        await accessible(page);
        await page.click("dialog[open] .dialog-foot a");
        await page.waitForSelector("dialog[open]", { state: "detached" });
        assert.equal(await stage(), stages["Qualification"]);
        await accessible(page);
      }
      await page.goto(`/opportunity/${deal.id}`);
      await fits(page);
      // The panel says what the next stage asks for.
      assert.equal(await page.locator(".asks li").count(), 2);
      await api("PATCH", `/opportunity/${deal.id}`, { amount: SAR("60000"), expected_close: "2030-01-31" });
      await page.goto(`/opportunity/${deal.id}`);
      assert.equal(await page.locator(".asks li[data-done]").count(), 2);
      if (size === WIDE) {
        await page.goto("/opportunity/board");
        await page.dragAndDrop(`${card} .card-title`, `[data-column='${stages["Needs analysis"]}'] .board-cards`);
      } else {
        await page.click(`.steps-path button[value='${stages["Needs analysis"]}']`);
      }
      await until(stage, stages["Needs analysis"]);
      await page.goto(`/opportunity/${deal.id}`);
      // Won, with the reason.
      await page.click("[commandfor=do-win]");
      await page.locator("#do-win-form select").first().selectOption("quality");
      await page.click("button[form=do-win-form]");
      await until(async () => (await api("GET", `/opportunity/${deal.id}`)).status, "won");
      const steps = await api("GET", `/opportunity_step?filter=${encodeURIComponent(`opportunity == id("${deal.id}")`)}&sort=created_at`);
      assert.deepEqual(steps.data.map((s) => s.name.latin), ["Qualification", "Needs analysis", "Won"]);
      await page.goto(`/opportunity/${deal.id}`);
      await fits(page);
      if (size === WIDE) await accessible(page);
    });
  });

  test(`a lead is rated, converted and taken back: ${name}`, async () => {
    const lead = await api("POST", "/lead", {
      name: { ar: `سليم الخطيب ${tag}`, latin: `Salim ${tag}` }, company: `منشأة الغدير ${tag}`, job_title: "مدير المشتريات",
      email: `salim@${tag}.example`, phone: `+9665${lang === "ar" ? 1 : 2}000${size.width}`.padEnd(13, "0").slice(0, 13), source: "referral",
    });
    assert.equal(lead.temperature, "hot");
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/lead/${lead.id}`);
      await fits(page);
      assert.ok(await page.locator(".reasons li").count() >= 4, "the rating has its reasons");
      await page.click("[commandfor=do-convert]");
      await page.fill("#do-convert-form [name=title]", `صفقة ${tag}`);
      await fits(page);
      await Promise.all([page.waitForURL(/\/opportunity\//), page.click("button[form=do-convert-form]")]);
      assert.match(await page.locator(".record-head h1").innerText(), new RegExp(`صفقة ${tag}`));
      const now = await api("GET", `/lead/${lead.id}`);
      assert.equal(now.status, "converted");
      // On the customer's page the deal is open.
      await page.goto(`/party/${now.party}`);
      assert.match(await page.locator(".deal-list").first().innerText(), new RegExp(tag));
      await fits(page);
      await page.goto(`/lead/${lead.id}`);
      await page.click("[commandfor=do-undo_conversion]");
      await page.click("#do-undo_conversion button[type=submit]");
      await until(async () => (await api("GET", `/lead/${lead.id}`)).status, "new");
      const left = await api("GET", `/party?search=${encodeURIComponent(`الغدير ${tag}`)}`);
      assert.equal(left.data.length, 0, "what the conversion made is gone");
    });
  });

  test(`figures of the funnel lead to their lists: ${name}`, async () => {
    const party = await api("POST", "/party", { name: { ar: `عميل القمع ${tag}`, latin: `Funnel ${tag}` } });
    await api("POST", "/opportunity", { name: `قمع ${tag}`, party: party.id, amount: SAR("1000"), expected_close: "2030-01-31" });
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/sales/funnel");
      await fits(page);
      if (size === WIDE) await accessible(page);
      const number = (text) => Number(text.replace(/[٠-٩]/g, (d) => String(d.charCodeAt(0) - 0x660)).match(/\d+/)[0]);
      const tile = page.locator("a.tile").first();
      const created = number(await tile.locator(".tile-value").innerText());
      await tile.click();
      await page.waitForSelector("#list");
      assert.equal(await page.locator("#list tbody tr").count(), created);
      await page.goto("/sales/funnel");
      const bar = page.locator("a.hbar").first();
      const reached = number(await bar.locator(".hbar-value").innerText());
      await bar.click();
      await page.waitForSelector("#list");
      assert.equal(await page.locator("#list tbody tr").count(), reached);
      await fits(page);
    });
  });
}
