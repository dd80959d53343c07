use crate::company::{enc, world};
use serde_json::{Value as Json, json};

#[tokio::test]
async fn a_record_lives_from_creation_to_the_end() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let made = w
            .post("sara", "/party", json!({"name": {"ar": "مكتبة النور", "latin": "Alnoor Books"}, "city": "جدة", "phone": "0501234567", "since": "2020-05-01"}))
            .await;
        assert_eq!(made.header("etag"), "\"1\"");
        let place = made.header("location");
        let party = made.is(201);
        let id = party["id"].as_str().unwrap();
        assert_eq!(place, format!("/api/v1/party/{id}"));
        assert_eq!(party["phone"], "+966501234567");
        assert_eq!(party["owner"], json!(w.users["sara"]));
        assert_eq!(party["orders_count"], 0);

        let at = format!("/party/{id}");
        let read = w.get("sara", &at).await;
        assert_eq!(read.header("etag"), "\"1\"");
        assert_eq!(read.header("cache-control"), "no-store");
        assert_eq!(read.is(200), party);

        let changed = w.patch("sara", &at, json!({"city": "الرياض", "phone": null})).await;
        assert_eq!(changed.header("etag"), "\"2\"");
        let changed = changed.is(200);
        assert_eq!((changed["city"].as_str(), &changed["phone"]), (Some("الرياض"), &Json::Null));
        // The same again is no change.
        assert_eq!(w.patch("sara", &at, json!({"city": "الرياض"})).await.is(200)["rev"], 2);
        // A record sent back whole is no offence.
        let mut whole = changed.clone();
        for key in ["created_at", "created_by", "updated_at", "updated_by"] {
            whole.as_object_mut().unwrap().remove(key);
        }
        whole["city"] = json!("مكة");
        assert_eq!(w.patch("sara", &at, whole.clone()).await.is(200)["rev"], 3);
        // … but it was based on revision 2.
        whole["city"] = json!("أبها");
        assert_eq!(w.patch("sara", &at, whole).await.is(409)["current"]["rev"], 3);

        assert_eq!(w.delete("sara", &at).await.status, 204);
        assert_eq!(w.get("sara", &at).await.status, 404);
        let trash = w.get("sara", "/party?trash=1").await.is(200);
        assert_eq!(trash["data"][0]["id"], json!(id));
        let back = w.post("sara", &format!("{at}/restore"), Json::Null).await.is(200);
        assert_eq!(back["city"], "مكة");
        assert_eq!(w.delete("sara", &at).await.status, 204);
        assert_eq!(w.post("sara", &format!("{at}/purge"), Json::Null).await.status, 204);
        assert_eq!(w.post("sara", &format!("{at}/restore"), Json::Null).await.status, 404);
        assert_eq!(w.count("party").await, 0);
    })
    .await;
}

#[tokio::test]
async fn lists_filter_sort_page_and_count() {
    testdb::both(async |url| {
        let w = world(&url).await;
        for (ar, city) in [("يوسف", "جدة"), ("أحمد", "الرياض"), ("خالد", "جدة"), ("بدر", "الرياض"), ("هند", "جدة")] {
            w.party("manager", ar, "", city).await;
        }
        assert_eq!(w.names("manager", "/party").await, ["أحمد", "بدر", "خالد", "هند", "يوسف"]);
        assert_eq!(w.names("manager", "/party?sort=-name&limit=2").await, ["يوسف", "هند"]);
        let filter = enc("city == \"جدة\"");
        assert_eq!(w.names("manager", &format!("/party?filter={filter}&sort=name")).await, ["خالد", "هند", "يوسف"]);
        assert_eq!(w.names("manager", &format!("/party?search={}", enc("احمد"))).await, ["أحمد"]);

        let mut seen = Vec::new();
        let mut path = "/party?limit=2&count=exact".to_owned();
        let last = loop {
            let page = w.get("manager", &path).await.is(200);
            assert_eq!(page["count"], json!({"n": 5, "exact": true}));
            seen.extend(page["data"].as_array().unwrap().iter().map(|r| r["name"]["ar"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => path = format!("/party?limit=2&count=exact&after={next}"),
                None => break page,
            }
        };
        assert_eq!(seen, ["أحمد", "بدر", "خالد", "هند", "يوسف"]);
        let before = last["prev"].as_str().unwrap();
        assert_eq!(w.names("manager", &format!("/party?limit=2&before={before}")).await, ["خالد", "هند"]);

        let page = w.get("manager", "/party?fields=city&limit=1&count=none").await.is(200);
        assert_eq!(page["count"], Json::Null);
        let keys: Vec<&String> = page["data"][0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "rev", "city"]);
        let page = w.get("manager", "/party?fields=id&limit=1").await.is(200);
        assert_eq!(page["data"][0].as_object().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn references_are_expanded_for_their_reader() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("sara", "مؤسسة الواحة", "Oasis", "الدمام").await;
        let order = w.order("sara", &party, "120.50").await;
        let page = w.get("sara", "/order?expand=party,party.owner&fields=total").await.is(200);
        let row = &page["data"][0];
        assert_eq!(row["_expand"]["party"]["name"]["ar"], "مؤسسة الواحة");
        assert_eq!(row["_expand"]["party"]["_expand"]["owner"]["id"], json!(w.users["sara"]));
        assert_eq!(row["total"], json!({"amount": "120.50", "currency": "SAR"}));
        // The viewer may not read users: their records stay out, and what is masked for him is masked inside too.
        let one = w.get("viewer", &format!("/order/{order}?expand=party.owner")).await.is(200);
        assert_eq!(one["_expand"]["party"]["_expand"]["owner"], Json::Null);
        assert!(one["_expand"]["party"].get("credit").is_none());
        assert_eq!(one["_expand"]["party"]["email"], "••••om");
        assert_eq!(w.get("sara", "/order?expand=ghost").await.issue(400), "expand expr-unknown-field");
        assert_eq!(w.get("sara", "/order?expand=party.owner.created_by.created_by").await.issue(400), "expand value-too-deep");
    })
    .await;
}

#[tokio::test]
async fn actions_run_under_their_guard() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("sara", "مؤسسة الواحة", "Oasis", "الدمام").await;
        let order = w.order("sara", &party, "10").await;
        let at = format!("/order/{order}/confirm");
        assert_eq!(w.post("sara", &at, json!({"nota": "x"})).await.issue(422), "nota expr-unknown-field");
        assert_eq!(w.with("sara", "POST", &at, Json::Null, &[("if-match", "\"9\"")]).await.status, 412);
        let done = w.post("sara", &at, json!({"note": "عاجل"})).await.is(200);
        assert_eq!((&done["record"]["status"], &done["record"]["note"], &done["data"]["confirmed"]), (&json!("confirmed"), &json!("عاجل"), &json!(true)));
        assert_eq!(w.post("sara", &at, Json::Null).await.issue(422), " action-not-now");
        assert_eq!(w.post("sara", &format!("/order/{order}/explode"), Json::Null).await.status, 404);
        // Roll-ups follow.
        assert_eq!(w.get("sara", &format!("/party/{party}")).await.is(200)["orders_count"], 1);
    })
    .await;
}

#[tokio::test]
async fn the_second_saver_gets_the_present_state() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("manager", "مؤسسة الواحة", "Oasis", "الدمام").await;
        let at = format!("/party/{party}");
        let save = |city: &'static str| w.with("manager", "PATCH", &at, json!({"city": city}), &[("if-match", "\"1\"")]);
        let (a, b) = tokio::join!(save("جدة"), save("مكة"));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let (won, lost) = if a.status == 200 { (a, b) } else { (b, a) };
        let lost = lost.json();
        assert_eq!(lost["type"], "urn:sila:problem:precondition-failed");
        assert_eq!(lost["current"]["city"], won.json()["city"]);
        assert_eq!(lost["current"]["rev"], 2);
        assert_eq!(w.with("manager", "DELETE", &at, Json::Null, &[("if-match", "\"1\"")]).await.status, 412);
        assert_eq!(w.with("manager", "DELETE", &at, Json::Null, &[("if-match", "\"2\"")]).await.status, 204);
    })
    .await;
}
