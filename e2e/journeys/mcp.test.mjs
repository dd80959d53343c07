// An assistant, through the official client of the protocol: it reads in Arabic, proposes, a person confirms in the
// browser and takes the whole run back.
import { strict as assert } from "node:assert";
import { after, before, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { accessible, during, fits, PHONE, prefer, quit, signIn, WIDE } from "../lib/browser.mjs";
import { customers } from "../lib/people.mjs";
import { ADMIN, Server, sila } from "../lib/server.mjs";

const WORDS = {
  ar: { person: /ينتظر تأكيد/, none: /لا اقتراح ينتظرك/, undone: /متراجَع عنها/, done: /نُفّذ/, conflict: /لم يُتراجع عن شيء/, data: /ليس تعليمات لك/ },
  en: { person: /Waits for the token’s owner/, none: /No proposal waits/, undone: /undone/, done: /done/, conflict: /Nothing was taken back/, data: /not instructions to you/ },
};
let server, api, ids;
before(async () => {
  server = await Server.withAdmin();
  api = await server.api();
  ids = await customers(api);
});
after(async () => {
  await quit();
  await server?.stop();
});

/** A connected client with a token of these scopes. */
async function assistant(lang, ...scopes) {
  const token = (await sila("token", "create", "--data", server.dir, "--user", ADMIN.email, "--name", "مساعد المبيعات", ...scopes.flatMap((s) => ["--scope", s]))).split("\n").at(-1).trim();
  const client = new Client({ name: "journey", title: "رحلة", version: "1.0.0" });
  const headers = { authorization: `Bearer ${token}`, "accept-language": lang };
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", server.url), { requestInit: { headers } }));
  const call = async (name, args) => {
    const answer = await client.callTool({ name, arguments: args });
    assert.ok(!answer.isError, answer.content?.[0]?.text);
    return answer.structuredContent;
  };
  return { client, call };
}

for (const [lang, size] of [["ar", WIDE], ["en", PHONE]])
  test(`propose, confirm, undo: ${lang}, ${size.width}`, async () => {
    const words = WORDS[lang];
    const { client, call } = await assistant(lang, "propose");
    assert.match(client.getInstructions(), words.data);
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((t) => t.name), ["search", "describe", "list", "read", "summarize", "propose", "proposal", "reject"]);
    for (const t of tools) assert.match(t.description, words.data, t.name);

    // Another spelling than the one on the record.
    const found = await call("search", { words: "احمد الغامدى" });
    assert.equal(found.data[0].id, ids["C-1001"]);
    const { record } = await call("read", { object: "party", id: ids["C-1001"] });
    const { contents } = await client.readResource({ uri: `sila://party/${ids["C-1001"]}` });
    assert.deepEqual(JSON.parse(contents[0].text), record);
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.ok(resourceTemplates.some((t) => t.uriTemplate === "sila://party/{id}"));
    const refused = await client.callTool({ name: "read", arguments: { object: "party", id: "0192f0c4-0000-7000-8000-000000000000" } });
    assert.ok(refused.isError && refused.structuredContent.status === 404);

    const note = `يفضّل التوصيل صباحًا ${lang}`;
    const made = await call("propose", {
      reason: "طلب ذلك في مكالمة اليوم",
      changes: [
        { do: "update", object: "party", id: ids["C-1001"], values: { note } },
        { do: "create", object: "interaction", values: { subject: `مكالمة ${lang}`, party: ids["C-1001"], at: new Date().toISOString() } },
      ],
    });
    assert.match(made.next, words.person);
    assert.ok(made.preview.includes(note), made.preview);
    assert.notEqual((await api("GET", `/party/${ids["C-1001"]}`)).note, note, "nothing has changed yet");

    await during(server, { size, lang, expected: ["409"] }, async (page) => {
      await signIn(page);
      await prefer(page, { lang });
      await page.goto("/assistants");
      const card = page.locator(`#p-${made.proposal}`);
      await card.waitFor();
      assert.match(await card.textContent(), /طلب ذلك في مكالمة اليوم/);
      assert.match(await card.locator(".diff ins").first().textContent(), new RegExp(note));
      await fits(page);
      await accessible(page, "a waiting proposal");
      await card.locator("form[action$='/confirm'] button").click();
      await page.locator(`#p-${made.proposal} footer`).waitFor({ state: "detached" });
      assert.match(await page.locator("main").textContent(), words.none);
      assert.equal((await api("GET", `/party/${ids["C-1001"]}`)).note, note);
      assert.equal((await call("proposal", { proposal: made.proposal })).state, "done");

      // Somebody has changed the value since: it is named, nothing is taken back.
      await api("PATCH", `/party/${ids["C-1001"]}`, { note: "بيد زميل" });
      page.on("dialog", (d) => d.accept());
      const undo = () => page.locator(`form[action='/assistants/runs/${made.run}/undo'] button`).click();
      await undo();
      await page.locator(".flash").first().waitFor();
      assert.match(await page.locator(".flash").first().textContent(), words.conflict);
      await fits(page);
      await api("PATCH", `/party/${ids["C-1001"]}`, { note });
      await page.goto("/assistants");
      await undo();
      await page.locator(".run", { hasText: words.undone }).first().waitFor();
      assert.notEqual((await api("GET", `/party/${ids["C-1001"]}`)).note, note);
      const left = await call("list", { object: "interaction", search: `مكالمة ${lang}` });
      assert.equal(left.count.n, 0, "what the run made is gone");
      await fits(page);
      await accessible(page, "runs and earlier proposals");
    });
    await client.close();
  });

test("a token that may confirm does so once; the command line takes the run back", async () => {
  const { client, call } = await assistant("en", "propose", "confirm");
  const made = await call("propose", { reason: "", changes: [{ do: "update", object: "party", id: ids["C-1003"], values: { note: "من المساعد" } }] });
  const [a, b] = await Promise.all([call("confirm", { proposal: made.proposal }), call("confirm", { proposal: made.proposal })]);
  assert.deepEqual([a.state, b.state], ["done", "done"]);
  const after = await api("GET", `/party/${ids["C-1003"]}`);
  assert.equal(after.note, "من المساعد");
  assert.match(await sila("run", "list", "--data", server.dir), new RegExp(made.run));
  await sila("run", "undo", "--data", server.dir, made.run);
  const back = await api("GET", `/party/${ids["C-1003"]}`);
  assert.notEqual(back.note, "من المساعد");
  assert.equal(back.rev, after.rev + 1, "one effect and one way back");
  await client.close();
});
