//! The guide says what the program has: every function, every configuration key, every command, every page in both
//! languages; and its links lead somewhere.

use crate::tree::{none, paths, root, text};

fn both(page: &str) -> [(String, String); 2] {
    ["ar", "en"].map(|lang| {
        let path = format!("docs/guide/{lang}/{page}");
        let content = text(&path).unwrap_or_else(|| panic!("{path} is missing"));
        (path, content)
    })
}

#[test]
fn every_page_exists_in_both_languages() {
    let names = |lang: &str| -> Vec<String> {
        let at = format!("docs/guide/{lang}/");
        paths().into_iter().filter_map(|p| p.strip_prefix(&at).map(str::to_owned)).collect()
    };
    assert_eq!(names("ar"), names("en"));
    assert!(names("ar").len() >= 8);
}

#[test]
fn every_function_is_explained() {
    let source = text("crates/kernel/src/expr/types.rs").unwrap();
    let list = source.split("functions! {").nth(1).expect("the list of functions is in types.rs");
    let names: Vec<&str> = list.lines().take_while(|l| !l.starts_with('}')).filter_map(|l| l.split('"').nth(1)).collect();
    assert!(names.len() > 20, "{names:?}");
    for (path, page) in both("expressions.md") {
        let missing: Vec<String> = names.iter().filter(|n| !page.contains(&format!("`{n}("))).map(|n| format!("{path}: {n}()")).collect();
        none("A function that the guide does not explain:", &missing);
    }
}

#[test]
fn every_configuration_key_and_command_is_explained() {
    let config = text("crates/sila/src/config.rs").unwrap();
    let keys = config.split("const KEYS").nth(1).unwrap().split(['[', ']']).nth(3).unwrap();
    let keys: Vec<&str> = keys.split('"').skip(1).step_by(2).collect();
    assert!(keys.contains(&"listen"), "{keys:?}");
    let cli = text("crates/sila/src/cli.rs").unwrap();
    let list = cli.split("pub enum Command {").nth(1).unwrap();
    let commands: Vec<String> = list
        .lines()
        .take_while(|l| !l.starts_with('}'))
        .filter(|l| l.starts_with("    ") && !l.starts_with("     ") && l.trim_end().ends_with('{'))
        .map(|l| l.trim().trim_end_matches(" {").to_lowercase())
        .collect();
    assert!(commands.contains(&"serve".to_owned()), "{commands:?}");
    for lang in ["ar", "en"] {
        let whole: String = paths().into_iter().filter(|p| p.starts_with(&format!("docs/guide/{lang}/"))).map(|p| text(&p).unwrap()).collect();
        let mut missing: Vec<String> = keys.iter().filter(|k| !whole.contains(&format!("`{k}`"))).map(|k| format!("{lang}: key {k}")).collect();
        missing.extend(commands.iter().filter(|c| !["demo", "bench"].contains(&c.as_str()) && !whole.contains(&format!("sila {c}"))).map(|c| format!("{lang}: sila {c}")));
        none("docs/guide/*/operation.md does not explain:", &missing);
    }
}

#[test]
fn links_lead_somewhere() {
    let mut found = Vec::new();
    for path in paths().into_iter().filter(|p| p.ends_with(".md") && !p.starts_with("demo/data/")) {
        let folder = root().join(&path).parent().unwrap().to_owned();
        let page = text(&path).unwrap();
        for piece in page.split("](").skip(1).chain(page.split("src=\"").skip(1)).chain(page.split("srcset=\"").skip(1)) {
            let target = piece.split([')', '"', '#', ' ']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") || target.contains('\n') {
                continue;
            }
            if !folder.join(target).exists() {
                found.push(format!("{path}: {target}"));
            }
        }
    }
    none("A link to nothing:", &found);
}
