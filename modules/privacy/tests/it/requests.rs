//! Requests of people: the clock, the copy, correction, four eyes, legal holds, retention; the statement.

use crate::{MAIL, PHONE, company, save, shammaa};
use engine::{Actor, Company, Draft, Input, Query};
use kernel::expr::Expr;
use kernel::uuid::Uuid;
use kernel::{FaultKind, Record, Value};
use serde_json::json;
use sila_privacy::settings::Privacy;
use sila_privacy::{export, retention, statement};
use std::sync::Arc;
use text::locale::Lang;

/// A colleague with that role, without going through a sign-in.
async fn colleague(company: &Company, role: &str, n: u128) -> Actor {
    let registry = company.registry();
    let email = format!("{role}{n}@example.com");
    let id = save(company, "user", Draft::new().set("name", kernel::Name::new(role, "")).set("email", email)).await;
    Actor { id, roles: vec![role.into()], policy: Arc::new(kernel::Policy::of([registry.role(role).unwrap()])), ..company.system() }
}

async fn request(company: &Company, party: Uuid, kind: &str) -> Uuid {
    save(company, "privacy_request", Draft::new().set("party", party).set("kind", kind).set("address", MAIL)).await
}

async fn act(company: &Company, actor: &Actor, id: Uuid, action: &str, input: &[(&str, &str)]) -> kernel::Outcome<()> {
    let input: Input = input.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect();
    company.dispatch(actor, "privacy_request", id, action, None, input).await.map(|_| ())
}

async fn read(company: &Company, id: Uuid) -> Record {
    company.get(&company.system(), "privacy_request", id).await.unwrap()
}

/// CUST-7: a copy of everything, as a file on the request, with the clock of the law.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_a_copy_of_everything() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let party = shammaa(&company).await;
        save(&company, "order", Draft::new().set("party", party).set("number", "SO-1")).await;
        save(&company, "party_phone", Draft::new().set("party", party).set("phone", PHONE)).await;
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.comment("party", party, "وعدناها بالرد غدًا").await.unwrap();
        cx.commit().await.unwrap();
        let officer = colleague(&company, "privacy_officer", 1).await;
        let id = request(&company, party, "access").await;
        let r = read(&company, id).await;
        let (received, due) = (r.get("received_at").datetime().unwrap(), r.get("due_at").datetime().unwrap());
        assert_eq!((due.as_second() - received.as_second()) / 86_400, 30, "thirty days by the Saudi law");
        assert_eq!(r.get("law").text(), Some("sa_pdpl"));
        // Not before the person is known to be who he says.
        assert_eq!(act(&company, &officer, id, "deliver", &[]).await.unwrap_err().kind, FaultKind::Invalid);
        act(&company, &officer, id, "verify", &[("how", "بطاقة الهوية")]).await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        let r = read(&company, id).await;
        assert_eq!(r.get("status").text(), Some("done"));
        let data = sila_privacy::document::stored(&company, &r).await.unwrap().unwrap();
        assert_eq!(data["about"]["format"], json!(export::FORMAT));
        assert_eq!(data["person"]["values"]["email"], json!(MAIL));
        assert_eq!(data["person"]["values"]["phone"], json!(PHONE));
        assert_eq!(data["person"]["comments"][0]["body"], json!("وعدناها بالرد غدًا"));
        assert_eq!(data["person"]["external_ids"][0]["key"], json!("ERP-SHAMMAA-55"));
        assert_eq!(data["records"]["order"][0]["values"]["number"], json!("SO-1"));
        assert!(data["records"]["party_phone"].is_array(), "{data}");
        // The same on paper, in the company's language where none is noted for her, kept beside it.
        let words = words(&company, &r).await;
        for known in [MAIL, "050 998 8776", "وعدناها بالرد", "SO-1", "العجيبية", "نسخة البيانات الشخصية"] {
            assert!(words.contains(known), "{known} in\n{words}");
        }
        let names: Vec<String> = company.files(&officer, "privacy_request", id).await.unwrap().into_iter().map(|f| f.file.name).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        let seller = colleague(&company, "seller", 1).await;
        assert_eq!(company.files(&seller, "privacy_request", id).await.unwrap_err().kind, FaultKind::NotFound);
        // A letter says where it is.
        let mut conn = company.db().read().await.unwrap();
        let jobs = store::queue::list(&mut conn, Some("mail.send"), None, 10).await.unwrap();
        drop(conn);
        assert!(jobs.iter().any(|j| j.payload["to"] == json!(MAIL) && j.payload["lines"][1].as_str().unwrap().contains("/p/privacy/request?t=")), "{jobs:?}");
        company.db().close().await;
    })
    .await;
}

/// The text of the printed copy, as a reader copies it.
async fn words(company: &Company, request: &Record) -> String {
    let pdf = sila_privacy::document::printed(company, request).await.unwrap().expect("a PDF beside the JSON");
    let dir = testdb::TempFolder::new();
    let path = dir.path().join("copy.pdf");
    std::fs::write(&path, pdf).unwrap();
    let out = std::process::Command::new("pdftotext").arg(&path).arg("-").output().expect("poppler-utils (Debian) must be installed");
    text::bidi::strip(&String::from_utf8(out.stdout).unwrap()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// CUST-7: in the language of the person; a long history is cut on paper, says so, and is whole in the other file; both go
/// with the person.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_the_copy_on_paper() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let party = shammaa(&company).await;
        save(&company, "party", Draft::of(party).set("language", "en").set("note", "#import \"x\": * $ ]")).await;
        let mut cx = company.write(&company.system()).await.unwrap();
        for n in 0..103 {
            cx.save("order", Draft::new().set("party", party).set("number", format!("SO-{n:04}"))).await.unwrap();
        }
        cx.commit().await.unwrap();
        let officer = colleague(&company, "privacy_officer", 1).await;
        let id = request(&company, party, "portability").await;
        act(&company, &officer, id, "verify", &[("how", "بطاقة الهوية")]).await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        let r = read(&company, id).await;
        let words = words(&company, &r).await;
        assert!(words.contains("Copy of personal data") && words.contains("The latest 100 of 103 are shown here") && words.contains("The latest 40 of 105"), "{words}");
        assert!(words.contains("#import \"x\": * $ ]"), "{words}");
        let data = sila_privacy::document::stored(&company, &r).await.unwrap().unwrap();
        assert_eq!(data["records"]["order"].as_array().unwrap().len(), 103);
        // The letter is in her language too.
        let mut conn = company.db().read().await.unwrap();
        let jobs = store::queue::list(&mut conn, Some("mail.send"), None, 10).await.unwrap();
        drop(conn);
        assert!(jobs.iter().any(|j| j.payload["lang"] == json!("en") && j.payload["lines"][1].as_str().unwrap().contains("&lang=en")), "{jobs:?}");
        // Erased: neither file is left.
        let erasure = request(&company, party, "erasure").await;
        act(&company, &officer, erasure, "verify", &[("how", "حضوريًا")]).await.unwrap();
        act(&company, &officer, erasure, "erase", &[]).await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        let r = read(&company, id).await;
        assert!(sila_privacy::document::printed(&company, &r).await.unwrap().is_none());
        assert!(sila_privacy::document::stored(&company, &r).await.unwrap().is_none());
        company.db().close().await;
    })
    .await;
}

/// CUST-7: proposed values are saved by whoever reviews them, in the audit with his name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_corrections_are_reviewed() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let party = shammaa(&company).await;
        let officer = colleague(&company, "privacy_officer", 1).await;
        let id = request(&company, party, "correction").await;
        let proposal = Value::Json(json!({"email": "shammaa.new@example.com", "name": {"ar": "شمّاء المرزوقي", "latin": ""}}));
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.save("privacy_request", Draft::of(id).trusted().set("proposal", proposal)).await.unwrap();
        cx.commit().await.unwrap();
        act(&company, &officer, id, "verify", &[("how", "مكالمة على رقمها")]).await.unwrap();
        assert_eq!(company.get(&company.system(), "party", party).await.unwrap().get("email").text(), Some(MAIL), "nothing before the review");
        act(&company, &officer, id, "correct", &[]).await.unwrap();
        let now = company.get(&company.system(), "party", party).await.unwrap();
        assert_eq!(now.get("email").text(), Some("shammaa.new@example.com"));
        assert_eq!(now.get("name").name().unwrap().ar, "شمّاء المرزوقي");
        let history = company.history(&company.system(), "party", party, 9).await.unwrap();
        assert!(history.iter().any(|h| h.actor == Some(officer.id) && h.cause.starts_with("privacy request PR-")), "{history:?}");
        company.db().close().await;
    })
    .await;
}

/// CUST-7: four eyes, and a legal hold that nobody steps over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_erasure_asks_for_a_second_person_and_minds_holds() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let party = shammaa(&company).await;
        let (one, two) = (colleague(&company, "privacy_officer", 1).await, colleague(&company, "privacy_officer", 2).await);
        Privacy { four_eyes: true, ..Privacy::default() }.save(&company, &one).await.unwrap();
        let hold = save(&company, "legal_hold", Draft::new().set("party", party).set("reason", "دعوى قائمة")).await;
        let id = request(&company, party, "erasure").await;
        act(&company, &one, id, "verify", &[("how", "حضوريًا")]).await.unwrap();
        let key = |r: kernel::Outcome<()>| r.unwrap_err().issues[0].key.clone();
        assert_eq!(key(act(&company, &one, id, "erase", &[]).await), "privacy-needs-approval");
        act(&company, &one, id, "approve", &[]).await.unwrap();
        assert_eq!(key(act(&company, &one, id, "erase", &[]).await), "privacy-needs-another");
        assert_eq!(key(act(&company, &two, id, "erase", &[]).await), "privacy-on-hold");
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.delete("legal_hold", hold, None).await.unwrap();
        cx.commit().await.unwrap();
        let seller = colleague(&company, "seller", 1).await;
        assert_eq!(act(&company, &seller, id, "erase", &[]).await.unwrap_err().kind, FaultKind::NotFound);
        act(&company, &two, id, "erase", &[]).await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        let r = read(&company, id).await;
        assert_eq!((r.get("status").text(), r.get("address").text()), (Some("done"), None));
        let Value::Json(report) = r.get("report") else { panic!("{r:?}") };
        assert_eq!(report["anonymous"]["party"], json!(1));
        assert_eq!(company.get(&company.system(), "party", party).await.unwrap().get("email").text(), None);
        company.db().close().await;
    })
    .await;
}

/// CUST-7: retention does what its preview says, and leaves those on hold.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_retention_by_rule() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        company.clock().set("2024-01-10T08:00:00Z".parse().unwrap());
        let (old, held) = (shammaa(&company).await, save(&company, "party", Draft::new().set("name", kernel::Name::new("على حجز", ""))).await);
        save(&company, "legal_hold", Draft::new().set("party", held).set("reason", "تحقيق")).await;
        company.clock().set("2026-06-01T08:00:00Z".parse().unwrap());
        let fresh = save(&company, "party", Draft::new().set("name", kernel::Name::new("جديد", ""))).await;
        let rule = company.list(&company.system(), &Query::new("retention_rule")).await.unwrap().records[0].clone();
        assert_eq!(retention::due(&company, &rule).await.unwrap(), [old]);
        assert_eq!(retention::apply(&company).await.unwrap(), 0, "the seeded rule is switched off");
        save(&company, "retention_rule", Draft::of(rule.id).set("active", true)).await;
        assert_eq!(retention::apply(&company).await.unwrap(), 1);
        assert_eq!(retention::apply(&company).await.unwrap(), 0);
        let name = async |id| company.get(&company.system(), "party", id).await.unwrap().get("name").name().unwrap().ar.clone();
        assert_eq!((name(old).await.as_str(), name(held).await.as_str(), name(fresh).await.as_str()), ("عميل محذوف", "على حجز", "جديد"));
        // A rule that cannot be read says so and does nothing.
        save(&company, "retention_rule", Draft::of(rule.id).set("object", "nothing")).await;
        let rule = company.get(&company.system(), "retention_rule", rule.id).await.unwrap();
        assert_eq!(retention::due(&company, &rule).await.unwrap_err().issues[0].key, "privacy-no-object");
        assert_eq!(retention::apply(&company).await.unwrap(), 0);
        company.db().close().await;
    })
    .await;
}

/// CUST-7: the statement is made of the registry, says so in both languages, and notices when it has fallen behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_the_statement_follows_the_registry() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let ar = statement::text(&company, Lang::Ar).await.unwrap();
        let en = statement::text(&company, Lang::En).await.unwrap();
        assert!(ar.contains("تاريخ الميلاد") && ar.contains("النشرة الإخبارية") && ar.contains("سدايا") && ar.contains("30"), "{ar}");
        assert!(en.contains("Birthday") && en.contains("Newsletter") && en.contains("SDAIA") && en.contains("within 30 days"), "{en}");
        let officer = colleague(&company, "privacy_officer", 1).await;
        statement::publish(&company, &officer).await.unwrap();
        let v1 = statement::published(&company).await.unwrap().unwrap();
        assert!(!statement::stale(&company, &v1).await.unwrap());
        // A purpose no longer covers the birthday: the statement changes, and the field stands without a purpose.
        let offers = Query::new("purpose").filter(Expr::parse("code == \"offers\"").unwrap());
        let offers = company.list(&company.system(), &offers).await.unwrap().records[0].id;
        let without = async || statement::uncovered(&company).await.unwrap().into_iter().map(|(o, f)| format!("{o}.{}", f.key)).collect::<Vec<_>>();
        assert!(!without().await.contains(&"party.birthday".to_owned()));
        save(&company, "purpose", Draft::of(offers).set("covers", "party.email")).await;
        assert!(without().await.contains(&"party.birthday".to_owned()));
        assert!(statement::stale(&company, &v1).await.unwrap());
        statement::publish(&company, &officer).await.unwrap();
        let v2 = statement::published(&company).await.unwrap().unwrap();
        assert_eq!((v1.get("number").text(), v2.get("number").text()), (Some("V1"), Some("V2")));
        assert_eq!(statement::publish(&company, &colleague(&company, "seller", 1).await).await.unwrap_err().kind, FaultKind::NotFound);
        company.db().close().await;
    })
    .await;
}
