// A customer who is there already: warned while typing; merged with everything he has; separated again.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
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

for (const [lang, size, name, n] of [["ar", WIDE, "Arabic, wide", 1], ["en", PHONE, "English, phone", 2]]) {
  test(`warned of a duplicate: ${name}`, async () => {
    const old = await api("POST", "/party", { name: { ar: "عبدالرحمن خالد العتيبي" }, phone: `05040307${70 + n}` });
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/party/new");
      await page.fill("[name='name.latin']", "Abdulrahman Al-Otaibi");
      await page.fill("[name=phone]", `+966 50 403 07${70 + n}`);
      await page.waitForSelector(".likely-one");
      const said = await page.textContent(".likely");
      assert.match(said, /عبدالرحمن خالد العتيبي/);
      assert.match(said, lang === "ar" ? /رقم الهاتف نفسه/ : /Same phone/);
      assert.equal(await page.getAttribute(`.likely-one a[href='/party/${old.id}']`, "href"), `/party/${old.id}`);
      await fits(page);
      await accessible(page);
      // The note does not stop anybody.
      await page.click("form.form button[type=submit]");
      await page.waitForURL(/\/party\/[0-9a-f-]{36}/);
    });
  });

  test(`merged and separated: ${name}`, async () => {
    const one = await api("POST", "/party", { name: { ar: "منى سعد الحربي" }, phone: `05550001${10 + n}`, note: "تفضل الاتصال مساءً" });
    const two = await api("POST", "/party", { name: { latin: "Mona Alharbi" }, phone: `05550001${10 + n}`, email: `mona${n}@example.com` });
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/party/${one.id}/merge`);
      await page.waitForSelector(".clues");
      await fits(page);
      await accessible(page);
      await page.click(`a[href*='with=${two.id}']`);
      await page.waitForSelector(".merge-table");
      await fits(page);
      await accessible(page);
      await page.click(".merge-form button.btn-primary[type=submit]");
      await page.waitForURL(new RegExp(`/party/(${one.id}|${two.id})$`));
      const kept = page.url().endsWith(one.id) ? one : two;
      const gone = kept === one ? two : one;
      const merged = await api("GET", `/party/${kept.id}`);
      assert.equal(merged.email, `mona${n}@example.com`);
      assert.equal(merged.note, "تفضل الاتصال مساءً");
      // The old address leads to the one that stayed, in page and API.
      assert.equal((await api("GET", `/party/${gone.id}`)).merged_from, gone.id);
      await page.goto(`/party/${gone.id}`);
      await page.waitForURL(new RegExp(`/party/${kept.id}`));

      await page.goto(`/party/${kept.id}?tab=history`);
      await fits(page);
      page.once("dialog", (d) => d.accept());
      await page.click("form[action$='/unmerge'] button");
      const confirm = page.locator("dialog[open] button.btn-primary, dialog[open] button.btn-danger");
      if (await confirm.count()) await confirm.first().click();
      await page.waitForURL(new RegExp(`/party/${gone.id}$`));
      assert.equal((await api("GET", `/party/${gone.id}`)).merged_from, undefined);
      assert.equal((await api("GET", `/party/${kept.id}`)).email ?? null, kept === two ? `mona${n}@example.com` : null);
    });
  });

  test(`review queue: ${name}`, async () => {
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/party/duplicates");
      await fits(page);
      await accessible(page);
      await page.click("form[action$='/sweep'] button");
      // The sweep is a job: it is over when the queue has stopped growing.
      const end = Date.now() + 15_000;
      for (let last = -1, now = 0; now < 1 || now !== last; ) {
        assert.ok(Date.now() < end, "the sweep found nothing");
        await page.waitForTimeout(700);
        [last, now] = [now, (await api("GET", "/party/duplicates")).count];
      }
      await page.goto("/party/duplicates");
      const before = (await api("GET", "/party/duplicates")).count;
      assert.ok(before >= 1);
      await fits(page);
      await accessible(page);
      await page.keyboard.press("j");
      await page.keyboard.press("n");
      const soon = Date.now() + 5_000;
      for (let now = before; now !== before - 1; now = (await api("GET", "/party/duplicates")).count) {
        assert.ok(Date.now() < soon, "the key N decided nothing");
        await page.waitForTimeout(150);
      }
    });
  });
}
