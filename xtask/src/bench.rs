//! `cargo xtask bench`: the figures of `docs/benchmarks.md`.

use crate::run::{Done, command, root, say};

pub fn run(args: &[String]) -> Done {
    crate::demo::release()?;
    say("Measuring (states the machine; prints CPU ms per request, p50 and p95)");
    let program = root().join("target/release/sila");
    let mut c = command("cargo", &["run", "--quiet", "--release", "--package", "sila-bench", "--", "--server", &program.to_string_lossy()]);
    c.args(args);
    crate::run::run(&mut c)
}
