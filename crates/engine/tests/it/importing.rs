//! Files become records: guessed, checked, imported, imported again, taken back.

use crate::{fixture, shop};
use engine::import::{Assign, Counts, External, Import, Mapping, NewImport, Reference, State};
use engine::{Actor, Company, Draft, Query};
use kernel::rust_decimal::Decimal;
use kernel::*;
use testdb::both;

pub async fn stage(company: &Company, actor: &Actor, object: &str, bytes: impl Into<Vec<u8>>) -> Import {
    let new = NewImport { object: object.into(), name: "ملف.csv".into(), bytes: bytes.into(), ..NewImport::default() };
    company.stage_import(actor, new).await.unwrap()
}

pub async fn run(company: &Company, actor: &Actor, mapping: Mapping, bytes: impl Into<Vec<u8>>) -> Import {
    let import = stage(company, actor, &mapping.object, bytes).await;
    company.map_import(actor, import.id, mapping).await.unwrap();
    company.run_import(actor, import.id).await.unwrap()
}

pub fn counts(i: &Import) -> (i64, i64, i64, i64) {
    (i.counts.created, i.counts.updated, i.counts.unchanged, i.counts.failed)
}

const PEOPLE: &str = "الاسم,البريد الإلكتروني,رقم الجوال,المدينة,الفئة\n\
    أحمد علي,AHMED@example.com,0501234567,الرياض,ذهبي\n\
    شركة النور,nour@example.com,٠١١٢٣٤٥٦٧٨,جدة,silver\n\
    Sara Ali,sara@example.com,+966 55 123 4567,,\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_arabic_file_is_understood_by_its_headings() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        for bytes in [
            PEOPLE.as_bytes().to_vec(),
            encoding_rs::WINDOWS_1256.encode(PEOPLE).0.into_owned(),
            [b"\xFF\xFE".to_vec(), PEOPLE.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
        ] {
            let import = stage(&company, &admin, "party", bytes).await;
            let target = |h: &str| import.mapping.target_of(h).unwrap_or("-").to_owned();
            assert_eq!(target("الاسم"), "name");
            assert_eq!(target("البريد الإلكتروني"), "email");
            assert_eq!(target("رقم الجوال"), "phone");
            assert_eq!(target("المدينة"), "address.city");
            assert_eq!(target("الفئة"), "tier");
            assert_eq!(import.mapping.match_on, ["email"]);
            let done = company.run_import(&admin, import.id).await.unwrap();
            assert_eq!(done.state, State::Done);
            assert_eq!(done.done(), 3, "{:?}", company.import_bad_lines(&admin, import.id, 0, 9).await.unwrap());
        }
        let all = company.list(&admin, &Query::new("party").sort("email")).await.unwrap().records;
        assert_eq!(all.len(), 3, "three files with the same people");
        assert_eq!(all[0].get("name"), &Value::Name(Name::new("أحمد علي", "")));
        assert_eq!(all[0].get("phone").text(), Some("+966501234567"));
        assert_eq!(all[0].get("tier").text(), Some("gold"));
        assert_eq!(all[1].get("phone").text(), Some("+966112345678"));
        assert_eq!(all[2].get("name"), &Value::Name(Name::new("", "Sara Ali")));
        let hits = company.search(&admin, "احمد", Some("party"), 5).await.unwrap();
        assert_eq!(hits.len(), 1, "found by search at once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_file_again_changes_nothing() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let import = stage(&company, &admin, "party", PEOPLE).await;
        assert_eq!(counts(&company.run_import(&admin, import.id).await.unwrap()), (3, 0, 0, 0));
        let before = shop::traces(&company).await;
        let again = stage(&company, &admin, "party", PEOPLE).await;
        assert_eq!(counts(&company.run_import(&admin, again.id).await.unwrap()), (0, 0, 3, 0));
        assert_eq!(shop::traces(&company).await, before, "no revision, no audit, no event");

        // One cell differs: one record changes, and a blank cell takes nothing away.
        let changed = PEOPLE.replace("جدة", "مكة").replace("الرياض", "");
        let third = stage(&company, &admin, "party", changed).await;
        assert_eq!(counts(&company.run_import(&admin, third.id).await.unwrap()), (0, 1, 2, 0));
        let nour = company.list(&admin, &Query::new("party").filter(Expr::parse("email == \"nour@example.com\"").unwrap())).await.unwrap();
        let Value::Address(a) = nour.records[0].get("address") else { panic!() };
        assert_eq!(a.city, "مكة");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_counts_and_keeps_nothing() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let before = shop::traces(&company).await;
        let file = format!("{PEOPLE}بلا هاتف,who@example.com,ليس رقمًا,,\n,blank@example.com,,,\n");
        let import = stage(&company, &admin, "party", file).await;
        let found = company.check_import(&admin, import.id).await.unwrap();
        assert_eq!(found, Counts { created: 3, failed: 2, ..Counts::default() });
        assert_eq!(shop::traces(&company).await, before);
        let bad = company.import_bad_lines(&admin, import.id, 0, 10).await.unwrap();
        let told: Vec<_> = bad.iter().map(|b| (b.at, b.issues[0].field.as_str(), b.issues[0].key.as_str())).collect();
        assert_eq!(told, [(5, "phone", "value-not-phone"), (6, "name", "value-required")]);
        assert_eq!(company.import(&admin, import.id).await.unwrap().file.checked, Some(found));
        let done = company.run_import(&admin, import.id).await.unwrap();
        assert_eq!(counts(&done), (3, 0, 0, 2), "and the run does what the check said");
        let file = String::from_utf8(company.import_error_file(&admin, import.id).await.unwrap()).unwrap();
        assert!(file.contains("ليس رقمًا") && file.contains("السبب") && file.lines().count() == 3, "{file}");
    })
    .await;
}

/// The shape of the wholesaler's file: one line of an invoice each, everything else on the way.
pub const SALES: &str = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n\
    490397.0,21844.0,RETRO SPOT MUG,6.0,2009-12-06 10:30:00,2.95,12417.0,Belgium\n\
    490397.0,POST,POSTAGE,1.0,2009-12-06 10:30:00,18.0,12417.0,Belgium\n\
    C494271,22061.0,CAKE STAND,-1.0,2010-01-13 09:42:00,9.95,12417.0,Belgium\n\
    500001.0,21844.0,retro spot mug again,2.0,2010-02-01 09:00:00,3.05,,Belgium\n\
    500001.0,M,Manual,-1.0,2010-02-01 09:00:00,1508.65,,Belgium\n";

pub fn sales() -> Mapping {
    serde_json::from_str(
        r##"{
        "object": "invoice_line", "mode": "upsert", "zone": "Europe/London",
        "external": {"system": "retail", "columns": ["#row"]},
        "clean": {"Invoice": ["strip_point_zero"], "StockCode": ["strip_point_zero"], "Customer ID": ["strip_point_zero"]},
        "fields": [
            {"column": "Quantity", "target": "quantity"},
            {"column": "Price", "target": "price"},
            {"column": "Description", "target": "description"},
            {"column": "Invoice", "target": "invoice.number"},
            {"target": "invoice.kind", "expr": "starts_with(col(\"Invoice\"), \"C\") ? \"return\" : \"sale\""},
            {"column": "InvoiceDate", "target": "invoice.issued"},
            {"column": "Customer ID", "target": "invoice.party.external_id"},
            {"target": "invoice.party.name", "expr": "concat(\"Customer \", col(\"Customer ID\"))"},
            {"target": "invoice.party.vip", "expr": "num(\"Price\") * num(\"Quantity\") > 15"},
            {"column": "StockCode", "target": "product.code"},
            {"column": "Description", "target": "product.name"}
        ],
        "references": {"invoice": {"match_on": ["number"]}, "product": {"match_on": ["code"]}}
    }"##,
    )
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_line_makes_line_invoice_customer_and_product() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let done = run(&company, &admin, sales(), SALES).await;
        assert_eq!(counts(&done), (5, 0, 0, 0), "{:?}", company.import_bad_lines(&admin, done.id, 0, 9).await.unwrap());
        assert_eq!(done.counts.also, 3 + 1 + 4, "invoices, customer, products");
        let invoices = company.list(&admin, &Query::new("invoice")).await.unwrap().records;
        let seen: Vec<_> = invoices
            .iter()
            .map(|r| (r.get("number").text().unwrap(), r.get("kind").text().unwrap(), r.get("party").is_null(), r.get("total").money().unwrap().amount()))
            .collect();
        let d = |n: i64| Decimal::new(n, 2);
        assert_eq!(seen, [("490397", "sale", false, d(3570)), ("500001", "sale", true, d(-150_255)), ("C494271", "return", false, d(-995))]);
        let product = company.list(&admin, &Query::new("product").filter(Expr::parse("code == \"21844\"").unwrap())).await.unwrap();
        assert_eq!(product.records[0].get("name").text(), Some("RETRO SPOT MUG"), "the first line names it");
        assert_eq!(product.records[0].rev, 1);

        let before = shop::traces(&company).await;
        let again = run(&company, &admin, sales(), SALES).await;
        assert_eq!((counts(&again), again.counts.also), ((0, 0, 5, 0), 0));
        assert_eq!(shop::traces(&company).await, before);

        // A line that cannot be saved leaves no invoice and no product behind.
        let bad = format!("{SALES}600001.0,99999.0,NEW THING,1.0,2010-03-01 09:00:00,,,Belgium\n600002.0,88888.0,GOOD,1.0,2010-03-01 09:00:00,1.0,,Belgium\n");
        let third = run(&company, &admin, sales(), bad).await;
        assert_eq!((counts(&third), third.counts.also), ((1, 0, 5, 1), 2));
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM invoice").await, 4);
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM product WHERE code = '99999'").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_back_leaves_what_people_touched() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let old = fixture::save(&company, &admin, "party", Draft::new().set("name", Name::new("نور", "")).set("email", "nour@example.com")).await.unwrap();
        let import = stage(&company, &admin, "party", PEOPLE).await;
        let done = company.run_import(&admin, import.id).await.unwrap();
        assert_eq!(counts(&done), (2, 1, 0, 0));
        let sara = company.list(&admin, &Query::new("party").filter(Expr::parse("email == \"sara@example.com\"").unwrap())).await.unwrap();
        fixture::save(&company, &admin, "party", Draft::of(sara.records[0].id).set("note", "اتصلت اليوم")).await.unwrap();

        let undone = company.run_import_undo(&admin, import.id).await.unwrap();
        assert_eq!((undone.state, undone.file.undone, undone.file.kept), (State::Undone, 2, 1));
        let left = company.list(&admin, &Query::new("party").sort("email")).await.unwrap().records;
        assert_eq!(left.len(), 2, "Ahmed is gone, Sara was touched, Nour was there before");
        assert_eq!(left[0].id, old.id);
        assert_eq!(left[0].get("name"), &Value::Name(Name::new("نور", "")));
        assert!(left[0].get("address").is_null() && left[0].get("phone").is_null());
        let kept = company.import_bad_lines(&admin, import.id, 0, 9).await.unwrap();
        assert_eq!(kept[0].issues[0].key, "import-undo-changed");

        // With everything on the way, and again after that.
        let sold = run(&company, &admin, sales(), SALES).await;
        let back = company.run_import_undo(&admin, sold.id).await.unwrap();
        assert_eq!((back.file.undone, back.file.kept), (5 + 8, 0));
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM invoice WHERE deleted_at IS NULL").await, 0);
        assert_eq!(counts(&run(&company, &admin, sales(), SALES).await), (5, 0, 0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_of_one_key_follow_each_other_and_undo_goes_back_through_them() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let file = "name,email,note\nأحمد,a@example.com,أول\nأحمد,a@example.com,ثان\nأحمد,a@example.com,ثان\nعلي,b@example.com,\n";
        let import = stage(&company, &admin, "party", file).await;
        let done = company.run_import(&admin, import.id).await.unwrap();
        assert_eq!(counts(&done), (2, 1, 1, 0));
        let undone = company.run_import_undo(&admin, import.id).await.unwrap();
        assert_eq!((undone.file.undone, undone.file.kept), (3, 0));
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM party WHERE deleted_at IS NULL").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn references_are_found_by_what_people_write() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        for (ar, code) in [("أحمد", "A1"), ("سمير", "S1"), ("سمير", "S2")] {
            fixture::save(&company, &admin, "party", Draft::new().set("name", Name::new(ar, "")).set("code", code)).await.unwrap();
        }
        let mapping = Mapping::new("invoice").column("no", "number").column("customer", "party").match_on("number");
        let file = "no,customer\n1,أحمد\n2,S2\n3,سمير\n4,مجهول\n5,\n";
        let done = run(&company, &admin, mapping.clone(), file).await;
        assert_eq!(counts(&done), (3, 0, 0, 2));
        let bad = company.import_bad_lines(&admin, done.id, 0, 9).await.unwrap();
        assert_eq!(bad.iter().map(|b| b.issues[0].key.as_str()).collect::<Vec<_>>(), ["import-ambiguous", "import-not-found"]);

        // Where the mapping says so, an unknown customer is made.
        let mut making = mapping;
        making.references.insert("party".into(), Reference::default());
        let done = run(&company, &admin, making, "no,customer\n4,مجهول\n6,مجهول\n").await;
        assert_eq!((counts(&done), done.counts.also), ((2, 0, 0, 0), 1));

        // Lists of references, modes and constants.
        let mut m = Mapping::new("party").column("code", "code").column("friends", "friends").match_on("code");
        m.mode = engine::import::Mode::Update;
        m.fields.push(Assign { target: "tier".into(), value: Some("gold".into()), ..Assign::default() });
        let done = run(&company, &admin, m, "code,friends\nA1,S1; S2\nZZ,S1\n").await;
        assert_eq!(counts(&done), (0, 1, 0, 1));
        let a = company.list(&admin, &Query::new("party").filter(Expr::parse("code == \"A1\"").unwrap())).await.unwrap();
        assert!(matches!(a.records[0].get("friends"), Value::Ids(ids) if ids.len() == 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mapping_that_does_not_fit_says_where() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let import = stage(&company, &admin, "party", PEOPLE).await;
        let keys = |f: Fault| f.issues.into_iter().map(|i| i.key).collect::<Vec<_>>();
        let fault = |m: Mapping| {
            let (company, admin) = (company.clone(), admin.clone());
            async move { keys(company.map_import(&admin, import.id, m).await.unwrap_err()) }
        };
        let m = || Mapping::new("party");
        assert_eq!(fault(m().column("لا", "name")).await, ["import-unknown-column"]);
        assert_eq!(fault(m().column("الاسم", "nom")).await, ["import-unknown-target"]);
        assert_eq!(fault(m().column("الاسم", "name").column("المدينة", "name")).await, ["import-target-twice"]);
        assert_eq!(fault(m().column("الاسم", "name").match_on("email")).await, ["import-key-not-mapped"]);
        assert_eq!(fault(m().column("الاسم", "created_at")).await, ["import-unknown-target"]);
        assert_eq!(fault(m()).await, ["import-nothing-mapped"]);
        assert_eq!(fault(Mapping::new("product")).await, ["import-other-object"]);
        let with = |expr: &str| {
            let mut m = m();
            m.fields.push(Assign { target: "note".into(), expr: Some(expr.into()), ..Assign::default() });
            m
        };
        assert_eq!(fault(with("col(\"الاسم\") ==")).await.len(), 1);
        assert_eq!(fault(with("email")).await, ["import-no-field-here"]);
        assert_eq!(fault(with("col(\"x\")")).await, ["import-unknown-column"]);
        let mut odd = m().column("الاسم", "name");
        odd.external = Some(External { system: String::new(), columns: vec![] });
        odd.zone = "Mars/Base".into();
        let all = fault(odd).await;
        assert_eq!(all, ["import-key-needs-column", "import-unknown-zone"]);
    })
    .await;
}
