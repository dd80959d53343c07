use crate::company::world;
use serde_json::json;

#[tokio::test]
async fn the_same_key_gives_the_first_answer() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let body = json!({"name": {"ar": "مؤسسة الواحة"}});
        let key = [("idempotency-key", "k-1")];
        let first = w.with("sara", "POST", "/party", body.clone(), &key).await;
        let again = w.with("sara", "POST", "/party", body.clone(), &key).await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!((again.header("location"), again.header("etag")), (first.header("location"), first.header("etag")));
        assert_eq!(first.is(201), again.is(201));
        assert_eq!(w.count("party").await, 1);
        // Another body, another path, another person.
        assert_eq!(w.with("sara", "POST", "/party", json!({"name": {"ar": "أخرى"}}), &key).await.issue(422), "Idempotency-Key api-key-reused");
        assert_eq!(w.with("omar", "POST", "/party", body.clone(), &key).await.status, 201);
        assert_eq!(w.with("sara", "POST", "/party", body, &[("idempotency-key", "")]).await.issue(400), "Idempotency-Key api-bad-idempotency-key");
        assert_eq!(w.count("party").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let key = [("idempotency-key", "k-2")];
        assert_eq!(w.with("sara", "POST", "/party", json!({"city": "جدة"}), &key).await.status, 422);
        let party = w.party("sara", "م", "", "").await;
        // The transaction fails inside: nothing of it stays, not even the key.
        let order = json!({"party": uuid::Uuid::now_v7()});
        assert_eq!(w.with("sara", "POST", "/order", order, &key).await.status, 422);
        assert_eq!(w.with("sara", "POST", "/order", json!({"party": party}), &key).await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_runs() {
    testdb::both(async |url| {
        let w = std::sync::Arc::new(world(&url).await);
        let calls = (0..8).map(|_| {
            let w = w.clone();
            tokio::spawn(async move { w.with("sara", "POST", "/party", json!({"name": {"ar": "واحد"}}), &[("idempotency-key", "race")]).await.is(201) })
        });
        let mut ids = std::collections::BTreeSet::new();
        for c in calls.collect::<Vec<_>>() {
            ids.insert(c.await.unwrap()["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(ids.len(), 1);
        assert_eq!(w.count("party").await, 1);
    })
    .await;
}

#[tokio::test]
async fn actions_comments_files_and_bulk_have_keys_too() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("sara", "م", "", "").await;
        let order = w.order("sara", &party, "5").await;
        for (path, body) in [
            (format!("/order/{order}/confirm"), json!({})),
            (format!("/party/{party}/comments"), json!({"body": "مرحبًا"})),
            ("/party/bulk".to_owned(), json!({"system": "erp", "records": [{"key": "1", "values": {"name": {"ar": "س"}}}]})),
        ] {
            let key = [("idempotency-key", path.as_str())];
            let first = w.with("sara", "POST", &path, body.clone(), &key).await;
            assert_eq!(first.status / 100, 2, "{path} {}", first.json());
            let again = w.with("sara", "POST", &path, body, &key).await;
            assert_eq!(again.header("idempotent-replayed"), "true", "{path}");
            assert_eq!(first.json(), again.json(), "{path}");
        }
        assert_eq!((w.count("sila_comment").await, w.count("party").await), (1, 2));
        let upload = || {
            let path = format!("/party/{party}/files?name=a.txt");
            w.request("sara", "POST", &path).header("idempotency-key", "f").body(axum::body::Body::from("نص")).unwrap()
        };
        let (first, again) = (w.send(upload()).await.is(201), w.send(upload()).await.is(201));
        assert_eq!(first, again);
        assert_eq!(w.count("sila_file").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_client_that_gives_up_and_asks_again_gets_one_record() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let body = json!({"name": {"ar": "مرة واحدة"}});
        let key = [("idempotency-key", "hasty")];
        // Dropped at every stage of its work, as when the connection or the process is lost.
        for micros in (0..60).map(|n| n * 150) {
            let _ = tokio::time::timeout(std::time::Duration::from_micros(micros), w.with("sara", "POST", "/party", body.clone(), &key)).await;
        }
        let last = w.with("sara", "POST", "/party", body.clone(), &key).await.is(201);
        assert_eq!(w.with("sara", "POST", "/party", body, &key).await.is(201), last);
        assert_eq!(w.count("party").await, 1);
        assert_eq!(w.names("sara", "/party").await, ["مرة واحدة"]);
    })
    .await;
}
