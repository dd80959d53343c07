// How many messages a second come in: a real Dovecot with `node measure-mail.mjs 20000` letters, and the program as it is served.
// SILA names the program (a release build); SILA_TEST_POSTGRES measures PostgreSQL instead of SQLite.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Mail } from "./lib/mail.mjs";
import { postgres, program, Server } from "./lib/server.mjs";

const N = Number(process.argv[2] ?? 20_000);
const US = "info@nakheel.example";
const LINES = ["السلام عليكم ورحمة الله", "نرجو إرسال عرض السعر", "تم استلام الشحنة", "موعد التسليم يوم الأحد", "شكرًا لتعاونكم", "هل الكمية متوفرة؟", "Please confirm", "with kind regards"];
const b64 = (text) => Buffer.from(text).toString("base64").replace(/(.{76})/g, "$1\r\n");

// Numbers that are the same in each run.
let seed = 42n;
function roll(sides) {
  seed = (seed * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
  return Number((seed >> 33n) % BigInt(sides));
}

/** Conversations of one to seven letters: plain, HTML and with an attachment, from forty customers. */
function letters() {
  const all = [];
  for (let thread = 0; all.length < N; thread++) {
    const ids = [];
    for (let k = 0; k <= roll(7) && all.length < N; k++) {
      const id = `${thread}.${k}@gen.example`;
      const head = [
        `From: =?utf-8?B?${Buffer.from("عميل كريم").toString("base64")}?= <person${roll(40)}@customers.example>`, `To: ${US}`, `Message-ID: <${id}>`,
        `Date: ${String(1 + roll(28)).padStart(2, "0")} ${["Jan", "Feb", "Mar"][roll(3)]} 2026 ${String(roll(24)).padStart(2, "0")}:${String(roll(60)).padStart(2, "0")}:00 +0300`,
        `Subject: =?utf-8?B?${Buffer.from(`${k ? "رد: " : ""}${LINES[thread % 6]} ${thread}`).toString("base64")}?=`, "MIME-Version: 1.0",
      ];
      if (ids.length) head.push(`In-Reply-To: <${ids.at(-1)}>`, `References: ${ids.map((i) => `<${i}>`).join("\r\n ")}`);
      ids.push(id);
      const body = Array.from({ length: 4 + roll(12) }, () => LINES[roll(LINES.length)]).join("\r\n");
      const kind = roll(4);
      if (kind === 0) head.push("Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", b64(`<div dir=rtl><p>${body}</p><img src="https://t.example/x.gif"></div>`));
      else if (kind === 1) head.push("Content-Type: multipart/mixed; boundary=a", "", "--a", "Content-Type: text/plain; charset=utf-8", "", body, "--a", 'Content-Type: application/pdf; name="a.pdf"', 'Content-Disposition: attachment; filename="a.pdf"', "Content-Transfer-Encoding: base64", "", b64(`%PDF-1.4 ${roll(500)}`), "--a--");
      else head.push("Content-Type: text/plain; charset=utf-8", "", body);
      all.push(head.join("\r\n") + "\r\n");
    }
  }
  return all;
}

/** Seconds of CPU of a process so far. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / Number(execFileSync("getconf", ["CLK_TCK"]));
}

const mail = await Mail.start([US]);
const pg = process.env.SILA_TEST_POSTGRES ? await postgres(process.env.SILA_TEST_POSTGRES) : undefined;
process.env.SILA_REACH_INSIDE = "true";
const server = await Server.withAdmin({ database: pg?.url });
try {
  const all = letters();
  const bytes = all.reduce((sum, l) => sum + Buffer.byteLength(l), 0);
  for (const letter of all) mail.deliver(US, letter);
  const api = await server.api();
  for (let n = 0; n < 40; n++) await api("POST", "/party", { name: { ar: `عميل ${n}`, latin: `Customer ${n}` }, email: `person${n}@customers.example` });
  const box = await api("POST", "/mailbox", {
    name: "شركة النخيل", address: US, kind: "shared", privacy: "shared", imap_host: "127.0.0.1", imap_port: mail.imap, imap_security: "none",
    smtp_host: "127.0.0.1", smtp_port: mail.smtp, smtp_security: "none", smtp_login: false,
  });
  await api("POST", `/mailbox/${box.id}/secret`, { password: "secret" });
  const [began, before] = [performance.now(), cpu(server.child.pid)];
  await api("POST", `/mailbox/${box.id}/sync`, {});
  for (;;) {
    const now = await api("GET", `/mailbox/${box.id}`);
    assert.notEqual(now.status, "trouble", JSON.stringify(now.trouble));
    if (now.synced_at) break;
    await new Promise((r) => setTimeout(r, 200));
  }
  const [seconds, used] = [(performance.now() - began) / 1000, cpu(server.child.pid) - before];
  // The proof counts the server's messages against the ledger.
  await api("POST", `/mailbox/${box.id}/prove`, {});
  let proofs = [];
  for (let n = 0; n < 300 && proofs.length < 2; n++) {
    await new Promise((r) => setTimeout(r, 200));
    proofs = (await api("GET", "/mail_proof")).data;
  }
  const proof = proofs.find((p) => p.server > 0);
  assert.deepEqual([proof.server, proof.imported, proof.missing, proof.result], [N, N, 0, "ok"]);
  console.log(`${program}, ${pg ? "PostgreSQL" : "SQLite"}: ${N} messages (${(bytes / 1e6).toFixed(1)} MB) in ${seconds.toFixed(1)} s: ${Math.round(N / seconds)} a second, ${((used / N) * 1000).toFixed(2)} ms of CPU each; the ledger has all ${proof.imported}`);
} finally {
  await server.stop();
  await pg?.drop();
  mail.stop();
}
process.exit(0);
