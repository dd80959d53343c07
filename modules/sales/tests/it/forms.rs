//! MKT-11: a form on the web gives one lead with its consents; spam waits aside; nothing typed is lost.

use crate::desk::{Desk, desk, why};
use engine::{Answer, Draft, Form, PageCx};
use kernel::{FaultKind, Name, Value};
use uuid::Uuid;

fn page(desk: &Desk, query: &[(&str, &str)], ip: &str) -> PageCx {
    let query = query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    PageCx { company: desk.company.clone(), actor: desk.company.system(), path: "/p/sales/form?f=contact".into(), query, ip: ip.into(), agent: "Browser".into() }
}

async fn open(desk: &Desk) -> (String, Vec<String>, Option<FaultKind>) {
    shown((sales::capture::page().render)(page(desk, &[("f", "contact")], "203.0.113.9")).await.unwrap())
}

/// What a person would see: the page, who may embed it, and what kind of refusal it is.
fn shown(answer: Answer) -> (String, Vec<String>, Option<FaultKind>) {
    match answer {
        Answer::Framed { html, sites, fault } => (html, sites, fault.map(|f| f.kind)),
        Answer::Html(html, fault) => (html, Vec::new(), fault.map(|f| f.kind)),
        Answer::Go { to, .. } => (to, Vec::new(), None),
        other => panic!("{other:?}"),
    }
}

fn between<'h>(html: &'h str, start: &str) -> &'h str {
    html.split_once(start).unwrap().1.split_once('"').unwrap().0
}

async fn token(desk: &Desk) -> String {
    between(&open(desk).await.0, "name=\"_t\" value=\"").to_owned()
}

async fn send(desk: &Desk, ip: &str, token: &str, pairs: &[(&str, &str)]) -> (String, Vec<String>, Option<FaultKind>) {
    let pairs = pairs.iter().chain(&[("_t", token)]).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let post = sales::capture::page().post.unwrap();
    shown(post(page(desk, &[("f", "contact")], ip), Form { pairs, files: Vec::new() }).await.unwrap())
}

fn later(desk: &Desk, seconds: i64) {
    let now = desk.company.now().checked_add(kernel::jiff::SignedDuration::from_secs(seconds)).unwrap();
    desk.company.clock().set(now);
}

async fn form(desk: &Desk) -> Uuid {
    let draft = Draft::new().set("name", Name::new("تواصل معنا", "Contact us")).set("code", "contact").set("campaign", "الربيع").set("sites", "https://Shop.example/");
    desk.save("manager", "web_form", draft).await.unwrap().id
}

async fn counts(desk: &Desk) -> (usize, usize) {
    (desk.all("system", "lead", "true").await.len(), desk.all("system", "web_submission", "true").await.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_a_form_makes_one_lead_with_its_consents_and_their_proof() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let form = form(&desk).await;
        let newsletter = desk.all("system", "purpose", "code == \"newsletter\"").await[0].id;
        let ask = Draft::new().set("form", form).set("purpose", newsletter).set("text_ar", "أوافق على مراسلتي بالجديد.").set("channels", Value::List(vec!["email".into(), "whatsapp".into()]));
        let ask = desk.save("manager", "web_form_consent", ask).await.unwrap().id;
        let (html, sites, _) = open(&desk).await;
        assert_eq!(sites, ["https://shop.example"]);
        assert!(html.contains("أوافق على مراسلتي بالجديد.") && html.contains("name=\"interest\""));
        let token = token(&desk).await;
        later(&desk, 20);
        let hostile = "نورة <script>alert(1)</script>";
        let consent = format!("consent.{ask}");
        let told = [("name", "نورة"), ("company", "الأفق"), ("email", "noura@ofoq.sa"), ("phone", ""), ("interest", "كراسي"), (consent.as_str(), "1"), ("utm_source", "search"), ("referrer", "https://example.com/a")];
        // What does not fit is said, and what was typed stands there again.
        let mut wrong = told;
        (wrong[0].1, wrong[2].1) = (hostile, "noura@");
        let (html, _, fault) = send(&desk, "203.0.113.9", &token, &wrong).await;
        assert_eq!(fault, Some(FaultKind::Invalid));
        assert!(html.contains("value=\"noura@\"") && html.contains("&lt;script&gt;") && !html.contains("<script>alert") && html.contains("كراسي") && html.contains("checked"));
        assert_eq!(counts(&desk).await, (0, 0));
        // Sent twice at once, and again: one lead.
        let (first, second) = tokio::join!(send(&desk, "203.0.113.9", &token, &told), send(&desk, "203.0.113.9", &token, &told));
        for (to, _, fault) in [first, second, send(&desk, "203.0.113.9", &token, &told).await] {
            assert!(to.contains("done=1") && fault.is_none(), "{to}");
        }
        assert_eq!(counts(&desk).await, (1, 1));
        let lead = desk.all("system", "lead", "true").await.remove(0);
        assert_eq!((lead.get("source").text(), lead.get("campaign").text(), lead.get("form").id(), lead.get("owner").id()), (Some("website"), Some("الربيع"), Some(form), None));
        let Value::Json(came) = lead.get("came") else { panic!("nothing kept of where it came from") };
        assert_eq!((came["utm_source"].as_str(), came["referrer"].as_str()), (Some("search"), Some("https://example.com/a")));
        // No telephone was given: nothing is written down for it.
        let facts = desk.all("system", "consent", &format!("lead == id(\"{}\")", lead.id)).await;
        assert_eq!(facts.len(), 1);
        let fact = &facts[0];
        let proof = ["channel", "state", "source", "address", "text_shown", "ip", "agent"].map(|f| fact.get(f).text().unwrap().to_owned());
        assert_eq!(proof, ["email", "given", "form", "noura@ofoq.sa", "أوافق على مراسلتي بالجديد.", "203.0.113.9", "Browser"]);
        // The page that was used takes nothing else, and says so with a fresh one.
        let mut other = told;
        other[0].1 = "سالم";
        let (html, _, fault) = send(&desk, "203.0.113.9", &token, &other).await;
        assert_eq!((fault, html.contains("سالم"), html.contains(&token)), (Some(FaultKind::Conflict), true, false));
        assert_eq!(counts(&desk).await, (1, 1));
        // The customer it becomes has allowed what the lead allowed.
        desk.act("manager", "lead", lead.id, "convert", &[]).await.unwrap();
        let lead = desk.get("lead", lead.id).await;
        let person = lead.get("person").id().unwrap();
        let mut conn = desk.company.db().read().await.unwrap();
        assert!(base::consent::may_contact(&mut conn, desk.company.now(), person, "email", "newsletter").await.unwrap());
        assert!(!base::consent::may_contact(&mut conn, desk.company.now(), person, "whatsapp", "newsletter").await.unwrap());
        drop(conn);
        desk.act("manager", "lead", lead.id, "undo_conversion", &[]).await.unwrap();
        desk.act("manager", "lead", lead.id, "convert", &[]).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_what_looks_like_spam_waits_and_is_decided_on() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        form(&desk).await;
        let told = [("name", "نورة"), ("email", "noura@ofoq.sa"), ("interest", "كراسي")];
        // No token, somebody else's, an old one: nothing is kept, what was typed is there, a fresh page is given out.
        let old = token(&desk).await;
        later(&desk, 13 * 3600);
        for token in ["", "1.2.3", &old] {
            let (html, _, fault) = send(&desk, "203.0.113.9", token, &told).await;
            assert_eq!((fault, html.contains("noura@ofoq.sa")), (Some(FaultKind::Conflict), true));
        }
        assert_eq!(counts(&desk).await, (0, 0));
        // Too fast; the field nobody sees; a letter full of links: the sender hears nothing of it.
        let fast = token(&desk).await;
        assert!(send(&desk, "203.0.113.9", &fast, &told).await.0.contains("done=1"));
        let trapped = token(&desk).await;
        later(&desk, 30);
        assert!(send(&desk, "203.0.113.10", &trapped, &[("name", "x"), ("email", "x@y.example"), ("website_url", "https://x")]).await.0.contains("done=1"));
        assert_eq!(counts(&desk).await, (0, 2));
        let held = desk.all("manager", "web_submission", "status == \"held\"").await;
        let reasons = |n: usize| held[n].get("reasons").clone();
        assert_eq!(reasons(0), Value::List(vec!["fast".into(), "no_work".into()]));
        assert_eq!(desk.get("web_form", held[0].get("form").id().unwrap()).await.get("held").int(), Some(2));
        // Sellers do not see what is not theirs; nobody writes a submission.
        assert!(desk.all("huda", "web_submission", "true").await.is_empty());
        assert_eq!(why(desk.save("manager", "web_submission", Draft::of(held[0].id).set("status", "taken")).await), ["status value-read-only"]);
        desk.act("manager", "web_submission", held[0].id, "accept", &[]).await.unwrap();
        desk.act("manager", "web_submission", held[1].id, "discard", &[]).await.unwrap();
        assert_eq!(why(desk.act("manager", "web_submission", held[0].id, "accept", &[]).await), [" action-not-now"]);
        assert_eq!(desk.all("system", "lead", "name.ar == \"نورة\" && owner == null").await.len(), 1);
        for one in &held {
            let kept = desk.get("web_submission", one.id).await;
            assert!(["data", "ip", "agent"].iter().all(|f| kept.get(f).is_null()), "what was decided keeps nothing personal twice");
        }
        // Too long is said, not cut.
        let long = token(&desk).await;
        later(&desk, 30);
        let (html, _, fault) = send(&desk, "203.0.113.11", &long, &[("name", "نورة"), ("email", "a@ofoq.sa"), ("interest", &"ب".repeat(4_001))]).await;
        assert_eq!((fault, html.contains("field-error")), (Some(FaultKind::Invalid), true));
        // A flood from one address: some wait, then nothing more is taken.
        let mut ends = Vec::new();
        for n in 0..32 {
            let token = token(&desk).await;
            later(&desk, 5);
            let name = format!("زائر {}", ["أ", "ب"][n % 2].repeat(n / 2 + 1));
            ends.push(send(&desk, "203.0.113.12", &token, &[("name", &name), ("email", "f@ofoq.sa")]).await.2);
        }
        assert_eq!((ends[29], ends[30], ends[31]), (None, Some(FaultKind::Conflict), Some(FaultKind::Conflict)));
        assert_eq!(desk.all("system", "web_submission", "ip == \"203.0.113.12\" && status == \"taken\"").await.len(), 5);
        // From another address it goes on.
        let token = token(&desk).await;
        later(&desk, 5);
        assert!(send(&desk, "203.0.113.13", &token, &told).await.0.contains("done=1"));
        // A closed form is gone.
        let form = desk.all("system", "web_form", "true").await[0].id;
        desk.save("manager", "web_form", Draft::of(form).set("active", false)).await.unwrap();
        assert_eq!(open(&desk).await.2, Some(FaultKind::NotFound));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_a_form_is_declared_within_bounds() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let form = form(&desk).await;
        let set = |field: &'static str, value: &'static str| desk.save("manager", "web_form", Draft::of(form).set(field, value));
        assert_eq!(why(set("code", "Contact Us").await), ["code sales-form-code"]);
        assert_eq!(why(set("sites", "https://a.example\nevil.example/x").await), ["sites sales-form-site"]);
        let ask = |field: &'static str, position: i64| desk.save("manager", "web_form_question", Draft::new().set("form", form).set("field", field).set("position", position).set("words", Name::new("بريدك", "Your mail")));
        ask("email", 2).await.unwrap();
        ask("name", 1).await.unwrap();
        assert_eq!(why(ask("owner", 3).await), ["field value-not-an-option"]);
        let (html, ..) = open(&desk).await;
        assert!(html.find("name=\"name\"").unwrap() < html.find("name=\"email\"").unwrap() && !html.contains("name=\"company\"") && html.contains("بريدك"));
        // A consent that is nobody's is none.
        let purpose = desk.all("system", "purpose", "code == \"newsletter\"").await[0].id;
        assert_eq!(why(desk.save("system", "consent", Draft::new().set("purpose", purpose).set("channel", "email")).await), ["party value-required"]);
    })
    .await;
}
