// An administrator sees the pages as a colleague sees them, asks why somebody may or may not see a customer, shares it with
// him and takes it back; the colleague meets each of it at once.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, leave, PHONE, prefer, quit, signIn, visit, WIDE } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { postgres, Server, sila } from "../lib/server.mjs";

const KHALID = { email: "khalid@example.sa", password: "sayf-wa-shita-88" };
let server, api, ids, pg, khalid;
before(async () => {
  pg = process.env.SILA_TEST_POSTGRES ? await postgres(process.env.SILA_TEST_POSTGRES) : undefined;
  server = await Server.withAdmin({ database: pg?.url });
  api = await server.api();
  ids = await customers(api);
  await sila("user", "add", "--data", server.dir, ...server.database, "--email", KHALID.email, "--password", KHALID.password, "--role", "seller", "--name-ar", "خالد المطيري", "--name", "Khalid Almutairi", "--lang", "ar");
  khalid = (await api("GET", "/admin/users")).data.find((u) => u.email === KHALID.email).id;
  await api("PATCH", `/party/${ids["C-1001"]}`, { owner: khalid });
});
after(async () => {
  await quit();
  await server?.stop();
  await pg?.drop();
});

const DIRECTIONS = [["ar", WIDE], ["en", WIDE], ["ar", PHONE], ["en", PHONE]];
const say = (lang, ar, en) => (lang === "ar" ? ar : en);

for (const [lang, size] of DIRECTIONS)
  test(`view as a colleague: ${lang}, ${size.width}`, async () => {
    await during(server, { lang, size, expected: ["status of 404", "status of 403"] }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/party");
      assert.equal(await page.locator("tr[data-id]").count(), 7, "the administrator sees all customers");
      await page.goto("/admin/users");
      await fits(page);
      await accessible(page);
      await page.locator("tr", { hasText: KHALID.email }).locator("form[action='/-/view-as'] button").click();
      await page.waitForSelector(".view-as");
      assert.match(await page.textContent(".view-as"), say(lang, /خالد المطيري/, /Khalid Almutairi/));

      // Every page is his, with the bar over it.
      await page.goto("/party");
      assert.equal(await page.locator("tr[data-id]").count(), 1, "his one customer");
      assert.equal(await page.locator(".view-as").count(), 1);
      await fits(page);
      await accessible(page);
      await page.goto(`/party/${ids["C-1001"]}`);
      await page.waitForSelector(".record-head h1");
      await fits(page);
      await accessible(page);
      assert.equal((await page.request.get(`/party/${ids["C-1002"]}`)).status(), 404, "not the others");
      assert.equal((await page.request.get("/admin/users")).status() >= 403, true, "no administration");
      assert.equal((await page.request.get("/me")).status(), 403, "not his account");
      // Nothing is written in his name; the page says why and what to do.
      const answer = await page.request.post(`/party/${ids["C-1001"]}/comments`, { form: { body: "باسم خالد" }, headers: { origin: server.url } });
      assert.equal(answer.status(), 403);
      assert.match(await answer.text(), say(lang, /زميل/, /looking as a colleague/));
      assert.deepEqual((await api("GET", `/party/${ids["C-1001"]}/comments`)).data, []);

      await page.click(".view-as button");
      await page.waitForURL("**/admin/users");
      assert.equal(await page.locator(".view-as").count(), 0);
      await page.goto("/party");
      assert.equal(await page.locator("tr[data-id]").count(), 7);
      // It stands in the audit, in the administrator's own name.
      await page.goto(`/admin/audit?verb=view_as`);
      assert.match(await page.textContent("main"), say(lang, /خالد المطيري/, /Khalid Almutairi/));
      await fits(page);
      await accessible(page);
    });
  });

for (const [lang, size] of DIRECTIONS)
  test(`why may he, why not: ${lang}, ${size.width}`, async () => {
    const code = "C-1002";
    const at = `/party/${ids[code]}`;
    const his = await visit(server, { lang: "ar", expected: ["status of 404", "status of 403"] });
    await signIn(his, KHALID);
    await during(server, { lang, size, expected: ["status of 404"] }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(at);
      await page.click(`a[href='${at}/access']`);
      await page.waitForSelector("form[action$='/shares']");
      await fits(page);
      await accessible(page);
      const asked = async () => {
        await page.selectOption("select[name=user]", khalid);
        await page.selectOption("select[name=verb]", "read");
        await Promise.all([page.waitForURL(/user=/), page.click(".pair-end button")]);
        await page.waitForSelector(".reasons");
      };
      await asked();
      assert.equal(await page.locator(".flash[data-tone=bad]").count(), 1);
      assert.equal(await page.locator(".reason-for").count(), 0, "nothing speaks for it");
      assert.match(await page.textContent(".reasons"), say(lang, /مندوب مبيعات/, /Seller/), "the role that would grant it is named");
      assert.equal((await his.request.get(at)).status(), 404, "and so it is");

      // Shared: the answer turns, with the reason.
      await page.goto(`${at}/access`);
      await page.selectOption("select[name=with]", khalid);
      await page.selectOption("select[name=level]", "read");
      await page.fill("input[name=note]", say(lang, "زيارة مشتركة", "A visit together"));
      await page.click("form[action$='/shares'] button[type=submit]");
      await page.waitForSelector("form[action$='/revoke']");
      await fits(page);
      await accessible(page);
      await asked();
      assert.equal(await page.locator(".flash[data-tone=good]").count(), 1);
      assert.ok((await page.locator(".reason-for").count()) >= 1);
      await fits(page);
      await accessible(page);
      await his.goto(at);
      await his.waitForSelector(".record-head h1");
      assert.equal((await his.request.get(`${at}/edit`)).status(), 403, "to read, not to change");

      // Taken back.
      await page.goto(`${at}/access`);
      await page.click("form[action$='/revoke'] button");
      await page.waitForSelector("form[action$='/shares']");
      assert.equal(await page.locator("form[action$='/revoke']").count(), 0);
      assert.equal((await his.request.get(at)).status(), 404);
      // Who opened it is told.
      assert.match(await page.textContent("main"), say(lang, /خالد المطيري/, /Khalid Almutairi/));

      // The same question in the administration, by the address of the record.
      await page.goto("/admin/access");
      await page.selectOption("select[name=user]", khalid);
      await page.selectOption("select[name=object]", "party");
      await page.fill("input[name=record]", `${server.url}/party/${ids["C-1001"]}`);
      await Promise.all([page.waitForURL(/user=/), page.click(".pair-end button")]);
      assert.equal(await page.locator(".flash[data-tone=good]").count(), 1, "his own customer");
      await fits(page);
      await accessible(page);
    });
    await leave(his);
  });

for (const [lang, size] of [["ar", WIDE], ["en", PHONE]])
  test(`roles, standing in, sign-in rules and the audit: ${lang}, ${size.width}`, async () => {
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      for (const path of ["/admin/roles", "/admin/roles/seller?preview=1", "/admin/roles/new?copy=seller", "/admin/delegations", "/me/absence", "/admin/audit", "/admin/sign-in", "/me"]) {
        await page.goto(path);
        await fits(page);
        await accessible(page);
      }
      // A role of one's own: a copy with one verb fewer.
      const key = `own_${lang}_${size.width}`;
      await page.goto("/admin/roles/new?copy=seller");
      await page.fill("[name='label.ar']", `مندوب مبتدئ ${lang}`);
      await page.fill("[name='label.en']", `Junior seller ${lang}`);
      await page.fill("[name=key]", key);
      await page.locator(".grant", { has: page.locator("input[name=objects][value=party]") }).locator("summary").first().click();
      await page.selectOption("select[name='g.party.export']", "");
      await page.click("button[name=do][value=preview]");
      await page.waitForSelector("table");
      await fits(page);
      await page.click("button[name=do][value=save]");
      await page.waitForURL("**/admin/roles");
      const made = (await api("GET", "/admin/roles")).data.find((r) => r.key === key);
      assert.ok(made.grants.some((g) => g.object === "party" && g.verbs.includes("read")) && !made.grants.some((g) => g.object === "party" && g.verbs.includes("export")));
      await page.goto("/admin/audit?check=1");
      await page.waitForSelector(".flash[data-tone=good]");
      await fits(page);
    });
  });
