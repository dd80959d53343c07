//! Lists leave as files, for whom and what may leave, and come back as the same records.

use crate::importing::{counts, stage};
use crate::{fixture, shop};
use calamine::{Data, Reader};
use engine::{Actor, Company, Draft, ExportOptions, FileFormat, Query};
use kernel::*;
use testdb::both;

async fn some_people(company: &Company, admin: &Actor) {
    let first = Draft::new()
        .set("name", Name::new("أحمد علي", "Ahmed Ali"))
        .set("code", "00017")
        .set("email", "ahmed@example.com")
        .set("phone", "+966501234567")
        .set("address", Address { street: "شارع; الملك".into(), city: "الرياض".into(), country: "SA".into(), ..Address::default() })
        .set("tier", "gold")
        .set("tags", Value::List(vec!["silver".into(), "gold".into()]))
        .set("credit", Money::new(1_234_567, "KWD"))
        .set("since", "2024-02-29".parse::<jiff::civil::Date>().unwrap())
        .set("seen", "2026-03-01T05:06:07Z".parse::<jiff::Timestamp>().unwrap())
        .set("vip", true)
        .set("note", "=HYPERLINK(\"http://evil\")\nسطر ثان, \"مقتبس\"")
        .set("owner", admin.id);
    let first = fixture::save(company, admin, "party", first).await.unwrap();
    let second = Draft::new()
        .set("name", Name::new("=1+1", ""))
        .set("vip", false)
        .set("credit", Money::new(-5, "SAR"))
        .set("seen", "2026-10-25T00:30:00.123456Z".parse::<jiff::Timestamp>().unwrap())
        .set("friends", Value::Ids(vec![first.id]));
    fixture::save(company, admin, "party", second).await.unwrap();
    for i in 0..700 {
        fixture::save(company, admin, "party", Draft::new().set("name", Name::new(format!("عميل {}", i % 7), "")).set("code", format!("N{i:04}")))
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_imported_again_changes_nothing_and_makes_the_same_elsewhere() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        some_people(&company, &admin).await;
        let before = company.list(&admin, &Query::new("party").sort("code").limit(5)).await.unwrap().records;
        for (format, lang) in [(FileFormat::Csv, "ar"), (FileFormat::Csv, "en"), (FileFormat::Xlsx, "ar"), (FileFormat::Xlsx, "en")] {
            let mut who = admin.clone();
            who.locale = if lang == "en" { text::Locale::en("SA") } else { text::Locale::ar("SA") };
            let options = ExportOptions { format, ..ExportOptions::default() };
            let bytes = company.export_bytes(&who, &Query::new("party"), &options).await.unwrap();
            let traces = shop::traces(&company).await;
            let import = stage(&company, &who, "party", bytes.clone()).await;
            assert_eq!(import.mapping.match_on, ["id"], "{:?}", import.mapping);
            let done = company.run_import(&who, import.id).await.unwrap();
            assert_eq!(counts(&done), (0, 0, 702, 0), "{format:?} {lang} {:?}", company.import_bad_lines(&who, import.id, 0, 3).await.unwrap());
            assert_eq!(shop::traces(&company).await, traces);

            // Into an empty company the same records are made; ids of records are remembered, so references hold.
            let other = testdb::TestDb::sqlite();
            let target = shop::open(&other.url).await;
            let boss = fixture::actor(&target, "admin", "admin").await;
            let mut import = stage(&target, &boss, "party", bytes).await;
            // Its owner does not exist there; friends come in the same file, and the first line knows none.
            import.mapping.fields.retain(|a| a.target != "owner.id" && a.target != "owner" && a.target != "friends");
            target.map_import(&boss, import.id, import.mapping).await.unwrap();
            let done = target.run_import(&boss, import.id).await.unwrap();
            assert_eq!(counts(&done), (702, 0, 0, 0), "{format:?} {lang} {:?}", target.import_bad_lines(&boss, import.id, 0, 3).await.unwrap());
            let made = target.list(&boss, &Query::new("party").sort("code").limit(5)).await.unwrap().records;
            for (a, b) in before.iter().zip(&made) {
                for key in ["name", "code", "email", "phone", "address", "tier", "tags", "credit", "since", "vip", "note", "seen"] {
                    assert_eq!(a.get(key), b.get(key), "{format:?} {lang} {key}");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_may_be_seen_leaves() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let seller = fixture::actor(&company, "seller", "seller").await;
        let clerk = fixture::actor(&company, "clerk", "clerk").await;
        let reader = fixture::actor(&company, "reader", "reader").await;
        for (name, owner) in [("لي", seller.id), ("لغيري", admin.id)] {
            let draft = Draft::new().set("name", Name::new(name, "")).set("phone", "+966501112223").set("credit", Money::new(500, "SAR")).set("owner", owner);
            fixture::save(&company, &admin, "party", draft).await.unwrap();
        }
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        // Without identities: their digits are random, and may well hold the ends of a number.
        let options = ExportOptions { ids: false, ..ExportOptions::default() };
        let all = text(company.export_bytes(&admin, &Query::new("party"), &options).await.unwrap());
        assert!(all.starts_with('\u{feff}') && all.contains("لغيري") && all.contains("الحد الائتماني"));
        let own = text(company.export_bytes(&seller, &Query::new("party"), &options).await.unwrap());
        assert!(own.contains("لي") && !own.contains("لغيري") && !own.contains("الحد الائتماني") && !own.contains("5.00"), "{own}");
        let masked = text(company.export_bytes(&clerk, &Query::new("party"), &options).await.unwrap());
        assert!(masked.contains("لغيري") && !masked.contains("الهاتف") && !masked.contains("2223") && !masked.contains('•'), "{masked}");
        let fields = Query { fields: vec!["phone".into()], ..Query::new("party") };
        assert_eq!(company.export_bytes(&clerk, &fields, &options).await.unwrap_err().issues[0].key, "expr-unknown-field");
        assert_eq!(company.export_bytes(&reader, &Query::new("party"), &options).await.unwrap_err().kind, FaultKind::Forbidden);
        assert_eq!(company.export_bytes(&reader, &Query::new("invoice"), &options).await.unwrap_err().kind, FaultKind::NotFound);

        let noted = shop::number(&company, "SELECT COUNT(*) FROM sila_audit WHERE verb = 'exported'").await;
        assert_eq!(noted, 3, "each export that left, none that was refused");
        let filter = Query::new("party").filter(Expr::parse("is_blank(email)").unwrap());
        company.export_bytes(&admin, &filter, &options).await.unwrap();
        let like = "SELECT COUNT(*) FROM sila_audit WHERE verb = 'exported' AND changes LIKE '%\"count\":2%' AND changes LIKE '%is_blank(email)%'";
        assert_eq!(shop::number(&company, like).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cells_are_typed_and_harmless() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        some_people(&company, &admin).await;
        let csv = String::from_utf8(company.export_bytes(&admin, &Query::new("party"), &ExportOptions::default()).await.unwrap()).unwrap();
        assert!(csv.contains(",'=1+1,") && csv.contains("\"'=HYPERLINK("), "formulas do not run");
        assert!(csv.contains(",00017,") && csv.contains("1234.567,KWD") && csv.contains(",2026-03-01 08:06:07,"));
        let query = Query::new("party").filter(Expr::parse("code == \"00017\"").unwrap());
        let xlsx = company.export_bytes(&admin, &query, &ExportOptions { format: FileFormat::Xlsx, ids: false, ..ExportOptions::default() }).await.unwrap();
        let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(xlsx.clone())).unwrap();
        let range = book.worksheet_range("العملاء").unwrap();
        let rows: Vec<_> = range.rows().collect();
        assert_eq!(rows.len(), 2);
        let at = |head: &str| {
            let i = rows[0].iter().position(|h| *h == Data::String(head.into())).unwrap_or_else(|| panic!("{head} in {:?}", rows[0]));
            rows[1][i].clone()
        };
        assert_eq!(at("الرمز"), Data::String("00017".into()), "codes keep their zeros");
        assert_eq!(at("الحد الائتماني"), Data::Float(1234.567));
        assert_eq!(at("مميز"), Data::Bool(true));
        assert!(matches!(at("عميل منذ"), Data::DateTime(_)));
        assert_eq!(at("الفئة"), Data::String("ذهبي".into()));
        // Arabic sheets are read from right to left.
        let mut zip = zip_text(&xlsx, "xl/worksheets/sheet1.xml");
        assert!(zip.contains("rightToLeft=\"1\""));
        let mut english = admin.clone();
        english.locale = text::Locale::en("SA");
        let xlsx = company.export_bytes(&english, &query, &ExportOptions { format: FileFormat::Xlsx, ..ExportOptions::default() }).await.unwrap();
        zip = zip_text(&xlsx, "xl/worksheets/sheet1.xml");
        assert!(!zip.contains("rightToLeft"));
    })
    .await;
}

/// A member of a zip file, by the `unzip` of the machine.
fn zip_text(bytes: &[u8], member: &str) -> String {
    let path = std::env::temp_dir().join(format!("sila-export-{}.xlsx", uuid::Uuid::new_v4()));
    std::fs::write(&path, bytes).unwrap();
    let out = std::process::Command::new("python3")
        .args(["-c", "import sys,zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))"])
        .arg(&path)
        .arg(member)
        .output()
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(out.status.success());
    String::from_utf8(out.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_sheet_has_headings_the_import_understands() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let sheet = String::from_utf8(company.import_template(&admin, "party").unwrap()).unwrap();
        let file = format!("{}{}\r\n", sheet, "أحمد,Ahmed,A1,a@example.com,0501234567,,,الرياض,,,,ذهبي,,10,SAR,2024-01-01,,نعم,,,");
        let import = stage(&company, &admin, "party", file).await;
        assert_eq!(import.mapping.target_of("الاسم (عربي)"), Some("name.ar"));
        assert_eq!(import.mapping.fields.len(), import.file.headings.len(), "{:?}", import.mapping.fields);
        let done = company.run_import(&admin, import.id).await.unwrap();
        assert_eq!(counts(&done), (1, 0, 0, 0), "{:?}", company.import_bad_lines(&admin, import.id, 0, 3).await.unwrap());
    })
    .await;
}
