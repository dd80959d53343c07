//! What a rule sees of a record: its own values, and those its expressions reach through references.

use engine::{Actor, Company, Cx, Query};
use kernel::expr::{self, Env, Func, Node, Typed, Wanted};
use kernel::jiff::tz::TimeZone;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, Object, Outcome, Record, Registry, Value};
use store::Conn;

/// A condition, parsed and checked.
#[derive(Clone, Debug)]
pub struct Cond {
    pub expr: Expr,
    pub typed: Typed,
    /// Needs no database beyond the record and what its references point to.
    memory: bool,
}

impl Cond {
    /// None for an empty text.
    ///
    /// # Errors
    /// `expr-…` issues.
    pub fn read(registry: &Registry, object: &Object, text: &str) -> Outcome<Option<Cond>> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let expr = Expr::parse(text)?;
        let typed = expr::check_expr(registry, object, &expr, Wanted::Condition)?;
        let memory = in_memory(&typed);
        Ok(Some(Cond { expr, typed, memory }))
    }
}

/// Lists, teams, shares and consents are known to the database alone.
pub fn in_memory(typed: &Typed) -> bool {
    let mut all = !matches!(
        typed.node,
        Node::Exists { .. } | Node::Call(Func::InMyTeams | Func::InMyTeamsBelow | Func::SharedWithMe | Func::MayContact, _)
    );
    typed.each_child(|c| all = all && in_memory(c));
    all
}

/// What expressions of a rule need to know; `me()` is who started it.
pub fn env(company: &Company, who: Option<Uuid>) -> Env {
    let zone = TimeZone::get(&company.settings().zone).unwrap_or(TimeZone::UTC);
    Env::new(company.now(), zone, who)
}

/// The company's own eyes, with `me()` said.
fn eyes(company: &Company, who: Option<Uuid>) -> Actor {
    Actor { id: who.unwrap_or_default(), ..company.system() }
}

/// Loads beside the record what these expressions reach through references.
///
/// # Errors
/// The database.
pub async fn reach<'t>(company: &Company, conn: &mut Conn, object: &Object, record: &mut Record, exprs: impl Iterator<Item = &'t Typed>) -> Outcome<()> {
    let registry = company.registry();
    let system = company.system();
    let mut loaded: Vec<(Uuid, Record)> = Vec::new();
    for path in exprs.flat_map(Typed::reference_paths) {
        let mut at = object.clone();
        let mut here = record.clone();
        for (i, name) in path.iter().enumerate() {
            let Some(field) = at.get(name) else { break };
            let value = here.get(name).clone();
            if i > 0 {
                record.set(path.iter().take(i + 1).map(String::as_str).collect::<Vec<_>>().join("."), value.clone());
            }
            let (Some(target), Value::Id(id)) = (field.kind.target(), value) else { break };
            let Some(next) = registry.find(target) else { break };
            here = match loaded.iter().find(|(known, _)| *known == id) {
                Some((_, found)) => found.clone(),
                None => match company.get_in(conn, &system, target, id).await {
                    Ok(found) => {
                        loaded.push((id, found.clone()));
                        found
                    }
                    Err(fault) if fault.kind == kernel::FaultKind::NotFound => break,
                    Err(fault) => return Err(fault),
                },
            };
            at = next.as_ref().clone();
        }
    }
    Ok(())
}

/// Whether a condition holds for a record as it is in hand (`stored`: and in the table, for what only the database knows).
///
/// # Errors
/// The database.
pub async fn holds(cx: &mut Cx, object: &Object, cond: Option<&Cond>, record: &Record, who: Option<Uuid>) -> Outcome<bool> {
    let company = cx.company.clone();
    holds_in(&company, &mut cx.tx, object, cond, record, who).await
}

/// The same on a connection.
///
/// # Errors
/// The database.
pub async fn holds_in(company: &Company, conn: &mut Conn, object: &Object, cond: Option<&Cond>, record: &Record, who: Option<Uuid>) -> Outcome<bool> {
    let Some(cond) = cond else { return Ok(true) };
    if cond.memory {
        let mut seen = record.clone();
        reach(company, conn, object, &mut seen, std::iter::once(&cond.typed)).await?;
        return Ok(expr::holds(&cond.typed, &seen, &env(company, who)));
    }
    let query = Query::new(object.key.clone()).filter(cond.expr.clone());
    let mut sql = conn.sql();
    sql.push("SELECT COUNT(*)");
    company.rows_where(&eyes(company, who), object, &query, &mut sql)?;
    sql.push(" AND t.\"id\" = ").bind(record.id);
    Ok(conn.int(&sql).await? == Some(1))
}

/// The value of an expression that was checked when the rule was made.
///
/// # Errors
/// Invalid: it does not fit the object any more. The database.
pub async fn value(cx: &mut Cx, object: &Object, text: &str, record: &Record, who: Option<Uuid>) -> Outcome<Value> {
    let registry = cx.registry.clone();
    let company = cx.company.clone();
    let typed = expr::check(&registry, object, text, Wanted::Any)?;
    let mut seen = record.clone();
    reach(&company, &mut cx.tx, object, &mut seen, std::iter::once(&typed)).await?;
    Ok(expr::eval(&typed, &seen, &env(&company, who)))
}

/// Each part of a condition that must hold, as written, with whether it does and the values it looks at.
///
/// # Errors
/// The database.
pub async fn reasons(cx: &mut Cx, object: &Object, cond: Option<&Cond>, record: &Record, who: Option<Uuid>) -> Outcome<Vec<Reason>> {
    let Some(cond) = cond else { return Ok(Vec::new()) };
    let registry = cx.registry.clone();
    let company = cx.company.clone();
    let mut all = Vec::new();
    for part in ui::conditions::conjuncts(&cond.expr) {
        let typed = expr::check_expr(&registry, object, part, Wanted::Condition)?;
        let memory = in_memory(&typed);
        let one = Cond { expr: part.clone(), typed, memory };
        let held = holds(cx, object, Some(&one), record, who).await?;
        let mut seen = record.clone();
        reach(&company, &mut cx.tx, object, &mut seen, std::iter::once(&one.typed)).await?;
        let own = one.typed.fields().into_iter().filter(|(o, _)| *o == object.key);
        let found = own.map(|(_, f)| (f.clone(), seen.get(&f).to_json())).collect();
        all.push(Reason { text: part.to_string(), held, found });
    }
    Ok(all)
}

/// One part of a condition and how it came out.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    pub text: String,
    pub held: bool,
    /// The record's own fields it looks at.
    pub found: serde_json::Map<String, serde_json::Value>,
}

/// What a rule looked at, as one text: equal as long as nothing of it changed.
///
/// # Errors
/// The database.
pub async fn mark(cx: &mut Cx, object: &Object, cond: Option<&Cond>, record: &Record) -> Outcome<String> {
    use sha2::{Digest, Sha256};
    let Some(cond) = cond else { return Ok(String::new()) };
    let company = cx.company.clone();
    let mut seen = record.clone();
    reach(&company, &mut cx.tx, object, &mut seen, std::iter::once(&cond.typed)).await?;
    let own = cond.typed.fields().into_iter().filter(|(o, _)| *o == object.key).map(|(_, f)| f);
    let paths = cond.typed.reference_paths().into_iter().map(|p| p.join("."));
    let mut hash = Sha256::new();
    for name in own.chain(paths) {
        hash.update(format!("{name}={}\n", seen.get(&name).to_json()));
    }
    Ok(hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect())
}

/// The record as the company sees it.
///
/// # Errors
/// Not found.
pub async fn record(cx: &mut Cx, object: &str, id: Uuid) -> Outcome<Record> {
    let company = cx.company.clone();
    company.get_in(&mut cx.tx, &company.system(), object, id).await
}

/// `order/0198…` → object and id.
///
/// # Errors
/// Invalid: it does not name a record.
pub fn about(text: &str) -> Outcome<(String, Uuid)> {
    let (object, id) = text.split_once('/').ok_or_else(|| Fault::invalid("about", "value-no-such-record"))?;
    Ok((object.to_owned(), id.parse().map_err(|_| Fault::invalid("about", "value-no-such-record"))?))
}
