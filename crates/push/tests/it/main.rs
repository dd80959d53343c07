//! A notice reaches a browser through a push service: a real HTTP server that checks the signature and opens the message
//! as the browser would.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_push as push;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use engine::{Actor, Company, Draft, JobCx, Notice};
use kernel::{FaultKind, Name};
use push::crypt::{Receiver, open};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

/// What arrived: headers and body.
type Arrived = Arc<Mutex<Vec<(HashMap<String, String>, Vec<u8>)>>>;

/// A push service that answers with the statuses in turn.
async fn service(statuses: &'static [u16]) -> (String, Arrived) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let arrived: Arrived = Arrived::default();
    let seen = arrived.clone();
    tokio::spawn(async move {
        for status in statuses {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            loop {
                let mut chunk = [0; 4096];
                let n = socket.read(&mut chunk).await.unwrap();
                bytes.extend_from_slice(&chunk[..n]);
                let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
                let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
                let headers: HashMap<String, String> = head.lines().skip(1).filter_map(|l| l.split_once(": ")).map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
                let length: usize = headers["content-length"].parse().unwrap();
                if bytes.len() >= end + 4 + length {
                    seen.lock().unwrap().push((headers, bytes[end + 4..end + 4 + length].to_vec()));
                    break;
                }
            }
            let _ = socket.write_all(format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).await;
        }
    });
    (format!("http://{at}/send/abc"), arrived)
}

/// A browser's side of a subscription.
struct Browser {
    private: EphemeralPrivateKey,
    keys: Receiver,
}

impl Browser {
    fn new() -> Browser {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Browser { private, keys: Receiver { public, auth: vec![9; 16] } }
    }
    fn subscription(&self, endpoint: &str) -> push::Subscription {
        push::Subscription { endpoint: endpoint.into(), p256dh: B64.encode(&self.keys.public), auth: B64.encode(&self.keys.auth), agent: "Firefox/140".into() }
    }
    fn open(self, body: &[u8]) -> Json {
        let Browser { private, keys } = self;
        let shared = |sender: &[u8]| agree_ephemeral(private, &UnparsedPublicKey::new(&ECDH_P256, sender), <[u8]>::to_vec).unwrap();
        serde_json::from_slice(&open(body, &keys, shared).unwrap()).unwrap()
    }
}

async fn world(url: &str) -> (Company, testdb::TempFolder, Actor, Actor, Uuid) {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let company = Company::open(db, folder.path(), vec![base::module()]).await.unwrap().0;
    let mut cx = company.write(&company.system()).await.unwrap();
    let mut people = Vec::new();
    for name in ["سارة", "عمر"] {
        let draft = Draft::new().set("name", Name::new(name, "")).set("email", format!("u{}@example.com", people.len())).set("active", true);
        let id = cx.save("user", draft).await.unwrap().record().id;
        cx.set_roles(id, &["admin"]).await.unwrap();
        people.push(id);
    }
    let party = cx.save("party", Draft::new().set("name", Name::new("شركة النخيل", "Palm"))).await.unwrap().record().id;
    cx.commit().await.unwrap();
    let sara = company.load_actor(people[0]).await.unwrap().unwrap();
    let omar = company.load_actor(people[1]).await.unwrap().unwrap();
    let prefs = engine::notify::NoticePrefs { quiet_from: 0, quiet_until: 0, quiet_weekend: false, ..Default::default() };
    company.save_notice_prefs(&omar, &prefs).await.unwrap();
    (company, folder, sara, omar, party)
}

/// Tells omar that the party is his, and gives the jobs that push it.
async fn tell(company: &Company, by: &Actor, to: &Actor, party: Uuid) -> Vec<store::queue::Job> {
    let mut cx = company.write(by).await.unwrap();
    assert!(cx.notify(Notice { user: to.id, kind: "assigned", object: "party", record: party, data: Json::Null }).await.unwrap());
    cx.commit().await.unwrap();
    store::queue::list(&mut company.db().read().await.unwrap(), Some(engine::notify::PUSH), Some(store::queue::State::Waiting), 10).await.unwrap()
}

async fn run(company: &Company, job: store::queue::Job) -> kernel::Outcome<()> {
    let body = push::jobs().into_iter().find(|k| k.key == job.kind).unwrap().run;
    body(JobCx::detached(company.clone(), job)).await
}

#[tokio::test]
async fn sal_9_a_push_arrives_encrypted_and_signed_and_a_gone_browser_is_forgotten() {
    testdb::both(async |url| {
        let (company, _folder, sara, omar, party) = world(&url).await;
        let (endpoint, arrived) = service(&[201, 410]).await;
        let browser = Browser::new();
        let s = browser.subscription(&endpoint);
        // Our own network is not called unless the operator says so.
        assert_eq!(push::subscribe(&company, &omar, &s).await.unwrap_err().kind, FaultKind::Invalid);
        company.reach_inside(true).await.unwrap();
        push::subscribe(&company, &omar, &s).await.unwrap();
        push::subscribe(&company, &omar, &s).await.unwrap();
        assert_eq!(push::devices(&company, &omar).await.unwrap().len(), 1, "the same browser once");
        assert!(push::devices(&company, &sara).await.unwrap().is_empty());

        let jobs = tell(&company, &sara, &omar, party).await;
        assert_eq!(jobs.len(), 1);
        run(&company, jobs[0].clone()).await.unwrap();
        let (headers, body) = arrived.lock().unwrap().pop().unwrap();
        assert_eq!((headers["content-encoding"].as_str(), headers["ttl"].as_str()), ("aes128gcm", "86400"));
        let message = browser.open(&body);
        assert_eq!(message["title"], "أسند إليك سارة شركة النخيل");
        assert_eq!(message["href"], format!("/party/{party}"));
        assert!(!String::from_utf8_lossy(&body).contains("party"));
        // RFC 8292: the token is for this service, signed with the key that the browser subscribed with.
        let (token, key) = headers["authorization"].strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(key, push::public_key(&company).await.unwrap());
        let (text, signature) = token.rsplit_once('.').unwrap();
        let public = ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, B64.decode(key).unwrap());
        public.verify(text.as_bytes(), &B64.decode(signature).unwrap()).unwrap();
        let claims: Json = serde_json::from_slice(&B64.decode(text.split('.').nth(1).unwrap()).unwrap()).unwrap();
        assert_eq!(claims["aud"], endpoint.strip_suffix("/send/abc").unwrap());
        let ahead = claims["exp"].as_i64().unwrap() - company.now().as_second();
        assert!((3_600..=86_400).contains(&ahead));
        assert!(push::devices(&company, &omar).await.unwrap()[0].last_ok.is_some());

        // The browser is gone (410): it is forgotten, and the job is done.
        run(&company, jobs[0].clone()).await.unwrap();
        assert!(push::devices(&company, &omar).await.unwrap().is_empty());
        // What was read meanwhile is not pushed any more.
        company.mark_read(&omar, None, true).await.unwrap();
        run(&company, jobs[0].clone()).await.unwrap();
        assert_eq!(arrived.lock().unwrap().len(), 1, "the second call only");
    })
    .await;
}

#[tokio::test]
async fn sal_9_devices_are_ones_own_and_proper() {
    testdb::both(async |url| {
        let (company, _folder, sara, omar, _) = world(&url).await;
        company.reach_inside(true).await.unwrap();
        let good = Browser::new().subscription("http://127.0.0.1:9/x");
        for bad in [
            push::Subscription { p256dh: "AAAA".into(), ..good.clone() },
            push::Subscription { endpoint: "ftp://127.0.0.1/x".into(), ..good.clone() },
            push::Subscription { auth: String::new(), ..good.clone() },
        ] {
            assert_eq!(push::subscribe(&company, &omar, &bad).await.unwrap_err().kind, FaultKind::Invalid, "{}", bad.endpoint);
        }
        let id = push::subscribe(&company, &omar, &good).await.unwrap();
        assert_eq!(push::unsubscribe(&company, &sara, &id.to_string()).await.unwrap_err().kind, FaultKind::NotFound);
        push::unsubscribe(&company, &omar, &good.endpoint).await.unwrap();
        assert!(push::devices(&company, &omar).await.unwrap().is_empty());
        // The key is sealed in the database and stays the same.
        let key = push::public_key(&company).await.unwrap();
        assert_eq!(push::public_key(&company).await.unwrap(), key);
        let stored = engine::settings::get(&mut company.db().read().await.unwrap(), "company", "push.vapid").await.unwrap().unwrap();
        assert!(stored.starts_with("s1."), "{stored}");
    })
    .await;
}
