//! Second factors: enrolling, asking, spending, losing them.

use crate::{PASSWORD, company, forward, key, origin, user};
use auth::factor::{self, Kind};
use auth::{Entry, Secret, sign_in};
use engine::settings::{Second, SignIn};
use engine::{Actor, Company};

/// The code an app shows now for a seed: an implementation apart from ours (RFC 6238 by the book, over HMAC of `ring`).
fn code(seed: &Secret, company: &Company) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(seed.reveal().as_bytes()).unwrap();
    let step = (company.now().as_second() / 30).to_be_bytes();
    let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &step);
    let b = tag.as_ref();
    let o = usize::from(b[19] & 15);
    let n = (u32::from(b[o] & 127) << 24) | (u32::from(b[o + 1]) << 16) | (u32::from(b[o + 2]) << 8) | u32::from(b[o + 3]);
    format!("{:06}", n % 1_000_000)
}

async fn enrolled(company: &Company, actor: &Actor) -> (Secret, Vec<String>) {
    let app = factor::begin_app(company, actor).await.unwrap();
    let codes = factor::confirm_app(company, actor, &app.token, "هاتفي", &code(&app.seed, company)).await.unwrap();
    (app.seed, codes)
}

async fn second(company: &Company, email: &str) -> Secret {
    match sign_in(company, email, PASSWORD, &origin()).await.unwrap() {
        Entry::Second(token, _) => token,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_a_code_is_asked_for_and_counts_once() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let id = user(&company, "sara@example.com", "seller").await;
        let actor = company.load_actor(id).await.unwrap().unwrap();
        let app = factor::begin_app(&company, &actor).await.unwrap();
        assert!(app.qr.starts_with("<svg"));
        assert_eq!(key(factor::confirm_app(&company, &actor, &app.token, "", "000000").await), "auth-code-wrong");
        assert!(matches!(sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap(), Entry::In(..)), "not enrolled yet");
        let first = code(&app.seed, &company);
        let codes = factor::confirm_app(&company, &actor, &app.token, "هاتفي", &first).await.unwrap();
        assert_eq!(codes.len(), 10);

        let token = second(&company, "sara@example.com").await;
        assert_eq!(key(factor::sign_in_with_code(&company, &token, &first, &origin()).await), "auth-code-wrong", "the code that enrolled is spent");
        forward(&company, 30);
        let next = code(&app.seed, &company);
        let (session, who) = factor::sign_in_with_code(&company, &token, &next, &origin()).await.unwrap();
        assert_eq!(who.id, id);
        assert!(auth::actor_of_session(&company, &session).await.unwrap().is_some());
        assert_eq!(key(factor::sign_in_with_code(&company, &token, &next, &origin()).await), "auth-step-over");
        let token = second(&company, "sara@example.com").await;
        assert_eq!(key(factor::sign_in_with_code(&company, &token, &next, &origin()).await), "auth-code-wrong", "seen over a shoulder");

        // The seed is not readable in the database.
        let mut conn = company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT data FROM sila_factor");
        let stored = conn.text(&sql).await.unwrap().unwrap();
        assert!(!stored.contains(app.seed.reveal()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_with_the_same_code_one_gets_in() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let id = user(&company, "sara@example.com", "seller").await;
        let actor = company.load_actor(id).await.unwrap().unwrap();
        let (seed, _) = enrolled(&company, &actor).await;
        forward(&company, 60);
        let (a, b) = (second(&company, "sara@example.com").await, second(&company, "sara@example.com").await);
        let now = code(&seed, &company);
        let (ours, theirs) = (origin(), origin());
        let (x, y) = tokio::join!(factor::sign_in_with_code(&company, &a, &now, &ours), factor::sign_in_with_code(&company, &b, &now, &theirs));
        assert_eq!(u8::from(x.is_ok()) + u8::from(y.is_ok()), 1, "{x:?} {y:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_open_once_and_guessing_is_slowed() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let id = user(&company, "sara@example.com", "seller").await;
        let actor = company.load_actor(id).await.unwrap().unwrap();
        let (seed, codes) = enrolled(&company, &actor).await;
        let token = second(&company, "sara@example.com").await;
        let typed = codes[3].to_uppercase().replace('-', " ");
        assert!(factor::sign_in_with_code(&company, &token, &typed, &origin()).await.is_ok());
        assert_eq!(factor::list(&company, &actor, id).await.unwrap().codes, 9);
        let token = second(&company, "sara@example.com").await;
        assert_eq!(key(factor::sign_in_with_code(&company, &token, &codes[3], &origin()).await), "auth-code-wrong");

        // New ones void the old ones.
        assert_eq!(key(factor::new_codes(&company, &actor, &Secret::new("خطأ")).await), "auth-old-wrong");
        let fresh = factor::new_codes(&company, &actor, &Secret::new(PASSWORD)).await.unwrap();
        assert_eq!(key(factor::sign_in_with_code(&company, &token, &codes[4], &origin()).await), "auth-code-wrong");

        // Whoever knows the password guesses codes slowly, from however many addresses.
        for i in 0..20 {
            let from = auth::Origin::new(format!("192.0.2.{i}"), "");
            let fault = factor::sign_in_with_code(&company, &token, "123456", &from).await.unwrap_err();
            if fault.kind == kernel::FaultKind::Throttled {
                assert!(i >= 3, "{i}");
                forward(&company, 1_000);
                let _ = seed;
                let token = second(&company, "sara@example.com").await;
                assert!(factor::sign_in_with_code(&company, &token, &fresh[0], &origin()).await.is_ok());
                return;
            }
        }
        panic!("twenty guesses without a wait");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_company_demands_is_enrolled_at_the_door() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "sara@example.com", "seller").await;
        let chief = user(&company, "chief@example.com", "admin").await;
        let settings = engine::Settings { sign_in: SignIn { second: Second::Administrators, ..SignIn::default() }, ..engine::Settings::clone(&company.settings()) };
        company.save_settings(&company.system(), settings).await.unwrap();
        assert!(matches!(sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap(), Entry::In(..)));
        let Entry::Enrol(pending) = sign_in(&company, "chief@example.com", PASSWORD, &origin()).await.unwrap() else { panic!("let in") };
        let actor = factor::enrolling(&company, &pending).await.unwrap();
        let app = factor::begin_app(&company, &actor).await.unwrap();
        assert_eq!(key(factor::enrol_and_sign_in(&company, &pending, &app.token, "1", &origin()).await), "auth-code-wrong");
        let now = code(&app.seed, &company);
        let (session, _, codes) = factor::enrol_and_sign_in(&company, &pending, &app.token, &now, &origin()).await.unwrap();
        assert_eq!(codes.len(), 10);
        assert!(auth::actor_of_session(&company, &session).await.unwrap().is_some());
        // The last one stays as long as it is demanded; another person's is not there.
        let own = factor::list(&company, &actor, chief).await.unwrap();
        assert_eq!(own.list[0].kind, Kind::App);
        assert_eq!(key(factor::remove(&company, &actor, own.list[0].id, &Secret::new(PASSWORD)).await), "auth-factor-demanded");
        let sara = company.load_actor(company.user_by_email("sara@example.com").await.unwrap().unwrap()).await.unwrap().unwrap();
        assert_eq!(key(factor::list(&company, &sara, chief).await), "fault-not-found");
        assert_eq!(key(factor::remove(&company, &sara, own.list[0].id, &Secret::new(PASSWORD)).await), "fault-not-found");
        assert!(factor::reset(&company, &sara, chief).await.is_err());
        factor::reset(&company, &company.system(), chief).await.unwrap();
        assert!(auth::actor_of_session(&company, &session).await.unwrap().is_none(), "all sessions end");
        assert!(matches!(sign_in(&company, "chief@example.com", PASSWORD, &origin()).await.unwrap(), Entry::Enrol(_)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_ends_after_ten_minutes() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let id = user(&company, "sara@example.com", "seller").await;
        let actor = company.load_actor(id).await.unwrap().unwrap();
        let (seed, _) = enrolled(&company, &actor).await;
        let token = second(&company, "sara@example.com").await;
        forward(&company, 601);
        assert_eq!(key(factor::sign_in_with_code(&company, &token, &code(&seed, &company), &origin()).await), "auth-step-over");
        let by_token = Actor { scopes: Some(vec!["admin".into()]), ..actor };
        assert!(factor::begin_app(&company, &by_token).await.is_err(), "no program changes how its owner signs in");
    })
    .await;
}

/// PLT-7: the audit says who came in and with what, who tried, and whose ways to sign in changed.
#[tokio::test(flavor = "multi_thread")]
async fn plt_7_the_audit_knows_second_factors() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let id = user(&company, "sara@example.com", "seller").await;
        let admin = company.load_actor(user(&company, "admin@example.com", "admin").await).await.unwrap().unwrap();
        let actor = company.load_actor(id).await.unwrap().unwrap();
        let (seed, codes) = enrolled(&company, &actor).await;
        forward(&company, 60);
        let token = second(&company, "sara@example.com").await;
        assert!(factor::sign_in_with_code(&company, &token, "000000", &origin()).await.is_err());
        factor::sign_in_with_code(&company, &token, &code(&seed, &company), &origin()).await.unwrap();
        let token = second(&company, "sara@example.com").await;
        factor::sign_in_with_code(&company, &token, &codes[0], &origin()).await.unwrap();
        factor::reset(&company, &admin, id).await.unwrap();
        assert!(sign_in(&company, "sara@example.com", "wrong password", &origin()).await.is_err());
        sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();

        let filter = engine::audit::Filter { object: Some("user".into()), record: Some(id), ..Default::default() };
        let log = company.audit_log(&admin, &filter, None, 50).await.unwrap();
        let said: Vec<(String, String)> = log
            .entries
            .iter()
            .rev()
            .map(|e| (e.verb.clone(), e.to_json()["changes"]["means"].as_str().unwrap_or_default().to_owned()))
            .filter(|(v, _)| v.starts_with("sign_in") || v.starts_with("factor"))
            .collect();
        let wanted = [
            ("factor_added", "app"),
            ("sign_in_failed", "code"),
            ("sign_in", "app"),
            ("sign_in", "recovery"),
            ("factors_reset", ""),
            ("sign_in_failed", "password"),
            ("sign_in", "password"),
        ];
        assert_eq!(said, wanted.map(|(v, w)| (v.to_owned(), w.to_owned())));
        assert!(company.verify_audit(&company.audit_anchors().await.unwrap()).await.unwrap().findings.is_empty());
    })
    .await;
}
