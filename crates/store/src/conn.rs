//! Connections and transactions: the one place that runs SQL.

use crate::db::Db;
use crate::fault::from_sqlx;
use crate::sql::{Dialect, Sql};
use crate::sqlite::Lease;
use futures::TryStreamExt;
use kernel::{Cell, ColumnType, Fault, FaultKind, Outcome};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow, PgTypeInfo};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Connection, Executor, Postgres, Row, Sqlite, TypeInfo, ValueRef};
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A database connection in use. From [`Db::read`] it can only read.
pub struct Conn {
    link: Link,
    /// Per statement; none: as long as it takes.
    timeout: Option<Duration>,
    slow: Duration,
    /// A statement was sent and its end not yet seen.
    running: bool,
    /// The database gave the transaction up (or asks for a savepoint); nothing may be committed.
    failed: bool,
    in_transaction: bool,
}

enum Link {
    Sqlite(Lease),
    Postgres(PoolConnection<Postgres>),
    /// Given to the task that ends an abandoned transaction.
    Gone,
}

impl Conn {
    pub(crate) fn sqlite(lease: Lease, timeout: Duration, slow: Duration) -> Self {
        Conn {
            link: Link::Sqlite(lease),
            timeout: Some(timeout),
            slow,
            running: false,
            failed: false,
            in_transaction: false,
        }
    }
    pub(crate) fn postgres(conn: PoolConnection<Postgres>, timeout: Duration, slow: Duration) -> Self {
        Conn {
            link: Link::Postgres(conn),
            timeout: Some(timeout),
            slow,
            running: false,
            failed: false,
            in_transaction: false,
        }
    }

    pub fn dialect(&self) -> Dialect {
        if matches!(self.link, Link::Sqlite(_)) { Dialect::Sqlite } else { Dialect::Postgres }
    }
    pub fn sql(&self) -> Sql {
        Sql::new(self.dialect())
    }

    /// All rows, one cell for each of `types` (which must be as many as the selected columns).
    ///
    /// # Errors
    /// Unavailable when the database is busy, lost or slower than the limit; invalid for a value that must be unique; else internal.
    pub async fn rows(&mut self, sql: &Sql, types: &[ColumnType]) -> Outcome<Vec<Vec<Cell>>> {
        self.run(sql, Some(types)).await.map(|(rows, _)| rows)
    }

    /// The first row.
    pub async fn row(&mut self, sql: &Sql, types: &[ColumnType]) -> Outcome<Option<Vec<Cell>>> {
        Ok(self.rows(sql, types).await?.into_iter().next())
    }

    /// The first row's only number; none when there is no row or it is null.
    pub async fn int(&mut self, sql: &Sql) -> Outcome<Option<i64>> {
        Ok(self.row(sql, &[ColumnType::Int]).await?.and_then(|r| r.first().and_then(Cell::int)))
    }

    /// The first row's only text.
    pub async fn text(&mut self, sql: &Sql) -> Outcome<Option<String>> {
        Ok(self.row(sql, &[ColumnType::Text]).await?.and_then(|mut r| match r.pop() {
            Some(Cell::Text(t)) => Some(t),
            _ => None,
        }))
    }

    /// About how many rows a table has, at no cost: what was once written, on SQLite; the last statistics on PostgreSQL.
    pub async fn about(&mut self, table: &str) -> Outcome<i64> {
        let mut sql = self.sql();
        match self.dialect() {
            Dialect::Sqlite => sql.push("SELECT MAX(rowid) FROM ").ident(table),
            Dialect::Postgres => sql.push("SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = to_regclass(").bind(format!("\"{}\"", table.replace('"', "\"\""))).push(")"),
        };
        Ok(self.int(&sql).await?.unwrap_or_default().max(0))
    }

    /// Runs a statement; the number of rows it changed.
    pub async fn exec(&mut self, sql: &Sql) -> Outcome<u64> {
        self.run(sql, None).await.map(|(_, changed)| changed)
    }

    /// A statement without arguments that will not come again (DDL, PRAGMA, SET).
    pub(crate) async fn command(&mut self, text: &str) -> Outcome<u64> {
        let mut sql = self.sql();
        sql.push(text).once();
        self.exec(&sql).await
    }

    /// Lifts the time limit for the rest of this connection's use: schema changes, copies.
    pub(crate) fn unlimited(&mut self) {
        self.timeout = None;
    }

    /// Once more when another node (or this one) has changed a column's type since the statement was prepared. In a transaction
    /// the caller sees a fault that asks for the whole transaction again.
    async fn run(&mut self, sql: &Sql, types: Option<&[ColumnType]>) -> Outcome<(Vec<Vec<Cell>>, u64)> {
        let result = self.run_once(sql, types).await;
        if let Err(fault) = &result
            && crate::fault::is_stale(fault)
            && let Link::Postgres(conn) = &mut self.link
        {
            conn.clear_cached_statements().await.map_err(|e| from_sqlx(&e, sql.text()))?;
            if !self.in_transaction {
                return self.run_once(sql, types).await;
            }
        }
        result
    }

    async fn run_once(&mut self, sql: &Sql, types: Option<&[ColumnType]>) -> Outcome<(Vec<Vec<Cell>>, u64)> {
        if self.running {
            return Err(Fault::internal("the connection is still busy with an abandoned statement"));
        }
        if self.failed && !sql.text().starts_with("ROLLBACK") {
            return Err(Fault::internal("the transaction has failed; roll back first"));
        }
        if sql.dialect() != self.dialect() {
            return Err(Fault::internal("the statement was written for the other database"));
        }
        let began = Instant::now();
        self.running = true;
        let result = match &mut self.link {
            Link::Sqlite(lease) => {
                lease.limit(self.timeout);
                let result = run_sqlite(lease, sql, types).await;
                lease.limit(None);
                result
            }
            Link::Postgres(conn) => run_postgres(conn, sql, types).await,
            Link::Gone => Err(Fault::unavailable("database connection lost")),
        };
        self.running = false;
        let took = began.elapsed();
        if took > self.slow {
            tracing::warn!(ms = took.as_millis() as u64, sql = sql.text(), "slow statement");
        }
        if let Err(fault) = &result
            && self.in_transaction
        {
            // PostgreSQL gives the transaction up at each error, SQLite only at these.
            self.failed |= match self.link {
                Link::Sqlite(_) => fault.kind == FaultKind::Unavailable,
                _ => true,
            };
        }
        result
    }
}

/// SQL leaves the program here and nowhere else. Its text was put together by [`Sql`]: names quoted, values bound.
async fn run_sqlite(lease: &mut Lease, sql: &Sql, types: Option<&[ColumnType]>) -> Outcome<(Vec<Vec<Cell>>, u64)> {
    let mut args = SqliteArguments::default();
    args.reserve(sql.args_len(), 0);
    for cell in sql.args() {
        match cell {
            Cell::Null => args.add(None::<i64>),
            Cell::Text(v) => args.add(v.clone()),
            Cell::Int(v) => args.add(*v),
            Cell::Id(v) => args.add(*v),
            Cell::Bytes(v) => args.add(v.clone()),
        }
        .map_err(Fault::internal)?;
    }
    let conn = lease.conn()?;
    let query = sqlx::query_with::<Sqlite, _>(AssertSqlSafe(sql.text().to_owned()), args).persistent(!sql.is_once());
    let Some(types) = types else {
        let done = conn.execute(query).await.map_err(|e| from_sqlx(&e, sql.text()))?;
        return Ok((Vec::new(), done.rows_affected()));
    };
    let mut rows = Vec::new();
    let mut stream = conn.fetch(query);
    while let Some(row) = stream.try_next().await.map_err(|e| from_sqlx(&e, sql.text()))? {
        check_width(row.len(), types, sql)?;
        let cells = types.iter().enumerate().map(|(i, ty)| sqlite_cell(&row, i, *ty));
        rows.push(cells.collect::<Result<_, _>>().map_err(|e| from_sqlx(&e, sql.text()))?);
    }
    Ok((rows, 0))
}

async fn run_postgres(
    conn: &mut PoolConnection<Postgres>,
    sql: &Sql,
    types: Option<&[ColumnType]>,
) -> Outcome<(Vec<Vec<Cell>>, u64)> {
    let mut args = PgArguments::default();
    args.reserve(sql.args_len(), sql.args_len() * 16);
    for cell in sql.args() {
        match cell {
            Cell::Null => args.add(Untyped),
            Cell::Text(v) => args.add(v.as_str()),
            Cell::Int(v) => args.add(*v),
            Cell::Id(v) => args.add(*v),
            Cell::Bytes(v) => args.add(v.as_slice()),
        }
        .map_err(Fault::internal)?;
    }
    for (ty, values) in sql.columns() {
        match ty {
            ColumnType::Text => args.add(values.iter().map(Cell::text).collect::<Vec<_>>()),
            ColumnType::Int => args.add(values.iter().map(Cell::int).collect::<Vec<_>>()),
            ColumnType::Id => args.add(values.iter().map(Cell::id).collect::<Vec<_>>()),
            ColumnType::Bytes => args.add(values.iter().map(Cell::bytes).collect::<Vec<_>>()),
        }
        .map_err(Fault::internal)?;
    }
    let query = sqlx::query_with::<Postgres, _>(AssertSqlSafe(sql.text().to_owned()), args).persistent(!sql.is_once());
    let Some(types) = types else {
        let done = conn.execute(query).await.map_err(|e| from_sqlx(&e, sql.text()))?;
        return Ok((Vec::new(), done.rows_affected()));
    };
    let mut rows = Vec::new();
    let mut stream = conn.fetch(query);
    while let Some(row) = stream.try_next().await.map_err(|e| from_sqlx(&e, sql.text()))? {
        if rows.is_empty() {
            check_width(row.len(), types, sql)?;
            for (i, ty) in types.iter().enumerate() {
                let value = row.try_get_raw(i).map_err(|e| from_sqlx(&e, sql.text()))?;
                if *ty == ColumnType::Int && value.type_info().name() == "NUMERIC" {
                    return Err(Fault::internal(format!("column {i} needs CAST(… AS BIGINT); {}", sql.text())));
                }
            }
        }
        let cells = types.iter().enumerate().map(|(i, ty)| postgres_cell(&row, i, *ty));
        rows.push(cells.collect::<Result<_, _>>().map_err(|e| from_sqlx(&e, sql.text()))?);
    }
    Ok((rows, 0))
}

fn check_width(width: usize, types: &[ColumnType], sql: &Sql) -> Outcome<()> {
    if width == types.len() {
        return Ok(());
    }
    Err(Fault::internal(format!("{width} columns came for {} types; {}", types.len(), sql.text())))
}

fn sqlite_cell(row: &SqliteRow, i: usize, ty: ColumnType) -> Result<Cell, sqlx::Error> {
    let raw = row.try_get_raw(i)?;
    if raw.is_null() {
        return Ok(Cell::Null);
    }
    if ty == ColumnType::Int && raw.type_info().name() != "INTEGER" {
        let found = raw.type_info().name().to_owned();
        return Err(sqlx::Error::Decode(format!("column {i} is {found}, not a whole number").into()));
    }
    Ok(match ty {
        ColumnType::Text => Cell::Text(row.try_get_unchecked(i)?),
        ColumnType::Int => Cell::Int(row.try_get_unchecked(i)?),
        ColumnType::Id => Cell::Id(row.try_get_unchecked::<Uuid, _>(i)?),
        ColumnType::Bytes => Cell::Bytes(row.try_get_unchecked(i)?),
    })
}

fn postgres_cell(row: &PgRow, i: usize, ty: ColumnType) -> Result<Cell, sqlx::Error> {
    if row.try_get_raw(i)?.is_null() {
        return Ok(Cell::Null);
    }
    Ok(match ty {
        ColumnType::Text => Cell::Text(row.try_get_unchecked(i)?),
        ColumnType::Int => Cell::Int(row.try_get_unchecked(i)?),
        ColumnType::Id => Cell::Id(row.try_get_unchecked::<Uuid, _>(i)?),
        ColumnType::Bytes => Cell::Bytes(row.try_get_unchecked(i)?),
    })
}

/// A null whose type the server takes from its place in the statement.
struct Untyped;

impl sqlx::Type<Postgres> for Untyped {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(sqlx::postgres::types::Oid(0))
    }
}
impl sqlx::Encode<'_, Postgres> for Untyped {
    fn encode_by_ref(
        &self,
        _: &mut sqlx::postgres::PgArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        Ok(sqlx::encode::IsNull::Yes)
    }
}

impl Drop for Conn {
    /// A reader dropped in the middle of a statement: end the statement before the connection is used again.
    fn drop(&mut self) {
        if self.running {
            abandon(std::mem::replace(&mut self.link, Link::Gone), "SELECT 1");
        }
    }
}

/// Brings a connection whose user went away back to rest, or closes it.
fn abandon(mut link: Link, last: &'static str) {
    if let Link::Sqlite(lease) = &mut link {
        lease.interrupt();
        lease.taint(true);
    }
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        // The program is ending: closing the connection rolls back.
        match link {
            Link::Postgres(conn) => drop(conn.leak()),
            Link::Sqlite(_) | Link::Gone => {}
        }
        return;
    };
    // Not a task of the program but the end of this connection's use; nobody waits for it but the next user.
    #[allow(clippy::disallowed_methods)]
    runtime.spawn(async move {
        match link {
            Link::Sqlite(mut lease) => {
                let done = match lease.conn() {
                    Ok(conn) => conn.execute(last).await.map(|_| ()),
                    Err(_) => Ok(()),
                };
                match done {
                    // SQLite has rolled back by itself when the interrupted statement was writing.
                    Err(error) if !error.to_string().contains("no transaction is active") => {
                        tracing::warn!(%error, "abandoned database connection closed");
                    }
                    _ => lease.taint(false),
                }
            }
            Link::Postgres(mut conn) => {
                if let Err(error) = conn.execute(last).await {
                    tracing::warn!(%error, "abandoned database connection closed");
                    conn.close_on_drop();
                }
            }
            Link::Gone => {}
        }
    });
}

/// A write transaction. Everything a [`Conn`] can, and nothing stays unless [`Tx::commit`] returns `Ok`.
/// Dropping it rolls back, also when its task is cancelled in the middle of a statement.
pub struct Tx {
    conn: Conn,
    db: Db,
    notices: Vec<String>,
    open: bool,
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    pub(crate) async fn begin(conn: Conn, db: Db) -> Outcome<Tx> {
        let text = match conn.dialect() {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        };
        // `open` before BEGIN is sent: if this future is dropped meanwhile, ROLLBACK follows.
        let mut tx = Tx { conn, db, notices: Vec::new(), open: true };
        tx.conn.exec(&Sql::of(tx.conn.dialect(), text)).await?;
        tx.conn.in_transaction = true;
        Ok(tx)
    }

    /// All that was committed before now and nothing after it, for reading as long as it takes.
    pub(crate) async fn snapshot(db: &Db) -> Outcome<Tx> {
        let mut conn = db.read().await?;
        conn.unlimited();
        let texts: &[&str] = match conn.dialect() {
            // SQLite takes the snapshot at the first read.
            Dialect::Sqlite => &["BEGIN", "SELECT COUNT(*) FROM sila_meta"],
            Dialect::Postgres => &[
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                "SET LOCAL statement_timeout = 0",
                "SET LOCAL idle_in_transaction_session_timeout = 0",
            ],
        };
        let mut tx = Tx { conn, db: db.clone(), notices: Vec::new(), open: true };
        for text in texts {
            tx.conn.command(text).await?;
        }
        tx.conn.in_transaction = true;
        Ok(tx)
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// # Errors
    /// Unavailable when the commit lost a race (see [`crate::is_retryable`]) or the connection; internal when a statement
    /// of the transaction had failed. Nothing was stored then.
    pub async fn commit(mut self) -> Outcome<()> {
        if self.conn.failed {
            return Err(Fault::internal("the transaction has failed and cannot be committed"));
        }
        if self.conn.dialect() == Dialect::Postgres && !self.notices.is_empty() {
            let notices = std::mem::take(&mut self.notices);
            // One statement for all; chunks keep the number of different texts small.
            for chunk in notices.chunks(8) {
                let mut sql = self.conn.sql();
                sql.push("SELECT ");
                for (i, notice) in chunk.iter().enumerate() {
                    sql.push(if i == 0 { "pg_notify('sila', " } else { ", pg_notify('sila', " });
                    sql.bind(notice.as_str()).push(")");
                }
                self.conn.exec(&sql).await?;
            }
        }
        self.conn.exec(&Sql::of(self.conn.dialect(), "COMMIT")).await?;
        self.open = false;
        for notice in self.notices.drain(..) {
            self.db.deliver(notice);
        }
        Ok(())
    }

    pub async fn rollback(mut self) -> Outcome<()> {
        self.conn.exec(&Sql::of(self.conn.dialect(), "ROLLBACK")).await?;
        self.open = false;
        Ok(())
    }

    /// Marks a point to return to with [`Tx::rollback_to`].
    pub async fn savepoint(&mut self, name: &str) -> Outcome<()> {
        self.point("SAVEPOINT ", name).await
    }
    /// Keeps what was done since the savepoint.
    pub async fn release(&mut self, name: &str) -> Outcome<()> {
        self.point("RELEASE SAVEPOINT ", name).await
    }
    /// Undoes what was done since the savepoint; on PostgreSQL the only way on after a refused statement.
    pub async fn rollback_to(&mut self, name: &str) -> Outcome<()> {
        self.point("ROLLBACK TO SAVEPOINT ", name).await?;
        self.conn.failed = false;
        Ok(())
    }
    async fn point(&mut self, verb: &str, name: &str) -> Outcome<()> {
        let mut sql = self.conn.sql();
        sql.push(verb).ident(name);
        self.conn.exec(&sql).await.map(|_| ())
    }

    /// Sent to every node's [`Db::subscribe`] after the commit. At most 7,000 bytes.
    pub fn notify(&mut self, payload: impl Into<String>) {
        let payload = payload.into();
        if payload.len() > 7_000 {
            tracing::error!(bytes = payload.len(), "notice too long, not sent");
        } else if !self.notices.contains(&payload) {
            self.notices.push(payload);
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.open {
            self.conn.running = false;
            abandon(std::mem::replace(&mut self.conn.link, Link::Gone), "ROLLBACK");
        }
    }
}
