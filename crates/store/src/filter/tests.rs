use super::*;
use kernel::jiff::tz::TimeZone;
use kernel::uuid::Uuid;
use kernel::{Field, label};

fn registry() -> Registry {
    let l = || label("اسم", "Name");
    let mut r = Registry::new();
    r.add_object(Object::new("user", "base", l(), l()).field(Field::new("name", Kind::Name, l())));
    r.add_object(
        Object::new("party", "base", l(), l())
            .field(Field::new("name", Kind::Name, l()))
            .field(Field::new("owner", Kind::to("user"), l()))
            .field(Field::new("address", Kind::Address, l())),
    );
    r.add_object(
        Object::new("order", "commerce", l(), l())
            .title("code")
            .field(Field::new("code", Kind::code(), l()))
            .field(Field::new("note", Kind::LongText, l()))
            .field(Field::new("party", Kind::to("party"), l()).reverse("orders", l()))
            .field(Field::new("at", Kind::DateTime, l()))
            .field(Field::new("due", Kind::Date, l()))
            .field(Field::new("total", Kind::Money, l()))
            .field(Field::new("weight", Kind::Decimal { scale: 2 }, l()))
            .field(Field::new("open", Kind::Bool, l())),
    );
    r
}

fn env() -> Env {
    Env::new("2026-01-31T22:00:00Z".parse().unwrap(), TimeZone::get("Asia/Riyadh").unwrap(), Some(Uuid::from_u128(7)))
}

fn sql_of(dialect: Dialect, text: &str) -> Outcome<Sql> {
    let r = registry();
    let mut sql = Sql::new(dialect);
    compile(&r, r.find("order").unwrap(), "t", &Expr::parse(text)?, &env(), &mut sql)?;
    Ok(sql)
}

#[test]
fn conditions_as_indexes_like_them() {
    for (text, want) in [
        ("code == 'SO-1'", r#"t."code" = ?"#),
        ("code == null", r#"t."code" IS NULL"#),
        ("code != 'x'", r#"t."code" IS DISTINCT FROM ?"#),
        ("open", r#"t."open" = 1"#),
        ("!open", r#"NOT coalesce((t."open" = 1), false)"#),
        ("due >= today() - days(30)", r#"t."due" >= ?"#),
        ("at == '2026-01-31'", r#"(t."at" >= ? AND t."at" < ?)"#),
        ("total > money(500, 'SAR')", r#"(t."total" > ? AND t."total_cur" = ?)"#),
        ("weight > 1.5", r#"t."weight" > ?"#),
        ("code in ['a', 'b']", r#"t."code" IN (?, ?)"#),
        ("true", "(1=1)"),
        ("code in []", "(1=0)"),
        ("starts_with(note, 'أحمد')", r#"(t."note_fold" >= ? AND t."note_fold" < ?)"#),
        ("contains(note, 'x')", r#"instr(t."note_fold", ?) > 0"#),
        ("party.owner == me()", r#"EXISTS (SELECT 1 FROM "party" f1 WHERE f1."id" = t."party" AND f1."owner" = ?)"#),
        ("party.owner != me()", r#"(SELECT f1."owner" FROM "party" f1 WHERE f1."id" = t."party") IS DISTINCT FROM ?"#),
        (
            "party.owner.name.ar == 'x'",
            r#"EXISTS (SELECT 1 FROM "party" f1 JOIN "user" f2 ON f2."id" = f1."owner" WHERE f1."id" = t."party" AND nullif(f2."name", '') = ?)"#,
        ),
    ] {
        assert_eq!(sql_of(Dialect::Sqlite, text).unwrap().text(), want, "{text}");
    }
    let pg = sql_of(Dialect::Postgres, "contains(note, '50%') && code == 'x'").unwrap();
    assert_eq!(pg.text(), r#"(t."note_fold" LIKE $1 ESCAPE '\' AND t."code" = $2)"#);
    let today = sql_of(Dialect::Sqlite, "due == today()").unwrap();
    assert_eq!(today.args(), [Cell::from("2026-02-01")]);
    let weight = sql_of(Dialect::Sqlite, "weight > 1.5").unwrap();
    assert_eq!(weight.args(), [Cell::Int(150)]);
}

#[test]
fn what_people_write_is_bound_never_spliced() {
    let attack = "'; DROP TABLE \"order\"; --";
    for text in
        ["code == {}", "contains(note, {})", "starts_with(code, {})", "code in [{}, 'x']", "coalesce(code, {}) == {}"]
    {
        let text = text.replace("{}", &format!("\"{}\"", attack.replace('"', "\\\"")));
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            let sql = sql_of(dialect, &text).unwrap();
            assert!(!sql.text().to_lowercase().contains("drop"), "{}", sql.text());
        }
    }
    assert_eq!(sql_of(Dialect::Sqlite, "code\"; == 1").unwrap_err().issues[0].key, "expr-unclosed-text");
    assert_eq!(sql_of(Dialect::Sqlite, "nothing == 1").unwrap_err().issues[0].key, "expr-unknown-field");
}

#[test]
fn what_only_memory_computes_is_refused() {
    for text in [
        "concat(code, 'x') == 'yx'",
        "weight / 3 > 1",
        "year(at) == 2026",
        "date(at) == due",
        "at > due",
        "contains(coalesce(note, 'a'), 'b')",
        "contains(note, code)",
    ] {
        assert_eq!(sql_of(Dialect::Sqlite, text).unwrap_err().issues[0].key, "expr-not-in-filter", "{text}");
    }
}

#[test]
fn other_records_stay_within_reach() {
    let r = registry();
    let mut sql = Sql::new(Dialect::Sqlite);
    let reach = |o: &Object| {
        Ok(match o.key.as_str() {
            "party" => Some(Expr::parse("owner == me()")?),
            _ => None,
        })
    };
    let expr = Expr::parse("party.name == 'x' && party.address.city != 'y'").unwrap();
    compile_within(&r, r.find("order").unwrap(), "t", &expr, &env(), &reach, &mut sql).unwrap();
    assert_eq!(sql.text().matches(r#"."owner" = ?"#).count(), 2, "{}", sql.text());
    let mut sql = Sql::new(Dialect::Sqlite);
    let reach = |o: &Object| Ok((o.key == "order").then(Expr::never));
    let expr = Expr::parse("exists(orders)").unwrap();
    compile_within(&r, r.find("party").unwrap(), "t", &expr, &env(), &reach, &mut sql).unwrap();
    assert!(sql.text().ends_with(" AND (1=0))"), "{}", sql.text());
}

#[test]
fn prefixes_end_where_their_successor_begins() {
    for (prefix, end) in [
        ("a", Some("b")),
        ("ab", Some("ac")),
        ("\u{D7FF}", Some("\u{E000}")),
        ("a\u{10FFFF}", Some("b")),
        ("\u{10FFFF}", None),
        ("", None),
    ] {
        assert_eq!(successor(prefix).as_deref(), end);
    }
}
