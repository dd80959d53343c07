//! The customer's page: what a link opens and what it does not, choosing, accepting, declining, asking.

use crate::{act, colleague, company, d, get, keys, lines, save, sent};
use engine::{Answer, Company, Draft, Form, PageCx, Query};
use kernel::jiff::ToSpan;
use kernel::uuid::Uuid;
use kernel::{Expr, FaultKind, Value};

/// The smallest picture a canvas can give.
const DRAWN: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async fn token(company: &Company, quote: Uuid) -> String {
    let link = sila_quotes::outgoing::link(company, &get(company, "quote", quote).await, text::Lang::Ar).await.unwrap();
    link.split("?t=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

fn page(company: &Company, t: &str) -> PageCx {
    PageCx { company: company.clone(), actor: company.system(), path: "/p/quotes/quote".into(), query: vec![("t".into(), t.into())], ip: String::new(), agent: String::new() }
}

fn door() -> engine::Page {
    sila_quotes::module().pages.into_iter().find(|p| p.key == "quote").unwrap()
}

/// The page and the refusal it shows.
async fn open(company: &Company, t: &str) -> (String, Option<FaultKind>) {
    match (door().render)(page(company, t)).await.unwrap() {
        Answer::Html(html, fault) | Answer::Framed { html, fault, .. } => (html, fault.map(|f| f.kind)),
        other => panic!("{other:?}"),
    }
}

/// Where an answer leads, or the keys of what is wrong.
async fn answer(company: &Company, t: &str, pairs: &[(&str, &str)]) -> Result<String, Vec<String>> {
    let form = Form { pairs: pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(), files: Vec::new() };
    match door().post.unwrap()(page(company, t), form).await.unwrap() {
        Answer::Go { said, .. } => Ok(said.to_owned()),
        Answer::Piece(_) => Ok(String::new()),
        Answer::Html(html, None) => Ok(html),
        Answer::Html(_, Some(fault)) => Err(if fault.issues.is_empty() { vec![format!("{:?}", fault.kind)] } else { keys(&fault).into_iter().map(str::to_owned).collect() }),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_a_customer_accepts_with_a_signature() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let seller = colleague(&company, "seller", 1).await;
        let (q, party) = sent(&company).await;
        save(&company, "quote", Draft::of(q).set("owner", seller.id)).await;
        let t = token(&company, q).await;
        let before = get(&company, "quote", q).await;
        let (html, fault) = open(&company, &t).await;
        assert_eq!(fault, None);
        for known in ["Q-00001", "صندوق هدايا", "1,264.99", "مؤسسة نور الشام", "فقط ألف ومئتان وأربعة وستون ريالًا سعوديًا وتسع وتسعون هللة لا غير"] {
            assert!(html.contains(known), "{known} in {html}");
        }
        // Opening changes nothing; that somebody looked is told apart.
        assert_eq!(get(&company, "quote", q).await, before);
        for _ in 0..3 {
            answer(&company, &t, &[("do", "seen")]).await.unwrap();
        }
        let seen = get(&company, "quote", q).await;
        assert_eq!((seen.get("seen_count"), seen.get("seen_at").is_null()), (&Value::Int(3), false));
        // A question reaches the customer's line and the owner.
        assert_eq!(answer(&company, &t, &[("do", "comment"), ("text", "هل يشمل التوصيل؟")]).await, Ok("quotes-said-commented".into()));
        let asked = company.list(&company.system(), &Query::new("interaction").filter(Expr::path("party").eq(Expr::lit(party)))).await.unwrap().records;
        assert_eq!((asked.len(), asked[0].get("notes").text(), asked[0].get("direction").text()), (1, Some("هل يشمل التوصيل؟"), Some("in")));
        // Without a name nothing is accepted; another sum than the one seen neither; a picture that is none neither.
        assert_eq!(answer(&company, &t, &[("do", "accept"), ("name", " ")]).await, Err(vec!["quotes-name-missing".into()]));
        assert_eq!(answer(&company, &t, &[("do", "accept"), ("name", "هدى"), ("seen_total", "1")]).await, Err(vec!["quotes-other-sum".into()]));
        assert_eq!(answer(&company, &t, &[("do", "accept"), ("name", "هدى"), ("signature", "data:image/png;base64,PHN2Zz4=")]).await, Err(vec!["quotes-signature".into()]));
        assert_eq!(get(&company, "quote", q).await.get("status").text(), Some("sent"));
        assert_eq!(answer(&company, &t, &[("do", "accept"), ("name", "هدى العتيبي"), ("seen_total", "126499"), ("signature", DRAWN)]).await, Ok("quotes-said-accepted".into()));
        let done = get(&company, "quote", q).await;
        assert_eq!((done.get("status").text(), done.get("accepted_by").text()), (Some("accepted"), Some("هدى العتيبي")));
        let Value::File(file) = done.get("signature") else { panic!("no signature") };
        assert!(company.file(&company.system(), "quote", q, file.id).await.unwrap().1.starts_with(b"\x89PNG"));
        let (html, _) = open(&company, &t).await;
        assert!(html.contains("قَبِل") && !html.contains("data-signature"), "{html}");
        let told = company.timeline_of(&seller, "quote", q, &engine::timeline::Asked::default(), 50).await.unwrap();
        for kind in ["quote.seen", "quote.commented", "quote.accepted"] {
            assert_eq!(told.entries.iter().filter(|e| e.kind == kind).count(), 1, "{kind}");
        }
        // Answered is answered.
        assert_eq!(answer(&company, &t, &[("do", "decline"), ("reason", "غالٍ")]).await, Err(vec!["quotes-not-open".into()]));
    })
    .await;
}

/// Two people press at once: one wins, the other is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sal_6_two_accept_at_once() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let (q, _) = sent(&company).await;
        let t = token(&company, q).await;
        let one = |name: &'static str| {
            let (company, t) = (company.clone(), t.clone());
            tokio::spawn(async move { answer(&company, &t, &[("do", "accept"), ("name", name)]).await })
        };
        let mut all = Vec::new();
        for handle in [one("هدى"), one("عمر"), one("منى"), one("سالم")] {
            all.push(handle.await.unwrap());
        }
        assert_eq!(all.iter().filter(|a| a.is_ok()).count(), 1, "{all:?}");
        assert!(all.iter().filter_map(|a| a.as_ref().err()).all(|keys| *keys == ["quotes-not-open"]), "{all:?}");
        let line = company.timeline_of(&company.system(), "quote", q, &engine::timeline::Asked::default(), 50).await.unwrap();
        assert_eq!(line.entries.iter().filter(|e| e.kind == "quote.accepted").count(), 1);
        // As often with the order.
        let click = || {
            let company = company.clone();
            tokio::spawn(async move { act(&company, &company.system(), "quote", q, "convert", &[]).await.map(|d| d.goto) })
        };
        let (a, b, c) = (click(), click(), click());
        let (a, b, c) = (a.await.unwrap().unwrap(), b.await.unwrap().unwrap(), c.await.unwrap().unwrap());
        assert!(a == b && b == c);
        assert_eq!(company.list(&company.system(), &Query::new("order")).await.unwrap().records.len(), 1);
    })
    .await;
}

/// A link that was tampered with, belongs to a draft or to something else is as one that never was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_links_open_one_quote_and_nothing_else() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let (q, party) = sent(&company).await;
        let t = token(&company, q).await;
        let nothing = open(&company, "").await;
        assert_eq!(nothing.1, Some(FaultKind::NotFound));
        let (body, seal) = t.split_once('.').unwrap();
        let other = base::ticket::Ticket::new(&company, "pref", q, "", 5).sign(&company).await.unwrap();
        let unknown = base::ticket::Ticket::new(&company, "quote", Uuid::from_u128(7), "", 5).sign(&company).await.unwrap();
        let over = base::ticket::Ticket::new(&company, "quote", q, "", -1).sign(&company).await.unwrap();
        let draft = save(&company, "quote", Draft::new().set("party", party)).await;
        let draft = token(&company, draft).await;
        for bad in [format!("{body}x.{seal}"), format!("{body}.{}", seal.to_lowercase()), "x".into(), other, unknown, over, draft] {
            assert_eq!(open(&company, &bad).await, nothing, "{bad}");
            assert_eq!(answer(&company, &bad, &[("do", "accept"), ("name", "هدى")]).await, Err(vec!["NotFound".into()]));
        }
        // A later version is told, and opened where it was sent.
        let new = act(&company, &company.system(), "quote", q, "revise", &[]).await.unwrap().goto.unwrap().1;
        let (html, fault) = open(&company, &t).await;
        assert!(fault.is_none() && html.contains("نعدّ لك نسخة جديدة") && !html.contains("أقبل العرض"), "{html}");
        act(&company, &company.system(), "quote", new, "send", &[]).await.unwrap();
        let (html, _) = open(&company, &t).await;
        assert!(html.contains("حلّت محل هذا العرض نسخة أحدث") && html.contains("/p/quotes/quote?t="), "{html}");
        assert_eq!(answer(&company, &t, &[("do", "accept"), ("name", "هدى")]).await, Err(vec!["quotes-not-open".into()]));
        // An expired one says so and takes no answer.
        let t = token(&company, new).await;
        company.clock().set(company.now().to_zoned(kernel::jiff::tz::TimeZone::UTC).checked_add(40.days()).unwrap().timestamp());
        let (html, _) = open(&company, &t).await;
        assert!(html.contains("انتهت صلاحية هذا العرض") && !html.contains("أقبل العرض"), "{html}");
        assert_eq!(answer(&company, &t, &[("do", "accept"), ("name", "هدى")]).await, Err(vec!["quotes-expired".into()]));
        assert_eq!(answer(&company, &t, &[("do", "choose")]).await, Err(vec!["quotes-not-open".into()]));
    })
    .await;
}

/// The customer chooses what is optional, and nothing else; the sum he accepts is the one he saw.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_optional_lines_are_the_customers_choice() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let party = crate::customer(&company).await;
        let q = crate::quote(&company, party).await;
        let own = |name: &str, price: &str| Draft::new().set("quote", q).set("description", name).set("price", d(price));
        save(&company, "quote_line", own("تركيب", "100")).await;
        save(&company, "quote_line", own("صيانة سنة", "50").set("optional", true)).await;
        save(&company, "quote_line", own("تدريب", "30").set("optional", true)).await;
        act(&company, &company.system(), "quote", q, "send", &[]).await.unwrap();
        let t = token(&company, q).await;
        let all = lines(&company, q).await;
        let total = async || get(&company, "quote", q).await.get("total").money().unwrap().minor;
        assert_eq!(total().await, 11_500);
        let html = answer(&company, &t, &[("do", "choose"), ("line", &all[1].id.to_string()), ("line", &all[0].id.to_string())]).await.unwrap();
        assert!(html.contains("172.50") && html.contains("data-total=\"17250\""), "{html}");
        assert_eq!(total().await, 17_250);
        answer(&company, &t, &[("do", "choose"), ("line", &all[2].id.to_string())]).await.unwrap();
        assert_eq!(total().await, 14_950);
        assert_eq!(answer(&company, &t, &[("do", "accept"), ("name", "هدى"), ("seen_total", "17250")]).await, Err(vec!["quotes-other-sum".into()]));
        assert_eq!(answer(&company, &t, &[("do", "decline"), ("reason", "")]).await, Err(vec!["quotes-reason-missing".into()]));
        answer(&company, &t, &[("do", "decline"), ("reason", "وجدت أرخص")]).await.unwrap();
        let q = get(&company, "quote", q).await;
        assert_eq!((q.get("status").text(), q.get("decline_reason").text()), (Some("declined"), Some("وجدت أرخص")));
    })
    .await;
}
