use crate::company::world;
use axum::body::Body;
use serde_json::{Value as Json, json};

#[tokio::test]
async fn time_line_history_and_comments() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        w.patch("sara", &format!("/party/{party}"), json!({"city": "الرياض"})).await.is(200);
        let order = w.order("sara", &party, "10").await;
        let comments = format!("/party/{party}/comments");
        let written = w.post("sara", &comments, json!({"body": "اتصلت به اليوم"})).await.is(201);
        assert_eq!(w.post("sara", &comments, json!({"body": "  "})).await.issue(422), "body value-required");
        assert_eq!(w.post("sara", &comments, json!({"text": "x"})).await.issue(422), "text expr-unknown-field");
        assert_eq!(w.post("omar", &comments, json!({"body": "x"})).await.status, 404);

        let list = w.get("manager", &comments).await.is(200);
        assert_eq!(list["data"][0]["body"], "اتصلت به اليوم");
        assert_eq!(list["data"][0]["author"]["name"]["latin"], "sara");

        let line = w.get("sara", &format!("/party/{party}/timeline")).await.is(200);
        let mut kinds: Vec<String> = line["data"].as_array().unwrap().iter().map(|e| format!("{}.{}", e["object"].as_str().unwrap(), e["kind"].as_str().unwrap())).collect();
        kinds.sort();
        assert_eq!(kinds, ["order.created", "party.comment", "party.created", "party.updated"]);
        assert_eq!(line["records"][&order]["party"], json!(party));
        let only = w.get("sara", &format!("/party/{party}/timeline?kinds=order&limit=1")).await.is(200);
        assert_eq!(only["data"].as_array().unwrap().len(), 1);

        let history = w.get("sara", &format!("/party/{party}/history")).await.is(200);
        assert_eq!(history["data"][0]["changes"]["city"], json!(["جدة", "الرياض"]));
        assert_eq!(history["data"][0]["actor"]["id"], json!(w.users["sara"]));

        let gone = format!("{comments}/{}", written["id"].as_str().unwrap());
        assert_eq!(w.delete("viewer", &gone).await.status, 404);
        assert_eq!(w.delete("sara", &gone).await.status, 204);
        assert_eq!(w.get("sara", &comments).await.is(200)["data"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn files_come_and_go_under_the_rule_of_their_record() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        let files = format!("/party/{party}/files");
        let form = "--صلة\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../../ملاحظات.txt\"\r\n\r\nمرحبًا\r\n--صلة--\r\n".replace("صلة", "boundary");
        let upload = |who: &str| w.request(who, "POST", &files).header("content-type", "multipart/form-data; boundary=boundary").body(Body::from(form.clone())).unwrap();
        let kept = w.send(upload("sara")).await.is(201);
        assert_eq!((kept["name"].as_str(), kept["media"].as_str()), (Some("ملاحظات.txt"), Some("text/plain")));
        assert_eq!(w.send(upload("viewer")).await.status, 403);
        assert_eq!(w.send(upload("omar")).await.status, 404);

        let list = w.get("sara", &files).await.is(200);
        assert_eq!(list["data"][0]["size"], "مرحبًا".len());
        let at = format!("{files}/{}", kept["id"].as_str().unwrap());
        let content = w.get("sara", &at).await;
        assert_eq!(content.bytes, "مرحبًا".as_bytes());
        assert!(content.header("content-disposition").starts_with("attachment; filename*=UTF-8''%D9%85"));
        assert_eq!(content.header("x-content-type-options"), "nosniff");
        assert_eq!(w.get("omar", &at).await.status, 404);
        assert_eq!(w.delete("sara", &at).await.status, 204);
        assert_eq!(w.get("sara", &at).await.status, 404);
        assert_eq!(w.call("sara", "POST", &files, Json::Null).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn sal_9_notifications_are_the_callers_own() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        let sara: uuid::Uuid = w.users["sara"].to_string().parse().unwrap();
        let mut cx = w.company.write(&w.company.system()).await.unwrap();
        let notice = engine::Notice { user: sara, kind: "assigned", object: "party", record: party.parse().unwrap(), data: Json::Null };
        assert!(cx.notify(notice).await.unwrap());
        cx.commit().await.unwrap();
        assert_eq!(w.get("omar", "/notifications").await.is(200)["data"], json!([]));
        let list = w.with("sara", "GET", "/notifications?unread=1", Json::Null, &[("accept-language", "en")]).await.is(200);
        assert_eq!((list["unseen"].as_i64(), list["data"][0]["sentence"].as_str()), (Some(1), Some("The system assigned Oasis to you")));
        assert_eq!(w.get("sara", "/notifications?kinds=mention").await.is(200)["data"], json!([]));
        assert_eq!(w.get("sara", "/notifications?colour=1").await.status, 400);
        let id = list["data"][0]["id"].clone();
        assert_eq!(w.post("omar", "/notifications/read", json!({"ids": [id]})).await.is(200)["changed"], 0);
        assert_eq!(w.post("sara", "/notifications/read", json!({})).await.status, 400);
        assert_eq!(w.post("sara", "/notifications/read", json!({"ids": [id]})).await.is(200)["changed"], 1);
        assert_eq!(w.get("sara", "/notifications?unread=1").await.is(200)["data"], json!([]));
        assert_eq!(w.post("sara", "/notifications/read", json!({"all": true, "read": false})).await.is(200)["changed"], 1);
    })
    .await;
}
