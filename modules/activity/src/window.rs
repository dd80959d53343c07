//! The activities that touch a span of time, and the moments on which series fall within it.

use crate::repeat;
use engine::{Actor, Company, Query};
use ical::{Rule, Series};
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::jiff::tz::TimeZone;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Outcome};
use std::collections::{BTreeSet, HashSet};
use store::{Conn, Dialect, Sql};

/// Rows of one window; more than that is no calendar anybody reads.
pub const MOST: usize = 5_000;
/// Occurrences of one series within a window.
const MOST_OF_ONE: usize = 1_000;

/// Whose activities.
#[derive(Clone, Debug, Default)]
pub enum Whose {
    #[default]
    Everybody,
    /// Owned by one of them, or with one of them taking part.
    People(Vec<Uuid>),
    Resources(Vec<Uuid>),
}

/// What a calendar needs of an activity.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: Uuid,
    pub rev: i64,
    pub subject: String,
    pub kind: String,
    pub status: String,
    pub at: Timestamp,
    pub ends: Option<Timestamp>,
    pub all_day: bool,
    pub zone: String,
    pub rule: Option<Rule>,
    pub series: Option<Uuid>,
    pub occurrence: Option<Timestamp>,
    pub owner: Option<Uuid>,
    pub colleagues: Vec<Uuid>,
    pub resources: Vec<Uuid>,
    pub place: String,
    pub private: bool,
    /// The reader may know of it only that these people are taken then.
    pub secret: bool,
}

/// An activity at one of its moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Index of the row.
    pub row: usize,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Row {
    pub fn takes_part(&self, user: Uuid) -> bool {
        self.owner == Some(user) || self.colleagues.contains(&user)
    }
    /// Whether it is found by how far it reaches.
    fn far(&self) -> bool {
        self.rule.is_some() || far(self.at, self.end())
    }
    pub fn end(&self) -> Timestamp {
        self.ends.unwrap_or(self.at)
    }
    /// Whether it keeps people from doing something else.
    pub fn blocks(&self) -> bool {
        self.status == "planned" && self.end() > self.at && self.kind != "task"
    }
}

const COLUMNS: &str = "t.id, t.rev, t.subject, t.kind, t.status, t.at, t.ends, t.all_day, t.zone, t.rule, t.series, t.occurrence, t.owner, t.colleagues, \
    t.resources, t.place, t.privacy";
const TYPES: &[ColumnType] = {
    use ColumnType::{Id, Int, Text};
    &[Id, Int, Text, Text, Text, Int, Int, Int, Text, Text, Id, Int, Id, Text, Text, Text, Text, Int]
};

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub from: Timestamp,
    pub to: Timestamp,
    pub whose: &'a Whose,
    /// Only the first so many of each day, where the days begin at these moments; series and what is long come beside them.
    pub each_day: Option<(&'a [Timestamp], usize)>,
}

/// Rows, and whether there are more.
#[derive(Debug, Default)]
pub struct Found {
    pub rows: Vec<Row>,
    /// Days, by their place in [`Asked::each_day`], of which more was there than was read.
    pub full: BTreeSet<usize>,
}

/// Whether something that happens once is long.
pub fn far(at: Timestamp, end: Timestamp) -> bool {
    end.duration_since(at) >= SHORT
}

/// The rows that touch `from..to` and that `actor` may read, earliest first.
///
/// # Errors
/// Not found: he may read no activity. The database.
pub async fn rows(conn: &mut Conn, company: &Company, actor: &Actor, from: Timestamp, to: Timestamp, whose: &Whose) -> Outcome<Vec<Row>> {
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS).push(", 1");
    read(conn, sql, company, actor, &Asked { from, to, whose, each_day: None }).await.map(|f| f.rows)
}

/// The same of everybody, for a calendar that also shows when others are taken: of what `actor` may not read, times and
/// people alone ([`Row::secret`]).
///
/// # Errors
/// As [`rows`].
pub async fn with_secrets(conn: &mut Conn, company: &Company, actor: &Actor, asked: &Asked<'_>) -> Outcome<Found> {
    let registry = company.registry();
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS).push(", CASE WHEN ");
    company.readable_sql(actor, registry.object("activity")?, "t", &mut sql)?;
    sql.push(" THEN 1 ELSE 0 END");
    read(conn, sql, company, &company.system(), asked).await
}

async fn read(conn: &mut Conn, mut sql: Sql, company: &Company, actor: &Actor, asked: &Asked<'_>) -> Outcome<Found> {
    let registry = company.registry();
    company.rows_where(actor, registry.object("activity")?, &Query::new("activity"), &mut sql)?;
    sql.push(" AND t.id IN (");
    candidates(&mut sql, asked);
    sql.push(&format!(") ORDER BY t.at, t.id LIMIT {MOST}"));
    let rows: Vec<Row> = conn.rows(&sql, TYPES).await?.iter().filter_map(|r| row(r)).collect();
    let mut full = BTreeSet::new();
    if let Some((days, most)) = asked.each_day {
        let mut counts = vec![0_usize; days.len()];
        for r in rows.iter().filter(|r| !r.far()) {
            if let Some(n) = days.partition_point(|d| *d <= r.at).checked_sub(1).and_then(|i| counts.get_mut(i)) {
                *n += 1;
            }
        }
        full.extend(counts.iter().enumerate().filter(|(_, n)| **n >= most).map(|(i, _)| i));
    }
    Ok(Found { rows, full })
}

/// What is shorter than this is found by its beginning; longer ones and series by how far they reach.
pub const SHORT: SignedDuration = SignedDuration::from_hours(4);

/// Ids of what touches the window, by two indexes: where short ones begin, and how far the others reach.
fn candidates(sql: &mut Sql, asked: &Asked<'_>) {
    let (from, to) = (asked.from, asked.to);
    if let Whose::People(ids) | Whose::Resources(ids) = asked.whose {
        sql.push("WITH who(id) AS (");
        let as_id = if sql.dialect() == Dialect::Sqlite { " AS BLOB)" } else { " AS uuid)" };
        for (i, id) in ids.iter().enumerate() {
            sql.push(if i == 0 { "SELECT CAST(" } else { " UNION ALL SELECT CAST(" }).bind(*id).push(as_id);
        }
        sql.push(if ids.is_empty() { "SELECT NULL) " } else { ") " });
    }
    let short = |sql: &mut Sql, from: Timestamp, to: Timestamp| {
        sql.push("SELECT a.id FROM activity a WHERE a.far IS NULL AND a.at >= ").bind(from.saturating_sub(SHORT).unwrap_or(from));
        sql.push(" AND a.at < ").bind(to).push(" AND a.last >= ").bind(from).push(" AND a.deleted_at IS NULL");
        restrict(sql, asked.whose);
    };
    match asked.each_day {
        None => short(sql, from, to),
        Some((days, most)) => {
            for (i, day) in days.iter().enumerate() {
                let end = days.get(i + 1).copied().unwrap_or(to);
                sql.push(if i == 0 { "SELECT id FROM (" } else { " UNION ALL SELECT id FROM (" });
                short(sql, *day, end);
                sql.push(&format!(" ORDER BY a.at, a.id LIMIT {most}) d{i}"));
            }
        }
    }
    sql.push(" UNION ALL SELECT a.id FROM activity a WHERE a.far >= ").bind(from).push(" AND a.at < ").bind(to).push(" AND a.deleted_at IS NULL");
    restrict(sql, asked.whose);
}

fn restrict(sql: &mut Sql, whose: &Whose) {
    let linked = |sql: &mut Sql, field: &str| {
        sql.push("EXISTS (SELECT 1 FROM sila_link l WHERE l.record_id = a.id AND l.object = 'activity' AND l.field = ").bind(field);
        sql.push(" AND l.target_id IN (SELECT id FROM who))");
    };
    match whose {
        Whose::Everybody => {}
        Whose::People(_) => {
            sql.push(" AND (a.owner IN (SELECT id FROM who) OR ");
            linked(sql, "colleagues");
            sql.push(")");
        }
        Whose::Resources(_) => {
            sql.push(" AND ");
            linked(sql, "resources");
        }
    }
}

fn row(r: &[Cell]) -> Option<Row> {
    let text = |i: usize| r.get(i).and_then(Cell::text).unwrap_or_default();
    let at = |i: usize| r.get(i).and_then(Cell::int).and_then(|t| Timestamp::from_microsecond(t).ok());
    let id = |i: usize| r.get(i).and_then(Cell::id);
    let ids = |i: usize| text(i).split('|').filter_map(|p| p.parse().ok()).collect();
    let secret = r.get(17)?.int() != Some(1);
    let told = |i: usize| if secret { String::new() } else { text(i).to_owned() };
    Some(Row {
        id: id(0)?,
        rev: r.get(1)?.int()?,
        subject: told(2),
        kind: text(3).to_owned(),
        status: text(4).to_owned(),
        at: at(5)?,
        ends: at(6),
        all_day: r.get(7)?.int() == Some(1),
        zone: text(8).to_owned(),
        // What was stored has been checked; what another version stored and this one cannot read happens once.
        rule: Some(text(9)).filter(|t| !t.is_empty()).and_then(|t| Rule::parse(t).ok()),
        series: id(10),
        occurrence: at(11),
        owner: id(12),
        colleagues: ids(13),
        resources: ids(14),
        place: told(15),
        private: text(16) == "private",
        secret,
    })
}

/// The occurrences that stand elsewhere, were done, or are cancelled: rows of their own speak for them.
///
/// # Errors
/// The database.
pub async fn exceptions(conn: &mut Conn, rows: &[Row]) -> Outcome<HashSet<(Uuid, Timestamp)>> {
    let series: BTreeSet<Uuid> = rows.iter().filter(|r| r.rule.is_some()).map(|r| r.id).collect();
    let mut found = HashSet::new();
    let series: Vec<Uuid> = series.into_iter().collect();
    for chunk in series.chunks(500) {
        let mut sql = conn.sql();
        sql.push("SELECT series, occurrence FROM activity WHERE deleted_at IS NULL AND series IN ").bind_list(chunk.iter().map(|i| Cell::Id(*i)));
        for r in conn.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await? {
            if let (Some(id), Some(at)) = (r.first().and_then(Cell::id), r.get(1).and_then(Cell::int)) {
                found.insert((id, Timestamp::from_microsecond(at).unwrap_or_default()));
            }
        }
    }
    Ok(found)
}

/// The rows at their moments within `from..to`, earliest first. Cancelled occurrences of a series are left out.
pub fn spans(rows: &[Row], exceptions: &HashSet<(Uuid, Timestamp)>, from: Timestamp, to: Timestamp) -> Vec<Span> {
    let mut out = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let length = repeat::length(row.at, row.ends);
        match &row.rule {
            None if row.series.is_some() && row.status == "cancelled" => {}
            None => out.push(Span { row: i, start: row.at, end: row.end() }),
            Some(rule) => {
                let zone = TimeZone::get(&row.zone).unwrap_or(TimeZone::UTC);
                let start = row.at.to_zoned(zone.clone()).datetime();
                let early = from.saturating_sub(length).unwrap_or(from);
                for at in (Series { rule, start, zone: &zone }).between(early, to, MOST_OF_ONE) {
                    if !exceptions.contains(&(row.id, at)) {
                        out.push(Span { row: i, start: at, end: at.saturating_add(length).unwrap_or(at) });
                    }
                }
            }
        }
    }
    // What ends as the window begins is not in it, except a moment.
    out.retain(|s| s.start < to && (s.end > from || (s.start == s.end && s.start >= from)));
    out.sort_by_key(|s| (s.start, s.end));
    out
}
