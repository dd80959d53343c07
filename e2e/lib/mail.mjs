// A private Dovecot and a private Postfix for a journey: real servers on free ports, in a folder that goes afterwards.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, chmodSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NOBODY = 65534;

const freePort = () =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

const answers = (port) =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(true) ?? socket.destroy());
    socket.once("error", () => done(false));
  });

export class Mail {
  static async start(addresses) {
    const mail = new Mail();
    mail.home = mkdtempSync(join(tmpdir(), "sila-e2e-mail-"));
    const home = mail.home;
    [mail.imap, mail.smtp] = [await freePort(), await freePort()];
    for (const part of ["", "run", "mail", "postfix", "queue", "data"]) {
      mkdirSync(join(home, part), { recursive: true });
      chmodSync(join(home, part), 0o755);
    }
    chownSync(join(home, "mail"), NOBODY, NOBODY);
    writeFileSync(join(home, "dovecot.conf"), `base_dir = ${home}/run
log_path = ${home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${home}/mail/%u
first_valid_uid = 1
passdb {
 driver = static
 args = password=secret
}
userdb {
 driver = static
 args = uid=${NOBODY} gid=${NOBODY} home=${home}/mail/%u
}
service imap-login {
 chroot =
 inet_listener imap {
  port = ${mail.imap}
 }
 inet_listener imaps {
  port = 0
 }
}
service anvil {
 chroot =
}
namespace inbox {
 inbox = yes
 separator = /
 mailbox Sent {
  auto = create
  special_use = \\Sent
 }
}
`);
    writeFileSync(join(home, "postfix/main.cf"), `compatibility_level = 3.6
queue_directory = ${home}/queue
data_directory = ${home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${home}/postfix.log
maillog_file_prefixes = ${home}
myhostname = mx.test.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = ${[...new Set(addresses.map((a) => a.split("@")[1]))].join(", ")}
virtual_mailbox_base = ${home}/mail
virtual_mailbox_maps = texthash:${home}/postfix/boxes
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
virtual_minimum_uid = 1
smtpd_recipient_restrictions = permit_mynetworks, reject
`);
    const unix = (name, program = name, most = "-", open = "-") => `${name} unix ${open} - n - ${most} ${program}\n`;
    writeFileSync(join(home, "postfix/master.cf"), `127.0.0.1:${mail.smtp} inet n - n - - smtpd\n` +
      unix("cleanup", "cleanup", "0", "n") + unix("rewrite", "trivial-rewrite") + unix("bounce", "bounce", "0") + unix("defer", "bounce", "0") + unix("trace", "bounce", "0") +
      unix("verify", "verify", "1") + unix("proxymap") + unix("smtp") + unix("error") + unix("retry", "error") + unix("discard") + unix("anvil", "anvil", "1") + unix("scache", "scache", "1") +
      "pickup unix n - n 60 1 pickup\nqmgr unix n - n 300 1 qmgr\nflush unix n - n 1000? 0 flush\nvirtual unix - n n - - virtual\npostlog unix-dgram n - n - 1 postlogd\n");
    writeFileSync(join(home, "postfix/boxes"), addresses.map((a) => `${a} ${a}/\n`).join(""));
    execFileSync("chown", ["postfix", join(home, "data")]);
    // A shell that outlives this process just long enough to stop the servers and clean up.
    spawn("setsid", ["sh", "-c", `while kill -0 ${process.pid} 2>/dev/null && [ -d ${home}/run ]; do sleep 1; done; /usr/sbin/postfix -c ${home}/postfix stop; kill $(cat ${home}/run/master.pid); sleep 1; rm -rf ${home}`], { stdio: "ignore", detached: true }).unref();
    execFileSync("/usr/sbin/dovecot", ["-c", join(home, "dovecot.conf")], { stdio: "ignore" });
    execFileSync("/usr/sbin/postfix", ["-c", join(home, "postfix"), "start"], { stdio: "ignore" });
    for (let n = 0; n < 100 && !((await answers(mail.imap)) && (await answers(mail.smtp))); n++) await new Promise((r) => setTimeout(r, 100));
    return mail;
  }

  /** Lays a message into an inbox. */
  deliver(address, text) {
    const dir = join(this.home, "mail", address);
    for (const part of ["", "cur", "new", "tmp"]) {
      mkdirSync(join(dir, part), { recursive: true });
      chownSync(join(dir, part), NOBODY, NOBODY);
    }
    const name = `${Date.now()}.${Math.random().toString(36).slice(2)}.test`;
    writeFileSync(join(dir, "tmp", name), text.replace(/\r?\n/g, "\r\n"));
    chownSync(join(dir, "tmp", name), NOBODY, NOBODY);
    renameSync(join(dir, "tmp", name), join(dir, "new", name));
  }

  /** Waits for a message whose text has `piece`. */
  async arrival(address, piece, seconds = 30) {
    for (let n = 0; n < seconds * 5; n++) {
      for (const part of ["new", "cur"]) {
        const dir = join(this.home, "mail", address, part);
        for (const file of existsSync(dir) ? readdirSync(dir) : []) {
          const text = readFileSync(join(dir, file), "utf8");
          if (text.includes(piece)) return text;
        }
      }
      await new Promise((r) => setTimeout(r, 200));
    }
    throw new Error(`nothing with «${piece}» came to ${address}`);
  }

  stop() {
    const run = (...args) => {
      try {
        execFileSync(...args, { stdio: "ignore" });
      } catch {
        // Gone already.
      }
    };
    run("/usr/sbin/postfix", ["-c", join(this.home, "postfix"), "stop"]);
    run("kill", [readFileSync(join(this.home, "run/master.pid"), "utf8").trim()]);
    rmSync(this.home, { recursive: true, force: true });
  }
}
