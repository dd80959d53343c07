//! A whole company from one database into another: moving, backup, restore.
//!
//! The source is read in one snapshot, the target filled in one transaction and compared row by row (count and checksum)
//! before it is committed: the copy is whole or it is not there.

use crate::conn::{Conn, Tx};
use crate::db::{Db, Options};
use crate::migrate::{self, Allow};
use crate::rows::insert_many;
use crate::schema::{Schema, Table, TableColumn};
use crate::sql::{Dialect, Sql};
use crate::system;
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Rows read and written at once.
pub(crate) const PAGE: usize = 500;

/// How far a copy is. `table` is the table in work, `rows` counts its rows that were copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    pub table: &'a str,
    /// Of `tables`, this one included.
    pub number: usize,
    pub tables: usize,
    pub rows: u64,
}

/// What was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Rows of each table.
    pub tables: Vec<(String, u64)>,
}

impl Copied {
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, n)| n).sum()
    }
}

/// Copies everything from one database into another, empty one.
///
/// # Errors
/// Invalid with `database-not-empty` when the target has data; internal when a table did not arrive as it left (nothing is kept then).
pub async fn move_all(from: &Db, to: &Db, mut progress: impl FnMut(&Progress<'_>) + Send) -> Outcome<Copied> {
    let objects = migrate::stored(from).await?;
    refuse_data(to).await?;
    migrate::apply(to, &objects, Allow::Nothing).await?;

    let mut source = Tx::snapshot(from).await?;
    let mut target = to.write().await?;
    target.unlimited();
    if target.dialect() == Dialect::Postgres {
        target.command("SET LOCAL statement_timeout = 0").await?;
        target.command("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    }
    let tables = all_tables(&objects);
    let mut copied = Copied::default();
    for (i, table) in tables.iter().enumerate() {
        let mut at = Progress { table: &table.name, number: i + 1, tables: tables.len(), rows: 0 };
        progress(&at);
        let left = copy_table(&mut source, &mut target, table, |rows| {
            at.rows = rows;
            progress(&at);
        })
        .await?;
        let arrived = sum(&mut target, table).await?;
        if left != arrived {
            return Err(Fault::internal(format!("{} did not arrive: {left:?} left, {arrived:?} came", table.name)));
        }
        copied.tables.push((table.name.clone(), left.rows));
    }
    source.rollback().await?;
    if target.dialect() == Dialect::Postgres {
        let sql = "SELECT setval(pg_get_serial_sequence('sila_search', 'doc'), COALESCE((SELECT MAX(doc) FROM sila_search), 0) + 1, false)";
        target.int(&Sql::of(Dialect::Postgres, sql)).await?;
    }
    for object in &objects.tables {
        crate::search::refill(&mut target, &object.name).await?;
    }
    target.commit().await?;
    to.settle().await?;
    Ok(copied)
}

/// A consistent copy in one SQLite file, made while the program runs.
///
/// # Errors
/// Invalid with `file-exists` when there is such a file already.
pub async fn backup(db: &Db, file: &Path, progress: impl FnMut(&Progress<'_>) + Send) -> Outcome<()> {
    if file.exists() {
        return Err(Fault::issue(Issue::new("file", "file-exists").arg("name", file.display())));
    }
    if let Some(folder) = file.parent().filter(|p| !p.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder).await.map_err(Fault::internal)?;
    }
    // Under another name until it is whole.
    let mut draft = file.as_os_str().to_owned();
    draft.push(".part");
    let draft = Path::new(&draft);
    remove_database(draft).await;
    match db.dialect() {
        Dialect::Sqlite => {
            let mut conn = db.read().await?;
            conn.unlimited();
            let mut sql = conn.sql();
            sql.push("VACUUM INTO ").bind(draft.to_string_lossy().into_owned()).once();
            conn.exec(&sql).await?;
        }
        Dialect::Postgres => {
            let copy = Db::open(&format!("sqlite://{}", draft.display()), &small()).await?;
            let moved = move_all(db, &copy, progress).await;
            if moved.is_ok() {
                // The write-ahead log goes into the file, so that it is one file.
                copy.writer().await?.command("PRAGMA wal_checkpoint(TRUNCATE)").await?;
            }
            copy.close().await;
            if let Err(fault) = moved {
                remove_database(draft).await;
                return Err(fault);
            }
        }
    }
    tokio::fs::rename(draft, file).await.map_err(Fault::internal)
}

/// Puts a backup into an empty database. The backup itself is not changed.
///
/// # Errors
/// Not found: no such file; invalid when it is no backup or the target has data.
pub async fn restore(file: &Path, to: &Db, progress: impl FnMut(&Progress<'_>) + Send) -> Outcome<Copied> {
    if !file.is_file() {
        return Err(Fault::not_found());
    }
    refuse_data(to).await?;
    // A backup of an older version is brought up to date when opened: on a copy.
    let folder = std::env::temp_dir().join(format!("sila-restore-{}", uuid::Uuid::new_v4().simple()));
    tokio::fs::create_dir_all(&folder).await.map_err(Fault::internal)?;
    let copy = folder.join("restore.db");
    let done = async {
        tokio::fs::copy(file, &copy).await.map_err(Fault::internal)?;
        let source = Db::open(&format!("sqlite://{}", copy.display()), &small())
            .await
            .map_err(|f| Fault { detail: f.detail, ..Fault::invalid("file", "not-a-backup") })?;
        let copied = move_all(&source, to, progress).await;
        source.close().await;
        copied
    }
    .await;
    if let Err(error) = tokio::fs::remove_dir_all(&folder).await {
        tracing::warn!(%error, folder = %folder.display(), "temporary folder stays");
    }
    done
}

fn small() -> Options {
    Options { readers: 2, ..Options::default() }
}

async fn remove_database(file: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        // Usually it is not there.
        let _ = tokio::fs::remove_file(name).await;
    }
}

/// System tables, the search documents, then the objects'.
pub(crate) fn all_tables(objects: &Schema) -> Vec<Table> {
    let column = |name: &str, ty| TableColumn { name: name.into(), ty, nullable: false };
    let search = Table {
        name: "sila_search".into(),
        columns: vec![
            column("doc", ColumnType::Int),
            column("object", ColumnType::Text),
            column("record_id", ColumnType::Id),
            column("title", ColumnType::Text),
            column("text", ColumnType::Text),
            column("at", ColumnType::Int),
        ],
        primary_key: vec!["doc".into()],
        indexes: Vec::new(),
        clustered: false,
    };
    system::tables().tables.into_iter().chain([search]).chain(objects.tables.iter().cloned()).collect()
}

async fn refuse_data(to: &Db) -> Outcome<()> {
    let objects = migrate::stored(to).await?;
    let mut conn = to.read().await?;
    for table in all_tables(&objects).iter().filter(|t| t.name != "sila_meta") {
        let mut sql = conn.sql();
        sql.push("SELECT 1 FROM ").ident(&table.name).push(" LIMIT 1").once();
        if conn.int(&sql).await?.is_some() {
            return Err(Fault::issue(Issue::new("database", "database-not-empty").arg("name", &table.name)));
        }
    }
    Ok(())
}

/// How many rows, and the sum of their hashes: equal whatever the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    rows: u64,
    hash: u64,
}

impl Sum {
    fn add(&mut self, rows: &[Vec<Cell>]) {
        for row in rows {
            let mut hasher = DefaultHasher::new();
            row.hash(&mut hasher);
            self.hash = self.hash.wrapping_add(hasher.finish());
            self.rows += 1;
        }
    }
}

async fn copy_table(
    source: &mut Conn,
    target: &mut Tx,
    table: &Table,
    mut told: impl FnMut(u64) + Send,
) -> Outcome<Sum> {
    let names: Vec<&str> = table.names().collect();
    let mut sum = Sum::default();
    let mut last = None;
    loop {
        let rows = page(source, table, last.as_deref()).await?;
        let Some(end) = rows.last() else { break };
        let more = rows.len() == PAGE;
        last = Some(key_of(table, end));
        sum.add(&rows);
        insert_many(target, &table.name, &names, rows).await?;
        told(sum.rows);
        if !more {
            break;
        }
    }
    Ok(sum)
}

async fn sum(conn: &mut Conn, table: &Table) -> Outcome<Sum> {
    let mut sum = Sum::default();
    let mut last = None;
    loop {
        let rows = page(conn, table, last.as_deref()).await?;
        let Some(end) = rows.last() else { break };
        last = Some(key_of(table, end));
        sum.add(&rows);
        if rows.len() < PAGE {
            break;
        }
    }
    Ok(sum)
}

pub(crate) fn key_of(table: &Table, row: &[Cell]) -> Vec<Cell> {
    let at = |key: &String| table.columns.iter().position(|c| &c.name == key);
    table.primary_key.iter().filter_map(|k| at(k).and_then(|i| row.get(i)).cloned()).collect()
}

/// The next rows in the order of the primary key.
pub(crate) async fn page(conn: &mut Conn, table: &Table, after: Option<&[Cell]>) -> Outcome<Vec<Vec<Cell>>> {
    let key = || table.primary_key.iter().map(String::as_str);
    let mut sql = conn.sql();
    sql.push("SELECT ").idents(table.names()).push(" FROM ").ident(&table.name).push(" WHERE ");
    // Each database keeps its own note of how its tables lie.
    sql.push(if table.name == "sila_meta" { "key NOT LIKE 'schema%'" } else { "1 = 1" });
    if let Some(after) = after {
        sql.push(" AND (").idents(key()).push(") > ").bind_list(after.iter().cloned());
    }
    sql.push(" ORDER BY ").idents(key()).push(&format!(" LIMIT {PAGE}"));
    conn.rows(&sql, &table.types()).await
}
