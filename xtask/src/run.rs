//! Running programs, with a line that says what for.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

pub type Done = Result<(), String>;

/// The project's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A step a person can follow.
pub fn say(what: &str) {
    println!("\n▸ {what}");
}

/// A command in the project's folder.
pub fn command(program: &str, args: &[&str]) -> Command {
    let mut c = Command::new(program);
    c.args(args).current_dir(root());
    c
}

/// Runs it; fails with its name when it does.
pub fn run(c: &mut Command) -> Done {
    let shown = format!("{c:?}").replace('"', "");
    let started = Instant::now();
    let status = c.status().map_err(|e| format!("{shown} could not be started: {e}"))?;
    if status.success() {
        println!("  done in {:.0} s", started.elapsed().as_secs_f32());
        Ok(())
    } else {
        Err(format!("{shown} ended with {status}"))
    }
}

/// Whether a program answers.
pub fn has(program: &str, arg: &str) -> bool {
    Command::new(program).arg(arg).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}
