//! Debian packages that a command needs.

use crate::run::{Done, command, run, say};
use std::process::{Command, Stdio};

/// A package and a file that shows it is there.
pub const CHROMIUM: (&str, &str) = ("chromium", "/usr/bin/chromium");
pub const POSTGRES: (&str, &str) = ("postgresql", "/usr/lib/postgresql");
pub const DOVECOT: (&str, &str) = ("dovecot-imapd", "/usr/sbin/dovecot");
pub const POSTFIX: (&str, &str) = ("postfix", "/usr/sbin/postfix");
pub const POPPLER: (&str, &str) = ("poppler-utils", "/usr/bin/pdftotext");
pub const SLAPD: (&str, &str) = ("slapd", "/usr/sbin/slapd");
pub const OPENSSL: (&str, &str) = ("openssl", "/usr/bin/openssl");
pub const LDAP: (&str, &str) = ("ldap-utils", "/usr/bin/ldapadd");
pub const FONTS: (&str, &str) = ("fonts-noto-core", "/usr/share/fonts/truetype/noto");
pub const COMPILER: (&str, &str) = ("gcc", "/usr/bin/gcc");

/// Installs what is missing of `packages` with apt.
pub fn debian(packages: &[(&str, &str)]) -> Done {
    let missing: Vec<&str> =
        packages.iter().filter(|(_, file)| !std::path::Path::new(file).exists()).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("Installing Debian packages: {}", missing.join(", ")));
    let apt = |args: &[&str]| {
        let mut c = if root_user() { command("apt-get", args) } else { command("sudo", &[&["apt-get"], args].concat()) };
        c.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        run(&mut c)
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], missing.as_slice()].concat())
}

pub fn root_user() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0")
}
