//! What does not fit is refused in clear words, and nothing is stored.

use crate::company::{enc, world};
use axum::body::Body;
use serde_json::{Value as Json, json};

#[tokio::test]
async fn values_that_do_not_fit() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let name = json!({"ar": "مؤسسة الواحة"});
        let cases: &[(Json, &str)] = &[
            (json!({"city": "جدة"}), "name value-required"),
            (json!({"name": name, "nmae": "x"}), "nmae expr-unknown-field"),
            (json!({"name": name, "city": 12}), "city value-wrong-type"),
            (json!({"name": name, "city": "م".repeat(41)}), "city value-too-long"),
            (json!({"name": {"ar": "ن".repeat(300)}}), "name value-too-long"),
            (json!({"name": name, "email": "ليس بريدًا"}), "email value-not-email"),
            (json!({"name": name, "phone": "12"}), "phone value-not-phone"),
            (json!({"name": name, "since": "31/12/2026"}), "since value-not-date"),
            (json!({"name": name, "since": "2026-02-30"}), "since value-not-date"),
            (json!({"name": name, "credit": {"amount": "1.234", "currency": "SAR"}}), "credit value-too-precise"),
            (json!({"name": name, "credit": {"amount": "1", "currency": "riyal"}}), "credit value-unknown-currency"),
            (json!({"name": name, "credit": {"amount": "99999999999999999999", "currency": "SAR"}}), "credit value-too-large"),
            (json!({"name": name, "credit": "كثير"}), "credit value-not-number"),
            (json!({"name": name, "owner": "not-an-id"}), "owner value-not-id"),
            (json!({"name": name, "owner": uuid::Uuid::now_v7()}), "owner value-no-such-record"),
            (json!({"name": name, "orders_count": 7}), "orders_count value-read-only"),
            (json!({"name": name, "created_at": "2020-01-01T00:00:00Z"}), "created_at value-read-only"),
            (json!({"name": name, "id": uuid::Uuid::now_v7()}), "id expr-unknown-field"),
        ];
        for (body, issue) in cases {
            assert_eq!(w.post("manager", "/party", body.clone()).await.issue(422), *issue, "{body}");
        }
        // All faults at once.
        let many = w.post("manager", "/party", json!({"name": name, "email": "x", "phone": "y", "ghost": 1})).await.is(422);
        assert_eq!(many["issues"].as_array().unwrap().len(), 3);
        let near = w.with("manager", "POST", "/party", json!({"name": name, "cty": "x"}), &[("accept-language", "en")]).await.is(422);
        assert!(near["issues"][0]["message"].as_str().unwrap().contains("city"), "{near}");
        let party = w.party("manager", "م", "", "").await;
        assert_eq!(w.post("manager", "/order", json!({"party": party, "status": "ghost"})).await.status, 422);
        assert_eq!((w.count("party").await, w.count("order").await), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn requests_that_cannot_be_read() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let raw = async |media: &str, body: Vec<u8>| {
            w.send(w.request("manager", "POST", "/party").header("content-type", media).body(Body::from(body)).unwrap()).await
        };
        assert_eq!(raw("application/json", b"{\"name\": ".to_vec()).await.issue(400), " api-not-json");
        assert_eq!(raw("application/json", b"[1,2]".to_vec()).await.issue(400), " api-not-object");
        assert_eq!(raw("application/json", b"{\"city\": \"\xff\xfe\"}".to_vec()).await.issue(400), " api-not-json");
        assert_eq!(raw("text/xml", b"<a/>".to_vec()).await.issue(400), " api-not-json-type");
        assert_eq!(raw("application/x-www-form-urlencoded", b"name=x".to_vec()).await.issue(400), " api-not-json-type");
        let deep = |n: usize| format!("{{\"extra\": {}1{}}}", "[".repeat(n), "]".repeat(n)).into_bytes();
        assert_eq!(raw("application/json", deep(100)).await.issue(400), " value-too-deep");
        assert_eq!(raw("application/json", deep(5_000)).await.issue(400), " value-too-deep");
        let big = format!("{{\"city\": \"{}\"}}", "x".repeat(11 * 1024 * 1024)).into_bytes();
        assert_eq!(raw("application/json", big).await.issue(413), " api-body-too-large");
        // A NUL has no place in PostgreSQL text; control characters are dropped, so it does not get there.
        let nul = raw("application/json", br#"{"name": {"ar": "a\u0000b"}, "extra": {"k": "a\u0000"}}"#.to_vec()).await;
        assert_eq!(nul.status, 422);
        assert_eq!(w.count("party").await, 0);
    })
    .await;
}

#[tokio::test]
async fn queries_that_ask_for_nonsense() {
    testdb::both(async |url| {
        let w = world(&url).await;
        w.party("manager", "مؤسسة الواحة", "Oasis", "جدة").await;
        let unprocessable = [
            ("filter=city%20%3D%3D", "filter expr-unexpected-end"),
            ("filter=ctiy%20%3D%3D%20%22x%22", "filter expr-unknown-field"),
            ("filter=city%20%3E%20today()", "filter expr-types"),
            ("filter=city", "filter expr-not-condition"),
            ("sort=ghost", "sort expr-unknown-field"),
            ("sort=extra", "sort sort-not-possible"),
            ("fields=ghost", "fields expr-unknown-field"),
            ("after=garbage", "after cursor-not-for-this-list"),
            ("after=i5.", "after cursor-not-for-this-list"),
        ];
        for (query, issue) in unprocessable {
            assert_eq!(w.get("manager", &format!("/party?{query}")).await.issue(422), issue, "{query}");
        }
        let unreadable = [
            ("limit=0", "limit api-number-range"),
            ("limit=501", "limit api-number-range"),
            ("limit=ten", "limit api-number-range"),
            ("count=all", "count api-bad-count"),
            ("trash=maybe", "trash value-not-bool"),
            ("flter=x", "flter api-unknown-parameter"),
            ("limit=1&limit=2", "limit api-parameter-twice"),
            ("after=a&before=b", "before api-after-or-before"),
        ];
        for (query, issue) in unreadable {
            assert_eq!(w.get("manager", &format!("/party?{query}")).await.issue(400), issue, "{query}");
        }
        // Injected SQL is a text that nothing equals, or no expression at all.
        for injected in ["city == \"x' OR 1=1 --\"", "city == \"\\\"; DROP TABLE party; --\"", "contains(city, \"%' OR '1'='1\")"] {
            let page = w.get("manager", &format!("/party?filter={}", enc(injected))).await.is(200);
            assert_eq!(page["data"], json!([]), "{injected}");
        }
        for injected in ["1=1; DROP TABLE party", "city == 'x' OR 1=1", "city == \"x\" UNION SELECT * FROM sila_token"] {
            assert_eq!(w.get("manager", &format!("/party?filter={}", enc(injected))).await.status, 422, "{injected}");
        }
        for sort in ["name;DROP TABLE party", "name\" --", "(SELECT 1)"] {
            assert_eq!(w.get("manager", &format!("/party?sort={}", enc(sort))).await.status, 422, "{sort}");
        }
        let long = enc(&format!("city == \"{}\"", "x".repeat(30_000)));
        assert_eq!(w.get("manager", &format!("/party?filter={}", long)).await.status / 100, 4);
        for (path, status) in [("/party/not-an-id", 404), ("/ghost/1", 404), ("/party;DROP/1", 404), ("/sila_token", 404), ("/search", 422)] {
            assert_eq!(w.get("manager", path).await.status, status, "{path}");
        }
        let bad = w.with("manager", "PATCH", &format!("/party/{}", uuid::Uuid::now_v7()), json!({}), &[("if-match", "seven")]).await;
        assert_eq!(bad.issue(400), "If-Match api-bad-etag");
        assert_eq!(w.count("party").await, 1);
    })
    .await;
}

#[tokio::test]
async fn uploads_that_are_not_what_they_say() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let party = w.party("manager", "مؤسسة الواحة", "Oasis", "جدة").await;
        let send = async |name: &str, bytes: Vec<u8>| {
            let path = format!("/party/{party}/files?name={}", enc(name));
            w.send(w.request("manager", "POST", &path).header("content-type", "application/octet-stream").body(Body::from(bytes)).unwrap()).await
        };
        assert_eq!(send("صورة.png", "ليست صورة".as_bytes().to_vec()).await.issue(422), "file file-not-what-it-says");
        assert_eq!(send("عقد.pdf", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00".to_vec()).await.status, 422);
        assert_eq!(send("صفحة.html", b"<html><script>alert(1)</script></html>".to_vec()).await.issue(422), "file file-kind-refused");
        assert_eq!(send("فارغ.txt", Vec::new()).await.issue(422), "file file-empty");
        assert_eq!(send("كبير.txt", vec![b'a'; 26 * 1024 * 1024]).await.status, 413);
        let form = w
            .send(w.request("manager", "POST", &format!("/party/{party}/files")).header("content-type", "multipart/form-data; boundary=x").body(Body::from("--x\r\nbroken")).unwrap())
            .await;
        assert_eq!(form.issue(400), "file api-bad-multipart");
        assert_eq!(w.get("manager", &format!("/party/{party}/files")).await.is(200)["data"], json!([]));
    })
    .await;
}
