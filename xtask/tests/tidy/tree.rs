//! The files of the project, as git knows them, and the code in them without comments and tests.

use std::path::{Path, PathBuf};
use std::process::Command;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Paths relative to the root, with `/`: all that is tracked or would be (ignored files are not ours).
pub fn paths() -> Vec<String> {
    let out = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git is needed to know which files belong to the project");
    assert!(out.status.success(), "git ls-files failed");
    let mut all: Vec<String> =
        out.stdout.split(|b| *b == 0).filter(|p| !p.is_empty()).map(|p| String::from_utf8(p.to_vec()).unwrap()).collect();
    all.retain(|p| root().join(p).is_file());
    all.sort();
    all.dedup();
    assert!(all.len() > 50, "only {} files found", all.len());
    all
}

/// The text of a file; none when it is not UTF-8.
pub fn text(path: &str) -> Option<String> {
    std::fs::read(root().join(path)).ok().and_then(|b| String::from_utf8(b).ok())
}

/// Rust sources that run in the product: no tests, examples or benches of their own.
pub fn product_rust() -> Vec<(String, String)> {
    paths()
        .into_iter()
        .filter(|p| p.ends_with(".rs") && (p.starts_with("crates/") || p.starts_with("modules/") || p.starts_with("xtask/src/")))
        .filter(|p| !p.contains("/tests/") && !p.contains("/examples/") && !p.contains("/benches/") && !p.ends_with("/tests.rs"))
        .filter(|p| !p.starts_with("crates/testdb/"))
        .filter_map(|p| text(&p).map(|t| (p, t)))
        .collect()
}

/// Numbered lines of code: without comments, and without a test module that ends the file.
pub fn code(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|w| w[0].trim() == "#[cfg(test)]" && w[1].trim_end().ends_with('{') && w[1].contains("mod "));
    let end = tests.unwrap_or(lines.len());
    lines[..end]
        .iter()
        .enumerate()
        .map(|(i, l)| (i + 1, l.find("// ").filter(|at| *at == 0 || l[..*at].ends_with([' ', ';', '{', ','])).map_or(*l, |at| &l[..at])))
        .filter(|(_, l)| !l.trim_start().starts_with("//"))
        .collect()
}

/// Fails with the list, when there is one.
#[track_caller]
pub fn none(advice: &str, found: &[String]) {
    assert!(found.is_empty(), "\n{advice}\n  {}\n", found.join("\n  "));
}
