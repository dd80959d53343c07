//! First run, signing in and out, preferences, sessions and tokens.

use crate::browser::{Browser, PASSWORD, company, user};

const SETUP: [(&str, &str); 8] = [
    ("company.ar", "تجارة النخيل"),
    ("country", "SA"),
    ("currency", "SAR"),
    ("zone", "Asia/Riyadh"),
    ("lang", "ar"),
    ("email", "sara@example.com"),
    ("name.ar", "سارة العتيبي"),
    ("password", PASSWORD),
];

#[tokio::test(flavor = "multi_thread")]
async fn first_run_makes_company_and_administrator() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::new(&company);
        assert_eq!(b.get("/party").await.to(), "/setup");
        b.get("/setup").await.is(200).has("أهلًا بك في صلة").has("dir=\"rtl\"");
        b.get("/setup?lang=en").await.is(200).has("Welcome to Sila").has("dir=\"ltr\"");

        let short: Vec<(&str, &str)> = SETUP.iter().map(|(k, v)| if *k == "password" { (*k, "123") } else { (*k, *v) }).collect();
        b.post("/setup", &short).await.is(422).has("تجارة النخيل").has("field-error");
        assert!(!company.has_users().await.unwrap());

        let a = b.post("/setup", &SETUP).await;
        assert_eq!((a.status.as_u16(), a.to()), (303, "/"));
        b.get("/").await.is(200).has("تجارة النخيل").has("سارة العتيبي");
        // The door closes behind the first one.
        Browser::new(&company).post("/setup", &SETUP).await.is(403);
        assert_eq!(Browser::new(&company).get("/setup").await.to(), "/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_out() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "noura@example.com", "نورة", "seller").await;
        let mut b = Browser::new(&company);
        assert_eq!(b.get("/party?q=x").await.to(), "/sign-in?next=%2Fparty%3Fq%3Dx");
        b.post("/sign-in", &[("email", "noura@example.com"), ("password", "خطأ")]).await.is(401).has("noura@example.com").has("البريد الإلكتروني أو كلمة المرور");
        let a = b.post("/sign-in", &[("email", "NOURA@example.com"), ("password", PASSWORD), ("next", "//evil.example/x")]).await;
        assert_eq!(a.to(), "/", "never to another host");
        let cookie = a.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).find(|v| v.starts_with("sila_session")).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        b.get("/party").await.is(200);
        assert_eq!(b.post("/-/sign-out", &[]).await.to(), "/sign-in");
        assert!(b.get("/party").await.to().starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_change_how_pages_read() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "noura@example.com", "نورة", "admin").await;
        assert_eq!(b.post("/-/preferences", &[("lang", "en"), ("theme", "dark"), ("density", "compact"), ("back", "/party")]).await.to(), "/party");
        b.get("/party").await.has("dir=\"ltr\"").has("data-theme=\"dark\"").has("data-density=\"compact\"").has("Parties");
        b.post("/-/preferences", &[("lang", "ar"), ("digits", "arab"), ("calendar", "hijri"), ("lang", "xx")]).await;
        b.get("/me").await.has("data-digits=\"latn\"").has("dir=\"ltr\"");
        b.post("/-/preferences", &[("lang", "ar")]).await;
        b.get("/me").await.is(200).has("data-digits=\"arab\"").has("data-calendar=\"hijri\"").has("هذه الجلسة");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_tokens_and_password_are_ones_own() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut first = Browser::of(&company, "noura@example.com", "نورة", "seller").await;
        let mut second = Browser::new(&company);
        second.post("/sign-in", &[("email", "noura@example.com"), ("password", PASSWORD)]).await.is(303);
        first.post("/me/sessions/others/revoke", &[]).await.is(303);
        assert!(second.get("/party").await.to().starts_with("/sign-in"));

        let made = first.post("/me/tokens", &[("name", "ربط المتجر"), ("scopes", "read")]).await;
        made.is(200).has("ربط المتجر").has("sila_");
        first.get("/me").await.has("ربط المتجر").lacks("token-once");
        first.post("/me/tokens", &[("name", ""), ("scopes", "read")]).await.is(422);

        first.post("/me/password", &[("old", "ليست هي"), ("password", "جملة جديدة طويلة")]).await.is(422).has("field-error");
        first.post("/me/password", &[("old", PASSWORD), ("password", "جملة جديدة طويلة")]).await.is(303);
        first.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forgotten_passwords_tell_nothing() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let id = user(&company, "noura@example.com", "نورة", "seller").await;
        let mut b = Browser::new(&company);
        let known = b.post("/forgot", &[("email", "noura@example.com")]).await;
        let unknown = b.post("/forgot", &[("email", "nobody@example.com")]).await;
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        let token = auth::reset::issue(&company, id).await.unwrap();
        let path = format!("/reset?token={}", token.reveal());
        b.get(&path).await.is(200).has("كلمة المرور الجديدة");
        b.post("/reset", &[("token", token.reveal()), ("password", "قصيرة")]).await.is(422);
        assert_eq!(b.post("/reset", &[("token", token.reveal()), ("password", "جملة جديدة طويلة")]).await.to(), "/sign-in");
        b.get(&path).await.is(422);
        b.post("/sign-in", &[("email", "noura@example.com"), ("password", "جملة جديدة طويلة")]).await.is(303);
    })
    .await;
}
