//! Rules in the form in which they run: expressions checked, branches as jumps. Read once per version and kept in memory.

use crate::facts::Cond;
use crate::flow::{Flow, Step};
use crate::rule;
use engine::{Company, Cx};
use kernel::jiff::Timestamp;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Fault, Object, Outcome, Registry};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::Conn;

/// One operation of a run. Its number is what a run remembers; a version keeps its numbers for ever.
#[derive(Clone, Debug)]
pub enum Op {
    Do(Step),
    /// Goes on when the condition holds, else to the operation.
    Unless(Cond, usize),
    Jump(usize),
    Until { cond: Cond, hours: i64, anyway: bool },
}

/// A version of a rule.
#[derive(Debug)]
pub struct Rule {
    pub id: Uuid,
    pub version: i64,
    pub owner: Option<Uuid>,
    pub hourly: i64,
    /// When this version was made.
    pub since: Timestamp,
    pub flow: Flow,
    pub object: Arc<Object>,
    pub when: Option<Cond>,
    pub ops: Vec<Op>,
    /// The declarations it was checked against.
    registry: Arc<Registry>,
}

impl Rule {
    /// What must be done before a field may change: its place among the steps, and the step.
    pub fn demands(&self) -> impl Iterator<Item = &Step> {
        self.flow.steps.iter().filter(|s| matches!(s, Step::Demand { .. }))
    }
}

/// Compiles a flow.
///
/// # Errors
/// Invalid: it does not fit the declarations (any more).
pub fn compile(registry: &Registry, flow: &Flow) -> Outcome<(Arc<Object>, Option<Cond>, Vec<Op>)> {
    let object = registry.object(&flow.object)?.clone();
    let when = Cond::read(registry, &object, &flow.when)?;
    let mut ops = Vec::new();
    lay(registry, &object, &flow.steps, &mut ops)?;
    Ok((object, when, ops))
}

fn lay(registry: &Registry, object: &Object, steps: &[Step], ops: &mut Vec<Op>) -> Outcome<()> {
    let cond = |text: &str| Cond::read(registry, object, text)?.ok_or_else(|| Fault::invalid("when", "value-required"));
    for step in steps {
        match step {
            Step::Branch { when, then, otherwise } => {
                let fork = ops.len();
                ops.push(Op::Jump(0));
                lay(registry, object, then, ops)?;
                let joint = ops.len();
                ops.push(Op::Jump(0));
                let else_at = ops.len();
                lay(registry, object, otherwise, ops)?;
                let end = ops.len();
                if let Some(op) = ops.get_mut(fork) {
                    *op = Op::Unless(cond(when)?, else_at);
                }
                if let Some(op) = ops.get_mut(joint) {
                    *op = Op::Jump(end);
                }
            }
            Step::Until { when, hours, anyway } => ops.push(Op::Until { cond: cond(when)?, hours: *hours, anyway: *anyway }),
            other => ops.push(Op::Do(other.clone())),
        }
    }
    Ok(())
}

/// Versions in memory. They never change, so nothing can be stale but the declarations they were checked against.
#[derive(Default)]
struct Book(Mutex<HashMap<(Uuid, i64), Arc<Rule>>>);

/// Beyond so many versions the memory is begun anew.
const MOST_KEPT: usize = 2_000;

/// One version of a rule.
///
/// # Errors
/// Not found: no such version. Invalid: it no longer fits the declarations.
pub async fn version(company: &Company, conn: &mut Conn, id: Uuid, version: i64) -> Outcome<Arc<Rule>> {
    let book = company.kept::<Book>();
    let registry = company.registry();
    let known = book.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(id, version)).cloned();
    if let Some(rule) = known.filter(|r| Arc::ptr_eq(&r.registry, &registry)) {
        return Ok(rule);
    }
    let mut sql = conn.sql();
    sql.push("SELECT flow, owner, hourly, at FROM sila_rule_version WHERE rule_id = ").bind(id).push(" AND version = ").bind(version);
    let row = conn.row(&sql, &[ColumnType::Text, ColumnType::Id, ColumnType::Int, ColumnType::Int]).await?.ok_or_else(Fault::not_found)?;
    let text = row.first().and_then(Cell::text).unwrap_or_default();
    let flow: Flow = rule::read(&serde_json::from_str(text).map_err(Fault::internal)?)?;
    let (object, when, ops) = compile(&registry, &flow)?;
    let at = row.get(3).and_then(Cell::int).and_then(|t| Timestamp::from_microsecond(t).ok()).unwrap_or_default();
    let rule = Arc::new(Rule {
        id,
        version,
        owner: row.get(1).and_then(Cell::id),
        hourly: row.get(2).and_then(Cell::int).unwrap_or(rule::HOURLY),
        since: at,
        flow,
        object,
        when,
        ops,
        registry,
    });
    let mut all = book.0.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST_KEPT {
        all.clear();
    }
    all.insert((id, version), rule.clone());
    Ok(rule)
}

/// The rules in force about an object.
///
/// # Errors
/// The database.
pub async fn of(cx: &mut Cx, object: &str) -> Outcome<Vec<Arc<Rule>>> {
    let company = cx.company.clone();
    let known = cx.rules(object).await?;
    fitting(&company, &mut cx.tx, known).await
}

/// The same on a connection.
///
/// # Errors
/// The database.
pub async fn about(company: &Company, conn: &mut Conn, object: &str) -> Outcome<Vec<Arc<Rule>>> {
    let mut sql = conn.sql();
    sql.push("SELECT id, version FROM sila_rule WHERE object = ").bind(object);
    let known = pairs(&conn.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await?);
    fitting(company, conn, known).await
}

/// All rules in force, by object.
///
/// # Errors
/// The database.
pub async fn all(company: &Company) -> Outcome<Vec<Arc<Rule>>> {
    let mut conn = company.db().read().await?;
    let sql = store::Sql::of(conn.dialect(), "SELECT id, version FROM sila_rule ORDER BY object, id");
    let known = pairs(&conn.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await?);
    fitting(company, &mut conn, known).await
}

fn pairs(rows: &[Vec<Cell>]) -> Vec<(Uuid, i64)> {
    rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.int()?))).collect()
}

/// A rule that no longer fits the declarations is left out, and said in the log.
async fn fitting(company: &Company, conn: &mut Conn, known: Vec<(Uuid, i64)>) -> Outcome<Vec<Arc<Rule>>> {
    let mut all = Vec::new();
    for (id, n) in known {
        match version(company, conn, id, n).await {
            Ok(rule) => all.push(rule),
            Err(fault) if store::is_retryable(&fault) => return Err(fault),
            Err(fault) => tracing::warn!(rule = %id, version = n, %fault, "rule does not fit any more"),
        }
    }
    Ok(all)
}

/// A rule that is not kept (yet), for a look beforehand.
///
/// # Errors
/// Invalid: it does not fit the declarations.
pub fn unsaved(company: &Company, id: Uuid, flow: &Flow, owner: Option<Uuid>) -> Outcome<Arc<Rule>> {
    let registry = company.registry();
    let (object, when, ops) = compile(&registry, flow)?;
    Ok(Arc::new(Rule { id, version: 0, owner, hourly: rule::HOURLY, since: company.now(), flow: flow.clone(), object, when, ops, registry }))
}
