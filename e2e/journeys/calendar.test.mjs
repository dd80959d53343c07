// Plan a meeting and see it in the group calendar and in a CalDAV client; drag it to another time.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { ADMIN as SARA, Server } from "../lib/server.mjs";

let server, api, ids, me;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  ids = await customers(api);
  me = (await api("GET", "/me")).id;
});
after(async () => {
  await quit();
  await server?.stop();
});

const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

for (const lang of ["ar", "en"]) {
  test(`plan a meeting and see it in the calendar: ${lang}`, async () => {
    await during(server, { lang }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      const subject = lang === "ar" ? "مراجعة العقد" : "Contract review";
      await page.goto(`/activity/new?kind=meeting&at=${day(1)}T09:00&party=${ids["C-1002"]}`);
      await page.fill("[name=subject]", subject);
      await page.click("form.form [type=submit]");
      await page.waitForURL(/\/activity\/[0-9a-f-]{36}/);
      for (const show of ["month", "week", "day", "agenda"]) {
        await page.goto(`/activity/calendar?show=${show}&day=${day(1)}&user=${me}`);
        assert.ok(await page.getByText(subject).count(), `${show} shows it`);
        await accessible(page);
      }
      // It stands among the customer's activities.
      await page.goto(`/party/${ids["C-1002"]}`);
      assert.ok(await page.getByText(subject).count(), "on the customer's page");
    });
  });
}

test("drag to another hour", async () => {
  await during(server, {}, async (page) => {
    await signIn(page);
    const made = await api("POST", "/activity", { kind: "meeting", subject: "اسحبني", at: `${day(2)}T07:00:00Z`, ends: `${day(2)}T08:00:00Z` });
    await page.goto(`/activity/calendar?show=day&day=${day(2)}`);
    const box = await page.locator(".planner-event .event", { hasText: "اسحبني" }).boundingBox();
    const hour = await page.locator(".planner-hours").evaluate((h) => h.offsetHeight / 24);
    await page.mouse.move(box.x + box.width / 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 10 + hour * 2, { steps: 6 });
    await page.mouse.up();
    const end = Date.now() + 8000;
    let at;
    while ((at = (await api("GET", `/activity/${made.id}`)).at) !== `${day(2)}T09:00:00Z`) {
      assert.ok(Date.now() < end, `stands at ${at}`);
      await new Promise((r) => setTimeout(r, 100));
    }
  });
});

test("on a phone, and in a calendar program", async () => {
  let secret;
  await during(server, { size: PHONE }, async (page) => {
    await signIn(page);
    for (const show of ["month", "week", "agenda"]) {
      await page.goto(`/activity/calendar?show=${show}&day=${day(1)}`);
      await fits(page);
    }
    // A token for the phone alone, made on the account page.
    await page.goto("/me?scope=dav");
    await page.fill("form[action='/me/tokens'] [name=name]", "هاتفي");
    await page.selectOption("form[action='/me/tokens'] [name=scopes]", "dav");
    await page.click("form[action='/me/tokens'] [type=submit]");
    await page.waitForSelector("text=/sila_/");
    secret = (await page.content()).match(/sila_[A-Za-z0-9_-]{20,}/)[0];
  });
  const answer = await fetch(`${server.url}/dav/calendars/${me}/calendar/`, {
    method: "PROPFIND",
    headers: { Depth: "1", Authorization: `Basic ${Buffer.from(`${SARA.email}:${secret}`).toString("base64")}` },
  });
  assert.equal(answer.status, 207);
  assert.match(await answer.text(), /\.ics/);
});
