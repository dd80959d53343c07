// A customer writes; the letter stands on his time line, where it is answered, and the answer arrives.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { Mail } from "../lib/mail.mjs";
import { postgres, Server } from "../lib/server.mjs";

const US = "info@nakheel.example";
const THEM = "huda@wahah.example";
let server, api, mail, pg, party;

async function eventually(what, look) {
  for (let n = 0; n < 150; n++) {
    const found = await look();
    if (found) return found;
    await new Promise((r) => setTimeout(r, 200));
  }
  throw new Error(`not seen: ${what}`);
}

before(async () => {
  mail = await Mail.start([US, THEM]);
  pg = process.env.SILA_TEST_POSTGRES ? await postgres(process.env.SILA_TEST_POSTGRES) : undefined;
  process.env.SILA_REACH_INSIDE = "true";
  server = await Server.withAdmin({ database: pg?.url });
  api = await server.api();
  party = await api("POST", "/party", { name: { ar: "هدى العلي", latin: "Huda Alali" }, email: THEM });
  const box = await api("POST", "/mailbox", {
    name: "شركة النخيل", address: US, kind: "shared", privacy: "shared", imap_host: "127.0.0.1", imap_port: mail.imap, imap_security: "none",
    smtp_host: "127.0.0.1", smtp_port: mail.smtp, smtp_security: "none", smtp_login: false, undo_seconds: 1,
  });
  await api("POST", `/mailbox/${box.id}/secret`, { password: "secret" });
  mail.deliver(US, `From: =?utf-8?B?2YfYr9mJ?= <${THEM}>
To: ${US}
Message-ID: <question@wahah.example>
Subject: =?utf-8?B?2YPZhSDYp9mE2LPYudix?=
Date: Thu, 05 Mar 2026 12:00:00 +0300
Content-Type: text/html; charset=utf-8

<div dir="rtl"><p>السلام عليكم، كم سعر الكرتون؟</p><img src="https://tracker.example/p.gif" alt=""><script>alert(1)</script><blockquote>عرضكم السابق</blockquote></div>
`);
  await api("POST", `/mailbox/${box.id}/sync`, {});
  await eventually("the letter", async () => (await api("GET", "/mail?limit=5")).data.length > 0);
});
after(async () => {
  await quit();
  await server?.stop();
  await pg?.drop();
  mail?.stop();
});

for (const [lang, size, words] of [["ar", WIDE, "السعر مئة ريال"], ["en", PHONE, "It is one hundred riyals"]])
  test(`a letter is answered from the time line: ${lang}, ${size.width}`, async () => {
    await during(server, { size, lang }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/mail/inbox?view=all");
      await fits(page);
      await accessible(page);
      await page.goto(`/party/${party.id}`);
      assert.match(await page.textContent("#story"), /كم سعر الكرتون/);
      await page.locator("#story a[href^='/mail/write?reply=']").last().click();
      await page.waitForURL(/\/mail\/write\?reply=/);
      assert.match(await page.inputValue("[name=to]"), new RegExp(THEM));
      await fits(page);
      await accessible(page);
      const body = page.locator("textarea[name=body]");
      await body.fill(`${words}\n${await body.inputValue()}`);
      await page.click("button[name=do][value=send]");
      await page.waitForURL(/\/mail\/[0-9a-f-]{36}$/);
      const text = await mail.arrival(THEM, "In-Reply-To: <question@wahah.example>");
      assert.match(text, /References: .*<question@wahah\.example>/);
      await eventually("the answer as sent", async () => (await api("GET", "/mail?limit=20")).data.filter((m) => m.state === "sent" && (m.body ?? "").startsWith(words)).length === 1);
      // The letter itself: whole, safe, as high as it is.
      const question = (await api("GET", "/mail?limit=20")).data.find((m) => m.direction === "in");
      await page.goto(`/mail/${question.id}`);
      const frame = page.frameLocator("iframe.mail-frame");
      await frame.getByText("كم سعر الكرتون").waitFor();
      assert.equal(await frame.locator("script, img").count(), 0);
      assert.equal(await frame.locator("html").getAttribute("dir"), "rtl");
      await fits(page);
      await accessible(page);
      await page.goto("/mail/boxes");
      await fits(page);
      await accessible(page);
      await page.goto("/mail/ledger");
      await fits(page);
      await accessible(page);
    });
  });
