//! How much happened in which month, for jumping in time.
//!
//! Asked for when somebody wants to jump, never to open a page, and counted over the newest entries only: a record with
//! a hundred thousand of them costs no more than one with twenty thousand. Every entry counted is about a record that the
//! reader may read now: the rule stands in the statement.

use super::objects_on;
use crate::load::and_rule;
use crate::{Actor, Company};
use jiff::civil::Date;
use kernel::{Cell, ColumnType, Outcome, Verb};
use text::locale::{Calendar, Locale};
use uuid::Uuid;

/// So many of the newest entries are counted.
const MOST: i64 = 20_000;

/// A month in the reader's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first and last day.
    pub first: Date,
    pub last: Date,
    /// Entries; none: the month lies beyond those that are counted.
    pub n: Option<i64>,
}

impl Company {
    /// The months of a time line, newest first, down to its beginning.
    ///
    /// # Errors
    /// Not found.
    pub async fn timeline_months(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<Month>> {
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        let mut sql = conn.sql();
        sql.push("SELECT at FROM sila_timeline WHERE anchor = ").bind(id).push(&format!(" ORDER BY at DESC, id DESC LIMIT 1 OFFSET {MOST}"));
        let from = conn.int(&sql).await?;
        let registry = self.registry();
        let mut sql = conn.sql();
        sql.push("SELECT l.at FROM sila_timeline l WHERE l.anchor = ").bind(id);
        if let Some(from) = from {
            sql.push(" AND l.at > ").bind(from);
        }
        sql.push(" AND (1 = 0");
        for o in objects_on(&registry, object) {
            let Ok(rule) = actor.rule(o, &Verb::Read) else { continue };
            sql.push(" OR (l.object = ").bind(o.key.as_str());
            // A change of nothing but withheld fields is not shown; without looking into each it is not counted either.
            if o.fields.iter().any(|f| !actor.sees(&o.key, &f.key)) {
                sql.push(" AND l.kind <> 'updated'");
            }
            sql.push(" AND EXISTS (SELECT 1");
            crate::record_sql::from(&mut sql, o, "t");
            sql.push(" WHERE t.\"id\" = l.record_id AND t.\"deleted_at\" IS NULL");
            and_rule(self, actor, o, "t", &rule, &mut sql)?;
            sql.push("))");
        }
        sql.push(") ORDER BY l.at DESC");
        let rows = conn.rows(&sql, &[ColumnType::Int]).await?;
        let mut months: Vec<Month> = Vec::new();
        for at in rows.iter().filter_map(|r| r.first().and_then(Cell::int)) {
            let Ok(at) = jiff::Timestamp::from_microsecond(at) else { continue };
            let day = text::calendar::local_date(at, &actor.locale);
            match months.last_mut() {
                Some(m) if m.first <= day => m.n = m.n.map(|n| n + 1),
                _ => {
                    let (first, last) = month_of(day, &actor.locale);
                    months.push(Month { first, last, n: Some(1) });
                }
            }
        }
        if from.is_some() {
            self.older_months(&mut conn, actor, id, &mut months).await?;
        }
        Ok(months)
    }

    /// Months between the counted entries and the first one of all: without numbers, and only for those who see everything
    /// that is counted (of others nobody knows what they may see there).
    async fn older_months(&self, conn: &mut store::Conn, actor: &Actor, id: Uuid, months: &mut Vec<Month>) -> Outcome<()> {
        let mut sql = conn.sql();
        sql.push("SELECT MIN(at) FROM sila_timeline WHERE anchor = ").bind(id);
        let begin = conn.int(&sql).await?.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
        let Some(begin) = begin.map(|at| text::calendar::local_date(at, &actor.locale)).filter(|_| actor.policy.admin) else { return Ok(()) };
        // The oldest counted month may be cut in the middle.
        if let Some(cut) = months.last_mut() {
            cut.n = None;
        }
        while let Some(day) = months.last().and_then(|m| m.first.yesterday().ok()).filter(|d| *d >= begin) {
            let (first, last) = month_of(day, &actor.locale);
            months.push(Month { first, last, n: None });
            if months.len() > 600 {
                break;
            }
        }
        Ok(())
    }
}

/// First and last day of the month around `day`, in the reader's calendar.
fn month_of(day: Date, locale: &Locale) -> (Date, Date) {
    match locale.calendar {
        Calendar::Gregorian => (day.first_of_month(), day.last_of_month()),
        Calendar::Hijri => {
            let h = text::calendar::to_hijri(day);
            let first = text::calendar::from_hijri(h.year, h.month, 1).unwrap_or(day);
            let length = text::calendar::hijri_month_length(h.year, h.month).unwrap_or(30);
            let last = first.checked_add(jiff::Span::new().days(i64::from(length) - 1)).unwrap_or(day);
            (first, last)
        }
    }
}
