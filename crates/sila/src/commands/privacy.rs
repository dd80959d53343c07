//! `sila privacy`: what is stored about a person, and the link to his preferences.

use super::say;
use crate::place::Place;
use engine::Company;
use engine::forget::{self, Fate, Fates, Mark};
use kernel::{Fault, FaultKind, Outcome};
use std::path::Path;
use uuid::Uuid;

/// The party with this id or customer number.
async fn party(company: &Company, named: &str) -> Outcome<Uuid> {
    if let Ok(id) = named.parse() {
        return Ok(company.get(&company.system(), "party", id).await?.id);
    }
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id FROM party WHERE deleted_at IS NULL AND code = ").bind(named);
    let found = conn.row(&sql, &[kernel::ColumnType::Id]).await?.and_then(|r| r.first().and_then(kernel::Cell::id));
    found.ok_or_else(|| Fault { detail: format!("{}: {named}", say("لا يوجد عميل بهذا الرقم", "no customer has this number")), ..Fault::new(FaultKind::NotFound) })
}

/// Reads every row of every table and every file, and says where the person's values stand.
pub async fn scan(place: &Place, named: Option<&str>, words: &[String]) -> Outcome<()> {
    let (config, company, _) = place.open().await?;
    crate::telemetry::logs(&config);
    let mut marks: Vec<Mark> = words.iter().map(|w| Mark::text(w, w)).collect();
    if let Some(named) = named {
        let id = party(&company, named).await?;
        let registry = company.registry();
        let mut conn = company.db().read().await?;
        let members = forget::circle(&mut conn, &registry, "party", id, &Fates::new()).await?;
        marks.extend(forget::of_record(&company, &mut conn, &members).await?);
    }
    let scan = forget::scan(&company, &marks).await?;
    for hit in &scan.hits {
        println!("{}.{}\t{}\t{}", hit.table, hit.column, hit.row, hit.what);
    }
    let (tables, rows, files, hits) = (scan.tables, scan.rows, scan.files, scan.hits.len());
    eprintln!("{}: {tables} / {rows} / {files} / {hits}", say("جداول / صفوف / ملفات / مواضع", "tables / rows / files / finds"));
    company.db().close().await;
    Ok(())
}

/// Prints the address of a person's preference page.
pub async fn link(place: &Place, named: &str) -> Outcome<()> {
    let (config, company, _) = place.open().await?;
    crate::telemetry::logs(&config);
    let id = party(&company, named).await?;
    let record = company.get(&company.system(), "party", id).await?;
    let address = record.get("email").text().unwrap_or_default().to_owned();
    println!("{}", base::ticket::preferences(&company, id, &address, company.settings().lang()).await?);
    company.db().close().await;
    Ok(())
}

/// Erases again whom the list beside the database names and a restored database has brought back.
///
/// # Errors
/// The database, the list.
pub async fn erase_again(company: &Company) -> Outcome<usize> {
    if forget::tombs::due(company).await?.is_empty() {
        return Ok(0);
    }
    let fates: Fates = privacy::retention::grounds(company).await?.into_keys().map(|object| (object, Fate::Keep)).collect();
    let again = forget::tombs::again(company, &fates).await?;
    tracing::warn!(people = again, "erased again after a restore");
    Ok(again)
}

/// Brings the lists of the erased of a backup and of a named file together with the one in the folder of the company.
pub(super) async fn gather(data: &Path, from: &Path, erased: Option<&Path>) -> Outcome<()> {
    let mut tombs = forget::tombs::listed(from).await?;
    if let Some(file) = erased {
        if !file.is_file() {
            return Err(super::unreadable(file, say("لا يوجد", "is not there")));
        }
        tombs.extend(forget::tombs::read(file).await?);
    }
    forget::tombs::add(data, tombs).await
}
