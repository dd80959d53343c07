// Two people change one record: the second is shown both versions and nothing is lost.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, quit, signIn, WIDE } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";

let server, ids;
before(async () => {
  server = await Server.withAdmin();
  ids = await customers(await server.api());
});
after(async () => {
  await quit();
  await server?.stop();
});

for (const [size, code, name] of [[WIDE, "C-1003", "wide"], [PHONE, "C-1005", "phone"]]) {
  test(`two savers: ${name}`, async () => {
    const record = `/party/${ids[code]}`;
    await during(server, { size, expected: ["status of 409"] }, async (first) => {
      await signIn(first);
      const second = await first.context_.newPage();
      await first.goto(`${record}/edit`);
      await second.goto(`${record}/edit`);

      await first.fill("[name=note]", "اتصلنا به صباحًا");
      await first.fill("[name=job_title]", "مدير");
      await first.click("form.form .form-foot button[type=submit]");
      await first.waitForURL((u) => u.pathname === record);

      await second.fill("[name=note]", "يريد عرض سعر");
      await second.fill("[name='address.city']", "جدة");
      await second.click("form.form .form-foot button[type=submit]");
      await second.waitForSelector("table.conflict");
      const table = await second.textContent("table.conflict");
      assert.match(table, /اتصلنا به صباحًا/);
      assert.match(table, /يريد عرض سعر/);
      await fits(second);
      await accessible(second);

      await second.check("[name='pick.note'][value=yours]");
      await second.click("form.form .form-foot button[type=submit]");
      await second.waitForURL((u) => u.pathname === record);
      const text = await second.textContent("main");
      assert.match(text, /يريد عرض سعر/, "the version that was picked");
      assert.match(text, /جدة/, "what only the second changed");
      assert.match(text, /مدير/, "what only the first changed");
    });
  });
}
