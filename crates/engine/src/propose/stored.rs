//! Runs and proposals in their tables: `sila_run`, `sila_proposal`, `sila_run_touch`.

use super::touch::{Touch, merged};
use super::trial::{Preview, Tried};
use super::{NewProposal, Step, WAITS};
use crate::{Actor, Company, Cx, Token};
use kernel::{Cell, ColumnType, Fault, Issue, Outcome, Verb};
use serde_json::{Map, Value as Json};
use store::Conn;
use uuid::Uuid;

/// Minutes after which a client without sessions begins a new run.
const PAUSE: i64 = 30;
/// Days after which a decided proposal and the way back of a run are forgotten.
const KEPT: i64 = 90;
/// The most a proposer may say to his proposal, in characters.
const MOST_NOTE: usize = 1_000;

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Done,
    Rejected,
    /// What it was based on has changed.
    Stale,
    Expired,
}

impl State {
    pub fn key(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Done => "done",
            State::Rejected => "rejected",
            State::Stale => "stale",
            State::Expired => "expired",
        }
    }
    fn of(key: &str, expires: jiff::Timestamp, now: jiff::Timestamp) -> State {
        match key {
            "done" => State::Done,
            "rejected" => State::Rejected,
            "stale" => State::Stale,
            _ if expires <= now => State::Expired,
            _ => State::Open,
        }
    }
}

/// A proposal as its person sees it.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub id: Uuid,
    pub run: Uuid,
    pub token: Uuid,
    pub user: Uuid,
    pub at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub state: State,
    pub note: String,
    pub steps: Vec<Step>,
    pub preview: Preview,
    pub decided_at: Option<jiff::Timestamp>,
    /// Records that it made, by the number of the step that made them.
    pub made: Vec<(String, Uuid)>,
    pub(crate) mark: String,
}

/// What one session of a token has changed.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: Uuid,
    pub token: Uuid,
    /// What the token is called; empty when it is gone.
    pub token_name: String,
    pub user: Uuid,
    pub client: String,
    pub at: jiff::Timestamp,
    pub last_at: jiff::Timestamp,
    /// Records it changed.
    pub records: i64,
    /// Proposals that wait.
    pub open: i64,
    pub undone_at: Option<jiff::Timestamp>,
}

fn moment(cell: Option<&Cell>) -> Option<jiff::Timestamp> {
    cell.and_then(Cell::int).and_then(|t| jiff::Timestamp::from_microsecond(t).ok())
}

fn after(now: jiff::Timestamp, hours: i64) -> Outcome<jiff::Timestamp> {
    now.checked_add(jiff::SignedDuration::from_hours(hours)).map_err(Fault::internal)
}

/// Keeps a proposal, in the run of its session.
///
/// # Errors
/// Invalid: the run has no room for as many changes.
pub(super) async fn keep(cx: &mut Cx, token: &Token, new: &NewProposal, tried: &Tried) -> Outcome<Proposal> {
    tidy(cx).await?;
    let run = run_of(cx, token, new).await?;
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_run SET last_at = ").bind(cx.now).push(", writes = writes + ").bind(tried.steps.len() as i64);
    sql.push(" WHERE id = ").bind(run).push(" AND writes + ").bind(tried.steps.len() as i64).push(" <= ").bind(i64::from(token.limits.writes));
    if cx.tx.exec(&sql).await? == 0 {
        return Err(Fault::issue(Issue::new("changes", "propose-run-full").arg("max", token.limits.writes)));
    }
    let proposal = Proposal {
        id: cx.new_id(),
        run,
        token: token.id,
        user: cx.actor.id,
        at: cx.now,
        expires_at: after(cx.now, WAITS)?,
        state: State::Open,
        note: new.note.trim().chars().take(MOST_NOTE).collect(),
        steps: tried.steps.clone(),
        preview: tried.preview.clone(),
        decided_at: None,
        made: Vec::new(),
        mark: tried.mark.clone(),
    };
    let text = |json: serde_json::Result<String>| json.map_err(Fault::internal);
    let row = vec![
        proposal.id.into(),
        run.into(),
        token.id.into(),
        cx.actor.id.into(),
        cx.now.into(),
        proposal.expires_at.into(),
        "open".into(),
        proposal.mark.as_str().into(),
        proposal.note.as_str().into(),
        text(serde_json::to_string(&proposal.steps))?.into(),
        text(serde_json::to_string(&proposal.preview))?.into(),
    ];
    let columns = ["id", "run", "token", "user_id", "at", "expires_at", "state", "mark", "note", "steps", "preview"];
    store::insert_many(&mut cx.tx, "sila_proposal", &columns, vec![row]).await?;
    cx.tx.notify(crate::notify::topic(cx.actor.id));
    Ok(proposal)
}

/// The run that is under way, or a new one.
async fn run_of(cx: &mut Cx, token: &Token, new: &NewProposal) -> Outcome<Uuid> {
    let since = cx.now.checked_sub(jiff::SignedDuration::from_mins(PAUSE)).map_err(Fault::internal)?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM sila_run WHERE undone_at IS NULL AND token = ").bind(token.id).push(" AND session = ").bind(new.session.as_str());
    if new.session.is_empty() {
        sql.push(" AND last_at > ").bind(since);
    }
    sql.push(" ORDER BY last_at DESC LIMIT 1");
    if let Some(id) = cx.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)) {
        return Ok(id);
    }
    let id = cx.new_id();
    let row = vec![id.into(), token.id.into(), cx.actor.id.into(), new.session.as_str().into(), new.client.as_str().into(), cx.now.into(), cx.now.into(), 0.into()];
    store::insert_many(&mut cx.tx, "sila_run", &["id", "token", "user_id", "session", "client", "at", "last_at", "writes"], vec![row]).await?;
    Ok(id)
}

/// Drops what nobody decides or takes back any more.
async fn tidy(cx: &mut Cx) -> Outcome<()> {
    let old = after(cx.now, -24 * KEPT)?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_proposal WHERE expires_at < ").bind(old);
    cx.tx.exec(&sql).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_run_touch WHERE run IN (SELECT id FROM sila_run WHERE last_at < ").bind(old).push(")");
    cx.tx.exec(&sql).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_run WHERE last_at < ").bind(old);
    cx.tx.exec(&sql).await.map(|_| ())
}

const COLUMNS: &str = "id, run, token, user_id, at, expires_at, state, mark, note, steps, preview, outcome, decided_at";
const TYPES: [ColumnType; 13] = {
    use ColumnType::{Id, Int, Text};
    [Id, Id, Id, Id, Int, Int, Text, Text, Text, Text, Text, Text, Int]
};

fn proposal(row: &[Cell], now: jiff::Timestamp) -> Option<Proposal> {
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default();
    let expires_at = moment(row.get(5))?;
    Some(Proposal {
        id: row.first()?.id()?,
        run: row.get(1)?.id()?,
        token: row.get(2)?.id()?,
        user: row.get(3)?.id()?,
        at: moment(row.get(4))?,
        expires_at,
        state: State::of(text(6), expires_at, now),
        mark: text(7).to_owned(),
        note: text(8).to_owned(),
        steps: serde_json::from_str(text(9)).unwrap_or_default(),
        preview: serde_json::from_str(text(10)).unwrap_or_default(),
        made: serde_json::from_str(text(11)).unwrap_or_default(),
        decided_at: moment(row.get(12)),
    })
}

/// A proposal of this person (and, where a token asks, of this token).
pub(super) async fn of(conn: &mut Conn, actor: &Actor, id: Uuid, now: jiff::Timestamp) -> Outcome<Proposal> {
    let mut sql = conn.sql();
    sql.push(&format!("SELECT {COLUMNS} FROM sila_proposal WHERE id = ")).bind(id).push(" AND user_id = ").bind(actor.id);
    narrowed(actor, &mut sql);
    conn.row(&sql, &TYPES).await?.and_then(|r| proposal(&r, now)).ok_or_else(Fault::not_found)
}

/// A token knows what it proposed itself; one that writes for its person anyway knows all of his.
fn narrowed(actor: &Actor, sql: &mut store::Sql) {
    let all = actor.scopes.as_ref().is_none_or(|s| s.iter().any(|s| s == "admin"));
    if let (Some(token), false) = (&actor.token, all) {
        sql.push(" AND token = ").bind(token.id);
    }
}

/// Whether the token still works.
pub(super) async fn scopes_of(conn: &mut Conn, token: Uuid, now: jiff::Timestamp) -> Outcome<Option<Vec<String>>> {
    let mut sql = conn.sql();
    sql.push("SELECT scopes FROM sila_token WHERE revoked_at IS NULL AND id = ").bind(token);
    sql.push(" AND (expires_at IS NULL OR expires_at > ").bind(now).push(")");
    let row = conn.row(&sql, &[ColumnType::Text]).await?;
    Ok(row.and_then(|r| r.first().and_then(Cell::text).map(|t| t.split_whitespace().map(str::to_owned).collect())))
}

/// Notes what a confirmed proposal changed: the way back.
pub(super) async fn keep_touches(cx: &mut Cx, run: Uuid, proposal: Uuid, touches: &[Touch]) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT MAX(n) FROM sila_run_touch WHERE run = ").bind(run);
    let first = cx.tx.int(&sql).await?.unwrap_or_default() + 1;
    let registry = cx.registry.clone();
    let mut rows = Vec::new();
    for (n, t) in (first..).zip(merged(touches)) {
        let Some(object) = registry.find(&t.object) else { continue };
        let written = |f: &&kernel::Field| !f.kind.computed() && !matches!(f.kind, kernel::Kind::Rollup { .. });
        let differs = |f: &&kernel::Field| match (&t.before, &t.after) {
            (Some(b), Some(a)) => b.get(&f.key) != a.get(&f.key),
            _ => true,
        };
        let values = |record: &kernel::Record| -> Map<String, Json> {
            object.fields.iter().filter(written).filter(differs).map(|f| (f.key.clone(), record.get(&f.key).to_json())).collect()
        };
        let text = |record: Option<&kernel::Record>| record.map_or(Cell::Null, |r| Json::Object(values(r)).to_string().into());
        // What went to the trash comes back from there: its values are not kept twice.
        let was = text(t.before.as_ref().filter(|_| t.after.is_some()));
        let verb = match (&t.before, &t.after) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "updated",
        };
        rows.push(vec![
            run.into(),
            n.into(),
            proposal.into(),
            t.object.as_str().into(),
            t.id.into(),
            verb.into(),
            i64::from(t.derived).into(),
            was,
            text(t.after.as_ref()),
        ]);
    }
    let columns = ["run", "n", "proposal", "object", "record_id", "verb", "derived", "was", "now"];
    store::insert_many(&mut cx.tx, "sila_run_touch", &columns, rows).await
}

/// One noted change, as stored.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub object: String,
    pub id: Uuid,
    pub verb: String,
    pub derived: bool,
    pub was: Option<Map<String, Json>>,
    pub now: Option<Map<String, Json>>,
}

/// What a run changed, in the order in which it did.
pub(super) async fn touches(conn: &mut Conn, run: Uuid) -> Outcome<Vec<Kept>> {
    let mut sql = conn.sql();
    sql.push("SELECT object, record_id, verb, derived, was, now FROM sila_run_touch WHERE run = ").bind(run).push(" ORDER BY n");
    use ColumnType::{Id, Int, Text};
    let kept = |row: &Vec<Cell>| {
        let map = |i: usize| row.get(i).and_then(Cell::text).and_then(|t| serde_json::from_str(t).ok());
        Some(Kept { object: row.first()?.text()?.to_owned(), id: row.get(1)?.id()?, verb: row.get(2)?.text()?.to_owned(), derived: row.get(3)?.int()? != 0, was: map(4), now: map(5) })
    };
    Ok(conn.rows(&sql, &[Text, Id, Text, Int, Text, Text]).await?.iter().filter_map(kept).collect())
}

impl Company {
    /// The proposals of a person, the latest first; `open`: those that wait.
    ///
    /// # Errors
    /// The database.
    pub async fn proposals(&self, actor: &Actor, open: bool, limit: usize) -> Outcome<Vec<Proposal>> {
        let now = self.now();
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push(&format!("SELECT {COLUMNS} FROM sila_proposal WHERE user_id = ")).bind(actor.id);
        narrowed(actor, &mut sql);
        if open {
            sql.push(" AND state = 'open' AND expires_at > ").bind(now);
        }
        sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {}", limit.clamp(1, 500)));
        let rows = conn.rows(&sql, &TYPES).await?;
        Ok(rows.iter().filter_map(|r| proposal(r, now)).map(|p| self.still_seen(actor, p)).collect())
    }

    /// One proposal of a person.
    ///
    /// # Errors
    /// Not found: no such proposal, or somebody else's.
    pub async fn proposal(&self, actor: &Actor, id: Uuid) -> Outcome<Proposal> {
        let mut conn = self.db().read().await?;
        Ok(self.still_seen(actor, of(&mut conn, actor, id, self.now()).await?))
    }

    /// Without what the person may no longer see.
    fn still_seen(&self, actor: &Actor, mut p: Proposal) -> Proposal {
        let registry = self.registry();
        let before = p.preview.differences.len();
        p.preview.differences.retain(|d| registry.find(&d.object).is_some_and(|o| actor.may(o, &Verb::Read)));
        p.preview.more += before - p.preview.differences.len();
        for d in &mut p.preview.differences {
            d.fields.retain(|field, _| actor.mask(&d.object, field) != Some(kernel::Mask::Hidden));
        }
        p
    }

    /// How many proposals wait for a person.
    ///
    /// # Errors
    /// The database.
    pub async fn proposals_waiting(&self, actor: &Actor) -> Outcome<i64> {
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_proposal WHERE user_id = ").bind(actor.id).push(" AND state = 'open' AND expires_at > ").bind(self.now());
        Ok(conn.int(&sql).await?.unwrap_or_default())
    }

    /// The runs of a person's tokens, the latest first; `all`: of everybody, for administrators.
    ///
    /// # Errors
    /// Forbidden: all of them, for somebody who does not administer the company.
    pub async fn runs(&self, actor: &Actor, all: bool, limit: usize) -> Outcome<Vec<Run>> {
        if all {
            actor.must_administer()?;
        }
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT r.id, r.token, r.user_id, r.client, r.at, r.last_at, r.undone_at, t.name");
        sql.push(", (SELECT COUNT(DISTINCT c.record_id) FROM sila_run_touch c WHERE c.run = r.id AND c.derived = 0)");
        sql.push(", (SELECT COUNT(*) FROM sila_proposal p WHERE p.run = r.id AND p.state = 'open' AND p.expires_at > ").bind(self.now());
        sql.push(") FROM sila_run r LEFT JOIN sila_token t ON t.id = r.token");
        if !all {
            sql.push(" WHERE r.user_id = ").bind(actor.id);
            if let (Some(token), Some(scopes)) = (&actor.token, &actor.scopes)
                && !scopes.iter().any(|s| s == "admin")
            {
                sql.push(" AND r.token = ").bind(token.id);
            }
        }
        sql.push(&format!(" ORDER BY r.last_at DESC, r.id DESC LIMIT {}", limit.clamp(1, 500)));
        use ColumnType::{Id, Int, Text};
        let run = |row: &Vec<Cell>| {
            let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
            let int = |i: usize| row.get(i).and_then(Cell::int).unwrap_or_default();
            Some(Run {
                id: row.first()?.id()?,
                token: row.get(1)?.id()?,
                user: row.get(2)?.id()?,
                client: text(3),
                at: moment(row.get(4))?,
                last_at: moment(row.get(5))?,
                undone_at: moment(row.get(6)),
                token_name: text(7),
                records: int(8),
                open: int(9),
            })
        };
        Ok(conn.rows(&sql, &[Id, Id, Id, Text, Int, Int, Int, Text, Int, Int]).await?.iter().filter_map(run).collect())
    }
}
