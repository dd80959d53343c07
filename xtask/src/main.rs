//! Work on the project itself: `cargo xtask demo | test | bench | web | e2e`.
//!
//! Each says what it does before it does it, installs what is missing (Debian packages, npm packages) and stops
//! at the first thing that fails, with what to do.

mod bench;
mod demo;
mod install;
mod run;
mod suite;
mod web;

use std::process::ExitCode;

const HELP: &str = "cargo xtask COMMAND

  demo    build everything, import a real company's two years of trade, start the server
  test    install what is missing and run every test: unit, property, both databases, HTTP, browser
  bench   measure the figures of docs/benchmarks.md (release build; sizes with --parties N)
  web     build the front end into web/dist
  e2e     the browser journeys alone (needs a debug build of sila)
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let done = match command.as_str() {
        "demo" => demo::run(&rest),
        "test" => suite::run(&rest),
        "bench" => bench::run(&rest),
        "web" => web::build(),
        "e2e" => suite::browser(),
        _ => {
            eprint!("{HELP}");
            return if command.is_empty() || command == "help" { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\n✗ {why}");
            ExitCode::FAILURE
        }
    }
}
