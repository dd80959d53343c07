// A seller sees his own customers and those of his team; another's record is not there for him. An object of the
// company's own, made through the API, is at once a page like any other.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { postgres, Server, sila } from "../lib/server.mjs";

const SELLER = { email: "khalid@example.sa", password: "sayf-wa-shita-88" };
let server, api, ids, pg;
before(async () => {
  pg = process.env.SILA_TEST_POSTGRES ? await postgres(process.env.SILA_TEST_POSTGRES) : undefined;
  server = await Server.withAdmin({ database: pg?.url });
  api = await server.api();
  ids = await customers(api);
  await sila("user", "add", "--data", server.dir, ...server.database, "--email", SELLER.email, "--password", SELLER.password, "--role", "seller", "--name-ar", "خالد", "--lang", "ar");
});
after(async () => {
  await quit();
  await server?.stop();
  await pg?.drop();
});

test("a seller sees what is his, everywhere", async () => {
  await during(server, { expected: ["status of 404", "status of 403"] }, async (page) => {
    await signIn(page, SELLER);
    await page.goto("/party");
    assert.equal(await page.locator("tr[data-id]").count(), 0, "nobody gave him a customer yet");
    await page.goto("/party/new");
    await page.fill("[name='name.ar']", "عميل خالد");
    await page.click("form.form .form-foot button[type=submit]");
    await page.waitForSelector(".record-head h1");
    await page.goto("/party");
    assert.equal(await page.locator("tr[data-id]").count(), 1);
    const foreign = `/party/${ids["C-1001"]}`;
    const absent = "/party/00000000-0000-7000-8000-000000000000";
    const answers = await Promise.all([foreign, absent, `${foreign}/edit`, `${absent}/edit`].map(async (p) => (await page.request.get(p)).status()));
    assert.deepEqual(answers, [404, 404, 404, 404], "forbidden and missing answer alike");
    await page.goto("/-/search?q=%D8%A7%D8%AD%D9%85%D8%AF");
    assert.doesNotMatch(await page.textContent("main"), /الغامدي/, "search does not give it away");
    const file = await page.request.get("/party/export?format=csv");
    assert.doesNotMatch(await file.text(), /الغامدي/, "nor does the export");
    assert.equal((await page.request.get("/admin")).status() >= 403, true, "no administration");
    await page.goto("/order");
    assert.equal(await page.locator("a[href='/admin']").count(), 0);
  });
});

for (const [lang, size] of [["ar", WIDE], ["en", PHONE]])
  test(`an object of the company's own: ${lang}, ${size.width}`, async () => {
    const key = `c_visit_${lang}`;
    const field = (key, kind, ar, en, more = {}) => ({ key, kind, label: { ar, en }, ...more });
    const label = { ar: "زيارة", en: "Visit" };
    const plural = { ar: "الزيارات", en: "Visits" };
    const object = {
      key, module: "company", label, plural, icon: "map-pin", title: "subject",
      fields: [
        field("subject", { type: "text", max: 200 }, "الموضوع", "Subject", { required: true }),
        field("party", { type: "ref", object: "party" }, "العميل", "Customer", { in_list: true }),
        field("cost", { type: "money" }, "التكلفة", "Cost", { in_list: true }),
        field("twice", { type: "formula", expr: "cost * 2", result: { type: "money" } }, "الضعف", "Twice", { in_list: true }),
      ],
    };
    await api("POST", "/admin/objects/apply", { changes: [{ change: "put_object", object }] });
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/${key}/new`);
      await fits(page);
      await accessible(page);
      await page.fill("[name=subject]", "زيارة المعرض");
      await page.fill("[name=cost]", "١٢٥٫٥٠");
      // The lookup searches while typing.
      await page.click(".combo[data-lookup=party] .combo-input");
      await page.keyboard.type("جرير");
      await page.waitForSelector(".listbox [role=option]");
      await page.keyboard.press("Enter");
      await page.click("form.form .form-foot button[type=submit]");
      await page.waitForSelector(".record-head h1");
      assert.match((await page.textContent("main")).replace(/[\u200e\u200f\u2066-\u2069]/g, ""), /251\.00/, "the formula");
      await page.goto(`/${key}?search=${encodeURIComponent("المعرض")}`);
      assert.equal(await page.locator("tr[data-id]").count(), 1);
      await fits(page);
    });
  });
