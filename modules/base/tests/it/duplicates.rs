//! CUST-1: precision and recall through the whole path: a file of 10,000 records is imported, then the company is swept.

use engine::import::{Mapping, NewImport};
use kernel::{Cell, ColumnType};
use std::collections::BTreeMap;
use std::time::Instant;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/matching/tests/data/arabic-duplicates.csv");

#[tokio::test]
async fn cust_1_an_imported_file_is_swept_and_its_pairs_are_found() {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(&format!("sqlite://{}", folder.path().join("sila.db").display()), &store::Options::default()).await.unwrap();
    let company = engine::Company::open(db, folder.path(), vec![sila_base::module()]).await.unwrap().0;
    let bytes = std::fs::read(FILE).unwrap();
    // Who is who: read by this test alone, and not given to the company.
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let truth: BTreeMap<String, String> = rows.records().map(|r| r.unwrap()).map(|r| (r[0].to_owned(), r[1].to_owned())).collect();
    let mapping: Mapping = serde_json::from_value(serde_json::json!({
        "object": "party",
        "external": {"system": "file", "columns": ["unique_id"]},
        "fields": [
            {"column": "name", "target": "name"},
            {"column": "phone", "target": "phone"},
            {"column": "city", "target": "address.city"},
            {"column": "addr", "target": "address.street"},
            {"column": "email", "target": "email"},
            {"column": "dob", "target": "birthday"},
        ],
    }))
    .unwrap();
    let system = company.system();
    let import = company.stage_import(&system, NewImport { object: "party".into(), name: "customers.csv".into(), bytes, ..NewImport::default() }).await.unwrap();
    company.map_import(&system, import.id, mapping).await.unwrap();
    let done = company.run_import(&system, import.id).await.unwrap();
    assert_eq!((done.counts.created, done.counts.failed), (10_000, 0), "{:?}", company.import_bad_lines(&system, import.id, 0, 3).await.unwrap());

    let began = Instant::now();
    let swept = company.sweep("party").await.unwrap();
    let took = began.elapsed();
    let mut conn = company.db().read().await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT a.key, b.key FROM sila_match_pair p JOIN sila_external a ON a.record_id = p.a JOIN sila_external b ON b.record_id = p.b");
    sql.push(" WHERE p.score >= ").bind(70);
    let same: Vec<(String, String)> = conn
        .rows(&sql, &[ColumnType::Text, ColumnType::Text])
        .await
        .unwrap()
        .iter()
        .filter_map(|r| Some((r.first().and_then(Cell::text)?.to_owned(), r.get(1).and_then(Cell::text)?.to_owned())))
        .collect();
    assert_eq!(same.len(), swept.same);
    let right = same.iter().filter(|(a, b)| truth[a] == truth[b]).count();
    let mut people: BTreeMap<&str, u32> = BTreeMap::new();
    truth.values().for_each(|p| *people.entry(p).or_default() += 1);
    let there = people.values().filter(|n| **n == 2).count();
    println!("{} records, {} compared, {} proposed, {right} right of {there}, {took:?}", swept.records, swept.compared, same.len());
    assert!(right * 1000 >= same.len() * 995, "precision {right}/{}", same.len());
    assert!(right * 1000 >= there * 985, "recall {right}/{there}");
    assert!(took.as_secs() < 60, "a sweep without optimisation took {took:?}");
}
