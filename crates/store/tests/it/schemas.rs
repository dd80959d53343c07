use crate::both;
use kernel::{Cell, ColumnType, FaultKind, Field, Kind, Object, Registry, label};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use store::{Allow, Db, Dialect, Index, Schema, Table, TableColumn, desired, diff, migrate};
use uuid::Uuid;

fn everything() -> Registry {
    let mut registry = Registry::new();
    let mut object =
        Object::new("order", "base", label("طلب", "Order"), label("طلبات", "Orders")).sort("-happened,title");
    object = object.title("title").field(Field::new("title", Kind::text(), label("العنوان", "Title")).unique());
    object = object.field(Field::new("happened", Kind::DateTime, label("حدث", "Happened")));
    for (i, kind) in Kind::samples().into_iter().enumerate() {
        object = object.field(Field::new(format!("f{i}"), kind, label("حقل", "Field")).indexed());
    }
    registry.add_object(object.unique_together(&["f1", "f13"]).happened("happened").owner("f14"));
    let party = Object::new("party", "base", label("طرف", "Party"), label("أطراف", "Parties")).sort("name");
    registry.add_object(party.field(Field::new("name", Kind::Name, label("الاسم", "Name"))));
    registry
}

#[tokio::test]
async fn every_kind_becomes_columns() {
    both(|db| async move {
        let wanted = desired(&everything());
        let plan = migrate::plan(&db, &wanted).await.unwrap();
        assert!(plan.show(db.dialect()).contains("CREATE TABLE \"order\""));
        assert_eq!(plan.losing().count(), 0);
        migrate::apply(&db, &wanted, Allow::Nothing).await.unwrap();
        assert!(migrate::apply(&db, &wanted, Allow::Nothing).await.unwrap().is_empty());
        assert_eq!(migrate::stored(&db).await.unwrap(), wanted);
        for table in &wanted.tables {
            let mut names: Vec<String> = table.names().map(str::to_owned).collect();
            names.sort();
            let there: Vec<String> =
                migrate::inspect(&db, &table.name).await.unwrap().into_iter().map(|(n, _)| n).collect();
            assert_eq!(there, names);
        }
    })
    .await;
}

#[test]
fn indexes_nobody_asks_for() {
    let schema = desired(&everything());
    let order = schema.table("order").unwrap();
    let index = |columns: &[&str]| order.indexes.iter().find(|i| i.columns == columns);
    assert!(index(&["title"]).unwrap().unique && index(&["title"]).unwrap().living_only);
    assert!(index(&["f1", "f13"]).unwrap().unique);
    assert!(index(&["happened", "title_sort", "id"]).is_some());
    assert!(index(&["happened", "id"]).is_some());
    assert!(index(&["f14", "id"]).is_some());
    assert!(index(&["deleted_at", "id"]).unwrap().trash_only);
    let party = schema.table("party").unwrap();
    for column in ["name_sort", "name_lat_sort"] {
        assert!(party.indexes.iter().any(|i| i.columns == [column, "id"]), "{column}");
    }
    for t in &schema.tables {
        assert!(t.indexes.iter().all(|i| i.name.len() <= 63));
    }
}

#[test]
fn system_tables() {
    let mut out = String::new();
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        out.push_str(&format!(
            "-- {dialect:?}\n{}\n",
            diff(&Schema::default(), &store::system::tables()).show(dialect)
        ));
    }
    insta::assert_snapshot!("system_tables", out);
}

fn party(columns: &[(&str, ColumnType)]) -> Schema {
    let mut all = store::schema::system_columns();
    all.extend(columns.iter().map(|(n, ty)| TableColumn { name: (*n).into(), ty: *ty, nullable: true }));
    Schema {
        tables: vec![Table {
            name: "party".into(),
            columns: all,
            primary_key: vec!["id".into()],
            indexes: vec![],
            clustered: false,
        }],
    }
}

async fn insert(db: &Db, code: &str) {
    let mut tx = db.write().await.unwrap();
    let row = vec![Uuid::now_v7().into(), 1.into(), 1.into(), 1.into(), code.into()];
    store::insert_many(&mut tx, "party", &["id", "rev", "created_at", "updated_at", "code"], vec![row]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn nothing_is_lost_unless_told() {
    both(|db| async move {
        let full = party(&[("code", ColumnType::Text), ("mood", ColumnType::Text)]);
        migrate::apply(&db, &full, Allow::Nothing).await.unwrap();
        insert(&db, "ا").await;
        let slim = party(&[("mood", ColumnType::Text)]);
        let plan = migrate::plan(&db, &slim).await.unwrap();
        assert!(plan.show(db.dialect()).contains("-- removes data of 1 rows"));
        let fault = migrate::apply(&db, &slim, Allow::Nothing).await.unwrap_err();
        assert_eq!((fault.kind, fault.issues[0].field.as_str()), (FaultKind::Invalid, "party.code"));
        // An empty column may go.
        let kept = party(&[("code", ColumnType::Text)]);
        migrate::apply(&db, &kept, Allow::Nothing).await.unwrap();
        // Keeping means: the rest is done, the data stays.
        let grown = party(&[("size", ColumnType::Int)]);
        migrate::apply(&db, &grown, Allow::Keep).await.unwrap();
        let there = migrate::stored(&db).await.unwrap();
        assert!(there.table("party").unwrap().column("code").is_some());
        assert!(there.table("party").unwrap().column("size").is_some());
        assert!(migrate::apply(&db, &Schema::default(), Allow::Nothing).await.is_err());
        migrate::apply(&db, &Schema::default(), Allow::Loss).await.unwrap();
        assert!(migrate::inspect(&db, "party").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_change_that_fails_leaves_all_as_it_was() {
    both(|db| async move {
        let plain = party(&[("code", ColumnType::Text)]);
        migrate::apply(&db, &plain, Allow::Nothing).await.unwrap();
        insert(&db, "ا").await;
        insert(&db, "ا").await;
        let mut unique = party(&[("code", ColumnType::Text), ("size", ColumnType::Int)]);
        unique.tables[0].indexes.push(Index {
            name: "uq_party__code".into(),
            columns: vec!["code".into()],
            unique: true,
            living_only: true,
            trash_only: false,
            filled_only: false,
        });
        let fault = migrate::apply(&db, &unique, Allow::Nothing).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Invalid);
        assert_eq!((fault.issues[0].field.as_str(), fault.issues[0].key.as_str()), ("code", "value-not-unique"));
        assert_eq!(migrate::stored(&db).await.unwrap(), plain);
        assert!(!migrate::inspect(&db, "party").await.unwrap().iter().any(|(n, _)| n == "size"));
    })
    .await;
}

#[tokio::test]
async fn frozen_steps_run_once() {
    fn rename<'a>(tx: &'a mut store::Tx) -> futures::future::BoxFuture<'a, kernel::Outcome<()>> {
        Box::pin(async move {
            migrate::rename(tx, "party", Some("code"), "number").await?;
            migrate::rename(tx, "party", None, "person").await
        })
    }
    both(|db| async move {
        migrate::apply(&db, &party(&[("code", ColumnType::Text)]), Allow::Nothing).await.unwrap();
        insert(&db, "م١").await;
        let steps = [migrate::Step { module: "base", name: "code-becomes-number", work: rename }];
        assert_eq!(migrate::steps(&db, &steps, false).await.unwrap(), ["base.code-becomes-number"]);
        assert!(migrate::steps(&db, &steps, false).await.unwrap().is_empty());
        let mut wanted = party(&[("number", ColumnType::Text)]);
        wanted.tables[0].name = "person".into();
        assert!(migrate::apply(&db, &wanted, Allow::Nothing).await.unwrap().is_empty());
        let mut sql = db.sql();
        sql.push("SELECT number FROM person");
        let row = db.read().await.unwrap().row(&sql, &[ColumnType::Text]).await.unwrap();
        assert_eq!(row.unwrap(), [Cell::from("م١")]);
    })
    .await;
}

fn any_type() -> impl Strategy<Value = ColumnType> {
    prop_oneof![Just(ColumnType::Text), Just(ColumnType::Int), Just(ColumnType::Id), Just(ColumnType::Bytes)]
}

fn any_schema() -> impl Strategy<Value = Schema> {
    let columns = prop::collection::btree_map("[a-d]", (any_type(), any::<bool>()), 0..4);
    let indexes = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..3);
    let table = (columns, indexes, any::<bool>());
    prop::collection::btree_map(prop_oneof!["[t-v]", Just("order".to_owned())], table, 0..3).prop_map(|tables| Schema {
        tables: tables.into_iter().map(|(name, (columns, indexes, two))| make(name, columns, indexes, two)).collect(),
    })
}

fn make(
    name: String,
    columns: BTreeMap<String, (ColumnType, bool)>,
    indexes: Vec<(prop::sample::Index, bool)>,
    two: bool,
) -> Table {
    let mut all = store::schema::system_columns();
    all.extend(columns.into_iter().map(|(name, (ty, nullable))| TableColumn { name, ty, nullable }));
    let mut made: Vec<Index> = Vec::new();
    for (at, unique) in indexes {
        let column = all[at.index(all.len())].name.clone();
        let name = format!("ix_{name}__{column}");
        if !made.iter().any(|i| i.name == name) {
            // With the id, so that random rows cannot break it.
            made.push(Index {
                name,
                columns: vec![column, "id".into()],
                unique,
                living_only: unique,
                trash_only: false,
            filled_only: false,
            });
        }
    }
    let primary_key = if two { vec!["id".into(), "rev".into()] } else { vec!["id".into()] };
    Table { name, columns: all, primary_key, indexes: made, clustered: two }
}

#[tokio::test]
async fn any_schema_can_follow_any_other() {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let schemas: Vec<Schema> = (0..32).map(|_| any_schema().new_tree(&mut runner).unwrap().current()).collect();
    both(|db| {
        let schemas = schemas.clone();
        async move {
            for schema in &schemas {
                migrate::apply(&db, schema, Allow::Loss).await.unwrap();
                assert!(diff(&migrate::stored(&db).await.unwrap(), schema).is_empty());
                for table in &schema.tables {
                    let mut names: Vec<&str> = table.names().collect();
                    names.sort_unstable();
                    let there = migrate::inspect(&db, &table.name).await.unwrap();
                    assert_eq!(there.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), names);
                    // With a row in each, so that the next change has something to carry over.
                    let names: Vec<&str> = table.names().collect();
                    let row = table.columns.iter().map(|c| match c.ty {
                        _ if c.nullable => Cell::Null,
                        ColumnType::Text => Cell::from("ن"),
                        ColumnType::Int => Cell::Int(1),
                        ColumnType::Id => Cell::Id(Uuid::now_v7()),
                        ColumnType::Bytes => Cell::Bytes(vec![1]),
                    });
                    let row: Vec<Cell> = row.collect();
                    loop {
                        let mut tx = db.write().await.unwrap();
                        match store::insert_many(&mut tx, &table.name, &names, vec![row.clone()]).await {
                            Ok(()) => break tx.commit().await.unwrap(),
                            // Prepared before a column got another type: the second time it is right.
                            Err(fault) => assert!(store::is_retryable(&fault), "{fault}"),
                        }
                    }
                }
            }
        }
    })
    .await;
}
