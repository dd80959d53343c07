//! A company's database: opened once, cloned freely.

use crate::conn::{Conn, Tx};
use crate::fault::from_sqlx;
use crate::sql::{Dialect, Sql};
use crate::sqlite::Connections;
use kernel::{Fault, Outcome};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;

/// The PostgreSQL channel of live updates.
const CHANNEL: &str = "sila";
/// The notice that tables have changed; other nodes read the declarations again.
pub const SCHEMA_CHANGED: &str = "schema";
/// Notices a slow subscriber may lag behind before it has to reload.
const NOTICES: usize = 1_024;

/// How a database is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for reading. On PostgreSQL as many again for writing; SQLite has one writer.
    pub readers: u32,
    /// Longest wait for a free connection.
    pub acquire_timeout: Duration,
    /// Longest time for one statement.
    pub statement_timeout: Duration,
    /// A transaction in which nothing happens is ended by PostgreSQL after this time.
    pub idle_in_transaction_timeout: Duration,
    /// SQLite: longest wait for another process that writes to the file.
    pub busy_timeout: Duration,
    /// SQLite: page cache of each reader, KiB; the writer has four times as much.
    pub cache_kib: u32,
    /// Statements that take longer are logged.
    pub slow_statement: Duration,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Options {
            readers: u32::try_from(cores * 2).unwrap_or(8).clamp(4, 16),
            acquire_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            idle_in_transaction_timeout: Duration::from_secs(60),
            busy_timeout: Duration::from_secs(10),
            cache_kib: 4 * 1024,
            slow_statement: Duration::from_secs(1),
        }
    }
}

/// A database with its connections.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    pools: Pools,
    options: Options,
    notices: broadcast::Sender<String>,
    listener: std::sync::Mutex<Option<tokio::task::JoinHandle<()>>>,
    path: Option<PathBuf>,
    /// PostgreSQL: connections made before this moment know columns by types they no longer have.
    changed: Arc<Changed>,
}

/// When the schema changed last, in microseconds since `born`.
struct Changed {
    born: Instant,
    at: AtomicU64,
}

impl Changed {
    fn now(&self) {
        let at = u64::try_from(self.born.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.at.store(at, Ordering::SeqCst);
    }
    fn since(&self) -> Duration {
        self.born.elapsed().saturating_sub(Duration::from_micros(self.at.load(Ordering::SeqCst)))
    }
}

enum Pools {
    Sqlite { writer: Arc<Connections>, readers: Arc<Connections> },
    Postgres { write: PgPool, read: PgPool },
}

impl Db {
    /// Opens `sqlite://PATH` (made when missing, with its folders) or `postgres://…`, and brings the system tables up to date.
    ///
    /// # Errors
    /// Invalid for another address; unavailable when the database does not answer.
    pub async fn open(url: &str, options: &Options) -> Outcome<Db> {
        let db = if let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            Db::sqlite(Path::new(path.split('?').next().unwrap_or(path)), options)?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Db::postgres(url, options).await?
        } else {
            return Err(Fault::invalid("database", "database-bad-address"));
        };
        crate::migrate::system(&db).await?;
        Ok(db)
    }

    fn sqlite(path: &Path, o: &Options) -> Outcome<Db> {
        if path.as_os_str().is_empty() {
            return Err(Fault::invalid("database", "database-bad-address"));
        }
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|e| Fault::unavailable(format!("cannot make folder {}: {e}", folder.display())))?;
        }
        let base = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(o.busy_timeout)
            .statement_cache_capacity(200)
            // The worker of a connection hands rows over in larger portions: waking the other thread for each costs more than the row.
            .row_buffer_size(512)
            .pragma("cache_size", format!("-{}", o.cache_kib));
        let writer = base
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("cache_size", format!("-{}", u64::from(o.cache_kib) * 4))
            .pragma("journal_size_limit", "67108864")
            .pragma("wal_autocheckpoint", "2000");
        // Readers sort in memory. The writer does not: there this would keep the journal of statements in memory too, which
        // is walked through at the end of each, so that a large import takes quadratic time.
        let readers = base.read_only(true).pragma("temp_store", "MEMORY");
        Ok(Db(Arc::new(Inner {
            pools: Pools::Sqlite {
                writer: Connections::new(writer, 1, o.acquire_timeout),
                readers: Connections::new(readers, o.readers, o.acquire_timeout),
            },
            options: o.clone(),
            notices: broadcast::channel(NOTICES).0,
            listener: std::sync::Mutex::new(None),
            path: Some(path.to_owned()),
            changed: Arc::new(Changed { born: Instant::now(), at: AtomicU64::new(0) }),
        })))
    }

    async fn postgres(url: &str, o: &Options) -> Outcome<Db> {
        let ms = |d: Duration| d.as_millis().to_string();
        let base = PgConnectOptions::from_str(url)
            .map_err(|_| Fault::invalid("database", "database-bad-address"))?
            .disable_statement_logging()
            .application_name("sila")
            .statement_cache_capacity(400)
            .options([
                ("statement_timeout", ms(o.statement_timeout)),
                ("idle_in_transaction_session_timeout", ms(o.idle_in_transaction_timeout)),
                // Compiling a plan costs more than any of our statements.
                ("jit", "off".into()),
            ]);
        let read_only = base.clone().options([("default_transaction_read_only", "on")]);
        let changed = Arc::new(Changed { born: Instant::now(), at: AtomicU64::new(0) });
        let pool = |size| {
            let changed = Arc::clone(&changed);
            PgPoolOptions::new()
                // Prepared statements of older connections would send values in the types columns had before.
                .before_acquire(move |conn, connection| {
                    let fresh = changed.at.load(Ordering::SeqCst) == 0 || connection.age < changed.since();
                    // One that lay idle may have been lost with a restarted server.
                    let doubtful = connection.idle_for > Duration::from_secs(5);
                    Box::pin(async move { Ok(fresh && (!doubtful || conn.ping().await.is_ok())) })
                })
                .max_connections(size)
                .acquire_timeout(o.acquire_timeout)
                .idle_timeout(Duration::from_secs(300))
                .max_lifetime(Duration::from_secs(3_600))
                .test_before_acquire(false)
        };
        let write = pool(o.readers)
            .connect_with(base.clone())
            .await
            .map_err(|e| Fault::unavailable(format!("cannot connect to the database: {e}")))?;
        let read = pool(o.readers).connect_lazy_with(read_only);
        let (notices, _) = broadcast::channel(NOTICES);
        let listener = listen(&base, notices.clone(), Arc::clone(&changed)).await?;
        Ok(Db(Arc::new(Inner {
            pools: Pools::Postgres { write, read },
            options: o.clone(),
            notices,
            listener: std::sync::Mutex::new(Some(listener)),
            path: None,
            changed,
        })))
    }

    pub fn dialect(&self) -> Dialect {
        match self.0.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres { .. } => Dialect::Postgres,
        }
    }
    pub fn sql(&self) -> Sql {
        Sql::new(self.dialect())
    }
    pub fn options(&self) -> &Options {
        &self.0.options
    }
    /// The file of an SQLite database.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// A connection that can only read.
    ///
    /// # Errors
    /// Unavailable when none became free in time.
    pub async fn read(&self) -> Outcome<Conn> {
        let o = &self.0.options;
        match &self.0.pools {
            Pools::Sqlite { readers, .. } => {
                Ok(Conn::sqlite(readers.acquire().await?, o.statement_timeout, o.slow_statement))
            }
            Pools::Postgres { read, .. } => {
                let conn = read.acquire().await.map_err(|e| from_sqlx(&e, "acquire"))?;
                Ok(Conn::postgres(conn, o.statement_timeout, o.slow_statement))
            }
        }
    }

    /// A write transaction. On SQLite there is one at a time; others wait in the order they came.
    ///
    /// # Errors
    /// Unavailable when the turn did not come in time.
    pub async fn write(&self) -> Outcome<Tx> {
        Tx::begin(self.writer().await?, self.clone()).await
    }

    /// A connection that may write, without a transaction.
    pub(crate) async fn writer(&self) -> Outcome<Conn> {
        let o = &self.0.options;
        match &self.0.pools {
            Pools::Sqlite { writer, .. } => {
                Ok(Conn::sqlite(writer.acquire().await?, o.statement_timeout, o.slow_statement))
            }
            Pools::Postgres { write, .. } => {
                let conn = write.acquire().await.map_err(|e| from_sqlx(&e, "acquire"))?;
                Ok(Conn::postgres(conn, o.statement_timeout, o.slow_statement))
            }
        }
    }

    /// The database answers (for `/readyz`).
    pub async fn check(&self) -> Outcome<()> {
        self.read().await?.int(&Sql::of(self.dialect(), "SELECT 1")).await.map(|_| ())
    }

    /// Notices of committed transactions, of every node.
    pub fn subscribe(&self) -> broadcast::Receiver<String> {
        self.0.notices.subscribe()
    }
    pub(crate) fn deliver(&self, notice: String) {
        // Nobody listening is not an error.
        let _ = self.0.notices.send(notice);
    }

    /// Connections made before now are not used again.
    pub(crate) fn schema_changed(&self) {
        self.0.changed.now();
    }

    /// PostgreSQL: statistics of tables that have just grown a lot. Plans made while they were small are made anew;
    /// its own collector looks only once a minute. SQLite finds its way by the indexes alone.
    pub async fn analyze(&self, tables: &[&str]) -> Outcome<()> {
        if self.dialect() == Dialect::Postgres && !tables.is_empty() {
            let mut conn = self.writer().await?;
            conn.unlimited();
            let mut sql = conn.sql();
            sql.push("ANALYZE ").idents(tables.iter().copied()).once();
            conn.exec(&sql).await?;
        }
        Ok(())
    }

    /// SQLite: lets the planner learn from the data (cheap; after imports and once a day). PostgreSQL does so by itself.
    pub async fn optimize(&self) -> Outcome<()> {
        if self.dialect() == Dialect::Sqlite {
            let mut conn = self.writer().await?;
            conn.unlimited();
            // Enough to see that a stage is shared by thousands: from the first thousand entries each looks rare.
            conn.command("PRAGMA analysis_limit=20000").await?;
            conn.command("PRAGMA optimize=0x10002").await?;
        }
        Ok(())
    }

    /// After a large load, such as a move: what [`Self::optimize`] does; on PostgreSQL the statistics of all tables, and which
    /// pages everybody sees, so that a count is read from an index alone.
    pub async fn settle(&self) -> Outcome<()> {
        if self.dialect() == Dialect::Sqlite {
            return self.optimize().await;
        }
        let mut conn = self.writer().await?;
        conn.unlimited();
        conn.command("SET statement_timeout = 0").await?;
        let done = conn.command("VACUUM ANALYZE").await;
        conn.command("RESET statement_timeout").await?;
        done.map(|_| ())
    }

    /// Closes all connections. Transactions in progress are rolled back unless they end first.
    pub async fn close(&self) {
        let listener = self.0.listener.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(listener) = listener {
            listener.abort();
        }
        match &self.0.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { write, read } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let listener = self.listener.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(listener) = listener {
            listener.abort();
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.dialect()).finish()
    }
}

/// Hands what any node sends on the channel to this node's subscribers, until aborted.
async fn listen(
    options: &PgConnectOptions,
    notices: broadcast::Sender<String>,
    changed: Arc<Changed>,
) -> Outcome<tokio::task::JoinHandle<()>> {
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
    let unavailable = |e| Fault::unavailable(format!("cannot listen for live updates: {e}"));
    let mut listener = PgListener::connect_with(&pool).await.map_err(unavailable)?;
    listener.listen(CHANNEL).await.map_err(unavailable)?;
    #[allow(clippy::disallowed_methods)]
    Ok(tokio::spawn(async move {
        loop {
            match listener.recv().await {
                Ok(notice) => {
                    if notice.payload() == SCHEMA_CHANGED {
                        changed.now();
                    }
                    let _ = notices.send(notice.payload().to_owned());
                }
                Err(error) => {
                    tracing::warn!(%error, "live updates interrupted, connecting again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }))
}
