//! Values as the API sends them: the shapes of [`Value::to_json`], and text where it is unambiguous.

use super::{
    Ctx, MAX_JSON, MAX_JSON_DEPTH, MAX_LIST, MAX_PART, address, choices, from_text, ids, issue, moment, name,
    wrong_type,
};
use crate::fault::Issue;
use crate::kind::Kind;
use crate::value::{Address, FileRef, Money, Name, Value};
use rust_decimal::Decimal;
use serde_json::Value as Json;

/// Reads a JSON value of the kind; `null` and blank text are null. Stricter than [`from_text`]: a number is no
/// text, `"yes"` is no boolean, dates are ISO 8601.
///
/// # Errors
/// One `value-…` issue; its `field` is empty, the caller knows it.
pub fn from_json(kind: &Kind, json: &Json, ctx: &Ctx) -> Result<Value, Issue> {
    let stored = kind.stored();
    match (stored, json) {
        (Kind::Json, Json::Null) | (_, Json::Null) => Ok(Value::Null),
        (Kind::Json, j) => any(j.clone()),
        (_, Json::String(t)) if t.trim().is_empty() => Ok(Value::Null),
        (
            Kind::Text { .. }
            | Kind::Code { .. }
            | Kind::LongText
            | Kind::RichText
            | Kind::Email
            | Kind::Phone
            | Kind::Url
            | Kind::Ref { .. }
            | Kind::Integer
            | Kind::Decimal { .. }
            | Kind::Percent
            | Kind::Money
            | Kind::Address
            | Kind::Name
            | Kind::Sequence { .. }
            | Kind::DateTime
            | Kind::Choice { .. },
            Json::String(t),
        ) => from_text(stored, t, ctx),
        (Kind::Date, Json::String(t)) => {
            moment::iso_date(t.trim()).map(Value::Date).ok_or_else(|| issue("value-not-date"))
        }
        (Kind::Bool, Json::Bool(b)) => Ok(Value::Bool(*b)),
        (Kind::Integer | Kind::Duration, Json::Number(n)) => {
            let whole = n.as_i64().or_else(|| {
                // 3.0 is whole; 1e30 is not an integer we can hold.
                number(n).filter(|d| d.fract().is_zero()).and_then(|d| i64::try_from(d).ok())
            });
            match (whole, stored) {
                (Some(n), Kind::Duration) => Ok(Value::Duration(n)),
                (Some(n), _) => Ok(Value::Int(n)),
                (None, _) if number(n).is_some_and(|d| !d.fract().is_zero()) => Err(issue("value-not-whole")),
                (None, _) => Err(issue("value-too-large")),
            }
        }
        (k @ (Kind::Decimal { .. } | Kind::Percent), Json::Number(n)) => decimal(n, k.scale()).map(Value::Decimal),
        (Kind::Money, Json::Number(n)) => money(decimal(n, 9)?, &ctx.currency),
        (Kind::Money, Json::Object(map)) => {
            let currency = match map.get("currency") {
                None | Some(Json::Null) => ctx.currency.clone(),
                Some(Json::String(c)) if text::money::is_code(c) => c.clone(),
                Some(_) => return Err(issue("value-unknown-currency")),
            };
            match map.get("amount") {
                Some(Json::Number(n)) => money(decimal(n, 9)?, &currency),
                Some(Json::String(t)) => {
                    let amount: Decimal = t.trim().parse().map_err(|_| issue("value-not-number"))?;
                    money(amount, &currency)
                }
                Some(Json::Null) => Ok(Value::Null),
                _ => Err(wrong_type(kind)),
            }
        }
        (Kind::MultiChoice { .. }, Json::Array(items)) => choices(stored, strings(kind, items)?.into_iter()),
        (Kind::Refs { .. }, Json::Array(items)) => ids(strings(kind, items)?.into_iter()),
        (Kind::Name, Json::Object(_)) => {
            name(serde_json::from_value::<Name>(json.clone()).map_err(|_| wrong_type(kind))?)
        }
        (Kind::Address, Json::Object(_)) => {
            address(serde_json::from_value::<Address>(json.clone()).map_err(|_| wrong_type(kind))?)
        }
        (Kind::File | Kind::Image, j) => file(kind, j),
        _ => Err(wrong_type(kind)),
    }
}

fn number(n: &serde_json::Number) -> Option<Decimal> {
    let text = n.to_string();
    text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())
}

fn decimal(n: &serde_json::Number, scale: u32) -> Result<Decimal, Issue> {
    let exact = number(n).ok_or_else(|| issue("value-too-large"))?.normalize();
    if exact.scale() > scale {
        return Err(issue("value-too-precise").arg("scale", scale));
    }
    let scaled = crate::kind::scaled(exact, scale).ok_or_else(|| issue("value-too-large"))?;
    Ok(Decimal::new(scaled, scale))
}

fn money(amount: Decimal, currency: &str) -> Result<Value, Issue> {
    let exponent = u32::from(text::money::exponent(currency));
    if amount.normalize().scale() > exponent {
        return Err(issue("value-too-precise").arg("scale", exponent));
    }
    let minor = crate::kind::scaled(amount, exponent).ok_or_else(|| issue("value-too-large"))?;
    Ok(Value::Money(Money::new(minor, currency)))
}

fn strings<'a>(kind: &Kind, items: &'a [Json]) -> Result<Vec<&'a str>, Issue> {
    if items.len() > MAX_LIST {
        return Err(issue("value-too-many").arg("max", MAX_LIST));
    }
    items.iter().map(|i| i.as_str().ok_or_else(|| wrong_type(kind))).collect()
}

pub(super) fn file(kind: &Kind, json: &Json) -> Result<Value, Issue> {
    let file: FileRef = serde_json::from_value(json.clone()).map_err(|_| wrong_type(kind))?;
    if file.name.chars().count() > MAX_PART {
        return Err(issue("value-too-long").arg("max", MAX_PART).arg("length", file.name.chars().count()));
    }
    if matches!(kind, Kind::Image) && !file.media.starts_with("image/") {
        return Err(issue("value-not-image"));
    }
    Ok(Value::File(Box::new(file)))
}

pub(super) fn any(json: Json) -> Result<Value, Issue> {
    if json.is_null() {
        return Ok(Value::Null);
    }
    let mut todo = vec![(&json, 1)];
    while let Some((j, depth)) = todo.pop() {
        if depth > MAX_JSON_DEPTH {
            return Err(issue("value-too-deep").arg("max", MAX_JSON_DEPTH));
        }
        match j {
            Json::Array(items) => todo.extend(items.iter().map(|i| (i, depth + 1))),
            Json::Object(map) => todo.extend(map.values().map(|i| (i, depth + 1))),
            // PostgreSQL text cannot hold it.
            Json::String(t) if t.contains('\0') => return Err(issue("value-not-json")),
            _ => {}
        }
    }
    let length = json.to_string().chars().count();
    if length > MAX_JSON {
        return Err(issue("value-too-long").arg("max", MAX_JSON).arg("length", length));
    }
    Ok(Value::Json(json))
}
