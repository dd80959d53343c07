// Make a customer, find him however his name is written, change him in place and by the form.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";

let server, api;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  await customers(api);
});
after(async () => {
  await quit();
  await server?.stop();
});

/** Titles of the rows of a list that was searched. */
async function found(page, words) {
  await page.goto(`/party?search=${encodeURIComponent(words)}`);
  return page.locator("#list a.row-title").allInnerTexts();
}

for (const [lang, size, name] of [["ar", WIDE, "Arabic, wide"], ["en", WIDE, "English, wide"], ["ar", PHONE, "Arabic, phone"], ["en", PHONE, "English, phone"]]) {
  test(`make, find and edit: ${name}`, async () => {
    const tag = `${lang}${size.width}`;
    await during(server, { lang, size, expected: ["status of 422"] }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });

      // An empty form is refused, and says where.
      await page.goto("/party/new");
      await fits(page);
      await page.evaluate(() => document.querySelector("form.form").setAttribute("novalidate", ""));
      await page.click("form.form .form-foot button[type=submit]");
      await page.waitForSelector(".form-errors");

      await page.fill("[name='name.ar']", `عبدالرحمن السبيعي ${tag}`);
      await page.fill("[name='name.latin']", `Abdulrahman Alsubaie ${tag}`);
      await page.selectOption("[name=kind]", "person");
      await page.fill("[name=phone]", "٠٥٠ ٧٧٧ ٨٨٩٩");
      await page.fill("[name=email]", `abd.${tag}@example.sa`);
      await page.click("form.form .form-foot button[type=submit]");
      await page.waitForSelector(".record-head h1");
      const shown = await page.textContent(".record-head h1");
      assert.match(shown, lang === "ar" ? /السبيعي/ : /Alsubaie/, "the name in the reader's script");
      const tel = await page.getAttribute("a[href^='tel:']", "href");
      assert.equal(tel, "tel:+966507778899", "Arabic digits of a local number become the international form");
      const record = new URL(page.url()).pathname;
      await fits(page);

      // Search: hamza, taa marbuta, article, prefixes, digits, the other script.
      const expectations = [
        ["احمد", "أحمد", "Ahmed"],
        ["مكتبه", "مكتبة", "Bookshop"],
        ["العملاء", "العملاء", "United"],
        ["عملاء", "العملاء", "United"],
        ["والعملاء", "العملاء", "United"],
        ["Mohammed", "محمد", "Mohammed"],
        ["Muhammad", "محمد", "Mohammed"],
        ["٠٥٠١٢٣٤٥٦٧", "أحمد", "Ahmed"],
        ["050 123", "أحمد", "Ahmed"],
        ["+966501234567", "أحمد", "Ahmed"],
        ["السبيعي", "السبيعي", "Alsubaie"],
      ];
      for (const [words, ar, en] of expectations) {
        const titles = await found(page, words);
        assert.ok(titles.some((t) => t.includes(lang === "ar" ? ar : en)), `«${words}» finds ${ar}, found: ${titles.join(" · ")}`);
      }
      await fits(page);
      assert.deepEqual(await found(page, "قمر صناعي"), [], "nothing where nothing is");
      await page.waitForSelector(".empty");

      // In place, on the record page: a click, a word, Enter.
      await page.goto(record);
      await page.click("[data-edit$='/cell/job_title']");
      await page.fill("[data-cell-editor] input[name=job_title]", "مدير المشتريات");
      await page.press("[data-cell-editor] input[name=job_title]", "Enter");
      await page.waitForFunction(() => !document.querySelector("[data-cell-editor]"));
      assert.match(await page.textContent("[data-edit$='/cell/job_title']"), /مدير المشتريات/);
      await page.reload();
      assert.match(await page.textContent("[data-edit$='/cell/job_title']"), /مدير المشتريات/, "it was saved");

      // A value that does not fit is said beside the field and nothing changes.
      // Beside the link, which itself opens the mail program.
      const mail = page.locator("[data-edit$='/cell/email']");
      const { width } = await mail.boundingBox();
      await mail.click({ position: { x: lang === "ar" ? 4 : width - 4, y: 8 } });
      await page.fill("[data-cell-editor] input[name=email]", "لا بريد");
      await page.press("[data-cell-editor] input[name=email]", "Enter");
      await page.waitForSelector("[data-cell-editor] .field-error");
      await page.press("[data-cell-editor] input[name=email]", "Escape");
      await page.reload();
      assert.match(await page.textContent("[data-edit$='/cell/email']"), new RegExp(`abd\\.${tag}@example`));

      // By the form.
      await page.goto(`${record}/edit`);
      await page.selectOption("[name=stage]", "customer");
      await page.fill("[name='address.city']", "الدمام");
      await page.click("form.form .form-foot button[type=submit]");
      await page.waitForURL((u) => u.pathname === record);
      assert.match(await page.textContent("main"), /الدمام/);

      if (size === WIDE) {
        // In place, in the list.
        await page.goto(`/party?search=${tag}`);
        const cell = page.locator("tr[data-id] [data-edit$='/cell/code']").first();
        await cell.dblclick();
        await page.fill("[data-cell-editor] input[name=code]", `N-${tag}`);
        await page.press("[data-cell-editor] input[name=code]", "Enter");
        await page.waitForFunction(() => !document.querySelector("[data-cell-editor]"));
        assert.match(await cell.innerText(), new RegExp(`N-${tag}`));
      }
    });
  });
}

test("without JavaScript a customer can be made, found and changed", async () => {
  await during(server, { javaScriptEnabled: false }, async (page) => {
    await signIn(page);
    await page.goto("/party/new");
    await page.fill("[name='name.ar']", "زبون بلا برمجة");
    await page.selectOption("[name=kind]", "person");
    await page.selectOption("[name=stage]", "prospect");
    await page.click("form.form .form-foot button[type=submit]");
    await page.waitForSelector(".record-head h1");
    await page.goto(`${new URL(page.url()).pathname}/edit`);
    await page.fill("[name=note]", "يفضّل الاتصال مساءً");
    await page.click("form.form .form-foot button[type=submit]");
    await page.waitForSelector(".record-head h1");
    assert.match(await page.textContent("main"), /يفضّل الاتصال/);
    assert.ok((await found(page, "برمجة")).length >= 1);
  });
});
