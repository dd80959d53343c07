//! Who asks decides what he gets.

use crate::company::{enc, token, world};
use serde_json::{Value as Json, json};

#[tokio::test]
async fn without_a_token_there_is_nothing() {
    testdb::both(async |url| {
        let w = world(&url).await;
        for header in [None, Some("Bearer sila_unknown"), Some("Basic YTpi"), Some("Bearer ")] {
            let mut request = axum::http::Request::builder().uri("/party");
            if let Some(h) = header {
                request = request.header("authorization", h);
            }
            // A cookie is no identity here.
            let answer = w.send(request.header("cookie", "sila_session=abc").body(axum::body::Body::empty()).unwrap()).await;
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.is(401)["type"], "urn:sila:problem:unauthenticated");
        }
    })
    .await;
}

#[tokio::test]
async fn each_sees_his_own() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let hers = w.party("sara", "عميل سارة", "", "جدة").await;
        let his = w.party("omar", "عميل عمر", "", "جدة").await;
        w.order("sara", &hers, "10").await;
        w.order("omar", &his, "20").await;
        assert_eq!(w.names("sara", "/party").await, ["عميل سارة"]);
        assert_eq!(w.names("omar", "/party").await, ["عميل عمر"]);
        assert_eq!(w.names("manager", "/party").await.len(), 2);
        assert_eq!(w.get("sara", "/order?count=exact").await.is(200)["count"]["n"], 1);
        let hits = w.get("sara", &format!("/search?q={}", enc("عميل"))).await.is(200);
        assert_eq!(hits["data"].as_array().unwrap().len(), 1);
        // A forbidden record answers as a missing one, word for word.
        let strip = |mut j: Json| {
            j.as_object_mut().unwrap().remove("request_id");
            j
        };
        for path in ["", "/timeline", "/history", "/comments", "/files"] {
            let foreign = w.get("sara", &format!("/party/{his}{path}")).await.is(404);
            let missing = w.get("sara", &format!("/party/{}{path}", uuid::Uuid::now_v7())).await.is(404);
            assert_eq!(strip(foreign), strip(missing), "{path}");
        }
        // No reference to what she may not see, no giving away of what she owns to nobody's sight.
        assert_eq!(w.post("sara", "/order", json!({"party": his})).await.status, 422);
        let gone = w.patch("sara", &format!("/party/{hers}"), json!({"owner": w.users["omar"]})).await;
        assert!(matches!(gone.status, 200 | 403), "{}", gone.status);
    })
    .await;
}

#[tokio::test]
async fn masks_hold_in_list_filter_sort_search_and_metadata() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let id = w.party("manager", "مؤسسة الواحة", "Oasis", "جدة").await;
        let seen = w.get("viewer", &format!("/party/{id}")).await.is(200);
        assert_eq!(seen["email"], "••••om");
        assert!(seen.get("credit").is_none());
        for path in [
            format!("/party?filter={}", enc("credit > money(1, \"SAR\")")),
            format!("/party?filter={}", enc("email == \"info@example.com\"")),
            "/party?sort=email".to_owned(),
            "/party?fields=credit".to_owned(),
        ] {
            let answer = w.get("viewer", &path).await;
            assert_eq!(answer.status, 422, "{path}");
        }
        let object = w.get("viewer", "/objects/party").await.is(200);
        assert!(!object.to_string().contains("credit"));
        assert_eq!(object["verbs"], json!(["read"]));
        assert_eq!(w.patch("viewer", &format!("/party/{id}"), json!({"city": "مكة"})).await.status, 403);
        assert_eq!(w.get("nobody", "/party").await.status, 404);
        assert_eq!(w.get("nobody", "/objects").await.is(200)["data"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn scopes_narrow_a_token() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let id = w.party("manager", "مؤسسة الواحة", "Oasis", "جدة").await;
        let at = format!("/party/{id}");
        let read = token(&w.company, w.users["manager"], &["read"]).await;
        assert_eq!(w.get(&read, &at).await.status, 200);
        assert_eq!(w.patch(&read, &at, json!({"city": "مكة"})).await.status, 403);
        assert_eq!(w.post(&read, &format!("{at}/comments"), json!({"body": "سلام"})).await.status, 403);
        let narrow = token(&w.company, w.users["manager"], &["party:read", "party:update"]).await;
        assert_eq!(w.patch(&narrow, &at, json!({"city": "مكة"})).await.status, 200);
        assert_eq!(w.delete(&narrow, &at).await.status, 403);
        assert_eq!(w.get(&narrow, "/order").await.status, 404);
        let write = token(&w.company, w.users["admin"], &["write"]).await;
        assert_eq!(w.get(&write, "/admin/users").await.status, 403);
        let me = w.get(&narrow, "/me").await.is(200);
        assert_eq!((&me["email"], &me["scopes"]), (&json!("manager@example.com"), &json!(["party:read", "party:update"])));
    })
    .await;
}

#[tokio::test]
async fn language_request_id_and_rate() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let at = async |lang: &str| w.with("sara", "GET", "/ghost", Json::Null, &[("accept-language", lang), ("x-request-id", "sync-2026-0001")]).await;
        let (ar, en) = (at("ar").await, at("fr;q=0.9, en;q=0.5").await);
        assert_eq!((ar.header("content-language"), en.header("content-language")), ("ar".into(), "en".into()));
        assert_eq!(ar.header("x-request-id"), "sync-2026-0001");
        assert_eq!(en.json()["title"], "Not found, or you may not see it.");
        assert_eq!(ar.json()["request_id"], "sync-2026-0001");
        assert_ne!(ar.json()["title"], en.json()["title"]);
        // Arabic without being asked: the company's language.
        assert_eq!(w.get("sara", "/ghost").await.json()["title"], ar.json()["title"]);
        assert_eq!(w.call("sara", "PUT", "/party", Json::Null).await.is(405)["type"], "urn:sila:problem:method-not-allowed");
        assert_eq!(w.call("sara", "PUT", "/admin/users", Json::Null).await.status, 405);
        assert_eq!(w.get("sara", "/a/b/c/d/e/f").await.is(404)["type"], "urn:sila:problem:not-found");

        let slow = crate::World { router: api::router_with(w.company.clone(), api::Rate { per_second: 0.5, burst: 2.0 }), ..w };
        assert_eq!(slow.get("sara", "/me").await.status, 200);
        assert_eq!(slow.get("sara", "/me").await.status, 200);
        let limited = slow.get("sara", "/me").await;
        assert_eq!(limited.header("retry-after"), "2");
        assert_eq!(limited.is(429)["type"], "urn:sila:problem:throttled");
        assert_eq!(slow.get("omar", "/me").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn nobody_makes_himself_an_administrator() {
    testdb::both(async |url| {
        let w = world(&url).await;
        // An administrator's token of lesser scope may write records, but no identities.
        let write = token(&w.company, w.users["admin"], &["write"]).await;
        let at = format!("/user/{}", w.users["admin"]);
        assert_eq!(w.patch(&write, &at, json!({"name": {"ar": "مدير النظام"}})).await.status, 200);
        assert_eq!(w.patch(&write, &at, json!({"email": "thief@example.com"})).await.status, 403);
        assert_eq!(w.patch(&write, &at, json!({"active": false})).await.status, 403);
        assert_eq!(w.post(&write, "/user", json!({"name": {"ar": "لص"}, "email": "thief@example.com"})).await.status, 403);
        let bulk = json!({"system": "erp", "records": [{"key": "1", "values": {"name": {"ar": "لص"}, "email": "thief@example.com"}}]});
        assert_eq!(w.post(&write, "/user/bulk", bulk).await.status, 403);
        assert_eq!(w.patch("sara", &at, json!({"email": "thief@example.com"})).await.status, 403);
        assert_eq!(w.delete(&write, &at).await.status, 403);
        assert_eq!(w.count("user").await, 6);
    })
    .await;
}
