//! Guessing is slowed by the address it comes from, and only for that address.

use crate::browser::{Browser, company, user};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use std::net::SocketAddr;

async fn guess(b: &mut Browser, ip: &str, email: &str) -> u16 {
    let peer: SocketAddr = format!("{ip}:50000").parse().unwrap();
    let request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        // Said by whoever likes to: without a proxy in front it counts for nothing.
        .header("x-forwarded-for", email.split('@').next().unwrap())
        .extension(ConnectInfo(peer));
    let body = format!("email={}&password=wrong", email.replace('@', "%40"));
    b.send(request.body(Body::from(body)).unwrap()).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_that_guesses_waits_and_the_others_do_not() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "sara@example.com", "سارة", "admin").await;
        // The clock stands, so that no wait is over by itself.
        company.clock().set("2026-03-10T09:00:00Z".parse().unwrap());
        let mut b = Browser::new(&company);
        for i in 0..40 {
            let status = guess(&mut b, "203.0.113.7", &format!("guess{i}@example.com")).await;
            assert!(matches!(status, 401 | 422), "{i}: {status}");
        }
        assert_eq!(guess(&mut b, "203.0.113.7", "sara@example.com").await, 429);
        assert!(matches!(guess(&mut b, "203.0.113.8", "sara@example.com").await, 401 | 422));
    })
    .await;
}
