//! Durable jobs: enqueued in the transaction of the change that asks for them, done by one node at a time.
//!
//! A claimed job is leased; the holder renews the lease with [`heartbeat`]. When it dies, the lease runs out and somebody else
//! claims the job. [`finish`] and [`fail`] act only for the holder, and `finish` runs in the transaction of the job's own effect:
//! both are there, or neither.

use crate::conn::{Conn, Tx};
use crate::db::Db;
use crate::now;
use crate::sql::{Dialect, Sql};
use kernel::serde_json::Value as Json;
use kernel::{Cell, ColumnType, Fault, Outcome};
use rand::RngExt;
use std::time::Duration;
use uuid::Uuid;

/// First pause after a failure; doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

/// Work to be done later.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: String,
    pub payload: Json,
    /// At most one unfinished job has this key; enqueueing another one gives the first.
    pub key: Option<String>,
    /// Not before this time, in microseconds; none: at once.
    pub run_at: Option<i64>,
    /// Higher goes first.
    pub priority: i64,
    pub max_attempts: i64,
    /// On whose behalf.
    pub actor: Option<Uuid>,
}

impl NewJob {
    pub fn new(kind: impl Into<String>, payload: Json) -> Self {
        NewJob { kind: kind.into(), payload, key: None, run_at: None, priority: 0, max_attempts: 10, actor: None }
    }
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
    /// Microseconds since 1970 UTC.
    #[must_use]
    pub fn run_at(mut self, at: i64) -> Self {
        self.run_at = Some(at);
        self
    }
    #[must_use]
    pub fn priority(mut self, priority: i64) -> Self {
        self.priority = priority;
        self
    }
    #[must_use]
    pub fn max_attempts(mut self, attempts: i64) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }
    #[must_use]
    pub fn actor(mut self, actor: Uuid) -> Self {
        self.actor = Some(actor);
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Running,
    Done,
    /// Stopped by a person.
    Stopped,
    /// Failed for good; can be tried again by a person.
    Dead,
}

impl State {
    pub fn key(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Running => "running",
            State::Done => "done",
            State::Stopped => "stopped",
            State::Dead => "dead",
        }
    }
    fn parse(text: &str) -> Option<State> {
        [State::Waiting, State::Running, State::Done, State::Stopped, State::Dead].into_iter().find(|s| s.key() == text)
    }
}

/// A job as stored. Times in microseconds.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Uuid,
    pub kind: String,
    pub key: Option<String>,
    pub payload: Json,
    pub state: State,
    pub priority: i64,
    /// When it may be claimed next; while running, when the lease ends.
    pub due_at: Option<i64>,
    pub at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// Claims so far, this one included.
    pub attempts: i64,
    pub max_attempts: i64,
    pub node: Option<String>,
    pub stop: bool,
    pub progress: Progress,
    pub error: Option<String>,
    pub result: Option<String>,
    pub actor: Option<Uuid>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: i64,
    pub total: Option<i64>,
    pub text: Option<String>,
}

const COLUMNS: &[(&str, ColumnType)] = &[
    ("id", ColumnType::Id),
    ("kind", ColumnType::Text),
    ("key", ColumnType::Text),
    ("payload", ColumnType::Text),
    ("state", ColumnType::Text),
    ("priority", ColumnType::Int),
    ("due_at", ColumnType::Int),
    ("at", ColumnType::Int),
    ("started_at", ColumnType::Int),
    ("finished_at", ColumnType::Int),
    ("attempts", ColumnType::Int),
    ("max_attempts", ColumnType::Int),
    ("node", ColumnType::Text),
    ("stop", ColumnType::Int),
    ("progress_done", ColumnType::Int),
    ("progress_total", ColumnType::Int),
    ("progress_text", ColumnType::Text),
    ("error", ColumnType::Text),
    ("result", ColumnType::Text),
    ("actor", ColumnType::Id),
];

fn columns(sql: &mut Sql) {
    sql.idents(COLUMNS.iter().map(|(name, _)| *name));
}

fn types() -> Vec<ColumnType> {
    COLUMNS.iter().map(|(_, ty)| *ty).collect()
}

fn job(row: Vec<Cell>) -> Outcome<Job> {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let broken = |what: &str| Fault::internal(format!("job without {what}"));
    let text = |c: Cell| if let Cell::Text(t) = c { Some(t) } else { None };
    Ok(Job {
        id: next().id().ok_or_else(|| broken("id"))?,
        kind: text(next()).unwrap_or_default(),
        key: text(next()),
        payload: text(next()).and_then(|t| t.parse().ok()).ok_or_else(|| broken("payload"))?,
        state: text(next()).and_then(|t| State::parse(&t)).ok_or_else(|| broken("state"))?,
        priority: next().int().unwrap_or_default(),
        due_at: next().int(),
        at: next().int().unwrap_or_default(),
        started_at: next().int(),
        finished_at: next().int(),
        attempts: next().int().unwrap_or_default(),
        max_attempts: next().int().unwrap_or_default(),
        node: text(next()),
        stop: next().int() == Some(1),
        progress: Progress { done: next().int().unwrap_or_default(), total: next().int(), text: text(next()) },
        error: text(next()),
        result: text(next()),
        actor: next().id(),
    })
}

/// Puts a job into the queue, in the caller's transaction. With a key that an unfinished job has: that job's id.
pub async fn enqueue(tx: &mut Tx, new: &NewJob) -> Outcome<Uuid> {
    let id = Uuid::now_v7();
    let at = now();
    let mut sql = tx.sql();
    sql.push(
        "INSERT INTO sila_job (id, kind, key, live_key, payload, state, rank, due_at, at, attempts, max_attempts, \
         stop, progress_done, priority, actor) VALUES (",
    );
    sql.bind(id).push(", ").bind(new.kind.as_str()).push(", ").bind(new.key.clone()).push(", ");
    sql.bind(new.key.clone()).push(", ").bind(new.payload.to_string()).push(", 'waiting', ").bind(-new.priority);
    sql.push(", ").bind(new.run_at.unwrap_or(at)).push(", ").bind(at).push(", 0, ").bind(new.max_attempts);
    sql.push(", 0, 0, ").bind(new.priority).push(", ").bind(new.actor);
    // The update changes nothing; it makes the row that is there come back.
    sql.push(") ON CONFLICT (live_key) DO UPDATE SET live_key = excluded.live_key RETURNING id");
    let row = tx.row(&sql, &[ColumnType::Id]).await?;
    tx.notify("job");
    row.and_then(|r| r.first().and_then(Cell::id)).ok_or_else(|| Fault::internal("the job was not stored"))
}

/// Takes the next due job of one of `kinds` for `node`; nobody else gets it before `lease` has passed without a heartbeat.
pub async fn claim(db: &Db, kinds: &[&str], node: &str, lease: Duration) -> Outcome<Option<Job>> {
    if kinds.is_empty() {
        return Ok(None);
    }
    let at = now();
    // On SQLite a look with a reader first: an empty queue must not take the writer's turn.
    if db.dialect() == Dialect::Sqlite {
        let mut conn = db.read().await?;
        let mut sql = conn.sql();
        due(&mut sql, kinds, at);
        if conn.row(&sql, &[ColumnType::Id]).await?.is_none() {
            return Ok(None);
        }
    }
    let mut tx = db.write().await?;
    bury(&mut tx, at).await?;
    let mut sql = tx.sql();
    sql.push("UPDATE sila_job SET state = 'running', node = ").bind(node);
    sql.push(", due_at = ").bind(at.saturating_add(micros(lease)));
    sql.push(", started_at = ").bind(at).push(", attempts = attempts + 1 WHERE id = (");
    due(&mut sql, kinds, at);
    if sql.dialect() == Dialect::Postgres {
        sql.push(" FOR UPDATE SKIP LOCKED");
    }
    sql.push(") RETURNING ");
    columns(&mut sql);
    let found = tx.row(&sql, &types()).await?.map(job).transpose()?;
    tx.commit().await?;
    Ok(found)
}

fn due(sql: &mut Sql, kinds: &[&str], at: i64) {
    sql.push("SELECT id FROM sila_job WHERE rank IS NOT NULL AND due_at <= ").bind(at).push(" AND kind IN ");
    sql.bind_list(kinds.iter().map(|k| Cell::from(*k)));
    sql.push(" ORDER BY rank, due_at, id LIMIT 1");
}

/// Jobs whose holder died once too often must not kill the next one.
async fn bury(tx: &mut Tx, at: i64) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE sila_job SET state = 'dead', rank = NULL, due_at = NULL, live_key = NULL, finished_at = ");
    sql.bind(at).push(", error = COALESCE(error, 'lease expired') WHERE rank IS NOT NULL AND due_at <= ").bind(at);
    sql.push(" AND state = 'running' AND attempts >= max_attempts");
    tx.exec(&sql).await.map(|_| ())
}

/// Renews the lease and stores the progress. True: somebody asked the job to stop.
///
/// # Errors
/// Conflict: the job is no longer this node's; give up without effect.
pub async fn heartbeat(db: &Db, job: &Job, lease: Duration, progress: &Progress) -> Outcome<bool> {
    let mut tx = db.write().await?;
    let mut sql = tx.sql();
    sql.push("UPDATE sila_job SET due_at = ").bind(now().saturating_add(micros(lease)));
    sql.push(", progress_done = ").bind(progress.done).push(", progress_total = ").bind(progress.total);
    sql.push(", progress_text = ").bind(progress.text.clone());
    held(&mut sql, job);
    sql.push(" RETURNING stop");
    let stop = tx.int(&sql).await?.ok_or_else(Fault::conflict)?;
    tx.notify(format!("job:{}", job.id));
    tx.commit().await?;
    Ok(stop == 1)
}

/// Only for the claim that `job` came from: same node, same attempt, still running.
fn held(sql: &mut Sql, job: &Job) {
    sql.push(" WHERE id = ").bind(job.id).push(" AND state = 'running' AND attempts = ").bind(job.attempts);
    sql.push(" AND node = ").bind(job.node.clone().unwrap_or_default());
}

/// Marks the job done, in the transaction that holds its effect.
///
/// # Errors
/// Conflict: the lease ran out and somebody else has the job; roll back.
pub async fn finish(tx: &mut Tx, job: &Job, result: Option<&str>) -> Outcome<()> {
    end(tx, job, State::Done, None, result).await
}

/// Takes back the waiting job with this key; one that runs already is left alone.
pub async fn cancel(tx: &mut Tx, key: &str) -> Outcome<bool> {
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_job WHERE state = 'waiting' AND live_key = ").bind(key);
    Ok(tx.exec(&sql).await? > 0)
}

/// Marks the job stopped, as asked by [`request_stop`].
pub async fn stopped(tx: &mut Tx, job: &Job, result: Option<&str>) -> Outcome<()> {
    end(tx, job, State::Stopped, None, result).await
}

async fn end(tx: &mut Tx, job: &Job, state: State, error: Option<&str>, result: Option<&str>) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE sila_job SET rank = NULL, due_at = NULL, live_key = NULL, state = ").bind(state.key());
    sql.push(", finished_at = ").bind(now()).push(", result = ").bind(result);
    sql.push(", error = ").bind(error);
    held(&mut sql, job);
    if tx.exec(&sql).await? == 0 {
        return Err(Fault::conflict());
    }
    tx.notify(format!("job:{}", job.id));
    Ok(())
}

/// Notes a failure: the job runs again after a pause that doubles each time, or is dead when `for_good` or after its last attempt.
pub async fn fail(db: &Db, job: &Job, error: &str, for_good: bool) -> Outcome<State> {
    let mut tx = db.write().await?;
    let state = if for_good || job.attempts >= job.max_attempts {
        end(&mut tx, job, State::Dead, Some(error), None).await?;
        State::Dead
    } else {
        let mut sql = tx.sql();
        sql.push("UPDATE sila_job SET state = 'waiting', node = NULL, due_at = ");
        sql.bind(now().saturating_add(micros(pause(job.attempts)))).push(", error = ").bind(error);
        held(&mut sql, job);
        if tx.exec(&sql).await? == 0 {
            return Err(Fault::conflict());
        }
        State::Waiting
    };
    tx.commit().await?;
    Ok(state)
}

/// Puts an unfinished job back as if it had not been claimed: its holder is closing. Somebody else can take it at once.
///
/// # Errors
/// Conflict: the lease ran out and somebody else has the job.
pub async fn give_back(db: &Db, job: &Job) -> Outcome<()> {
    let mut tx = db.write().await?;
    let mut sql = tx.sql();
    sql.push("UPDATE sila_job SET state = 'waiting', node = NULL, attempts = attempts - 1, due_at = ").bind(now());
    held(&mut sql, job);
    if tx.exec(&sql).await? == 0 {
        return Err(Fault::conflict());
    }
    tx.notify("job");
    tx.commit().await
}

/// Doubling from five seconds to an hour, each ± 25 %, so that jobs that failed together do not come back together.
fn pause(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or_default();
    let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_PAUSE);
    pause.mul_f64(rand::rng().random_range(0.75..1.25))
}

fn micros(d: Duration) -> i64 {
    i64::try_from(d.as_micros()).unwrap_or(i64::MAX)
}

/// Asks a job to stop: a waiting one is stopped at once, a running one hears it at its next heartbeat. False: it is over already.
pub async fn request_stop(tx: &mut Tx, id: Uuid) -> Outcome<bool> {
    let mut sql = tx.sql();
    sql.push(
        "UPDATE sila_job SET state = 'stopped', rank = NULL, due_at = NULL, live_key = NULL, stop = 1, finished_at = ",
    );
    sql.bind(now()).push(" WHERE state = 'waiting' AND id = ").bind(id);
    let mut changed = tx.exec(&sql).await?;
    if changed == 0 {
        let mut sql = tx.sql();
        sql.push("UPDATE sila_job SET stop = 1 WHERE state = 'running' AND id = ").bind(id);
        changed = tx.exec(&sql).await?;
    }
    tx.notify(format!("job:{id}"));
    Ok(changed > 0)
}

/// Gives a dead or stopped job new attempts. False: it is in another state.
pub async fn retry(tx: &mut Tx, id: Uuid) -> Outcome<bool> {
    let mut sql = tx.sql();
    sql.push("UPDATE sila_job SET state = 'waiting', attempts = 0, stop = 0, node = NULL, finished_at = NULL, live_key = key, rank = -priority, due_at = ");
    sql.bind(now()).push(" WHERE state IN ('dead', 'stopped') AND id = ").bind(id);
    let changed = tx.exec(&sql).await?;
    tx.notify("job");
    Ok(changed > 0)
}

pub async fn get(conn: &mut Conn, id: Uuid) -> Outcome<Option<Job>> {
    let mut sql = conn.sql();
    sql.push("SELECT ");
    columns(&mut sql);
    sql.push(" FROM sila_job WHERE id = ").bind(id);
    conn.row(&sql, &types()).await?.map(job).transpose()
}

/// The latest jobs, of one kind or all, in one state or any.
pub async fn list(conn: &mut Conn, kind: Option<&str>, state: Option<State>, limit: u32) -> Outcome<Vec<Job>> {
    let mut sql = conn.sql();
    sql.push("SELECT ");
    columns(&mut sql);
    sql.push(" FROM sila_job WHERE 1 = 1");
    if let Some(kind) = kind {
        sql.push(" AND kind = ").bind(kind);
    }
    if let Some(state) = state {
        sql.push(" AND state = ").bind(state.key());
    }
    sql.push(" ORDER BY at DESC, id DESC LIMIT CAST(").bind(i64::from(limit)).push(" AS BIGINT)");
    conn.rows(&sql, &types()).await?.into_iter().map(job).collect()
}

/// When the next job becomes due, in microseconds; none: the queue is empty.
pub async fn next_due(conn: &mut Conn) -> Outcome<Option<i64>> {
    conn.int(&Sql::of(conn.dialect(), "SELECT MIN(due_at) FROM sila_job WHERE rank IS NOT NULL")).await
}

/// Removes finished jobs that ended before `before` (microseconds); dead ones stay until somebody looked at them.
pub async fn purge(tx: &mut Tx, before: i64) -> Outcome<u64> {
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_job WHERE state IN ('done', 'stopped') AND finished_at < ").bind(before);
    tx.exec(&sql).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        for (attempts, seconds) in [(1, 5.0), (2, 10.0), (5, 80.0), (30, 3_600.0)] {
            let p = pause(attempts).as_secs_f64();
            assert!(p >= seconds * 0.74 && p <= seconds * 1.26, "{attempts}: {p}");
        }
    }
}
