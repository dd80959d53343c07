//! A resource is booked once: checked in the transaction of the booking, one after the other for each resource.

use crate::window::{self, Row, Span};
use engine::Cx;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Fault, Issue, Outcome, Record, Value};

/// How far ahead the occurrences of a series are compared.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366 * 2);

/// # Errors
/// Invalid: another activity has one of the resources at the same time, or it cannot be booked.
pub async fn check(cx: &mut Cx, record: &Record) -> Outcome<()> {
    let Value::Ids(resources) = record.get("resources") else { return Ok(()) };
    let (Some(at), Some(last)) = (record.get("at").datetime(), record.get("last").datetime()) else { return Ok(()) };
    if record.get("status").text() != Some("planned") || resources.is_empty() {
        return Ok(());
    }
    // Two bookings of the same resource wait for each other here; SQLite has one writer anyhow.
    let mut sql = cx.tx.sql();
    sql.push("SELECT id, active FROM resource WHERE id IN ").bind_list(resources.iter().map(|i| Cell::Id(*i))).push(" ORDER BY id");
    if sql.dialect() == store::Dialect::Postgres {
        sql.push(" FOR UPDATE");
    }
    let found = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await?;
    if let Some(id) = found.iter().find(|r| r.get(1).and_then(Cell::int) == Some(0)).and_then(|r| r.first()?.id()) {
        let name = name(cx, id).await?;
        return Err(Fault::issue(Issue::new("resources", "activity-not-bookable").arg("name", name)));
    }
    let to = last.min(at.saturating_add(AHEAD).unwrap_or(last));
    let to = if to == at { at.saturating_add(SignedDuration::from_micros(1)).unwrap_or(at) } else { to };
    // Seen by the company itself: a room is taken even by a meeting nobody may know of.
    let (company, system) = (cx.company.clone(), cx.company.system());
    let whose = window::Whose::Resources(resources.clone());
    let rows = window::rows(&mut cx.tx, &company, &system, at, to, &whose).await?;
    let exceptions = window::exceptions(&mut cx.tx, &rows).await?;
    let series = record.get("series").id();
    let spans = window::spans(&rows, &exceptions, at, to);
    let of = |s: &Span| rows.get(s.row);
    let mine: Vec<&Span> = spans.iter().filter(|s| of(s).is_some_and(|r| r.id == record.id)).collect();
    let takes = |r: &Row| r.id != record.id && r.status == "planned" && Some(r.id) != series;
    let others = spans.iter().filter(|s| of(s).is_some_and(takes));
    let mut from = 0;
    for other in others {
        while mine.get(from).is_some_and(|m| m.end <= other.start) {
            from += 1;
        }
        let clash = mine.iter().skip(from).take_while(|m| m.start < other.end).find(|m| m.end > other.start);
        if let (Some(clash), Some(row)) = (clash, of(other)) {
            return refuse(cx, row, resources, clash.start).await;
        }
    }
    Ok(())
}

async fn refuse(cx: &mut Cx, row: &Row, resources: &[Uuid], at: Timestamp) -> Outcome<()> {
    let taken = resources.iter().find(|r| row.resources.contains(r)).copied().unwrap_or_default();
    let name = name(cx, taken).await?;
    let when = text::calendar::format_datetime(at, &cx.actor.locale, text::calendar::DateStyle::Medium);
    Err(Fault::issue(Issue::new("resources", "activity-booked").arg("name", name).arg("when", when)))
}

async fn name(cx: &mut Cx, resource: Uuid) -> Outcome<String> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let record = company.get_in(&mut cx.tx, &system, "resource", resource).await?;
    Ok(record.get("name").name().map(|n| n.get(cx.actor.lang()).to_owned()).unwrap_or_default())
}
