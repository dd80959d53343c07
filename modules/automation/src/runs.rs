//! The rows of runs and of what their steps did.

use crate::book::Rule;
use engine::{Cx, Notice};
use kernel::jiff::Timestamp;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde_json::{Value as Json, json};
use store::Conn;

pub const JOB: &str = "automation.run";
/// Rules that may follow from one another.
pub const LONGEST_CHAIN: usize = 8;
/// Runs that one job takes on.
const BATCH: usize = 100;

/// A run as stored. States: `ready`, `waiting`, `done`, `failed`, `stopped`.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: Uuid,
    pub rule: Uuid,
    pub version: i64,
    pub object: String,
    pub record: Uuid,
    pub state: String,
    /// The operation it comes to next.
    pub pc: i64,
    pub due_at: Option<Timestamp>,
    /// What it waits for.
    pub waits: Json,
    /// What it has made, by operation: `{"0": ["activity", id]}`.
    pub made: Json,
    pub who: Option<Uuid>,
    /// The rules before it.
    pub chain: Vec<Uuid>,
    pub why: Json,
    pub at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub error: Json,
}

const COLUMNS: &str = "id, rule_id, version, object, record_id, state, pc, due_at, waits, made, who, chain, why, at, ended_at, error";
const TYPES: &[ColumnType] = {
    use ColumnType::{Id, Int, Text};
    &[Id, Id, Int, Text, Id, Text, Int, Int, Text, Text, Id, Text, Text, Int, Int, Text]
};

fn run(row: &[Cell]) -> Option<Run> {
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default();
    let json = |i: usize| serde_json::from_str(text(i)).unwrap_or_default();
    let at = |i: usize| row.get(i).and_then(Cell::int).and_then(|t| Timestamp::from_microsecond(t).ok());
    Some(Run {
        id: row.first()?.id()?,
        rule: row.get(1)?.id()?,
        version: row.get(2)?.int()?,
        object: text(3).to_owned(),
        record: row.get(4)?.id()?,
        state: text(5).to_owned(),
        pc: row.get(6)?.int()?,
        due_at: at(7),
        waits: json(8),
        made: json(9),
        who: row.get(10)?.id(),
        chain: text(11).split_whitespace().filter_map(|t| t.parse().ok()).collect(),
        why: json(12),
        at: at(13)?,
        ended_at: at(14),
        error: json(15),
    })
}

/// # Errors
/// The database.
pub async fn get(conn: &mut Conn, id: Uuid) -> Outcome<Option<Run>> {
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS).push(" FROM sila_rule_run WHERE id = ").bind(id);
    Ok(conn.row(&sql, TYPES).await?.and_then(|r| run(&r)))
}

/// The latest runs of a rule, or about a record, or both; whoever shows them asks for the reader's rights.
///
/// # Errors
/// The database.
pub async fn latest(conn: &mut Conn, rule: Option<Uuid>, record: Option<Uuid>, limit: u32) -> Outcome<Vec<Run>> {
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS).push(" FROM sila_rule_run WHERE 1 = 1");
    if let Some(rule) = rule {
        sql.push(" AND rule_id = ").bind(rule);
    }
    if let Some(record) = record {
        sql.push(" AND record_id = ").bind(record);
    }
    sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {limit}"));
    Ok(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| run(r)).collect())
}

/// Begins a run in the transaction of what started it; nothing where the occasion (`mark`) had its run already. A rule that
/// comes to itself again, directly or through others, is stopped there, and whoever answers for it is told. Returns the
/// run when there is something to do.
///
/// # Errors
/// The database.
pub async fn begin(cx: &mut Cx, rule: &Rule, record: Uuid, mark: Option<String>, why: &Json) -> Outcome<Option<Uuid>> {
    let looped = cx.led_by.contains(&rule.id) || cx.led_by.len() >= LONGEST_CHAIN;
    let id = cx.new_id();
    let chain: Vec<String> = cx.led_by.iter().map(Uuid::to_string).collect();
    let who: Cell = if cx.actor.is_system() { Cell::Null } else { cx.actor.id.into() };
    let row: Vec<Cell> = vec![
        id.into(),
        rule.id.into(),
        rule.version.into(),
        rule.flow.object.as_str().into(),
        record.into(),
        if looped { "stopped" } else { "ready" }.into(),
        0.into(),
        cx.now.into(),
        0.into(),
        who,
        chain.join(" ").into(),
        mark.into(),
        why.to_string().into(),
        cx.now.into(),
        if looped { cx.now.into() } else { Cell::Null },
        if looped { json!({"key": "automation-loop"}).to_string().into() } else { Cell::Null },
    ];
    let columns = ["id", "rule_id", "version", "object", "record_id", "state", "pc", "due_at", "wakes", "who", "chain", "mark", "why", "at", "ended_at", "error"];
    if store::insert_missing(&mut cx.tx, "sila_rule_run", &columns, vec![row]).await? == 0 {
        return Ok(None);
    }
    if looped {
        tell(cx, rule, "automation.stopped").await?;
        return Ok(None);
    }
    Ok(Some(id))
}

/// Hands runs to the queue.
///
/// # Errors
/// The database.
pub async fn hand(cx: &mut Cx, runs: &[Uuid]) -> Outcome<()> {
    for batch in runs.chunks(BATCH) {
        cx.enqueue(JOB, json!({ "runs": batch })).await?;
    }
    Ok(())
}

/// Tells whoever answers for a rule that something is wrong with it.
///
/// # Errors
/// The database.
pub async fn tell(cx: &mut Cx, rule: &Rule, kind: &str) -> Outcome<()> {
    for user in crate::rule::responsible(cx, rule.owner).await? {
        let around = cx.led_by.clone();
        // It is news to the owner even when it was he himself who ran into it.
        cx.led_by.push(rule.id);
        let told = cx.notify(Notice { user, kind, object: crate::rule::KEY, record: rule.id, data: Json::Null }).await;
        cx.led_by = around;
        told?;
    }
    Ok(())
}

/// Takes hold of a run at the place where it is known to be: for the rest of the transaction nobody else moves it.
///
/// # Errors
/// Conflict: it is no longer there; give up without effect.
pub async fn hold(cx: &mut Cx, run: &Run) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_rule_run SET pc = pc WHERE id = ").bind(run.id).push(" AND pc = ").bind(run.pc).push(" AND state = ").bind(run.state.as_str());
    if cx.tx.exec(&sql).await? == 1 { Ok(()) } else { Err(Fault::conflict()) }
}

/// Where a run goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    At(usize),
    /// At the same operation again, when the time has come or the record changes.
    Wait { due: Timestamp, wakes: bool, waits: Json },
    Done,
}

/// Moves a held run, and keeps what was done.
///
/// # Errors
/// The database.
pub async fn place(cx: &mut Cx, run: &Run, next: &Next, made: Option<(&str, Uuid)>) -> Outcome<()> {
    let now = cx.now;
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_rule_run SET ");
    match next {
        Next::At(pc) => {
            let pc = i64::try_from(*pc).map_err(Fault::internal)?;
            sql.push("state = 'ready', wakes = 0, waits = NULL, due_at = ").bind(now).push(", pc = ").bind(pc);
        }
        Next::Wait { due, wakes, waits } => {
            sql.push("state = 'waiting', due_at = ").bind(*due).push(", wakes = ").bind(i64::from(*wakes)).push(", waits = ").bind(waits.to_string());
        }
        Next::Done => {
            sql.push("state = 'done', pc = pc + 1, wakes = 0, waits = NULL, due_at = NULL, ended_at = ").bind(now);
        }
    }
    if let Some((object, id)) = made {
        let mut all = run.made.as_object().cloned().unwrap_or_default();
        all.insert(run.pc.to_string(), json!([object, id]));
        sql.push(", made = ").bind(Json::Object(all).to_string());
    }
    sql.push(" WHERE id = ").bind(run.id);
    cx.tx.exec(&sql).await.map(|_| ())
}

/// Ends a run badly: `failed`, or `stopped` by a limit.
///
/// # Errors
/// Conflict: somebody else has moved it.
pub async fn end(cx: &mut Cx, run: &Run, state: &str, error: &Json) -> Outcome<()> {
    hold(cx, run).await?;
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_rule_run SET wakes = 0, due_at = NULL, state = ").bind(state).push(", ended_at = ").bind(cx.now);
    sql.push(", error = ").bind(error.to_string()).push(" WHERE id = ").bind(run.id);
    cx.tx.exec(&sql).await.map(|_| ())
}

/// A line of the log: what an operation did, and why.
///
/// # Errors
/// The database.
pub async fn log(cx: &mut Cx, run: &Run, what: &str, data: &Json) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT COALESCE(MAX(n), 0) FROM sila_rule_log WHERE run_id = ").bind(run.id);
    let n = cx.tx.int(&sql).await?.unwrap_or_default() + 1;
    let data = if data.is_null() { Cell::Null } else { Cell::Text(data.to_string()) };
    let row = vec![run.id.into(), n.into(), cx.now.into(), run.pc.into(), what.into(), data];
    store::insert_many(&mut cx.tx, "sila_rule_log", &["run_id", "n", "at", "pc", "what", "data"], vec![row]).await
}

/// One line of the log.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Timestamp,
    pub pc: i64,
    pub what: String,
    pub data: Json,
}

/// # Errors
/// The database.
pub async fn lines(conn: &mut Conn, run: Uuid) -> Outcome<Vec<Line>> {
    let mut sql = conn.sql();
    sql.push("SELECT at, pc, what, data FROM sila_rule_log WHERE run_id = ").bind(run).push(" ORDER BY n LIMIT 500");
    let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Int, ColumnType::Text, ColumnType::Text]).await?;
    let line = |r: &Vec<Cell>| {
        Some(Line {
            at: Timestamp::from_microsecond(r.first()?.int()?).ok()?,
            pc: r.get(1)?.int()?,
            what: r.get(2)?.text()?.to_owned(),
            data: r.get(3)?.text().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default(),
        })
    };
    Ok(rows.iter().filter_map(line).collect())
}

/// Makes waiting runs ready and hands them to the queue: those due, or those that wait for a change of these records.
///
/// # Errors
/// The database.
pub async fn wake(cx: &mut Cx, records: Option<&[Uuid]>, most: usize) -> Outcome<usize> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM sila_rule_run WHERE state = 'waiting'");
    match records {
        Some(records) => {
            sql.push(" AND wakes = 1 AND record_id IN ").bind_list(records.iter().map(|id| Cell::Id(*id)));
        }
        None => {
            sql.push(" AND due_at <= ").bind(cx.now);
        }
    }
    sql.push(&format!(" ORDER BY due_at LIMIT {most}"));
    let due: Vec<Uuid> = cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
    for chunk in due.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_rule_run SET state = 'ready', due_at = ").bind(cx.now).push(" WHERE state = 'waiting' AND id IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
        cx.tx.exec(&sql).await?;
    }
    hand(cx, &due).await?;
    Ok(due.len())
}

/// Runs that nobody took on for a while (their job died once too often) are handed to the queue again.
///
/// # Errors
/// The database.
pub async fn rescue(cx: &mut Cx, before: Timestamp) -> Outcome<usize> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM sila_rule_run WHERE state = 'ready' AND due_at < ").bind(before).push(" ORDER BY due_at LIMIT 1000");
    let lost: Vec<Uuid> = cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
    for chunk in lost.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_rule_run SET due_at = ").bind(cx.now).push(" WHERE state = 'ready' AND id IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
        cx.tx.exec(&sql).await?;
    }
    hand(cx, &lost).await?;
    Ok(lost.len())
}

/// Counts of one rule's runs since a moment: all, failed or stopped.
///
/// # Errors
/// The database.
pub async fn counts(conn: &mut Conn, rule: Uuid, since: Timestamp) -> Outcome<(i64, i64)> {
    let mut sql = conn.sql();
    sql.push("SELECT COUNT(*), COALESCE(SUM(CASE WHEN state IN ('failed', 'stopped') THEN 1 ELSE 0 END), 0) FROM sila_rule_run WHERE rule_id = ");
    sql.bind(rule).push(" AND at >= ").bind(since);
    let row = conn.row(&sql, &[ColumnType::Int, ColumnType::Int]).await?.unwrap_or_default();
    Ok((row.first().and_then(Cell::int).unwrap_or_default(), row.get(1).and_then(Cell::int).unwrap_or_default()))
}
