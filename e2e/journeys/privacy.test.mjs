// A customer opens the link from a letter: chooses what reaches him, asks for a copy of his data, confirms by the mailed
// link, reads it and takes it along. No sign-in anywhere; opening a link changes nothing.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { customers, trade } from "../lib/people.mjs";
import { Server, sila } from "../lib/server.mjs";

let server, api, ids;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  ids = await customers(api);
  await trade(api, ids);
});
after(async () => {
  await quit();
  await server?.stop();
});

/** The path of a link whatever host it names. */
const path = (link) => {
  const url = new URL(link);
  return url.pathname + url.search;
};

/** The link in the newest letter that has one to `page`, waiting for it. */
async function mailed(page) {
  const decode = (eml) => Buffer.from(eml.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16))), "latin1").toString("utf8");
  for (let n = 0; n < 100; n++) {
    let files = [];
    try {
      files = readdirSync(join(server.dir, "mail")).sort().reverse();
    } catch {
      // no letter yet
    }
    for (const file of files) {
      const found = decode(readFileSync(join(server.dir, "mail", file), "latin1")).match(new RegExp(`https?://\\S*/p/privacy/${page}\\?t=[\\w.-]+(&lang=\\w+)?`));
      if (found) return path(found[0]);
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error("no letter came");
}

for (const [lang, size, code, mail] of [["ar", PHONE, "C-1001", "ahmed@example.sa"], ["en", WIDE, "C-1003", "mohammed@example.sa"], ["en", PHONE, "C-1005", "fatimah@example.sa"], ["ar", WIDE, "C-1007", "huda@example.sa"]])
  test(`preferences and a copy of my data: ${lang}, ${size.width}`, async () => {
    // The document is in the language the person is spoken to in, whatever the page is read in.
    await api("PATCH", `/party/${ids[code]}`, { email: mail, language: lang });
    await api("GET", `/party/${ids[code]}`);
    const link = path(await sila("privacy", "link", "--data", server.dir, "--party", code)).replace(/&lang=\w+/, `&lang=${lang}`);
    const may = async () => (await api("GET", `/party?count=exact&filter=${encodeURIComponent(`code == "${code}" && may_contact("email", "newsletter")`)}`)).count.n;
    await during(server, { lang, size }, async (page) => {
      await page.goto(link);
      await fits(page);
      await accessible(page);
      assert.equal(await page.locator("html").getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
      assert.equal(await page.locator("input[name=on]:checked").count(), 0, "nothing on record means no");
      assert.equal(await may(), 0, "opening the page changes nothing");
      const newsletter = page.locator(".pv-purpose", { hasText: lang === "ar" ? "النشرة الإخبارية" : "Newsletter" });
      await newsletter.locator("input[name=on]").first().check();
      await page.click("button[name=do][value=save]");
      await page.waitForSelector(".flash");
      assert.equal(await may(), 1);
      assert.equal(await page.locator("input[name=on]:checked").count(), 1);
      await fits(page);
      // Another language keeps the link.
      await page.click(".gate-foot a");
      assert.equal(await page.locator("html").getAttribute("dir"), lang === "ar" ? "ltr" : "rtl");
      assert.equal(await page.locator("input[name=on]:checked").count(), 1);
      await page.goto(link);

      // A copy of my data.
      await page.click("button[name=request][value=access]");
      await page.waitForSelector(".flash");
      const confirm = (await mailed("request")).replace(/&lang=\w+/, `&lang=${lang}`);
      await page.goto(confirm);
      await fits(page);
      await accessible(page);
      await page.click("button[name=do][value=confirm]");
      for (let n = 0; n < 100 && !(await page.locator("a[href*='file=json']").count()); n++) {
        await new Promise((r) => setTimeout(r, 100));
        await page.goto(confirm);
      }
      await fits(page);
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[href*='file=json']")]);
      const data = JSON.parse(readFileSync(await download.path(), "utf8"));
      assert.equal(data.person.values.email, mail);
      assert.ok(data.records.order.length >= 1, "the orders are in it");
      assert.ok(data.records.consent.length >= 1, "and what was agreed");
      assert.ok(data.person.reads.some((r) => r.what === "opened" && r.roles.some((role) => role.en === "Administrator")), "and in which role somebody has looked");
      assert.doesNotMatch(JSON.stringify(data.person.reads), /sara|سارة/i, "not who");
      const [paper] = await Promise.all([page.waitForEvent("download"), page.click("a[href*='file=pdf']")]);
      assert.match(paper.suggestedFilename(), /^my-data-PR-\d+\.pdf$/);
      const words = execFileSync("pdftotext", ["-enc", "UTF-8", await paper.path(), "-"], { encoding: "utf8" }).replace(/[\u200e\u200f\u061c\u2066-\u2069\u202a-\u202e]/g, "");
      assert.match(words, lang === "ar" ? /البيانات الشخصية/ : /Copy of personal data/);
      assert.ok(words.includes(mail), "the address is whole");
      assert.ok(words.includes(data.records.order[0].values.number), "the orders are on paper too");
      await page.click("a[href*='file=html']");
      await page.waitForSelector(".pv-document");
      assert.match(await page.textContent(".pv-person"), lang === "ar" ? /من اطّلع على هذه البيانات.*مدير النظام/s : /has looked at these data.*Administrator/s);
      await fits(page);
      await accessible(page);

      // The button of a mail program: no cookie, no origin, the same twice.
      const unsubscribe = link.replace("/preferences?", "/unsubscribe?");
      for (let n = 0; n < 2; n++) {
        const answer = await fetch(server.url + unsubscribe, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "List-Unsubscribe=One-Click" });
        assert.equal(answer.status, 200);
      }
      assert.equal(await may(), 0);
      const facts = await api("GET", `/consent?filter=${encodeURIComponent(`party.code == "${code}" && purpose.code == "newsletter" && channel == "email"`)}&sort=at`);
      assert.deepEqual(facts.data.map((f) => (f.values ?? f).state), ["given", "withdrawn"], "one fact for each decision");
    });
  });

test("the officer takes both files from the page of the copy", async () => {
  const request = await api("POST", "/privacy_request", { party: ids["C-1003"], kind: "access" });
  await api("POST", `/privacy_request/${request.id}/verify`, { how: "حضوريًا" });
  for (let n = 0; n < 200 && (await api("GET", `/privacy_request/${request.id}`)).status !== "done"; n++) await new Promise((r) => setTimeout(r, 100));
  const files = (await api("GET", `/privacy_request/${request.id}/files`)).data;
  assert.deepEqual(files.map((f) => f.media).sort(), ["application/json", "application/pdf"], "the API has both");
  for (const [lang, size] of [["ar", PHONE], ["en", WIDE]])
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto(`/privacy_request/${request.id}`);
      await page.click("a[href*='/privacy/document']");
      await page.waitForSelector(".pv-document");
      await fits(page);
      await accessible(page);
      const [paper] = await Promise.all([page.waitForEvent("download"), page.click("a[href*='file=pdf']")]);
      assert.equal(readFileSync(await paper.path()).subarray(0, 5).toString(), "%PDF-");
    });
  assert.notEqual((await fetch(`${server.url}/privacy/document?request=${request.id}&file=pdf`, { redirect: "manual" })).status, 200, "not without a sign-in");
});

test("a forged or changed link opens nothing", async () => {
  const link = path(await sila("privacy", "link", "--data", server.dir, "--party", "C-1001"));
  for (const bad of [link.replace(/t=./, "t=X"), link.replace(/t=[^&]+/, "t=a.b"), link.replace("preferences", "request"), "/p/privacy/preferences"]) {
    const answer = await fetch(server.url + bad);
    assert.equal(answer.status, 404, bad);
    assert.doesNotMatch(await answer.text(), /ahmed/);
  }
});

test("whoever was erased has no preferences any more", async () => {
  const made = await api("POST", "/party", { kind: "person", name: { ar: "نورة المؤقتة", latin: "Noura Almuaqqata" }, code: "C-2001", email: "noura@example.sa" });
  const link = path(await sila("privacy", "link", "--data", server.dir, "--party", "C-2001"));
  assert.equal((await fetch(server.url + link)).status, 200);
  const request = await api("POST", "/privacy_request", { party: made.id, kind: "erasure" });
  await api("POST", `/privacy_request/${request.id}/verify`, { how: "حضوريًا" });
  await api("POST", `/privacy_request/${request.id}/erase`, {});
  for (let n = 0; n < 100 && (await api("GET", `/privacy_request/${request.id}`)).status !== "done"; n++) await new Promise((r) => setTimeout(r, 100));
  assert.equal((await api("GET", `/party/${made.id}`)).name.latin, "Erased customer");
  const found = await sila("privacy", "scan", "--data", server.dir, "noura@example.sa", "نورة المؤقتة", "Noura Almuaqqata");
  assert.equal(found, "", "the scan finds nothing of her");
  assert.equal((await fetch(server.url + link)).status, 404);
  assert.equal((await fetch(server.url + link, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "do=save" })).status, 404);
});

test("the officer sees the plan before an erasure, and the statement", async () => {
  await during(server, { lang: "ar", size: WIDE }, async (page) => {
    await signIn(page);
    await prefer(page, { lang: "ar" });
    const request = await api("POST", "/privacy_request", { party: ids["C-1003"], kind: "erasure" });
    await page.goto(`/privacy_request/${request.id}`);
    assert.match(await page.textContent("main"), /تبقى للدفاتر/);
    await fits(page);
    await accessible(page);
    await page.goto("/privacy/office");
    await fits(page);
    await accessible(page);
    await page.click("button[name=do][value=publish]");
    await page.waitForSelector(".flash[data-tone=good]");
    const statement = await fetch(`${server.url}/p/privacy/statement?lang=en`);
    assert.match(await statement.text(), /Your rights/);
    await page.goto(`/party/${ids["C-1001"]}`);
    assert.match(await page.textContent("main"), /الخصوصية وأذونات التواصل/);
    await fits(page);
  });
});
