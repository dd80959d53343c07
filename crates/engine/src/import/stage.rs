//! The tables of an import: `sila_import` (one row each) and `sila_import_row` (its lines until they are done).

use super::line::Line;
use super::mapping::Mapping;
use super::source::ReadOptions;
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use serde::{Deserialize, Serialize};
use store::{Conn, Sql, Tx};
use uuid::Uuid;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The file is being taken in.
    Staging,
    /// Waits for a mapping, a check or the start.
    Ready,
    Queued,
    Running,
    /// Asked to stop; comes to rest after the batch at hand.
    Stopping,
    Stopped,
    Done,
    Failed,
    Undoing,
    Undone,
}

impl State {
    const ALL: [State; 10] = [
        State::Staging,
        State::Ready,
        State::Queued,
        State::Running,
        State::Stopping,
        State::Stopped,
        State::Done,
        State::Failed,
        State::Undoing,
        State::Undone,
    ];
    pub fn key(self) -> &'static str {
        match self {
            State::Staging => "staging",
            State::Ready => "ready",
            State::Queued => "queued",
            State::Running => "running",
            State::Stopping => "stopping",
            State::Stopped => "stopped",
            State::Done => "done",
            State::Failed => "failed",
            State::Undoing => "undoing",
            State::Undone => "undone",
        }
    }
    /// Work goes on, or will.
    pub fn active(self) -> bool {
        matches!(self, State::Staging | State::Queued | State::Running | State::Stopping | State::Undoing)
    }
}

/// How many lines came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub failed: i64,
    /// Records made on the way, through references.
    pub also: i64,
    /// Lines that looked like a record that was there, or like an earlier line.
    pub alike: i64,
}

impl Counts {
    pub fn done(&self) -> i64 {
        self.created + self.updated + self.unchanged + self.failed
    }
    pub(crate) fn add(&mut self, other: Counts) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.failed += other.failed;
        self.also += other.also;
        self.alike += other.alike;
    }
}

/// What is kept of a file beside its lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileInfo {
    pub read: ReadOptions,
    pub headings: Vec<String>,
    pub encoding: String,
    pub delimiter: String,
    pub sheet: String,
    pub sheets: Vec<String>,
    pub lossy: bool,
    /// Lines that are no lines of the table (ragged, unclosed quotation mark); they count as failed.
    pub broken: i64,
    /// Records made on the way.
    pub also: i64,
    pub alike: i64,
    /// What the last check found.
    pub checked: Option<Counts>,
    /// After undoing: records taken back, and those that could not be.
    pub undone: i64,
    pub kept: i64,
}

/// An import as stored.
#[derive(Clone, Debug)]
pub struct Import {
    pub id: Uuid,
    pub object: String,
    /// Of the file.
    pub name: String,
    pub mapping: Mapping,
    pub state: State,
    pub total: i64,
    pub counts: Counts,
    pub file: FileInfo,
    pub at: jiff::Timestamp,
    pub by: Option<Uuid>,
    /// Why it failed as a whole.
    pub error: Option<Issue>,
}

impl Import {
    pub fn done(&self) -> i64 {
        self.counts.done()
    }
}

/// A line that did not make it.
#[derive(Clone, Debug)]
pub struct BadLine {
    pub n: i64,
    pub at: i64,
    pub cells: Vec<String>,
    pub issues: Vec<Issue>,
}

/// A change that undoing takes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Touch {
    pub object: String,
    pub id: Uuid,
    /// The revision it left, and the one it found.
    pub rev: i64,
    pub prev: i64,
    /// What the changed fields held; none: the record was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Deserialize)]
struct StoredIssue {
    field: String,
    key: String,
    args: Vec<(String, String)>,
}

pub(crate) fn issues_json(issues: &[Issue]) -> String {
    serde_json::to_string(issues).unwrap_or_default()
}

pub(crate) fn issues_of(json: &str) -> Vec<Issue> {
    let stored: Vec<StoredIssue> = serde_json::from_str(json).unwrap_or_default();
    stored.into_iter().map(|s| Issue { field: s.field, key: s.key, args: s.args }).collect()
}

const COLUMNS: &str =
    "id, object, name, mapping, state, total, created, updated, unchanged, failed, options, at, by, error";
const TYPES: [ColumnType; 14] = [
    ColumnType::Id,
    ColumnType::Text,
    ColumnType::Text,
    ColumnType::Text,
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Int,
    ColumnType::Int,
    ColumnType::Int,
    ColumnType::Int,
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Id,
    ColumnType::Text,
];

fn import(row: &[Cell]) -> Option<Import> {
    let text = |i: usize| row.get(i).and_then(Cell::text);
    let int = |i: usize| row.get(i).and_then(Cell::int).unwrap_or_default();
    let file: FileInfo = serde_json::from_str(text(10)?).unwrap_or_default();
    Some(Import {
        id: row.first()?.id()?,
        object: text(1)?.to_owned(),
        name: text(2)?.to_owned(),
        mapping: serde_json::from_str(text(3)?).unwrap_or_default(),
        state: State::ALL.into_iter().find(|s| Some(s.key()) == text(4))?,
        total: int(5),
        counts: Counts { created: int(6), updated: int(7), unchanged: int(8), failed: int(9), also: file.also, alike: file.alike },
        file,
        at: jiff::Timestamp::from_microsecond(int(11)).ok()?,
        by: row.get(12)?.id(),
        error: text(13).and_then(|t| issues_of(t).pop()),
    })
}

pub(crate) async fn load(conn: &mut Conn, id: Uuid) -> Outcome<Import> {
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS).push(" FROM sila_import WHERE id = ").bind(id);
    conn.row(&sql, &TYPES).await?.as_deref().and_then(import).ok_or_else(Fault::not_found)
}

/// The same, held until the transaction ends: nobody else moves this import meanwhile.
pub(crate) async fn lock(tx: &mut Tx, id: Uuid) -> Outcome<Import> {
    let mut sql = tx.sql();
    sql.push("SELECT ").push(COLUMNS).push(" FROM sila_import WHERE id = ").bind(id);
    if !sql.is_sqlite() {
        sql.push(" FOR UPDATE");
    }
    tx.row(&sql, &TYPES).await?.as_deref().and_then(import).ok_or_else(Fault::not_found)
}

/// A job works on it, or will.
pub(crate) async fn has_job(tx: &mut Tx, id: Uuid) -> Outcome<bool> {
    let mut sql = tx.sql();
    sql.push("SELECT COUNT(*) FROM sila_job WHERE live_key = ").bind(format!("import:{id}"));
    Ok(tx.int(&sql).await?.unwrap_or_default() > 0)
}

/// The latest imports, of one person or all, into one object or any.
pub(crate) async fn list(conn: &mut Conn, object: Option<&str>, by: Option<Uuid>, limit: usize) -> Outcome<Vec<Import>> {
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS).push(" FROM sila_import WHERE state <> 'staging'");
    if let Some(object) = object {
        sql.push(" AND object = ").bind(object);
    }
    if let Some(by) = by {
        sql.push(" AND by = ").bind(by);
    }
    sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {}", limit.clamp(1, 200)));
    Ok(conn.rows(&sql, &TYPES).await?.iter().filter_map(|r| import(r)).collect())
}

pub(crate) async fn insert(tx: &mut Tx, i: &Import) -> Outcome<()> {
    let row = vec![
        i.id.into(),
        i.object.as_str().into(),
        i.name.as_str().into(),
        json(&i.mapping)?.into(),
        i.state.key().into(),
        i.total.into(),
        i.done().into(),
        i.counts.created.into(),
        i.counts.updated.into(),
        i.counts.unchanged.into(),
        i.counts.failed.into(),
        json(&i.file)?.into(),
        i.at.into(),
        i.by.into(),
    ];
    let columns = [
        "id", "object", "name", "mapping", "state", "total", "done", "created", "updated", "unchanged", "failed", "options", "at", "by",
    ];
    store::insert_many(tx, "sila_import", &columns, vec![row]).await
}

/// Writes everything of it that may change.
pub(crate) async fn update(tx: &mut Tx, i: &Import) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE sila_import SET state = ").bind(i.state.key()).push(", mapping = ").bind(json(&i.mapping)?);
    sql.push(", total = ").bind(i.total).push(", done = ").bind(i.done()).push(", created = ").bind(i.counts.created);
    sql.push(", updated = ").bind(i.counts.updated).push(", unchanged = ").bind(i.counts.unchanged);
    sql.push(", failed = ").bind(i.counts.failed).push(", options = ").bind(json(&i.file)?);
    let error = i.error.as_ref().map(|e| issues_json(std::slice::from_ref(e)));
    sql.push(", error = ").bind(error).push(" WHERE id = ").bind(i.id);
    tx.exec(&sql).await?;
    tx.notify(format!("import:{}", i.id));
    Ok(())
}

fn json(value: &impl Serialize) -> Outcome<String> {
    serde_json::to_string(value).map_err(Fault::internal)
}

/// A line as JSON: where it stands, and its cells.
fn data(line: &Line) -> String {
    serde_json::to_string(&(line.at, &line.cells)).unwrap_or_default()
}

fn line(n: i64, data: &str) -> Line {
    let (at, cells) = serde_json::from_str(data).unwrap_or_default();
    Line { n, at, cells }
}

const ROW: [&str; 8] = ["import_id", "n", "data", "state", "error", "record_id", "action", "before"];

/// A line on its way into the table: a new one, or the outcome of a done one.
pub(crate) struct Row<'a> {
    pub line: &'a Line,
    pub state: &'static str,
    pub issues: &'a [Issue],
    pub record: Option<Uuid>,
    pub action: Option<&'static str>,
    pub touches: &'a [Touch],
}

impl<'a> Row<'a> {
    pub fn new(line: &'a Line) -> Self {
        Row { line, state: "new", issues: &[], record: None, action: None, touches: &[] }
    }
    pub fn failed(line: &'a Line, issues: &'a [Issue]) -> Self {
        Row { state: "failed", issues, ..Row::new(line) }
    }
}

pub(crate) async fn put_rows(tx: &mut Tx, import: Uuid, rows: &[Row<'_>]) -> Outcome<()> {
    let mut cells = Vec::with_capacity(rows.len());
    for r in rows {
        cells.push(vec![
            import.into(),
            r.line.n.into(),
            // What went in is in the table now; only what failed must be told again.
            if r.state == "done" { Cell::Text(String::new()) } else { data(r.line).into() },
            r.state.into(),
            if r.issues.is_empty() { Cell::Null } else { issues_json(r.issues).into() },
            r.record.into(),
            r.action.into(),
            if r.touches.is_empty() { Cell::Null } else { json(&r.touches)?.into() },
        ]);
    }
    store::insert_many(tx, "sila_import_row", &ROW, cells).await
}

/// The next lines that nothing has been done with, after line `after`.
pub(crate) async fn next_lines(conn: &mut Conn, import: Uuid, after: i64, limit: usize) -> Outcome<Vec<Line>> {
    let mut sql = conn.sql();
    sql.push("SELECT n, data FROM sila_import_row WHERE import_id = ").bind(import).push(" AND state = 'new' AND n > ");
    sql.bind(after).push(&format!(" ORDER BY n LIMIT {limit}"));
    let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text]).await?;
    Ok(rows
        .iter()
        .filter_map(|r| Some(line(r.first()?.int()?, r.get(1)?.text()?)))
        .collect())
}

/// Takes the waiting lines `from..=to` out, to put their outcome in.
pub(crate) async fn take_lines(tx: &mut Tx, import: Uuid, from: i64, to: i64) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_import_row WHERE state = 'new' AND import_id = ").bind(import);
    sql.push(" AND n >= ").bind(from).push(" AND n <= ").bind(to);
    tx.exec(&sql).await.map(|_| ())
}

/// A line that failed, or (after a check) would fail.
pub(crate) async fn bad_lines(conn: &mut Conn, import: Uuid, after: i64, limit: usize) -> Outcome<Vec<BadLine>> {
    let mut sql = conn.sql();
    sql.push("SELECT n, data, error FROM sila_import_row WHERE import_id = ").bind(import);
    sql.push(" AND state IN ('new', 'failed', 'kept') AND error IS NOT NULL AND n > ").bind(after);
    sql.push(&format!(" ORDER BY n LIMIT {limit}"));
    let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text, ColumnType::Text]).await?;
    Ok(rows
        .iter()
        .filter_map(|r| {
            let l = line(r.first()?.int()?, r.get(1)?.text()?);
            Some(BadLine { n: l.n, at: l.at, cells: l.cells, issues: issues_of(r.get(2)?.text()?) })
        })
        .collect())
}

/// Writes down what a check found wrong with lines that stay as they are.
pub(crate) async fn mark_checked(tx: &mut Tx, import: Uuid, bad: &[(i64, Vec<Issue>)]) -> Outcome<()> {
    for (n, issues) in bad {
        let mut sql = tx.sql();
        sql.push("UPDATE sila_import_row SET error = ").bind(issues_json(issues));
        sql.push(" WHERE import_id = ").bind(import).push(" AND n = ").bind(*n);
        tx.exec(&sql).await?;
    }
    Ok(())
}

/// Forgets what an earlier check found.
pub(crate) async fn unmark(tx: &mut Tx, import: Uuid) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE sila_import_row SET error = NULL WHERE state = 'new' AND error IS NOT NULL AND import_id = ").bind(import);
    tx.exec(&sql).await.map(|_| ())
}

pub(crate) async fn delete(tx: &mut Tx, import: Uuid) -> Outcome<()> {
    for (table, column) in [("sila_import_row", "import_id"), ("sila_import", "id")] {
        let mut sql: Sql = tx.sql();
        sql.push("DELETE FROM ").push(table).push(" WHERE ").push(column).push(" = ").bind(import);
        tx.exec(&sql).await?;
    }
    Ok(())
}

/// Done lines from the last backwards, with what they touched.
pub(crate) async fn touched(conn: &mut Conn, import: Uuid, limit: usize) -> Outcome<Vec<(i64, Vec<Touch>)>> {
    let mut sql = conn.sql();
    sql.push("SELECT n, before FROM sila_import_row WHERE import_id = ").bind(import);
    sql.push(&format!(" AND state = 'done' ORDER BY n DESC LIMIT {limit}"));
    let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text]).await?;
    Ok(rows
        .iter()
        .filter_map(|r| {
            let touches = r.get(1)?.text().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
            Some((r.first()?.int()?, touches))
        })
        .collect())
}

/// Notes how the undoing of a line went.
pub(crate) async fn set_undone(tx: &mut Tx, import: Uuid, n: i64, kept: &[Issue]) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE sila_import_row SET state = ").bind(if kept.is_empty() { "undone" } else { "kept" });
    sql.push(", error = ").bind(if kept.is_empty() { None } else { Some(issues_json(kept)) });
    sql.push(" WHERE import_id = ").bind(import).push(" AND n = ").bind(n);
    tx.exec(&sql).await.map(|_| ())
}
