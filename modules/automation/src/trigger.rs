//! What starts runs: changes and actions in their own transaction, dates and the calendar by the minute, buttons.

use crate::book::{self, Rule};
use crate::flow::Trigger;
use crate::{facts, runs};
use engine::{Company, Count, Cx, Query};
use futures::future::BoxFuture;
use kernel::expr::Op;
use kernel::jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::jiff::tz::TimeZone;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, Kind, Outcome, Record, Value};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Records one strike of the calendar is for at most; the next ones come with the next strike.
const FAN_OUT: usize = 500;
/// What fell due while the program stood still is made up for within this time.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(48);
/// The hour of the company's day at which dates fall due.
const MORNING: i8 = 8;

/// Records were changed: starts what they start, and wakes what waits for them.
pub fn changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let Some(first) = changes.iter().find_map(|(_, a)| a.as_ref()) else { return Ok(()) };
        // What is told of the past is no news.
        if cx.retold {
            return Ok(());
        }
        let rules = book::of(cx, &first.object).await?;
        let mut begun = Vec::new();
        for rule in &rules {
            for (before, after) in changes.iter().filter_map(|(b, a)| Some((b.as_ref(), a.as_ref()?))) {
                begun.extend(one(cx, rule, before, after).await?);
            }
        }
        runs::hand(cx, &begun).await?;
        let known: Vec<Uuid> = changes.iter().filter_map(|(b, a)| Some(b.as_ref().and(a.as_ref())?.id)).collect();
        for chunk in known.chunks(500) {
            runs::wake(cx, Some(chunk), chunk.len() * 20).await?;
        }
        crate::approval::outdate(cx, &first.object, &known).await
    })
}

async fn one(cx: &mut Cx, rule: &Rule, before: Option<&Record>, after: &Record) -> Outcome<Option<Uuid>> {
    let touched = |fields: &[String]| {
        let Some(before) = before else { return false };
        let differs = |f: &kernel::Field| before.get(&f.key) != after.get(&f.key);
        rule.object.fields.iter().filter(|f| fields.is_empty() || fields.contains(&f.key)).any(differs)
    };
    let fires = match &rule.flow.trigger {
        Trigger::Created => before.is_none(),
        Trigger::Changed { fields } => touched(fields),
        Trigger::Becomes => true,
        _ => false,
    };
    let who = started_by(cx);
    if !fires || !facts::holds(cx, &rule.object, rule.when.as_ref(), after, who).await? {
        return Ok(None);
    }
    if matches!(rule.flow.trigger, Trigger::Becomes)
        && let Some(before) = before
        && facts::holds(cx, &rule.object, rule.when.as_ref(), before, who).await?
    {
        return Ok(None);
    }
    start(cx, rule, after, None).await
}

/// Who counts as the one who started it.
fn started_by(cx: &Cx) -> Option<Uuid> {
    (!cx.actor.is_system()).then_some(cx.actor.id)
}

/// Begins a run, with why.
async fn start(cx: &mut Cx, rule: &Rule, record: &Record, mark: Option<String>) -> Outcome<Option<Uuid>> {
    let who = started_by(cx);
    let why = facts::reasons(cx, &rule.object, rule.when.as_ref(), record, who).await?;
    let why = json!({"on": rule.flow.trigger.key(), "when": why});
    runs::begin(cx, rule, record.id, mark, &why).await
}

/// An action ran.
pub fn acted<'a>(cx: &'a mut Cx, record: &'a Record, key: &'a str) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let mut begun = Vec::new();
        for rule in book::of(cx, &record.object).await? {
            if !matches!(&rule.flow.trigger, Trigger::Acted { action } if action == key) {
                continue;
            }
            // As the action left it; it may have taken it away.
            let now = match facts::record(cx, &record.object, record.id).await {
                Ok(now) => now,
                Err(fault) if fault.kind == kernel::FaultKind::NotFound => continue,
                Err(fault) => return Err(fault),
            };
            let who = started_by(cx);
            if facts::holds(cx, &rule.object, rule.when.as_ref(), &now, who).await? {
                begun.extend(start(cx, &rule, &now, None).await?);
            }
        }
        runs::hand(cx, &begun).await
    })
}

/// Somebody presses the button of a rule, at the screen or through the API.
///
/// # Errors
/// Not found: no such rule in force, or the record is not for him. Forbidden: he may not change the record. Invalid: the
/// condition does not hold.
pub async fn press(cx: &mut Cx, id: Uuid, record: Uuid) -> Outcome<()> {
    let company = cx.company.clone();
    let mut sql = cx.tx.sql();
    sql.push("SELECT version FROM sila_rule WHERE id = ").bind(id);
    let version = cx.tx.int(&sql).await?.ok_or_else(Fault::not_found)?;
    let rule = book::version(&company, &mut cx.tx, id, version).await?;
    if crate::rule::button(&rule.flow).is_none() {
        return Err(Fault::not_found());
    }
    let actor = cx.actor.clone();
    let found = company.get_in(&mut cx.tx, &actor, &rule.flow.object, record).await?;
    if !company.may_in(&mut cx.tx, &actor, &found, &kernel::Verb::Update).await? {
        return Err(Fault::forbidden());
    }
    let found = facts::record(cx, &rule.flow.object, record).await?;
    let who = started_by(cx);
    if !facts::holds(cx, &rule.object, rule.when.as_ref(), &found, who).await? {
        return Err(Fault::invalid("", "automation-not-now"));
    }
    let begun: Vec<Uuid> = start(cx, &rule, &found, None).await?.into_iter().collect();
    runs::hand(cx, &begun).await
}

/// Starts what dates and the calendar start now. Each record has one run for one occasion, however often this looks.
///
/// # Errors
/// The database.
pub async fn by_time(company: &Company) -> Outcome<usize> {
    let mut n = 0;
    for rule in book::all(company).await? {
        let begun = match &rule.flow.trigger {
            Trigger::Due { field, days } => due(company, &rule, field, *days).await,
            Trigger::Every { cron } => every(company, &rule, cron).await,
            _ => continue,
        };
        match begun {
            Ok(begun) => n += begun,
            // One rule that does not work does not hold up the others.
            Err(fault) if !store::is_retryable(&fault) => tracing::warn!(rule = %rule.id, %fault, "rule not started by time"),
            Err(fault) => return Err(fault),
        }
    }
    Ok(n)
}

async fn due(company: &Company, rule: &Arc<Rule>, field: &str, days: i64) -> Outcome<usize> {
    let now = company.now();
    let zone = TimeZone::get(&company.settings().zone).unwrap_or(TimeZone::UTC);
    let kind = rule.object.get(field).map(|f| f.kind.stored().clone());
    let back = SignedDuration::from_hours(24 * days);
    let path = Expr::path(field);
    // The dates that fell due lately, by the field's own kind.
    let lately = if matches!(kind, Some(Kind::Date)) {
        let today = now.to_zoned(zone.clone()).date();
        let last = today.checked_sub(days.days()).map_err(Fault::internal)?;
        let first = last.checked_sub(3.days()).map_err(Fault::internal)?;
        path.clone().cmp(Op::Ge, Expr::lit(first)).and(path.cmp(Op::Le, Expr::lit(last)))
    } else {
        let last = now.checked_sub(back).map_err(Fault::internal)?;
        let first = last.checked_sub(LOOK_BACK).map_err(Fault::internal)?;
        path.clone().cmp(Op::Ge, Expr::lit(first)).and(path.cmp(Op::Le, Expr::lit(last)))
    };
    let moment = |record: &Record| match record.get(field) {
        Value::Date(d) => d.checked_add(days.days()).ok()?.at(MORNING, 0, 0, 0).to_zoned(zone.clone()).ok().map(|z| z.timestamp()),
        Value::DateTime(t) => t.checked_add(back).ok(),
        _ => None,
    };
    let fits = |record: &Record| moment(record).is_some_and(|at| at <= now && at > rule.since).then(|| format!("{}:{}", record.id, record.get(field).to_json()));
    begin_all(company, rule, Some(lately), fits).await
}

async fn every(company: &Company, rule: &Arc<Rule>, cron: &str) -> Outcome<usize> {
    let now = company.now();
    let zone = TimeZone::get(&company.settings().zone).unwrap_or(TimeZone::UTC);
    // The last strike; what was missed is done once, not once for each missed time.
    let mut at = now.checked_sub(SignedDuration::from_hours(2)).map_err(Fault::internal)?;
    let mut last: Option<Timestamp> = None;
    for _ in 0..200 {
        at = engine::schedule::next(cron, &zone, at)?;
        if at > now {
            break;
        }
        last = Some(at);
    }
    let Some(strike) = last.filter(|s| *s > rule.since) else { return Ok(0) };
    begin_all(company, rule, None, |record| Some(format!("{}:{strike}", record.id))).await
}

/// Begins a run for each record that meets the rule's condition (and `also`) and has an occasion of its own.
async fn begin_all(company: &Company, rule: &Arc<Rule>, also: Option<Expr>, occasion: impl Fn(&Record) -> Option<String>) -> Outcome<usize> {
    let system = company.system();
    let mut n = 0;
    let mut after = None;
    loop {
        let mut query = Query { count: Count::None, after: after.take(), ..Query::new(rule.flow.object.clone()).sort("created_at").limit(200) };
        if let Some(when) = &rule.when {
            query = query.filter(when.expr.clone());
        }
        if let Some(also) = &also {
            query = query.filter(also.clone());
        }
        let page = company.list(&system, &query).await?;
        let due: Vec<(Record, String)> = page.records.iter().filter_map(|r| Some((r.clone(), occasion(r)?))).collect();
        if !due.is_empty() {
            n += company
                .transact(&system, |cx| {
                    let (due, rule) = (due.clone(), rule.clone());
                    Box::pin(async move {
                        let mut begun = Vec::new();
                        for (record, mark) in due {
                            begun.extend(start(cx, &rule, &record, Some(mark)).await?);
                        }
                        runs::hand(cx, &begun).await?;
                        Ok(begun.len())
                    })
                })
                .await?;
        }
        after = page.next;
        if after.is_none() || n >= FAN_OUT {
            return Ok(n);
        }
    }
}

/// The fault of a step as the run keeps it.
pub fn kept(fault: &Fault) -> Json {
    match fault.issues.first() {
        Some(issue) => json!({"key": issue.key, "field": issue.field, "args": issue.args}),
        None => json!({"key": fault.title_key()}),
    }
}
