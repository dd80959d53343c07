// The policy of the company at work: a large deal stays in its stage until the review is held, a large discount waits for the
// manager, who decides on his phone.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE, until } from "../lib/browser.mjs";
import { sila, Server } from "../lib/server.mjs";

const SELLER = { email: "huda@example.sa", password: "nakhl-wa-rimal-23" };
const MANAGER = { email: "faisal@example.sa", password: "bahr-wa-sahra-41" };
const SAR = (amount) => ({ amount, currency: "SAR" });
let server, api, stages, seller;
before(async () => {
  server = await Server.withAdmin();
  const add = (who, role, name) => sila("user", "add", "--data", server.dir, "--email", who.email, "--password", who.password, "--role", role, "--name-ar", name, "--lang", "ar");
  await add(SELLER, "seller", "هدى");
  await add(MANAGER, "manager", "فيصل");
  api = await server.api();
  seller = (await api("GET", `/user?filter=${encodeURIComponent(`email == "${SELLER.email}"`)}`)).data[0].id;
  stages = Object.fromEntries((await api("GET", "/pipeline_stage?limit=100")).data.map((s) => [s.name.latin, s.id]));
});
after(async () => {
  await quit();
  await server?.stop();
});

const refused = { expected: ["status of 422"] };
const ways = [["ar", WIDE, "Arabic, wide"], ["en", WIDE, "English, wide"], ["ar", PHONE, "Arabic, phone"], ["en", PHONE, "English, phone"]];

for (const [lang, size, name] of ways) {
  const tag = `${lang}${size.width}`;
  const says = (said) => assert.match(said, lang === "ar" ? /اجتماع مراجعة/ : /review meeting/i);

  test(`sal_5 a large proposal is reviewed before it goes on: ${name}`, async () => {
    const person = await api("POST", "/party", { name: { ar: `منى العمري ${tag}`, latin: `Mona ${tag}` }, kind: "person", owner: seller });
    const deal = await api("POST", "/opportunity", { name: `تأثيث ${tag}`, party: person.id, owner: seller, amount: SAR("60000"), expected_close: "2027-02-01", budget: SAR("70000"), need: "أثاث", next_step: "عرض" });
    await api("POST", "/key_player", { opportunity: deal.id, party: person.id });
    await api("PATCH", `/opportunity/${deal.id}`, { stage: stages["Request for proposal"] });
    const about = encodeURIComponent(`regarding == "opportunity/${deal.id}"`);
    const meetings = async () => (await api("GET", `/activity?filter=${about}`)).data;
    await until(async () => (await meetings()).length, 1);
    const [meeting] = await meetings();
    assert.equal(meeting.owner, seller);
    const stage = async () => (await api("GET", `/opportunity/${deal.id}`)).stage;
    await during(server, { lang, size, ...refused }, async (page) => {
      await signIn(page, SELLER);
      await prefer(page, { lang });
      await page.goto(`/opportunity/${deal.id}`);
      const path = page.locator(`form[action*='/opportunity/${deal.id}/move'] button[value='${stages["Negotiation"]}']`);
      await path.first().click();
      // It says what comes first, and leads there.
      await page.waitForSelector(`a[href='/activity/${meeting.id}']`);
      says(await page.locator("main").innerText());
      await fits(page);
      await accessible(page);
      assert.equal(await stage(), stages["Request for proposal"]);
      await api("POST", `/activity/${meeting.id}/complete`, {});
      await page.goto(`/opportunity/${deal.id}`);
      await path.first().click();
      await until(stage, stages["Negotiation"]);
    });
  });

  test(`plt_5 a large discount waits for the manager, who decides: ${name}`, async () => {
    const party = await api("POST", "/party", { name: { ar: `مؤسسة الواحة ${tag}`, latin: `Oasis ${tag}` }, kind: "organisation", email: `buyer@${tag}.example`, owner: seller });
    const quote = await api("POST", "/quote", { party: party.id, owner: seller, subject: `خصم ${tag}` });
    await api("POST", "/quote_line", { quote: quote.id, description: "كرسي", quantity: "10", price: "100", discount_rate: "12" });
    const status = async () => (await api("GET", `/quote/${quote.id}`)).status;
    const send = async (page) => {
      await page.goto(`/quote/${quote.id}/do/send`);
      await page.click("button[form='do-asked']");
    };
    await during(server, { lang, size, ...refused }, async (page) => {
      await signIn(page, SELLER);
      await prefer(page, { lang });
      await send(page);
      await page.waitForSelector("a[href^='/automation/ask']");
      assert.equal(await status(), "draft");
      await fits(page);
      await page.click("a[href^='/automation/ask']");
      await page.fill("#ask-note", lang === "ar" ? "عميل قديم" : "An old customer");
      await fits(page);
      await accessible(page);
      await Promise.all([page.waitForURL(new RegExp(`/quote/${quote.id}`)), page.click(".ask-form button[type=submit]")]);
    });
    // By phone, whatever the seller works on.
    await during(server, { lang, size: PHONE }, async (page) => {
      await signIn(page, MANAGER);
      await prefer(page, { lang });
      await page.goto("/automation/inbox");
      await fits(page);
      await accessible(page);
      await page.click(".rule-row a.btn");
      await fits(page);
      await accessible(page);
      await page.click("[commandfor='do-approve']");
      await page.click("button[form='do-approve-form']");
      await page.waitForLoadState();
    });
    const [asked] = (await api("GET", `/approval?filter=${encodeURIComponent(`about == "quote/${quote.id}"`)}`)).data;
    assert.equal(asked.state, "approved");
    await during(server, { lang, size }, async (page) => {
      await signIn(page, SELLER);
      await send(page);
      await until(status, "sent");
    });
  });
}

for (const [lang, size, name] of ways) {
  test(`rules are read, edited and tried without code: ${name}`, async () => {
    const rules = (await api("GET", "/automation?limit=20")).data;
    assert.ok(rules.length >= 2);
    await during(server, { lang, size }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      for (const address of ["/automation/rules", "/automation/edit", "/automation/inbox", ...rules.flatMap((r) => [`/automation/${r.id}`, `/automation/edit?rule=${r.id}`, `/automation/try?rule=${r.id}`])]) {
        await page.goto(address);
        await fits(page);
        await accessible(page);
      }
    });
  });
}
