//! Single sign-on against a provider that may lie: who comes in, as whom, and who does not.

use crate::issuer::{CLIENT, Issuer, SECRET, Signer, encode};
use crate::{PASSWORD, company, forward, key, origin, user};
use auth::sso::{self, Answer, Done, Group, Oidc, People, Provider, Suffices, Way};
use auth::{Entry, Secret};
use engine::settings::SignIn;
use engine::{Actor, Company, Settings};
use kernel::{Label, Outcome};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

const BACK: &str = "https://crm.example.sa/sign-in/with/id/back";

fn provider(issuer: &Issuer, people: People) -> Provider {
    let oidc = Oidc { issuer: issuer.url.clone(), client: CLIENT.into(), ..Oidc::default() };
    Provider { key: "id".into(), active: true, label: Label::owned("حساب الشركة".to_owned(), "Company account".to_owned()), people, way: Way::Oidc(oidc) }
}

async fn set_up(company: &Company, provider: Provider) {
    company.reach_inside(true).await.unwrap();
    sso::save(company, &company.system(), provider, Some(&Secret::new(SECRET)), true).await.unwrap();
}

fn newcomers() -> People {
    let line = |group: &str, role: &str| Group { group: group.into(), role: role.into(), team: None };
    People { create: true, domains: vec!["example.sa".into()], groups: vec![line("المبيعات", "seller"), line("تقنية", "admin")], ..People::default() }
}

/// A sign-in under way: what the browser carries.
struct Begun {
    asked: HashMap<String, String>,
    cookie: Secret,
}

async fn begin(company: &Company, link: Option<&Actor>) -> Begun {
    let begun = sso::begin(company, "id", BACK, "/party", "ar", link).await.unwrap();
    let query = begun.url.split_once('?').unwrap().1;
    Begun { asked: form_urlencoded::parse(query.as_bytes()).into_owned().collect(), cookie: begun.cookie }
}

/// What an honest provider says of Noura.
fn noura(company: &Company, issuer: &Issuer, begun: &Begun) -> Json {
    let now = company.now().as_second();
    json!({
        "iss": issuer.url, "aud": CLIENT, "sub": "u-17", "nonce": begun.asked["nonce"], "iat": now, "exp": now + 300,
        "email": "Noura@Example.sa", "email_verified": true, "name": "نورة العتيبي", "groups": ["المبيعات"],
    })
}

async fn end(company: &Company, begun: &Begun, code: String) -> Outcome<Done> {
    let answer = Answer { state: begun.asked["state"].clone(), code, ..Answer::default() };
    sso::finish(company, "id", &answer, Some(&begun.cookie), None, &origin()).await
}

/// A whole sign-in in which the provider says `claims`.
async fn come(company: &Company, issuer: &Issuer, signer: &Signer, change: impl FnOnce(&mut Json)) -> Outcome<Done> {
    let begun = begin(company, None).await;
    let mut claims = noura(company, issuer, &begun);
    change(&mut claims);
    let code = issuer.code(&signer.token("k1", &claims), json!({ "sub": claims["sub"] }), &begun.asked["code_challenge"]);
    end(company, &begun, code).await
}

async fn in_(company: &Company, issuer: &Issuer, signer: &Signer, change: impl FnOnce(&mut Json)) -> (Secret, Actor) {
    match come(company, issuer, signer, change).await.unwrap() {
        Done::Entered(Entry::In(token, actor), next) => {
            assert_eq!(next, "/party");
            (token, actor)
        }
        other => panic!("{other:?}"),
    }
}

/// Rows of the tables that a sign-in may touch.
async fn traces(company: &Company) -> Vec<i64> {
    let mut conn = company.db().read().await.unwrap();
    let mut all = Vec::new();
    for table in ["user", "sila_user_role", "sila_identity", "sila_session", "sila_sso_session", "sila_challenge"] {
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM ").ident(table);
        all.push(conn.int(&sql).await.unwrap().unwrap());
    }
    all
}

async fn audited(company: &Company, verb: &str) -> Vec<String> {
    let mut conn = company.db().read().await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT changes FROM sila_audit WHERE verb = ").bind(verb).push(" ORDER BY at, id");
    let rows = conn.rows(&sql, &[kernel::ColumnType::Text]).await.unwrap();
    rows.iter().filter_map(|r| r[0].text().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_the_first_time_makes_the_user_and_the_subject_finds_him_again() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "boss@example.sa", "admin").await;
        for signer in [Signer::rsa(), Signer::p256(), Signer::ed25519()] {
            let issuer = Issuer::start(vec![json!({"kty": "oct", "k": "AAAA"}), signer.public("k1")]).await;
            set_up(&company, provider(&issuer, newcomers())).await;
            let (token, actor) = in_(&company, &issuer, &signer, |_| {}).await;
            assert_eq!((actor.email.as_str(), actor.name.ar.as_str()), ("noura@example.sa", "نورة العتيبي"));
            assert_eq!(actor.roles, ["seller"]);
            assert!(auth::actor_of_session(&company, &token).await.unwrap().is_some());

            // The address may change there, and so may the groups: the subject is the same person.
            let (_, again) = in_(&company, &issuer, &signer, |c| {
                c["email"] = json!("n.alotaibi@example.sa");
                c["groups"] = json!(["تقنية"]);
            })
            .await;
            assert_eq!((again.id, again.roles.as_slice()), (actor.id, ["admin".to_owned()].as_slice()));
            assert_eq!(again.email, "noura@example.sa");
            // Who is in no group has what groups give no more; unless the list did not fit into the token.
            let with_groups = async |groups: Json, more: Option<(&'static str, Json)>| {
                let (_, actor) = in_(&company, &issuer, &signer, |c| {
                    c["groups"] = groups;
                    if let Some((name, value)) = more {
                        c.as_object_mut().unwrap().remove("groups");
                        c[name] = value;
                    }
                })
                .await;
                actor.roles.clone()
            };
            assert_eq!(with_groups(Json::Null, Some(("hasgroups", json!(true)))).await, ["admin"]);
            assert_eq!(with_groups(Json::Null, Some(("_claim_names", json!({"groups": "src1"})))).await, ["admin"]);
            assert!(with_groups(Json::Null, Some(("department", json!("x")))).await.is_empty());
            // A role that is gone keeps nobody out.
            let config = |from: &'static str, to: &'static str| {
                let company = company.clone();
                async move {
                    let mut tx = company.db().write().await.unwrap();
                    let mut sql = tx.sql();
                    sql.push("UPDATE sila_provider SET config = REPLACE(config, ").bind(from).push(", ").bind(to).push(")");
                    tx.exec(&sql).await.unwrap();
                    tx.commit().await.unwrap();
                }
            };
            config("\"seller\"", "\"gone\"").await;
            assert!(with_groups(json!(["المبيعات"]), None).await.is_empty());
            config("\"gone\"", "\"seller\"").await;
            assert_eq!(with_groups(json!(["المبيعات", "تقنية"]), None).await, ["admin", "seller"]);
            let seen = audited(&company, "sign_in").await;
            assert!(seen.last().unwrap().contains("\"provider\":\"id\""), "{seen:?}");

            // Neither the client secret nor the ID token lies open in the database.
            let mut conn = company.db().read().await.unwrap();
            for query in ["SELECT secret FROM sila_provider", "SELECT hint FROM sila_sso_session"] {
                let mut sql = conn.sql();
                sql.push(query);
                let stored = conn.text(&sql).await.unwrap().unwrap();
                assert!(stored.starts_with("s1.") && !stored.contains(SECRET), "{stored}");
            }
            drop(conn);
            let set_up = audited(&company, "sso_provider").await.join("");
            assert!(!set_up.contains(SECRET) && set_up.contains(&format!("\"issuer\":[\"\",\"{}\"]", issuer.url)), "{set_up}");

            sso::remove(&company, &company.system(), "id").await.unwrap();
            let mut tx = company.db().write().await.unwrap();
            for table in ["sila_identity", "sila_sso_session", "sila_session"] {
                let mut sql = tx.sql();
                sql.push("DELETE FROM ").ident(table);
                tx.exec(&sql).await.unwrap();
            }
            let mut sql = tx.sql();
            sql.push("UPDATE \"user\" SET email = ").bind(format!("{}@old.example", Uuid::new_v4())).push(" WHERE id = ").bind(actor.id);
            tx.exec(&sql).await.unwrap();
            tx.commit().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_forged_tokens_open_nothing_and_change_nothing() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "boss@example.sa", "admin").await;
        let (signer, stranger) = (Signer::rsa(), Signer::rsa());
        let public = signer.public("k1");
        let issuer = Issuer::start(vec![public.clone()]).await;
        set_up(&company, provider(&issuer, newcomers())).await;
        let before = traces(&company).await;

        type Forge<'a> = Box<dyn Fn(&Json) -> String + 'a>;
        let with = |name: &'static str, value: Json| -> Forge<'_> {
            let signer = &signer;
            Box::new(move |claims| {
                let mut claims = claims.clone();
                claims[name] = value.clone();
                signer.token("k1", &claims)
            })
        };
        let hmac = |head: Json, key: Vec<u8>| -> Forge<'_> {
            Box::new(move |claims| {
                let message = format!("{}.{}", encode(head.to_string()), encode(claims.to_string()));
                let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key), message.as_bytes());
                format!("{message}.{}", encode(tag))
            })
        };
        let now = company.now().as_second();
        let plain = |alg: &'static str| -> Forge<'_> {
            Box::new(move |claims| format!("{}.{}.", encode(json!({"alg": alg, "kid": "k1"}).to_string()), encode(claims.to_string())))
        };
        let forged: Vec<(&str, Forge<'_>, &str)> = vec![
            ("signed by somebody else under the same id", Box::new(|c| stranger.token("k1", c)), "sso-token"),
            ("signed with a key that is not published", Box::new(|c| stranger.token("k9", c)), "sso-token"),
            ("not signed", plain("none"), "sso-token"),
            ("not signed, in other letters", plain("nOnE"), "sso-token"),
            ("claims to be signed", plain("RS256"), "sso-token"),
            ("the public key as a shared secret", hmac(json!({"alg": "HS256", "kid": "k1"}), public.to_string().into_bytes()), "sso-token"),
            ("the modulus as a shared secret", hmac(json!({"alg": "HS256", "kid": "k1"}), public["n"].as_str().unwrap().as_bytes().to_vec()), "sso-token"),
            ("the client secret as a shared secret", hmac(json!({"alg": "HS256"}), SECRET.as_bytes().to_vec()), "sso-token"),
            ("another method than the key's", Box::new(|c| signer.sign(&json!({"alg": "ES256", "kid": "k1"}), c)), "sso-token"),
            ("demands extensions", Box::new(|c| signer.sign(&json!({"alg": "RS256", "kid": "k1", "crit": ["exp"]}), c)), "sso-token"),
            ("brings its own key", Box::new(|c| stranger.sign(&json!({"alg": "RS256", "kid": "k1", "jwk": stranger.public("k1")}), c)), "sso-token"),
            ("changed after signing", Box::new(|c| {
                let token = signer.token("k1", c);
                let parts: Vec<&str> = token.split('.').collect();
                let mut claims = c.clone();
                claims["groups"] = json!(["تقنية"]);
                format!("{}.{}.{}", parts[0], encode(claims.to_string()), parts[2])
            }), "sso-token"),
            ("no token at all", Box::new(|_| "ليس رمزًا".to_owned()), "sso-token"),
            ("for another program", with("aud", json!("other")), "sso-token"),
            ("for several, authorised to another", with("aud", json!([CLIENT, "other"])), "sso-token"),
            ("azp of another", with("azp", json!("other")), "sso-token"),
            ("from another issuer", with("iss", json!("https://evil.example")), "sso-token"),
            ("of another sign-in", with("nonce", json!("n-1")), "sso-token"),
            ("without a nonce", with("nonce", Json::Null), "sso-token"),
            ("run out", with("exp", json!(now - 61)), "sso-clock"),
            ("from tomorrow", with("iat", json!(now + 86_400)), "sso-clock"),
            ("from yesterday", with("iat", json!(now - 86_400)), "sso-clock"),
            ("not valid yet", with("nbf", json!(now + 3_600)), "sso-clock"),
            ("without an end", with("exp", Json::Null), "sso-token"),
            ("without a subject", with("sub", json!("")), "sso-token"),
            ("address not verified", with("email_verified", json!(false)), "sso-mail-unverified"),
            ("no address", with("email", json!("")), "sso-no-mail"),
            ("of another domain", with("email", json!("noura@example.sa.evil.example")), "sso-domain"),
        ];
        for (what, forge, expected) in &forged {
            let begun = begin(&company, None).await;
            let token = forge(&noura(&company, &issuer, &begun));
            let code = issuer.code(&token, json!({"sub": "u-17"}), &begun.asked["code_challenge"]);
            assert_eq!(key(end(&company, &begun, code).await), *expected, "{what}");
            assert_eq!(traces(&company).await, before, "{what}");
        }
        let noted = audited(&company, "sign_in_failed").await;
        assert_eq!(noted.len(), forged.len());
        assert!(noted[0].contains("sso-token") && noted[0].contains("192.0.2.7"), "{}", noted[0]);
        // User information of somebody else does not stand in for what the token does not say.
        let begun = begin(&company, None).await;
        let mut claims = noura(&company, &issuer, &begun);
        claims["email"] = Json::Null;
        claims.as_object_mut().unwrap().remove("email");
        let code = issuer.code(&signer.token("k1", &claims), json!({"sub": "u-18", "email": "boss@example.sa", "email_verified": true}), &begun.asked["code_challenge"]);
        assert_eq!(key(end(&company, &begun, code).await), "sso-token");
        assert_eq!(traces(&company).await, before);
        in_(&company, &issuer, &signer, |_| {}).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_an_answer_counts_once_and_in_the_browser_that_asked() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "boss@example.sa", "admin").await;
        let signer = Signer::p256();
        let issuer = Issuer::start(vec![signer.public("k1")]).await;
        set_up(&company, provider(&issuer, newcomers())).await;

        let begun = begin(&company, None).await;
        let code = |begun: &Begun| issuer.code(&signer.token("k1", &noura(&company, &issuer, begun)), Json::Null, &begun.asked["code_challenge"]);
        let answer = Answer { state: begun.asked["state"].clone(), code: code(&begun), ..Answer::default() };
        let other = begin(&company, None).await;
        for cookie in [None, Some(&other.cookie), Some(&Secret::new("00"))] {
            assert_eq!(key(sso::finish(&company, "id", &answer, cookie, None, &origin()).await), "auth-step-over", "another browser");
        }
        assert!(sso::finish(&company, "id", &answer, Some(&begun.cookie), None, &origin()).await.is_ok());
        let after = traces(&company).await;
        assert_eq!(key(sso::finish(&company, "id", &answer, Some(&begun.cookie), None, &origin()).await), "auth-step-over", "a replayed state");
        assert_eq!(traces(&company).await, after);

        // A code that was caught goes with another verifier.
        let (mine, theirs) = (begin(&company, None).await, begin(&company, None).await);
        let caught = code(&theirs);
        assert_eq!(key(end(&company, &mine, caught).await), "sso-code");
        // Too late.
        let late = begin(&company, None).await;
        let caught = code(&late);
        forward(&company, 601);
        assert_eq!(key(end(&company, &late, caught).await), "auth-step-over");
        // The provider, or the person there, says no.
        for (error, expected) in [("access_denied", "sso-denied"), ("server_error", "sso-refused")] {
            let begun = begin(&company, None).await;
            let answer = Answer { state: begun.asked["state"].clone(), error: error.into(), ..Answer::default() };
            assert_eq!(key(sso::finish(&company, "id", &answer, Some(&begun.cookie), None, &origin()).await), expected);
        }
        // An answer that names another issuer (RFC 9207), or none where the provider promises to.
        let begun = begin(&company, None).await;
        let answer = Answer { state: begun.asked["state"].clone(), code: code(&begun), issuer: "https://evil.example".into(), ..Answer::default() };
        assert_eq!(key(sso::finish(&company, "id", &answer, Some(&begun.cookie), None, &origin()).await), "sso-token");
        issuer.says(json!({"authorization_response_iss_parameter_supported": true}));
        forward(&company, 3_600);
        assert_eq!(key(come(&company, &issuer, &signer, |_| {}).await), "sso-token");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_refusals_do_not_fill_the_audit() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let issuer = Issuer::start(vec![Signer::p256().public("k1")]).await;
        set_up(&company, provider(&issuer, newcomers())).await;
        let refused = async |ip: &str| {
            let begun = begin(&company, None).await;
            let answer = Answer { state: begun.asked["state"].clone(), error: "x".into(), ..Answer::default() };
            key(sso::finish(&company, "id", &answer, Some(&begun.cookie), None, &auth::Origin::new(ip, "")).await)
        };
        let mut seen = 0;
        for _ in 0..60 {
            seen += usize::from(refused("203.0.113.9").await == "sso-refused");
        }
        assert_eq!((seen, refused("203.0.113.9").await.as_str(), refused("192.0.2.7").await.as_str()), (40, "auth-throttled", "sso-refused"));
        assert_eq!(audited(&company, "sign_in_failed").await.len(), 41);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_keys_that_changed_are_asked_for_again() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "boss@example.sa", "admin").await;
        let (old, new) = (Signer::p256(), Signer::ed25519());
        let issuer = Issuer::start(vec![old.public("k0")]).await;
        set_up(&company, provider(&issuer, newcomers())).await;
        issuer.rotate(vec![old.public("k1")]);
        in_(&company, &issuer, &old, |_| {}).await;
        in_(&company, &issuer, &old, |_| {}).await;
        assert_eq!((issuer.asked("/jwks"), issuer.asked("/.well-known/openid-configuration")), (1, 1), "kept");
        let begun = begin(&company, None).await;
        issuer.rotate(vec![new.public("k2")]);
        let code = issuer.code(&new.token("k2", &noura(&company, &issuer, &begun)), Json::Null, &begun.asked["code_challenge"]);
        assert!(end(&company, &begun, code).await.is_ok());
        assert_eq!(issuer.asked("/jwks"), 2);
        assert_eq!(key(come(&company, &issuer, &old, |_| {}).await), "sso-token", "the old key is gone");
        // A provider that gives its keys no ids may change them too.
        let nameless = |s: &Signer, c: &Json| s.sign(&json!({"alg": s.method()}), c);
        for signer in [&new, &old] {
            let mut public = signer.public("");
            public.as_object_mut().unwrap().remove("kid");
            issuer.rotate(vec![public]);
            let begun = begin(&company, None).await;
            let code = issuer.code(&nameless(signer, &noura(&company, &issuer, &begun)), Json::Null, &begun.asked["code_challenge"]);
            assert!(end(&company, &begun, code).await.is_ok());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_nobody_takes_over_an_account() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let boss = user(&company, "boss@example.sa", "admin").await;
        let signer = Signer::ed25519();
        let issuer = Issuer::start(vec![signer.public("k1")]).await;
        let known_only = People { domains: vec!["example.sa".into()], ..People::default() };
        set_up(&company, provider(&issuer, known_only.clone())).await;
        let as_boss = |sub: &'static str, verified: bool| move |c: &mut Json| {
            c["sub"] = json!(sub);
            c["email"] = json!("boss@example.sa");
            c["email_verified"] = json!(verified);
        };
        assert_eq!(key(come(&company, &issuer, &signer, as_boss("thief", false)).await), "sso-mail-unverified");
        assert_eq!(key(come(&company, &issuer, &signer, |_| {}).await), "sso-unknown", "only known ones");
        assert_eq!(key(come(&company, &issuer, &signer, |c| c["email"] = json!("boss@example.sa.evil.example")).await), "sso-domain");
        let (_, actor) = in_(&company, &issuer, &signer, as_boss("u-1", true)).await;
        assert_eq!(actor.id, boss);
        // The address was given to somebody else there: he does not inherit the account.
        assert_eq!(key(come(&company, &issuer, &signer, as_boss("u-2", true)).await), "sso-other-person");

        // A letter that only looks like another one in lower case (the Kelvin sign) is another address.
        let kamal = user(&company, "kamal@example.sa", "seller").await;
        assert!(come(&company, &issuer, &signer, |c| c["email"] = json!("\u{212a}amal@example.sa")).await.is_err());
        assert!(sso::link::list(&company, &company.system(), kamal).await.unwrap().is_empty());

        // A signed-in user ties an account to his own, with an address nobody verified; nobody else can then have it.
        let sara = user(&company, "sara@example.com", "seller").await;
        let actor = company.load_actor(sara).await.unwrap().unwrap();
        let link = async |who: Option<&Actor>, sub: &str| {
            let begun = begin(&company, Some(&actor)).await;
            let mut claims = noura(&company, &issuer, &begun);
            claims["sub"] = json!(sub);
            claims["email_verified"] = json!(false);
            if sub == "private" {
                claims["email"] = json!("sara@mail.example");
            }
            let code = issuer.code(&signer.token("k1", &claims), Json::Null, &begun.asked["code_challenge"]);
            let answer = Answer { state: begun.asked["state"].clone(), code, ..Answer::default() };
            sso::finish(&company, "id", &answer, Some(&begun.cookie), who, &origin()).await
        };
        let other = company.load_actor(boss).await.unwrap().unwrap();
        assert_eq!(key(link(None, "s-1").await), "auth-step-over", "no longer signed in");
        assert_eq!(key(link(Some(&other), "s-1").await), "auth-step-over", "somebody else is signed in now");
        assert_eq!(key(link(Some(&actor), "u-1").await), "sso-taken");
        assert_eq!(key(link(Some(&actor), "private").await), "sso-domain");
        let looking = company.view_as(&other, sara).await.unwrap();
        assert_eq!(key(link(Some(&looking), "s-1").await), "auth-step-over", "somebody who looks as her");
        assert!(matches!(link(Some(&actor), "s-1").await.unwrap(), Done::Linked));
        assert_eq!(key(link(Some(&actor), "s-2").await), "sso-linked-already");
        let (_, came) = in_(&company, &issuer, &signer, |c| {
            c["sub"] = json!("s-1");
            c["email_verified"] = json!(false);
        })
        .await;
        assert_eq!(came.id, sara);
        assert_eq!(audited(&company, "sso_linked").await.len(), 2);

        // Switched off here, he is out, whatever the provider says.
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.save("user", engine::Draft::of(sara).set("active", false)).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(key(come(&company, &issuer, &signer, |c| c["sub"] = json!("s-1")).await), "sso-inactive");

        let realm = sso::link::list(&company, &other, boss).await.unwrap()[0].realm.clone();
        assert_eq!(key(sso::link::list(&company, &actor, boss).await), "fault-not-found");
        sso::link::untie(&company, &other, boss, &realm).await.unwrap();
        assert_eq!(key(sso::link::untie(&company, &other, boss, &realm).await), "fault-not-found");
        assert!(company.load_actor(boss).await.unwrap().is_some());

        // Nobody unties his only way in; an administrator unties anybody's, whose sessions end.
        sso::save(&company, &company.system(), provider(&issuer, newcomers()), None, false).await.unwrap();
        let (token, noura) = in_(&company, &issuer, &signer, |_| {}).await;
        assert_eq!(key(sso::link::untie(&company, &noura, noura.id, &realm).await), "sso-only-way");
        assert_eq!(key(sso::link::untie(&company, &noura, sara, &realm).await), "fault-not-found");
        sso::link::untie(&company, &other, noura.id, &realm).await.unwrap();
        assert!(auth::actor_of_session(&company, &token).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_only_single_sign_on_and_the_emergency_door() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let boss = user(&company, "boss@example.sa", "admin").await;
        let seller = user(&company, "sara@example.sa", "seller").await;
        assert_eq!(key(sso::may_be_only(&company).await), "sso-only-needs-provider");
        let signer = Signer::p256();
        let issuer = Issuer::start(vec![signer.public("k1")]).await;
        set_up(&company, provider(&issuer, newcomers())).await;
        sso::may_be_only(&company).await.unwrap();
        let rules = SignIn { only_sso: true, ..SignIn::default() };
        company.save_settings(&company.system(), Settings { sign_in: rules, ..Settings::clone(&company.settings()) }).await.unwrap();
        assert_eq!(key(auth::sign_in(&company, "boss@example.sa", PASSWORD, &origin()).await), "sso-only");
        assert_eq!(key(auth::reset::request(&company, "boss@example.sa", &origin()).await), "sso-only");
        assert_eq!(key(sso::remove(&company, &company.system(), "id").await), "sso-only-needs-provider");
        let off = Provider { active: false, ..provider(&issuer, newcomers()) };
        assert_eq!(key(sso::save(&company, &company.system(), off, None, false).await), "sso-only-needs-provider");
        in_(&company, &issuer, &signer, |_| {}).await;

        let admin = company.load_actor(boss).await.unwrap().unwrap();
        assert_eq!(key(sso::door::open(&company, &admin, boss).await), "fault-forbidden", "the command line alone");
        assert_eq!(key(sso::door::open(&company, &company.system(), seller).await), "sso-door-administrators");
        let token = sso::door::open(&company, &company.system(), boss).await.unwrap();
        assert!(matches!(sso::door::enter(&company, &token, &origin()).await.unwrap(), Entry::In(_, a) if a.id == boss));
        assert_eq!(key(sso::door::enter(&company, &token, &origin()).await), "auth-step-over");
        let late = sso::door::open(&company, &company.system(), boss).await.unwrap();
        forward(&company, 601);
        assert_eq!(key(sso::door::enter(&company, &late, &origin()).await), "auth-step-over");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_second_steps_and_signing_out_everywhere() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        user(&company, "boss@example.sa", "admin").await;
        let signer = Signer::ed25519();
        let issuer = Issuer::start(vec![signer.public("k1")]).await;
        let with = |second| {
            let mut p = provider(&issuer, newcomers());
            p.way = Way::Oidc(Oidc { second, issuer: issuer.url.clone(), client: CLIENT.into(), ..Oidc::default() });
            p
        };
        set_up(&company, with(Suffices::No)).await;
        let rules = SignIn { second: engine::settings::Second::Everybody, ..SignIn::default() };
        company.save_settings(&company.system(), Settings { sign_in: rules, ..Settings::clone(&company.settings()) }).await.unwrap();
        assert!(matches!(come(&company, &issuer, &signer, |_| {}).await.unwrap(), Done::Entered(Entry::Enrol(_), _)));
        sso::save(&company, &company.system(), with(Suffices::Shown), None, false).await.unwrap();
        assert!(matches!(come(&company, &issuer, &signer, |c| c["amr"] = json!(["pwd"])).await.unwrap(), Done::Entered(Entry::Enrol(_), _)));
        let (first, _) = in_(&company, &issuer, &signer, |c| {
            c["amr"] = json!(["pwd", "mfa"]);
            c["sid"] = json!("s1");
        })
        .await;
        sso::save(&company, &company.system(), with(Suffices::Yes), None, false).await.unwrap();
        let (second, _) = in_(&company, &issuer, &signer, |c| c["sid"] = json!("s2")).await;

        let (label, url) = sso::leave::address(&company, &second, "https://crm.example.sa/sign-in").await.unwrap().unwrap();
        assert_eq!(label.ar, "حساب الشركة");
        assert!(url.starts_with(&format!("{}/end?client_id=", issuer.url)) && url.contains("id_token_hint=ey"), "{url}");

        let now = company.now().as_second();
        let event = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
        let good = json!({"iss": issuer.url, "aud": CLIENT, "iat": now, "exp": now + 60, "jti": "1", "sub": "u-17", "sid": "s1", "events": event});
        let alive = async |token: &Secret| auth::actor_of_session(&company, token).await.unwrap().is_some();
        let mut as_id = good.clone();
        as_id["nonce"] = json!("n");
        let mut other = good.clone();
        other["aud"] = json!("other");
        for bad in [signer.token("k1", &as_id), signer.token("k1", &other), Signer::ed25519().token("k1", &good), "x.y.z".into()] {
            assert_eq!(key(sso::leave::told(&company, "id", &bad).await), "sso-token");
        }
        assert!(alive(&first).await && alive(&second).await);
        let good = signer.token("k1", &good);
        assert_eq!(sso::leave::told(&company, "id", &good).await.unwrap(), 1);
        assert!(!alive(&first).await && alive(&second).await);
        // The same letter once more does not throw him out who came back.
        let (back, _) = in_(&company, &issuer, &signer, |c| c["sid"] = json!("s1")).await;
        assert_eq!(key(sso::leave::told(&company, "id", &good).await), "auth-step-over");
        assert!(alive(&back).await);
        let all = json!({"iss": issuer.url, "aud": CLIENT, "iat": now, "exp": now + 60, "jti": "2", "sub": "u-17", "events": event});
        assert_eq!(sso::leave::told(&company, "id", &signer.token("k1", &all)).await.unwrap(), 2);
        assert!(!alive(&back).await && !alive(&second).await);
        assert_eq!(audited(&company, "sso_signed_out").await.len(), 3);
        // Where the person goes on to is known when his session has ended, too.
        assert!(sso::leave::address(&company, &second, "https://crm.example.sa/sign-in").await.unwrap().is_some());
        // Made-up tokens do not make us ask for keys again and again.
        let asked = issuer.asked("/jwks");
        for _ in 0..5 {
            assert!(sso::leave::told(&company, "id", &Signer::ed25519().token("k9", &all)).await.is_err());
        }
        assert!(issuer.asked("/jwks") <= asked + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_a_provider_is_checked_before_it_is_kept() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let boss = user(&company, "boss@example.sa", "admin").await;
        let seller = user(&company, "sara@example.sa", "seller").await;
        let signer = Signer::p256();
        let issuer = Issuer::start(vec![signer.public("k1")]).await;
        let good = provider(&issuer, newcomers());
        let seller = company.load_actor(seller).await.unwrap().unwrap();
        assert_eq!(key(sso::save(&company, &seller, good.clone(), None, true).await), "fault-forbidden");
        assert_eq!(key(sso::list(&company, &seller).await), "fault-forbidden");
        let boss = company.load_actor(boss).await.unwrap().unwrap();
        let changed = |change: fn(&mut Provider)| {
            let mut p = good.clone();
            change(&mut p);
            p
        };
        for (bad, expected) in [
            (changed(|p| p.key = "Ø/..".into()), "sso-bad-key"),
            (changed(|p| p.label = Label::default()), "value-required"),
            (changed(|p| p.people.domains = vec!["@".into()]), "sso-bad-domain"),
            (changed(|p| p.people.roles = vec!["king".into()]), "user-no-such-role"),
            (changed(|p| p.people.groups = vec![Group { group: "x".into(), ..Group::default() }]), "sso-group-line"),
            (changed(|p| p.way = Way::Oidc(Oidc { issuer: "ftp://x".into(), client: "c".into(), ..Oidc::default() })), "sso-bad-issuer"),
            (changed(|p| p.people.domains = Vec::new()), "sso-needs-domains"),
        ] {
            assert_eq!(key(sso::save(&company, &boss, bad, None, true).await), expected);
        }
        sso::save(&company, &boss, good.clone(), None, true).await.unwrap();
        assert_eq!(key(sso::save(&company, &boss, good.clone(), None, true).await), "sso-key-taken");
        // Without the operator's leave nothing inside is called, and nothing without TLS.
        assert_eq!(key(sso::begin(&company, "id", BACK, "", "ar", None).await), "sso-bad-issuer");
        assert_eq!(key(sso::begin(&company, "nobody", BACK, "", "ar", None).await), "fault-not-found");
        company.reach_inside(true).await.unwrap();
        issuer.says(json!({"issuer": "https://other.example"}));
        assert_eq!(key(sso::begin(&company, "id", BACK, "", "ar", None).await), "sso-other-issuer");
        let gone = changed(|p| p.way = Way::Oidc(Oidc { issuer: "http://127.0.0.1:1".into(), client: "c".into(), ..Oidc::default() }));
        sso::save(&company, &boss, gone.clone(), None, false).await.unwrap();
        assert_eq!(key(sso::begin(&company, "id", BACK, "", "ar", None).await), "sso-unreachable");

        // A secret that is kept goes to no other server.
        sso::save(&company, &boss, gone, Some(&Secret::new(SECRET)), false).await.unwrap();
        assert_eq!(key(sso::save(&company, &boss, changed(|_| {}), None, false).await), "sso-secret-again");
        sso::save(&company, &boss, changed(|_| {}), Some(&Secret::new(SECRET)), false).await.unwrap();
        sso::save(&company, &boss, changed(|p| p.people.create = false), None, false).await.unwrap();
        let ldap = directory::Settings { host: "ldap.evil.example".into(), base: "dc=x".into(), ..directory::Settings::default() };
        assert_eq!(key(sso::ldap::trial(&company, &boss, "id", &ldap, None).await.map(|_| ())), "sso-secret-again");
    })
    .await;
}
