//! Roll-ups: counts, sums and extremes of children, kept on the parent as the children change.
//!
//! Counts and sums move by the difference, so a parent with 100,000 children costs no more than one with three.
//! An extreme is looked up again only when the child that held it leaves. A changed roll-up may feed formulas
//! and further roll-ups of the parent: the change goes up until nothing moves. [`rebuild`] makes all of it from nothing.
//!
//! Sums of money count children in the company's currency; others are left out until rates are known.

use crate::compute::Rules;
use crate::{Company, Cx};
use futures::future::BoxFuture;
use kernel::expr::{self, Env, Expr, Typed, Wanted};
use kernel::{Agg, Cell, Field, Kind, Money, Object, Outcome, Record, Registry, Value};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// What a roll-up is before there is any child.
pub(crate) fn zero(kind: &Kind, currency: &str) -> Value {
    match kind {
        Kind::Rollup { agg: Agg::Count | Agg::Sum, result, .. } => match result.as_ref() {
            Kind::Money => Value::Money(Money::new(0, currency)),
            Kind::Decimal { .. } | Kind::Percent => Value::Decimal(Decimal::ZERO),
            Kind::Duration => Value::Duration(0),
            _ => Value::Int(0),
        },
        _ => Value::Null,
    }
}

/// A roll-up field of a parent that looks at a given child object.
struct Rule<'a> {
    field: &'a Field,
    via: &'a str,
    agg: Agg,
    of: Option<&'a str>,
    filter: Option<(Expr, Typed)>,
    /// The company's.
    currency: &'a str,
}

fn rules<'a>(registry: &Registry, parent: &'a Object, child: &Object, currency: &'a str) -> Outcome<Vec<Rule<'a>>> {
    let mut rules = Vec::new();
    for f in &parent.fields {
        if let Kind::Rollup { object, via, agg, field, filter, .. } = &f.kind
            && *object == child.key
        {
            let filter = match filter {
                None => None,
                Some(text) => {
                    let expr = Expr::parse(text)?;
                    let typed = expr::check_expr(registry, child, &expr, Wanted::Condition)?;
                    Some((expr, typed))
                }
            };
            rules.push(Rule { field: f, via, agg: *agg, of: field.as_deref(), filter, currency });
        }
    }
    Ok(rules)
}

impl Rule<'_> {
    /// Parent and contribution of one state of a child; none when it does not count.
    fn share(&self, child: Option<&Record>, env: &Env) -> Option<(Uuid, Value)> {
        let child = child?;
        let parent = child.get(self.via).id()?;
        if self.filter.as_ref().is_some_and(|(_, filter)| !expr::holds(filter, child, env)) {
            return None;
        }
        let value = match (self.agg, self.of) {
            (Agg::Count, _) => Value::Int(1),
            (_, Some(of)) => child.get(of).clone(),
            (_, None) => Value::Null,
        };
        if let (Agg::Sum, Value::Money(m)) = (self.agg, &value)
            && m.currency != self.currency
        {
            return None;
        }
        (!value.is_null()).then_some((parent, value))
    }
}

/// What happens to one roll-up of one parent.
#[derive(Default)]
struct Delta {
    add: Vec<Value>,
    remove: Vec<Value>,
}

/// Carries changes of children up to their parents. `pairs` are (before, after); `None` for not there.
pub(crate) fn propagate<'a>(cx: &'a mut Cx, child: &'a Arc<Object>, pairs: &'a [(Option<&'a Record>, Option<&'a Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let registry = cx.registry.clone();
        let settings = cx.company.settings();
        let env = cx.company.env(&cx.company.system());
        for parent in registry.objects() {
            let rules = rules(&registry, parent, child, &settings.currency)?;
            if rules.is_empty() {
                continue;
            }
            let mut deltas: BTreeMap<Uuid, BTreeMap<usize, Delta>> = BTreeMap::new();
            for (before, after) in pairs {
                for (i, rule) in rules.iter().enumerate() {
                    let (was, is) = (rule.share(*before, &env), rule.share(*after, &env));
                    if was == is {
                        continue;
                    }
                    if let Some((id, v)) = was {
                        deltas.entry(id).or_default().entry(i).or_default().remove.push(v);
                    }
                    if let Some((id, v)) = is {
                        deltas.entry(id).or_default().entry(i).or_default().add.push(v);
                    }
                }
            }
            apply(cx, parent, child, &rules, deltas, &env).await?;
        }
        Ok(())
    })
}

async fn apply(cx: &mut Cx, parent: &Arc<Object>, child: &Object, rules: &[Rule<'_>], deltas: BTreeMap<Uuid, BTreeMap<usize, Delta>>, env: &Env) -> Outcome<()> {
    if deltas.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = deltas.keys().copied().collect();
    let company = cx.company.clone();
    // Locked in the order of ids: two savers with the same parents wait for each other instead of blocking for ever.
    let befores = company.some(&mut cx.tx, &company.system(), parent, &ids, &kernel::Verb::Read, true).await?;
    let registry = cx.registry.clone();
    let formulas = Rules::of(&registry, parent)?;
    let mut moved = Vec::new();
    for before in befores {
        let mut after = before.clone();
        for (i, delta) in deltas.get(&before.id).into_iter().flatten() {
            let Some(rule) = rules.get(*i) else { continue };
            let value = match rule.agg {
                Agg::Count | Agg::Sum => sum(after.get(&rule.field.key), rule, delta),
                Agg::Min | Agg::Max => extreme(cx, child, before.id, after.get(&rule.field.key), rule, delta, env).await?,
            };
            after.values.insert(rule.field.key.clone(), value);
        }
        formulas.formulas(&mut after, env);
        if before != after {
            moved.push((before, after));
        }
    }
    write(cx, parent, &moved).await?;
    let pairs: Vec<_> = moved.iter().map(|(b, a)| (Some(b), Some(a))).collect();
    propagate(cx, parent, &pairs).await?;
    let changes = if cx.is_watched(&parent.key).await? { moved.into_iter().map(|(b, a)| (Some(b), Some(a))).collect() } else { Vec::new() };
    cx.watched(&parent.key, changes).await
}

impl Cx {
    /// Writes fields that follow from others by a rule of a module: like roll-ups they move by themselves, without a new
    /// revision or a line in the audit, and carry on to formulas and to the roll-ups of what they belong to. What must
    /// be remembered of it the module keeps in records of its own.
    ///
    /// # Errors
    /// The database; a field that is not there.
    pub async fn derive(&mut self, object: &str, values: Vec<(Uuid, Vec<(&'static str, Value)>)>) -> Outcome<()> {
        let object = self.object(object)?;
        let mut ids: Vec<Uuid> = values.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        let company = self.company.clone();
        let system = company.system();
        let befores = company.some(&mut self.tx, &system, &object, &ids, &kernel::Verb::Read, true).await?;
        let registry = self.registry.clone();
        let (formulas, env) = (Rules::of(&registry, &object)?, company.env(&system));
        let mut moved = Vec::new();
        for before in befores {
            let mut after = before.clone();
            for (key, value) in values.iter().filter(|(id, _)| *id == before.id).flat_map(|(_, v)| v) {
                object.get(key).ok_or_else(|| kernel::Fault::internal(format!("{} has no {key}", object.key)))?;
                after.set(*key, value.clone());
            }
            formulas.formulas(&mut after, &env);
            if before != after {
                moved.push((before, after));
            }
        }
        write(self, &object, &moved).await?;
        let pairs: Vec<_> = moved.iter().map(|(b, a)| (Some(b), Some(a))).collect();
        propagate(self, &object, &pairs).await
    }
}

/// Writes what differs; the revision stays, since nobody edited the parent.
async fn write(cx: &mut Cx, object: &Object, moved: &[(Record, Record)]) -> Outcome<()> {
    for (before, after) in moved {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE ").ident(&object.key).push(" SET ");
        let mut first = true;
        for f in object.fields.iter().filter(|f| before.get(&f.key) != after.get(&f.key)) {
            for (column, cell) in f.columns().iter().zip(f.kind.encode(after.get(&f.key))) {
                sql.push(if first { "" } else { ", " }).ident(&column.name).push(" = ").bind(cell);
                first = false;
            }
        }
        sql.push(" WHERE \"id\" = ").bind(after.id);
        if !first {
            cx.tx.exec(&sql).await?;
            cx.tx.notify(format!("{}:{}", object.key, after.id));
        }
    }
    Ok(())
}

fn sum(old: &Value, rule: &Rule<'_>, delta: &Delta) -> Value {
    let start = if old.is_null() { zero(&rule.field.kind, rule.currency) } else { old.clone() };
    let up = delta.add.iter().fold(start, |acc, v| plus(acc, v, 1));
    delta.remove.iter().fold(up, |acc, v| plus(acc, v, -1))
}

fn plus(acc: Value, v: &Value, sign: i64) -> Value {
    match (acc, v) {
        (Value::Int(a), Value::Int(b)) => Value::Int(a.saturating_add(sign * b)),
        (Value::Decimal(a), Value::Decimal(b)) => Value::Decimal(a + Decimal::from(sign) * b),
        (Value::Decimal(a), Value::Int(b)) => Value::Decimal(a + Decimal::from(sign * b)),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a.saturating_add(sign * b)),
        (Value::Money(a), Value::Money(b)) => Value::Money(Money::new(a.minor.saturating_add(sign * b.minor), a.currency)),
        (acc, _) => acc,
    }
}

/// The better of two by the rule's direction; null loses.
fn better(agg: Agg, a: Value, b: Value, env: &Env) -> Value {
    match expr::compare(&a, &b, env) {
        None if a.is_null() => b,
        None => a,
        Some(order) => {
            if (agg == Agg::Min) == order.is_le() { a } else { b }
        }
    }
}

async fn extreme(cx: &mut Cx, child: &Object, parent: Uuid, old: &Value, rule: &Rule<'_>, delta: &Delta, env: &Env) -> Outcome<Value> {
    let start = if delta.remove.iter().any(|v| v == old) { lookup(cx, child, parent, rule, env).await? } else { old.clone() };
    Ok(delta.add.iter().fold(start, |acc, v| better(rule.agg, acc, v.clone(), env)))
}

/// The extreme among the children as they are in the table now.
async fn lookup(cx: &mut Cx, child: &Object, parent: Uuid, rule: &Rule<'_>, env: &Env) -> Outcome<Value> {
    let Some(field) = rule.of.and_then(|f| child.get(f)) else { return Ok(Value::Null) };
    let columns = field.columns();
    let mut sql = cx.tx.sql();
    sql.push("SELECT ");
    for (i, c) in columns.iter().enumerate() {
        sql.push(if i == 0 { "t." } else { ", t." }).ident(&c.name);
    }
    crate::record_sql::from(&mut sql, child, "t");
    sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.").ident(rule.via).push(" = ").bind(parent);
    let first = columns.first().map(|c| c.name.clone()).unwrap_or_default();
    sql.push(" AND t.").ident(&first).push(" IS NOT NULL");
    if let Some((filter, _)) = &rule.filter {
        sql.push(" AND (");
        store::filter::compile(&cx.registry, child, "t", filter, env, &mut sql)?;
        sql.push(")");
    }
    sql.push(" ORDER BY t.").ident(&first).push(if rule.agg == Agg::Max { " DESC LIMIT 1" } else { " LIMIT 1" });
    let types: Vec<_> = columns.iter().map(|c| c.ty).collect();
    let row = cx.tx.row(&sql, &types).await?;
    Ok(row.map_or(Value::Null, |cells| field.kind.decode(&cells)))
}

/// Recomputes every roll-up of an object from its children: for a new roll-up field, and to prove the incremental state.
/// Returns how many records were wrong.
///
/// # Errors
/// The database.
pub async fn rebuild(company: &Company, object: &str) -> Outcome<usize> {
    walk(company, object, true).await
}

/// The job that makes all roll-ups anew: after the company changed its currency, since sums of money count only that.
pub const JOB: &str = "engine.rollups";

/// [`rebuild`] for every object that has roll-ups; how many records were wrong.
///
/// # Errors
/// The database.
pub async fn rebuild_all(company: &Company) -> Outcome<usize> {
    company.reload().await?;
    let registry = company.registry();
    let mut wrong = 0;
    for object in registry.objects().filter(|o| o.fields.iter().any(|f| matches!(f.kind, Kind::Rollup { .. }))) {
        wrong += rebuild(company, &object.key).await?;
    }
    Ok(wrong)
}

/// How many records [`rebuild`] would put right; nothing is changed.
///
/// # Errors
/// The database.
pub async fn stale(company: &Company, object: &str) -> Outcome<usize> {
    walk(company, object, false).await
}

async fn walk(company: &Company, object: &str, keep: bool) -> Outcome<usize> {
    let actor = company.system();
    let mut last = Uuid::nil();
    let mut wrong = 0;
    loop {
        let mut cx = company.write(&actor).await?;
        let object = cx.object(object)?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.\"id\"");
        crate::record_sql::from(&mut sql, &object, "t");
        sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.\"id\" > ").bind(last).push(" ORDER BY t.\"id\" LIMIT 200");
        let rows = cx.tx.rows(&sql, &[kernel::ColumnType::Id]).await?;
        let ids: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
        let Some(end) = ids.last().copied() else { return Ok(wrong) };
        last = end;
        wrong += rebuild_some(&mut cx, &object, &ids).await?;
        if keep {
            cx.commit().await?;
        } else {
            cx.rollback().await?;
        }
    }
}

pub(crate) async fn rebuild_some(cx: &mut Cx, object: &Arc<Object>, ids: &[Uuid]) -> Outcome<usize> {
    let company = cx.company.clone();
    let actor = company.system();
    let env = company.env(&actor);
    let settings = company.settings();
    let registry = cx.registry.clone();
    let befores = company.some(&mut cx.tx, &actor, object, ids, &kernel::Verb::Read, true).await?;
    let mut afters: BTreeMap<Uuid, Record> = befores.iter().map(|r| (r.id, r.clone())).collect();
    let children: BTreeSet<&str> = object
        .fields
        .iter()
        .filter_map(|f| if let Kind::Rollup { object, .. } = &f.kind { Some(object.as_str()) } else { None })
        .collect();
    for key in children {
        let child = cx.object(key)?;
        for rule in rules(&registry, object, &child, &settings.currency)? {
            for after in afters.values_mut() {
                after.values.insert(rule.field.key.clone(), zero(&rule.field.kind, rule.currency));
            }
            let columns = crate::record_sql::Columns::all(&child);
            let mut sql = cx.tx.sql();
            sql.push("SELECT ");
            columns.write(&mut sql, "t");
            crate::record_sql::from(&mut sql, &child, "t");
            sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.").ident(rule.via).push(" IN ");
            sql.bind_list(ids.iter().map(|id| Cell::Id(*id)));
            for row in cx.tx.rows(&sql, &columns.types).await? {
                let Some(record) = columns.record(&row) else { continue };
                let Some((parent, value)) = rule.share(Some(&record), &env) else { continue };
                let Some(after) = afters.get_mut(&parent) else { continue };
                let old = after.get(&rule.field.key).clone();
                let new = match rule.agg {
                    Agg::Count | Agg::Sum => plus(old, &value, 1),
                    Agg::Min | Agg::Max => better(rule.agg, old, value, &env),
                };
                after.values.insert(rule.field.key.clone(), new);
            }
        }
    }
    let formulas = Rules::of(&registry, object)?;
    let mut moved = Vec::new();
    for before in befores {
        let Some(mut after) = afters.remove(&before.id) else { continue };
        formulas.formulas(&mut after, &env);
        if before != after {
            moved.push((before, after));
        }
    }
    write(cx, object, &moved).await?;
    let pairs: Vec<_> = moved.iter().map(|(b, a)| (Some(b), Some(a))).collect();
    propagate(cx, object, &pairs).await?;
    Ok(moved.len())
}
