//! A look beforehand: what a rule would have done with records as they are. Everything is done in a transaction that is
//! given up, so nothing stays: no record, no number of a series, no notice, no job.

use crate::book::{Op, Rule};
use crate::facts::{self, Reason};
use crate::flow::{Step, Trigger};
use crate::runs::{self, Line, Next};
use crate::{gate, people, rule, work};
use engine::{Actor, Company, Count, Query};
use kernel::uuid::Uuid;
use kernel::{Fault, FaultKind, Outcome, Record, Value};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Records that are tried at once.
pub const MOST: usize = 20;

/// One record tried.
#[derive(Clone, Debug)]
pub struct Tried {
    pub record: Uuid,
    pub title: String,
    pub why: Vec<Reason>,
    pub held: bool,
    pub lines: Vec<Line>,
    /// What a step would have been refused with.
    pub fault: Option<Json>,
}

/// Tries a rule on the records that changed last, those the reader may see; `only` on one of them.
///
/// # Errors
/// The database; invalid: the owner is gone.
pub async fn run(company: &Company, reader: &Actor, rule: &Arc<Rule>, only: Option<Uuid>) -> Outcome<Vec<Tried>> {
    let records = match only {
        Some(id) => vec![company.get(reader, &rule.flow.object, id).await?],
        None => {
            let query = Query { count: Count::None, ..Query::new(rule.flow.object.clone()).sort("-updated_at").limit(MOST) };
            company.list(reader, &query).await?.records
        }
    };
    let mut all = Vec::new();
    for record in records {
        all.push(one(company, reader, rule, &record).await?);
    }
    Ok(all)
}

async fn one(company: &Company, reader: &Actor, rule: &Arc<Rule>, seen: &Record) -> Outcome<Tried> {
    let title = engine::load::title_of(&rule.object, seen).get(reader.lang()).to_owned();
    let mut conn = company.db().read().await?;
    let actor = rule::acting(company, &mut conn, rule.owner).await?;
    drop(conn);
    let mut cx = company.write(&actor).await?;
    let tried = inside(&mut cx, reader, rule, seen.id).await;
    cx.rollback().await?;
    let (why, held, lines, fault) = tried?;
    Ok(Tried { record: seen.id, title, why, held, lines, fault })
}

type Inside = (Vec<Reason>, bool, Vec<Line>, Option<Json>);

async fn inside(cx: &mut engine::Cx, reader: &Actor, rule: &Arc<Rule>, id: Uuid) -> Outcome<Inside> {
    let record = facts::record(cx, &rule.flow.object, id).await?;
    let who = Some(reader.id).filter(|_| !reader.is_system());
    let why = facts::reasons(cx, &rule.object, rule.when.as_ref(), &record, who).await?;
    let held = facts::holds(cx, &rule.object, rule.when.as_ref(), &record, who).await?;
    if !held {
        return Ok((why, held, Vec::new(), None));
    }
    if let Trigger::Before { .. } = rule.flow.trigger {
        let line = asks(cx, rule, &record, 0, who).await?;
        return Ok((why, held, vec![line], None));
    }
    let Some(run) = runs::begin(cx, rule, id, None, &Json::Null).await? else { return Ok((why, held, Vec::new(), None)) };
    let mut fault = None;
    let mut more = Vec::new();
    loop {
        let Some(mut run) = runs::get(&mut cx.tx, run).await? else { break };
        run.who = who;
        let at = usize::try_from(run.pc).map_err(Fault::internal)?;
        let Some(op) = rule.ops.get(at) else { break };
        let skipped = match op {
            Op::Until { hours, .. } => Some(line(cx, at, "would-wait", json!({ "hours": hours }))),
            Op::Do(Step::Wait { hours }) => Some(line(cx, at, "would-wait", json!({ "hours": hours }))),
            Op::Do(Step::Call { url, .. }) => Some(line(cx, at, "would-call", json!({ "url": url }))),
            Op::Do(Step::Approval { .. }) => Some(asks(cx, rule, &record, at, who).await?),
            Op::Do(step @ Step::Demand { .. }) => {
                let open = gate::missing(cx, rule, step, &record, None).await?.is_some();
                Some(line(cx, at, "demand", json!({ "open": open })))
            }
            _ => None,
        };
        let next = match skipped {
            Some(line) => {
                more.push(line);
                let next = Next::At(at + 1);
                runs::place(cx, &run, &next, None).await?;
                next
            }
            None => {
                let led = std::mem::take(&mut cx.led_by);
                work::led(cx, rule, &run);
                let next = Box::pin(work::operate(cx, rule, &run, at)).await;
                cx.led_by = led;
                match next {
                    Ok(next) => next,
                    Err(error) if store::is_retryable(&error) || error.kind == FaultKind::Internal => return Err(error),
                    Err(error) => {
                        fault = Some(crate::trigger::kept(&error));
                        break;
                    }
                }
            }
        };
        if next == Next::Done {
            break;
        }
    }
    let mut lines = runs::lines(&mut cx.tx, run).await?;
    lines.append(&mut more);
    lines.sort_by_key(|l| l.pc);
    Ok((why, held, lines, fault))
}

fn line(cx: &engine::Cx, at: usize, what: &str, data: Json) -> Line {
    Line { at: cx.now, pc: i64::try_from(at).unwrap_or_default(), what: what.to_owned(), data }
}

async fn asks(cx: &mut engine::Cx, rule: &Rule, record: &Record, at: usize, who: Option<Uuid>) -> Outcome<Line> {
    let Some(Op::Do(Step::Approval { levels })) = rule.ops.get(at) else { return Ok(line(cx, at, "would-ask", Value::Null.to_json())) };
    let mut asked = Vec::new();
    for level in levels {
        asked.push(people::meant(cx, &rule.object, record, &level.who, who).await?);
    }
    Ok(line(cx, at, "would-ask", json!({ "levels": asked })))
}
