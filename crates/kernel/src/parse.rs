//! From what people type, files hold and programs send to values, and back.
//!
//! [`from_text`] reads a form field or a CSV cell, [`from_json`] the API; [`to_text`] is the canonical text that
//! [`from_text`] reads back to the same value. Blank input is null. Whether a field is required, unique or
//! writable is the engine's business; rich text is sanitised there too.

mod json;
mod moment;
mod schema;
mod words;

pub use json::from_json;
pub use moment::iso_date;
pub use schema::json_schema;
pub use words::{plain_text, strip_tags, to_text};

use crate::fault::Issue;
use crate::kind::Kind;
use crate::value::{Address, Money, Name, Value};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use text::locale::Lang;
use text::number::NumberError;
use uuid::Uuid;

/// The most characters of a long text.
pub const MAX_LONG_TEXT: usize = 100_000;
/// The most characters of a rich text, tags included.
pub const MAX_RICH_TEXT: usize = 400_000;
/// The most characters of a JSON value.
pub const MAX_JSON: usize = 200_000;
/// How deep arrays and objects of a JSON value may be nested.
pub const MAX_JSON_DEPTH: usize = 32;
/// The most entries of a list of choices or references.
pub const MAX_LIST: usize = 500;
/// The most characters of one part of a name or an address, an e-mail address; of a URL eight times as many.
pub const MAX_PART: usize = 255;

/// Where input comes from: what a number without country code or an amount without currency means there.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    pub lang: Lang,
    /// For date-times without offset.
    pub zone: TimeZone,
}

impl Default for Ctx {
    fn default() -> Self {
        Ctx { country: "SA".into(), currency: "SAR".into(), lang: Lang::Ar, zone: TimeZone::UTC }
    }
}

fn issue(key: &str) -> Issue {
    Issue::new("", key)
}

/// Text at most `max` characters long.
fn at_most(text: String, max: usize) -> Result<String, Issue> {
    let length = text.chars().count();
    if length > max { Err(issue("value-too-long").arg("max", max).arg("length", length)) } else { Ok(text) }
}

/// One line: ends trimmed, line breaks and tabs to spaces, control characters dropped.
fn line(text: &str) -> String {
    let spaced = |c: char| if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.trim().chars().map(spaced).filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// Several lines: ends trimmed, breaks as `\n`, other control characters dropped.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// Reads what a person typed or a cell of a file.
///
/// # Errors
/// One `value-…` issue; its `field` is empty, the caller knows it.
pub fn from_text(kind: &Kind, text: &str, ctx: &Ctx) -> Result<Value, Issue> {
    let typed = line(text);
    if typed.is_empty() {
        return Ok(Value::Null);
    }
    Ok(match kind.stored() {
        Kind::Text { max } => Value::Text(at_most(typed, *max as usize)?),
        Kind::Code { max } => Value::Text(at_most(text::digits::to_ascii(&typed), *max as usize)?),
        Kind::LongText => Value::Text(at_most(lines(text), MAX_LONG_TEXT)?),
        Kind::RichText => Value::Text(at_most(lines(text), MAX_RICH_TEXT)?),
        Kind::Integer => Value::Int(text::number::parse_integer(&typed).map_err(|e| number(e, 0))?),
        Kind::Decimal { scale } => Value::Decimal(decimal(&typed, *scale)?),
        Kind::Percent => {
            let bare = typed.trim_start_matches(['%', '٪']).trim_end_matches(['%', '٪']).trim();
            Value::Decimal(decimal(bare, 2)?)
        }
        Kind::Money => Value::Money(money(&typed, &ctx.currency)?),
        Kind::Bool => Value::Bool(boolean(&typed)?),
        Kind::Date => Value::Date(moment::date(&typed)?),
        Kind::DateTime => Value::DateTime(moment::date_time(&typed, &ctx.zone)?),
        Kind::Duration => Value::Duration(moment::duration(&typed)?),
        k @ Kind::Choice { .. } => Value::Text(choice(k, &typed)?),
        k @ Kind::MultiChoice { .. } => choices(k, entries(&typed))?,
        Kind::Ref { .. } => Value::Id(id(&typed)?),
        Kind::Refs { .. } => ids(entries(&typed))?,
        Kind::Email => Value::Text(email(&typed)?),
        Kind::Phone => Value::Text(phone(&typed, ctx)?),
        Kind::Url => Value::Text(url(&typed)?),
        Kind::Address => address(words::address(&typed)?)?,
        Kind::Name => name(words::name(&typed))?,
        Kind::File | Kind::Image => {
            let json = serde_json::from_str(&typed).map_err(|_| wrong_type(kind))?;
            json::file(kind, &json)?
        }
        Kind::Json => {
            let json = serde_json::from_str(text).map_err(|_| issue("value-not-json"))?;
            json::any(json)?
        }
        Kind::Sequence { .. } => Value::Text(at_most(typed, MAX_PART)?),
        // The stored kind of a computed kind is never computed itself.
        Kind::Formula { .. } | Kind::Rollup { .. } => return Err(wrong_type(kind)),
    })
}

/// The value as the kind holds it: an integer as a decimal of its scale, a text as the date it names. What an
/// expression (default, formula) yields passes through here. Null when it does not fit.
pub fn fit(kind: &Kind, value: Value) -> Value {
    let rounded = |d: Decimal, scale: u32| crate::kind::scaled(d, scale).map(|n| Decimal::new(n, scale));
    match (kind.stored(), value) {
        (k @ (Kind::Decimal { .. } | Kind::Percent), Value::Decimal(d)) => rounded(d, k.scale()).into(),
        (k @ (Kind::Decimal { .. } | Kind::Percent), Value::Int(n)) => rounded(n.into(), k.scale()).into(),
        (Kind::Integer, Value::Decimal(d)) => crate::kind::scaled(d, 0).into(),
        (Kind::Duration, Value::Int(n)) => Value::Duration(n),
        (
            Kind::Text { .. } | Kind::Code { .. } | Kind::LongText,
            v @ (Value::Int(_) | Value::Decimal(_) | Value::Name(_)),
        ) => Value::Text(plain_text(&v)),
        (Kind::Name, Value::Text(t)) => Value::Name(words::name(&t)),
        (Kind::Ref { .. }, Value::Id(id)) if id.is_nil() => Value::Null,
        (k, Value::Text(t)) => from_text(k, &t, &Ctx::default()).unwrap_or_default(),
        (_, v) => v,
    }
}

fn wrong_type(kind: &Kind) -> Issue {
    issue("value-wrong-type").arg("type", kind.stored().key())
}

fn number(error: NumberError, scale: u32) -> Issue {
    match error {
        NumberError::TooLarge => issue("value-too-large"),
        NumberError::TooPrecise if scale == 0 => issue("value-not-whole"),
        NumberError::TooPrecise => issue("value-too-precise").arg("scale", scale),
        NumberError::Empty | NumberError::Malformed => issue("value-not-number"),
    }
}

fn decimal(text: &str, scale: u8) -> Result<Decimal, Issue> {
    let scaled = text::number::parse_scaled(text, scale).map_err(|e| number(e, scale.into()))?;
    Ok(Decimal::new(scaled, scale.into()))
}

/// An amount with or without its currency, whose code, symbol or name may stand on either side.
fn money(text: &str, default: &str) -> Result<Money, Issue> {
    use text::money::{CURRENCIES, MoneyError, exponent, parse_money};
    let fault = |e: MoneyError, code: &str| match e {
        MoneyError::Number(e) => number(e, exponent(code).into()),
        MoneyError::OtherCurrency => issue("value-unknown-currency"),
    };
    let code =
        text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_ascii_uppercase).find(|w| text::money::is_code(w));
    if let Some(code) = code {
        return parse_money(text, &code).map(|n| Money::new(n, &code)).map_err(|e| fault(e, &code));
    }
    match parse_money(text, default) {
        Ok(minor) => Ok(Money::new(minor, default)),
        Err(MoneyError::OtherCurrency) => CURRENCIES
            .iter()
            .map(|c| (c.code, parse_money(text, c.code)))
            .find(|(_, r)| !matches!(r, Err(MoneyError::OtherCurrency)))
            .map_or_else(
                || Err(issue("value-unknown-currency")),
                |(code, r)| r.map(|n| Money::new(n, code)).map_err(|e| fault(e, code)),
            ),
        Err(e) => Err(fault(e, default)),
    }
}

fn boolean(text: &str) -> Result<bool, Issue> {
    match text::fold::fold(text).as_str() {
        "true" | "yes" | "y" | "1" | "on" | "نعم" | "صحيح" | "صح" => Ok(true),
        "false" | "no" | "n" | "0" | "off" | "لا" | "خطا" => Ok(false),
        _ => Err(issue("value-not-bool")),
    }
}

/// The key of the option whose key or label (in either language, folded) this is.
fn choice(kind: &Kind, text: &str) -> Result<String, Issue> {
    let options = kind.options();
    let folded = text::fold::fold(text);
    let labelled =
        |l: &crate::Label| !folded.is_empty() && [&l.ar, &l.en].iter().any(|t| text::fold::fold(t) == folded);
    options
        .iter()
        .find(|o| o.key == text)
        .or_else(|| options.iter().find(|o| o.key.eq_ignore_ascii_case(text)))
        .or_else(|| options.iter().find(|o| labelled(&o.label)))
        .map(|o| o.key.clone())
        .ok_or_else(|| unknown_choice(kind, text))
}

fn unknown_choice(kind: &Kind, text: &str) -> Issue {
    let keys: Vec<&str> = kind.options().iter().map(|o| o.key.as_str()).collect();
    let shown: String = text.chars().take(60).collect();
    issue("value-unknown-choice").arg("found", shown).arg("choices", keys.join(", "))
}

/// The members of a list in one cell, separated by comma (also Arabic), semicolon or bar.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '،', ';', '؛', '|']).map(str::trim).filter(|e| !e.is_empty())
}

fn choices<'a>(kind: &Kind, texts: impl Iterator<Item = &'a str>) -> Result<Value, Issue> {
    let mut keys: Vec<String> = Vec::new();
    for text in texts {
        let key = choice(kind, text)?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(if keys.is_empty() { Value::Null } else { Value::List(keys) })
}

fn id(text: &str) -> Result<Uuid, Issue> {
    Uuid::parse_str(text).map_err(|_| issue("value-not-id"))
}

fn ids<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Value, Issue> {
    let mut ids: Vec<Uuid> = Vec::new();
    for text in texts {
        let id = id(text)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() > MAX_LIST {
            return Err(issue("value-too-many").arg("max", MAX_LIST));
        }
    }
    Ok(if ids.is_empty() { Value::Null } else { Value::Ids(ids) })
}

fn email(text: &str) -> Result<String, Issue> {
    at_most(text::email::normalize(text).map_err(|_| issue("value-not-email"))?, MAX_PART)
}

fn phone(text: &str, ctx: &Ctx) -> Result<String, Issue> {
    text::phone::e164(text, &ctx.country).map_err(|_| issue("value-not-phone"))
}

/// `http`, `https`, `mailto` or `tel`; a bare host gets `https://`. Other schemes could run code when clicked.
fn url(text: &str) -> Result<String, Issue> {
    let bad = || issue("value-not-url");
    let text = text::bidi::strip(text);
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\')) {
        return Err(bad());
    }
    let host_fits = |rest: &str| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        host.starts_with(char::is_alphanumeric) && host.chars().all(|c| c.is_alphanumeric() || ".-_".contains(c))
    };
    let full = match text.split_once(':') {
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphabetic()) => {
            let scheme = scheme.to_ascii_lowercase();
            let fits = match scheme.as_str() {
                "http" | "https" => rest.strip_prefix("//").is_some_and(host_fits),
                "mailto" => text::email::is_valid(rest.split('?').next().unwrap_or_default()),
                "tel" => rest.chars().any(|c| c.is_ascii_digit()),
                _ => false,
            };
            if !fits {
                return Err(bad());
            }
            format!("{scheme}:{rest}")
        }
        _ if text.contains('.') && host_fits(&text) => format!("https://{text}"),
        _ => return Err(bad()),
    };
    at_most(full, MAX_PART * 8)
}

fn name(mut name: Name) -> Result<Value, Issue> {
    for part in [&mut name.ar, &mut name.latin] {
        *part = at_most(line(part), MAX_PART)?;
    }
    Ok(if name.is_empty() { Value::Null } else { Value::Name(name) })
}

fn address(mut a: Address) -> Result<Value, Issue> {
    for part in [&mut a.street, &mut a.district, &mut a.city, &mut a.region, &mut a.postcode, &mut a.country] {
        *part = at_most(line(part), MAX_PART)?;
    }
    if a.country.len() == 2 {
        a.country = a.country.to_ascii_uppercase();
    }
    Ok(if a.is_empty() { Value::Null } else { Value::Address(Box::new(a)) })
}

#[cfg(test)]
mod tests;
