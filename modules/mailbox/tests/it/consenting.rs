//! A mailbox is connected at its provider by the person whose it is, and by nobody else (INT-4).

use crate::office::{Office, office};
use engine::{Actor, Answer, Draft, PageCx};
use kernel::{FaultKind, Outcome};
use sha2::{Digest, Sha256};
use sila_mailbox::{access, pages::consent};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A token service: what it was asked, and its answers in order (the last one stays).
struct Service {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<(&'static str, &'static str)>>>,
}

const GRANTED: (&str, &str) = ("200 OK", r#"{"access_token":"access-1","expires_in":3600,"refresh_token":"refresh-1"}"#);

impl Service {
    async fn start() -> Service {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Service { url: format!("http://{}", listener.local_addr().unwrap()), heard: Arc::default(), answers: Arc::new(Mutex::new(vec![GRANTED])) };
        let (heard, answers) = (service.heard.clone(), service.answers.clone());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut got = vec![0; 16_384];
                let mut n = 0;
                // Head and body may come one after the other.
                while !String::from_utf8_lossy(&got[..n]).contains("code_verifier=") && !String::from_utf8_lossy(&got[..n]).contains("refresh_token=") {
                    match socket.read(&mut got[n..]).await {
                        Ok(0) | Err(_) => break,
                        Ok(more) => n += more,
                    }
                }
                heard.lock().unwrap().push(String::from_utf8_lossy(&got[..n]).into_owned());
                let (status, body) = *answers.lock().unwrap().last().unwrap();
                let _ = socket.write_all(format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
            }
        });
        service
    }
    fn says(&self, answer: (&'static str, &'static str)) {
        self.answers.lock().unwrap().push(answer);
    }
    fn calls(&self) -> usize {
        self.heard.lock().unwrap().len()
    }
}

async fn get(o: &Office, actor: &Actor, query: &[(&str, &str)]) -> Outcome<Answer> {
    let query = query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    consent::render(PageCx { company: o.company.clone(), actor: actor.clone(), path: "/mail/consent".into(), query, ip: String::new(), agent: String::new() }).await
}

fn page(answer: Answer) -> (String, Option<String>) {
    match answer {
        Answer::Html(html, fault) => (html, fault.map(|f| f.issues[0].key.clone())),
        _ => panic!("not a page"),
    }
}

/// Opens the page; what the way to the provider carries.
async fn asked(o: &Office) -> std::collections::HashMap<String, String> {
    let (html, fault) = page(get(o, &o.sara, &[("mailbox", &o.mailbox.to_string())]).await.unwrap());
    assert_eq!(fault, None, "{html}");
    let href = html.split("href=\"").find(|h| h.contains("response_type=code")).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let decoded = |t: &str| {
        let mut out = Vec::new();
        let mut bytes = t.bytes();
        while let Some(b) = bytes.next() {
            let hex = |b: Option<u8>| char::from(b.unwrap()).to_digit(16).unwrap() as u8;
            out.push(if b == b'%' { hex(bytes.next()) << 4 | hex(bytes.next()) } else { b });
        }
        String::from_utf8(out).unwrap()
    };
    href.split_once('?').unwrap().1.split('&').filter_map(|p| p.split_once('=')).map(|(k, v)| (k.to_owned(), decoded(v))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_a_mailbox_is_connected_at_its_provider() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let service = Service::start().await;
        // That of the company is its administrators' to connect.
        assert_eq!(get(&o, &o.sara, &[("mailbox", &o.mailbox.to_string())]).await.err().unwrap().kind, FaultKind::Forbidden);
        o.set("mailbox", o.mailbox, "kind", "personal").await;
        let mut cx = o.company.write(&o.company.system()).await.unwrap();
        let draft = Draft::of(o.mailbox).set("auth", "oauth2").set("client_id", "sila").set("scopes", "mail offline_access");
        cx.save("mailbox", draft.set("authorize_url", format!("{}/auth", service.url))).await.unwrap();
        cx.commit().await.unwrap();
        // What is missing is said, before anybody is sent away.
        let (_, fault) = page(get(&o, &o.sara, &[("mailbox", &o.mailbox.to_string())]).await.unwrap());
        assert_eq!(fault.as_deref(), Some("mail-consent-needs-url"));
        let settings = engine::Settings { url: "https://crm.example".into(), ..(*o.company.settings()).clone() };
        o.company.save_settings(&o.company.system(), settings).await.unwrap();
        let (_, fault) = page(get(&o, &o.sara, &[("mailbox", &o.mailbox.to_string())]).await.unwrap());
        assert_eq!(fault.as_deref(), Some("value-required"));
        o.set("mailbox", o.mailbox, "token_url", format!("{}/token", service.url)).await;
        // Not whose it is.
        assert_eq!(get(&o, &o.omar, &[("mailbox", &o.mailbox.to_string())]).await.err().unwrap().kind, FaultKind::NotFound);

        let there = asked(&o).await;
        assert_eq!((there["client_id"].as_str(), there["redirect_uri"].as_str(), there["scope"].as_str()), ("sila", "https://crm.example/mail/consent", "mail offline_access"));
        assert_eq!((there["code_challenge_method"].as_str(), there["login_hint"].as_str()), ("S256", o.user.as_str()));
        // Others' answers, altered ones, refusals: nothing is asked of the provider and nothing kept.
        let state = there["state"].as_str();
        let (head, rest) = state.split_at(20);
        let altered = format!("{head}{}{}", if rest.starts_with('A') { 'B' } else { 'A' }, &rest[1..]);
        for (who, query, key) in [
            (&o.omar, vec![("state", state), ("code", "c")], "mail-consent-spent"),
            (&o.sara, vec![("state", altered.as_str()), ("code", "c")], "mail-consent-spent"),
            (&o.sara, vec![("state", "s1.x"), ("code", "c")], "mail-consent-spent"),
            (&o.sara, vec![("state", state), ("error", "access_denied")], "mail-consent-denied"),
        ] {
            let (_, fault) = page(get(&o, who, &query).await.unwrap());
            assert_eq!(fault.as_deref(), Some(key), "{query:?}");
        }
        assert_eq!(service.calls(), 0);
        assert!(access::known_secrets(&o.company, o.mailbox).await.unwrap().is_empty());
        // What the provider refuses, and what it gives for an hour only.
        service.says(("400 Bad Request", r#"{"error":"invalid_grant","error_description":"code used"}"#));
        let (html, fault) = page(get(&o, &o.sara, &[("state", state), ("code", "c-1")]).await.unwrap());
        assert_eq!(fault.as_deref(), Some("mail-login-refused"));
        assert!(html.contains("code used"));
        service.says(("200 OK", r#"{"access_token":"short"}"#));
        let (_, fault) = page(get(&o, &o.sara, &[("state", state), ("code", "c-1")]).await.unwrap());
        assert_eq!(fault.as_deref(), Some("mail-consent-not-lasting"));
        assert!(access::known_secrets(&o.company, o.mailbox).await.unwrap().is_empty());

        service.says(GRANTED);
        let Answer::Go { to, .. } = get(&o, &o.sara, &[("state", state), ("code", "c-2")]).await.unwrap() else { panic!("connected") };
        assert_eq!(to, "/mail/boxes");
        let heard = service.heard.lock().unwrap().last().unwrap().clone();
        assert!(heard.contains("grant_type=authorization_code&code=c-2&redirect_uri=https%3A%2F%2Fcrm.example%2Fmail%2Fconsent&client_id=sila&code_verifier="), "{heard}");
        let verifier = heard.split("code_verifier=").nth(1).unwrap();
        use base64::Engine as _;
        assert_eq!(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())), there["code_challenge"], "the one whose fingerprint went out");
        let record = o.company.get(&o.company.system(), "mailbox", o.mailbox).await.unwrap();
        let login = access::login(&o.company, &record).await.unwrap();
        assert_eq!(login, mail::login::Login::Token { user: o.user.clone(), token: "access-1".into() });
        // An hour later it is renewed without him.
        let calls = service.calls();
        o.company.clock().set(o.company.now().checked_add(jiff::SignedDuration::from_hours(2)).unwrap());
        access::login(&o.company, &record).await.unwrap();
        assert!(service.calls() == calls + 1 && service.heard.lock().unwrap().last().unwrap().contains("refresh_token=refresh-1"));

        // Too late; and what was begun before the servers changed ends there.
        let (_, fault) = page(get(&o, &o.sara, &[("state", state), ("code", "c-3")]).await.unwrap());
        assert_eq!(fault.as_deref(), Some("mail-consent-spent"));
        let begun = asked(&o).await;
        o.set("mailbox", o.mailbox, "imap_host", "localhost").await;
        assert!(access::known_secrets(&o.company, o.mailbox).await.unwrap().is_empty(), "tokens go to no other server");
        let calls = service.calls();
        let (_, fault) = page(get(&o, &o.sara, &[("state", &begun["state"]), ("code", "c-4")]).await.unwrap());
        assert_eq!((fault.as_deref(), service.calls()), (Some("mail-consent-spent"), calls));
        // Nor over a way without TLS where the operator has not allowed what lies inside.
        o.company.reach_inside(false).await.unwrap();
        let begun = asked(&o).await;
        let (_, fault) = page(get(&o, &o.sara, &[("state", &begun["state"]), ("code", "c-5")]).await.unwrap());
        assert_eq!((fault.as_deref(), service.calls()), (Some("mail-inside"), calls));
    })
    .await;
}
