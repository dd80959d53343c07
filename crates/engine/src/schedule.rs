//! Work by the calendar: cron lines of the modules, in the company's time zone.
//!
//! Every node looks; the one whose conditional update moves `next_at` on enqueues the job, in the same transaction.
//! What was missed while no node ran is done once, not once for each missed time.

use crate::{Company, JobKind, Schedule};
use croner::Cron;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::{Cell, ColumnType, Fault, Outcome};
use std::str::FromStr;
use store::queue::{self, NewJob};

/// The engine's own: at night, when nobody minds.
const OWN: &[Schedule] = &[
    Schedule { key: "engine.tidy", cron: "17 3 * * *", job: "engine.tidy" },
    Schedule { key: "engine.duplicates", cron: "40 2 * * *", job: crate::duplicates::sweep::JOB },
    crate::notify::DIGEST,
    // The head of the audit is written down, and reads whose time is over go.
    Schedule { key: "audit.keep", cron: "41 2 * * *", job: "audit.keep" },
];

/// Finished jobs are of interest for a month.
const JOBS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);
/// A file that was not taken in within a day (the server was killed meanwhile) never will be.
const STAGING_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

pub(crate) fn jobs() -> Vec<JobKind> {
    vec![
        JobKind { key: "engine.tidy", run: |cx| Box::pin(async move { tidy(&cx.company).await }) },
        JobKind {
            key: "audit.keep",
            run: |cx| {
                Box::pin(async move {
                    let retired = cx.company.retire_reads().await?;
                    let head = cx.company.anchor_audit().await?;
                    tracing::info!(retired, seq = head.map(|h| h.seq), "audit kept");
                    Ok(())
                })
            },
        },
        JobKind { key: crate::rollup::JOB, run: |cx| Box::pin(async move { crate::rollup::rebuild_all(&cx.company).await.map(|_| ()) }) },
    ]
}

/// Removes what nobody needs any more.
///
/// # Errors
/// The database.
pub async fn tidy(company: &Company) -> Outcome<()> {
    let before = |kept: jiff::SignedDuration| company.now().checked_sub(kept).map_err(Fault::internal);
    let mut tx = company.db().write().await?;
    let jobs = queue::purge(&mut tx, before(JOBS_KEPT)?.as_microsecond()).await?;
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_import_row WHERE import_id IN (SELECT id FROM sila_import WHERE state = 'staging' AND at < ");
    sql.bind(before(STAGING_KEPT)?).push(")");
    tx.exec(&sql).await?;
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_import WHERE state = 'staging' AND at < ").bind(before(STAGING_KEPT)?);
    let imports = tx.exec(&sql).await?;
    let notices = crate::notify::tidy(&mut tx, company.now()).await?;
    tx.commit().await?;
    tracing::info!(jobs, imports, notices, "tidied");
    company.db().optimize().await
}

/// The first time after `after` at which the cron line (minute, hour, day, month, weekday) strikes in `zone`.
///
/// # Errors
/// Internal: the line cannot be read or never strikes; it was written by a programmer.
pub fn next(cron: &str, zone: &TimeZone, after: Timestamp) -> Outcome<Timestamp> {
    let bad = |e: &dyn std::fmt::Display| Fault::internal(format!("schedule {cron}: {e}"));
    let line = Cron::from_str(cron).map_err(|e| bad(&e))?;
    let from = after.to_zoned(zone.clone());
    let strike = line.find_next_occurrence(&from, false).map_err(|e| bad(&e))?;
    Ok(strike.timestamp())
}

fn zone(company: &Company) -> TimeZone {
    TimeZone::get(&company.settings().zone).unwrap_or(TimeZone::UTC)
}

/// Brings the stored schedules up to the declared ones; those no module declares any more are removed.
///
/// # Errors
/// A cron line that cannot be read; the database.
pub async fn sync(company: &Company) -> Outcome<()> {
    let zone = zone(company);
    let now = company.now();
    let mut tx = company.db().write().await?;
    let sql = store::Sql::of(tx.dialect(), "SELECT key, cron, kind FROM sila_schedule");
    let stored: Vec<(String, String, String)> = tx
        .rows(&sql, &[ColumnType::Text; 3])
        .await?
        .iter()
        .map(|r| {
            let text = |i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
            (text(0), text(1), text(2))
        })
        .collect();
    let declared: Vec<_> = company.modules().iter().flat_map(|m| &m.schedules).chain(OWN).collect();
    for (key, ..) in stored.iter().filter(|(k, ..)| !declared.iter().any(|d| d.key == k)) {
        let mut sql = tx.sql();
        sql.push("DELETE FROM sila_schedule WHERE key = ").bind(key.as_str());
        tx.exec(&sql).await?;
    }
    for d in declared {
        if stored.iter().any(|(k, c, j)| k == d.key && c == d.cron && j == d.job) {
            continue;
        }
        let at = next(d.cron, &zone, now)?;
        let mut sql = tx.sql();
        sql.push("INSERT INTO sila_schedule (key, cron, kind, payload, next_at, active) VALUES (").bind(d.key);
        sql.push(", ").bind(d.cron).push(", ").bind(d.job).push(", '{}', ").bind(at);
        sql.push(", 1) ON CONFLICT (key) DO UPDATE SET cron = excluded.cron, kind = excluded.kind, next_at = excluded.next_at");
        tx.exec(&sql).await?;
    }
    tx.commit().await
}

/// When the next schedule strikes, in microseconds.
pub(crate) async fn next_due(conn: &mut store::Conn) -> Outcome<Option<i64>> {
    conn.int(&store::Sql::of(conn.dialect(), "SELECT MIN(next_at) FROM sila_schedule WHERE active = 1")).await
}

/// Enqueues the jobs of all schedules whose time has come; returns how many this node fired.
///
/// # Errors
/// The database.
pub async fn fire(company: &Company) -> Outcome<usize> {
    let now = company.now();
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT key, cron, kind, payload, next_at FROM sila_schedule WHERE active = 1 AND next_at <= ").bind(now);
    let types = [ColumnType::Text, ColumnType::Text, ColumnType::Text, ColumnType::Text, ColumnType::Int];
    let due = conn.rows(&sql, &types).await?;
    drop(conn);
    let mut fired = 0;
    for row in due {
        let [Cell::Text(key), Cell::Text(cron), Cell::Text(kind), Cell::Text(payload), Cell::Int(at)] = row.as_slice() else {
            continue;
        };
        let after = match next(cron, &zone(company), now) {
            Ok(after) => after,
            Err(error) => {
                tracing::error!(schedule = key, %error, "schedule skipped");
                continue;
            }
        };
        let mut tx = company.db().write().await?;
        let mut sql = tx.sql();
        sql.push("UPDATE sila_schedule SET last_at = ").bind(now).push(", next_at = ").bind(after);
        sql.push(" WHERE active = 1 AND key = ").bind(key.as_str()).push(" AND next_at = ").bind(*at);
        if tx.exec(&sql).await? == 0 {
            // Another node was first.
            tx.rollback().await?;
            continue;
        }
        let payload = serde_json::from_str(payload).unwrap_or_default();
        // With a key: while the last run is still waiting or running there is no second one behind it.
        queue::enqueue(&mut tx, &NewJob::new(kind.as_str(), payload).key(format!("schedule:{key}"))).await?;
        tx.commit().await?;
        fired += 1;
    }
    Ok(fired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cron_lines_strike_in_the_zone() {
        let zone = TimeZone::get("Asia/Riyadh").unwrap();
        let at = |t: &str| t.parse::<Timestamp>().unwrap();
        assert_eq!(next("0 6 * * *", &zone, at("2026-03-01T02:59:59Z")).unwrap(), at("2026-03-01T03:00:00Z"));
        assert_eq!(next("0 6 * * *", &zone, at("2026-03-01T03:00:00Z")).unwrap(), at("2026-03-02T03:00:00Z"));
        assert_eq!(next("*/15 * * * *", &zone, at("2026-03-01T03:07:00Z")).unwrap(), at("2026-03-01T03:15:00Z"));
        // Sunday is 0; the Saudi week begins with it.
        assert_eq!(next("30 8 * * 0", &zone, at("2026-03-02T00:00:00Z")).unwrap(), at("2026-03-08T05:30:00Z"));
        assert!(next("every day", &zone, at("2026-03-01T00:00:00Z")).is_err());
    }
}
