//! `cargo xtask demo`: from a fresh clone to a running company.

use crate::install::{COMPILER, debian};
use crate::run::{Done, command, root, say};
use crate::web;

pub fn run(args: &[String]) -> Done {
    println!("Sila demo: builds the program, makes a company in one SQLite file from two years of a real wholesaler's trade, and starts it.");
    debian(&[COMPILER])?;
    web::build()?;
    say("Building the server (release; the first time takes some minutes)");
    release()?;
    let data = root().join("data/demo");
    std::fs::create_dir_all(&data).map_err(|e| e.to_string())?;
    say(&format!("Starting with the company in {}", data.display()));
    let program = root().join("target/release/sila");
    let mut c = command(&program.to_string_lossy(), &["demo", "--data", &data.to_string_lossy()]);
    c.args(args);
    crate::run::run(&mut c)
}

/// The program as users run it.
pub fn release() -> Done {
    crate::run::run(&mut command("cargo", &["build", "--release", "--package", "sila"]))
}
