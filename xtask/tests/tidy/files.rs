//! Names, lengths and contents of files.

use crate::tree::{none, paths, root, text};

/// Longer files that existed when the rule came. The list may only shrink.
const LONG: [&str; 0] = [];
const LINES: usize = 600;

#[test]
fn files_can_be_read_whole() {
    let mut found = Vec::new();
    for path in paths() {
        let source = ["rs", "ts", "css", "mjs"].iter().any(|e| path.ends_with(&format!(".{e}")));
        if !source || LONG.contains(&path.as_str()) {
            continue;
        }
        let lines = text(&path).unwrap_or_default().lines().count();
        if lines > LINES {
            found.push(format!("{path}: {lines} lines"));
        }
    }
    none(&format!("More than {LINES} lines: split it by what its parts are about:"), &found);
    let gone: Vec<String> = LONG.iter().filter(|p| text(p).is_none_or(|t| t.lines().count() <= LINES)).map(|p| (*p).to_owned()).collect();
    none("These are short now; take them off the list of long files:", &gone);
}

#[test]
fn names_say_what_is_inside() {
    let vague = ["utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "stuff"];
    let found: Vec<String> = paths()
        .into_iter()
        .filter(|p| p.split('/').any(|part| part.split(['.', '_', '-']).any(|w| vague.contains(&w))))
        .collect();
    none("A name that fits everything tells nothing; call it after what it does:", &found);
}

#[test]
fn nothing_points_at_one_machine() {
    let marks = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/tmp/", "sila")];
    let mut found = Vec::new();
    for path in paths().into_iter().filter(|p| !p.starts_with("demo/data/")) {
        let Some(text) = text(&path) else { continue };
        // SCIM has a resource of that name.
        let marks = marks.iter().filter(|m| !path.contains("/scim") || !m.starts_with("/U"));
        for (n, line) in text.lines().enumerate() {
            if marks.clone().any(|m| line.contains(m)) {
                found.push(format!("{path}:{}: {}", n + 1, line.trim().chars().take(120).collect::<String>()));
            }
        }
    }
    none("A path of somebody's machine:", &found);
}

#[test]
fn lock_files_name_no_registry() {
    let mut found = Vec::new();
    for path in paths().into_iter().filter(|p| p.ends_with("package-lock.json") || p.ends_with(".npmrc") || p.starts_with(".cargo/")) {
        for (n, line) in text(&path).unwrap_or_default().lines().enumerate() {
            if line.contains("\"resolved\"") || line.contains("registry=") || line.contains("http://") {
                found.push(format!("{path}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    let lock = text("Cargo.lock").unwrap_or_default();
    found.extend(lock.lines().filter(|l| l.starts_with("source = ") && !l.contains("github.com/rust-lang/crates.io-index")).map(|l| format!("Cargo.lock: {l}")));
    none("Packages come from whatever registry the user's client has; .npmrc says omit-lockfile-registry-resolved=true:", &found);
}

#[test]
fn npm_packages_have_exact_versions() {
    for folder in ["web", "e2e"] {
        let Some(json) = text(&format!("{folder}/package.json")) else { continue };
        let loose: Vec<String> = json
            .lines()
            .filter(|l| l.contains("\": \"^") || l.contains("\": \"~") || l.contains("\": \"*") || l.contains("\"latest\""))
            .map(|l| format!("{folder}/package.json: {}", l.trim()))
            .collect();
        none("A version without a range, so that every build is the same:", &loose);
        assert!(root().join(folder).join("package-lock.json").exists(), "{folder}/package-lock.json is missing: npm install --package-lock-only");
    }
}

#[test]
fn nothing_built_or_fetched_is_kept() {
    let found: Vec<String> = paths()
        .into_iter()
        .filter(|p| p.starts_with("web/dist/") || p.contains("node_modules/") || p.ends_with(".db") || p.ends_with(".sqlite"))
        .collect();
    none("What a build makes or a registry gives is not committed:", &found);
    let large: Vec<String> = paths()
        .into_iter()
        // The data a figure is measured on, and nothing else beside it.
        .filter(|p| !p.starts_with("demo/data/") && p != "crates/matching/tests/data/arabic-duplicates.csv" && root().join(p).metadata().is_ok_and(|m| m.len() > 400_000))
        .collect();
    none("Larger than 400 kB:", &large);
}

#[test]
fn pages_fetch_nothing_from_elsewhere() {
    let mut found = Vec::new();
    for path in paths().into_iter().filter(|p| (p.starts_with("web/src/") || p.starts_with("web/css/")) && !p.ends_with(".md")) {
        for (n, line) in text(&path).unwrap_or_default().lines().enumerate() {
            if ["src=\"https://", "href=\"https://", "url(https://", "url(\"https://", "url(//", "fetch(\"https://", "from \"https://", "import(\"https://"].iter().any(|m| line.contains(m)) && !line.contains("w3.org") && !line.trim_start().starts_with(['/', '*']) {
                found.push(format!("{path}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    none("Everything a page needs is served by Sila itself:", &found);
}
