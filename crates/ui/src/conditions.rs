//! The conditions of a list: from the rows of the filter builder to one expression, and from an expression to chips.
//!
//! An address keeps one expression (`q`). Builder rows (`f`, `op`, `v`) are joined to it when they come in, so that
//! saved views, links of charts and conditions typed by hand are all the same thing.

use kernel::expr::{Func, Op};
use kernel::parse::{self, Ctx};
use kernel::{Expr, Fault, Field, Issue, Kind, Object, Outcome, Registry, Value};
use std::collections::{BTreeMap, BTreeSet};
use crate::cx::ViewCx;
use uuid::Uuid;

/// One row of the builder: field, comparison, value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub field: String,
    pub op: String,
    pub value: String,
}

/// The rows in a query string; a row begins with its `f`.
pub fn rows(pairs: &[(String, String)]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (k, v) in pairs {
        match (k.as_str(), rows.last_mut()) {
            ("f", _) => rows.push(Row { field: v.clone(), ..Row::default() }),
            ("op", Some(row)) => row.op.clone_from(v),
            ("v", Some(row)) => row.value.clone_from(v),
            _ => {}
        }
    }
    rows.retain(|r| !r.field.is_empty());
    rows
}

/// The expression of one builder row; none for a row without a value that needs one.
///
/// # Errors
/// Invalid: an unknown field, a value that does not fit its kind.
pub fn condition(object: &Object, row: &Row, ctx: &Ctx) -> Outcome<Option<Expr>> {
    let field = object
        .get(&row.field)
        .ok_or_else(|| Fault::issue(Issue::new("filter", "expr-unknown-field").arg("name", &row.field)))?;
    let path = Expr::path(&field.key);
    let call = |name: &str, args: Vec<Expr>| Expr::Call(name.to_owned(), args);
    let typed = row.value.trim();
    match row.op.as_str() {
        "filled" => return Ok(Some(!call("is_blank", vec![path]))),
        "blank" => return Ok(Some(call("is_blank", vec![path]))),
        "true" => return Ok(Some(path.eq(Expr::lit(true)))),
        "false" => return Ok(Some(path.eq(Expr::lit(false)))),
        _ if typed.is_empty() => return Ok(None),
        _ => {}
    }
    let prose = matches!(field.kind.stored(), Kind::Text { .. } | Kind::Code { .. } | Kind::LongText | Kind::RichText | Kind::Email | Kind::Phone | Kind::Url | Kind::Name | Kind::Sequence { .. });
    if matches!(field.kind.stored(), Kind::Address) {
        let name = if row.op == "starts" { "starts_with" } else { "contains" };
        let parts = ["city", "district", "street", "region", "postcode"];
        let any = parts.iter().map(|p| call(name, vec![Expr::path(&format!("{}.{p}", field.key)), Expr::lit(typed)]));
        let any = any.reduce(Expr::or).unwrap_or_else(Expr::never);
        return Ok(Some(if row.op == "ne" { !any } else { any }));
    }
    Ok(Some(match row.op.as_str() {
        "contains" if prose => call("contains", vec![path, Expr::lit(typed)]),
        "starts" if prose => call("starts_with", vec![path, Expr::lit(typed)]),
        "eq" | "ne" if matches!(field.kind.stored(), Kind::Name) => {
            let part = |p: &str| Expr::path(&format!("{}.{p}", field.key)).eq(Expr::lit(typed));
            let either = part("ar").or(part("latin"));
            if row.op == "ne" { !either } else { either }
        }
        "has" => call("has", vec![path, literal(field, typed, ctx)?]),
        other => {
            let op = match other {
                "ne" => Op::Ne,
                "ge" => Op::Ge,
                "le" => Op::Le,
                "gt" => Op::Gt,
                "lt" => Op::Lt,
                _ => Op::Eq,
            };
            path.cmp(op, literal(field, typed, ctx)?)
        }
    }))
}

/// What was typed as a literal of the field's kind. `me` stands for the reader where people are meant.
fn literal(field: &Field, typed: &str, ctx: &Ctx) -> Outcome<Expr> {
    let kind = field.kind.stored();
    if kind.target() == Some("user") && typed == "me" {
        return Ok(Expr::Call("me".into(), Vec::new()));
    }
    let wanted = match kind {
        // An amount is compared in whatever currency the row has, unless one is named.
        Kind::Money if !typed.chars().any(char::is_alphabetic) => &Kind::Decimal { scale: 4 },
        Kind::DateTime => &Kind::Date,
        Kind::Refs { object } => &Kind::Ref { object: object.clone() },
        Kind::MultiChoice { options } => &Kind::Choice { options: options.clone() },
        Kind::Integer | Kind::Decimal { .. } | Kind::Percent => &Kind::Decimal { scale: 4 },
        other => other,
    };
    let value = parse::from_text(wanted, typed, ctx).map_err(|i| Fault::issue(Issue { field: field.key.clone(), ..i }))?;
    Ok(Expr::lit(match value {
        Value::Decimal(d) if d.fract().is_zero() => d.normalize().to_string().parse::<i64>().map_or(Value::Decimal(d), Value::Int),
        Value::Decimal(d) => Value::Decimal(d.normalize()),
        v => v,
    }))
}

/// The parts that must all hold.
pub fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Bin(Op::And, a, b) => {
            let mut all = conjuncts(a);
            all.extend(conjuncts(b));
            all
        }
        e if *e == Expr::always() => Vec::new(),
        e => vec![e],
    }
}

/// All but the part at `skip`, joined again as text; empty when nothing is left.
pub fn without(parts: &[&Expr], skip: usize) -> String {
    let rest = parts.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, e)| (*e).clone());
    rest.reduce(Expr::and).map(|e| e.to_string()).unwrap_or_default()
}

/// The field a path ends at, and the names on the way.
fn resolve<'a>(registry: &'a Registry, object: &'a Object, path: &[String]) -> Option<(Vec<&'a Field>, Option<String>)> {
    let mut at = object;
    let mut fields = Vec::new();
    let mut rest = path.iter();
    while let Some(name) = rest.next() {
        let Some(field) = at.get(name) else {
            return (!fields.is_empty()).then(|| (fields, Some(name.clone())));
        };
        fields.push(field);
        match field.kind.target().and_then(|t| registry.find(t)) {
            Some(next) => at = next,
            None => return Some((fields, rest.next().cloned())),
        }
    }
    Some((fields, None))
}

/// The records named by id in an expression, for their titles: object → ids.
pub fn named_records(registry: &Registry, object: &Object, expr: &Expr) -> BTreeMap<String, BTreeSet<Uuid>> {
    let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for part in conjuncts(expr) {
        let (path, id) = match part {
            Expr::Bin(_, l, r) => match (l.as_ref(), r.as_ref()) {
                (Expr::Path(p), Expr::Lit(Value::Id(id))) => (p, *id),
                _ => continue,
            },
            Expr::Call(_, args) => match args.as_slice() {
                [Expr::Path(p), Expr::Lit(Value::Id(id))] => (p, *id),
                _ => continue,
            },
            _ => continue,
        };
        if let Some((fields, None)) = resolve(registry, object, path)
            && let Some(target) = fields.last().and_then(|f| f.kind.target())
        {
            wanted.entry(target.to_owned()).or_default().insert(id);
        }
    }
    wanted
}

/// A condition as its reader says it: field, comparison, value. What has no words is shown as it is written.
pub fn words(registry: &Registry, object: &Object, expr: &Expr, cx: &ViewCx<'_>) -> (String, String, String) {
    said(registry, object, expr, cx).unwrap_or_else(|| (String::new(), String::new(), expr.to_string()))
}

fn said(registry: &Registry, object: &Object, expr: &Expr, cx: &ViewCx<'_>) -> Option<(String, String, String)> {
    let named = |path: &[String]| {
        let (fields, part) = resolve(registry, object, path)?;
        let mut labels: Vec<&str> = fields.iter().map(|f| cx.label(&f.label)).collect();
        let part = part.map(|p| part_word(&p, cx));
        labels.extend(part.as_deref());
        Some((labels.join(" › "), fields.last().copied()?))
    };
    Some(match expr {
        Expr::Bin(op, l, r) if op.compares() => {
            let Expr::Path(path) = l.as_ref() else { return None };
            let (label, field) = named(path)?;
            if let Expr::Lit(Value::Bool(yes)) = r.as_ref() {
                let yes = *yes == (*op == Op::Eq);
                return Some((label, String::new(), cx.t(if yes { "ui-yes" } else { "ui-no" })));
            }
            if let Expr::Lit(Value::Null) = r.as_ref() {
                return Some((label, cx.t(if *op == Op::Eq { "ui-op-blank" } else { "ui-op-filled" }), String::new()));
            }
            (label, comparison(*op, &field.kind, cx), operand(field, r, cx)?)
        }
        Expr::In(l, items) => {
            let Expr::Path(path) = l.as_ref() else { return None };
            let (label, field) = named(path)?;
            let items: Option<Vec<String>> = items.iter().map(|i| operand(field, i, cx)).collect();
            (label, cx.t("web-op-in"), items?.join(cx.locale.pick("، ", ", ")))
        }
        Expr::Call(name, args) => {
            let func = Func::find(name)?;
            let Some(Expr::Path(path)) = args.first() else { return None };
            let (label, field) = named(path)?;
            match func {
                Func::IsBlank => (label, cx.t("ui-op-blank"), String::new()),
                Func::Contains => (label, cx.t("ui-op-contains"), operand(field, args.get(1)?, cx)?),
                Func::StartsWith => (label, cx.t("ui-op-starts"), operand(field, args.get(1)?, cx)?),
                Func::Has => (label, cx.t("ui-op-has"), operand(field, args.get(1)?, cx)?),
                _ => return None,
            }
        }
        Expr::Not(inner) => match inner.as_ref() {
            Expr::Call(name, args) if name == "is_blank" => {
                let Some(Expr::Path(path)) = args.first() else { return None };
                (named(path)?.0, cx.t("ui-op-filled"), String::new())
            }
            Expr::Path(path) => (named(path)?.0, String::new(), cx.t("ui-no")),
            _ => return None,
        },
        Expr::Path(path) => (named(path)?.0, String::new(), cx.t("ui-yes")),
        // «The address contains …» asks each part of it, a name both scripts.
        Expr::Bin(Op::Or, ..) => {
            let mut all = alternatives(expr).into_iter().map(|e| {
                let path = match e {
                    Expr::Call(_, args) => args.first(),
                    Expr::Bin(_, l, _) => Some(l.as_ref()),
                    _ => None,
                };
                let Some(Expr::Path(path)) = path else { return None };
                let (_, op, value) = said(registry, object, e, cx)?;
                let (label, field) = named(path.get(..1)?)?;
                matches!(field.kind.stored(), Kind::Address | Kind::Name).then_some((label, op, value))
            });
            let first = all.next()??;
            return all.all(|other| other.as_ref() == Some(&first)).then_some(first);
        }
        _ => return None,
    })
}

fn alternatives(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Bin(Op::Or, a, b) => {
            let mut all = alternatives(a);
            all.extend(alternatives(b));
            all
        }
        e => vec![e],
    }
}

fn part_word(part: &str, cx: &ViewCx<'_>) -> String {
    match part {
        "ar" => cx.t("ui-name-ar"),
        "latin" => cx.t("ui-name-latin"),
        "currency" => cx.t("ui-currency"),
        "city" => cx.t("ui-city"),
        "district" => cx.t("ui-district"),
        "street" => cx.t("ui-street"),
        "region" => cx.t("ui-region"),
        "postcode" => cx.t("ui-postcode"),
        "country" => cx.t("ui-country"),
        other => other.to_owned(),
    }
}

fn comparison(op: Op, kind: &Kind, cx: &ViewCx<'_>) -> String {
    let time = matches!(kind.stored(), Kind::Date | Kind::DateTime);
    let number = crate::cell::is_number(kind);
    cx.t(match op {
        Op::Eq if time => "ui-op-on",
        Op::Eq if number => "ui-op-eq",
        Op::Ne if number => "ui-op-ne",
        Op::Eq => "ui-op-is",
        Op::Ne => "ui-op-is-not",
        Op::Ge if time => "ui-op-from",
        Op::Le if time => "ui-op-until",
        Op::Ge => "ui-op-ge",
        Op::Le => "ui-op-le",
        Op::Gt => "web-op-gt",
        _ => "web-op-lt",
    })
}

/// The right side in the reader's words.
fn operand(field: &Field, expr: &Expr, cx: &ViewCx<'_>) -> Option<String> {
    match expr {
        Expr::Lit(Value::Id(id)) => {
            let title = cx.title_of(*id);
            Some(if title.is_empty() { "…".to_owned() } else { title.to_owned() })
        }
        Expr::Lit(value) => Some(crate::cell::plain(&shape(field, value), value, cx)),
        Expr::Neg(e) => Some(format!("-{}", operand(field, e, cx)?)),
        Expr::Call(name, args) if args.is_empty() => match name.as_str() {
            "me" => Some(cx.t("web-me")),
            "today" => Some(cx.t("ui-today")),
            _ => None,
        },
        other => Some(other.to_string()),
    }
}

/// The kind that shows a literal as it is: a bare number beside an amount is no amount.
fn shape(field: &Field, value: &Value) -> Kind {
    match (field.kind.stored(), value) {
        (Kind::MultiChoice { options }, Value::Text(_)) => Kind::Choice { options: options.clone() },
        (Kind::DateTime, Value::Date(_)) => Kind::Date,
        (Kind::Money | Kind::Percent | Kind::Duration | Kind::Decimal { .. }, Value::Int(_)) => Kind::Integer,
        (_, Value::Decimal(d)) => Kind::Decimal { scale: u8::try_from(d.scale()).unwrap_or(2) },
        (kind, _) => kind.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::label;

    fn order() -> Object {
        Object::new("order", "commerce", label("طلب", "Order"), label("الطلبات", "Orders"))
            .title("number")
            .field(Field::new("number", Kind::code(), label("الرقم", "Number")))
            .field(Field::new("total", Kind::Money, label("الإجمالي", "Total")))
            .field(Field::new("ordered_at", Kind::DateTime, label("التاريخ", "Date")))
            .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")))
    }
    fn expr(field: &str, op: &str, value: &str) -> String {
        let row = Row { field: field.into(), op: op.into(), value: value.into() };
        condition(&order(), &row, &Ctx::default()).unwrap().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn builder_rows_become_expressions() {
        assert_eq!(expr("number", "contains", " 12 "), "contains(number, \"12\")");
        assert_eq!(expr("total", "ge", "١٬٢٥٠٫٥"), "total >= 1250.5");
        assert_eq!(expr("total", "ge", "1250"), "total >= 1250");
        assert_eq!(expr("total", "eq", "5 SAR"), "total == money(5.00, \"SAR\")");
        assert_eq!(expr("ordered_at", "le", "2026-01-31"), "ordered_at <= date(\"2026-01-31\")");
        assert_eq!(expr("owner", "eq", "me"), "owner == me()");
        assert_eq!(expr("number", "blank", ""), "is_blank(number)");
        assert_eq!(expr("number", "eq", "  "), "");
        assert_eq!(expr("number", "eq", "x\" || true || \"y"), "number == \"x\\\" || true || \\\"y\"");
    }

    #[test]
    fn rows_are_read_in_order() {
        let pairs = [("f", "number"), ("op", "filled"), ("f", "total"), ("op", "ge"), ("v", "5"), ("f", ""), ("op", "eq"), ("v", "")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let got = rows(&pairs);
        assert_eq!(got.len(), 2);
        assert_eq!((got[0].value.as_str(), got[1].field.as_str(), got[1].value.as_str()), ("", "total", "5"));
    }

    #[test]
    fn parts_can_be_dropped() {
        let e = Expr::parse("total > 5 && (number == \"1\" || number == \"2\") && owner == me()").unwrap();
        let parts = conjuncts(&e);
        assert_eq!(parts.len(), 3);
        assert_eq!(without(&parts, 0), "(number == \"1\" || number == \"2\") && owner == me()");
        assert_eq!(without(&parts[..1], 0), "");
    }
}
