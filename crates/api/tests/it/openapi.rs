//! The document says what there is, and is well formed: every reference resolves, every path parameter is declared.

use crate::company::world;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

fn walk<'a>(json: &'a Json, at: &str, visit: &mut dyn FnMut(&str, &'a Json)) {
    visit(at, json);
    match json {
        Json::Object(map) => map.iter().for_each(|(k, v)| walk(v, &format!("{at}/{k}"), visit)),
        Json::Array(items) => items.iter().enumerate().for_each(|(i, v)| walk(v, &format!("{at}/{i}"), visit)),
        _ => {}
    }
}

fn faults(doc: &Json) -> Vec<String> {
    let mut faults = Vec::new();
    if doc["openapi"] != "3.1.0" || !doc["info"]["title"].is_string() || !doc["info"]["version"].is_string() {
        faults.push("head".into());
    }
    walk(doc, "", &mut |at, json| {
        // Examples are data, not schemas.
        if at.contains("/examples/") {
            return;
        }
        if let Some(target) = json.get("$ref").and_then(Json::as_str)
            && doc.pointer(target.trim_start_matches('#')).is_none()
        {
            faults.push(format!("{at}: {target} is not there"));
        }
        if let Some(types) = json.get("type").filter(|_| at.contains("schema") || at.contains("properties")) {
            let names: Vec<&Json> = types.as_array().map_or(vec![types], |a| a.iter().collect());
            let known = ["string", "integer", "number", "boolean", "object", "array", "null"];
            if !names.iter().all(|n| n.as_str().is_none_or(|n| known.contains(&n))) && !at.ends_with("/properties") {
                faults.push(format!("{at}: type {types}"));
            }
        }
        if let (Some(required), Some(properties)) = (json.get("required").and_then(Json::as_array), json.get("properties")) {
            for r in required.iter().filter_map(Json::as_str).filter(|r| properties.get(r).is_none()) {
                faults.push(format!("{at}: {r} is required and not described"));
            }
        }
    });
    let mut ids = BTreeSet::new();
    for (path, item) in doc["paths"].as_object().unwrap() {
        for (method, op) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            if !["get", "post", "patch", "put", "delete"].contains(&method.as_str()) {
                faults.push(format!("{at}: method"));
            }
            if !ids.insert(op["operationId"].as_str().unwrap_or_default().to_owned()) {
                faults.push(format!("{at}: operation {} twice", op["operationId"]));
            }
            if op["responses"].as_object().is_none_or(|r| !r.keys().any(|k| k.starts_with('2'))) {
                faults.push(format!("{at}: no good answer"));
            }
            let declared: BTreeSet<String> = op["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| p.get("$ref").and_then(Json::as_str).and_then(|r| doc.pointer(&r[1..])).unwrap_or(p))
                .filter(|p| p["in"] == "path")
                .map(|p| p["name"].as_str().unwrap().to_owned())
                .collect();
            let used: BTreeSet<String> =
                path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).map(str::to_owned).collect();
            if declared != used {
                faults.push(format!("{at}: parameters {declared:?} for {used:?}"));
            }
        }
    }
    faults
}

#[tokio::test]
async fn the_document_is_well_formed_for_everybody() {
    testdb::both(async |url| {
        let w = world(&url).await;
        for (person, _) in crate::company::PEOPLE {
            for lang in ["ar", "en"] {
                let doc = w.with(person, "GET", "/openapi.json", Json::Null, &[("accept-language", lang)]).await.is(200);
                assert_eq!(faults(&doc), Vec::<String>::new(), "{person}");
                // No sentence is missing: a key would shine through.
                assert!(!doc.to_string().contains("api-doc-"), "{person}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn it_says_what_the_actor_may_do_and_no_more() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let doc = w.get("admin", "/openapi.json").await.is(200);
        assert_eq!(doc["paths"]["/order/{id}/confirm"]["post"]["summary"], "تأكيد");
        assert_eq!(doc["components"]["schemas"]["PartyInput"]["required"], json!(["name"]));
        assert_eq!(doc["components"]["schemas"]["PartyInput"]["examples"][0]["name"]["ar"], "عبد الله القحطاني");
        assert!(doc["paths"].get("/admin/users").is_some());
        for path in ["/access/explain", "/access/delegations", "/admin/audit", "/admin/audit/verify", "/party/{id}/shares", "/party/{id}/readers"] {
            assert!(doc["paths"].get(path).is_some(), "{path}");
        }

        let seen = w.get("viewer", "/openapi.json").await.is(200);
        assert!(seen["paths"]["/party"].get("post").is_none());
        assert!(seen["paths"]["/party/{id}/shares"].get("post").is_none() && seen["paths"].get("/party/{id}/readers").is_none());
        assert!(seen["paths"].get("/admin/audit").is_none() && seen["paths"]["/access/delegations"].get("post").is_none());
        assert!(seen["paths"].get("/admin/users").is_none() && seen["paths"].get("/user").is_none());
        assert!(seen["components"]["schemas"]["Party"]["properties"].get("credit").is_none());
        assert!(w.get("nobody", "/openapi.json").await.is(200)["paths"].get("/party").is_none());
    })
    .await;
}

/// Every documented read answers, with an object of the documented shape.
#[tokio::test]
async fn documented_reads_answer() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("admin", "مؤسسة الواحة", "Oasis", "جدة").await;
        let order = w.order("admin", &party, "10").await;
        let team = w.post("admin", "/team", serde_json::json!({"name": {"ar": "فريق جدة"}})).await.is(201)["id"].as_str().unwrap().to_owned();
        let doc = w.get("admin", "/openapi.json").await.is(200);
        let mut asked = 0;
        for (path, item) in doc["paths"].as_object().unwrap() {
            // Of a proposal there is none here to ask for.
            if item.get("get").is_none() || path.contains("{file}") || path.contains("{key}") || path == "/proposals/{id}" || path.contains("/admin/") && path.contains("{id}") {
                continue;
            }
            let record = match path.split('/').nth(1) {
                Some("order") => order.clone(),
                Some("user") => w.users["sara"].to_string(),
                Some("team") => team.clone(),
                _ => party.clone(),
            };
            let path = path.replace("{id}", &record).replace("{object}", "party");
            let path = match path.as_str() {
                "/search" => "/search?q=x".to_owned(),
                "/access/explain" => format!("/access/explain?object=party&id={party}"),
                _ => path,
            };
            let answer = w.get("admin", &path).await;
            assert_eq!(answer.status, 200, "{path}");
            let required = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["required"];
            for key in required.as_array().into_iter().flatten() {
                assert!(answer.json().get(key.as_str().unwrap()).is_some(), "{path}: {key}");
            }
            asked += 1;
        }
        assert!(asked > 20, "{asked}");
    })
    .await;
}
