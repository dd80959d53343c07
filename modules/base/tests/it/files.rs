//! Files of customers: several telephones and addresses by type, and their keys in other systems, in and out (CUST-1, PLT).

use crate::shop::{Shop, shop};
use engine::import::{Import, Mapping, NewImport};
use engine::{ExportOptions, Query};
use kernel::uuid::Uuid;
use sila_base::contact::{ADDRESS, EMAIL, PHONE};

async fn run(shop: &Shop, text: &str, mapping: Option<Mapping>) -> Import {
    let system = shop.company.system();
    let new = NewImport { object: "party".into(), name: "customers.csv".into(), bytes: text.as_bytes().to_vec(), ..NewImport::default() };
    let import = shop.company.stage_import(&system, new).await.unwrap();
    if let Some(mapping) = mapping {
        shop.company.map_import(&system, import.id, mapping).await.unwrap();
    }
    shop.company.run_import(&system, import.id).await.unwrap()
}

fn mapping() -> Mapping {
    [
        ("الاسم", "name"), ("الهاتف", "phone"), ("العمل", "phones.work"), ("واتساب", "phones.whatsapp"), ("الفواتير", "emails.billing"),
        ("مدينة التسليم", "addresses.delivery.city"), ("شارع التسليم", "addresses.delivery.street"), ("رقم المحاسبة", "external.erp"),
    ]
    .iter()
    .fold(Mapping { match_on: vec!["name".into()], ..Mapping::new("party") }, |m, (column, target)| m.column(column, target))
}

const FILE: &str = "الاسم,الهاتف,العمل,واتساب,الفواتير,مدينة التسليم,شارع التسليم,رقم المحاسبة\n\
مكتبة الغدير,0501111111,0112222222; 0113333333,0501111111,acc@ghadeer.example,جدة,شارع الحرية 23,4711\n\
مؤسسة النيل,,0114444444,,,,,4712\n";

async fn values(shop: &Shop, object: &str, field: &str, party: Uuid) -> Vec<(String, String, bool)> {
    let one = |r: &kernel::Record| (r.get("type").text().unwrap().to_owned(), kernel::parse::plain_text(r.get(field)), r.get("primary").bool() == Some(true));
    let mut all: Vec<_> = shop.parts(object, party).await.iter().map(one).collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_a_file_brings_and_takes_telephones_addresses_and_keys() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let system = shop.company.system();
        let first = run(&shop, FILE, Some(mapping())).await;
        assert_eq!((first.counts.created, first.counts.failed), (2, 0), "{:?}", shop.company.import_bad_lines(&system, first.id, 0, 9).await.unwrap());
        let ghadeer = shop.company.by_external(&system, "party", "erp", "4711").await.unwrap().id;
        let nil = shop.company.by_external(&system, "party", "erp", "4712").await.unwrap().id;
        let (own, one, two) = ("+966501111111", "+966112222222", "+966113333333");
        let of = |t: &str, v: &str, p: bool| (t.to_owned(), v.to_owned(), p);
        // The primary number is the one of its column; it got the type that the file names.
        assert_eq!(values(&shop, PHONE, "phone", ghadeer).await, [of("whatsapp", own, true), of("work", one, false), of("work", two, false)]);
        assert_eq!(values(&shop, PHONE, "phone", nil).await, [of("work", "+966114444444", true)]);
        assert_eq!(values(&shop, EMAIL, "email", ghadeer).await[0].1, "acc@ghadeer.example");
        assert!(shop.parts(ADDRESS, ghadeer).await.iter().any(|r| r.get("type").text() == Some("delivery")));
        for words in ["4711", "0112222222", "شارع الحرية"] {
            assert_eq!(shop.found(words).await, [ghadeer], "{words}");
        }
        // Out and in again changes nothing.
        let bytes = shop.company.export_bytes(&system, &Query::new("party"), &ExportOptions::default()).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("ID in erp") || text.contains("رقمه في erp"), "{text}");
        let again = run(&shop, &text, None).await;
        assert_eq!((again.counts.unchanged, again.counts.updated, again.counts.created, again.counts.failed), (2, 0, 0, 0), "{:?} {:?}", again.mapping, shop.company.import_bad_lines(&system, again.id, 0, 9).await.unwrap());
        // A single further number takes the place of the only one of its type; the primary stays.
        run(&shop, "الاسم,واتساب\nمؤسسة النيل,0505555555\n", Some(Mapping { match_on: vec!["name".into()], ..Mapping::new("party") }.column("الاسم", "name").column("واتساب", "phones.whatsapp"))).await;
        run(&shop, "الاسم,واتساب\nمؤسسة النيل,0506666666\n", Some(Mapping { match_on: vec!["name".into()], ..Mapping::new("party") }.column("الاسم", "name").column("واتساب", "phones.whatsapp"))).await;
        assert_eq!(values(&shop, PHONE, "phone", nil).await, [of("whatsapp", "+966506666666", false), of("work", "+966114444444", true)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_a_line_that_does_not_fit_leaves_nothing() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let system = shop.company.system();
        let taken = shop.party("شركة قديمة").await;
        shop.company
            .transact(&system, |cx| Box::pin(async move { cx.add_external("party", taken, "erp", "4712").await }))
            .await
            .unwrap();
        let done = run(&shop, FILE, Some(mapping())).await;
        assert_eq!((done.counts.created, done.counts.failed), (1, 1));
        let bad = shop.company.import_bad_lines(&system, done.id, 0, 9).await.unwrap();
        assert_eq!((bad[0].issues[0].field.as_str(), bad[0].issues[0].key.as_str()), ("external.erp", "external-taken"));
        assert_eq!(shop.company.list(&system, &Query::new("party")).await.unwrap().records.len(), 2);
        assert_eq!(shop.company.list(&system, &Query::new(PHONE)).await.unwrap().records.len(), 3);
        // A number that is none is told before anything is written.
        let wrong = run(&shop, "الاسم,واتساب\nمكتبة ثالثة,ليس رقمًا\n", Some(Mapping::new("party").column("الاسم", "name").column("واتساب", "phones.whatsapp"))).await;
        assert_eq!((wrong.counts.created, wrong.counts.failed), (0, 1));
    })
    .await;
}
