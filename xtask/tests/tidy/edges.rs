//! Which crate may use which: `text ← kernel ← store ← engine ← {auth, modules, web, api} ← sila`.

use crate::tree::{none, root};
use std::collections::{BTreeMap, BTreeSet};

const MODULES: [&str; 9] = ["activity", "automation", "base", "commerce", "insight", "mailbox", "privacy", "quotes", "sales"];

/// Crates of ours that `name` may depend on. A crate that is not listed here has no place yet: decide it.
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "text" | "kernel-derive" | "testdb" => &[],
        "xtask" => &["testdb"],
        "kernel" => &["text", "kernel-derive"],
        "matching" | "pricing" => &["text"],
        "store" => &["kernel", "text"],
        "ui" => &["kernel", "text"],
        // Leaf services: what reaches the outside world.
        "outside" => &["kernel"],
        "mail" => &["kernel", "outside", "text"],
        "directory" | "oidc" => &["kernel", "outside"],
        "ical" => &["text"],
        // Sets documents; heavy, so nothing but what prints may need it.
        "print" => &["kernel", "text"],
        // The third layer of HTTP, beside web and api.
        "dav" => &["auth", "engine", "ical", "kernel", "store", "text"],
        "engine" => &["store", "kernel", "matching", "text"],
        "auth" => &["directory", "engine", "oidc", "outside", "store", "kernel", "text"],
        "push" => &["engine", "outside", "store", "kernel", "text"],
        "web" => &["auth", "engine", "matching", "push", "store", "kernel", "text", "ui"],
        "api" => &["auth", "engine", "matching", "outside", "store", "kernel", "text"],
        // Speaks of records as the API does, to those who come with its tokens.
        "mcp" => &["api", "auth", "engine", "kernel", "store", "text", "ui"],
        "base" => &["engine", "store", "kernel", "text", "ui", "ical"],
        "mailbox" => &["base", "engine", "mail", "outside", "store", "kernel", "text", "ui"],
        "privacy" => &["base", "engine", "print", "store", "kernel", "text", "ui"],
        "quotes" => &["base", "engine", "pricing", "print", "store", "kernel", "text", "ui"],
        m if MODULES.contains(&m) => &["base", "engine", "outside", "store", "kernel", "text", "ui", "ical"],
        "bench" => &["activity", "auth", "base", "commerce", "engine", "insight", "kernel", "store", "testdb", "text"],
        "sila" => &["activity", "api", "auth", "automation", "base", "commerce", "dav", "engine", "insight", "kernel", "mailbox", "mcp", "privacy", "push", "quotes", "sales", "store", "text", "ui", "web"],
        _ => return None,
    })
}

/// What tests of a crate may use besides: never a crate that lies above it, except that whole programs are
/// tested with the modules.
fn allowed_in_tests(name: &str) -> &'static [&'static str] {
    match name {
        "text" | "matching" | "pricing" => &[],
        "kernel" | "ui" => &["kernel", "testdb"],
        "store" | "engine" => &["testdb"],
        "activity" | "auth" | "base" | "commerce" | "insight" | "mailbox" | "privacy" | "sales" => &["testdb", "base", "commerce"],
        // A quote comes from an opportunity and becomes an order: its tests have both.
        "quotes" => &["testdb", "base", "commerce", "sales"],
        // What runs on rules is tested with what rules are about.
        "automation" => &["testdb", "base", "activity", "sales"],
        "push" => &["testdb", "auth", "base"],
        "web" | "api" | "sila" => &["testdb", "base", "commerce", "insight", "store"],
        _ => &["testdb"],
    }
}

/// Folder name → its manifest.
fn manifests() -> BTreeMap<String, toml::Table> {
    let mut all = BTreeMap::new();
    for group in ["crates", "modules"] {
        for entry in std::fs::read_dir(root().join(group)).unwrap().flatten() {
            if let Ok(text) = std::fs::read_to_string(entry.path().join("Cargo.toml")) {
                all.insert(entry.file_name().into_string().unwrap(), text.parse().unwrap());
            }
        }
    }
    for name in ["bench"] {
        if let Ok(text) = std::fs::read_to_string(root().join(name).join("Cargo.toml")) {
            all.insert(name.into(), text.parse().unwrap());
        }
    }
    all.insert("xtask".into(), std::fs::read_to_string(root().join("xtask/Cargo.toml")).unwrap().parse().unwrap());
    all
}

fn names(manifest: &toml::Table, section: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> =
        manifest.get(section).and_then(|v| v.as_table()).map(|t| t.keys().cloned().collect()).unwrap_or_default();
    if let Some(targets) = manifest.get("target").and_then(|v| v.as_table()) {
        for t in targets.values() {
            found.extend(t.get(section).and_then(|v| v.as_table()).into_iter().flat_map(|t| t.keys().cloned()));
        }
    }
    found
}

#[test]
fn crates_depend_downwards_only() {
    let all = manifests();
    let mut found = Vec::new();
    for (name, manifest) in &all {
        let Some(down) = allowed(name) else {
            found.push(format!("{name}: not in the list of xtask/tests/tidy/edges.rs"));
            continue;
        };
        for section in ["dependencies", "build-dependencies"] {
            for dep in names(manifest, section).iter().filter(|d| all.contains_key(*d)) {
                if !down.contains(&dep.as_str()) {
                    found.push(format!("{name} → {dep} ([{section}])"));
                }
            }
        }
        for dep in names(manifest, "dev-dependencies").iter().filter(|d| all.contains_key(*d)) {
            if !down.contains(&dep.as_str()) && !allowed_in_tests(name).contains(&dep.as_str()) && dep != name {
                found.push(format!("{name} → {dep} ([dev-dependencies])"));
            }
        }
    }
    none("A crate uses another that does not lie below it. Move the code down, or pass what is needed in:", &found);
}

#[test]
fn the_database_driver_is_known_to_store_alone() {
    let found: Vec<String> = manifests()
        .iter()
        .filter(|(name, _)| *name != "store")
        .flat_map(|(name, m)| {
            ["dependencies", "dev-dependencies", "build-dependencies"].into_iter().flat_map(|s| names(m, s)).filter(|d| d.starts_with("sqlx") || d == "rusqlite" || d == "sea-query").map(|d| format!("{name} → {d}")).collect::<Vec<_>>()
        })
        .collect();
    none("Only crates/store speaks to a database driver; others use store::Conn and store::Sql:", &found);
}

#[test]
fn the_pure_crates_do_no_io() {
    let io = ["tokio", "reqwest", "axum", "hyper", "lettre", "tower", "tower-http", "tracing"];
    let all = manifests();
    let found: Vec<String> = ["text", "kernel", "kernel-derive", "ui"]
        .iter()
        .flat_map(|name| names(&all[*name], "dependencies").into_iter().filter(|d| io.contains(&d.as_str())).map(move |d| format!("{name} → {d}")))
        .collect();
    none("text, kernel and ui compute and draw; waiting, network and files belong to the crates above them:", &found);
}

#[test]
fn the_derive_knows_only_tokens() {
    let all = manifests();
    let Some(derive) = all.get("kernel-derive") else { return };
    let found: Vec<String> = names(derive, "dependencies").into_iter().filter(|d| !["proc-macro2", "quote", "syn"].contains(&d.as_str())).collect();
    none("crates/kernel-derive is built for the compiler: keep it to proc-macro2, quote and syn:", &found);
}

#[test]
fn versions_and_lints_come_from_the_workspace() {
    let mut found = Vec::new();
    for (name, manifest) in manifests() {
        if manifest.get("lints").and_then(|l| l.get("workspace")).and_then(toml::Value::as_bool) != Some(true) {
            found.push(format!("{name}: [lints] workspace = true is missing"));
        }
    }
    none("Every crate takes the lints of the workspace:", &found);
}
