use kernel::{Cell, ColumnType, Field, Kind, Object, Registry, label};
use std::path::PathBuf;
use store::copy::{backup, move_all, restore};
use store::queue::{self, NewJob};
use store::search::{Doc, Query, matching, put_many};
use store::{Allow, Db, Options, desired};
use testdb::{TempFolder, TestDb};
use uuid::Uuid;

async fn open(test: &TestDb) -> Db {
    Db::open(&test.url, &Options::default()).await.unwrap()
}

async fn fill(db: &Db) {
    let mut registry = Registry::new();
    let party = Object::new("party", "base", label("طرف", "Party"), label("أطراف", "Parties")).sort("name");
    let party = party.field(Field::new("name", Kind::text(), label("الاسم", "Name")));
    registry.add_object(party.field(Field::new("total", Kind::Money, label("المجموع", "Total"))));
    store::migrate::apply(db, &desired(&registry), Allow::Nothing).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let mut rows = Vec::new();
    let mut docs = Vec::new();
    for i in 0..1_234_i64 {
        let id = Uuid::now_v7();
        let name = format!("شركة {i}");
        let encoded = Kind::text().encode(&kernel::Value::Text(name.clone()));
        let mut row = vec![id.into(), 1.into(), i.into(), i.into()];
        row.extend(encoded);
        row.extend([Cell::Int(i * 100), if i % 2 == 0 { "SAR".into() } else { Cell::Null }]);
        rows.push(row);
        let words = text::search::document(&[&name]);
        docs.push(Doc {
            object: "party".into(),
            record_id: id,
            title: words,
            body: String::new(),
            keys: String::new(),
            at: i,
        });
    }
    let columns = ["id", "rev", "created_at", "updated_at", "name", "name_fold", "name_sort", "total", "total_cur"];
    store::insert_many(&mut tx, "party", &columns, rows).await.unwrap();
    put_many(&mut tx, &docs).await.unwrap();
    queue::enqueue(&mut tx, &NewJob::new("mail", kernel::serde_json::json!({"إلى": "سالم"}))).await.unwrap();
    store::counter::at_least(&mut tx, "invoice", 41).await.unwrap();
    let link = vec!["party".into(), "tags".into(), Uuid::now_v7().into(), Uuid::now_v7().into()];
    store::insert_many(&mut tx, "sila_link", &["object", "field", "record_id", "target_id"], vec![link]).await.unwrap();
    store::migrate::set_meta(&mut tx, "company", "النور").await.unwrap();
    tx.commit().await.unwrap();
}

/// Everything a person could compare: sum, list order, hits, counter.
async fn picture(db: &Db) -> (Option<i64>, Vec<Vec<Cell>>, Vec<Vec<Cell>>, Option<String>) {
    let mut conn = db.read().await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT CAST(SUM(total) AS BIGINT) FROM party");
    let sum = conn.int(&sql).await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT id, name, total_cur FROM party ORDER BY name_sort, id");
    let list = conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text]).await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT record_id FROM (");
    matching(&mut sql, "party", &Query::parse("شركه 12"), false, None).unwrap();
    sql.push(") f ORDER BY rank, at DESC, record_id");
    let hits = conn.rows(&sql, &[ColumnType::Id]).await.unwrap();
    assert!(hits.len() > 20 && list.len() == 1_234);
    (sum, list, hits, store::migrate::meta(&mut conn, "company").await.unwrap())
}

async fn add_one_more(db: &Db) {
    let mut tx = db.write().await.unwrap();
    assert_eq!(store::counter::next(&mut tx, "invoice").await.unwrap(), 42);
    let id = Uuid::now_v7();
    let doc = Doc {
        object: "party".into(),
        record_id: id,
        title: "جديد".into(),
        body: String::new(),
        keys: String::new(),
        at: 1,
    };
    put_many(&mut tx, &[doc]).await.unwrap();
    tx.commit().await.unwrap();
    let mut conn = db.read().await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT record_id FROM (");
    matching(&mut sql, "party", &Query::parse("جديد"), false, None).unwrap();
    sql.push(") f");
    assert_eq!(conn.rows(&sql, &[ColumnType::Id]).await.unwrap(), [[Cell::Id(id)]]);
}

#[tokio::test]
async fn a_company_moves_there_and_back() {
    let (a, b, c) = (TestDb::sqlite(), TestDb::postgres().await, TestDb::sqlite());
    let (lite, pg, back) = (open(&a).await, open(&b).await, open(&c).await);
    fill(&lite).await;
    let before = picture(&lite).await;
    let mut told = 0;
    let copied = move_all(&lite, &pg, |p| told = told.max(p.rows)).await.unwrap();
    assert_eq!(told, 1_234);
    assert!(copied.rows() > 2_468);
    assert_eq!(picture(&pg).await, before);
    move_all(&pg, &back, |_| ()).await.unwrap();
    assert_eq!(picture(&back).await, before);
    // Not onto data.
    let fault = move_all(&lite, &pg, |_| ()).await.unwrap_err();
    assert_eq!(fault.issues[0].key, "database-not-empty");
    add_one_more(&pg).await;
    add_one_more(&back).await;
}

#[tokio::test]
async fn backups_can_be_put_back() {
    for test in [TestDb::sqlite(), TestDb::postgres().await] {
        let db = open(&test).await;
        fill(&db).await;
        let folder = TempFolder::new();
        let file: PathBuf = folder.path().join("sub/backup.sila");
        backup(&db, &file, |_| ()).await.unwrap();
        assert!(backup(&db, &file, |_| ()).await.is_err());
        let names: Vec<_> =
            std::fs::read_dir(file.parent().unwrap()).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(names, ["backup.sila"]);
        let before = picture(&db).await;
        add_one_more(&db).await;
        let bytes = std::fs::read(&file).unwrap();
        for target in [TestDb::sqlite(), TestDb::postgres().await] {
            let to = open(&target).await;
            restore(&file, &to, |_| ()).await.unwrap();
            assert_eq!(picture(&to).await, before);
            add_one_more(&to).await;
            assert!(restore(&file, &to, |_| ()).await.is_err());
            to.close().await;
        }
        assert_eq!(std::fs::read(&file).unwrap(), bytes);
        db.close().await;
    }
    let empty = TestDb::sqlite();
    let none = open(&empty).await;
    assert!(restore(std::path::Path::new("/nowhere"), &none, |_| ()).await.is_err());
    let folder = TempFolder::new();
    let bad = folder.path().join("bad");
    std::fs::write(&bad, "this is no database, whatever its name says; and long enough to be looked at").unwrap();
    assert_eq!(restore(&bad, &none, |_| ()).await.unwrap_err().issues[0].key, "not-a-backup");
}
