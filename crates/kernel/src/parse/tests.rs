use super::*;
use crate::value::FileRef;
use proptest::prelude::*;
use serde_json::json;

fn kind(key: &str) -> Kind {
    Kind::samples().into_iter().find(|k| k.key() == key).unwrap()
}

fn read(key: &str, text: &str) -> Result<Value, String> {
    from_text(&kind(key), text, &Ctx::default()).map_err(complaint)
}

fn complaint(i: Issue) -> String {
    let args: Vec<String> = i.args.iter().map(|(k, v)| format!(" {k}={v}")).collect();
    format!("{}{}", i.key, args.concat())
}

#[test]
fn typed_text() {
    let dec = |n, s| Value::Decimal(Decimal::new(n, s));
    let name = |ar: &str, latin: &str| Value::Name(Name::new(ar, latin));
    let date = |y, m, d| Value::Date(jiff::civil::date(y, m, d));
    let instant = |t: &str| Value::DateTime(t.parse().unwrap());
    for (key, text, want) in [
        ("text", "  أحمد\tسالم\n", Value::from("أحمد سالم")),
        ("text", " \u{0} ", Value::Null),
        ("code", " ٨٥١٢٣A ", "85123A".into()),
        ("long_text", "a\r\nb\u{0}\u{7}", "a\nb".into()),
        ("integer", "١٬٢٣٤", 1234.into()),
        ("integer", "-9223372036854775808", i64::MIN.into()),
        ("decimal", "12.5", dec(12500, 3)),
        ("percent", "12.5%", dec(1250, 2)),
        ("percent", "٪١٥", dec(1500, 2)),
        ("money", "1,234.50", Money::new(123_450, "SAR").into()),
        ("money", "1.234 KWD", Money::new(1234, "KWD").into()),
        ("money", "KWD 1.234", Money::new(1234, "KWD").into()),
        ("money", "$5", Money::new(500, "USD").into()),
        ("money", "١٢ ر.س", Money::new(1200, "SAR").into()),
        ("bool", "نعم", true.into()),
        ("bool", "No", false.into()),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("date", "31/1/2026", date(2026, 1, 31)),
        ("date", "1/31/2026", date(2026, 1, 31)),
        ("date", "٣١/٠١/٢٠٢٦", date(2026, 1, 31)),
        ("date", "2026-01-31T00:00:00", date(2026, 1, 31)),
        ("date_time", "2026-01-31T10:00:00+03:00", instant("2026-01-31T07:00:00Z")),
        ("date_time", "1/12/2009 7:45", instant("2009-12-01T07:45:00Z")),
        ("date_time", "2026-01-31 7:45 م", instant("2026-01-31T19:45:00Z")),
        ("date_time", "2026-01-31", instant("2026-01-31T00:00:00Z")),
        ("duration", "1:30", Value::Duration(5400)),
        ("duration", "1h 30m", Value::Duration(5400)),
        ("duration", "2 ساعة 5 د", Value::Duration(7500)),
        ("duration", "-0:00:05", Value::Duration(-5)),
        ("duration", "90", Value::Duration(90)),
        ("choice", "DONE", "done".into()),
        ("choice", "منجز", "done".into()),
        ("choice", "new", "new".into()),
        ("multi_choice", "جديد، done, new", Value::List(vec!["new".into(), "done".into()])),
        ("multi_choice", ",", Value::Null),
        ("email", " Sales@Example.COM ", "sales@example.com".into()),
        ("phone", "٠٥٠ ١٢٣ ٤٥٦٧", "+966501234567".into()),
        ("url", "example.com/x", "https://example.com/x".into()),
        ("url", "HTTP://example.com", "http://example.com".into()),
        ("url", "mailto:a@b.co", "mailto:a@b.co".into()),
        ("name", "شركة النور | Al Noor", name("شركة النور", "Al Noor")),
        ("name", "شركة النور", name("شركة النور", "")),
        ("name", "Al Noor", name("", "Al Noor")),
        ("name", "|", Value::Null),
        ("json", "{\"a\": [1]}", Value::Json(json!({"a": [1]}))),
        ("formula", "5", 5.into()),
    ] {
        assert_eq!(read(key, text), Ok(want), "{key} {text}");
    }
}

#[test]
fn typed_text_that_does_not_fit() {
    let long = "س".repeat(201);
    for (key, text, want) in [
        ("text", long.as_str(), "value-too-long max=200 length=201"),
        ("integer", "9223372036854775808", "value-too-large"),
        ("integer", "12.5", "value-not-whole"),
        ("integer", "x", "value-not-number"),
        ("decimal", "1.2345", "value-too-precise scale=3"),
        ("decimal", "99999999999999999999", "value-too-large"),
        ("money", "1.234", "value-too-precise scale=2"),
        ("money", "12 تفاحة", "value-not-number"),
        ("bool", "maybe", "value-not-bool"),
        ("date", "31/31/2026", "value-not-date"),
        ("date", "2026-02-30", "value-not-date"),
        ("date", "2026-01-31T10:00:00", "value-not-date"),
        ("date_time", "yesterday", "value-not-date-time"),
        ("duration", "1:75", "value-not-duration"),
        ("duration", "5 apples", "value-not-duration"),
        ("duration", "99999999999999999999h", "value-not-duration"),
        ("choice", "other", "value-unknown-choice found=other choices=new, done"),
        ("ref", "party-1", "value-not-id"),
        ("email", "a@b", "value-not-email"),
        ("phone", "12", "value-not-phone"),
        ("url", "javascript:alert(1)", "value-not-url"),
        ("url", "http://", "value-not-url"),
        ("url", "data:text/html,x", "value-not-url"),
        ("url", "just words", "value-not-url"),
        ("json", "{", "value-not-json"),
        ("file", "photo.png", "value-wrong-type type=file"),
    ] {
        assert_eq!(read(key, text), Err(want.to_owned()), "{key} {text}");
    }
}

#[test]
fn json_input() {
    let ctx = Ctx::default();
    let file = json!({"id": Uuid::from_u128(1), "name": "a.pdf", "media": "application/pdf", "size": 3});
    for (key, input, want) in [
        ("text", json!("x"), Ok(Value::from("x"))),
        ("text", json!("  "), Ok(Value::Null)),
        ("text", json!(5), Err("value-wrong-type type=text")),
        ("text", json!({"a": 1}), Err("value-wrong-type type=text")),
        ("integer", json!(5), Ok(5.into())),
        ("integer", json!(5.0), Ok(5.into())),
        ("integer", json!(5.5), Err("value-not-whole")),
        ("integer", json!(1e30), Err("value-too-large")),
        ("integer", json!(18_446_744_073_709_551_615_u64), Err("value-too-large")),
        ("integer", json!(true), Err("value-wrong-type type=integer")),
        ("decimal", json!(1.125), Ok(Value::Decimal(Decimal::new(1125, 3)))),
        ("decimal", json!("1.125"), Ok(Value::Decimal(Decimal::new(1125, 3)))),
        ("decimal", json!(1.1255), Err("value-too-precise scale=3")),
        ("money", json!({"amount": "12.5", "currency": "USD"}), Ok(Money::new(1250, "USD").into())),
        ("money", json!({"amount": 12.5}), Ok(Money::new(1250, "SAR").into())),
        ("money", json!(12.5), Ok(Money::new(1250, "SAR").into())),
        ("money", json!({"amount": "1", "currency": "riyal"}), Err("value-unknown-currency")),
        ("money", json!({"amount": "0.001", "currency": "USD"}), Err("value-too-precise scale=2")),
        ("money", json!({"currency": "USD"}), Err("value-wrong-type type=money")),
        ("bool", json!("yes"), Err("value-wrong-type type=bool")),
        ("date", json!("31/1/2026"), Err("value-not-date")),
        ("choice", json!("other"), Err("value-unknown-choice found=other choices=new, done")),
        ("multi_choice", json!(["new", "new"]), Ok(Value::List(vec!["new".into()]))),
        ("multi_choice", json!([1]), Err("value-wrong-type type=multi_choice")),
        ("multi_choice", json!([]), Ok(Value::Null)),
        ("refs", json!([Uuid::from_u128(1)]), Ok(Value::Ids(vec![Uuid::from_u128(1)]))),
        ("name", json!({"ar": "س"}), Ok(Name::new("س", "").into())),
        ("name", json!({"ar": 5}), Err("value-wrong-type type=name")),
        (
            "address",
            json!({"city": "جدة", "country": "sa"}),
            Ok(Address { city: "جدة".into(), country: "SA".into(), ..Address::default() }.into()),
        ),
        ("image", file, Err("value-not-image")),
        ("json", json!(null), Ok(Value::Null)),
    ] {
        let got = from_json(&kind(key), &input, &ctx).map_err(complaint);
        assert_eq!(got, want.map_err(str::to_owned), "{key} {input}");
    }
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!([deep]);
    }
    assert_eq!(from_json(&Kind::Json, &deep, &ctx).unwrap_err().key, "value-too-deep");
}

#[test]
fn words_of_html() {
    for (html, want) in [
        ("<p>Hello <b>Wor</b>ld</p><p>x</p>", "Hello World x"),
        ("<script>alert(1)</script>a<style>b{}</style>c", "a c"),
        ("3 < 5 &amp;&nbsp;6 > 2", "3 < 5 & 6 > 2"),
        ("a<br>b", "a b"),
        ("<p", "<p"),
    ] {
        assert_eq!(strip_tags(html), want, "{html}");
    }
}

#[test]
fn every_kind_has_a_schema_and_its_nulls() {
    for kind in Kind::samples() {
        assert!(json_schema(&kind).is_object(), "{}", kind.key());
        assert_eq!(from_text(&kind, " ", &Ctx::default()).map_err(complaint), Ok(Value::Null), "{}", kind.key());
        assert_eq!(from_json(&kind, &json!(null), &Ctx::default()).map_err(complaint), Ok(Value::Null));
    }
}

#[test]
fn results_of_expressions_fit_their_field() {
    let d = |n, s| Value::Decimal(Decimal::new(n, s));
    assert_eq!(fit(&Kind::Decimal { scale: 2 }, d(12_345, 3)), d(1235, 2));
    assert_eq!(fit(&Kind::Decimal { scale: 2 }, 3.into()), d(300, 2));
    assert_eq!(fit(&Kind::Integer, d(25, 1)), 3.into());
    assert_eq!(fit(&Kind::Date, "2026-01-31".into()), jiff::civil::date(2026, 1, 31).into());
    assert_eq!(fit(&Kind::to("user"), Uuid::nil().into()), Value::Null);
}

/// A value of the kind as it is after reading: trimmed, within limits.
fn values(kind: &Kind) -> BoxedStrategy<Value> {
    let words =
        "[\\p{Arabic}a-zA-Z0-9|\\\\;{}\"'.-]([\\p{Arabic}a-zA-Z0-9 |\\\\;,{}\"'.-]{0,20}[\\p{Arabic}a-z;|\\\\])?";
    let part = || prop_oneof![Just(String::new()), words.prop_filter("no marks", |t| line(t) == *t)];
    let day = || (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d));
    let keys = kind.options().iter().map(|o| o.key.clone()).collect::<Vec<_>>();
    let scale = kind.scale();
    match kind.stored() {
        Kind::Text { .. } => words.prop_map(|t| Value::Text(line(&t))).boxed(),
        Kind::Code { .. } | Kind::Sequence { .. } => "[A-Z0-9-]{1,12}".prop_map(Value::Text).boxed(),
        Kind::LongText | Kind::RichText => {
            (words, words).prop_map(|(a, b)| Value::Text(lines(&format!("{a}\n{b}")))).boxed()
        }
        Kind::Integer => any::<i64>().prop_map(Value::Int).boxed(),
        Kind::Decimal { .. } | Kind::Percent => {
            any::<i64>().prop_map(move |n| Value::Decimal(Decimal::new(n, scale))).boxed()
        }
        Kind::Money => (any::<i64>(), "[A-Z]{3}").prop_map(|(n, c)| Money::new(n, c).into()).boxed(),
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Date => day().prop_map(Value::Date).boxed(),
        Kind::DateTime => (-60_000_000_000_000_000_i64..250_000_000_000_000_000)
            .prop_map(|n| Value::DateTime(jiff::Timestamp::from_microsecond(n).unwrap()))
            .boxed(),
        Kind::Duration => (-10_000_000_i64..10_000_000).prop_map(Value::Duration).boxed(),
        Kind::Choice { .. } => prop::sample::select(keys).prop_map(Value::Text).boxed(),
        Kind::MultiChoice { .. } => prop::sample::subsequence(keys, 1..=2).prop_map(Value::List).boxed(),
        Kind::Ref { .. } => any::<u128>().prop_map(|n| Value::Id(Uuid::from_u128(n))).boxed(),
        Kind::Refs { .. } => prop::collection::btree_set(any::<u128>(), 1..4)
            .prop_map(|s| Value::Ids(s.into_iter().map(Uuid::from_u128).collect()))
            .boxed(),
        Kind::Email => "[a-z]{1,8}@[a-z]{1,8}\\.(com|sa)".prop_map(Value::Text).boxed(),
        Kind::Phone => "\\+9665[0-9]{8}".prop_map(Value::Text).boxed(),
        Kind::Url => "https://[a-z]{1,9}\\.com/[a-z0-9?=&:]{0,9}".prop_map(Value::Text).boxed(),
        Kind::Address => (part(), part(), part())
            .prop_map(|(street, city, region)| Address { street, city, region, ..Address::default() })
            .prop_filter("filled", |a| !a.is_empty())
            .prop_map(Value::from)
            .boxed(),
        Kind::Name => (part(), part())
            .prop_map(|(ar, latin)| Name { ar, latin })
            .prop_filter("filled", |n| !n.is_empty())
            .prop_map(Value::from)
            .boxed(),
        Kind::File | Kind::Image => (any::<u128>(), "[\\p{Arabic}a-z \"]{1,9}", 0_i64..i64::MAX)
            .prop_map(|(id, name, size)| {
                let id = Uuid::from_u128(id);
                Value::File(Box::new(FileRef { id, name, media: "image/png".into(), size }))
            })
            .boxed(),
        Kind::Json => (words, any::<i64>()).prop_map(|(t, n)| Value::Json(json!({"t": t, "n": [n, null]}))).boxed(),
        Kind::Formula { .. } | Kind::Rollup { .. } => unreachable!(),
    }
}

proptest! {
    #[test]
    fn canonical_text_and_json_read_back((kind, value) in prop::sample::select(Kind::samples())
        .prop_flat_map(|k| values(&k).prop_map(move |v| (k.clone(), v))))
    {
        let ctx = Ctx::default();
        let text = to_text(&kind, &value);
        prop_assert_eq!(from_text(&kind, &text, &ctx).map_err(complaint), Ok(value.clone()), "{}: {}", kind.key(), text);
        let json = value.to_json();
        prop_assert_eq!(from_json(&kind, &json, &ctx).map_err(complaint), Ok(value.clone()), "{}: {}", kind.key(), json);
        prop_assert_eq!(kind.decode(&kind.encode(&value)), value);
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,40}", kind in prop::sample::select(Kind::samples())) {
        let _ = from_text(&kind, &text, &Ctx::default());
        let _ = from_json(&kind, &json!(text), &Ctx::default());
        let _ = strip_tags(&text);
    }
}
