// Single sign-on against a real provider: set up, first and second sign-in, roles by group, tying an account, signing out
// here and there, only single sign-on and the emergency door. Then a directory, with the name and password people have there.
import { strict as assert } from "node:assert";
import { after, test } from "node:test";
import { accessible, during, fits, notice, PHONE, quit, signIn, WIDE } from "../lib/browser.mjs";
import { BASE, directory, NOURA, SERVICE } from "../lib/directory.mjs";
import { CLIENT, provider, signInThere } from "../lib/provider.mjs";
import { ADMIN, Server, sila } from "../lib/server.mjs";

after(quit);
process.env.SILA_REACH_INSIDE = "true";

const PEOPLE = {
  noura: { email: "noura@example.sa", email_verified: true, name: "نورة العتيبي", groups: ["المبيعات"] },
  ghost: { email: "sara@example.sa", email_verified: false, name: "Ghost", groups: [] },
};

const shot = async (page, name) => process.env.SHOTS && page.screenshot({ path: `out/sso-${name}.png`, fullPage: true });

for (const c of [{ lang: "ar", size: PHONE }, { lang: "en", size: WIDE }]) {
  test(`single sign-on: ${c.lang}, ${c.size.width}`, async () => {
    const server = await Server.withAdmin({ lang: c.lang });
    const there = await provider({ people: PEOPLE, redirect: `${server.url}/sign-in/with/sso/back`, home: `${server.url}/sign-in` });
    const outside = [there.url, "fonts.googleapis.com", "status of 422"];
    const quiet = (page) => page.route(/fonts\.googleapis/, (r) => r.abort());
    const name = `${c.lang}-${c.size.width}`;
    try {
      await during(server, { ...c, expected: outside }, async (page) => {
        await quiet(page);
        await signIn(page);
        await page.goto("/admin/sign-in");
        await fits(page);
        await page.click("a[href='/admin/sign-in/providers/new']");
        await fits(page);
        await accessible(page);
        assert.equal((await page.locator(".sso-addresses code").first().textContent()).trim(), `${server.url}/sign-in/with/sso/back`);
        await page.fill("#f-label-ar", "حساب الشركة");
        await page.fill("#f-label-en", "Company account");
        await page.fill("#f-issuer", "not an address");
        await page.fill("#f-client", CLIENT.id);
        await page.fill("input[name=secret]", CLIENT.secret);
        await page.click(".sso-form button.btn-primary");
        await page.waitForSelector("#f-issuer-error");
        await shot(page, `fault-${name}`);
        await page.fill("#f-issuer", there.url);
        await page.fill("input[name=secret]", CLIENT.secret);
        await page.click(".sso-form button.btn-primary");
        await page.waitForSelector("#f-domains-error");
        await page.fill("#f-domains", "example.sa");
        await page.fill("input[name=secret]", CLIENT.secret);
        await page.check("input[name=create]");
        await page.fill("input[name=group] >> nth=0", "المبيعات");
        await page.selectOption("select[name=group_role] >> nth=0", "seller");
        await page.click("button[name=do]");
        await page.waitForSelector(".flash-good, .flash[data-mood=good], .flash");
        await shot(page, `probe-${name}`);
        await page.fill("input[name=secret]", CLIENT.secret);
        await page.click(".sso-form button.btn-primary");
        await page.waitForURL("**/admin/sign-in");
        await notice(page).waitFor();
        await shot(page, `rules-${name}`);
        await fits(page);
        await accessible(page);
      });

      // Somebody the company does not know yet.
      await during(server, { ...c, expected: outside }, async (page) => {
        await quiet(page);
        await page.goto(`/sign-in?lang=${c.lang}`);
        await fits(page);
        await accessible(page);
        await shot(page, `sign-in-${name}`);
        await page.goto("/party");
        await page.click("a[href^='/sign-in/with/sso']");
        await signInThere(page, "noura");
        await page.waitForURL("**/party");
        // A seller, not an administrator.
        assert.equal((await page.request.get("/admin/users")).status(), 403);
        await page.goto("/me");
        assert.match(await page.content(), /نورة العتيبي/);
        await fits(page);
        await accessible(page);
        await shot(page, `me-${name}`);
        const form = page.locator("form[action='/-/sign-out']").first();
        await form.evaluate((f) => f.submit());
        await page.waitForSelector(`a[href^='${there.url}']`);
        await fits(page);
        await accessible(page);
        await shot(page, `left-${name}`);
        // The second time the provider still knows him.
        await page.goto("/sign-in/with/sso");
        await page.waitForURL((u) => u.href.startsWith(server.url) && u.pathname === "/");
        await form.evaluate((f) => f.submit());
        await page.click(`a[href^='${there.url}']`);
        await page.click("button[value=yes], button[name=logout]");
        await page.waitForURL((u) => u.href.startsWith(`${server.url}/sign-in`));
        await page.goto("/sign-in/with/sso");
        await page.waitForSelector("input[name=login]");
        // An address that is not verified opens nobody's account.
        await signInThere(page, "ghost");
        await page.waitForSelector(".gate-card .flash");
        assert.match(await page.textContent(".gate-card"), /sara@example\.sa/);
        await fits(page);
        await accessible(page);
        await shot(page, `refused-${name}`);
      });
      const users = await sila("user", "list", "--data", server.dir);
      assert.equal(users.split("\n").length, 2, users);
      assert.match(users, /noura@example\.sa\tنورة العتيبي\tseller\tactive/);

      // The administrator ties the account that could not come in by its address, and shuts the other ways.
      await during(server, { ...c, expected: outside }, async (page) => {
        await quiet(page);
        await signIn(page);
        await page.goto("/me");
        await page.click("form[action='/me/accounts/sso'] button");
        await signInThere(page, "ghost");
        await page.waitForURL("**/me");
        await page.waitForSelector("form[action='/me/accounts/untie']");
        await page.goto("/admin/sign-in");
        await page.check("input[name=only_sso]");
        await page.click("form[action='/admin/sign-in'] button[type=submit]");
        await notice(page).waitFor();
        // The audit says who came how, and why somebody did not.
        const rows = async (verb) => {
          await page.goto(`/admin/audit?verb=${verb}`);
          return page.locator(".audit-values").allTextContents();
        };
        const [means, refused, issuer] = c.lang === "ar" ? ["حساب الشركة", "البريد غير موثّق", there.url] : ["company account", "the address is not verified", there.url];
        assert.ok((await rows("sign_in")).some((r) => r.includes(means)), "with what");
        assert.ok((await rows("sign_in_failed")).some((r) => r.includes(refused)), "why not");
        assert.ok((await rows("sso_provider")).some((r) => r.includes(issuer) && !r.includes(CLIENT.secret)), "what was set up");
        await fits(page);
        await accessible(page);
        await shot(page, `audit-${name}`);
      });
      await during(server, { ...c, expected: outside }, async (page) => {
        await quiet(page);
        await page.goto(`/sign-in?lang=${c.lang}`);
        assert.equal(await page.locator("#f-password").count(), 0);
        await accessible(page);
        await shot(page, `only-${name}`);
        const link = await sila("user", "door", "--data", server.dir, "--email", ADMIN.email);
        const { pathname, search } = new URL(link);
        await page.goto(pathname + search);
        await fits(page);
        await page.click("form[action='/sign-in/door'] button");
        await page.waitForURL("**/admin/sign-in");
        await page.context_.clearCookies();
        await page.goto(pathname + search);
        await page.click("form[action='/sign-in/door'] button");
        await page.waitForSelector(".gate-card .flash");
      });
    } finally {
      await there.stop();
      await server.stop();
    }
  });
}

for (const c of [{ lang: "ar", size: PHONE }, { lang: "en", size: WIDE }]) {
  test(`directory: ${c.lang}, ${c.size.width}`, async () => {
    const server = await Server.withAdmin({ lang: c.lang });
    const there = await directory();
    const name = `${c.lang}-${c.size.width}`;
    try {
      await during(server, c, async (page) => {
        await signIn(page);
        await page.goto("/admin/sign-in");
        await page.click("a[href='/admin/sign-in/providers/new?kind=ldap']");
        await fits(page);
        await accessible(page);
        await shot(page, `ldap-new-${name}`);
        await page.fill("#f-label-ar", "دليل الشركة");
        await page.fill("#f-label-en", "Company directory");
        await page.fill("#f-host", "localhost");
        await page.fill("#f-port", String(there.port));
        await page.selectOption("select[name=security]", "plain");
        await page.fill("#f-bind", SERVICE.dn);
        await page.fill("#f-base", BASE);
        // The trial says at which step it ends.
        await page.fill("#f-secret", "wrong");
        await page.click("button[name=do]");
        await page.waitForSelector(".sso-steps [data-state=bad]");
        assert.deepEqual(await page.locator(".sso-steps > li").evaluateAll((all) => all.map((li) => li.dataset.state)), ["good", "good", "bad", "open", "open"]);
        await fits(page);
        await accessible(page);
        await shot(page, `ldap-failed-${name}`);
        await page.fill("#f-secret", SERVICE.password);
        await page.click("button[name=do]");
        await page.waitForSelector(".flash-good, .flash");
        assert.match(await page.textContent(".sso-form"), new RegExp(NOURA.name));
        await shot(page, `ldap-trial-${name}`);
        await page.fill("#f-secret", SERVICE.password);
        await page.check("input[name=create]");
        await page.check("input[name=roles][value=seller]");
        await page.click(".sso-form button.btn-primary");
        await page.waitForURL("**/admin/sign-in");
        await notice(page).waitFor();
      });
      await during(server, { ...c, expected: ["status of 401"] }, async (page) => {
        await page.goto(`/sign-in?lang=${c.lang}`);
        await fits(page);
        await accessible(page);
        await shot(page, `ldap-sign-in-${name}`);
        for (const typed of ["khata-khata", NOURA.password]) {
          await page.fill("#f-email", NOURA.login);
          await page.fill("#f-password", typed);
          await page.click("form[action='/sign-in'] button[type=submit]");
          await page.waitForSelector(typed === NOURA.password ? "body.app" : "#f-password-error");
        }
        assert.equal((await page.request.get("/admin/users")).status(), 403);
        await page.goto("/me");
        assert.equal(await page.locator("form[action='/me/accounts/untie']").count(), 0, "the directory is to switch her off");
        await fits(page);
        await accessible(page);
        await shot(page, `ldap-me-${name}`);
      });
      await during(server, c, async (page) => {
        await signIn(page);
        await page.goto("/admin/sign-in");
        await fits(page);
        await accessible(page);
        await shot(page, `people-${name}`);
        await page.click("button[commandfor^='untie-']");
        await page.click("dialog[open] button[type=submit]");
        await notice(page).waitFor();
        assert.equal(await page.locator("dialog[id^='untie-']").count(), 0);
      });
    } finally {
      await there.stop();
      await server.stop();
    }
  });
}
