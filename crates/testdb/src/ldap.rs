//! A private LDAP server (OpenLDAP), with its own configuration, database and certificate, for one test.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Its suffix, a service account that may read 500 entries at once, and that account's password.
pub const BASE: &str = "dc=example,dc=sa";
pub const BIND: &str = "cn=sila,dc=example,dc=sa";
pub const SECRET: &str = "خدمة صلة (17)";
const ROOT: &str = "cn=root,dc=example,dc=sa";
const ROOT_SECRET: &str = "root-17";

/// A running server; it ends when this is dropped, or its process is gone.
pub struct Directory {
    home: PathBuf,
    pub port: u16,
    pub port_tls: u16,
    /// PEM of the authority that signed its certificate, which is for `localhost`.
    pub authority: String,
    server: Mutex<Child>,
}

impl Directory {
    /// Starts it with these entries (LDIF) below [`BASE`], which is there already.
    ///
    /// # Panics
    /// Where `slapd` is not installed (Debian: slapd, ldap-utils, openssl), or does not start.
    pub fn start(entries: &str) -> Directory {
        // A port that was free may be another test's by now.
        let begun = Self::begin(entries).or_else(|_| Self::begin(entries));
        begun.unwrap_or_else(|e| panic!("no LDAP server for the tests: {e}. Install it (Debian: slapd, ldap-utils, openssl)"))
    }

    fn begin(entries: &str) -> Result<Directory, String> {
        let home = std::env::temp_dir().join(format!("sila-ldap-{}", Uuid::new_v4().simple()));
        fs::create_dir_all(home.join("db")).map_err(|e| e.to_string())?;
        let at = |name: &str| home.join(name).display().to_string();
        let write = |name: &str, text: &str| fs::write(home.join(name), text).map_err(|e| e.to_string());
        certificate(&home)?;
        let (schema, modules) = ("/etc/ldap/schema", "/usr/lib/ldap");
        let conf = format!(
            "include {schema}/core.schema\ninclude {schema}/cosine.schema\ninclude {schema}/inetorgperson.schema\ninclude {schema}/nis.schema\n\
             attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n\
             objectclass ( 1.3.6.1.4.1.4203.666.11.17 NAME 'directoryAccount' SUP top AUXILIARY MAY userAccountControl )\nmodulepath {modules}\nmoduleload back_mdb\nmoduleload memberof\npidfile {}\n\
             TLSCACertificateFile {}\nTLSCertificateFile {}\nTLSCertificateKeyFile {}\n\
             disallow bind_anon\ndatabase mdb\nmaxsize 67108864\nsuffix \"{BASE}\"\nrootdn \"{ROOT}\"\nrootpw {ROOT_SECRET}\ndirectory {}\n\
             index objectClass,uid,mail eq\nlimits dn.exact=\"{BIND}\" size.soft=500 size.hard=500 size.prtotal=unlimited\noverlay memberof\n",
            at("pid"), at("ca.pem"), at("cert.pem"), at("key.pem"), at("db")
        );
        write("slapd.conf", &conf)?;
        let head = format!("dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n\
             dn: {BIND}\nobjectClass: simpleSecurityObject\nobjectClass: organizationalRole\ncn: sila\nuserPassword: {SECRET}\n\n");
        write("head.ldif", &head)?;
        run(Command::new("/usr/sbin/slapadd").args(["-q", "-f", &at("slapd.conf"), "-l", &at("head.ldif")]))?;
        let (port, port_tls) = (crate::pg::free_port()?, crate::pg::free_port()?);
        let child = Command::new("/usr/sbin/slapd")
            .args(["-f", &at("slapd.conf"), "-h", &format!("ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{port_tls}/"), "-d", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("slapd: {e}"))?;
        watch(&home, child.id())?;
        let authority = fs::read_to_string(home.join("ca.pem")).map_err(|e| e.to_string())?;
        let directory = Directory { authority, home, port, port_tls, server: Mutex::new(child) };
        let until = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port_tls)).is_err() {
            if Instant::now() > until || directory.has_ended() {
                return Err("slapd does not answer".into());
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        directory.change("ldapadd", entries);
        Ok(directory)
    }

    /// Runs `ldapadd`, `ldapmodify` (LDIF) or `ldapdelete` (names) as the owner of everything.
    ///
    /// # Panics
    /// When it fails.
    pub fn change(&self, program: &str, text: &str) {
        let file = self.home.join(format!("in-{}", Uuid::new_v4().simple()));
        fs::write(&file, format!("{text}\n")).expect("a file in the temporary folder");
        let url = format!("ldap://127.0.0.1:{}", self.port);
        let mut command = Command::new(program);
        command.args(["-x", "-H", &url, "-D", ROOT, "-w", ROOT_SECRET, "-f", &file.display().to_string()]);
        if let Err(e) = run(&mut command) {
            panic!("{e}");
        }
    }

    /// Sets a person's password.
    ///
    /// # Panics
    /// When it fails.
    pub fn password(&self, dn: &str, password: &str) {
        let url = format!("ldap://127.0.0.1:{}", self.port);
        if let Err(e) = run(Command::new("ldappasswd").args(["-x", "-H", &url, "-D", ROOT, "-w", ROOT_SECRET, "-s", password, dn])) {
            panic!("{e}");
        }
    }

    /// Ends it, as a directory that is down.
    pub fn stop(&self) {
        if let Ok(mut server) = self.server.lock() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    fn has_ended(&self) -> bool {
        self.server.lock().is_ok_and(|mut s| !matches!(s.try_wait(), Ok(None)))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// An authority, and a certificate for `localhost` that it signed.
fn certificate(home: &std::path::Path) -> Result<(), String> {
    let openssl = |args: &[&str]| run(Command::new("openssl").current_dir(home).args(args));
    openssl(&["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Test authority"])?;
    openssl(&["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "req.pem", "-subj", "/CN=localhost"])?;
    fs::write(home.join("ext"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n").map_err(|e| e.to_string())?;
    openssl(&["x509", "-req", "-in", "req.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "cert.pem", "-days", "30", "-extfile", "ext"])
}

/// A shell that outlives this process just long enough to clean up.
fn watch(home: &std::path::Path, server: u32) -> Result<(), String> {
    let script = format!(
        "while kill -0 {} 2>/dev/null && kill -0 {server} 2>/dev/null; do sleep 1; done; kill {server} 2>/dev/null; rm -rf {}",
        std::process::id(),
        home.display()
    );
    let mut shell = Command::new("setsid");
    shell.args(["sh", "-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().map(|_| ()).map_err(|e| format!("setsid: {e}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("{:?}: {e}", command.get_program()))?;
    if out.status.success() { Ok(()) } else { Err(format!("{:?}: {}", command.get_program(), String::from_utf8_lossy(&out.stderr))) }
}
