use crate::company::world;
use serde_json::{Value as Json, json};

fn records(n: usize, city: &str) -> Vec<Json> {
    (0..n).map(|i| json!({"key": format!("C-{i}"), "values": {"name": {"ar": format!("عميل {i}")}, "city": city}})).collect()
}

#[tokio::test]
async fn an_erp_keeps_parties_up_to_date() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let body = json!({"system": "erp", "records": records(1_000, "جدة")});
        let first = w.post("manager", "/party/bulk", body.clone()).await.is(200);
        assert_eq!((&first["created"], &first["unchanged"]), (&json!(1_000), &json!(0)));
        let again = w.post("manager", "/party/bulk", body).await.is(200);
        assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(1_000)));
        assert_eq!(again["results"][7]["id"], first["results"][7]["id"]);
        let moved = w.post("manager", "/party/bulk", json!({"system": "erp", "records": records(3, "مكة")})).await.is(200);
        assert_eq!((&moved["updated"], &moved["results"][0]["rev"]), (&json!(3), &json!(2)));
        // Another system has keys of its own.
        let other = w.post("manager", "/party/bulk", json!({"system": "shop", "records": records(2, "مكة")})).await.is(200);
        assert_eq!(other["created"], 2);
        assert_eq!(w.count("party").await, 1_002);
    })
    .await;
}

#[tokio::test]
async fn all_or_nothing_and_each() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let mut list = records(5, "جدة");
        list[2]["values"]["city"] = json!(7);
        list[3]["values"] = json!({"city": "بلا اسم"});
        list[4]["values"]["owner"] = json!(uuid::Uuid::now_v7());
        let send = |mode: &'static str| w.post("manager", "/party/bulk", json!({"system": "erp", "mode": mode, "records": list}));
        assert_eq!(send("all_or_nothing").await.issue(422), "records[2].city value-wrong-type");
        assert_eq!(w.count("party").await, 0);
        let each = send("each").await.is(200);
        assert_eq!((&each["created"], &each["refused"]), (&json!(2), &json!(3)));
        assert_eq!(each["results"][3]["issues"][0]["key"], "value-required");
        assert_eq!(each["results"][4]["issues"][0]["key"], "value-no-such-record");
        assert_eq!((w.count("party").await, w.count("sila_external").await), (2, 2));

        list[2]["values"]["city"] = json!("جدة");
        let late = w.post("manager", "/party/bulk", json!({"system": "erp", "records": list})).await;
        assert_eq!(late.issue(422), "records[3].name value-required");
        assert_eq!(w.count("party").await, 2);
    })
    .await;
}

#[tokio::test]
async fn requests_that_do_not_fit() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let one = records(1, "جدة");
        let cases = [
            (json!({"records": one}), "system api-bad-system"),
            (json!({"system": "erp"}), "records value-required"),
            (json!({"system": "erp", "records": one, "mode": "some"}), "mode api-bad-mode"),
            (json!({"system": "erp", "records": records(1_001, "x")}), "records value-too-many"),
            (json!({"system": "erp", "record": one}), "record expr-unknown-field"),
            (json!({"system": "erp", "records": [one[0], one[0]]}), "records[1].key api-key-twice"),
            (json!({"system": "erp", "records": [{"values": {}}]}), "records[0].key value-required"),
            (json!({"system": "erp", "records": "x"}), "records api-bad-shape"),
        ];
        for (body, issue) in cases {
            assert_eq!(w.post("manager", "/party/bulk", body).await.issue(422), issue);
        }
        assert_eq!(w.post("viewer", "/party/bulk", json!({"system": "erp", "records": one})).await.status, 403);
        assert_eq!(w.post("nobody", "/party/bulk", json!({"system": "erp", "records": one})).await.status, 404);
        // Somebody else's record is not found by its key either.
        w.post("sara", "/party/bulk", json!({"system": "erp", "records": one})).await.is(200);
        let foreign = w.post("omar", "/party/bulk", json!({"system": "erp", "records": records(1, "سرقة")})).await;
        assert_eq!(foreign.status, 422);
        assert_eq!(w.get("sara", "/party").await.is(200)["data"][0]["city"], "جدة");
    })
    .await;
}
