//! Setting up where people have accounts, the way there and back, and the page of one's own accounts. What a provider
//! answers is tried in `crates/auth/tests`.

use crate::browser::{Browser, company, user};
use auth::sso;
use engine::Company;
use serde_json::json;

const SECRET: &str = "sirr-al-muzawwid-17";

const FORM: [(&str, &str); 10] = [
    ("kind", "oidc"),
    ("key", "sso"),
    ("label.ar", "حساب الشركة"),
    ("label.en", "Company account"),
    ("issuer", "https://id.example.sa"),
    ("client", "sila"),
    ("scopes", "email profile"),
    ("mail", "email"),
    ("name", "name"),
    ("active", "1"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    FORM.iter().filter(|(k, _)| !more.iter().any(|(m, _)| m == k)).chain(more).copied().collect()
}

/// What the provider says of itself, as if it had been asked a moment ago.
async fn answered(company: &Company) {
    let at = |p: &str| format!("https://id.example.sa{p}");
    let said = json!({"issuer": at(""), "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"), "jwks_uri": at("/jwks"), "end_session_endpoint": at("/end")});
    let mut tx = company.db().write().await.unwrap();
    let text = json!({"at": company.now().as_second(), "said": said}).to_string();
    engine::settings::put(&mut tx, "sso:sso", "metadata", &text).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_only_administrators_set_up_providers_and_nobody_sees_the_secret() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut boss = Browser::of(&company, "sara@example.sa", "سارة القحطاني", "admin").await;
        let mut seller = Browser::of(&company, "noura@example.sa", "نورة العتيبي", "seller").await;
        let good = with(&[("domains", "example.sa، example.com"), ("secret", SECRET)]);
        for path in ["/admin/sign-in", "/admin/sign-in/providers/new", "/admin/sign-in/providers/sso"] {
            seller.get(path).await.is(403);
            Browser::new(&company).get(path).await.is(303);
        }
        for path in ["new", "sso", "sso/sync", "sso/delete"] {
            seller.post(&format!("/admin/sign-in/providers/{path}"), &good).await.is(403);
        }
        seller.post(&format!("/admin/sign-in/{}/untie?realm=oidc:x", uuid::Uuid::nil()), &[]).await.is(403);

        boss.get("/admin/sign-in/providers/new").await.is(200).has("/sign-in/with/sso/back");
        boss.get("/admin/sign-in/providers/new?kind=ldap").await.is(200).has("(objectClass=person)");
        boss.post("/admin/sign-in/providers/new", &with(&[("secret", SECRET)])).await.is(422).has("حدد نطاقات بريد شركتك").lacks(SECRET);
        boss.post("/admin/sign-in/providers/new", &with(&[("label.ar", "<b>"), ("label.en", ""), ("issuer", "javascript:alert(1)"), ("domains", "example.sa")])).await.is(422).has("f-issuer-error").lacks("<b>");
        assert_eq!(boss.post("/admin/sign-in/providers/new", &good).await.to(), "/admin/sign-in");
        boss.get("/admin/sign-in").await.is(200).has("حساب الشركة").has("id.example.sa").lacks(SECRET);
        boss.get("/admin/sign-in/providers/sso").await.is(200).has("example.sa example.com").has("محفوظ").lacks(SECRET);
        boss.get("/admin/audit?verb=sso_provider").await.is(200).has("id.example.sa").lacks(SECRET);
        boss.get("/admin/audit/export?verb=sso_provider").await.is(200).has("•••").lacks(SECRET);
        // Another server must be told the secret by somebody who knows it.
        let moved = with(&[("domains", "example.sa"), ("issuer", "https://evil.example")]);
        boss.post("/admin/sign-in/providers/sso", &moved).await.is(422).has("f-secret-error");
        let ldap = [("kind", "ldap"), ("key", "sso"), ("host", "ldap.evil.example"), ("port", "٦٣٦"), ("base", "dc=x"), ("do", "probe")];
        boss.post("/admin/sign-in/providers/new", &ldap).await.is(422).has("f-secret-error");
        boss.get("/admin/sign-in/providers/nobody").await.is(404);

        // Only single sign-on: the page of the sign-in has one button, and the last provider stays.
        let rules = [("second", "nobody"), ("shortest", "10"), ("idle_days", "14"), ("longest_days", "90"), ("from", ""), ("only_sso", "1")];
        boss.post("/admin/sign-in", &rules).await.is(303);
        Browser::new(&company).get("/sign-in").await.is(200).has("الدخول بـ").lacks("name=\"password\"").lacks("data-passkey");
        boss.post("/admin/sign-in/providers/sso/delete", &[]).await.is(422).has("أضف مزوّد دخول");
        Browser::new(&company).post("/forgot", &[("email", "sara@example.sa")]).await.is(422);
        let door = sso::door::open(&company, &company.system(), company.user_by_email("sara@example.sa").await.unwrap().unwrap()).await.unwrap();
        let mut b = Browser::new(&company);
        b.get(&format!("/sign-in/door?token={}", door.reveal())).await.is(200);
        assert_eq!(b.post("/sign-in/door", &[("token", door.reveal())]).await.to(), "/admin/sign-in");
        Browser::new(&company).post("/sign-in/door", &[("token", door.reveal())]).await.is(422);
        boss.get("/admin/audit?verb=sign_in").await.is(200).has("باب الطوارئ");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_the_way_there_and_back() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut boss = Browser::of(&company, "sara@example.sa", "سارة القحطاني", "admin").await;
        boss.post("/admin/sign-in/providers/new", &with(&[("domains", "example.sa"), ("secret", SECRET)])).await.is(303);
        answered(&company).await;
        let mut b = Browser::new(&company);
        b.get("/sign-in/with/nobody").await.is(404);
        b.get("/sign-in?next=/party").await.is(200).has("/sign-in/with/sso?next=%2Fparty");
        let out = b.get("/sign-in/with/sso?next=//evil.example").await;
        assert!(out.to().starts_with("https://id.example.sa/auth?response_type=code&client_id=sila"), "{}", out.to());
        assert!(!out.to().contains(SECRET));
        let cookie = out.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).find(|v| v.starts_with("sila_sso=")).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let state = out.to().split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        // In another browser, and twice: nothing.
        Browser::new(&company).get(&format!("/sign-in/with/sso/back?state={state}&code=c")).await.is(422).has("لم يكتمل الدخول");
        b.get(&format!("/sign-in/with/sso/back?state={state}&error=access_denied")).await.is(422).has("لم توافق على الدخول");
        b.get(&format!("/sign-in/with/sso/back?state={state}&error=access_denied")).await.is(422).lacks("لم توافق على الدخول");
        b.get("/sign-in/with/sso/back?error=%3Cscript%3E").await.is(422).lacks("<script>");
        assert!(b.get("/party").await.to().starts_with("/sign-in"));
        boss.get("/admin/audit?verb=sign_in_failed").await.is(200).has("حساب الشركة").has("لم تُمنح الموافقة لدى المزوّد");
        // Whoever is in already is not sent anywhere, and never to another host.
        assert_eq!(boss.get("/sign-in/with/sso?next=//evil.example").await.to(), "/");
        // What calls itself the provider and cannot sign ends nothing.
        b.post_with("/sign-in/with/sso/signed-out", &[("logout_token", "x.y.z")], &[]).await.is(400);
        b.post_with("/sign-in/with/nobody/signed-out", &[("logout_token", "x.y.z")], &[]).await.is(400);
        // Tying begins at one's own page, by a form of ours alone, and never while looking as somebody else.
        let tie = boss.post("/me/accounts/sso", &[]).await;
        assert!(tie.is(200).headers.get("refresh").unwrap().to_str().unwrap().contains("https://id.example.sa/auth?"));
        boss.post_with("/me/accounts/sso", &[], &[("sec-fetch-site", "cross-site")]).await.is(403);
        b.post("/me/accounts/sso", &[]).await.is(303);
        boss.post("/me/accounts/untie", &[("realm", "oidc:https://id.example.sa")]).await.is(404);
        let noura = user(&company, "noura@example.sa", "نورة العتيبي", "seller").await;
        boss.post("/-/view-as", &[("user", &noura.to_string())]).await.is(303);
        boss.post("/me/accounts/sso", &[]).await.is(403);
        boss.get("/admin/sign-in/providers/sso").await.is(403);
    })
    .await;
}
