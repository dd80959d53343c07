use crate::both;
use kernel::{Cell, ColumnType, FaultKind};
use std::time::{Duration, Instant};
use store::{Db, Options, Sql, insert_many, insert_missing, upsert_many};
use testdb::TestDb;
use uuid::Uuid;

async fn count(db: &Db, table: &str) -> i64 {
    let mut sql = db.sql();
    sql.push("SELECT COUNT(*) FROM ").ident(table);
    db.read().await.unwrap().int(&sql).await.unwrap().unwrap()
}

fn counter(sql: Sql, key: &str) -> Sql {
    let mut sql = sql;
    sql.push("INSERT INTO sila_counter (key, value) VALUES (").bind(key).push(", 1)");
    sql
}

#[tokio::test]
async fn cells_come_back_as_they_went_in() {
    both(|db| async move {
        let id = Uuid::now_v7();
        let mut tx = db.write().await.unwrap();
        let mut sql = tx.sql();
        let types =
            [ColumnType::Id, ColumnType::Int, ColumnType::Text, ColumnType::Id, ColumnType::Text, ColumnType::Int];
        let row = vec![id.into(), i64::MIN.into(), "طلب رقم ٥ 🌙".into(), Cell::Null, Cell::Null, Cell::Null];
        insert_many(
            &mut tx,
            "sila_comment",
            &["id", "at", "body", "author", "object", "record_id", "edited_at"],
            vec![vec![row[0].clone(), row[1].clone(), row[2].clone(), Cell::Null, "x".into(), id.into(), Cell::Null]],
        )
        .await
        .unwrap();
        sql.push("SELECT id, at, body, author, CAST(NULL AS TEXT), edited_at FROM sila_comment WHERE id = ").bind(id);
        assert_eq!(tx.row(&sql, &types).await.unwrap().unwrap(), row);
        // Sort keys are bytes.
        let mut sql = tx.sql();
        let bytes = Cell::Bytes(vec![0, 255, 1]);
        sql.push(if sql.is_sqlite() { "SELECT CAST(" } else { "SELECT (" }).bind(bytes.clone());
        sql.push(if sql.is_sqlite() { " AS BLOB)" } else { ")::bytea" });
        assert_eq!(tx.row(&sql, &[ColumnType::Bytes]).await.unwrap().unwrap(), [bytes]);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn readers_cannot_write() {
    both(|db| async move {
        let mut conn = db.read().await.unwrap();
        assert!(conn.exec(&counter(db.sql(), "k")).await.is_err());
        drop(conn);
        assert_eq!(count(&db, "sila_counter").await, 0);
        db.check().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    both(|db| async move {
        let mut tx = db.write().await.unwrap();
        tx.exec(&counter(db.sql(), "dropped")).await.unwrap();
        drop(tx);
        let mut tx = db.write().await.unwrap();
        tx.exec(&counter(db.sql(), "undone")).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.exec(&counter(db.sql(), "kept")).await.unwrap();
        tx.commit().await.unwrap();
        let keys = db
            .read()
            .await
            .unwrap()
            .rows(&Sql::of(db.dialect(), "SELECT key FROM sila_counter"), &[ColumnType::Text])
            .await;
        assert_eq!(keys.unwrap(), [[Cell::from("kept")]]);
    })
    .await;
}

/// A statement that takes minutes if nobody ends it.
fn endless(db: &Db) -> Sql {
    let mut sql = db.sql();
    sql.push(if sql.is_sqlite() {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT CAST(COUNT(*) AS BIGINT) FROM n"
    } else {
        "SELECT CAST(COUNT(*) AS BIGINT) FROM generate_series(1, 2000000000)"
    });
    sql
}

#[tokio::test]
async fn cancelled_in_the_middle_of_a_statement() {
    for test in [TestDb::sqlite(), TestDb::postgres().await] {
        let options = Options { statement_timeout: Duration::from_secs(3), ..Options::default() };
        let db = Db::open(&test.url, &options).await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.exec(&counter(db.sql(), "lost")).await.unwrap();
        let sql = endless(&db);
        assert!(tokio::time::timeout(Duration::from_millis(200), tx.int(&sql)).await.is_err());
        drop(tx);
        // Readers too.
        let mut conn = db.read().await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(200), conn.int(&sql)).await.is_err());
        drop(conn);
        let began = Instant::now();
        let mut tx = db.write().await.unwrap();
        tx.exec(&counter(db.sql(), "kept")).await.unwrap();
        tx.commit().await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(8));
        assert_eq!(count(&db, "sila_counter").await, 1);
        db.close().await;
    }
}

#[tokio::test]
async fn slow_statements_end_and_spoil_their_transaction() {
    for test in [TestDb::sqlite(), TestDb::postgres().await] {
        let options = Options { statement_timeout: Duration::from_millis(300), ..Options::default() };
        let db = Db::open(&test.url, &options).await.unwrap();
        let fault = db.read().await.unwrap().int(&endless(&db)).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unavailable, "{fault}");
        let mut tx = db.write().await.unwrap();
        tx.exec(&counter(db.sql(), "lost")).await.unwrap();
        tx.int(&endless(&db)).await.unwrap_err();
        tx.exec(&counter(db.sql(), "lost as well")).await.unwrap_err();
        assert!(tx.commit().await.is_err());
        assert_eq!(count(&db, "sila_counter").await, 0);
        db.close().await;
    }
}

#[tokio::test]
async fn a_taken_value_names_its_field() {
    both(|db| async move {
        let mut tx = db.write().await.unwrap();
        tx.exec(&counter(db.sql(), "k")).await.unwrap();
        tx.savepoint("row").await.unwrap();
        let fault = tx.exec(&counter(db.sql(), "k")).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Invalid);
        assert_eq!((fault.issues[0].field.as_str(), fault.issues[0].key.as_str()), ("key", "value-not-unique"));
        tx.rollback_to("row").await.unwrap();
        tx.release("row").await.unwrap();
        tx.exec(&counter(db.sql(), "other")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&db, "sila_counter").await, 2);
    })
    .await;
}

#[tokio::test]
async fn many_rows() {
    both(|db| async move {
        let rows = |from: i64, to: i64, add: i64| -> Vec<Vec<Cell>> {
            (from..to).map(|i| vec![Cell::from(format!("k{i}")), Cell::Int(i + add)]).collect()
        };
        let mut tx = db.write().await.unwrap();
        insert_many(&mut tx, "sila_counter", &["key", "value"], rows(0, 1_003, 0)).await.unwrap();
        assert_eq!(insert_missing(&mut tx, "sila_counter", &["key", "value"], rows(1_000, 1_010, 0)).await.unwrap(), 7);
        upsert_many(&mut tx, "sila_counter", &["key", "value"], &["key"], rows(0, 10, 5)).await.unwrap();
        tx.commit().await.unwrap();
        let sql = Sql::of(db.dialect(), "SELECT CAST(SUM(value) AS BIGINT) FROM sila_counter");
        assert_eq!(db.read().await.unwrap().int(&sql).await.unwrap(), Some((0..1_010).sum::<i64>() + 50));
        assert_eq!(count(&db, "sila_counter").await, 1_010);
    })
    .await;
}

#[tokio::test]
async fn numbers_without_gaps() {
    both(|db| async move {
        let mut tasks = Vec::new();
        for i in 0..20 {
            let db = db.clone();
            tasks.push(tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let n = store::counter::next(&mut tx, "invoice").await.unwrap();
                // Every fourth one fails after taking its number.
                if i % 4 == 0 {
                    tx.rollback().await.unwrap()
                } else {
                    tx.commit().await.unwrap()
                }
                (i % 4 != 0).then_some(n)
            }));
        }
        let mut given = Vec::new();
        for t in tasks {
            given.extend(t.await.unwrap());
        }
        given.sort_unstable();
        assert_eq!(given, (1..=15).collect::<Vec<_>>());
        let mut tx = db.write().await.unwrap();
        assert_eq!(store::counter::reserve(&mut tx, "invoice", 10).await.unwrap(), 16);
        store::counter::at_least(&mut tx, "invoice", 100).await.unwrap();
        store::counter::at_least(&mut tx, "invoice", 50).await.unwrap();
        assert_eq!(store::counter::next(&mut tx, "invoice").await.unwrap(), 101);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_hundred_writers_lose_nothing() {
    for test in [TestDb::sqlite(), TestDb::postgres().await] {
        let db = Db::open(&test.url, &Options { readers: 8, ..Options::default() }).await.unwrap();
        let tasks: Vec<_> = (0..80)
            .map(|t| {
                let db = db.clone();
                tokio::spawn(async move {
                    for i in 0..10 {
                        let mut tx = db.write().await.unwrap();
                        tx.exec(&counter(db.sql(), &format!("{t}-{i}"))).await.unwrap();
                        tx.commit().await.unwrap();
                    }
                })
            })
            .collect();
        // Ten times as many writers as connections are waiting; a reader does not notice.
        let began = Instant::now();
        count(&db, "sila_counter").await;
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        for t in tasks {
            t.await.unwrap();
        }
        let began = Instant::now();
        assert_eq!(count(&db, "sila_counter").await, 800);
        assert!(began.elapsed() < Duration::from_millis(500));
        db.close().await;
    }
}

#[tokio::test]
async fn waiting_too_long_for_the_writer() {
    let test = TestDb::sqlite();
    let options = Options { acquire_timeout: Duration::from_millis(100), ..Options::default() };
    let db = Db::open(&test.url, &options).await.unwrap();
    let tx = db.write().await.unwrap();
    assert_eq!(db.write().await.err().unwrap().kind, FaultKind::Unavailable);
    drop(tx);
    db.write().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn notices_come_after_the_commit_to_every_node() {
    for test in [TestDb::sqlite(), TestDb::postgres().await] {
        let db = Db::open(&test.url, &Options::default()).await.unwrap();
        let other = if test.url.starts_with("postgres") {
            Db::open(&test.url, &Options::default()).await.unwrap()
        } else {
            db.clone()
        };
        let mut heard = other.subscribe();
        let mut tx = db.write().await.unwrap();
        tx.notify("party:lost");
        drop(tx);
        let mut tx = db.write().await.unwrap();
        tx.notify("party:1");
        tx.notify("party:1");
        tx.notify("طلب:٢");
        assert!(heard.try_recv().is_err());
        tx.commit().await.unwrap();
        for expected in ["party:1", "طلب:٢"] {
            let got = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
            assert_eq!(got, expected);
        }
    }
}

#[tokio::test]
async fn several_nodes_may_start_at_once() {
    let test = TestDb::postgres().await;
    let opened: Vec<_> = (0..4)
        .map(|_| {
            let url = test.url.clone();
            tokio::spawn(async move { Db::open(&url, &Options::default()).await.map(|_| ()) })
        })
        .collect();
    for o in opened {
        o.await.unwrap().unwrap();
    }
}
