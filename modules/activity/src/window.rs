//! The activities that touch a span of time, and the moments on which series fall within it.

use crate::repeat;
use engine::{Actor, Company, Query};
use ical::{Rule, Series};
use kernel::jiff::Timestamp;
use kernel::jiff::tz::TimeZone;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Outcome};
use std::collections::{BTreeSet, HashSet};
use store::{Conn, Sql};

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
    &[Id, Int, Text, Text, Text, Int, Int, Int, Text, Text, Id, Int, Id, Text, Text, Text, Text]
};

/// The rows that touch `from..to` and that `actor` may read, earliest first.
///
/// # Errors
/// Not found: he may read no activity. The database.
pub async fn rows(conn: &mut Conn, company: &Company, actor: &Actor, from: Timestamp, to: Timestamp, whose: &Whose, more: Option<Expr>) -> Outcome<Vec<Row>> {
    let registry = company.registry();
    let object = registry.object("activity")?;
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS);
    let mut query = Query::new("activity");
    query.filter = more;
    company.rows_where(actor, object, &query, &mut sql)?;
    sql.push(" AND t.at < ").bind(to).push(" AND t.last >= ").bind(from);
    restrict(&mut sql, whose);
    sql.push(&format!(" ORDER BY t.at, t.id LIMIT {MOST}"));
    Ok(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| row(r)).collect())
}

fn restrict(sql: &mut Sql, whose: &Whose) {
    let linked = |sql: &mut Sql, field: &str, ids: &[Uuid]| {
        sql.push("EXISTS (SELECT 1 FROM sila_link l WHERE l.record_id = t.id AND l.object = 'activity' AND l.field = ").bind(field);
        sql.push(" AND l.target_id IN ").bind_list(ids.iter().map(|i| Cell::Id(*i))).push(")");
    };
    match whose {
        Whose::Everybody => {}
        Whose::People(ids) => {
            sql.push(" AND (t.owner IN ").bind_list(ids.iter().map(|i| Cell::Id(*i))).push(" OR ");
            linked(sql, "colleagues", ids);
            sql.push(")");
        }
        Whose::Resources(ids) => {
            sql.push(" AND ");
            linked(sql, "resources", ids);
        }
    }
}

fn row(r: &[Cell]) -> Option<Row> {
    let text = |i: usize| r.get(i).and_then(Cell::text).unwrap_or_default();
    let at = |i: usize| r.get(i).and_then(Cell::int).and_then(|t| Timestamp::from_microsecond(t).ok());
    let id = |i: usize| r.get(i).and_then(Cell::id);
    let ids = |i: usize| text(i).split('|').filter_map(|p| p.parse().ok()).collect();
    Some(Row {
        id: id(0)?,
        rev: r.get(1)?.int()?,
        subject: text(2).to_owned(),
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
        place: text(15).to_owned(),
        private: text(16) == "private",
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
