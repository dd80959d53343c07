//! When people are not free, without a word of what they do; and the first time at which all of them are.

use crate::window::{self, Row, Whose};
use engine::dav::Busy;
use engine::{Actor, Company};
use kernel::jiff::tz::TimeZone;
use kernel::jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Outcome, Verb};
use std::collections::{BTreeMap, HashSet};
use store::Conn;
use text::locale::Locale;

/// How far ahead a free time is looked for.
const AHEAD_DAYS: i64 = 60;

/// Who declined which of these activities.
///
/// # Errors
/// The database.
pub async fn declined(conn: &mut Conn, activities: &[Uuid]) -> Outcome<HashSet<(Uuid, Uuid)>> {
    let mut found = HashSet::new();
    for chunk in activities.chunks(500) {
        let mut sql = conn.sql();
        sql.push("SELECT activity, \"user\" FROM attendee WHERE deleted_at IS NULL AND state = 'declined' AND \"user\" IS NOT NULL AND activity IN ");
        sql.bind_list(chunk.iter().map(|i| Cell::Id(*i)));
        for r in conn.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await? {
            found.extend(r.first().and_then(Cell::id).zip(r.get(1).and_then(Cell::id)));
        }
    }
    Ok(found)
}

/// The spans in which each of these colleagues is taken. Only times come out: no subject, no place, no id.
///
/// # Errors
/// Not found: the asker may not see colleagues or has nothing to do with activities at all. The database.
pub async fn of_people(company: &Company, actor: &Actor, people: &[Uuid], from: Timestamp, to: Timestamp) -> Outcome<BTreeMap<Uuid, Vec<Busy>>> {
    let registry = company.registry();
    actor.rule(registry.object("activity")?.as_ref(), &Verb::Read)?;
    actor.rule(registry.object("user")?.as_ref(), &Verb::Read)?;
    let mut all: BTreeMap<Uuid, Vec<Busy>> = people.iter().map(|p| (*p, Vec::new())).collect();
    let mut conn = company.db().read().await?;
    let rows = window::rows(&mut conn, company, &company.system(), from, to, &Whose::People(people.to_vec())).await?;
    let rows: Vec<Row> = rows.into_iter().filter(Row::blocks).collect();
    let exceptions = window::exceptions(&mut conn, &rows).await?;
    let not = declined(&mut conn, &rows.iter().map(|r| r.id).collect::<Vec<_>>()).await?;
    drop(conn);
    for span in window::spans(&rows, &exceptions, from, to) {
        let Some(row) = rows.get(span.row) else { continue };
        for (person, list) in &mut all {
            if row.takes_part(*person) && !not.contains(&(row.id, *person)) {
                list.push(Busy { start: span.start.max(from), end: span.end.min(to), tentative: false });
            }
        }
    }
    for list in all.values_mut() {
        *list = joined(std::mem::take(list));
    }
    Ok(all)
}

/// Spans that touch or overlap become one.
pub fn joined(mut list: Vec<Busy>) -> Vec<Busy> {
    list.sort();
    let mut out: Vec<Busy> = Vec::new();
    for b in list {
        match out.last_mut() {
            Some(last) if b.start <= last.end && b.tentative == last.tentative => last.end = last.end.max(b.end),
            _ => out.push(b),
        }
    }
    out
}

/// Hours of work, holidays, and the week in which they lie.
pub struct Hours<'a> {
    pub locale: &'a Locale,
    /// Minutes after midnight.
    pub opens: i64,
    pub closes: i64,
    pub closed: &'a HashSet<kernel::jiff::civil::Date>,
}

/// The first times of `length` from `from` on at which nobody is taken, within working hours, on the quarter of an hour.
pub fn free(busy: &[Busy], from: Timestamp, length: SignedDuration, hours: &Hours<'_>, most: usize) -> Vec<Timestamp> {
    let zone = text::calendar::time_zone(hours.locale);
    let mut found = Vec::new();
    let first = from.to_zoned(zone.clone()).date();
    for day in (0..AHEAD_DAYS).filter_map(|n| first.checked_add(n.days()).ok()) {
        if hours.locale.is_weekend(day.weekday()) || hours.closed.contains(&day) {
            continue;
        }
        let at = |minutes: i64| day_at(day, minutes, &zone);
        let (Some(opens), Some(closes)) = (at(hours.opens), at(hours.closes)) else { continue };
        let mut t = quarter(opens.max(from));
        while let Ok(end) = t.checked_add(length)
            && end <= closes
        {
            match busy.iter().filter(|b| b.start < end && b.end > t).map(|b| b.end).max() {
                Some(until) => t = quarter(until),
                None => {
                    found.push(t);
                    if found.len() >= most {
                        return found;
                    }
                    t = quarter(end);
                }
            }
        }
    }
    found
}

fn day_at(day: kernel::jiff::civil::Date, minutes: i64, zone: &TimeZone) -> Option<Timestamp> {
    let time = kernel::jiff::civil::Time::new(i8::try_from(minutes / 60).ok()?.min(23), i8::try_from(minutes % 60).ok()?, 0, 0).ok()?;
    day.to_datetime(time).to_zoned(zone.clone()).ok().map(|z| z.timestamp())
}

/// The next full quarter of an hour.
fn quarter(t: Timestamp) -> Timestamp {
    const QUARTER: i64 = 15 * 60;
    let s = t.as_second() + i64::from(t.subsec_nanosecond() > 0);
    Timestamp::from_second(s.div_euclid(QUARTER) * QUARTER + if s % QUARTER == 0 { 0 } else { QUARTER }).unwrap_or(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_time_at_which_all_are_free() {
        let t = |s: &str| s.parse::<Timestamp>().unwrap();
        let busy = |a: &str, b: &str| Busy { start: t(a), end: t(b), tentative: false };
        // Thursday 26 November 2026 in Riyadh; the company works Sunday to Thursday, eight to five.
        let list = joined(vec![busy("2026-11-26T06:00:00Z", "2026-11-26T08:10:00Z"), busy("2026-11-26T08:00:00Z", "2026-11-26T09:50:00Z")]);
        assert_eq!(list.len(), 1);
        let locale = Locale::ar("SA");
        let closed = HashSet::from(["2026-11-29".parse().unwrap()]);
        let hours = Hours { locale: &locale, opens: 8 * 60, closes: 17 * 60, closed: &closed };
        let found = free(&list, t("2026-11-26T06:20:00Z"), SignedDuration::from_mins(120), &hours, 4);
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        // Twice on that day, then not on Friday, Saturday, nor the holiday on Sunday.
        assert_eq!(shown, ["2026-11-26T10:00:00Z", "2026-11-26T12:00:00Z", "2026-11-30T05:00:00Z", "2026-11-30T07:00:00Z"]);
    }
}
