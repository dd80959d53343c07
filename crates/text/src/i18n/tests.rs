use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};

use super::*;

/// What a sentence asks for: variables, and the plural categories of each of its choices.
#[derive(Default, Debug)]
struct Shape {
    variables: BTreeSet<String>,
    plurals: Vec<BTreeSet<String>>,
}

const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn shapes(source: &str) -> BTreeMap<String, Shape> {
    let resource = fluent_syntax::parser::parse(source).expect("well formed");
    let mut out = BTreeMap::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut shape = Shape::default();
            if let Some(value) = &message.value {
                pattern(value, &mut shape);
            }
            for attribute in &message.attributes {
                pattern(&attribute.value, &mut shape);
            }
            assert!(message.value.is_some(), "{} says nothing", message.id.name);
            assert!(
                out.insert(message.id.name.to_owned(), shape).is_none(),
                "{} twice",
                message.id.name
            );
        }
    }
    out
}

fn pattern(p: &Pattern<&str>, shape: &mut Shape) {
    for element in &p.elements {
        if let PatternElement::Placeable { expression } = element {
            expr(expression, shape);
        }
    }
}

fn expr(e: &Expression<&str>, shape: &mut Shape) {
    match e {
        Expression::Inline(inline_expr) => inline(inline_expr, shape),
        Expression::Select { selector, variants } => {
            inline(selector, shape);
            let mut keys = BTreeSet::new();
            for v in variants {
                if let VariantKey::Identifier { name } = v.key {
                    keys.insert(name.to_owned());
                }
                pattern(&v.value, shape);
            }
            // A choice is a plural if one of its variants is a category beyond the catch-all `other`.
            if keys
                .iter()
                .any(|k| CATEGORIES.contains(&k.as_str()) && k != "other")
            {
                shape.plurals.push(keys);
            }
        }
    }
}

fn inline(e: &InlineExpression<&str>, shape: &mut Shape) {
    match e {
        InlineExpression::VariableReference { id } => {
            shape.variables.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => expr(expression, shape),
        InlineExpression::FunctionReference { arguments, .. } => {
            for a in &arguments.positional {
                inline(a, shape);
            }
        }
        _ => {}
    }
}

#[test]
fn both_languages_say_the_same_things() {
    let mut wrong = Vec::new();
    for source in SOURCES {
        let (ar, en) = (shapes(source.ar), shapes(source.en));
        for key in ar.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
            match (ar.get(key), en.get(key)) {
                (Some(a), Some(e)) if a.variables != e.variables => {
                    // The count may be left out of one language only where it is chosen on, never shown.
                    wrong.push(format!(
                        "{}: {key}: ar {:?}, en {:?}",
                        source.name, a.variables, e.variables
                    ));
                }
                (Some(_), Some(_)) => {}
                (None, _) => wrong.push(format!("{}: {key} is missing in Arabic", source.name)),
                (_, None) => wrong.push(format!("{}: {key} is missing in English", source.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn plurals_have_their_categories() {
    let mut wrong = Vec::new();
    for source in SOURCES {
        for (lang, text, needed, allowed) in [
            (
                "ar",
                source.ar,
                &["one", "two", "few", "many", "other"][..],
                &CATEGORIES[..],
            ),
            (
                "en",
                source.en,
                &["one", "other"][..],
                &["one", "other"][..],
            ),
        ] {
            for (key, shape) in shapes(text) {
                for plural in &shape.plurals {
                    let lacking = needed.iter().filter(|c| !plural.contains(**c)).map(|c| format!("lacks [{c}]"));
                    let foreign = plural.iter().filter(|c| !allowed.contains(&c.as_str())).map(|c| format!("has [{c}]"));
                    wrong.extend(lacking.chain(foreign).map(|what| format!("{lang}/{}: {key} {what}", source.name)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keys_are_unique_over_files() {
    Catalog::new(SOURCES).map(|_| ()).unwrap();
}

const SAMPLE: &[Source] = &[Source {
    name: "sample",
    ar: "hello = مرحبًا { $name }\nrecords =\n    { $count ->\n        [zero] لا سجلات\n        [one] سجل واحد\n        [two] سجلان\n        [few] { $count } سجلات\n        [many] { $count } سجلًا\n       *[other] { $count } سجل\n    }\n",
    en: "hello = Hello { $name }\nrecords =\n    { $count ->\n        [one] one record\n       *[other] { $count } records\n    }\n",
}];

#[test]
fn says_counts_and_names() {
    let c = Catalog::new(SAMPLE).unwrap();
    let say = |lang, digits, n: i64| c.text(lang, digits, false, "records", &[("count", n.into())]);
    for (n, ar) in [
        (0, "لا سجلات"),
        (1, "سجل واحد"),
        (2, "سجلان"),
        (3, "3 سجلات"),
        (11, "11 سجلًا"),
        (100, "100 سجل"),
        (103, "103 سجلات"),
        (111, "111 سجلًا"),
        (1003, "1,003 سجلات"),
        (-5, "-5 سجلات"),
        (i64::MAX, "9,223,372,036,854,775,807 سجلات"),
    ] {
        assert_eq!(say(Lang::Ar, Digits::Latn, n), ar);
    }
    assert_eq!(say(Lang::Ar, Digits::Arab, 12345), "١٢٬٣٤٥ سجلًا");
    assert_eq!(say(Lang::En, Digits::Latn, 1), "one record");
    assert_eq!(say(Lang::En, Digits::Latn, 1200), "1,200 records");
    let hello = |isolating| {
        c.text(
            Lang::Ar,
            Digits::Latn,
            isolating,
            "hello",
            &[("name", "Adam".into())],
        )
    };
    assert_eq!(hello(true), "مرحبًا \u{2068}Adam\u{2069}");
    assert_eq!(hello(false), "مرحبًا Adam");
    assert!(c.has("hello") && !c.has("bye"));
}

#[test]
fn a_key_twice_or_bad_syntax_is_refused() {
    let twice = [SAMPLE[0], SAMPLE[0]];
    assert!(Catalog::new(&twice).is_err());
    let bad = [Source {
        name: "bad",
        ar: "hello",
        en: "",
    }];
    assert!(Catalog::new(&bad).err().unwrap().contains("ar/bad.ftl"));
}

#[test]
#[should_panic(expected = "no sentence no-such-key in ar")]
#[cfg(debug_assertions)]
fn a_missing_key_is_loud_in_debug_builds() {
    t(Lang::Ar, "no-such-key");
}

#[test]
fn core_sentences() {
    assert_eq!(t(Lang::Ar, "save"), "حفظ");
    assert_eq!(t(Lang::En, "save"), "Save");
    assert_eq!(
        t_plain(Lang::Ar, "record-count", &[("count", 2.into())]),
        "سجلان"
    );
    let arab = Locale::default().with_digits(Digits::Arab);
    assert_eq!(
        t_for_plain(&arab, "record-count", &[("count", 5.into())]),
        "٥ سجلات"
    );
}
