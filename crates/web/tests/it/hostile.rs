//! What strangers and careless programs send.

use crate::browser::{Browser, company, party};
use axum::body::Body;
use axum::http::Request;

#[tokio::test(flavor = "multi_thread")]
async fn writes_from_other_sites_are_refused() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let here = format!("/party/{}", party(&company, "أحمد", None).await);
        let delete = format!("{here}/delete");
        b.post_with(&delete, &[], &[("sec-fetch-site", "cross-site")]).await.is(403);
        b.post_with(&delete, &[], &[("sec-fetch-site", "same-site")]).await.is(403);
        b.post_with(&delete, &[], &[("origin", "https://evil.example"), ("host", "crm.example")]).await.is(403);
        b.post_with("/sign-in", &[("email", "x"), ("password", "y")], &[("origin", "null"), ("host", "crm.example")]).await.is(403);
        b.get(&here).await.is(200);
        b.post_with(&delete, &[], &[("origin", "https://crm.example"), ("host", "crm.example")]).await.is(303);
        // Reading never changes anything.
        b.get(&delete).await.is(400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_armoured() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        for path in ["/party", "/sign-in", "/nonsense", "/party/nonsense", "/search?q=x"] {
            let a = b.get(path).await;
            let csp = a.headers["content-security-policy"].to_str().unwrap();
            assert!(csp.contains("script-src 'self';") && csp.contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(a.headers["x-content-type-options"], "nosniff");
            assert_eq!(a.headers["referrer-policy"], "same-origin");
            assert!(a.headers.contains_key("x-request-id"));
            assert!(!a.body.contains("onclick=") && !a.body.contains("<script>"), "{path}");
        }
        b.get("/nonsense").await.is(404).has("dir=\"rtl\"").lacks("nonsense</h2>");
        b.get("/party/01890000-0000-7000-8000-000000000000").await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_and_scripts_stay_text() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
        let made = b.post("/party/new", &[("name.ar", evil), ("kind", "person"), ("stage", "prospect"), ("note", evil), ("job_title", evil)]).await;
        made.is(303);
        for path in [made.to(), "/party", "/party/board", "/search?q=script", &format!("{}/edit", made.to()), &format!("{}?tab=history", made.to())] {
            b.get(path).await.is(200).lacks("<script>alert").lacks("<img src=x");
        }
        b.piece("/-/palette?q=script").await.lacks("<script>alert");
        b.post("/party/new", &[("name.ar", "أحمد"), ("kind", "person"), ("stage", "prospect"), ("website", "javascript:alert(1)")]).await.is(422).lacks("href=\"javascript:");
        b.get("/party?search=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await.is(200).lacks("<script>alert");
        b.post("/-/preferences", &[("lang", "ar"), ("back", "https://evil.example/")]).await.is(303);
        assert_eq!(b.post("/-/preferences", &[("lang", "ar"), ("back", "//evil.example/")]).await.to(), "/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_conditions_are_explained_not_run() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        party(&company, "أحمد", None).await;
        for q in ["name ==", "nonsense == 1", "1; DROP TABLE party", "name == 'x' OR 1=1 --", "((((", "exists(nothing)"] {
            let path = format!("/party?q={}", form_urlencoded::byte_serialize(q.as_bytes()).collect::<String>());
            b.get(&path).await.is(422).has("flash").lacks("row-title");
        }
        b.get("/party?f=nonsense&op=eq&v=1").await.is(422);
        b.get("/party?f=birthday&op=ge&v=notadate").await.is(422);
        b.get("/party?sort=nonsense").await.is(422);
        b.get("/party?sort=note").await.is(422);
        b.get("/party?columns=nonsense,phone").await.is(200).has("data-key=\"phone\"");
        b.get("/party?limit=99999999&at=-5&view=nonsense").await.is(200).has("أحمد");
        b.get("/party").await.is(200).has("أحمد");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let post = |media: &str, body: Vec<u8>| Request::post("/party/new").header("content-type", media).header("sec-fetch-site", "same-origin").body(Body::from(body)).unwrap();
        b.send(post("application/json", b"{}".to_vec())).await.is(400);
        b.send(post("application/x-www-form-urlencoded", vec![0xff, 0xfe])).await.is(400);
        b.send(post("multipart/form-data", b"--XX\r\nbroken".to_vec())).await.is(400);
        b.send(post("application/x-www-form-urlencoded", vec![b'a'; 3 << 20])).await.is(413);
        let long = "ا".repeat(300);
        b.post("/party/new", &[("name.ar", long.as_str()), ("kind", "person"), ("stage", "prospect")]).await.is(422).has(&long);
        b.get("/party").await.is(200);
    })
    .await;
}
