//! The clock of the first touch: due after so many minutes of working time, running until somebody touches the lead, held
//! while he is put off, then met or missed. Who was put off comes back by himself on his day.

use super::hours::Hours;
use super::route;
use crate::lead::KEY;
use engine::notify::Notice;
use engine::{Count, Cx, Draft, JobCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Op;
use kernel::jiff::ToSpan;
use kernel::jiff::tz::TimeZone;
use kernel::{Expr, Outcome, Record, Value};
use serde_json::json;
use std::collections::HashSet;

/// Finds clocks that have run out.
pub const MISSED: &str = "sales.first-touch";
/// Brings back who was put off until today.
pub const RETURN: &str = "sales.nurtured";
pub const NOTICE_MISSED: &str = "lead.missed";
pub const NOTICE_BACK: &str = "lead.back";
const PAGE: usize = 250;
/// Days of holidays that are looked at.
const AHEAD: i32 = 120;

/// When the company works: its week, its zone, the public holidays of its country where there is a calendar of them.
///
/// # Errors
/// The database.
pub async fn hours(cx: &mut Cx) -> Outcome<Hours> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let settings = company.settings();
    let zone = TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC);
    let mut closed = HashSet::new();
    if cx.registry.find("holiday").is_some() {
        let today = cx.now.to_zoned(zone.clone()).date();
        let (first, last) = (today.saturating_sub(31.days()), today.saturating_add(AHEAD.days()));
        let filter = Expr::path("day").cmp(Op::Ge, Expr::lit(first)).and(Expr::path("day").cmp(Op::Le, Expr::lit(last)));
        let here = Expr::path("country").eq(Expr::lit(Value::Null)).or(Expr::path("country").eq(Expr::lit(settings.country.as_str())));
        let query = Query { count: Count::None, ..Query::new("holiday").filter(filter.and(here)).limit(200) };
        for r in company.list_in(&mut cx.tx, &system, &query).await?.records {
            let Some(day) = r.get("day").date() else { continue };
            closed.extend((0..r.get("days").int().unwrap_or(1).clamp(1, 31)).map(|n| day.saturating_add(n.days())));
        }
    }
    Ok(Hours { zone, opens: settings.week.opens, closes: settings.week.closes, weekend: settings.locale().weekend, closed })
}

/// Keeps owner and clock of a lead right, before it is stored.
///
/// # Errors
/// The database.
pub async fn prepare(cx: &mut Cx, before: Option<&Record>, after: &mut Record) -> Outcome<()> {
    let status = after.get("status").text().unwrap_or("new").to_owned();
    let mut minutes = None;
    if before.is_none() && status == "new" && !crate::rules::retold(cx) {
        minutes = Some(route::MINUTES);
        if after.get("owner").is_null() {
            let given = route::give(cx, after).await?;
            minutes = Some(given.minutes);
            put(after, given);
        }
    }
    let touched = after.get("first_touch_at").datetime();
    let was = after.get("touch_state").text().unwrap_or_default().to_owned();
    if let (Some(at), Some(due)) = (touched, after.get("touch_due_at").datetime()) {
        if matches!(was.as_str(), "running" | "held") {
            after.set("touch_state", if at <= due { "met" } else { "missed" });
        }
        return Ok(());
    }
    let waits = matches!(status.as_str(), "nurtured" | "rejected");
    if waits && was == "running" {
        after.set("touch_state", "held");
    } else if !waits && was == "held" {
        minutes = Some(minutes_of(cx, after).await?);
    }
    if let Some(minutes) = minutes.filter(|_| touched.is_none()) {
        let due = hours(cx).await?.after(cx.now, minutes);
        after.set("touch_due_at", due);
        after.set("touch_state", "running");
    }
    Ok(())
}

/// What the rule gave, on the lead.
pub fn put(lead: &mut Record, given: route::Given) {
    if let Some(user) = given.user {
        lead.set("owner", user);
        lead.set("route", given.route);
        lead.set("routed_to", user);
        lead.set("turn", given.turn);
        lead.set("routed_why", given.why);
    }
}

async fn minutes_of(cx: &mut Cx, lead: &Record) -> Outcome<i64> {
    let Some(id) = lead.get("route").id() else { return Ok(route::MINUTES) };
    let (company, system) = (cx.company.clone(), cx.company.system());
    let rule = company.get_in(&mut cx.tx, &system, route::KEY, id).await.ok();
    Ok(rule.and_then(|r| r.get("minutes").int()).unwrap_or(route::MINUTES))
}

/// Clocks that have run out are marked, and the owner is told.
pub fn missed(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let system = company.system();
        loop {
            let mut cx = company.write(&system).await?;
            let over = Expr::parse("touch_state == \"running\"")?.and(Expr::path("touch_due_at").cmp(Op::Lt, Expr::lit(cx.now)));
            let found = company.list_in(&mut cx.tx, &system, &Query { count: Count::None, ..Query::new(KEY).filter(over).limit(PAGE) }).await?.records;
            if found.is_empty() {
                return Ok(());
            }
            cx.derive(KEY, found.iter().map(|r| (r.id, vec![("touch_state", Value::from("missed"))])).collect()).await?;
            for lead in &found {
                if let Some(user) = lead.get("owner").id() {
                    cx.notify(Notice { user, kind: NOTICE_MISSED, object: KEY, record: lead.id, data: json!({}) }).await?;
                }
            }
            cx.commit().await?;
        }
    })
}

/// Who was put off until today is followed up again.
pub fn back(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let system = company.system();
        loop {
            let mut cx = company.write(&system).await?;
            let today = crate::day(&cx);
            let due = Expr::parse("status == \"nurtured\"")?.and(Expr::path("nurture_until").cmp(Op::Le, Expr::lit(today)));
            let found = company.list_in(&mut cx.tx, &system, &Query { count: Count::None, ..Query::new(KEY).filter(due).limit(PAGE) }).await?.records;
            if found.is_empty() {
                return Ok(());
            }
            for lead in &found {
                let saved = cx.save(KEY, Draft::of(lead.id).set("status", "contacted").trusted()).await?.into_record();
                cx.event("lead.returned", &saved, json!({})).await?;
                if let Some(user) = lead.get("owner").id() {
                    cx.notify(Notice { user, kind: NOTICE_BACK, object: KEY, record: lead.id, data: json!({}) }).await?;
                }
            }
            cx.commit().await?;
        }
    })
}
