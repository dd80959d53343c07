//! A large company made of a small one: copies of what the program has written, with ids and numbers of their own,
//! beside their search rows, time lines, audit and events. SQLite only; a PostgreSQL company is copied from it.

use crate::Done;
use kernel::{Cell, ColumnType};
use store::{Db, Sql, Tx};

/// A table, the columns with ids that belong to the copied records, and texts that have to stay unique.
struct Copied {
    table: &'static str,
    ids: &'static [&'static str],
    numbers: &'static [&'static str],
    /// What tells an original: an id that begins the table's key.
    key: &'static str,
    /// Rows of these objects; all where there is no such column.
    of_objects: bool,
}

const TABLES: [Copied; 12] = [
    Copied { table: "party", ids: &["id"], numbers: &["code"], key: "id", of_objects: false },
    Copied { table: "party_phone", ids: &["id", "party"], numbers: &[], key: "id", of_objects: false },
    Copied { table: "party_email", ids: &["id", "party"], numbers: &[], key: "id", of_objects: false },
    Copied { table: "party_address", ids: &["id", "party"], numbers: &[], key: "id", of_objects: false },
    Copied { table: "stage_change", ids: &["id", "party"], numbers: &[], key: "id", of_objects: false },
    Copied { table: "sila_match_key", ids: &["record_id"], numbers: &[], key: "record_id", of_objects: false },
    Copied { table: "order", ids: &["id", "party"], numbers: &["number"], key: "id", of_objects: false },
    Copied { table: "order_line", ids: &["id", "order"], numbers: &[], key: "id", of_objects: false },
    Copied { table: "sila_search", ids: &["record_id"], numbers: &[], key: "record_id", of_objects: true },
    Copied { table: "sila_timeline", ids: &["anchor", "id", "record_id"], numbers: &[], key: "anchor", of_objects: true },
    Copied { table: "sila_audit", ids: &["record_id", "id"], numbers: &[], key: "record_id", of_objects: true },
    Copied { table: "sila_event", ids: &["id", "record_id"], numbers: &[], key: "record_id", of_objects: true },
];
const OBJECTS: [&str; 7] = ["party", "party_phone", "party_email", "party_address", "stage_change", "order", "order_line"];

/// Makes the company `times` as large as it is.
pub async fn multiply(db: &Db, times: u8) -> Done {
    for n in 1..times {
        let mut tx = db.write().await?;
        let before = int(&mut tx, "SELECT MAX(doc) FROM sila_search").await?;
        for copied in &TABLES {
            copy(&mut tx, copied, n).await?;
        }
        for (object, column) in OBJECTS.iter().flat_map(|o| [(*o, "title"), (*o, "text")]) {
            let index = store::schema::index_name("sila_fts", object, &[column]);
            if int(&mut tx, &format!("SELECT COUNT(*) FROM sqlite_master WHERE name = '{index}'")).await? == 0 {
                continue;
            }
            let mut sql = tx.sql();
            sql.push("INSERT INTO ").ident(&index).push(" (rowid, words) SELECT doc, ").push(column);
            sql.push(" FROM sila_search WHERE object = ").bind(object).push(" AND doc > ").bind(before).push(" ORDER BY doc");
            tx.exec(&sql).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn int(tx: &mut Tx, text: &str) -> Done<i64> {
    let sql = Sql::of(tx.dialect(), text);
    Ok(tx.int(&sql).await?.unwrap_or_default())
}

async fn copy(tx: &mut Tx, copied: &Copied, n: u8) -> Done {
    let mut sql = tx.sql();
    sql.push("SELECT name FROM pragma_table_info(").bind(copied.table).push(")");
    let rows = tx.rows(&sql, &[ColumnType::Text]).await?;
    let columns: Vec<&str> = rows.iter().filter_map(|r| r.first().and_then(Cell::text)).filter(|c| *c != "doc").collect();
    let mut sql = tx.sql();
    sql.push("INSERT INTO ").ident(copied.table).push(" (").idents(columns.iter().copied()).push(") SELECT ");
    for (i, column) in columns.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " });
        if copied.ids.contains(column) {
            // The first byte of a time-ordered id is 1 for a few hundred years: copies come after all originals.
            sql.push("CAST(").bind(Cell::Bytes(vec![n + 1])).push(" || substr(").ident(column).push(", 2) AS BLOB)");
        } else if copied.numbers.contains(column) {
            sql.ident(column).push(&format!(" || '-{n}'"));
        } else {
            sql.ident(column);
        }
    }
    sql.push(" FROM ").ident(copied.table).push(" WHERE ").ident(copied.key).push(" < ").bind(Cell::Bytes(vec![2]));
    if copied.of_objects {
        sql.push(" AND object IN ").bind_list(OBJECTS.iter().map(|o| Cell::from(*o)));
    }
    sql.once();
    tx.exec(&sql).await?;
    Ok(())
}
