// From an opportunity over the quote to the order: lines are entered, sent, chosen from, signed and accepted.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE, until } from "../lib/browser.mjs";
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

const SAR = (amount) => ({ amount, currency: "SAR" });
const ways = [["ar", WIDE, "Arabic, wide"], ["en", WIDE, "English, wide"], ["ar", PHONE, "Arabic, phone"], ["en", PHONE, "English, phone"]];

for (const [lang, size, name] of ways) {
  const tag = `${lang}${size.width}`;

  test(`a quote is written, sent, signed and ordered: ${name}`, async () => {
    const party = await api("POST", "/party", { name: { ar: `مؤسسة نور الشام ${tag}`, latin: `Noor ${tag}` }, kind: "organisation", email: `buyer@${tag}.example` });
    const box = await api("POST", "/product", { name: { ar: `صندوق هدايا ${tag}`, latin: `Gift box ${tag}` }, code: `BOX-${tag}`, price: SAR("100.00") });
    const candle = await api("POST", "/product", { name: { ar: `شمعة عود ${tag}`, latin: `Oud candle ${tag}` }, code: `OUD-${tag}`, price: SAR("33.33") });
    const deal = await api("POST", "/opportunity", { name: `هدايا رمضان ${tag}`, party: party.id, amount: SAR("900.00") });
    let quote, link;
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/opportunity/${deal.id}`);
      await Promise.all([page.waitForURL(/\/quote\//), page.click("form[action$='/do/quote'] button")]);
      quote = page.url().split("/").pop();
      const total = async () => page.locator("#quote-desk [data-total]").getAttribute("data-total");
      const add = async (code) => {
        const rows = await page.locator("#quote-desk tbody tr").count();
        await page.locator("#quote-desk .combo-input").focus();
        await Promise.all([page.waitForResponse((r) => r.url().endsWith(`q=${code}`)), page.locator("#quote-desk .combo-input").fill(code)]);
        await until(() => page.locator("#quote-desk [role=option]").count(), 1);
        await page.locator("#quote-desk .combo-input").press("Enter");
        await until(() => page.locator("#quote-desk tbody tr").count(), rows + 1);
      };
      const put = async (row, field, value) => {
        const before = await total();
        const input = page.locator(`#quote-desk tbody tr:nth-child(${row}) input[name$='.${field}']`);
        await input.fill(value);
        await input.press("Tab");
        return before;
      };
      await add(`BOX-${tag}`);
      await put(1, "quantity", lang === "ar" ? "١٠" : "10");
      await until(total, "115000");
      await put(1, "discount_rate", "10");
      await until(total, "103500");
      await add(`OUD-${tag}`);
      await until(total, "107333");
      await page.locator("#quote-desk tbody tr:nth-child(2) input[name$='.optional']").check();
      await until(total, "103500");
      await fits(page);
      if (size === WIDE) await accessible(page);
      // Sent from the page as it stands: what was entered is not lost, nor is it a conflict.
      await page.click("[commandfor=do-send]");
      await page.click("button[form=do-send-form]");
      await until(async () => (await api("GET", `/quote/${quote}`)).status, "sent");
      await page.goto(`/quote/${quote}`);
      link = await page.locator(".qd-link input").inputValue();
      await fits(page);
    });

    // The customer, who has no account: on his own device, without cookies of ours.
    await during(server, { lang, size }, async (page) => {
      await page.goto(link.slice(link.indexOf("/p/")));
      await fits(page);
      const total = async () => page.locator("[data-total]").getAttribute("data-total");
      assert.equal(await total(), "103500");
      await accessible(page);
      await page.locator(".qt-choice input").check();
      await until(total, "107333");
      await until(async () => (await api("GET", `/quote/${quote}`)).seen_count, 1);
      const canvas = page.locator(".qt-canvas");
      await canvas.scrollIntoViewIfNeeded();
      const at = await canvas.boundingBox();
      await page.mouse.move(at.x + 30, at.y + 90);
      await page.mouse.down();
      await page.mouse.move(at.x + 90, at.y + 30, { steps: 6 });
      await page.mouse.move(at.x + 160, at.y + 110, { steps: 6 });
      await page.mouse.up();
      await page.fill(".qt-answer [name=name]", "هدى العتيبي");
      await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), page.click("[name=do][value=accept]")]);
      await page.waitForSelector(".flash");
      assert.match(await page.locator(".flash").first().innerText(), /هدى العتيبي/);
      assert.equal(await page.locator(".qt-answer").count(), 0);
      await fits(page);
    });

    const accepted = await api("GET", `/quote/${quote}`);
    assert.equal(accepted.status, "accepted");
    assert.equal(accepted.total.amount, "1073.33");
    assert.ok(accepted.signature, "the drawing is kept");

    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/quote/${quote}`);
      await Promise.all([page.waitForURL(/\/order\//), page.click("form[action$='/do/convert'] button")]);
      await fits(page);
      const order = await api("GET", `/order/${page.url().split("/").pop()}`);
      assert.deepEqual([order.status, order.total.amount, order.payable.amount], ["placed", "933.33", "1073.33"]);
      assert.equal((await api("GET", `/opportunity/${deal.id}`)).status, "won");
      // All of it stands on the customer's time line.
      await page.goto(`/party/${party.id}`);
      const story = await page.locator("#story-line").innerText();
      const words = lang === "ar" ? [/أُرسل العرض/, /فتح العميل العرض/, /قُبل العرض/, /صار العرض أمر بيع/] : [/is sent/, /opened the quote/, /is accepted/, /sales order/];
      for (const word of words) assert.match(story, word);
    });
  });
}

test("a name is enough where no script runs", async () => {
  const party = await api("POST", "/party", { name: { ar: "متجر بلا نصوص", latin: "No script" } });
  const quote = await api("POST", "/quote", { party: party.id });
  await api("POST", "/quote_line", { quote: quote.id, description: "خدمة", price: "50" });
  await api("POST", `/quote/${quote.id}/send`, {});
  let link;
  await during(server, { lang: "ar" }, async (page) => {
    await signIn(page);
    await page.goto(`/quote/${quote.id}`);
    link = await page.locator(".qd-link input").inputValue();
  });
  await during(server, { lang: "ar", size: PHONE, javaScriptEnabled: false, expected: ["status of 404"] }, async (page) => {
    const path = link.slice(link.indexOf("/p/"));
    await page.goto(path);
    await page.fill(".qt-answer [name=name]", "سالم");
    await page.click("[name=do][value=accept]");
    assert.match(await page.locator(".flash").first().innerText(), /سالم/);
    await page.goto(path.replace("?t=", "?t=x"));
    assert.match(await page.locator("h1").first().innerText(), /لا يفتح شيئًا/);
  });
});
