use crate::company::{World, world};
use api::webhook;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex};

type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A receiver that answers with the status it is told.
async fn receiver(status: Arc<Mutex<u16>>) -> (String, Heard) {
    let heard = Heard::default();
    let keep = heard.clone();
    let router = Router::new().route(
        "/hook",
        post(move |headers: HeaderMap, body: Bytes| async move {
            keep.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
            StatusCode::from_u16(*status.lock().unwrap()).unwrap()
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, heard)
}

/// Runs what waits in the queue, also what is not due yet.
async fn work(w: &World) {
    let mut cx = w.company.write(&w.company.system()).await.unwrap();
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_job SET due_at = 0 WHERE state = 'waiting'");
    cx.tx.exec(&sql).await.unwrap();
    cx.commit().await.unwrap();
    engine::runner::run_due(&w.company, &api::jobs()).await.unwrap();
}

async fn hook(w: &World, url: &str, events: &[&str]) -> (String, String) {
    let made = w.post("admin", "/admin/webhooks", json!({"url": url, "events": events})).await.is(201);
    (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn events_are_signed_and_delivered_and_tried_again() {
    testdb::both(async |url| {
        let w = world(&url).await;
        w.company.reach_inside(true).await.unwrap();
        let status = Arc::new(Mutex::new(503));
        let (to, heard) = receiver(status.clone()).await;
        let (id, secret) = hook(&w, &to, &["order.*"]).await;
        let party = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        let order = w.order("sara", &party, "10").await;
        w.post("sara", &format!("/order/{order}/confirm"), Json::Null).await.is(200);
        // Refused requests tell nobody anything.
        w.post("sara", "/order", json!({"party": "x"})).await.is(422);

        engine::runner::run_due(&w.company, &api::jobs()).await.unwrap();
        let at = format!("/admin/webhooks/{id}/deliveries");
        let list = w.get("admin", &at).await.is(200);
        let first = list["data"].as_array().unwrap().len();
        assert!(first >= 2, "{list}");
        assert!(list["data"].as_array().unwrap().iter().all(|d| d["status"] == "retrying" && d["response_code"] == 503));

        *status.lock().unwrap() = 200;
        heard.lock().unwrap().clear();
        work(&w).await;
        let list = w.get("admin", &at).await.is(200);
        assert_eq!(list["data"].as_array().unwrap().len(), first);
        assert!(list["data"].as_array().unwrap().iter().all(|d| d["status"] == "delivered" && d["attempts"] == 2), "{list}");

        let calls = std::mem::take(&mut *heard.lock().unwrap());
        assert_eq!(calls.len(), first);
        let header = |h: &HeaderMap, n: &str| h[n].to_str().unwrap().to_owned();
        let mut kinds: Vec<String> = Vec::new();
        for (headers, body) in &calls {
            let timestamp: i64 = header(headers, "x-sila-timestamp").parse().unwrap();
            assert_eq!(header(headers, "x-sila-signature"), webhook::signature(&secret, timestamp, body));
            let json: Json = serde_json::from_str(body).unwrap();
            assert_eq!(json["delivery"], header(headers, "x-sila-delivery"));
            assert_eq!((json["record_id"].as_str(), json["data"]["number"].as_str()), (Some(order.as_str()), Some("ط-0001")));
            kinds.push(header(headers, "x-sila-event"));
        }
        kinds.sort();
        kinds.dedup();
        assert_eq!(kinds, ["order.confirmed", "order.created", "order.updated"]);

        let delivery = list["data"][0]["id"].as_str().unwrap();
        w.post("admin", &format!("{at}/{delivery}/redeliver"), Json::Null).await.is(202);
        work(&w).await;
        assert_eq!(heard.lock().unwrap().len(), 1);
        // Nothing is left to do, and nothing is said twice.
        work(&w).await;
        assert_eq!(heard.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn addresses_inside_are_not_called() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let (to, heard) = receiver(Arc::new(Mutex::new(200))).await;
        let (id, _) = hook(&w, &to, &["*"]).await;
        w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        work(&w).await;
        assert!(heard.lock().unwrap().is_empty());
        let list = w.get("admin", &format!("/admin/webhooks/{id}/deliveries")).await.is(200);
        assert_eq!(list["data"][0]["status"], "failed");
    })
    .await;
}

#[tokio::test]
async fn what_never_answers_is_switched_off() {
    testdb::both(async |url| {
        let w = world(&url).await;
        w.company.reach_inside(true).await.unwrap();
        w.company.clock().set("2026-03-01T08:00:00Z".parse().unwrap());
        // A port where nobody listens.
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let (id, _) = hook(&w, &format!("http://{free}/"), &["party.created"]).await;
        w.party("sara", "أول", "", "").await;
        work(&w).await;
        let at = format!("/admin/webhooks/{id}");
        assert_eq!(w.get("admin", &at).await.is(200)["active"], true);
        w.company.clock().set("2026-03-04T09:00:00Z".parse().unwrap());
        w.party("sara", "ثان", "", "").await;
        // The first delivery is dead by then; the second one finds that nothing went through for three days.
        let mut cx = w.company.write(&w.company.system()).await.unwrap();
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_job SET state = 'dead', rank = NULL WHERE attempts > 0");
        cx.tx.exec(&sql).await.unwrap();
        cx.commit().await.unwrap();
        work(&w).await;
        assert_eq!(w.get("admin", &at).await.is(200)["active"], false);
    })
    .await;
}

#[tokio::test]
async fn webhooks_are_kept_in_order() {
    testdb::both(async |url| {
        let w = world(&url).await;
        for (body, issue) in [
            (json!({"url": "ftp://example.com", "events": ["*"]}), "url outside-bad-url"),
            (json!({"url": "https://u:p@example.com", "events": ["*"]}), "url outside-bad-url"),
            (json!({"url": "https://example.com", "events": []}), "events value-required"),
            (json!({"url": "https://example.com", "events": ["ghost.created"]}), "events api-bad-event"),
            (json!({"url": "https://example.com", "events": ["*"], "key": 1}), "key expr-unknown-field"),
        ] {
            assert_eq!(w.post("admin", "/admin/webhooks", body).await.issue(422), issue);
        }
        let (id, secret) = hook(&w, "https://example.com/in", &["party.created", "order.*"]).await;
        let at = format!("/admin/webhooks/{id}");
        assert!(secret.starts_with("whsec_"));
        assert!(!w.get("admin", "/admin/webhooks").await.is(200).to_string().contains("whsec_"));
        let changed = w.patch("admin", &at, json!({"active": false, "events": ["*"]})).await.is(200);
        assert_eq!((&changed["active"], &changed["events"]), (&json!(false), &json!(["*"])));
        assert_eq!(w.delete("admin", &at).await.status, 204);
        assert_eq!(w.get("admin", &at).await.status, 404);
        assert_eq!(w.delete("admin", &at).await.status, 404);
    })
    .await;
}
