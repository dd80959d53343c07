//! `cargo xtask bench`: the figures of `docs/benchmarks.md`.

use crate::run::{Done, command, root, say};

pub fn run(args: &[String]) -> Done {
    crate::demo::release()?;
    say("Measuring (states the machine; prints CPU ms per request, p50 and p95)");
    let program = root().join("target/release/sila");
    let mut c = command(&program.to_string_lossy(), &["bench"]);
    c.args(args);
    crate::run::run(&mut c)
}
