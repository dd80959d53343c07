//! The form of a rule as a tree, and back: names are places, `[]` makes lists, rows of values become an object.

use kernel::parse::{self, Ctx};
use kernel::{Expr, Kind, Value};
use serde_json::{Map, Value as Json, json};

const NUMBERS: [&str; 3] = ["days", "hours", "remind"];
const FLAGS: [&str; 2] = ["all", "anyway"];
/// Deeper names are nobody's.
const DEEPEST: usize = 24;
/// Members of one list.
const MOST: usize = 100;

/// The parts of a form as JSON.
pub fn tree<'a>(parts: impl Iterator<Item = (&'a str, &'a str)>) -> Json {
    let mut root = Json::Object(Map::new());
    for (name, value) in parts {
        let path: Vec<&str> = name.split('.').collect();
        if path.len() <= DEEPEST {
            put(&mut root, &path, value);
        }
    }
    tidy(&mut root);
    root
}

fn put(at: &mut Json, path: &[&str], value: &str) {
    let Some((name, rest)) = path.split_first() else {
        *at = json!(value);
        return;
    };
    if let Ok(n) = name.parse::<usize>() {
        if n >= MOST {
            return;
        }
        if !at.is_array() {
            *at = json!([]);
        }
        let Some(list) = at.as_array_mut() else { return };
        while list.len() <= n {
            list.push(Json::Null);
        }
        if let Some(next) = list.get_mut(n) {
            put(next, rest, value);
        }
        return;
    }
    if !at.is_object() {
        *at = json!({});
    }
    let Some(map) = at.as_object_mut() else { return };
    match name.strip_suffix("[]") {
        Some(list) => {
            let list = map.entry(list).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut().filter(|l| !value.is_empty() && l.len() < MOST) {
                list.push(json!(value));
            }
        }
        None => put(map.entry(*name).or_insert(Json::Null), rest, value),
    }
}

/// Numbers and flags by their names, rows of values as an object, no holes in lists.
fn tidy(at: &mut Json) {
    match at {
        Json::Array(list) => {
            list.retain(|v| !v.is_null());
            list.iter_mut().for_each(tidy);
        }
        Json::Object(map) => {
            for name in NUMBERS {
                if let Some(text) = map.get(name).and_then(Json::as_str) {
                    match ::text::number::parse_integer(text.trim()) {
                        Ok(n) => map.insert(name.into(), json!(n)),
                        Err(_) => map.remove(name),
                    };
                }
            }
            for name in FLAGS {
                if let Some(set) = map.get(name).and_then(Json::as_str).map(|t| t == "1") {
                    map.insert(name.into(), json!(set));
                }
            }
            if let Some(rows) = map.get("values").and_then(Json::as_array) {
                let text = |row: &Json, k: &str| row.get(k).and_then(Json::as_str).unwrap_or_default().to_owned();
                let values: Map<String, Json> = rows.iter().map(|r| (text(r, "k"), json!(text(r, "v")))).filter(|(k, _)| !k.is_empty()).collect();
                map.insert("values".into(), Json::Object(values));
            }
            map.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

/// The list at a place such as `steps.2.then`, made where it is missing.
pub fn list<'j>(root: &'j mut Json, place: &str) -> Option<&'j mut Vec<Json>> {
    let mut at = root;
    for name in place.split('.') {
        at = match name.parse::<usize>() {
            Ok(n) => at.get_mut(n)?,
            Err(_) => at.as_object_mut()?.entry(name).or_insert_with(|| json!([])),
        };
    }
    at.as_array_mut()
}

/// A new step of a kind.
pub fn blank(kind: &str) -> Json {
    let words = json!({"ar": "", "en": ""});
    match kind {
        "create" => json!({"do": "create", "object": "", "values": {}}),
        "update" => json!({"do": "update", "values": {}}),
        "activity" => json!({"do": "activity", "kind": "task", "subject": words, "owner": "owner", "days": 1}),
        "approval" => json!({"do": "approval", "levels": [{"who": ["manager"]}]}),
        "demand" => json!({"do": "demand", "field": "", "say": words}),
        "wait" => json!({"do": "wait", "hours": 24}),
        "until" => json!({"do": "until", "when": "", "hours": 72}),
        "branch" => json!({"do": "branch", "when": "", "then": [], "otherwise": []}),
        "call" => json!({"do": "call", "url": "https://", "values": {}}),
        "act" => json!({"do": "act", "action": "", "values": {}}),
        _ => json!({"do": "notify", "to": ["owner"], "text": words}),
    }
}

/// What was typed as a value: `= …` is an expression, all else is what the field reads.
pub fn literal(kind: Option<&Kind>, typed: &str, reading: &Ctx) -> String {
    let typed = typed.trim();
    if let Some(expr) = typed.strip_prefix('=') {
        return expr.trim().to_owned();
    }
    let value = kind.and_then(|k| match k.stored() {
        Kind::Name | Kind::MultiChoice { .. } | Kind::Refs { .. } | Kind::Address | Kind::Json | Kind::File | Kind::Image => None,
        stored => parse::from_text(stored, typed, reading).ok(),
    });
    Expr::lit(value.unwrap_or_else(|| Value::from(typed))).to_string()
}

/// The other way round.
pub fn plain(text: &str) -> String {
    match Expr::parse(text) {
        Ok(Expr::Lit(Value::Text(t))) => t,
        Ok(Expr::Lit(Value::Int(n))) => n.to_string(),
        Ok(Expr::Lit(Value::Bool(b))) => b.to_string(),
        Ok(Expr::Lit(Value::Decimal(d))) => d.to_string(),
        _ if text.is_empty() => String::new(),
        _ => format!("= {text}"),
    }
}

/// Reads every value of every step: object it is for (none: that of the rule), action, field, text → expression.
pub fn literals(at: &mut Json, read: &dyn Fn(Option<&str>, Option<&str>, &str, &str) -> String) {
    match at {
        Json::Array(list) => list.iter_mut().for_each(|v| literals(v, read)),
        Json::Object(map) => {
            let object = map.get("object").and_then(Json::as_str).filter(|_| map.contains_key("do")).map(str::to_owned);
            let action = map.get("action").and_then(Json::as_str).filter(|_| map.get("do").and_then(Json::as_str) == Some("act")).map(str::to_owned);
            if let Some(values) = map.get_mut("values").and_then(Json::as_object_mut) {
                for (field, value) in values.iter_mut() {
                    let text = value.as_str().unwrap_or_default();
                    *value = json!(read(object.as_deref(), action.as_deref(), field, text));
                }
            }
            for (key, value) in map.iter_mut() {
                if key != "values" {
                    literals(value, read);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Flow;

    #[test]
    fn a_form_becomes_a_flow() {
        let parts = [
            ("object", "opportunity"),
            ("trigger.on", "changed"),
            ("trigger.fields[]", "stage"),
            ("when", "amount > 5"),
            ("steps.0.do", "branch"),
            ("steps.0.when", "attention"),
            ("steps.0.then.0.do", "wait"),
            ("steps.0.then.0.hours", "٤٨"),
            ("steps.1.do", "approval"),
            ("steps.1.levels.0.who[]", "manager"),
            ("steps.1.levels.0.who[]", ""),
            ("steps.1.levels.0.all", "1"),
            ("steps.1.levels.0.hours", ""),
            ("steps.3.do", "update"),
            ("steps.3.values.0.k", "next_step"),
            ("steps.3.values.0.v", "اتصل"),
            ("steps.3.values.1.k", ""),
            ("steps.3.values.1.v", ""),
        ];
        let mut json = tree(parts.into_iter());
        literals(&mut json, &|_, _, field, text| format!("{field}:{text}"));
        let flow: Flow = serde_json::from_value(json).unwrap();
        let json = serde_json::to_value(&flow).unwrap();
        assert_eq!(json["steps"][0]["then"][0]["hours"], 48);
        assert_eq!(json["steps"][1]["levels"][0], json!({"who": ["manager"], "all": true, "hours": null, "then": []}));
        assert_eq!(json["steps"][2]["values"]["next_step"], "next_step:اتصل");
    }

    #[test]
    fn every_kind_of_step_begins_as_one() {
        for kind in crate::flow::Step::KEYS {
            let step: crate::flow::Step = serde_json::from_value(blank(kind)).unwrap();
            assert_eq!(step.key(), kind);
        }
    }

    #[test]
    fn values_are_typed_as_they_read() {
        let read = |kind: &Kind, text: &str| literal(Some(kind), text, &Ctx::default());
        assert_eq!(read(&Kind::text(), "اتصل \"غدًا\""), "\"اتصل \\\"غدًا\\\"\"");
        assert_eq!(read(&Kind::Integer, "٥"), "5");
        assert_eq!(read(&Kind::text(), "= concat(name, \"!\")"), "concat(name, \"!\")");
        assert_eq!(plain("\"اتصل\""), "اتصل");
        assert_eq!(plain("today()"), "= today()");
    }

    #[test]
    fn hostile_places_make_nothing_large() {
        let json = tree([("steps.99999999.do", "x"), ("steps.5.do", "wait"), ("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z", "1")].into_iter());
        assert_eq!(json["steps"].as_array().unwrap().len(), 1);
        assert!(json.get("a").is_none());
    }
}
