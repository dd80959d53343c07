//! Every kind of field can be shown, filled in, and read back from a form.

use kernel::{Address, Field, FileRef, Kind, Money, Name, Value, label, rust_decimal::Decimal, uuid::Uuid};
use text::{Digits, Locale};
use ui::{Density, Theme, Titles, ViewCx};

/// A filled value of a kind.
pub fn value(kind: &Kind) -> Value {
    let file = || {
        Value::File(Box::new(FileRef {
            id: Uuid::from_u128(7),
            name: "عقد.pdf".into(),
            media: "application/pdf".into(),
            size: 1200,
        }))
    };
    match kind {
        Kind::Text { .. } | Kind::LongText => "مكتبة الأمل".into(),
        Kind::Code { .. } => "C-1".into(),
        Kind::RichText => "<p>نص <b>غامق</b></p>".into(),
        Kind::Integer => 1234_i64.into(),
        Kind::Decimal { .. } => Decimal::new(12_500, 3).into(),
        Kind::Percent => Decimal::new(1250, 2).into(),
        Kind::Money => Money::new(123_450, "SAR").into(),
        Kind::Bool => true.into(),
        Kind::Date => Value::Date("2026-03-05".parse().unwrap()),
        Kind::DateTime => Value::DateTime("2026-03-05T09:00:00Z".parse().unwrap()),
        Kind::Duration => Value::Duration(5400),
        Kind::Choice { .. } => "new".into(),
        Kind::MultiChoice { .. } => Value::List(vec!["new".into(), "done".into()]),
        Kind::Ref { .. } => Uuid::from_u128(1).into(),
        Kind::Refs { .. } => Value::Ids(vec![Uuid::from_u128(1), Uuid::from_u128(2)]),
        Kind::Email => "a@example.com".into(),
        Kind::Phone => "+966501234567".into(),
        Kind::Url => "https://example.com/a".into(),
        Kind::Address => Address {
            street: "طريق الملك فهد".into(),
            city: "الرياض".into(),
            country: "SA".into(),
            ..Address::default()
        }
        .into(),
        Kind::Name => Name::new("أحمد", "Ahmed").into(),
        Kind::File | Kind::Image => file(),
        Kind::Json => Value::Json(serde_json::json!({"a": 1})),
        Kind::Formula { .. } | Kind::Rollup { .. } => 3_i64.into(),
        Kind::Sequence { .. } => "SO-00001".into(),
    }
}

/// What each kind must show of its value to an Arabic reader with Arabic digits.
fn shows(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::LongText => "مكتبة الأمل",
        Kind::Code { .. } => "C-1",
        Kind::RichText => "غامق",
        Kind::Integer => "١٬٢٣٤",
        Kind::Decimal { .. } => "١٢٫٥",
        Kind::Percent => "١٢٫٥",
        Kind::Money => "١٬٢٣٤٫٥٠",
        Kind::Bool => "نعم",
        Kind::Date | Kind::DateTime => "مارس",
        Kind::Duration => "ساعة",
        Kind::Choice { .. } | Kind::MultiChoice { .. } => "جديد",
        Kind::Ref { .. } | Kind::Refs { .. } => "شركة النور",
        Kind::Email => "mailto:a@example.com",
        Kind::Phone => "tel:+966501234567",
        Kind::Url => "https://example.com/a",
        Kind::Address => "السعودية",
        Kind::Name => "أحمد",
        Kind::File => "عقد.pdf",
        Kind::Image => "<img",
        Kind::Json => "a",
        Kind::Formula { .. } | Kind::Rollup { .. } => "٣",
        Kind::Sequence { .. } => "SO-00001",
    }
}

pub fn titles() -> Titles {
    [(Uuid::from_u128(1), "شركة النور".to_owned()), (Uuid::from_u128(2), "Al Noor".to_owned())].into()
}

pub fn with_cx<T>(locale: &Locale, run: impl FnOnce(&ViewCx<'_>) -> T) -> T {
    let titles = titles();
    run(&ViewCx {
        locale,
        theme: Theme::Auto,
        density: Density::Normal,
        path: "/party",
        now: "2026-03-05T12:00:00Z".parse().unwrap(),
        titles: &titles,
    })
}

pub fn field(kind: Kind) -> Field {
    Field::new("f", kind, label("الحقل", "Field")).help(label("شرح", "Help"))
}

#[test]
fn every_kind_is_shown() {
    with_cx(&Locale::ar("SA").with_digits(Digits::Arab), |cx| {
        for kind in Kind::samples() {
            let (f, v) = (field(kind.clone()), value(&kind));
            for html in [ui::cell::cell(&f, &v, cx), ui::cell::detail(&f, &v, cx)] {
                assert!(html.0.contains(shows(&kind)), "{}: {}", kind.key(), html.0);
            }
            assert!(!ui::cell::plain(&kind, &v, cx).is_empty(), "{}", kind.key());
            assert!(ui::cell::cell(&f, &Value::Null, cx).0.contains("فارغ"), "{}", kind.key());
        }
    });
}

#[test]
fn every_kind_can_be_filled_in() {
    with_cx(&Locale::ar("SA"), |cx| {
        for kind in Kind::samples() {
            let f = field(kind.clone()).required();
            let row = ui::input::field_row(&f, &value(&kind), Some("غير صالح"), cx).0;
            assert!(row.contains("id=\"f-f\""), "{}: {row}", kind.key());
            assert!(row.contains("id=\"f-f-error\"") && row.contains("id=\"f-f-help\""), "{}", kind.key());
            assert!(row.contains("الحقل"), "{}", kind.key());
            if kind.computed() {
                assert!(!row.contains("<input") && row.contains("<output"), "{}: {row}", kind.key());
            } else {
                assert!(row.contains("name=\"f"), "{}: {row}", kind.key());
                assert!(row.contains("aria-describedby=\"f-f-error f-f-help\""), "{}: {row}", kind.key());
            }
        }
    });
}

/// The names and values of a control as a browser without scripts would send them.
fn sent(html: &str) -> Vec<(String, String)> {
    let attr = |tag: &str, name: &str| {
        tag.split(&format!(" {name}=\"")).nth(1).and_then(|r| r.split('"').next()).map(unescape)
    };
    let mut out = Vec::new();
    let mut select = None;
    for (i, part) in html.split('<').enumerate() {
        let Some((tag, after)) = part.split_once('>') else { continue };
        if i == 0 {
            continue;
        }
        if tag.starts_with("input ") {
            let kind = attr(tag, "type").unwrap_or_default();
            let Some(name) = attr(tag, "name") else { continue };
            let boxed = kind == "checkbox" || kind == "radio";
            if kind != "file" && (!boxed || tag.contains(" checked")) {
                out.push((name, attr(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea ") {
            out.push((attr(tag, "name").unwrap(), unescape(after)));
        } else if tag.starts_with("select ") {
            select = attr(tag, "name");
        } else if tag.starts_with("option ") && tag.contains(" selected") {
            out.push((select.clone().unwrap(), attr(tag, "value").unwrap()));
        }
    }
    out
}

fn unescape(t: &str) -> String {
    t.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn what_a_form_shows_comes_back_unchanged() {
    for locale in [Locale::ar("SA"), Locale::en("SA")] {
        with_cx(&locale, |cx| {
            for kind in Kind::samples().into_iter().filter(|k| !k.computed()) {
                let (f, v) = (field(kind.clone()), value(&kind));
                let pairs = sent(&ui::input::input(&f, &v, None, cx).0);
                let json = ui::form::read_field(&f, &pairs).unwrap_or_else(|| panic!("{} sent {pairs:?}", kind.key()));
                let want = match &kind {
                    // Shown for people, parsed by the kind: national phone, local time, hours and minutes.
                    Kind::Phone => serde_json::json!("050 123 4567"),
                    Kind::DateTime => serde_json::json!("2026-03-05T12:00"),
                    Kind::Duration => serde_json::json!("1:30"),
                    Kind::Integer => serde_json::json!("1234"),
                    Kind::Decimal { .. } | Kind::Percent => serde_json::json!("12.5"),
                    Kind::Address => {
                        let mut all = v.to_json();
                        // The form names the parts in the order of the record.
                        all.as_object_mut().unwrap().sort_keys();
                        all
                    }
                    _ => v.to_json(),
                };
                let mut got = json;
                if let Some(map) = got.as_object_mut() {
                    map.sort_keys();
                }
                let mut want = want;
                if let Some(map) = want.as_object_mut() {
                    map.sort_keys();
                }
                assert_eq!(got, want, "{}", kind.key());
                // And emptying the form is null, never «left out».
                let blank: Vec<_> = pairs.iter().map(|(n, _)| (n.clone(), String::new())).collect();
                if !matches!(kind, Kind::Bool) {
                    assert_eq!(ui::form::read_field(&f, &blank), Some(serde_json::Value::Null), "{}", kind.key());
                }
            }
        });
    }
}

#[test]
fn every_kind_has_comparisons_or_presence() {
    for kind in Kind::samples() {
        assert!(!ui::filter::operators(&kind).is_empty(), "{}", kind.key());
    }
}
