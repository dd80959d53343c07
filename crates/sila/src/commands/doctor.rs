//! `sila doctor`: does everything fit together?

use super::say;
use crate::place::Place;
use engine::{Company, rollup};
use kernel::{Capability, Cell, ColumnType, Fault, FaultKind, Kind, Outcome};
use store::Sql;

/// One thing looked at: what, how many are wrong, and whether `--fix` has put them right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub what: String,
    pub wrong: u64,
    pub fixed: bool,
}

pub async fn run(place: &Place, fix: bool) -> Outcome<()> {
    let (config, company, _) = place.open().await?;
    crate::telemetry::logs(&config);
    let findings = examine(&company, fix).await?;
    for f in &findings {
        let verdict = match (f.wrong, f.fixed) {
            (0, _) => say("سليم", "fine").to_owned(),
            (n, true) => format!("{n} {}", say("أُصلحت", "put right")),
            (n, false) => format!("{n} {}", say("فيها خلل", "wrong")),
        };
        println!("{:<32} {verdict}", f.what);
    }
    company.db().close().await;
    if findings.iter().any(|f| f.wrong > 0 && !f.fixed) {
        let detail = say("عُثر على خلل", "something is wrong").to_owned();
        return Err(Fault { detail, ..Fault::new(FaultKind::Internal) });
    }
    Ok(())
}

/// Looks at everything; with `fix` puts right what can be computed again.
///
/// # Errors
/// The database itself does not answer.
pub async fn examine(company: &Company, fix: bool) -> Outcome<Vec<Finding>> {
    let mut findings = vec![integrity(company).await?, tables(company).await?];
    let registry = company.registry();
    for object in registry.objects() {
        if object.fields.iter().any(|f| matches!(f.kind, Kind::Rollup { .. })) {
            let wrong = if fix { rollup::rebuild(company, &object.key).await? } else { rollup::stale(company, &object.key).await? };
            findings.push(Finding { what: format!("roll-ups {}", object.key), wrong: wrong as u64, fixed: fix });
        }
        if object.can(Capability::Search) {
            findings.push(search(company, &object.key).await?);
        }
    }
    findings.push(files(company).await?);
    let back = engine::forget::tombs::due(company).await?.len() as u64;
    let again = if fix { super::privacy::erase_again(company).await? as u64 } else { 0 };
    findings.push(Finding { what: "erased people".into(), wrong: back, fixed: again == back });
    let dead = jobs(company).await?.into_iter().find(|(s, _)| s == "dead").map_or(0, |(_, n)| n);
    findings.push(Finding { what: "dead jobs".into(), wrong: dead, fixed: false });
    Ok(findings)
}

async fn integrity(company: &Company) -> Outcome<Finding> {
    let mut conn = company.db().read().await?;
    let mut wrong = 0;
    if conn.sql().is_sqlite() {
        let sql = Sql::of(conn.dialect(), "PRAGMA quick_check");
        let rows = conn.rows(&sql, &[ColumnType::Text]).await?;
        wrong = rows.iter().filter(|r| r.first().and_then(Cell::text) != Some("ok")).count() as u64;
    }
    Ok(Finding { what: "database".into(), wrong, fixed: false })
}

/// Tables and columns the database lacks, or has beyond the declarations.
async fn tables(company: &Company) -> Outcome<Finding> {
    let plan = store::migrate::plan(company.db(), &store::desired(&company.registry())).await?;
    Ok(Finding { what: "tables".into(), wrong: plan.steps.len() as u64, fixed: false })
}

/// Living records without search row, and search rows without living record.
async fn search(company: &Company, object: &str) -> Outcome<Finding> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT COUNT(*) FROM ").ident(object).push(" t WHERE t.deleted_at IS NULL AND NOT EXISTS");
    sql.push(" (SELECT 1 FROM sila_search s WHERE s.object = ").bind(object).push(" AND s.record_id = t.id)");
    let missing = conn.int(&sql).await?.unwrap_or_default();
    let mut sql = conn.sql();
    sql.push("SELECT COUNT(*) FROM sila_search s WHERE s.object = ").bind(object);
    sql.push(" AND NOT EXISTS (SELECT 1 FROM ").ident(object).push(" t WHERE t.id = s.record_id AND t.deleted_at IS NULL)");
    let orphaned = conn.int(&sql).await?.unwrap_or_default();
    Ok(Finding { what: format!("search {object}"), wrong: (missing + orphaned).unsigned_abs(), fixed: false })
}

/// Files the database speaks of and the folder does not have.
async fn files(company: &Company) -> Outcome<Finding> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT DISTINCT sha256 FROM sila_file WHERE deleted_at IS NULL");
    let rows = conn.rows(&sql, &[ColumnType::Text]).await?;
    drop(conn);
    let mut wrong = 0;
    for sha in rows.iter().filter_map(|r| r.first().and_then(Cell::text)) {
        let (head, tail) = sha.split_at_checked(2).unwrap_or(("", sha));
        if !company.dir().join("files").join(head).join(tail).is_file() {
            wrong += 1;
        }
    }
    Ok(Finding { what: "files".into(), wrong, fixed: false })
}

/// How many jobs are in each state.
///
/// # Errors
/// The database.
pub async fn jobs(company: &Company) -> Outcome<Vec<(String, u64)>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT state, COUNT(*) FROM sila_job GROUP BY state ORDER BY state");
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Int]).await?;
    Ok(rows
        .iter()
        .filter_map(|r| Some((r.first()?.text()?.to_owned(), r.get(1)?.int()?.unsigned_abs())))
        .collect())
}
