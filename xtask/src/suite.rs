//! `cargo xtask test`: every test, from a fresh clone.

use crate::install::{CHROMIUM, COMPILER, DOVECOT, FONTS, LDAP, OPENSSL, POPPLER, POSTFIX, POSTGRES, SLAPD, debian};
use crate::run::{Done, command, root, say};
use crate::web;

pub fn run(args: &[String]) -> Done {
    println!("Sila tests: unit, property, both databases, HTTP, browser.");
    debian(&[COMPILER, POSTGRES, CHROMIUM, FONTS, DOVECOT, POSTFIX, POPPLER, SLAPD, LDAP, OPENSSL])?;
    web::build()?;
    let server = server();
    say("Tests in Rust (each database test runs on SQLite and on PostgreSQL)");
    let mut tests = command("cargo", &["test", "--workspace"]);
    tests.args(args).env("SILA_TEST_POSTGRES", server);
    crate::run::run(&mut tests)?;
    if !args.is_empty() {
        // Asked for certain tests: the journeys are not among them.
        return Ok(());
    }
    build()?;
    journeys(server)
}

/// The browser journeys alone.
pub fn browser() -> Done {
    debian(&[CHROMIUM, FONTS, POSTGRES, DOVECOT, POSTFIX, POPPLER, SLAPD, LDAP, OPENSSL])?;
    web::build()?;
    build()?;
    journeys(server())
}

fn build() -> Done {
    say("Building the server for the browser journeys");
    // With the whole workspace selected, the features of the dependencies are those of the tests: nothing is built twice.
    crate::run::run(&mut command("cargo", &["build", "--workspace", "--bin", "sila"]))
}

/// The private PostgreSQL of the tests; it ends with this process.
fn server() -> &'static str {
    say("Starting a private PostgreSQL");
    testdb::server()
}

fn journeys(server: &str) -> Done {
    say("Browser journeys in Chromium: Arabic and English, wide and phone");
    web::packages("e2e")?;
    let mut c = command("npm", &["test", "--silent"]);
    c.current_dir(root().join("e2e")).env("SILA", root().join("target/debug/sila")).env("SILA_TEST_POSTGRES", format!("{server}/postgres"));
    crate::run::run(&mut c)
}
