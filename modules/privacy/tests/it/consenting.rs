//! Consents that come in by a confirmed letter or a file; breaches and their clock; who looked, in the copy.

use crate::{MAIL, company, modules, save, shammaa};
use engine::import::{Assign, Mapping, NewImport, State};
use engine::{Answer, Company, Draft, Form, Input, PageCx, Query};
use kernel::expr::Expr;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{FaultKind, Record, Value};
use serde_json::json;

async fn purpose(company: &Company, code: &str) -> Uuid {
    let q = Query::new("purpose").filter(Expr::parse(&format!("code == \"{code}\"")).unwrap());
    company.list(&company.system(), &q).await.unwrap().records[0].id
}

async fn may(company: &Company, party: Uuid) -> bool {
    let mut conn = company.db().read().await.unwrap();
    base::consent::may_contact(&mut conn, company.now(), party, "email", "newsletter").await.unwrap()
}

async fn facts(company: &Company, party: Uuid) -> Vec<Record> {
    let q = Query::new("consent").filter(Expr::path("party").eq(Expr::lit(party))).sort("at");
    company.list(&company.system(), &q).await.unwrap().records
}

fn states(facts: &[Record]) -> Vec<&str> {
    facts.iter().map(|f| f.get("state").text().unwrap()).collect()
}

/// The public page of the module at a link from a letter: as it opens, or as its button is pressed.
async fn at(company: &Company, key: &str, link: &str, press: bool) -> Answer {
    let query = link.split_once('?').unwrap().1.split('&').filter_map(|p| p.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let page = PageCx { company: company.clone(), actor: company.system(), path: format!("/p/privacy/{key}"), query, ip: "203.0.113.9".into(), agent: "Browser".into() };
    let modules = modules();
    let found = modules.iter().flat_map(|m| &m.pages).find(|p| p.module == "privacy" && p.key == key).unwrap();
    if press { (found.post.unwrap())(page, Form { pairs: Vec::new(), files: Vec::new() }).await.unwrap() } else { (found.render)(page).await.unwrap() }
}

fn status(answer: &Answer) -> Option<FaultKind> {
    match answer {
        Answer::Html(_, fault) => fault.as_ref().map(|f| f.kind),
        other => panic!("{other:?}"),
    }
}

/// CUST-7: double opt-in. Said on the telephone it waits; only the link in the letter makes it hold, and only once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_a_double_opt_in_holds_when_confirmed() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let clock = |t: &str| company.clock().set(t.parse().unwrap());
        clock("2026-03-01T09:00:00Z");
        let party = shammaa(&company).await;
        let newsletter = purpose(&company, "newsletter").await;
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.save("purpose", Draft::of(newsletter).set("double_opt_in", true).set("offered", true).set("active", true)).await.unwrap();
        cx.commit().await.unwrap();
        let said = |state: &str| {
            Input::from_iter([
                ("purpose".to_owned(), Value::Id(newsletter)),
                ("channel".to_owned(), "email".into()),
                ("state".to_owned(), state.into()),
                ("source".to_owned(), "call".into()),
                ("words".to_owned(), "قالت نعم على الهاتف".into()),
            ])
        };
        company.dispatch(&company.system(), "party", party, "set_consent", None, said("given")).await.unwrap();
        assert_eq!(states(&facts(&company, party).await), ["pending"]);
        assert!(!may(&company, party).await, "what waits is no consent");
        engine::runner::run_due(&company, &[]).await.unwrap();
        let mut conn = company.db().read().await.unwrap();
        let letters = store::queue::list(&mut conn, Some("mail.send"), None, 10).await.unwrap();
        drop(conn);
        let letter = letters.iter().find(|j| j.payload["to"] == json!(MAIL)).unwrap_or_else(|| panic!("{letters:?}"));
        let link = letter.payload["lines"].as_array().unwrap().iter().filter_map(|l| l.as_str()).find(|l| l.contains("/p/privacy/confirm?t=")).unwrap().to_owned();

        // Programs that look at links confirm nothing; a forged link opens nothing.
        assert_eq!(status(&at(&company, "confirm", &link, false).await), None);
        let forged = link.replacen("t=", "t=A", 1);
        for press in [false, true] {
            assert_eq!(status(&at(&company, "confirm", &forged, press).await), Some(FaultKind::NotFound));
        }
        assert!(!may(&company, party).await);
        clock("2026-03-02T09:00:00Z");
        assert_eq!(status(&at(&company, "confirm", &link, true).await), None);
        assert!(may(&company, party).await);
        let all = facts(&company, party).await;
        assert_eq!(states(&all), ["pending", "given"]);
        let proof = &all[1];
        assert_eq!((proof.get("address").text(), proof.get("ip").text(), proof.get("source").text()), (Some(MAIL), Some("203.0.113.9"), Some("mail")));
        assert!(proof.get("text_shown").text().is_some_and(|t| !t.is_empty()) && proof.get("text_version").text().is_some_and(|t| t.starts_with("newsletter r")));
        // The button again is nothing new; after a withdrawal the old letter does not bring it back.
        at(&company, "confirm", &link, true).await;
        assert_eq!(facts(&company, party).await.len(), 2);
        clock("2026-03-03T09:00:00Z");
        company.dispatch(&company.system(), "party", party, "set_consent", None, said("withdrawn")).await.unwrap();
        at(&company, "confirm", &link, true).await;
        assert_eq!(states(&facts(&company, party).await), ["pending", "given", "withdrawn"]);
        assert!(!may(&company, party).await);
        // Its time is over: a link for seven days.
        clock("2026-03-12T09:00:00Z");
        assert_eq!(status(&at(&company, "confirm", &link, false).await), Some(FaultKind::NotFound));
        // Without an address there is nobody to ask.
        let nobody = save(&company, "party", Draft::new().set("name", kernel::Name::new("بلا بريد", ""))).await;
        let refused = company.dispatch(&company.system(), "party", nobody, "set_consent", None, said("given")).await.unwrap_err();
        assert_eq!(refused.issues[0].key, "privacy-no-address");
        assert!(facts(&company, nobody).await.is_empty());
        company.db().close().await;
    })
    .await;
}

/// CUST-7: consents of another system come in as facts with their own time; the latest decides, whatever the order of lines.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_consents_are_imported_as_facts() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        company.clock().set("2026-03-01T09:00:00Z".parse().unwrap());
        let party = shammaa(&company).await;
        let file = "العميل,الغرض,القناة,القرار,الوقت,النص\n\
            CUST-99177-X,newsletter,email,given,2025-06-01T10:00:00Z,أوافق على النشرة\n\
            CUST-99177-X,newsletter,email,withdrawn,2025-09-01T10:00:00Z,\n\
            CUST-99177-X,newsletter,sms,given,2025-06-01T10:00:00Z,\n\
            CUST-00000,newsletter,email,given,2025-06-01T10:00:00Z,\n\
            CUST-99177-X,nothing,email,given,2025-06-01T10:00:00Z,\n\
            CUST-99177-X,newsletter,pigeon,given,2025-06-01T10:00:00Z,\n";
        let actor = company.system();
        let import = company.stage_import(&actor, NewImport { object: "consent".into(), name: "موافقات.csv".into(), bytes: file.as_bytes().to_vec(), ..NewImport::default() }).await.unwrap();
        let column = |target: &str, column: &str| Assign { target: target.into(), column: Some(column.into()), ..Assign::default() };
        let mapping = Mapping {
            object: "consent".into(),
            fields: vec![
                column("party", "العميل"),
                column("purpose", "الغرض"),
                column("channel", "القناة"),
                column("state", "القرار"),
                column("at", "الوقت"),
                column("text_shown", "النص"),
                Assign { target: "source".into(), value: Some("import".into()), ..Assign::default() },
            ],
            match_on: Vec::new(),
            ..import.mapping.clone()
        };
        company.map_import(&actor, import.id, mapping).await.unwrap();
        let done = company.run_import(&actor, import.id).await.unwrap();
        assert_eq!((done.state, done.counts.created, done.counts.failed), (State::Done, 3, 3), "{:?}", company.import_bad_lines(&actor, import.id, 0, 9).await.unwrap());
        let all = facts(&company, party).await;
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|f| f.get("source").text() == Some("import")));
        assert!(!may(&company, party).await, "withdrawn later than given");
        let mut conn = company.db().read().await.unwrap();
        assert!(base::consent::may_contact(&mut conn, company.now(), party, "sms", "newsletter").await.unwrap());
        drop(conn);
        // An older fact that comes in afterwards stands in the ledger and changes nothing.
        save(&company, "consent", Draft::new().set("party", party).set("purpose", purpose(&company, "newsletter").await).set("channel", "email").set("state", "given").set("at", Value::DateTime("2025-01-01T10:00:00Z".parse().unwrap()))).await;
        assert_eq!(facts(&company, party).await.len(), 4);
        assert!(!may(&company, party).await);
        company.db().close().await;
    })
    .await;
}

/// CUST-7: the clock of a breach begins when it was discovered, follows the law, and stops with the notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_a_breach_has_a_clock() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let found: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        company.clock().set(found + SignedDuration::from_hours(5));
        let draft = || Draft::new().set("subject", "ضياع حاسب محمول").set("discovered_at", found).set("risk", "high");
        let id = save(&company, "breach", draft()).await;
        let read = || async { company.get(&company.system(), "breach", id).await.unwrap() };
        assert_eq!(read().await.get("notify_by").datetime(), Some(found + SignedDuration::from_hours(72)), "the Saudi law: 72 hours");
        // Discovered earlier than thought: the time is shorter. Another word about it leaves the clock alone.
        let earlier = found - SignedDuration::from_hours(10);
        save(&company, "breach", Draft::of(id).set("discovered_at", earlier)).await;
        save(&company, "breach", Draft::of(id).set("measures", "أُقفل الجهاز عن بُعد")).await;
        assert_eq!(read().await.get("notify_by").datetime(), Some(earlier + SignedDuration::from_hours(72)));
        let act = |key: &'static str| {
            let company = &company;
            async move { company.dispatch(&company.system(), "breach", id, key, None, Input::new()).await }
        };
        act("tell_authority").await.unwrap();
        let told = read().await;
        assert_eq!(told.get("authority_told_at").datetime(), Some(company.now()));
        assert!(told.get("people_told_at").is_null());
        assert!(act("tell_authority").await.is_err(), "told once");
        act("tell_people").await.unwrap();
        assert_eq!(read().await.get("people_told_at").datetime(), Some(company.now()));
        // Neither the clock nor the notices are typed.
        let mut cx = company.write(&company.system()).await.unwrap();
        assert!(cx.save("breach", Draft::of(id).set("notify_by", found)).await.is_err());
        drop(cx);
        // What was done about it stands in its history.
        let history = company.history(&company.system(), "breach", id, 20).await.unwrap();
        assert!(history.len() >= 4, "{history:?}");
        company.db().close().await;
    })
    .await;
}

/// CUST-7: the copy says when and in which role somebody looked, and names no colleague.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_the_copy_says_who_looked() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let party = shammaa(&company).await;
        let mut cx = company.write(&company.system()).await.unwrap();
        let user = cx.save("user", Draft::new().set("name", kernel::Name::new("زميلة فضولية", "Curious Colleague")).set("email", "curious@example.com")).await.unwrap().record().id;
        cx.set_roles(user, &["agent"]).await.unwrap();
        cx.commit().await.unwrap();
        let none = sila_privacy::export::collect(&company, party).await.unwrap();
        assert!(none["person"].get("reads").is_none(), "{none}");
        let colleague = company.load_actor(user).await.unwrap().unwrap();
        company.get(&colleague, "party", party).await.unwrap();
        let copy = sila_privacy::export::collect(&company, party).await.unwrap();
        let reads = copy["person"]["reads"].as_array().unwrap();
        assert_eq!(reads.len(), 1, "{reads:?}");
        assert_eq!((&reads[0]["what"], &reads[0]["roles"]), (&json!("opened"), &json!([{"ar": "خدمة العملاء", "en": "Customer service"}])));
        assert!(reads[0]["at"].is_string());
        assert!(!copy.to_string().contains("Curious") && !copy.to_string().contains(&user.to_string()));
        // As something to read.
        for (lang, words) in [("ar", "خدمة العملاء"), ("en", "Customer service")] {
            let locale = text::locale::Locale::new(text::locale::Lang::parse(lang).unwrap(), "SA");
            let titles = ui::cx::Titles::new();
            let cx = ui::cx::ViewCx { locale: &locale, theme: ui::cx::Theme::parse(""), density: ui::cx::Density::default(), path: "", now: company.now(), titles: &titles };
            let html = sila_privacy::document::document(&cx, &company, &copy).into_string();
            assert!(html.contains(words), "{html}");
        }
        company.db().close().await;
    })
    .await;
}
