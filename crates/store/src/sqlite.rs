//! SQLite connections: one writer, several read-only readers, a time limit on each statement.
//!
//! Every connection runs on its own thread (sqlx); here they are only handed out fairly. A progress handler
//! ends statements that outlive their limit or whose caller went away.

use crate::fault::from_sqlx;
use kernel::{Fault, Outcome};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Steps of SQLite's virtual machine between two looks at the limit: some microseconds.
const STEPS_PER_LOOK: i32 = 4_000;

/// Connections of one sort (the writer, or the readers) to one file.
pub(crate) struct Connections {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<Slot>>,
    permits: Arc<Semaphore>,
    acquire_timeout: Duration,
}

struct Slot {
    conn: SqliteConnection,
    limit: Arc<Limit>,
}

/// When the running statement has to end, in microseconds since `born`.
struct Limit {
    born: Instant,
    at: AtomicU64,
}

/// A connection in use; goes back when dropped.
pub(crate) struct Lease {
    slot: Option<Slot>,
    home: Arc<Connections>,
    /// Something may still be open on it: closed instead of given back.
    tainted: bool,
    /// Held so that the next in line waits until the connection is back.
    _permit: OwnedSemaphorePermit,
}

impl Connections {
    pub(crate) fn new(options: SqliteConnectOptions, size: u32, acquire_timeout: Duration) -> Arc<Self> {
        Arc::new(Connections {
            options: options.disable_statement_logging(),
            idle: Mutex::new(Vec::new()),
            permits: Arc::new(Semaphore::new(size.max(1) as usize)),
            acquire_timeout,
        })
    }

    /// First come, first served.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Outcome<Lease> {
        let permit = tokio::time::timeout(self.acquire_timeout, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Fault::unavailable("no database connection became free in time"))?
            .map_err(|_| Fault::unavailable("the database is closed"))?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let slot = match idle {
            Some(slot) => slot,
            None => self.connect().await?,
        };
        Ok(Lease { slot: Some(slot), home: Arc::clone(self), tainted: false, _permit: permit })
    }

    async fn connect(&self) -> Outcome<Slot> {
        let mut conn = self.options.connect().await.map_err(|e| match e {
            sqlx::Error::Database(_) => {
                Fault::unavailable(format!("cannot open {}: {e}", self.options.get_filename().display()))
            }
            e => from_sqlx(&e, "connect"),
        })?;
        let limit = Arc::new(Limit { born: Instant::now(), at: AtomicU64::new(u64::MAX) });
        let seen = Arc::clone(&limit);
        conn.lock_handle()
            .await
            .map_err(|e| from_sqlx(&e, "connect"))?
            .set_progress_handler(STEPS_PER_LOOK, move || !seen.passed());
        Ok(Slot { conn, limit })
    }

    /// Closes all connections that are not in use; those in use close when they come back.
    pub(crate) async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for slot in idle {
            if let Err(error) = slot.conn.close().await {
                tracing::warn!(%error, "database connection did not close cleanly");
            }
        }
    }
}

impl Limit {
    fn passed(&self) -> bool {
        let at = self.at.load(Ordering::Relaxed);
        at != u64::MAX && self.born.elapsed().as_micros() >= u128::from(at)
    }
}

impl Lease {
    pub(crate) fn conn(&mut self) -> Outcome<&mut SqliteConnection> {
        self.slot.as_mut().map(|s| &mut s.conn).ok_or_else(|| Fault::unavailable("database connection lost"))
    }
    /// The statement that runs next ends with a fault after `time`.
    pub(crate) fn limit(&self, time: Option<Duration>) {
        if let Some(slot) = &self.slot {
            let at = time
                .map_or(u64::MAX, |t| u64::try_from((slot.limit.born.elapsed() + t).as_micros()).unwrap_or(u64::MAX));
            slot.limit.at.store(at, Ordering::Relaxed);
        }
    }
    /// Ends a statement that is still running.
    pub(crate) fn interrupt(&self) {
        self.limit(Some(Duration::ZERO));
    }
    /// Until told otherwise the connection is closed when dropped, which ends whatever is open on it.
    pub(crate) fn taint(&mut self, tainted: bool) {
        self.tainted = tainted;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take()
            && !self.tainted
            && !self.home.permits.is_closed()
        {
            slot.limit.at.store(u64::MAX, Ordering::Relaxed);
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(slot);
        }
    }
}
