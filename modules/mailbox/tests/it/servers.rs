//! A private Dovecot and a private Postfix on free loopback ports, in a folder that goes with this process.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Mail belongs to «nobody»: neither server handles mail as root.
const NOBODY: u32 = 65_534;

pub struct Servers {
    home: PathBuf,
    pub imap: u16,
    pub smtp: u16,
}

/// The servers of this process; started at the first need.
pub fn servers() -> &'static Servers {
    static SERVERS: OnceLock<Servers> = OnceLock::new();
    SERVERS.get_or_init(|| Servers::start().unwrap_or_else(|e| panic!("no mail servers for the tests: {e}. Install dovecot-imapd and postfix (as root)")))
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

fn run(command: &mut Command) -> Result<(), String> {
    let out = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().map_err(|e| format!("{command:?}: {e}"))?;
    if out.success() { Ok(()) } else { Err(format!("{command:?}: {out}")) }
}

impl Servers {
    fn start() -> Result<Servers, String> {
        let home = std::env::temp_dir().join(format!("sila-mail-{}", uuid::Uuid::new_v4().simple()));
        for part in ["", "run", "mail", "postfix", "queue", "data"] {
            fs::create_dir_all(home.join(part)).map_err(|e| e.to_string())?;
            fs::set_permissions(home.join(part), fs::Permissions::from_mode(0o755)).map_err(|e| e.to_string())?;
        }
        chown(home.join("mail"), Some(NOBODY), Some(NOBODY)).map_err(|e| e.to_string())?;
        let servers = Servers { imap: free_port(), smtp: free_port(), home };
        servers.watch()?;
        servers.dovecot()?;
        servers.postfix()?;
        for port in [servers.imap, servers.smtp] {
            let up = (0..100).any(|_| {
                std::thread::sleep(std::time::Duration::from_millis(100));
                std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
            });
            if !up {
                return Err(format!("nobody answers on port {port}; see {}", servers.home.display()));
            }
        }
        Ok(servers)
    }

    fn dovecot(&self) -> Result<(), String> {
        let home = self.home.display();
        let config = format!(
            "base_dir = {home}/run\nlog_path = {home}/dovecot.log\nprotocols = imap\nlisten = 127.0.0.1\nssl = no\ndisable_plaintext_auth = no\n\
             mail_location = maildir:{home}/mail/%u\nfirst_valid_uid = 1\nmail_max_userip_connections = 100\n\
             passdb {{\n driver = static\n args = password=secret\n}}\nuserdb {{\n driver = static\n args = uid={NOBODY} gid={NOBODY} home={home}/mail/%u\n}}\n\
             service imap-login {{\n chroot =\n inet_listener imap {{\n  port = {}\n }}\n inet_listener imaps {{\n  port = 0\n }}\n}}\n\
             service anvil {{\n chroot =\n}}\n\
             namespace inbox {{\n inbox = yes\n separator = /\n mailbox Sent {{\n  auto = create\n  special_use = \\Sent\n }}\n mailbox Junk {{\n  auto = create\n  special_use = \\Junk\n }}\n mailbox Archive {{\n  auto = create\n  special_use = \\Archive\n }}\n}}\n",
            self.imap
        );
        let file = self.home.join("dovecot.conf");
        fs::write(&file, config).map_err(|e| e.to_string())?;
        run(Command::new("/usr/sbin/dovecot").arg("-c").arg(&file))
    }

    fn postfix(&self) -> Result<(), String> {
        let home = self.home.display();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {home}/queue\ndata_directory = {home}/data\ncommand_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\nmaillog_file = {home}/postfix.log\n\
             maillog_file_prefixes = {home}\nmyhostname = mx.test.example\nmydestination =\nmynetworks = 127.0.0.0/8\ninet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\nvirtual_mailbox_domains = wahah.example, nakheel.example\nvirtual_mailbox_base = {home}/mail\n\
             virtual_mailbox_maps = texthash:{home}/postfix/boxes\nvirtual_uid_maps = static:{NOBODY}\nvirtual_gid_maps = static:{NOBODY}\n\
             virtual_minimum_uid = 1\nsmtpd_recipient_restrictions = permit_mynetworks, reject\n"
        );
        let one = |name: &str, private: &str, unpriv: &str, wake: &str, most: &str, program: &str| format!("{name} {private} {unpriv} n {wake} {most} {program}\n");
        let mut master = format!("127.0.0.1:{} inet n - n - - smtpd\n", self.smtp);
        for (name, program, most) in [("cleanup", "cleanup", "0"), ("rewrite", "trivial-rewrite", "-"), ("bounce", "bounce", "0"), ("defer", "bounce", "0"), ("trace", "bounce", "0"), ("verify", "verify", "1"), ("proxymap", "proxymap", "-"), ("smtp", "smtp", "-"), ("error", "error", "-"), ("retry", "error", "-"), ("discard", "discard", "-"), ("anvil", "anvil", "1"), ("scache", "scache", "1")] {
            master.push_str(&one(&format!("{name} unix"), if name == "cleanup" { "n" } else { "-" }, "-", "-", most, program));
        }
        master.push_str("pickup unix n - n 60 1 pickup\nqmgr unix n - n 300 1 qmgr\nflush unix n - n 1000? 0 flush\nvirtual unix - n n - - virtual\npostlog unix-dgram n - n - 1 postlogd\n");
        let boxes: String = ["huda@wahah.example", "omar@wahah.example", "crash@wahah.example", "info@nakheel.example", "sara@nakheel.example"].iter().map(|a| format!("{a} {a}/\n")).collect();
        for (name, text) in [("main.cf", main), ("master.cf", master), ("boxes", boxes)] {
            fs::write(self.home.join("postfix").join(name), text).map_err(|e| e.to_string())?;
        }
        run(Command::new("chown").arg("postfix").arg(self.home.join("data")))?;
        run(Command::new("/usr/sbin/postfix").arg("-c").arg(self.home.join("postfix")).arg("start"))
    }

    /// A shell that outlives this process just long enough to stop the servers and clean up.
    fn watch(&self) -> Result<(), String> {
        let home = self.home.display();
        let script = format!(
            "while kill -0 {} 2>/dev/null; do sleep 1; done; /usr/sbin/postfix -c {home}/postfix stop; kill $(cat {home}/run/master.pid); sleep 1; rm -rf {home}",
            std::process::id()
        );
        let shell = Command::new("setsid").args(["sh", "-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        shell.map(|_| ()).map_err(|e| e.to_string())
    }

    fn folder(&self, user: &str, folder: &str) -> PathBuf {
        let home = self.home.join("mail").join(user);
        if folder == "INBOX" { home } else { home.join(format!(".{folder}")) }
    }

    /// Lays messages into a folder, as a delivery agent does.
    pub fn deliver(&self, user: &str, folder: &str, messages: &[Vec<u8>]) {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let dir = self.folder(user, folder);
        for part in ["", "cur", "new", "tmp"] {
            let path = dir.join(part);
            if !path.exists() {
                fs::create_dir_all(&path).unwrap();
            }
            chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        chown(self.home.join("mail").join(user), Some(NOBODY), Some(NOBODY)).unwrap();
        for m in messages {
            let n = NUMBER.fetch_add(1, Ordering::Relaxed);
            let tmp = dir.join("tmp").join(format!("{n}"));
            fs::write(&tmp, m).unwrap();
            chown(&tmp, Some(NOBODY), Some(NOBODY)).unwrap();
            fs::rename(&tmp, dir.join("new").join(format!("1767225600.M{n:08}.test"))).unwrap();
        }
    }

    fn files(&self, user: &str, folder: &str) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for part in ["cur", "new"] {
            all.extend(fs::read_dir(self.folder(user, folder).join(part)).into_iter().flatten().flatten().map(|e| e.path()));
        }
        all.sort();
        all
    }

    /// How many messages really lie in a folder.
    pub fn count(&self, user: &str, folder: &str) -> usize {
        self.files(user, folder).len()
    }

    /// The contents of a folder.
    pub fn contents(&self, user: &str, folder: &str) -> Vec<String> {
        self.files(user, folder).iter().map(|f| String::from_utf8_lossy(&fs::read(f).unwrap()).into_owned()).collect()
    }

    /// Removes the first `n` messages of a folder, as another mail program does.
    pub fn remove(&self, user: &str, folder: &str, n: usize) {
        self.files(user, folder).iter().take(n).for_each(|f| fs::remove_file(f).unwrap());
    }

    /// Copies the first `n` messages of one folder into another.
    pub fn copy(&self, user: &str, from: &str, to: &str, n: usize) {
        let some: Vec<Vec<u8>> = self.files(user, from).iter().take(n).map(|f| fs::read(f).unwrap()).collect();
        self.deliver(user, to, &some);
    }

    /// The server numbers a folder anew, with another UIDVALIDITY.
    pub fn renumber(&self, user: &str, folder: &str) {
        let dir = self.folder(user, folder);
        for entry in fs::read_dir(&dir).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            if name.starts_with("dovecot-uidlist") || name.starts_with("dovecot.index") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
        let config = self.home.join("dovecot.conf");
        run(Command::new("doveadm").arg("-c").arg(config).args(["mailbox", "update", "--uid-validity", "1999999999", "-u", user, folder])).unwrap();
    }
}

/// A proxy before the IMAP server that cuts each connection for which bytes are allotted.
pub struct Cutter {
    pub port: u16,
    /// Bytes from the server after which the next connections are cut; zero or less: none is.
    cuts: std::sync::Arc<std::sync::Mutex<Vec<i64>>>,
    pub cut: std::sync::Arc<AtomicU32>,
    end: std::sync::Arc<tokio::sync::Notify>,
}

impl Cutter {
    pub async fn start(to: u16) -> Cutter {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cutter = Cutter { port: listener.local_addr().unwrap().port(), cuts: std::sync::Arc::default(), cut: std::sync::Arc::default(), end: std::sync::Arc::default() };
        let (cuts, cut, end) = (cutter.cuts.clone(), cutter.cut.clone(), cutter.end.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let most = cuts.lock().unwrap().pop().unwrap_or(i64::MAX);
                let left = AtomicI64::new(most);
                let (cut, end) = (cut.clone(), end.clone());
                tokio::spawn(async move {
                    let server = tokio::net::TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) = (client.into_split(), server.into_split());
                    tokio::spawn(async move {
                        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
                    });
                    let mut buffer = vec![0; 8192];
                    loop {
                        let read = tokio::select! {
                            read = from_server.read(&mut buffer) => read,
                            () = end.notified() => break,
                        };
                        let n = read.unwrap_or_default();
                        if n == 0 {
                            break;
                        }
                        if left.fetch_sub(n as i64, Ordering::Relaxed) < n as i64 {
                            cut.fetch_add(1, Ordering::Relaxed);
                            break;
                        }
                        if to_client.write_all(&buffer[..n]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        cutter
    }

    /// Ends all connections that are open now.
    pub fn hang_up(&self) {
        self.end.notify_waiters();
    }

    /// The next connections end after so many bytes, one after the other.
    pub fn allot(&self, bytes: &[i64]) {
        *self.cuts.lock().unwrap() = bytes.iter().rev().copied().collect();
    }
}

