//! Acceptance of the customer core, line 6: erasure of a person leaves no personal value in tables, search, audit values,
//! files, jobs, backups-from-now. The scan below reads every row of every table and every file.

use crate::{AR, LATIN, MAIL, NOTE, PHONE, company, filled, modules, save};
use engine::forget::{self, Fates, Mark};
use engine::import::NewImport;
use engine::{Company, Draft, Query};
use kernel::expr::Expr;
use kernel::uuid::Uuid;
use kernel::{Cell, Label, Money, Name, Value};
use serde_json::json;
use std::collections::BTreeSet;

/// All that must not be found, in all its forms.
fn marks() -> Vec<Mark> {
    let mut marks = vec![Mark::name("name ar", AR), Mark::name("name latin", LATIN), Mark::text("mail", MAIL), Mark::phone("phone", PHONE)];
    for (what, text) in [
        ("note", NOTE),
        ("street", "شارع الواحة السرية 4471"),
        ("code", "CUST-99177-X"),
        ("external", "ERP-SHAMMAA-55"),
        ("second mail", "shammaa.second@mark-er.example"),
        ("old mail", "shammaa.old@mark-er.example"),
        ("order note", "تُسلَّم لشقيقتها نورة العجيبية"),
        ("comment", "اتصلت الأخت شمّاء تشتكي"),
        ("file name", "هوية-شماء-العجيبية.txt"),
        ("file content", "SECRETFILECONTENT-SHAMMAA-1"),
        ("import cell", "IMPORTEDNOTE-SHAMMAA-2"),
        ("ip", "203.0.113.77"),
        ("subject", "مكالمة مع شمّاء العجيبية"),
        ("words", "العجيبية"),
        ("latin word", "alajeebia"),
    ] {
        marks.push(Mark::text(what, text));
    }
    marks
}

/// A person who has left traces everywhere a person can.
async fn lived(company: &Company) -> Uuid {
    let system = company.system();
    // Somebody listens to events, so that their values are kept.
    let mut cx = company.write(&system).await.unwrap();
    let hook = vec![Uuid::now_v7().into(), "https://hooks.example/x".into(), "s".into(), "*".into(), 1.into(), cx.now.into()];
    store::insert_many(&mut cx.tx, "sila_webhook", &["id", "url", "secret", "events", "active", "at"], vec![hook]).await.unwrap();
    cx.commit().await.unwrap();

    // She came by a file, which names another person too.
    let csv = format!("الاسم,البريد الإلكتروني,ملاحظات\n{AR},{MAIL},IMPORTEDNOTE-SHAMMAA-2\nعمر الخطيب,omar@else.example,عميل قديم\n{AR},not-an-address,IMPORTEDNOTE-SHAMMAA-2\n");
    let new = NewImport { object: "party".into(), name: "عملاء.csv".into(), bytes: csv.into(), ..NewImport::default() };
    let import = company.stage_import(&system, new).await.unwrap();
    let done = company.run_import(&system, import.id).await.unwrap();
    assert_eq!(done.counts.created, 2, "{:?}", company.import_bad_lines(&system, import.id, 0, 9).await.unwrap());
    let by_mail = Query::new("party").filter(Expr::parse(&format!("email == \"{MAIL}\"")).unwrap());
    let id = company.list(&system, &by_mail).await.unwrap().records[0].id;
    save(company, "party", filled(Draft::of(id))).await;
    let mut cx = company.write(&system).await.unwrap();
    let external = vec!["party".into(), "erp".into(), "ERP-SHAMMAA-55".into(), id.into()];
    store::insert_many(&mut cx.tx, "sila_external", &["object", "system", "key", "record_id"], vec![external]).await.unwrap();
    cx.commit().await.unwrap();
    save(company, "party", Draft::of(id).set("email", "shammaa.old@mark-er.example")).await;
    save(company, "party", Draft::of(id).set("email", MAIL)).await;
    save(company, "party_email", Draft::new().set("party", id).set("email", "shammaa.second@mark-er.example")).await;
    save(company, "party_phone", Draft::new().set("party", id).set("phone", PHONE)).await;

    let order = save(company, "order", Draft::new().set("party", id).set("number", "SO-7").set("note", "تُسلَّم لشقيقتها نورة العجيبية")).await;
    let product = save(company, "product", Draft::new().set("name", Name::new("كرسي", "Chair")).set("code", "CH-1")).await;
    save(company, "order_line", Draft::new().set("order", order).set("product", product).set("price", Money::new(12_500, "SAR")).set("description", "كرسي خشبي")).await;
    save(company, "order", Draft::of(order).set("status", "placed").trusted()).await;
    // One in the trash.
    let lost = save(company, "order", Draft::new().set("party", id).set("number", "SO-8").set("note", "تُسلَّم لشقيقتها نورة العجيبية")).await;
    let mut cx = company.write(&system).await.unwrap();
    cx.delete("order", lost, None).await.unwrap();
    cx.comment("party", id, "اتصلت الأخت شمّاء تشتكي").await.unwrap();
    cx.comment("order", order, "اتصلت الأخت شمّاء تشتكي").await.unwrap();
    cx.commit().await.unwrap();
    std::fs::create_dir_all(company.dir().join("mail")).unwrap();
    std::fs::write(company.dir().join("mail/1.eml"), format!("To: {MAIL}\r\n\r\nSalaam")).unwrap();
    company.attach(&system, "party", id, "هوية-شماء-العجيبية.txt", b"SECRETFILECONTENT-SHAMMAA-1").await.unwrap();

    let newsletter = Query::new("purpose").filter(Expr::parse("code == \"newsletter\"").unwrap());
    let purpose = company.list(&system, &newsletter).await.unwrap().records[0].id;
    let consent = Draft::new().set("party", id).set("purpose", purpose).set("channel", "email").set("source", "form").set("ip", "203.0.113.77").set("address", MAIL);
    save(company, "consent", consent).await;
    let talk = Draft::new().set("party", id).set("subject", "مكالمة مع شمّاء العجيبية").set("channel", "call");
    save(company, "interaction", talk).await;

    // What a program asked twice, what is still to be sent, what a colleague has kept for himself.
    let mut cx = company.write(&system).await.unwrap();
    let answer = json!({"id": id, "values": {"email": MAIL, "name": {"ar": AR}}}).to_string();
    let row = vec![Uuid::now_v7().into(), "k1".into(), "h".into(), 201.into(), "{}".into(), answer.into(), cx.now.into()];
    store::insert_many(&mut cx.tx, "sila_idempotency", &["actor", "key", "request_hash", "status", "headers", "body", "at"], vec![row]).await.unwrap();
    cx.enqueue("mail.send", json!({"to": MAIL, "subject": format!("أهلًا {AR}"), "lines": [NOTE]})).await.unwrap();
    cx.commit().await.unwrap();
    let view = engine::views::View {
        id: Uuid::now_v7(),
        object: "party".into(),
        owner: None,
        shared: true,
        name: Label::owned(AR, LATIN),
        config: engine::views::Config { filter: format!("email == \"{MAIL}\""), ..Default::default() },
        position: 0,
        is_default: false,
    };
    company.save_view(&system, &view).await.unwrap();
    id
}

async fn tables_with_her(company: &Company) -> BTreeSet<String> {
    let scan = forget::scan(company, &marks()).await.unwrap();
    assert!(scan.tables > 30 && scan.rows > 40, "{scan:?}");
    scan.hits.into_iter().map(|h| h.table).collect()
}

async fn nothing_of_her(company: &Company, when: &str) {
    let scan = forget::scan(company, &marks()).await.unwrap();
    assert!(scan.hits.is_empty(), "{when}: {:#?}", scan.hits);
}

/// The bytes of the files of an SQLite database.
fn in_bytes(path: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for end in ["", "-wal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        let Ok(bytes) = std::fs::read(&name) else { continue };
        let low = bytes.to_ascii_lowercase();
        for mark in marks() {
            for form in [mark.text.to_lowercase(), text::fold::fold(&mark.text)] {
                if form.len() >= 6 && low.windows(form.len()).any(|w| w == form.as_bytes()) {
                    found.push(format!("{}: {}", mark.what, form));
                }
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_erasure_leaves_nothing_and_the_books_stay() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let id = lived(&company).await;
        let before = tables_with_her(&company).await;
        for table in [
            "party", "party_email", "party_phone", "order", "consent", "interaction", "sila_search", "sila_audit", "sila_timeline", "sila_comment", "sila_file",
            "sila_external", "sila_event", "sila_import_row", "sila_job", "sila_idempotency", "sila_view", "files",
        ] {
            assert!(before.contains(table), "the test would prove nothing about {table}: {before:?}");
        }
        // A backup from before.
        let old = dir.path().join("old.db");
        store::copy::backup(company.db(), &old, |_| {}).await.unwrap();

        let report = forget::erase(&company, "party", id, &Fates::new(), |_, _| {}).await.unwrap();
        nothing_of_her(&company, "after the erasure").await;
        assert!(report.mentions.is_empty(), "{:?}", report.mentions);
        assert!(report.removed.get("party_email").is_some_and(|n| *n >= 1), "{report:?}");
        assert!(report.files >= 2, "{report:?}");

        // The books stay: her order with its number, amounts and line, of somebody without a name.
        let system = company.system();
        let party = company.get(&system, "party", id).await.unwrap();
        assert_eq!(party.get("name"), &Value::Name(Name::new("عميل محذوف", "Erased customer")));
        assert_eq!(party.get("revenue").money(), Some(&Money::new(12_500, "SAR")));
        let orders = company.list(&system, &Query::new("order").filter(Expr::parse("number == \"SO-7\"").unwrap())).await.unwrap().records;
        assert_eq!((orders[0].get("party").id(), orders[0].get("total").money()), (Some(id), Some(&Money::new(12_500, "SAR"))));
        let lines = company.list(&system, &Query::new("order_line")).await.unwrap().records;
        assert_eq!(lines[0].get("description").text(), Some("كرسي خشبي"));
        let history = company.history(&system, "party", id, 50).await.unwrap();
        assert!(history.iter().any(|h| h.verb == "erased") && history.iter().any(|h| h.verb == "updated"), "{history:?}");
        // The other man of the file is untouched.
        let omar = Query::new("party").filter(Expr::parse("email == \"omar@else.example\"").unwrap());
        assert_eq!(company.list(&system, &omar).await.unwrap().records.len(), 1);
        assert_eq!(engine::rollup::stale(&company, "party").await.unwrap(), 0);

        // Nor is anything left in the bytes of the file.
        store::scan::wipe(company.db()).await.unwrap();
        if let Some(path) = company.db().path() {
            assert_eq!(in_bytes(path), Vec::<String>::new());
        }

        // Backups from now on are clean.
        let new = dir.path().join("new.db");
        store::copy::backup(company.db(), &new, |_| {}).await.unwrap();
        assert_eq!(in_bytes(&new), Vec::<String>::new());
        assert_ne!(in_bytes(&old), Vec::<String>::new(), "the search of bytes finds what is there");

        // The old one, restored beside the list of the erased, erases her again.
        let again = testdb::TempFolder::new();
        let (target, _db) = if url.starts_with("sqlite") {
            (format!("sqlite://{}", again.path().join("again.db").display()), None)
        } else {
            let db = testdb::TestDb::postgres().await;
            (db.url.clone(), Some(db))
        };
        let db = store::Db::open(&target, &store::Options::default()).await.unwrap();
        store::copy::restore(&old, &db, |_| {}).await.unwrap();
        std::fs::copy(dir.path().join(forget::tombs::FILE), again.path().join(forget::tombs::FILE)).unwrap();
        let restored = Company::open(db, again.path(), modules()).await.unwrap().0;
        assert!(tables_with_her(&restored).await.contains("party"), "the backup had her");
        assert_eq!(forget::tombs::again(&restored, &Fates::new()).await.unwrap(), 1);
        nothing_of_her(&restored, "after the restore").await;
        assert_eq!(forget::tombs::again(&restored, &Fates::new()).await.unwrap(), 0, "once is enough");
        let listed = std::fs::read_to_string(again.path().join(forget::tombs::FILE)).unwrap();
        assert!(!listed.contains(&id.to_string()), "the list names nobody");
        restored.db().close().await;
        company.db().close().await;
    })
    .await;
}

/// A run that dies in the middle is finished by the next one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_an_erasure_that_died_is_finished() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let id = lived(&company).await;
        // The node dies after the first batch.
        let running = company.clone();
        let dies = std::panic::AssertUnwindSafe(async move { forget::erase(&running, "party", id, &Fates::new(), |_, _| panic!("killed")).await });
        assert!(futures::FutureExt::catch_unwind(dies).await.is_err());
        assert!(tables_with_her(&company).await.contains("party"), "she is still there");
        forget::erase(&company, "party", id, &Fates::new(), |_, _| {}).await.unwrap();
        nothing_of_her(&company, "after the second run").await;
        company.db().close().await;
    })
    .await;
}

/// What the law demands stays as it is, by a rule; the person's own record goes all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cust_7_a_rule_keeps_what_the_law_demands() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let id = lived(&company).await;
        let fates: Fates = [("order".to_owned(), forget::Fate::Keep)].into();
        let report = forget::erase(&company, "party", id, &fates, |_, _| {}).await.unwrap();
        assert_eq!(report.kept.get("order"), Some(&2));
        let tables = tables_with_her(&company).await;
        assert!(tables.contains("order") && !tables.contains("party") && !tables.contains("sila_file"), "{tables:?}");
        let mut conn = company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_erased");
        assert_eq!(conn.row(&sql, &[kernel::ColumnType::Int]).await.unwrap().unwrap()[0], Cell::Int(1));
        drop(conn);
        company.db().close().await;
    })
    .await;
}
