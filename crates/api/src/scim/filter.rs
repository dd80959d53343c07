//! Filters of the kind providers send: `userName eq "a@b"`, `active eq true and displayName sw "Sa"`.

use kernel::{Fault, FaultKind, Issue, Outcome};
use serde_json::Value as Json;

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Pr,
}

/// `attribute op value`; several are all to hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test {
    /// In lower case, with its sub-attribute: `name.familyname`.
    pub attribute: String,
    pub op: Op,
    pub value: Json,
}

fn bad(text: &str) -> Fault {
    Fault { issues: vec![Issue::new("filter", "scim-bad-filter").arg("name", text.chars().take(120).collect::<String>())], ..Fault::new(FaultKind::BadRequest) }
}

/// # Errors
/// Bad request (`scim-bad-filter`): not understood; it is refused, never ignored.
pub(crate) fn parse(text: &str) -> Outcome<Vec<Test>> {
    let mut words = words(text).ok_or_else(|| bad(text))?.into_iter().peekable();
    let mut tests = Vec::new();
    loop {
        let (Some(Word::Plain(attribute)), Some(Word::Plain(op))) = (words.next(), words.next()) else { return Err(bad(text)) };
        let op = match op.to_ascii_lowercase().as_str() {
            "eq" => Op::Eq,
            "ne" => Op::Ne,
            "co" => Op::Co,
            "sw" => Op::Sw,
            "ew" => Op::Ew,
            "pr" => Op::Pr,
            _ => return Err(bad(text)),
        };
        let value = match (op, words.peek()) {
            (Op::Pr, _) => Json::Null,
            (_, Some(Word::Text(t))) => Json::String(t.clone()),
            (_, Some(Word::Plain(p))) => match p.to_ascii_lowercase().as_str() {
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                _ => return Err(bad(text)),
            },
            (_, None) => return Err(bad(text)),
        };
        if op != Op::Pr {
            words.next();
        }
        tests.push(Test { attribute: attribute.to_ascii_lowercase(), op, value });
        match words.next() {
            None => return Ok(tests),
            Some(Word::Plain(and)) if and.eq_ignore_ascii_case("and") && tests.len() < 20 => {}
            Some(_) => return Err(bad(text)),
        }
    }
}

enum Word {
    Plain(String),
    Text(String),
}

fn words(text: &str) -> Option<Vec<Word>> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        if c == '"' {
            let mut inside = String::from("\"");
            let mut escaped = false;
            loop {
                let c = chars.next()?;
                inside.push(c);
                if c == '"' && !escaped {
                    break;
                }
                escaped = c == '\\' && !escaped;
            }
            out.push(Word::Text(serde_json::from_str(&inside).ok()?));
            continue;
        }
        let mut word = String::from(c);
        while let Some(c) = chars.next_if(|c| !c.is_whitespace() && *c != '"') {
            word.push(c);
        }
        out.push(Word::Plain(word));
    }
    Some(out)
}

impl Test {
    /// Whether a resource as the server shows it passes. Texts are compared without regard to case, as the standard has it
    /// for the attributes here; an attribute with several values passes with one of them.
    pub fn passes(&self, resource: &Json) -> bool {
        let found = values(resource, &self.attribute.split('.').collect::<Vec<_>>());
        let one = |v: &&Json| match (self.op, *v, &self.value) {
            (Op::Pr, v, _) => !v.is_null() && v.as_str() != Some(""),
            (Op::Eq, v, w) | (Op::Ne, v, w) => match (v.as_str(), w.as_str()) {
                (Some(a), Some(b)) => fold(a) == fold(b),
                _ => v == w,
            },
            (op, Json::String(a), Json::String(b)) => match op {
                Op::Co => fold(a).contains(&fold(b)),
                Op::Sw => fold(a).starts_with(&fold(b)),
                _ => fold(a).ends_with(&fold(b)),
            },
            _ => false,
        };
        let any = found.iter().any(one);
        if self.op == Op::Ne { !any } else { any }
    }

    /// The text it must be equal to, where that is what it asks of this attribute.
    pub fn equals(&self, attribute: &str) -> Option<&str> {
        (self.op == Op::Eq && self.attribute.eq_ignore_ascii_case(attribute)).then(|| self.value.as_str()).flatten()
    }
}

fn fold(text: &str) -> String {
    text.to_lowercase()
}

fn values<'a>(at: &'a Json, path: &[&str]) -> Vec<&'a Json> {
    match (at, path.split_first()) {
        (Json::Array(list), _) => list.iter().flat_map(|v| values(v, path)).collect(),
        (Json::Object(map), Some((first, rest))) => {
            map.iter().filter(|(k, _)| k.eq_ignore_ascii_case(first)).flat_map(|(_, v)| values(v, rest)).collect()
        }
        // `emails eq "a@b"` means the value of one of them.
        (Json::Object(map), None) => vec![map.get("value").unwrap_or(at)],
        (v, None) => vec![v],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_providers_ask() {
        let user = json!({"userName": "Sara@example.com", "active": true, "name": {"familyName": "العتيبي"}, "emails": [{"value": "sara@example.com", "type": "work"}]});
        let passes = |f: &str| parse(f).unwrap().iter().all(|t| t.passes(&user));
        for yes in [
            "userName eq \"sara@EXAMPLE.com\"", "active eq true", "ACTIVE EQ True and userName sw \"sara\"", "name.familyName co \"عتيب\"",
            "emails.value eq \"sara@example.com\"", "emails eq \"sara@example.com\"", "userName ew \".com\"", "name pr", "title ne \"x\"",
        ] {
            assert!(passes(yes), "{yes}");
        }
        for no in ["userName eq \"x\"", "active eq false", "title pr", "userName ne \"sara@example.com\"", "active eq true and userName eq \"x\""] {
            assert!(!passes(no), "{no}");
        }
        for bad in ["", "userName", "userName eq", "userName like \"x\"", "userName eq \"x", "userName eq x", "(userName eq \"x\")", "a eq \"b\" or c eq \"d\"", "userName eq \"x\" and"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
