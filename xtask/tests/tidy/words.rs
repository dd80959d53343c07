//! Sentences: what code says exists in both languages, and nothing stands there unsaid.

use crate::tree::{code, none, paths, product_rust, root, text};
use std::collections::{BTreeMap, BTreeSet};

/// The keys of a language with the file they stand in.
fn keys(lang: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for path in paths().into_iter().filter(|p| p.starts_with(&format!("locales/{lang}/")) && p.ends_with(".ftl")) {
        for line in text(&path).unwrap().lines() {
            if let Some((key, _)) = line.split_once('=')
                && line.starts_with(|c: char| c.is_ascii_lowercase())
            {
                all.insert(key.trim().to_owned(), path.clone());
            }
        }
    }
    assert!(!all.is_empty(), "no sentences under locales/{lang}");
    all
}

/// The string literals of a line.
fn literals(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = None;
    let mut escaped = false;
    for (i, c) in line.char_indices() {
        match (c, start) {
            _ if escaped => escaped = false,
            ('\\', Some(_)) => escaped = true,
            ('"', None) if !line[..i].ends_with('\'') => start = Some(i + 1),
            ('"', Some(s)) => {
                out.push(&line[s..i]);
                start = None;
            }
            _ => {}
        }
    }
    out
}

fn is_key(literal: &str) -> bool {
    literal.contains('-')
        && literal.starts_with(|c: char| c.is_ascii_lowercase())
        && !literal.ends_with('-')
        && literal.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Beginnings of keys that are never anything else in the code.
const PREFIXES: &[&str] = &[
    "activity-",
    "dav-",
    "ical-",
    "ui-",
    "web-",
    "sign-",
    "api-",
    "auth-",
    "engine-",
    "insight-",
    "base-",
    "commerce-",
    "privacy-",
    "quotes-",
    "automation-",
    "sales-",
    "value-",
    "expr-",
    "fault-",
    "schema-",
    "import-",
    "error-",
];
/// The same below the pages, where no class of a sheet is called so.
const CORE_PREFIXES: [&str; 10] = ["custom-", "file-", "delete-", "restore-", "user-", "database-", "sort-", "cursor-", "action-", "role-"];
/// Names of other things that begin like a key.
const NOT_KEYS: &[&str] = &[
    "sign-in",      // a page, and a kind of attempt
    "import-run",   // id of an element
    "expr-unknown", // the beginning of several keys
    "user-plus",    // an icon
];

fn begins_like_a_key(path: &str, literal: &str) -> bool {
    let core = ["crates/kernel/", "crates/store/", "crates/engine/", "crates/auth/"].iter().any(|c| path.starts_with(c));
    is_key(literal)
        && !NOT_KEYS.contains(&literal)
        && (PREFIXES.iter().any(|p| literal.starts_with(p)) || core && CORE_PREFIXES.iter().any(|p| literal.starts_with(p)))
}

/// Keys said where a sentence is asked for: `t("…")`, `t_for(…, "…")`, `Issue::new(…, "…")`, `Fault::invalid(…, "…")`.
fn asked(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for call in [".t(\"", "t_args(", "t_plain(", "t_for(", "t_for_plain(", "i18n::t(", "Issue::new(", "Fault::invalid("] {
        for (at, _) in line.match_indices(call) {
            let rest = &line[at..];
            let found = literals(rest);
            let key = if call.starts_with("Issue") || call.starts_with("Fault") {
                // The first argument is the field, which may be a literal too.
                found.iter().take(2).copied().find(|l| is_key(l))
            } else {
                found.first().copied().filter(|l| is_key(l))
            };
            out.extend(key);
        }
    }
    out
}

#[test]
fn what_code_says_exists_in_both_languages() {
    let (ar, en) = (keys("ar"), keys("en"));
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut checked = 0;
    for (path, source) in product_rust() {
        for (n, line) in code(&source) {
            let by_name = literals(line).into_iter().filter(|l| begins_like_a_key(&path, l));
            for key in by_name.chain(asked(line)) {
                checked += 1;
                let missing: Vec<&str> = [("ar", &ar), ("en", &en)].iter().filter(|(_, have)| !have.contains_key(key)).map(|(lang, _)| *lang).collect();
                if !missing.is_empty() {
                    found.entry(key.to_owned()).or_insert_with(|| format!("{key}: not in {} (said in {path}:{n})", missing.join(" and ")));
                }
            }
        }
    }
    assert!(checked > 100, "only {checked} sentences seen: the pattern no longer finds them");
    none("A sentence without words. Write it in Arabic first, then in English:", &found.into_values().collect::<Vec<_>>());
}

#[test]
fn both_languages_have_the_same_keys_in_the_same_files() {
    let (ar, en) = (keys("ar"), keys("en"));
    let file = |p: &String| p.rsplit('/').next().unwrap().to_owned();
    let mut found: Vec<String> = ar.iter().filter(|(k, p)| en.get(*k).map(&file) != Some(file(p))).map(|(k, p)| format!("{k} ({p}) has no counterpart in en/{}", file(p))).collect();
    found.extend(en.iter().filter(|(k, _)| !ar.contains_key(*k)).map(|(k, p)| format!("{k} ({p}) has no counterpart in Arabic")));
    none("Arabic and English say the same things:", &found);
}

#[test]
fn a_key_stands_once() {
    for lang in ["ar", "en"] {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in paths().into_iter().filter(|p| p.starts_with(&format!("locales/{lang}/")) && p.ends_with(".ftl")) {
            for (n, line) in text(&path).unwrap().lines().enumerate() {
                if let Some((key, _)) = line.split_once('=')
                    && line.starts_with(|c: char| c.is_ascii_lowercase())
                {
                    places.entry(key.trim().to_owned()).or_default().push(format!("{path}:{}", n + 1));
                }
            }
        }
        let twice: Vec<String> = places.into_iter().filter(|(_, at)| at.len() > 1).map(|(k, at)| format!("{k}: {}", at.join(", "))).collect();
        none("A key is unique over all files of a language:", &twice);
    }
}

/// A key counts as said when code or script has it as a literal, or builds it from a literal beginning
/// (`format!("commerce-{}", …)`), or adds a known ending to a key that is said (`format!("{key}-hint")`).
#[test]
fn no_sentence_stands_there_unsaid() {
    let mut said = BTreeSet::new();
    let mut beginnings = BTreeSet::new();
    let mut endings = BTreeSet::new();
    for path in paths().into_iter().filter(|p| (p.ends_with(".rs") || p.ends_with(".ts")) && !p.starts_with("e2e/") && !p.starts_with("xtask/")) {
        let source = text(&path).unwrap();
        for line in source.lines() {
            let line = line.replace('\'', "\"").replace('`', "\"");
            for l in literals(&line) {
                if is_key(l) || l.chars().all(|c| c.is_ascii_lowercase()) {
                    said.insert(l.to_owned());
                }
                if let Some((_, after)) = l.rsplit_once('}')
                    && l.starts_with('{')
                    && after.starts_with('-')
                {
                    endings.insert(after.to_owned());
                }
                if let Some((before, _)) = l.split_once('{')
                    && before.ends_with('-')
                    && is_key(before.trim_end_matches('-').replace(' ', "_").as_str()) | before.trim_end_matches('-').chars().all(|c| c.is_ascii_lowercase())
                {
                    beginnings.insert(before.to_owned());
                }
            }
        }
    }
    let ended = |k: &str| endings.iter().any(|e| k.strip_suffix(e.as_str()).is_some_and(|stem| said.contains(stem)));
    let found: Vec<String> = keys("ar")
        .into_iter()
        .filter(|(k, _)| !ended(k))
        .filter(|(k, _)| !said.contains(k) && !beginnings.iter().any(|b| !b.is_empty() && b.len() > 3 && k.starts_with(b.as_str())))
        .map(|(k, p)| format!("{k} ({p})"))
        .collect();
    none("Nobody says these any more; take them out of both languages:", &found);
}

#[test]
fn arabic_is_arabic() {
    let mut found = Vec::new();
    for path in paths().into_iter().filter(|p| p.starts_with("locales/ar/") && p.ends_with(".ftl")) {
        for (n, line) in text(&path).unwrap().lines().enumerate() {
            if let Some((key, value)) = line.split_once(" = ")
                && line.starts_with(|c: char| c.is_ascii_lowercase())
                && value.chars().any(|c| c.is_ascii_alphabetic())
                && !value.chars().any(|c| ('\u{0600}'..'\u{0700}').contains(&c))
                && !value.trim_start().starts_with('{')
                && !["ui-product"].contains(&key)
            {
                found.push(format!("{path}:{}: {line}", n + 1));
            }
        }
    }
    none("An Arabic sentence without an Arabic letter:", &found);
}

#[test]
fn literals_are_found() {
    assert_eq!(literals(r#"t(lang, "save") + "a\"b" + '"' + "c-d""#), ["save", "a\\\"b", "c-d"]);
    assert_eq!(asked(r#"Issue::new("email", "value-not-email")"#), ["value-not-email"]);
    assert_eq!(asked(r#"(cx.t("ui-save"))"#), ["ui-save"]);
    assert!(root().join("locales/ar").is_dir());
}
