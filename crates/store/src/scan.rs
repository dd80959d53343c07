//! Looking for given bytes in everything that is stored, and cleaning away what deleted rows leave in the files.

use crate::conn::Conn;
use crate::copy::{all_tables, key_of, page};
use crate::db::Db;
use crate::migrate;
use crate::sql::Dialect;
use kernel::{Cell, Fault, Outcome};
use std::path::{Path, PathBuf};

/// What is looked for: never empty. Letters A–Z are found in either case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    /// Which value this is a form of, for the report: `email`, `name (sort key)`.
    pub what: String,
    bytes: Vec<u8>,
}

impl Needle {
    /// None for bytes too few to mean anything.
    pub fn new(what: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Option<Needle> {
        let mut bytes = bytes.into();
        bytes.make_ascii_lowercase();
        (bytes.len() >= 4).then(|| Needle { what: what.into(), bytes })
    }
    fn is_in(&self, low: &[u8]) -> bool {
        let Some(first) = self.bytes.first() else { return false };
        let n = self.bytes.len();
        let mut from = 0;
        while let Some(at) = low.get(from..).and_then(|rest| rest.iter().position(|b| b == first)) {
            if low.get(from + at..from + at + n) == Some(self.bytes.as_slice()) {
                return true;
            }
            from += at + 1;
        }
        false
    }
}

/// A needle in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Table, or `files`.
    pub table: String,
    /// Column, or the path of the file.
    pub column: String,
    /// Key of the row: ids, texts and numbers joined by `/`.
    pub row: String,
    pub what: String,
}

/// What was read and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub tables: u64,
    pub rows: u64,
    pub files: u64,
    pub hits: Vec<Hit>,
}

/// Hits kept for the report; what is beyond that is clear enough.
const MOST: usize = 500;

/// Reads every row of every table in one snapshot.
///
/// # Errors
/// The database.
pub async fn database(db: &Db, needles: &[Needle]) -> Outcome<Scan> {
    let objects = migrate::stored(db).await?;
    let mut conn = crate::conn::Tx::snapshot(db).await?;
    let mut scan = Scan::default();
    for table in all_tables(&objects) {
        scan.tables += 1;
        let mut last = None;
        loop {
            let rows = page(&mut conn, &table, last.as_deref()).await?;
            let Some(end) = rows.last() else { break };
            last = Some(key_of(&table, end));
            scan.rows += rows.len() as u64;
            for row in &rows {
                for (cell, column) in row.iter().zip(table.names()) {
                    let found = |bytes: &[u8]| {
                        let low = bytes.to_ascii_lowercase();
                        needles.iter().filter(|n| n.is_in(&low)).map(|n| n.what.clone()).collect::<Vec<_>>()
                    };
                    let what = match cell {
                        Cell::Text(t) => found(t.as_bytes()),
                        Cell::Bytes(b) => found(b),
                        _ => continue,
                    };
                    for what in what.into_iter().take(MOST.saturating_sub(scan.hits.len())) {
                        let key: Vec<String> = key_of(&table, row).iter().map(shown).collect();
                        scan.hits.push(Hit { table: table.name.clone(), column: column.to_owned(), row: key.join("/"), what });
                    }
                }
            }
            if rows.len() < crate::copy::PAGE {
                break;
            }
        }
    }
    conn.rollback().await?;
    Ok(scan)
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Id(id) => id.to_string(),
        Cell::Int(n) => n.to_string(),
        Cell::Text(t) => t.clone(),
        _ => String::new(),
    }
}

/// Reads every file below a folder, whole.
///
/// # Errors
/// Internal: the disk.
pub async fn folder(dir: &Path, needles: &[Needle], scan: &mut Scan) -> Outcome<()> {
    let mut folders: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(mut entries) = tokio::fs::read_dir(&folder).await else { continue };
        while let Some(entry) = entries.next_entry().await.map_err(Fault::internal)? {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            scan.files += 1;
            let low = tokio::fs::read(&path).await.map_err(Fault::internal)?.to_ascii_lowercase();
            for needle in needles.iter().filter(|n| n.is_in(&low)) {
                let column = path.strip_prefix(dir).unwrap_or(&path).display().to_string();
                scan.hits.push(Hit { table: "files".into(), column, row: String::new(), what: needle.what.clone() });
            }
        }
    }
    Ok(())
}

/// Takes what deleted and changed rows left behind out of the database's files. Slow on a large database; others may read
/// and write meanwhile on PostgreSQL, on SQLite writers wait.
///
/// # Errors
/// The database. Unavailable: readers held the old pages of SQLite for too long; call again later.
pub async fn wipe(db: &Db) -> Outcome<()> {
    if db.dialect() == Dialect::Postgres {
        // The planner's statistics hold values too.
        return db.settle().await;
    }
    let mut conn: Conn = db.writer().await?;
    conn.unlimited();
    // Full-text indexes mark deleted words and drop them when pieces are merged.
    let mut sql = conn.sql();
    sql.push("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'");
    let tables = conn.rows(&sql, &[kernel::ColumnType::Text]).await?;
    for name in tables.iter().filter_map(|r| r.first().and_then(Cell::text)) {
        let mut sql = conn.sql();
        sql.push("INSERT INTO ").ident(name).push("(").ident(name).push(") VALUES ('optimize')").once();
        conn.exec(&sql).await?;
    }
    // Samples of indexed values, for the planner: taken anew from what is left.
    let mut sql = conn.sql();
    sql.push("SELECT COUNT(*) FROM sqlite_master WHERE name = 'sqlite_stat4'");
    if conn.int(&sql).await? == Some(1) {
        conn.command("DELETE FROM sqlite_stat4").await?;
    }
    conn.command("VACUUM").await?;
    conn.command("PRAGMA optimize=0x10002").await?;
    for wait in [50, 200, 800, 2_000] {
        let mut sql = conn.sql();
        sql.push("PRAGMA wal_checkpoint(TRUNCATE)").once();
        let busy = conn.row(&sql, &[kernel::ColumnType::Int; 3]).await?.and_then(|r| r.first().and_then(Cell::int));
        if busy == Some(0) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    }
    Err(Fault::unavailable("readers hold old pages of the database"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_found_whatever_the_case() {
        let n = Needle::new("email", "Huda@Example.com").unwrap();
        assert!(n.is_in(b"xx huhuda@example.com"));
        assert!(!n.is_in(b"huda@example.co"));
        assert!(Needle::new("x", "abc").is_none());
        let ar = Needle::new("name", "هدى").unwrap();
        assert!(ar.is_in("السيدة هدى".as_bytes()) && !ar.is_in("هد ى".as_bytes()));
    }
}
