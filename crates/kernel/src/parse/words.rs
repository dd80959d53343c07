//! Values as text: canonical for files and forms, plain for people.

use super::issue;
use super::moment::duration_text;
use crate::fault::Issue;
use crate::kind::Kind;
use crate::value::{Address, Name, Value};

/// The canonical text: [`super::from_text`] reads it back to the same value.
///
/// Money `12.50 SAR`, date `YYYY-MM-DD`, instant RFC 3339 UTC, duration `H:MM:SS`, lists `a, b`, a name in two
/// scripts `الاسم | Name`, an address `street; district; city; region; postcode; country`.
pub fn to_text(kind: &Kind, value: &Value) -> String {
    match (kind.stored(), value) {
        (_, Value::Name(n)) => name_text(n),
        (_, Value::Address(a)) => address_text(a),
        (_, Value::File(_) | Value::Json(_)) => value.to_json().to_string(),
        (_, v) => plain_text(v),
    }
}

/// Text for a person or a `concat`: a name in its Arabic form, an address by its parts.
pub fn plain_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(t) => t.clone(),
        Value::Int(n) => n.to_string(),
        Value::Decimal(d) => d.normalize().to_string(),
        Value::Money(m) => format!("{} {}", m.amount(), m.currency),
        Value::Bool(b) => b.to_string(),
        Value::Date(d) => d.to_string(),
        Value::DateTime(t) => t.to_string(),
        Value::Duration(s) => duration_text(*s),
        Value::Id(id) => id.to_string(),
        Value::Ids(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Value::List(keys) => keys.join(", "),
        Value::Name(n) => n.get("ar").to_owned(),
        Value::Address(a) => a.parts().collect::<Vec<_>>().join("، "),
        Value::File(f) => f.name.clone(),
        Value::Json(j) => j.to_string(),
    }
}

/// In which script a name is written when only one form was given.
fn arabic(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FB50}'..='\u{FEFC}'))
}

fn name_text(n: &Name) -> String {
    let escaped = |t: &str| t.replace('\\', "\\\\").replace('|', "\\|");
    let (ar, latin) = (escaped(&n.ar), escaped(&n.latin));
    match (ar.is_empty(), latin.is_empty()) {
        (false, true) if arabic(&ar) => ar,
        (true, false) if !arabic(&latin) => latin,
        _ => format!("{ar} | {latin}"),
    }
}

/// `الاسم | Name`; without the bar the script tells which form it is. `\|` is a bar in a name.
pub(super) fn name(text: &str) -> Name {
    let mut parts = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '|' if parts.len() == 1 => parts.push(String::new()),
            c => {
                let c = if c == '\\' { chars.next().unwrap_or('\\') } else { c };
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    let mut parts = parts.into_iter().map(|p| p.trim().to_owned());
    match (parts.next().unwrap_or_default(), parts.next()) {
        (ar, Some(latin)) => Name { ar, latin },
        (one, None) if arabic(&one) => Name { ar: one, latin: String::new() },
        (one, None) => Name { ar: String::new(), latin: one },
    }
}

fn address_text(a: &Address) -> String {
    let parts = [&a.street, &a.district, &a.city, &a.region, &a.postcode, &a.country];
    if parts.iter().any(|p| p.contains(';')) || a.street.starts_with('{') {
        return Value::Address(Box::new(a.clone())).to_json().to_string();
    }
    parts.map(String::as_str).join("; ")
}

/// Six parts between semicolons, a JSON object, or the street alone.
pub(super) fn address(text: &str) -> Result<Address, Issue> {
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|_| issue("value-not-json"));
    }
    let parts: Vec<&str> = text.split(';').map(str::trim).collect();
    let [street, district, city, region, postcode, country] = parts.as_slice() else {
        return Ok(Address { street: text.to_owned(), ..Address::default() });
    };
    Ok(Address {
        street: (*street).into(),
        district: (*district).into(),
        city: (*city).into(),
        region: (*region).into(),
        postcode: (*postcode).into(),
        country: (*country).into(),
    })
}

/// The words of an HTML text: tags out, `script` and `style` with their content, common entities decoded.
pub fn strip_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        out.push_str(before);
        let name: String = tag.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let closed = tag.find('>').map(|end| end + 1);
        // A lone `<` (3 < 5) is text.
        if name.is_empty() && !tag.starts_with("</") && !tag.starts_with("<!") || closed.is_none() {
            out.push('<');
            rest = tag.get(1..).unwrap_or_default();
            continue;
        }
        rest = closed.and_then(|end| tag.get(end..)).unwrap_or_default();
        if name == "script" || name == "style" {
            let end = rest.to_ascii_lowercase().find(&format!("</{name}")).unwrap_or(rest.len());
            rest = rest.get(end..).unwrap_or_default();
        } else if !out.ends_with(char::is_whitespace) && !out.is_empty() && !inline(&name, tag) {
            out.push(' ');
        }
    }
    out.push_str(rest);
    let decoded = out
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    decoded.trim().to_owned()
}

/// Tags that do not part words.
fn inline(name: &str, tag: &str) -> bool {
    let name = if name.is_empty() {
        tag.chars().skip(2).take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    } else {
        name.to_owned()
    };
    matches!(
        name.as_str(),
        "b" | "i" | "u" | "s" | "em" | "strong" | "a" | "span" | "bdi" | "code" | "mark" | "sub" | "sup"
    )
}
