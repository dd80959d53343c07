// A real LDAP server (OpenLDAP) on a free port of this machine, with one person in it.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const BASE = "dc=example,dc=sa";
export const SERVICE = { dn: `cn=sila,${BASE}`, password: "khidma-17-wa-akthar" };
export const NOURA = { login: "noura", password: "nakhla-khadra-17", name: "نورة العتيبي", mail: "noura@example.sa" };

const CONF = (home) => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
disallow bind_anon
database mdb
maxsize 16777216
suffix "${BASE}"
directory ${home}/db
`;

const ENTRIES = `
dn: ${BASE}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ${SERVICE.dn}
objectClass: simpleSecurityObject
objectClass: organizationalRole
cn: sila
userPassword: ${SERVICE.password}

dn: uid=${NOURA.login},${BASE}
objectClass: inetOrgPerson
uid: ${NOURA.login}
cn: ${NOURA.name}
sn: العتيبي
mail: ${NOURA.mail}
userPassword: ${NOURA.password}
`;

const answers = (port) =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(true));
    socket.once("error", () => done(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** Starts it. */
export async function directory() {
  const home = mkdtempSync(join(tmpdir(), "sila-ldap-"));
  mkdirSync(join(home, "db"));
  writeFileSync(join(home, "slapd.conf"), CONF(home));
  writeFileSync(join(home, "all.ldif"), ENTRIES);
  execFileSync("/usr/sbin/slapadd", ["-q", "-f", join(home, "slapd.conf"), "-l", join(home, "all.ldif")]);
  const port = await freePort();
  const server = spawn("/usr/sbin/slapd", ["-f", join(home, "slapd.conf"), "-h", `ldap://127.0.0.1:${port}/`, "-d", "0"], { stdio: "ignore" });
  for (let i = 0; !(await answers(port)); i++) {
    if (i > 200) throw new Error("slapd does not answer");
    await new Promise((r) => setTimeout(r, 50));
  }
  return {
    port,
    stop: () =>
      new Promise((done) => {
        server.once("exit", () => {
          rmSync(home, { recursive: true, force: true });
          done();
        });
        server.kill("SIGKILL");
      }),
  };
}
