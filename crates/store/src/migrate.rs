//! Brings a database to a schema: system tables at start, object tables from the registry, frozen steps of modules.

use crate::conn::Tx;
use crate::db::Db;
use crate::fault::is_lock_timeout;
use crate::plan::{Change, Plan, diff};
use crate::schema::Schema;
use crate::sql::{Dialect, Sql};
use crate::system;
use kernel::{ColumnType, Fault, FaultKind, Issue, Outcome};
use std::time::Duration;

/// Lock number of schema changes on PostgreSQL ("sila" as a number).
const LOCK: i64 = 0x7369_6c61;
/// How often a change that waits behind a long read tries again.
const TRIES: u32 = 10;

const OBJECTS: &str = "schema";
const SYSTEM: &str = "schema_system";

/// What may be lost by a schema change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allow {
    /// Refuse the whole change when any step would remove data.
    Nothing,
    /// Leave what would lose data as it is and do the rest.
    Keep,
    /// Do everything.
    Loss,
}

impl Allow {
    pub fn none() -> Self {
        Allow::Nothing
    }
}

/// The steps [`apply`] would take now, with the number of rows whose data would go.
pub async fn plan(db: &Db, wanted: &Schema) -> Outcome<Plan> {
    let mut conn = db.read().await?;
    let stored = read_snapshot(&mut conn, OBJECTS).await?;
    let mut plan = diff(&stored, wanted);
    count(&mut conn, &mut plan).await?;
    Ok(plan)
}

/// The schema of the object tables as they are.
pub async fn stored(db: &Db) -> Outcome<Schema> {
    let mut conn = db.read().await?;
    read_snapshot(&mut conn, OBJECTS).await
}

/// Brings the object tables to `wanted` in one transaction; returns what was done.
///
/// # Errors
/// Invalid with `schema-would-lose` for each step that would remove data under [`Allow::Nothing`]; invalid with
/// `value-not-unique` when rows break a new unique index; unavailable when readers held the tables for too long.
pub async fn apply(db: &Db, wanted: &Schema, allow: Allow) -> Outcome<Plan> {
    change(db, wanted, allow, OBJECTS).await
}

/// The system tables, at each start. Costs one read when there is nothing to do.
pub(crate) async fn system(db: &Db) -> Outcome<()> {
    let wanted = system::tables();
    let mut conn = db.writer().await?;
    if has_meta(&mut conn).await? && read_snapshot(&mut conn, SYSTEM).await? == wanted {
        return Ok(());
    }
    drop(conn);
    change(db, &wanted, Allow::Nothing, SYSTEM).await.map(|_| ())
}

async fn change(db: &Db, wanted: &Schema, allow: Allow, key: &str) -> Outcome<Plan> {
    let mut pause = Duration::from_millis(50);
    for _ in 1..TRIES {
        match try_change(db, wanted, allow, key).await {
            Err(fault) if is_lock_timeout(&fault) || crate::is_retryable(&fault) => {
                tracing::info!(%fault, "schema change waits for running statements");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(3));
            }
            done => return done,
        }
    }
    try_change(db, wanted, allow, key).await
}

async fn try_change(db: &Db, wanted: &Schema, allow: Allow, key: &str) -> Outcome<Plan> {
    let mut tx = db.write().await?;
    lock(&mut tx).await?;
    if key == SYSTEM && !has_meta(&mut tx).await? {
        for table in system::tables().tables.iter().filter(|t| t.name == "sila_meta") {
            let ddl = crate::schema::create_table(tx.dialect(), table, &table.name);
            tx.command(&ddl).await?;
        }
    }
    let mut stored = read_snapshot(&mut tx, key).await?;
    if key == SYSTEM && stored.tables.is_empty() {
        stored.tables.extend(wanted.table("sila_meta").cloned());
    }
    let mut plan = diff(&stored, wanted);
    let mut reached = wanted.clone();
    if !plan.is_empty() {
        count(&mut tx, &mut plan).await?;
        match allow {
            Allow::Loss => {}
            Allow::Nothing => {
                let issues = plan.losing().map(|s| {
                    Issue::new(s.target(), "schema-would-lose")
                        .arg("name", s.target())
                        .arg("rows", s.rows.unwrap_or_default())
                });
                Fault::check(issues.collect())?;
            }
            Allow::Keep => {
                keep(&stored, &mut reached, &plan);
                plan = diff(&stored, &reached);
            }
        }
        for step in &plan.steps {
            for sql in step.change.ddl(tx.dialect()) {
                tx.command(&sql).await?;
            }
        }
    }
    if key == SYSTEM {
        crate::search::prepare(&mut tx).await?;
    } else {
        crate::search::follow(&mut tx, &stored, &reached).await?;
    }
    if reached != stored || key == SYSTEM {
        write_snapshot(&mut tx, key, &reached).await?;
    }
    if plan.is_empty() {
        tx.commit().await?;
    } else {
        tx.notify(crate::db::SCHEMA_CHANGED);
        tx.commit().await?;
        db.schema_changed();
    }
    Ok(plan)
}

/// Puts back into `reached` what the losing steps of `plan` would remove.
fn keep(stored: &Schema, reached: &mut Schema, plan: &Plan) {
    for step in plan.losing() {
        let (table, column) = match &step.change {
            Change::DropTable { table } => (table, None),
            Change::Rebuild { from, .. } => (&from.name, None),
            Change::DropColumn { table, column } => (table, Some(column)),
            _ => continue,
        };
        let Some(old) = stored.table(table) else { continue };
        match (reached.tables.iter_mut().find(|t| &t.name == table), column) {
            (Some(new), Some(column)) => new.columns.extend(old.column(column).cloned()),
            (Some(new), None) => *new = old.clone(),
            (None, _) => reached.tables.push(old.clone()),
        }
    }
    reached.tables.sort_by(|a, b| a.name.cmp(&b.name));
}

/// Only one node changes the schema at a time (SQLite: the writer is alone anyway), and no change waits long for a reader.
async fn lock(tx: &mut Tx) -> Outcome<()> {
    tx.unlimited();
    if tx.dialect() == Dialect::Postgres {
        let mut sql = tx.sql();
        sql.push("SELECT 1 FROM (SELECT pg_advisory_xact_lock(").bind(LOCK).push(")) AS t");
        tx.int(&sql).await?;
        tx.command("SET LOCAL lock_timeout = '3s'").await?;
        tx.command("SET LOCAL statement_timeout = 0").await?;
    }
    Ok(())
}

/// Fills in how many rows hold data that a destructive step would remove.
async fn count(conn: &mut crate::conn::Conn, plan: &mut Plan) -> Outcome<()> {
    for step in plan.steps.iter_mut().filter(|s| s.destructive) {
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM ");
        match &step.change {
            Change::DropTable { table } => {
                sql.ident(table);
            }
            Change::Rebuild { from, .. } => {
                sql.ident(&from.name);
            }
            Change::DropColumn { table, column } => {
                sql.ident(table).push(" WHERE ").ident(column).push(" IS NOT NULL");
            }
            _ => continue,
        }
        sql.once();
        step.rows = conn.int(&sql).await?.and_then(|n| u64::try_from(n).ok());
    }
    Ok(())
}

async fn has_meta(conn: &mut crate::conn::Conn) -> Outcome<bool> {
    let sql = Sql::of(
        conn.dialect(),
        match conn.dialect() {
            Dialect::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'sila_meta'",
            Dialect::Postgres => {
                "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'sila_meta'"
            }
        },
    );
    Ok(conn.int(&sql).await?.unwrap_or_default() > 0)
}

async fn read_snapshot(conn: &mut crate::conn::Conn, key: &str) -> Outcome<Schema> {
    match meta(conn, key).await? {
        None => Ok(Schema::default()),
        Some(json) => {
            serde_json::from_str(&json).map_err(|e| Fault::internal(format!("the stored schema cannot be read: {e}")))
        }
    }
}

async fn write_snapshot(tx: &mut Tx, key: &str, schema: &Schema) -> Outcome<()> {
    let json = serde_json::to_string(schema).map_err(Fault::internal)?;
    set_meta(tx, key, &json).await
}

/// A value of `sila_meta`.
pub async fn meta(conn: &mut crate::conn::Conn, key: &str) -> Outcome<Option<String>> {
    let mut sql = conn.sql();
    sql.push("SELECT value FROM sila_meta WHERE key = ").bind(key);
    conn.text(&sql).await
}

pub async fn set_meta(tx: &mut Tx, key: &str, value: &str) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("INSERT INTO sila_meta (key, value) VALUES (").bind(key).push(", ").bind(value);
    sql.push(") ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    tx.exec(&sql).await.map(|_| ())
}

/// What a step does; boxed because steps of different modules stand in one list.
pub type Work = for<'a> fn(&'a mut Tx) -> futures::future::BoxFuture<'a, Outcome<()>>;

/// A change that no comparison can guess (renaming, splitting, filling in): run once per database, never edited afterwards,
/// and written without today's constants.
pub struct Step {
    pub module: &'static str,
    pub name: &'static str,
    pub work: Work,
}

/// Runs the steps that this database has not seen, in order, each in its own transaction. A new database has nothing to change: with
/// `fresh` they are only written down. The names of those that ran.
///
/// A step that renames tables or columns must also rename them in the stored schema with [`rename`].
pub async fn steps(db: &Db, steps: &[Step], fresh: bool) -> Outcome<Vec<String>> {
    let mut ran = Vec::new();
    for step in steps {
        let mut tx = db.write().await?;
        lock(&mut tx).await?;
        let mut sql = tx.sql();
        sql.push("SELECT COUNT(*) FROM sila_step WHERE module = ").bind(step.module);
        sql.push(" AND name = ").bind(step.name);
        if tx.int(&sql).await?.unwrap_or_default() > 0 {
            tx.rollback().await?;
            continue;
        }
        if !fresh {
            (step.work)(&mut tx).await?;
            ran.push(format!("{}.{}", step.module, step.name));
        }
        let mut sql = tx.sql();
        sql.push("INSERT INTO sila_step (module, name, at) VALUES (").bind(step.module).push(", ");
        sql.bind(step.name).push(", ").bind(crate::now()).push(")");
        tx.exec(&sql).await?;
        tx.commit().await?;
    }
    Ok(ran)
}

/// Renames a table (`column` none) or one of its columns, in the database and in the stored schema. Indexes named after the old
/// name are made anew by the next [`apply`].
pub async fn rename(tx: &mut Tx, table: &str, column: Option<&str>, to: &str) -> Outcome<()> {
    let mut schema = read_snapshot(tx, OBJECTS).await?;
    let Some(found) = schema.tables.iter_mut().find(|t| t.name == table) else {
        return Err(Fault::new(FaultKind::NotFound));
    };
    let mut sql = tx.sql();
    sql.push("ALTER TABLE ").ident(table);
    if let Some(column) = column {
        sql.push(" RENAME COLUMN ").ident(column).push(" TO ").ident(to);
        for c in found.columns.iter_mut().filter(|c| c.name == column) {
            to.clone_into(&mut c.name);
        }
        for name in found
            .indexes
            .iter_mut()
            .flat_map(|i| i.columns.iter_mut())
            .chain(found.primary_key.iter_mut())
            .filter(|n| n.as_str() == column)
        {
            to.clone_into(name);
        }
    } else {
        sql.push(" RENAME TO ").ident(to);
        to.clone_into(&mut found.name);
    }
    sql.once();
    tx.exec(&sql).await?;
    if column.is_none() {
        crate::search::rename_object(tx, table, to).await?;
    }
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    write_snapshot(tx, OBJECTS, &schema).await
}

/// The column types of a table as the database itself reports them: for tests and `doctor`.
pub async fn inspect(db: &Db, table: &str) -> Outcome<Vec<(String, String)>> {
    let mut conn = db.read().await?;
    let mut sql = conn.sql();
    match conn.dialect() {
        Dialect::Sqlite => sql.push("SELECT name, type FROM pragma_table_info(").bind(table).push(") ORDER BY name"),
        Dialect::Postgres => sql
            .push("SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ")
            .bind(table)
            .push(" ORDER BY column_name::text COLLATE \"C\""),
    };
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Text]).await?;
    let text = |c: Option<&kernel::Cell>| c.and_then(kernel::Cell::text).unwrap_or_default().to_owned();
    Ok(rows.iter().map(|r| (text(r.first()), text(r.get(1)))).collect())
}
