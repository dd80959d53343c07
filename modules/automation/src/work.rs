//! Runs at work: one operation after another, each in a transaction that also moves the run. Killed at any moment, a run
//! goes on where it stood: what was done is not done again, what was not done is done.
//!
//! A call to another system cannot be part of a transaction: it carries an idempotency key (run and operation), by which
//! the other side knows a repeated call.

use crate::book::{self, Op, Rule};
use crate::flow::Step;
use crate::runs::{self, Next, Run};
use crate::{facts, rule, steps, trigger};
use engine::{Company, Cx, JobCx};
use futures::future::BoxFuture;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Fault, FaultKind, Outcome};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A condition that is waited for is looked at again after this time, whether the record changed or not.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// How often a run may meet somebody else at the same record before it is left for later.
const MOST_MET: usize = 20;
const CALL_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

pub fn job(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let ids = cx.job.payload.get("runs").and_then(Json::as_array).cloned().unwrap_or_default();
        let ids: Vec<Uuid> = ids.iter().filter_map(|v| v.as_str()?.parse().ok()).collect();
        let last_try = cx.job.attempts >= cx.job.max_attempts;
        let mut later = None;
        for id in ids {
            if cx.should_stop() {
                cx.pause();
                return Ok(());
            }
            if let Err(fault) = forward(&cx.company, id, last_try).await {
                later = Some(fault);
            }
        }
        later.map_or(Ok(()), Err)
    })
}

/// Takes a run as far as it goes now.
///
/// # Errors
/// What may pass when it is tried again later.
pub async fn forward(company: &Company, id: Uuid, last_try: bool) -> Outcome<()> {
    let mut met = 0;
    loop {
        let mut conn = company.db().read().await?;
        let Some(run) = runs::get(&mut conn, id).await?.filter(|r| r.state == "ready") else { return Ok(()) };
        let found = book::version(company, &mut conn, run.rule, run.version).await;
        let actor = match &found {
            Ok(rule) => rule::acting(company, &mut conn, rule.owner).await,
            Err(fault) => Err(fault.clone()),
        };
        drop(conn);
        let moved = match (found, actor) {
            (Ok(rule), Ok(actor)) => match step(company, &rule, &actor, &run).await {
                Err(fault) if passes(&fault) && !last_try => return Err(fault),
                // Somebody else has moved it, or saved the record meanwhile: look again.
                Err(fault) if fault.kind == FaultKind::Conflict && met < MOST_MET => {
                    met += 1;
                    true
                }
                Err(fault) => fail(company, Some(&rule), &run, &fault).await?,
                Ok(moved) => moved,
            },
            (Err(fault), _) | (_, Err(fault)) if store::is_retryable(&fault) => return Err(fault),
            (found, Err(fault)) => fail(company, found.ok().as_ref(), &run, &fault).await?,
            (Err(fault), Ok(_)) => fail(company, None, &run, &fault).await?,
        };
        if !moved {
            return Ok(());
        }
    }
}

/// What another try may put right.
fn passes(fault: &Fault) -> bool {
    store::is_retryable(fault) || matches!(fault.kind, FaultKind::Unavailable | FaultKind::Throttled | FaultKind::Internal)
}

/// One operation. True: there is more to do now.
async fn step(company: &Company, rule: &Arc<Rule>, actor: &engine::Actor, run: &Run) -> Outcome<bool> {
    if run.pc == 0 && run.waits.is_null() && over_limit(company, rule).await? {
        return stop(company, rule, run, "automation-limit").await;
    }
    let at = usize::try_from(run.pc).map_err(Fault::internal)?;
    if let Some(Op::Do(Step::Call { url, values })) = rule.ops.get(at) {
        return call(company, rule, actor, run, url, values).await;
    }
    company
        .transact(actor, |cx| {
            let (rule, run) = (rule.clone(), run.clone());
            Box::pin(async move {
                led(cx, &rule, &run);
                runs::hold(cx, &run).await?;
                let next = operate(cx, &rule, &run, at).await?;
                Ok(matches!(next, Next::At(_)))
            })
        })
        .await
}

/// Says on whose account the transaction is.
pub fn led(cx: &mut Cx, rule: &Rule, run: &Run) {
    cx.cause = format!("rule {} run {}", rule.id, run.id);
    cx.led_by.clone_from(&run.chain);
    cx.led_by.push(rule.id);
}

/// Does one operation in the open transaction and moves the run. For a look beforehand the transaction is given up.
///
/// # Errors
/// Those of the step.
pub async fn operate(cx: &mut Cx, rule: &Arc<Rule>, run: &Run, at: usize) -> Outcome<Next> {
    let Some(op) = rule.ops.get(at) else {
        runs::place(cx, run, &Next::Done, None).await?;
        return Ok(Next::Done);
    };
    // What the owner may not see, his rule does not touch.
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    company.get_in(&mut cx.tx, &actor, &rule.flow.object, run.record).await.map_err(|fault| {
        if fault.kind == FaultKind::NotFound { Fault::invalid("", "automation-record-gone") } else { fault }
    })?;
    let record = facts::record(cx, &rule.flow.object, run.record).await?;
    let mut made = None;
    let next = match op {
        Op::Jump(to) => Next::At(*to),
        Op::Unless(cond, to) => {
            let why = facts::reasons(cx, &rule.object, Some(cond), &record, run.who).await?;
            let held = facts::holds(cx, &rule.object, Some(cond), &record, run.who).await?;
            runs::log(cx, run, "branch", &json!({"held": held, "when": why})).await?;
            Next::At(if held { at + 1 } else { *to })
        }
        Op::Until { cond, hours, anyway } => until(cx, rule, run, at, &record, (cond, *hours, *anyway)).await?,
        Op::Do(Step::Wait { hours }) => wait(cx, run, at, *hours).await?,
        Op::Do(Step::Approval { levels }) => crate::approval::within(cx, rule, run, at, &record, levels).await?,
        Op::Do(step) => {
            let done = steps::perform(cx, rule, run, &record, step).await?;
            runs::log(cx, run, step.key(), &done.said).await?;
            made = done.made;
            Next::At(at + 1)
        }
    };
    // The last operation ends the run with itself.
    let next = if next == Next::At(rule.ops.len()) { Next::Done } else { next };
    runs::place(cx, run, &next, made.as_ref().map(|(o, id)| (o.as_str(), *id))).await?;
    Ok(next)
}

async fn wait(cx: &mut Cx, run: &Run, at: usize, hours: i64) -> Outcome<Next> {
    let due = deadline(cx.now, run, hours)?;
    if cx.now >= due {
        runs::log(cx, run, "waited", &Json::Null).await?;
        return Ok(Next::At(at + 1));
    }
    runs::log(cx, run, "wait", &json!({ "until": due })).await?;
    Ok(Next::Wait { due, wakes: false, waits: json!({ "until": due }) })
}

/// When waiting is over: as was said when it began.
fn deadline(now: Timestamp, run: &Run, hours: i64) -> Outcome<Timestamp> {
    match run.waits.get("until").and_then(Json::as_str).and_then(|t| t.parse().ok()) {
        Some(due) => Ok(due),
        None => now.checked_add(SignedDuration::from_hours(hours)).map_err(Fault::internal),
    }
}

async fn until(cx: &mut Cx, rule: &Rule, run: &Run, at: usize, record: &kernel::Record, (cond, hours, anyway): (&facts::Cond, i64, bool)) -> Outcome<Next> {
    let over = deadline(cx.now, run, hours)?;
    let why = facts::reasons(cx, &rule.object, Some(cond), record, run.who).await?;
    if facts::holds(cx, &rule.object, Some(cond), record, run.who).await? {
        runs::log(cx, run, "until", &json!({"held": true, "when": why})).await?;
        return Ok(Next::At(at + 1));
    }
    if cx.now >= over {
        runs::log(cx, run, "until", &json!({"held": false, "over": true, "when": why})).await?;
        return Ok(if anyway { Next::At(at + 1) } else { Next::Done });
    }
    if run.waits.is_null() {
        runs::log(cx, run, "waiting", &json!({"until": over, "when": why})).await?;
    }
    let due = cx.now.checked_add(LOOK_AGAIN).map_err(Fault::internal)?.min(over);
    Ok(Next::Wait { due, wakes: true, waits: json!({ "until": over }) })
}

/// Tells another system. The call stands outside any transaction; when it was answered, the run moves.
async fn call(company: &Company, rule: &Arc<Rule>, actor: &engine::Actor, run: &Run, url: &str, values: &crate::flow::Values) -> Outcome<bool> {
    let at = usize::try_from(run.pc).map_err(Fault::internal)?;
    let body = company
        .transact(actor, |cx| {
            let (rule, run, values) = (rule.clone(), run.clone(), values.clone());
            Box::pin(async move {
                led(cx, &rule, &run);
                let company = cx.company.clone();
                let actor = cx.actor.clone();
                company.get_in(&mut cx.tx, &actor, &rule.flow.object, run.record).await?;
                let record = facts::record(cx, &rule.flow.object, run.record).await?;
                let mut body = serde_json::Map::new();
                for (key, text) in &values {
                    body.insert(key.clone(), facts::value(cx, &rule.object, text, &record, run.who).await?.to_json());
                }
                Ok(json!({"rule": rule.id, "run": run.id, "object": rule.flow.object, "id": run.record, "values": body}))
            })
        })
        .await?;
    let inside = company.reaches_inside().await?;
    let mut request = outside::Call::new(outside::Method::POST, url)?
        .header("content-type", "application/json")
        .header("idempotency-key", format!("{}-{}", run.id, run.pc))
        .body(body.to_string());
    request.timeout = CALL_TIMEOUT;
    let reply = outside::call(request, inside).await?;
    if !reply.ok() {
        // Refused for good, or perhaps another time.
        let later = reply.status >= 500 || matches!(reply.status, 408 | 409 | 425 | 429);
        let issue = kernel::Issue::new("", "automation-call-refused").arg("status", reply.status);
        return Err(if later { Fault::unavailable(format!("answered {}", reply.status)).with(issue) } else { Fault::issue(issue) });
    }
    company
        .transact(actor, |cx| {
            let (rule, run) = (rule.clone(), run.clone());
            Box::pin(async move {
                led(cx, &rule, &run);
                runs::hold(cx, &run).await?;
                runs::log(cx, &run, "call", &json!({"status": reply.status})).await?;
                let next = if at + 1 == rule.ops.len() { Next::Done } else { Next::At(at + 1) };
                runs::place(cx, &run, &next, None).await?;
                Ok(matches!(next, Next::At(_)))
            })
        })
        .await
}

/// Writes down that a run failed, and tells whoever answers for the rule.
async fn fail(company: &Company, rule: Option<&Arc<Rule>>, run: &Run, fault: &Fault) -> Outcome<bool> {
    ended(company, rule, run, "failed", &trigger::kept(fault), "automation.failed").await
}

async fn stop(company: &Company, rule: &Arc<Rule>, run: &Run, key: &str) -> Outcome<bool> {
    ended(company, Some(rule), run, "stopped", &json!({ "key": key }), "automation.stopped").await
}

async fn ended(company: &Company, rule: Option<&Arc<Rule>>, run: &Run, state: &'static str, error: &Json, kind: &'static str) -> Outcome<bool> {
    let system = company.system();
    let ended = company
        .transact(&system, |cx| {
            let (run, error, rule) = (run.clone(), error.clone(), rule.cloned());
            Box::pin(async move {
                runs::end(cx, &run, state, &error).await?;
                runs::log(cx, &run, state, &error).await?;
                if let Some(rule) = &rule {
                    runs::tell(cx, rule, kind).await?;
                }
                Ok(())
            })
        })
        .await;
    match ended {
        Err(fault) if fault.kind == FaultKind::Conflict => Ok(false),
        other => other.map(|()| false),
    }
}

/// Runs begun in this hour, by rule: counted in memory, so that the limit costs nothing. Each node counts its own, and
/// begins with what the database says.
#[derive(Default)]
struct Tally(Mutex<HashMap<Uuid, (i64, i64)>>);

async fn over_limit(company: &Company, rule: &Rule) -> Outcome<bool> {
    let hour = company.now().as_second() / 3_600;
    let tally = company.kept::<Tally>();
    let known = tally.0.lock().unwrap_or_else(PoisonError::into_inner).get(&rule.id).copied().filter(|(h, _)| *h == hour);
    let begun = match known {
        Some((_, n)) => n,
        None => {
            let mut conn = company.db().read().await?;
            let since = Timestamp::from_second(hour * 3_600).map_err(Fault::internal)?;
            let mut sql = conn.sql();
            sql.push("SELECT COUNT(*) FROM sila_rule_run WHERE pc > 0 AND rule_id = ").bind(rule.id).push(" AND at >= ").bind(since);
            conn.int(&sql).await?.unwrap_or_default()
        }
    };
    let over = begun >= rule.hourly;
    tally.0.lock().unwrap_or_else(PoisonError::into_inner).insert(rule.id, (hour, begun + i64::from(!over)));
    Ok(over)
}

/// Every minute: what is due, what dates and the calendar start, approvals nobody decided, runs nobody took on.
pub fn tick(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move { minute(&cx.company).await })
}

/// # Errors
/// The database.
pub async fn minute(company: &Company) -> Outcome<()> {
    let system = company.system();
    company.transact(&system, |cx| Box::pin(async move { runs::wake(cx, None, 5_000).await })).await?;
    trigger::by_time(company).await?;
    company.transact(&system, |cx| Box::pin(async move { crate::approval::escalate(cx).await })).await?;
    let lost = company.now().checked_sub(SignedDuration::from_hours(1)).map_err(Fault::internal)?;
    company.transact(&system, |cx| Box::pin(async move { runs::rescue(cx, lost).await })).await?;
    Ok(())
}
