//! Reminders: one waiting job per activity, at the moment of its next reminder.
//!
//! The job reads the activity anew, so what was moved, done or cancelled meanwhile is not reminded of; notice and
//! acknowledgement are one transaction, so that nobody is reminded twice, whatever stops in between.

use crate::repeat;
use crate::touched::Touched;
use engine::{Cx, JobCx, JobKind, Notice};
use ical::Series;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Fault, FaultKind, Outcome, Record, Value};
use serde_json::json;
use std::collections::BTreeSet;
use store::queue::{self, NewJob};

const JOB: &str = "activity.remind";
/// What became due so long ago, because the program stood still, is no reminder any more.
const LATE: SignedDuration = SignedDuration::from_hours(12);

pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: JOB, run: |job| Box::pin(run(job)) }]
}

fn key(id: Uuid) -> String {
    format!("remind:{id}")
}

/// The reminders of a record from `from` on: when, and of which occurrence. At most a few of the next ones.
fn upcoming(record: &Record, exceptions: &BTreeSet<Timestamp>, from: Timestamp) -> Outcome<Vec<(Timestamp, Timestamp)>> {
    let Value::List(keys) = record.get("reminders") else { return Ok(Vec::new()) };
    let Some(at) = record.get("at").datetime() else { return Ok(Vec::new()) };
    if record.get("status").text() != Some("planned") {
        return Ok(Vec::new());
    }
    let minutes: Vec<i64> = keys.iter().filter_map(|k| k.parse().ok()).collect();
    let starts = match repeat::rule(record)? {
        None => vec![at],
        Some(rule) => {
            let zone = repeat::zone(record);
            let start = at.to_zoned(zone.clone()).datetime();
            Series { rule: &rule, start, zone: &zone }.between(from, repeat::never(), exceptions.len() + 30)
        }
    };
    let mut all: Vec<(Timestamp, Timestamp)> = starts
        .into_iter()
        .filter(|s| !exceptions.contains(s))
        .flat_map(|s| minutes.iter().filter_map(move |m| Some((s.checked_sub(SignedDuration::from_mins(*m)).ok()?, s))))
        .filter(|(due, _)| *due >= from)
        .collect();
    all.sort();
    Ok(all)
}

async fn exceptions(cx: &mut Cx, series: Uuid) -> Outcome<BTreeSet<Timestamp>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT occurrence FROM activity WHERE deleted_at IS NULL AND series = ").bind(series);
    let rows = cx.tx.rows(&sql, &[kernel::ColumnType::Int]).await?;
    Ok(rows.iter().filter_map(|r| Timestamp::from_microsecond(r.first()?.int()?).ok()).collect())
}

async fn plan(cx: &mut Cx, record: &Record, from: Timestamp) -> Outcome<()> {
    let except = if record.get("rule").is_null() { BTreeSet::new() } else { exceptions(cx, record.id).await? };
    if let Some((due, _)) = upcoming(record, &except, from)?.first() {
        let payload = json!({"activity": record.id, "at": due.as_microsecond()});
        queue::enqueue(&mut cx.tx, &NewJob::new(JOB, payload).key(key(record.id)).run_at(due.as_microsecond())).await?;
    }
    Ok(())
}

/// After a change: the waiting reminder goes, the next one is planned. An occurrence of its own changes what its series reminds of.
pub async fn renew(cx: &mut Cx, t: &Touched<'_>) -> Outcome<()> {
    let Some(record) = t.record() else { return Ok(()) };
    let now = cx.now;
    queue::cancel(&mut cx.tx, &key(record.id)).await?;
    if let Some(after) = t.after {
        plan(cx, after, now).await?;
    }
    if let Some(series) = record.get("series").id() {
        let (company, system) = (cx.company.clone(), cx.company.system());
        match company.get_in(&mut cx.tx, &system, "activity", series).await {
            Ok(series) => {
                queue::cancel(&mut cx.tx, &key(series.id)).await?;
                plan(cx, &series, now).await?;
            }
            // The series goes, and this with it.
            Err(f) if f.kind == FaultKind::NotFound => {}
            Err(f) => return Err(f),
        }
    }
    Ok(())
}

async fn run(job: JobCx) -> Outcome<()> {
    let id: Uuid = job.job.payload["activity"].as_str().and_then(|t| t.parse().ok()).ok_or_else(|| Fault::internal("a reminder without an activity"))?;
    let due = Timestamp::from_microsecond(job.job.payload["at"].as_i64().unwrap_or_default()).map_err(Fault::internal)?;
    let system = job.company.system();
    let mut cx = job.company.write(&system).await?;
    // Whoever changes the activity now waits, or is waited for.
    let mut sql = cx.tx.sql();
    sql.push("SELECT rev FROM activity WHERE id = ").bind(id);
    if sql.dialect() == store::Dialect::Postgres {
        sql.push(" FOR UPDATE");
    }
    cx.tx.int(&sql).await?;
    let company = cx.company.clone();
    let record = match company.get_in(&mut cx.tx, &system, "activity", id).await {
        Ok(record) => record,
        Err(f) if f.kind == FaultKind::NotFound => {
            job.finish(&mut cx).await?;
            return cx.commit().await;
        }
        Err(f) => return Err(f),
    };
    let except = exceptions(&mut cx, id).await?;
    let now = cx.now;
    let told = upcoming(&record, &except, due)?;
    if told.iter().any(|(d, _)| *d == due) && now.duration_since(due) < LATE {
        let colleagues = if let Value::Ids(ids) = record.get("colleagues") { ids.clone() } else { Vec::new() };
        let people: BTreeSet<Uuid> = colleagues.into_iter().chain(record.get("owner").id()).collect();
        let declined = crate::busy::declined(&mut cx.tx, &[id]).await?;
        for user in people.into_iter().filter(|u| !declined.contains(&(id, *u))) {
            for (_, start) in told.iter().filter(|(d, _)| *d == due) {
                let data = json!({"at": start.to_string()});
                cx.notify(Notice { user, kind: "activity.reminder", object: "activity", record: id, data }).await?;
            }
        }
    }
    // The key is free once this job is done.
    job.finish(&mut cx).await?;
    let next = due.saturating_add(SignedDuration::from_micros(1)).unwrap_or(due);
    plan(&mut cx, &record, next.max(now.saturating_sub(LATE).unwrap_or(next))).await?;
    cx.commit().await
}

/// Which moments a window of a series has, for tests and the page of an activity.
pub async fn occurrences(company: &engine::Company, record: &Record, from: Timestamp, most: usize) -> Outcome<Vec<Timestamp>> {
    let Some(at) = record.get("at").datetime() else { return Ok(Vec::new()) };
    let Some(rule) = repeat::rule(record)? else { return Ok(if at >= from { vec![at] } else { Vec::new() }) };
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT occurrence FROM activity WHERE deleted_at IS NULL AND series = ").bind(record.id);
    let rows = conn.rows(&sql, &[kernel::ColumnType::Int]).await?;
    let except: BTreeSet<Timestamp> = rows.iter().filter_map(|r| Timestamp::from_microsecond(r.first()?.int()?).ok()).collect();
    let zone = repeat::zone(record);
    let start = at.to_zoned(zone.clone()).datetime();
    let all = Series { rule: &rule, start, zone: &zone }.between(from, repeat::never(), most + except.len());
    Ok(all.into_iter().filter(|t| !except.contains(t)).take(most).collect())
}
