// The customer record: several phones edited in place, relationships drawn, the other spelling of a name proposed,
// get–keep–grow.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { Server } from "../lib/server.mjs";

let server, api;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
});
after(async () => {
  await quit();
  await server?.stop();
});

const ways = [["ar", WIDE, "Arabic, wide"], ["en", WIDE, "English, wide"], ["ar", PHONE, "Arabic, phone"], ["en", PHONE, "English, phone"]];

for (const [lang, size, name] of ways) {
  test(`phones in rows: ${name}`, async () => {
    const tag = `${lang}${size.width}`;
    const party = await api("POST", "/party", { name: { ar: `مكتبة النور ${tag}`, latin: `Noor ${tag}` }, kind: "organisation", phone: "+966501112233" });
    await during(server, { lang, size, expected: ["status of 422"] }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/party/${party.id}`);
      // The number of the form is a row already; a second one is added beside it.
      await page.click("#rows-phones a[href*='rows=phones']");
      await fits(page);
      assert.equal(await page.locator("[name='phones.0.phone']").count(), 1);
      await page.click("[data-parts=phones] [data-part-add]");
      const last = page.locator("[data-parts=phones] > [data-part]").last();
      await last.locator("input[type=tel]").fill("٠٥٥ ٩٨٧ ٦٥٤٣");
      await last.locator("select").selectOption("whatsapp");
      await page.click("#rows-phones .form-foot button[type=submit]");
      await page.waitForSelector("#rows-phones table, #rows-phones .grid");
      // The second number finds him.
      await page.goto(`/party?search=0559876543`);
      assert.ok((await page.locator("#list a.row-title").allInnerTexts()).some((t) => t.includes(tag)), "found by his second number");
      // A number that is none comes back as it was typed, and nothing is lost.
      await page.goto(`/party/${party.id}?rows=phones`);
      await page.locator("[name='phones.1.phone']").fill("abc");
      await page.click("#rows-phones .form-foot button[type=submit]");
      await page.waitForSelector("#rows-phones .field-error");
      assert.equal(await page.inputValue("[name='phones.1.phone']"), "abc");
      await fits(page);
      // Without the first, the second is the customer's own number.
      await page.goto(`/party/${party.id}?rows=phones`);
      await page.check("[name='phones.0.remove']");
      await page.click("#rows-phones .form-foot button[type=submit]");
      await page.waitForSelector(".record-head h1");
      const kept = await api("GET", `/party/${party.id}`);
      assert.equal(kept.phone, "+966559876543");
      // The form of a new customer takes further numbers along.
      await page.goto("/party/new");
      await page.fill("[name='name.ar']", `فهد الدوسري ${tag}`);
      await page.waitForSelector(".name-offer:not([hidden])");
      await page.click(".name-offer");
      assert.match(await page.inputValue("[name='name.latin']"), /^Fahad Al-Dosari/, "the proposed spelling is taken over");
      await page.fill("[name=phone]", "0501234567");
      await page.click(".form-parts:has([data-parts=phones]) > summary");
      await page.locator("[data-parts=phones] input[type=tel]").first().fill("0507654321");
      await fits(page);
      await page.click("form.form > .form-foot button[type=submit]");
      await page.waitForSelector(".record-head h1");
      const id = new URL(page.url()).pathname.split("/").pop();
      const list = await api("GET", `/party_phone?filter=${encodeURIComponent(`party == id("${id}")`)}&sort=-primary`);
      assert.deepEqual(list.data.map((p) => [p.phone, p.primary]), [["+966501234567", true], ["+966507654321", false]]);
    });
  });

  test(`relationships are drawn and lead on: ${name}`, async () => {
    const tag = `${lang}${size.width}`;
    const firm = await api("POST", "/party", { name: { ar: `شركة الأفق ${tag}`, latin: `Horizon ${tag}` }, kind: "organisation" });
    const buyer = await api("POST", "/party", { name: { ar: `سعد الحربي ${tag}`, latin: `Saad Alharbi ${tag}` }, kind: "person" });
    await api("POST", "/relationship", { party: buyer.id, kind: "works_at", other: firm.id, role: "مدير المشتريات", primary: true });
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/party/${firm.id}`);
      await fits(page);
      const link = size === WIDE ? page.locator(".network-map a").first() : page.locator(".network-list a").first();
      assert.ok(await link.isVisible());
      if (size === WIDE) {
        // Who works for the firm stands at the start of the line: mirrored in Arabic.
        const at = await link.boundingBox(), map = await page.locator(".network-map").boundingBox();
        assert.equal(at.x + at.width / 2 > map.x + map.width / 2, lang === "ar");
        await link.focus();
      }
      await link.click();
      await page.waitForURL(`**/party/${buyer.id}`);
      assert.match(await page.textContent(".network"), /مدير المشتريات/);
    });
  });

  test(`a name is read, and credit stands beside the customer: ${name}`, async () => {
    const tag = `${lang}${size.width}`;
    const ar = lang === "ar";
    const person = await api("POST", "/party", { name: { ar: `د. هدى عبدالله سعد الشمري`, latin: `Dr. Huda Abdullah ${tag} Alshammari` }, kind: "person", gender: "female" });
    const firm = await api("POST", "/party", {
      name: { ar: `مؤسسة الضمان ${tag}`, latin: `Daman ${tag}` }, kind: "organisation", credit_limit: { amount: "50000", currency: "SAR" }, days_late: 12, credit_hold: true, hold_reason: "شيك مرتجع",
    });
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/party/${person.id}`);
      const block = page.locator("section.block", { hasText: ar ? "قراءة الاسم" : "How the name is read" });
      const read = await block.innerText();
      for (const part of ["دكتورة هدى", "Dr. Alshammari", "عبدالله", "الشمري"]) assert.ok(read.includes(part), `${part} in ${read}`);
      await fits(page);
      // What is read wrong is written, and stays.
      await page.goto(`/party/${person.id}/edit`);
      await page.locator("[name='greeting.ar']").fill("أم سعد");
      await fits(page);
      await page.click(".form-foot button[type=submit]");
      await page.waitForSelector(".record-head h1");
      assert.ok((await block.innerText()).includes("أم سعد"));
      // Chosen in the form of an order, the customer brings his credit along.
      await page.goto(`/order/new?party=${firm.id}`);
      const glance = page.locator("[data-glance-of=party]");
      await glance.locator(".summary").waitFor();
      const said = await glance.innerText();
      assert.ok(said.includes("شيك مرتجع") && /50[,.]?000|٥٠[٬,]?٠٠٠/.test(said), said);
      assert.ok(await page.evaluate(() => document.querySelector("form.form [data-glance-of=party]") !== null), "below its field");
      await fits(page);
      // On the page of what concerns him too.
      const order = await api("POST", "/order", { party: firm.id });
      await page.goto(`/order/${order.id}`);
      assert.ok((await page.locator("#record-blocks").innerText()).includes("شيك مرتجع"));
      await fits(page);
    });
  });

  test(`get, keep, grow: ${name}`, async () => {
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/insight/growth");
      await fits(page);
      assert.equal(await page.locator(".growth-band").count(), 3);
      const shown = await page.textContent(".growth-card[data-stage=prospect] .growth-n");
      assert.notEqual(shown.trim(), "0");
      await page.click(".growth-card[data-stage=prospect] a.growth-main");
      await page.waitForSelector("#list");
      await fits(page);
    });
  });
}
