//! CUST-1: duplicates, merging and separating over the API.

use crate::company::world;
use serde_json::{Value as Json, json};

#[tokio::test]
async fn cust_1_programs_find_merge_and_separate() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let make = async |body: Json| w.post("sara", "/party", body).await.is(201)["id"].as_str().unwrap().to_owned();
        let a = make(json!({"name": {"ar": "عبدالرحمن خالد العتيبي"}, "phone": "0504030778"})).await;
        let found = w.post("sara", "/party/duplicates", json!({"name": {"latin": "Abdulrahman Al-Otaibi"}, "phone": "0504030778"})).await.is(200);
        assert_eq!(found["candidates"][0]["id"], json!(a));
        assert_eq!((found["candidates"][0]["verdict"].as_str(), found["elsewhere"].as_bool()), (Some("same"), Some(false)));
        assert_eq!(found["candidates"][0]["evidence"][0], json!({"clue": "first_and_last", "points": 45, "says": "الاسم الأول واسم العائلة متطابقان"}));
        assert_eq!(w.post("sara", "/party/duplicates", json!({"nmae": 1})).await.status, 422);
        assert_eq!(w.post("sara", "/order/duplicates", json!({})).await.status, 422);

        let b = make(json!({"name": {"latin": "Abdulrahman Al-Otaibi"}, "phone": "0504030778", "email": "a@example.com"})).await;
        let mut cx = w.company.write(&w.company.system()).await.unwrap();
        let key = vec!["party".into(), "shop".into(), "S-7".into(), b.parse::<uuid::Uuid>().unwrap().into()];
        store::insert_many(&mut cx.tx, "sila_external", &["object", "system", "key", "record_id"], vec![key]).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(w.get("sara", &format!("/party/{a}/duplicates")).await.is(200)["candidates"][0]["id"], json!(b));
        let at = format!("/party/{a}/merge");
        assert_eq!(w.post("sara", &at, json!({"with": a})).await.status, 422);
        assert_eq!(w.post("sara", &at, json!({})).await.status, 422);
        assert_eq!(w.post("sara", &at, json!({"with": b, "choices": {"email": "left"}})).await.status, 422);
        assert_eq!(w.post("sara", &at, json!({"with": b, "with_rev": 9})).await.status, 409);
        let merged = w.post("sara", &at, json!({"with": b, "choices": {"name": "both"}})).await.is(200);
        assert_eq!(merged["record"]["email"], "a@example.com");
        assert_eq!(merged["record"]["name"], json!({"ar": "عبدالرحمن خالد العتيبي", "latin": "Abdulrahman Al-Otaibi"}));

        // The old id answers with the record that stayed, and says so.
        let moved = w.get("sara", &format!("/party/{b}")).await;
        assert_eq!(moved.header("content-location"), format!("/api/v1/party/{a}"));
        let moved = moved.is(200);
        assert_eq!((moved["id"].as_str(), moved["merged_from"].as_str()), (Some(a.as_str()), Some(b.as_str())));
        let past = w.get("sara", &format!("/party/{a}/merges")).await.is(200);
        assert_eq!(past["data"][0]["merged"], json!(b));

        // Writing to the old id, and by the number it has in a shop, changes the one that stayed.
        let written = w.patch("sara", &format!("/party/{b}"), json!({"city": "من البرنامج القديم"})).await;
        assert_eq!(written.header("content-location"), format!("/api/v1/party/{a}"));
        let written = written.is(200);
        assert_eq!((written["id"].as_str(), written["city"].as_str(), written["merged_from"].as_str()), (Some(a.as_str()), Some("من البرنامج القديم"), Some(b.as_str())));
        // A record that was read under its old id may be sent back whole.
        let mut whole = w.get("sara", &format!("/party/{b}")).await.is(200);
        whole["city"] = json!("كما قُرئ");
        let body = json!({"id": whole["id"], "rev": whole["rev"], "merged_from": whole["merged_from"], "city": whole["city"]});
        assert_eq!(w.patch("sara", &format!("/party/{b}"), body).await.is(200)["city"], "كما قُرئ");
        assert_eq!(w.patch("sara", &format!("/party/{b}"), json!({"rev": 1, "city": "قديم"})).await.status, 409);
        let upsert = json!({"system": "shop", "records": [{"key": "S-7", "values": {"city": "من المتجر"}}]});
        let sent = w.post("sara", "/party/bulk", upsert).await.is(200);
        assert_eq!((sent["updated"].as_i64(), sent["results"][0]["id"].as_str()), (Some(1), Some(a.as_str())));
        assert_eq!(w.post("sara", &format!("/party/{b}/comments"), json!({"body": "على العنوان القديم"})).await.status, 201);
        assert_eq!(w.get("sara", &format!("/party/{b}/comments")).await.is(200)["data"].as_array().unwrap().len(), 1);
        let order = w.post("sara", "/order", json!({"party": b})).await.is(201);
        assert_eq!(order["party"], json!(a));
        // Deleting by the old id would take more away than it stood for.
        assert_eq!(w.delete("sara", &format!("/party/{b}")).await.status, 422);
        assert_eq!(w.get("sara", &format!("/party/{a}")).await.status, 200);

        let back = w.post("sara", &format!("/party/{a}/unmerge"), json!({"merge": merged["merge"]})).await.is(200);
        assert_eq!((back["restored"]["id"].as_str(), &back["record"]["email"]), (Some(b.as_str()), &Json::Null));
        assert!(w.get("sara", &format!("/party/{b}")).await.is(200).get("merged_from").is_none());

        assert_eq!(w.post("sara", "/party/duplicates/sweep", json!({})).await.status, 202);
        w.company.sweep("party").await.unwrap();
        let queue = w.get("sara", "/party/duplicates").await.is(200);
        assert_eq!((queue["count"].as_i64(), queue["data"][0]["score"].as_i64()), (Some(1), Some(90)));
        assert_eq!(w.post("sara", "/party/duplicates/merge", json!({"score": 80, "same": ["phone"], "dry_run": true})).await.is(200), json!({"count": 1}));
        assert_eq!(w.post("sara", "/party/duplicates/merge", json!({"score": 10})).await.status, 422);
        assert_eq!(w.post("sara", "/party/duplicates/decide", json!({"a": a, "b": b, "decision": "distinct"})).await.is(200)["decision"], "distinct");
        assert_eq!(w.get("sara", "/party/duplicates").await.is(200)["count"], 0);
        assert_eq!(w.post("sara", "/party/duplicates/decide", json!({"a": a, "b": a, "decision": "distinct"})).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn cust_1_keys_in_other_systems_are_unique_and_found() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let a = w.party("sara", "مكتبة الغدير", "Alghadeer", "الرياض").await;
        let b = w.party("sara", "مؤسسة النيل", "Alnil", "جدة").await;
        let keys = format!("/party/{a}/keys");
        assert_eq!(w.post("sara", &keys, json!({"system": "ERP", "key": " 10-77 "})).await.is(201), json!({"system": "erp", "key": "10-77"}));
        assert_eq!(w.post("sara", &keys, json!({"system": "erp", "key": "10-77"})).await.status, 200, "again is no fault");
        w.post("sara", &keys, json!({"system": "shop", "key": "S/9"})).await.is(201);
        let all = w.get("sara", &keys).await.is(200);
        assert_eq!(all["data"], json!([{"system": "erp", "key": "10-77"}, {"system": "shop", "key": "S/9"}]));
        // One key leads to one record of an object.
        assert_eq!(w.post("sara", &format!("/party/{b}/keys"), json!({"system": "erp", "key": "10-77"})).await.issue(422), "key external-taken");
        assert_eq!(w.post("sara", &keys, json!({"system": "مالي", "key": "1"})).await.issue(422), "system external-bad-system");
        assert_eq!(w.post("sara", &keys, json!({"system": "erp", "key": " "})).await.issue(422), "key value-required");
        assert_eq!(w.post("sara", &keys, json!({"system": "erp", "key": "1".repeat(201)})).await.issue(422), "key value-too-long");
        // Reached by it, changed by it, made by it.
        let found = w.get("sara", "/party/by/erp/10-77").await;
        assert_eq!(found.header("content-location"), format!("/api/v1/party/{a}"));
        assert_eq!(found.is(200)["id"], json!(a));
        assert_eq!(w.get("sara", "/party/by/shop/S%2F9").await.is(200)["id"], json!(a));
        assert_eq!(w.call("sara", "PUT", "/party/by/erp/10-77", json!({"city": "الدمام"})).await.is(200)["city"], "الدمام");
        let made = w.call("sara", "PUT", "/party/by/erp/10-78", json!({"name": {"ar": "شركة جديدة"}})).await.is(201);
        assert_eq!(w.get("sara", "/party/by/erp/10-78").await.is(200)["id"], made["id"]);
        assert_eq!(w.get("sara", "/party/by/erp/none").await.status, 404);
        // Found in search by each.
        for (key, id) in [("10-77", json!(a)), ("S/9", json!(a)), ("10-78", made["id"].clone())] {
            let hits = w.get("sara", &format!("/search?q={}", crate::company::enc(key))).await.is(200);
            assert!(hits["data"].as_array().unwrap().iter().any(|h| h["id"] == id || h["record_id"] == id), "{key}: {hits}");
        }
        // A merged customer has the keys of both, the old id the same.
        w.post("sara", &format!("/party/{b}/keys"), json!({"system": "erp", "key": "20"})).await.is(201);
        let merged = w.post("sara", &format!("/party/{a}/merge"), json!({"with": b})).await.is(200);
        assert_eq!(w.get("sara", &format!("/party/{b}/keys")).await.is(200)["data"].as_array().unwrap().len(), 3);
        assert_eq!(w.get("sara", "/party/by/erp/20").await.is(200)["id"], json!(a));
        w.post("sara", &format!("/party/{a}/unmerge"), json!({"merge": merged["merge"]})).await.is(200);
        assert_eq!(w.get("sara", "/party/by/erp/20").await.is(200)["id"], json!(b));
        assert_eq!(w.delete("sara", &format!("/party/{a}/keys/erp/10-77")).await.status, 204);
        assert_eq!(w.delete("sara", &format!("/party/{a}/keys/erp/10-77")).await.status, 404);
        assert_eq!(w.get("sara", "/party/by/erp/10-77").await.status, 404);
        let log = w.get("sara", &format!("/party/{a}/history")).await.is(200);
        assert!(log["data"].as_array().unwrap().iter().any(|e| e["changes"]["external.erp"] == json!(["10-77", null])), "{log}");
    })
    .await;
}
