use crate::both;
use kernel::{ColumnType, Object, Registry, label};
use store::search::{Doc, Query, matching, put_many, remove_many};
use store::{Allow, Db, Tx, desired};
use uuid::Uuid;

async fn prepared(db: &Db) {
    let mut registry = Registry::new();
    for key in ["party", "order"] {
        let l = label("طرف", "Party");
        registry.add_object(Object::new(key, "base", l.clone(), l).field(kernel::Field::new(
            "name",
            kernel::Kind::Name,
            label("الاسم", "Name"),
        )));
    }
    store::migrate::apply(db, &desired(&registry), Allow::Nothing).await.unwrap();
}

fn doc(n: u128, title: &str, body: &str) -> Doc {
    Doc {
        object: "party".into(),
        record_id: Uuid::from_u128(n),
        title: text::search::document(&[title]),
        body: text::search::document(&[body]),
        keys: text::search::name_keys(title),
        at: n as i64,
    }
}

/// Hits in order, as numbers.
async fn hits(db: &Db, object: &str, typed: &str, title_only: bool) -> Vec<u128> {
    let mut conn = db.read().await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT found.record_id FROM (");
    matching(&mut sql, object, &Query::parse(typed), title_only, None).unwrap();
    sql.push(") found ORDER BY found.rank, found.at DESC, found.record_id");
    let rows = conn.rows(&sql, &[ColumnType::Id]).await.unwrap();
    rows.iter().map(|r| r[0].id().unwrap().as_u128()).collect()
}

async fn put(db: &Db, docs: &[Doc]) {
    let mut tx: Tx = db.write().await.unwrap();
    put_many(&mut tx, docs).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn spellings_find_each_other_in_the_same_order_on_both() {
    both(|db| async move {
        prepared(&db).await;
        put(
            &db,
            &[
                doc(1, "أحمد السالم", "جملة"),
                doc(2, "مكتبة الرياض", "قرطاسية"),
                doc(3, "قائمة عملاء", ""),
                doc(4, "شركة العملاء والعملاء", ""),
                doc(5, "مؤسسة النور", "هاتف 0501234567"),
                doc(6, "محمد القحطاني", ""),
                doc(7, "متجر", "يطلب محمد منه كثيرا"),
                doc(8, "محمد", ""),
                doc(9, "احمد", "050"),
            ],
        )
        .await;
        for (typed, expected) in [
            ("احمد", vec![9, 1]),
            ("أحمد", vec![9, 1]),
            ("مكتبه", vec![2]),
            ("عملاء", vec![3, 4]),
            ("العملاء", vec![4, 3]),
            ("والعملاء", vec![3, 4]),
            ("٠٥٠", vec![9, 5]),
            ("050", vec![9, 5]),
            // The name itself by sound; a body never sounds alike.
            ("Mohammed", vec![8, 6]),
            ("Muhammad", vec![8, 6]),
            // Title itself, beginning, elsewhere.
            ("محمد", vec![8, 6, 7]),
            ("محمد القحطاني", vec![6]),
            ("القحطاني محمد", vec![6]),
            ("محمد الرياض", vec![]),
            // Short: beginnings of words in titles.
            ("مح", vec![8, 6]),
            ("م", vec![8, 7, 6, 5, 2]),
            ("ر", vec![]),
            ("شركة ا", vec![4]),
            ("؟!", vec![]),
            ("' OR 1=1 --", vec![]),
            ("\" AND \"", vec![]),
            ("%%%", vec![]),
        ] {
            let found = hits(&db, "party", typed, false).await;
            match typed {
                // Ranks of word beginnings are equal here: only the set matters.
                "عملاء" | "العملاء" | "والعملاء" => {
                    let mut sorted = found.clone();
                    sorted.sort_unstable();
                    assert_eq!(sorted, [3, 4], "{typed}");
                }
                _ => assert_eq!(found, expected, "{typed} on {:?}", db.dialect()),
            }
        }
        assert_eq!(hits(&db, "party", "محمد", true).await, [8, 6]);
        assert_eq!(hits(&db, "party", "050", true).await, Vec::<u128>::new());
        assert_eq!(hits(&db, "order", "محمد", false).await, Vec::<u128>::new());
    })
    .await;
}

#[tokio::test]
async fn the_order_of_hits_is_equal_on_both() {
    let typed = ["محمد", "العملاء", "شركة", "نور", "ال", "Mohammed", "050", "a", "co"];
    let mut answers = Vec::new();
    for test in [testdb::TestDb::sqlite(), testdb::TestDb::postgres().await] {
        let db = Db::open(&test.url, &store::Options::default()).await.unwrap();
        prepared(&db).await;
        let firsts = ["محمد", "أحمد", "شركة النور", "العملاء", "Company", "Noor Co", "مؤسسة", "Mohamed"];
        let seconds = ["التجارية", "القحطاني", "0501", "والعملاء", "Ali", "الرياض", "للعملاء"];
        let docs: Vec<Doc> = (0..1_200_u128)
            .map(|n| {
                let (a, b) = (firsts[n as usize % 8], seconds[n as usize % 7]);
                doc(n + 1, &format!("{a} {b} {n}"), seconds[(n as usize / 7) % 7])
            })
            .collect();
        put(&db, &docs).await;
        let mut found = Vec::new();
        for t in typed {
            found.push(hits(&db, "party", t, false).await);
        }
        answers.push(found);
        db.close().await;
    }
    for (i, t) in typed.iter().enumerate() {
        assert!(!answers[0][i].is_empty(), "{t}");
        assert_eq!(answers[0][i], answers[1][i], "{t}");
    }
}

#[tokio::test]
async fn changed_and_removed_records() {
    both(|db| async move {
        prepared(&db).await;
        put(&db, &[doc(1, "سالم", ""), doc(2, "سالمة", "")]).await;
        put(&db, &[doc(2, "فاطمة", ""), doc(3, "سالم العلي", "")]).await;
        assert_eq!(hits(&db, "party", "سالم", false).await, [1, 3]);
        assert_eq!(hits(&db, "party", "فاطمه", false).await, [2]);
        let mut tx = db.write().await.unwrap();
        remove_many(&mut tx, "party", &[Uuid::from_u128(1), Uuid::from_u128(99)]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(hits(&db, "party", "سالم", false).await, [3]);
        // A change that was rolled back is not found.
        let mut tx = db.write().await.unwrap();
        put_many(&mut tx, &[doc(5, "سالم الراجحي", "")]).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(hits(&db, "party", "سالم", false).await, [3]);
    })
    .await;
}
