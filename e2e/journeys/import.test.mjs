// A file of customers: columns recognised, tried without writing, imported, taken back.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { Server } from "../lib/server.mjs";

const SHEET = `رقم العميل,الاسم,Name,الجوال,البريد الإلكتروني,ملاحظات
K-1,سعود الدوسري,Saud Aldosari,٠٥٠١١١٢٢٣٣,saud@example.sa,عميل من المعرض
K-2,ريم الحربي,Reem Alharbi,0552223344,reem@example.sa,
K-3,متجر الواحة,Oasis Store,0114445566,ليس بريدًا,يطلب كل شهر
K-4,خالد المطيري,Khalid Almutairi,+966 53 444 5566,khalid@example.sa,
`;

let server, api;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
});
after(async () => {
  await quit();
  await server?.stop();
});

const count = async () => (await api("GET", "/party?count=exact&limit=1")).count?.n ?? (await api("GET", "/party?limit=200")).data.length;

for (const [lang, size, name] of [["ar", WIDE, "Arabic, wide"], ["en", PHONE, "English, phone"]]) {
  test(`import and undo: ${name}`, async () => {
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      assert.equal(await count(), 0);
      await page.goto("/party/import");
      await fits(page);
      await accessible(page);
      await page.setInputFiles("input[type=file][name=file]", { name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(SHEET) });
      await page.click("main form button[type=submit]");

      // Mapping: Arabic headings were recognised; what was not is chosen by hand.
      await page.waitForSelector("select[name='map.0']");
      await fits(page);
      const chosen = await page.locator("select[name^='map.']").evaluateAll((all) => all.map((s) => s.value));
      assert.equal(chosen[0], "code");
      assert.match(chosen[1], /^name/);
      assert.equal(chosen[4], "email");
      assert.equal(chosen[5], "note");
      if (chosen[3] !== "phone") await page.selectOption("select[name='map.3']", "phone");
      await accessible(page);
      await page.click("main form button.btn-primary[type=submit]");

      // Dry run: nothing written, the bad row named with its line and reason.
      await page.waitForSelector("[aria-current=step] >> nth=0");
      await page.waitForSelector(".summary");
      const checked = await page.textContent("main");
      assert.match(checked, /ليس بريدًا|متجر الواحة/);
      assert.equal(await count(), 0, "a dry run writes nothing");
      await fits(page);
      await page.click("main form button.btn-primary[type=submit]");

      await page.waitForSelector("form[action$='/undo'] button, form[action*='undo'] button", { timeout: 30_000 });
      assert.equal(await count(), 3);
      await fits(page);
      await accessible(page);
      const found = await api("GET", `/party?filter=${encodeURIComponent('code == "K-1"')}`);
      assert.equal(found.data[0].phone, "+966501112233");

      await page.click("form[action*='undo'] button");
      const end = Date.now() + 15_000;
      while ((await count()) !== 0) {
        assert.ok(Date.now() < end, "the import was not taken back");
        await page.waitForTimeout(200);
      }
    });
  });
}
