// The real program on a free port with a data folder of its own.
import { execFile, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
export const out = join(here, "../out");
export const program = resolve(process.env.SILA ?? join(here, "../../target/debug/sila"));
const run = promisify(execFile);

/** Admin of every company made here. */
export const ADMIN = { email: "sara@example.sa", password: "qahwa-wa-tamr-17" };

const freePort = () =>
  new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** Runs `sila` with arguments; gives what it printed. */
export async function sila(...args) {
  const { stdout } = await run(program, args, { maxBuffer: 16 << 20 });
  return stdout.trim();
}

/** A database of our own on the PostgreSQL of `SILA_TEST_POSTGRES`; `drop` takes it away. */
export async function postgres(admin) {
  const name = `sila_e2e_${process.pid}_${Date.now()}`;
  const psql = (sql) => run("psql", [admin, "-v", "ON_ERROR_STOP=1", "-qc", sql]);
  await psql(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => psql(`DROP DATABASE ${name} WITH (FORCE)`) };
}

export class Server {
  /** Starts a server. `database`: a URL instead of the SQLite file; `dir`: an existing data folder, kept afterwards. */
  static async start({ database, dir } = {}) {
    const server = new Server();
    server.own = !dir;
    server.dir = dir ?? mkdtempSync(join(tmpdir(), "sila-e2e-"));
    server.database = database ? ["--database", database] : [];
    await server.#listen();
    return server;
  }

  /** A server with one administrator who reads `lang`. */
  static async withAdmin({ lang = "ar", ...options } = {}) {
    const server = await Server.start(options);
    await sila("user", "add", "--data", server.dir, ...server.database, "--email", ADMIN.email, "--password", ADMIN.password,
      "--role", "admin", "--name-ar", "سارة القحطاني", "--name", "Sara Alqahtani", "--lang", lang);
    return server;
  }

  async #listen() {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    mkdirSync(out, { recursive: true });
    const log = createWriteStream(join(out, "server.log"), { flags: "a" });
    this.child = spawn(program, ["serve", "--data", this.dir, ...this.database, "--listen", `127.0.0.1:${port}`], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, SILA_JOBS: "1", NO_COLOR: "1", RUST_BACKTRACE: "0" },
    });
    let said = "";
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on("data", (piece) => {
        said = (said + piece).slice(-700);
        log.write(piece);
      });
    const until = Date.now() + 30_000;
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`sila serve ended with ${this.child.exitCode}:\n${said}`);
      const ready = await fetch(`${this.url}/readyz`).then((r) => r.ok, () => false);
      if (ready) return;
      if (Date.now() > until) throw new Error(`sila serve is not ready after 30 s:\n${said}`);
      await new Promise((r) => setTimeout(r, 50));
    }
  }

  /** A REST client with the administrator's token. */
  async api() {
    const token = (await sila("token", "create", "--data", this.dir, ...this.database, "--user", ADMIN.email)).split("\n").at(-1).trim();
    return async (method, path, body) => {
      const response = await fetch(`${this.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
        body: body ? JSON.stringify(body) : undefined,
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 400)}`);
      return text ? JSON.parse(text) : undefined;
    };
  }

  async stop() {
    if (this.child.exitCode === null) {
      const ended = new Promise((r) => this.child.once("exit", r));
      this.child.kill("SIGTERM");
      const late = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(late);
    }
    if (this.own) rmSync(this.dir, { recursive: true, force: true });
  }
}
