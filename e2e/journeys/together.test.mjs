// Two colleagues on one record: a mention rings the other's bell while his page is open, he answers, both pages follow.
// The time line is narrowed and jumped in by address.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, leave, PHONE, quit, signIn, visit, WIDE } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { Server, sila } from "../lib/server.mjs";

const OMAR = { email: "omar@example.sa", password: "bahr-wa-safina-55" };
const WORDS = {
  ar: { told: /ذكرك سارة/, none: /لا شيء يطابق/ },
  en: { told: /mentioned you in a comment/, none: /Nothing matches/ },
};
let server, api, ids;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  ids = await customers(api);
  const add = (who, role, name) => sila("user", "add", "--data", server.dir, "--email", who.email, "--password", who.password, "--role", role, "--name-ar", name, "--lang", "ar");
  await add(OMAR, "manager", "عمر الحربي");
});
after(async () => {
  await quit();
  await server?.stop();
});

for (const [lang, size, code] of [["ar", WIDE, "C-1001"], ["en", PHONE, "C-1003"]])
  test(`mention, bell, answer: ${lang}, ${size.width}`, async () => {
    const record = `/party/${ids[code]}`;
    const omar = await visit(server, { size, lang });
    await signIn(omar, OMAR);
    const origin = new URL(omar.url()).origin;
    await omar.request.post("/-/preferences", { form: { lang, back: "/" }, headers: { origin } });
    await omar.goto("/party");
    await omar.waitForFunction(() => document.body.dataset.live);
    await during(server, { size, lang: "ar" }, async (sara) => {
      await signIn(sara);
      await sara.goto(record);
      const box = sara.locator("#story > .block .composer textarea").first();
      await box.fill("نرجو الاتصال بالعميل ");
      await box.press("End");
      await box.pressSequentially("@عمر", { delay: 30 });
      await sara.locator(".mention-list [role=option]").first().waitFor();
      await box.press("Enter");
      assert.match(await box.inputValue(), /@عمر الحربي/);
      await box.press("Control+Enter");
      await sara.locator(".comment .mention").first().waitFor();
      await fits(sara);

      // His page, which shows a list, hears of it without being loaded anew.
      await omar.locator(".bell-count").waitFor();
      assert.match(await omar.locator(".toast").first().textContent(), WORDS[lang].told);
      if (size === WIDE) {
        await omar.click("[data-bell] > a");
        await omar.locator("#bell-popover .notice").first().waitFor();
        await accessible(omar, "the bell");
        await omar.locator("#bell-popover .notice-text").first().click();
      } else {
        await omar.click("[data-bell] > a");
        await omar.waitForURL((u) => u.pathname === "/-/notifications");
        await fits(omar);
        await accessible(omar, "the notification centre");
        await omar.locator(".notice-text").first().click();
      }
      await omar.waitForURL((u) => u.pathname === record);
      assert.equal(await omar.locator(".bell-count").count(), 0, "opening the record answers the notice");
      assert.ok((await sara.locator("#presence").textContent({ timeout: 10_000 })) !== null);
      await sara.waitForFunction(() => /عمر/.test(document.getElementById("presence")?.textContent ?? ""));

      // She is typing while he answers: her words stay, his answer comes.
      await box.fill("مسودة لم تُرسل");
      await omar.locator(".reply-box > summary").first().click();
      await omar.locator(".reply-box textarea").first().fill("اتصلت به وسيزورنا الأحد");
      await omar.locator(".reply-box button[type=submit]").first().click();
      await omar.locator(".reply").first().waitFor();
      await sara.locator(".reply").first().waitFor();
      assert.equal(await box.inputValue(), "مسودة لم تُرسل");
      await omar.locator(".react-box > summary").first().click();
      await omar.locator(".react-box[open] .reaction").first().click();
      await omar.locator(".comment-foot > .reactions .reaction[aria-pressed=true]").first().waitFor();
      await fits(omar);
      await accessible(omar);
      await box.fill("");
    });
    await leave(omar);
  });

for (const [lang, size] of [["ar", WIDE], ["en", PHONE]])
  test(`the time line is narrowed and jumped in: ${lang}, ${size.width}`, async () => {
    const party = ids["C-1002"];
    await api("POST", "/interaction", { subject: `مكالمة ${lang}`, channel: "call", direction: "in", at: "2026-03-01T09:00:00Z", party, notes: "سأل عن مواعيد التوريد" });
    await api("POST", `/party/${party}/comments`, { body: `تعليق ${lang}` });
    await during(server, { size, lang }, async (page) => {
      await signIn(page);
      await page.request.post("/-/preferences", { form: { lang, back: "/" }, headers: { origin: new URL(page.url()).origin } });
      await page.goto(`/party/${party}`);
      const items = page.locator("#story .timeline-item");
      const all = await items.count();
      assert.ok(all >= 3);
      await fits(page);
      await accessible(page);
      await page.locator("#story .segment-links a", { hasText: lang === "ar" ? "التعليقات" : "Comments" }).click();
      await page.waitForURL((u) => u.searchParams.get("kind") === "comment");
      await page.waitForFunction((n) => document.querySelectorAll("#story .timeline-item").length < n, all);
      await page.goto(`/party/${party}`);
      await page.click("[popovertarget=story-narrow]");
      await page.fill("#story-narrow [name=words]", "التوريد");
      await page.click("#story-narrow button[type=submit]");
      await page.locator(".filter-chip").waitFor();
      assert.match(await page.locator("#story .timeline").textContent(), /مكالمة/);
      await page.click("[popovertarget=story-jump]");
      await page.locator(".months a").first().waitFor();
      await page.locator(".months a").last().click();
      await page.waitForURL((u) => u.searchParams.get("day")?.startsWith("2026-03"));
      await fits(page);
      await page.goto(`/party/${party}?words=${encodeURIComponent("لا شيء كهذا")}`);
      assert.match(await page.locator("#story").textContent(), WORDS[lang].none);
    });
  });
