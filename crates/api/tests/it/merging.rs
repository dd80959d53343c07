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
        assert_eq!(found["candidates"][0]["evidence"][0], json!({"clue": "first_and_last", "points": 45}));
        assert_eq!(w.post("sara", "/party/duplicates", json!({"nmae": 1})).await.status, 422);
        assert_eq!(w.post("sara", "/order/duplicates", json!({})).await.status, 422);

        let b = make(json!({"name": {"latin": "Abdulrahman Al-Otaibi"}, "phone": "0504030778", "email": "a@example.com"})).await;
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
