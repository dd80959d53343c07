//! PATCH (RFC 7644, section 3.5.2): operations are applied to the resource as the server shows it; what comes out is saved
//! like a replacement, so that one place decides what may be written.

use super::{attribute, filter};
use kernel::{Fault, FaultKind, Issue, Outcome};
use serde_json::{Map, Value as Json};

/// The most operations of one request.
const MOST: usize = 1_000;

fn bad(path: &str) -> Fault {
    Fault { issues: vec![Issue::new("path", "scim-bad-path").arg("name", path.chars().take(120).collect::<String>())], ..Fault::new(FaultKind::BadRequest) }
}

/// Applies `Operations` to `resource`.
///
/// # Errors
/// Bad request: an operation or path that is not understood; nothing is changed then.
pub(crate) fn apply(resource: &mut Map<String, Json>, body: &Map<String, Json>) -> Outcome<()> {
    let operations = attribute(body, "Operations").and_then(Json::as_array).filter(|o| !o.is_empty() && o.len() <= MOST).ok_or_else(|| bad("Operations"))?;
    for operation in operations {
        let operation = operation.as_object().ok_or_else(|| bad("Operations"))?;
        let op = attribute(operation, "op").and_then(Json::as_str).unwrap_or_default().to_ascii_lowercase();
        let path = attribute(operation, "path").and_then(Json::as_str).map(str::trim).filter(|p| !p.is_empty());
        let value = attribute(operation, "value").cloned();
        match (op.as_str(), path, value) {
            ("add" | "replace", Some(path), Some(value)) => put(resource, path, value, op == "add")?,
            ("add" | "replace", None, Some(Json::Object(values))) => {
                for (path, value) in values {
                    put(resource, &path, value, op == "add")?;
                }
            }
            ("remove", Some(path), value) => remove(resource, path, value.as_ref())?,
            _ => return Err(bad(path.unwrap_or(&op))),
        }
    }
    Ok(())
}

/// `emails[type eq "work"].value` in its parts: attribute, tests in brackets, sub-attribute.
struct Path<'a> {
    attribute: &'a str,
    tests: Vec<filter::Test>,
    sub: Option<&'a str>,
}

fn read(path: &str) -> Outcome<Path<'_>> {
    // `urn:ietf:params:scim:schemas:core:2.0:User:userName`
    let plain = path.strip_prefix("urn:").and_then(|p| p.rsplit_once(':')).map_or(path, |(_, name)| name);
    let (head, rest) = match plain.split_once('[') {
        Some((head, rest)) => {
            let (inside, after) = rest.rsplit_once(']').ok_or_else(|| bad(path))?;
            let sub = after.strip_prefix('.').or(if after.is_empty() { Some("") } else { None }).ok_or_else(|| bad(path))?;
            return Ok(Path { attribute: head, tests: filter::parse(inside)?, sub: Some(sub).filter(|s| !s.is_empty()) });
        }
        None => plain.split_once('.').map_or((plain, None), |(h, r)| (h, Some(r))),
    };
    if head.is_empty() { Err(bad(path)) } else { Ok(Path { attribute: head, tests: Vec::new(), sub: rest }) }
}

/// The key as the resource spells it.
fn key(resource: &Map<String, Json>, name: &str) -> String {
    resource.keys().find(|k| k.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| name.to_owned())
}

fn put(resource: &mut Map<String, Json>, path: &str, value: Json, add: bool) -> Outcome<()> {
    let at = read(path)?;
    let name = key(resource, at.attribute);
    if !at.tests.is_empty() {
        let slot = resource.entry(name).or_insert_with(|| Json::Array(Vec::new()));
        let list = slot.as_array_mut().ok_or_else(|| bad(path))?;
        let mut hit = false;
        for item in list.iter_mut().filter(|i| at.tests.iter().all(|t| t.passes(i))) {
            hit = true;
            match (at.sub, item.as_object_mut()) {
                (Some(sub), Some(map)) => {
                    map.insert(sub.to_owned(), value.clone());
                }
                _ => *item = value.clone(),
            }
        }
        if !hit && let Some(sub) = at.sub {
            let mut made: Map<String, Json> = at.tests.iter().map(|t| (t.attribute.clone(), t.value.clone())).collect();
            made.insert(sub.to_owned(), value);
            list.push(Json::Object(made));
        }
        return Ok(());
    }
    match at.sub {
        Some(sub) => {
            let slot = resource.entry(name).or_insert_with(|| Json::Object(Map::new()));
            let map = slot.as_object_mut().ok_or_else(|| bad(path))?;
            let sub = key(map, sub);
            map.insert(sub, value);
        }
        None => match (resource.get_mut(&name), value) {
            (Some(Json::Array(list)), value) if add => {
                let more = if let Json::Array(more) = value { more } else { vec![value] };
                for v in more {
                    if !list.iter().any(|x| same(x, &v)) {
                        list.push(v);
                    }
                }
            }
            (Some(Json::Object(old)), Json::Object(new)) => {
                for (k, v) in new {
                    let k = key(old, &k);
                    old.insert(k, v);
                }
            }
            (_, value) => {
                resource.insert(name, value);
            }
        },
    }
    Ok(())
}

/// The same member of a list, whatever is said about it beside its value.
fn same(a: &Json, b: &Json) -> bool {
    match (a.get("value"), b.get("value")) {
        (Some(x), Some(y)) => x == y,
        _ => a == b,
    }
}

fn remove(resource: &mut Map<String, Json>, path: &str, value: Option<&Json>) -> Outcome<()> {
    let at = read(path)?;
    let name = key(resource, at.attribute);
    let Some(slot) = resource.get_mut(&name) else { return Ok(()) };
    match (slot, at.sub, at.tests.is_empty()) {
        (Json::Array(list), None, false) => list.retain(|i| !at.tests.iter().all(|t| t.passes(i))),
        (Json::Array(list), Some(sub), false) => {
            for item in list.iter_mut().filter(|i| at.tests.iter().all(|t| t.passes(i))) {
                if let Some(map) = item.as_object_mut() {
                    map.remove(sub);
                }
            }
        }
        // One large provider names the members to remove in the value.
        (Json::Array(list), None, true) if value.is_some_and(Json::is_array) => {
            let gone = value.and_then(Json::as_array).cloned().unwrap_or_default();
            list.retain(|i| !gone.iter().any(|g| same(i, g)));
        }
        (Json::Object(map), Some(sub), true) => {
            let sub = key(map, sub);
            map.remove(&sub);
        }
        (_, None, true) => {
            resource.remove(&name);
        }
        _ => return Err(bad(path)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn after(resource: Json, operations: Json) -> Outcome<Json> {
        let Json::Object(mut map) = resource else { panic!("an object") };
        let Json::Object(body) = json!({ "Operations": operations }) else { panic!("an object") };
        apply(&mut map, &body).map(|()| Json::Object(map))
    }

    #[test]
    fn operations_of_real_providers() {
        let user = || json!({"userName": "a@b", "active": true, "name": {"givenName": "سارة", "familyName": "العتيبي"}, "emails": [{"value": "a@b", "type": "work"}]});
        let got = after(user(), json!([{"op": "Replace", "path": "active", "value": "False"}])).unwrap();
        assert_eq!(got["active"], "False");
        let got = after(user(), json!([{"op": "replace", "value": {"active": false, "name.familyName": "الحربي"}}])).unwrap();
        assert_eq!((&got["active"], &got["name"]["familyName"], &got["name"]["givenName"]), (&json!(false), &json!("الحربي"), &json!("سارة")));
        let got = after(user(), json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "c@d"}])).unwrap();
        assert_eq!(got["emails"], json!([{"value": "c@d", "type": "work"}]));
        let got = after(user(), json!([{"op": "add", "path": "emails[type eq \"home\"].value", "value": "h@d"}])).unwrap();
        assert_eq!(got["emails"][1], json!({"type": "home", "value": "h@d"}));
        let got = after(user(), json!([{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "مديرة"}])).unwrap();
        assert_eq!(got["title"], "مديرة");

        let group = || json!({"displayName": "المبيعات", "members": [{"value": "1"}, {"value": "2"}]});
        let got = after(group(), json!([{"op": "add", "path": "members", "value": [{"value": "2"}, {"value": "3"}]}])).unwrap();
        assert_eq!(got["members"].as_array().unwrap().len(), 3);
        let got = after(group(), json!([{"op": "remove", "path": "members[value eq \"1\"]"}])).unwrap();
        assert_eq!(got["members"], json!([{"value": "2"}]));
        let got = after(group(), json!([{"op": "Remove", "path": "members", "value": [{"value": "2"}]}])).unwrap();
        assert_eq!(got["members"], json!([{"value": "1"}]));
        let got = after(group(), json!([{"op": "remove", "path": "members"}])).unwrap();
        assert!(got.get("members").is_none());

        for bad in [json!([]), json!([{"op": "move", "path": "a"}]), json!([{"op": "replace", "path": "emails[type"}]), json!([{"op": "add", "value": 1}]), json!([{"op": "remove"}])] {
            assert!(after(user(), bad.clone()).is_err(), "{bad}");
        }
    }
}
