//! Every word a component or script shows exists in Arabic and English.

use std::collections::BTreeSet;
use std::path::Path;

fn sources(dir: &Path, ext: &str, out: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, ext, out);
        } else if path.extension().is_some_and(|e| e == ext) {
            out.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

fn keys_of(ftl: &str) -> BTreeSet<String> {
    ftl.lines().filter(|l| l.starts_with("ui-")).filter_map(|l| l.split(" =").next()).map(ToOwned::to_owned).collect()
}

#[test]
fn words_exist_in_both_languages_and_are_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |lang: &str| std::fs::read_to_string(root.join(format!("../../locales/{lang}/ui.ftl"))).unwrap();
    let (ar, en) = (keys_of(&read("ar")), keys_of(&read("en")));
    assert_eq!(ar, en);
    let mut rust = String::new();
    sources(&root.join("src"), "rs", &mut rust);
    let used: BTreeSet<String> = rust
        .split("\"ui-")
        .skip(1)
        .filter_map(|r| r.split('"').next())
        .filter(|k| !k.is_empty())
        .map(|k| format!("ui-{k}"))
        .collect();
    let missing: Vec<_> = used.difference(&ar).collect();
    assert!(missing.is_empty(), "no sentence: {missing:?}");
    // Words of layouts are named by the pages.
    // Pages say some of them too.
    let mut pages = String::new();
    sources(&root.join(".."), "rs", &mut pages);
    sources(&root.join("../../modules"), "rs", &mut pages);
    let unused: Vec<_> = ar.difference(&used).filter(|k| !k.starts_with("ui-layout-") && !pages.contains(&format!("\"{k}\""))).collect();
    assert!(unused.is_empty(), "nobody says: {unused:?}");
    // Scripts ask for words the page hands them.
    let mut scripts = String::new();
    sources(&root.join("../../web/src"), "ts", &mut scripts);
    let words = super::kinds::with_cx(&text::Locale::ar("SA"), |cx| ui::overlay::script_words(cx).0);
    for key in scripts.split("word(\"").skip(1).filter_map(|r| r.split('"').next()) {
        assert!(words.contains(&format!("\"{key}\":")), "the page does not hand out {key}");
    }
}
