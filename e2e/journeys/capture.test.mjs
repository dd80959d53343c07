// From a form on the web to an owner with a clock: the form is filled in, what is wrong is said and nothing typed is lost, the
// lead is routed and rated with reasons; who would move between territories is seen before anybody moves.
import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE, until } from "../lib/browser.mjs";
import { Server } from "../lib/server.mjs";

let server, api, me;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  me = (await api("GET", "/user")).data[0].id;
  const purpose = (await api("GET", `/purpose?filter=${encodeURIComponent('code == "newsletter"')}`)).data[0].id;
  const form = await api("POST", "/web_form", { name: { ar: "تواصل معنا", latin: "Contact us" }, code: "contact", intro_ar: "اترك لنا ما تحتاج إليه ونعود إليك في يوم العمل نفسه.", intro_en: "Tell us what you need and we will be back within the working day." });
  await api("POST", "/web_form_consent", { form: form.id, purpose, channels: ["email"] });
  await api("POST", "/lead_route", { name: { ar: "مهتمو جدة", latin: "Leads of Jeddah" }, position: 1, way: "person", user: me });
  await api("POST", "/territory", { name: { ar: "الغربية", latin: "West" }, condition: 'address.city == "جدة"', owner: me });
});
after(async () => {
  await quit();
  await server?.stop();
});

const ways = [["ar", WIDE, "Arabic, wide"], ["en", WIDE, "English, wide"], ["ar", PHONE, "Arabic, phone"], ["en", PHONE, "English, phone"]];

for (const [lang, size, name] of ways) {
  const tag = `${lang}${size.width}`;

  test(`a form becomes a lead of somebody who knows why: ${name}`, async () => {
    const email = `noura.${tag}@ofoq.example`;
    const leads = async () => (await api("GET", `/lead?filter=${encodeURIComponent(`email == "${email}"`)}`)).data;
    await during(server, { lang, size, expected: ["status of 422"] }, async (page) => {
      await page.goto(`/p/sales/form?f=contact&lang=${lang}&utm_source=search&utm_campaign=${tag}`);
      await fits(page);
      await accessible(page);
      await page.fill("[name=name]", lang === "ar" ? "نورة بنت سعد" : "Noura Saad");
      await page.fill("[name=interest]", "أربعون كرسيًا");
      await page.fill("[name=email]", "noura@");
      await page.check(".wf-ask input");
      // Nobody fills in a form in less.
      await page.waitForTimeout(3200);
      await page.click(".wf-form button[type=submit]");
      await page.waitForSelector(".field-error");
      assert.equal(await page.inputValue("[name=interest]"), "أربعون كرسيًا");
      assert.equal(await page.inputValue("[name=email]"), "noura@");
      assert.ok(await page.isChecked(".wf-ask input"));
      await fits(page);
      await accessible(page);
      await page.fill("[name=email]", email);
      await page.dblclick(".wf-form button[type=submit]");
      await page.waitForURL(/done=1/);
      await page.waitForSelector(".wf-done");
      await fits(page);
      await accessible(page);
      const came = await leads();
      assert.equal(came.length, 1, "two presses are one lead");
      const [lead] = came;
      assert.equal(lead.owner, me);
      assert.equal(lead.came.utm_campaign, tag);
      await until(async () => typeof (await api("GET", `/lead/${lead.id}`)).truth, "number");
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/lead/${lead.id}`);
      await fits(page);
      const text = await page.locator("main").innerText();
      for (const words of lang === "ar" ? [/القاعدة تعطيه/, /مهتمو جدة/, /ينتظر أول تواصل/, /المصداقية/, /اسم كامل/] : [/The rule gives it to/, /Leads of Jeddah/, /Waits for the first touch/, /Truthfulness/, /A full name/]) assert.match(text, words);
      const facts = (await api("GET", `/consent?filter=${encodeURIComponent(`lead == id("${lead.id}")`)}`)).data;
      assert.equal(facts.length, 1);
      assert.equal(facts[0].address, email);
    });
  });

  test(`who would move is seen first: ${name}`, async () => {
    const party = await api("POST", "/party", { name: { ar: `عميل ${tag}`, latin: `Customer ${tag}` }, owner: null, address: { city: "جدة", country: "SA" } });
    const run = await api("POST", "/territory_run", {});
    await until(async () => (await api("GET", `/territory_run/${run.id}`)).status, "preview");
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/territory_run/${run.id}`);
      await fits(page);
      assert.match(await page.locator("main").innerText(), new RegExp(lang === "ar" ? `عميل ${tag}` : `Customer ${tag}`));
      assert.equal((await api("GET", `/party/${party.id}`)).owner, null);
      await page.locator("form[action$='/do/apply'] button, [commandfor=do-apply]").first().click();
      await until(async () => (await api("GET", `/party/${party.id}`)).owner, me);
      await page.goto("/sales/territories");
      await fits(page);
      await accessible(page);
    });
  });
}

test("a form shows inside the sites it names and nowhere else", async () => {
  const host = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<!doctype html><title>Shop</title><iframe src="${server.url}/p/sales/form?f=embedded&lang=en" width="360" height="760"></iframe>`);
  });
  await new Promise((done) => host.listen(0, "127.0.0.1", done));
  const site = `http://127.0.0.1:${host.address().port}`;
  try {
    const form = await api("POST", "/web_form", { name: { ar: "مضمّن", latin: "Embedded" }, code: "embedded", sites: site });
    const policy = async () => (await fetch(`${server.url}/p/sales/form?f=embedded`)).headers;
    assert.match((await policy()).get("content-security-policy"), new RegExp(`frame-ancestors 'self' ${site};`));
    assert.equal((await policy()).get("x-frame-options"), null);
    await api("PATCH", `/web_form/${form.id}`, { sites: null });
    assert.match((await policy()).get("content-security-policy"), /frame-ancestors 'none'/);
    assert.equal((await policy()).get("x-frame-options"), "DENY");
    // A post from elsewhere makes nothing.
    const sent = await fetch(`${server.url}/p/sales/form?f=embedded`, { method: "POST", headers: { origin: site, "sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded" }, body: "name=x&email=x@y.example" });
    assert.equal(sent.status, 403);
  } finally {
    host.close();
  }
});
