//! `sila import` and `sila export`.

use super::{acting, say, show_issue, unreadable};
use crate::place::Place;
use engine::import::{Import, Mapping, NewImport, State};
use engine::{Actor, Company, Query};
use kernel::expr::Expr;
use kernel::{Fault, FaultKind, Outcome};
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;

pub async fn import(place: &Place, object: &str, file: &Path, map: Option<&Path>, dry_run: bool, user: Option<&str>) -> Outcome<()> {
    let (config, company, _) = place.open().await?;
    crate::telemetry::logs(&config);
    let actor = acting(&company, user).await?;
    let bytes = std::fs::read(file).map_err(|e| unreadable(file, e))?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let new = NewImport { object: object.to_owned(), name, bytes, max_bytes: usize::MAX, ..NewImport::default() };
    let mut staged = company.stage_import(&actor, new).await?;
    if let Some(map) = map {
        staged = company.map_import(&actor, staged.id, read_mapping(map)?).await?;
    }
    if dry_run {
        let counts = company.check_import(&actor, staged.id).await?;
        tell(&company, &actor, &staged, counts).await?;
        eprintln!("{}", say("فحص فقط؛ لم يُحفظ شيء.", "A check only; nothing has been kept."));
        company.forget_import(&actor, staged.id).await?;
        return Ok(());
    }
    let done = run(&company, &actor, staged.id).await?;
    tell(&company, &actor, &done, done.counts).await?;
    company.db().optimize().await?;
    company.db().close().await;
    if done.state == State::Done && done.counts.failed == 0 {
        return Ok(());
    }
    let detail = done.error.as_ref().map(show_issue).unwrap_or_else(|| say("لم تُقبل كل الأسطر", "not every line was taken").to_owned());
    Err(Fault { detail, ..Fault::new(FaultKind::Invalid) })
}

fn read_mapping(file: &Path) -> Outcome<Mapping> {
    let text = std::fs::read_to_string(file).map_err(|e| unreadable(file, e))?;
    serde_json::from_str(&text).map_err(|e| unreadable(file, e))
}

/// Runs a staged import to its end and says every few seconds how far it is.
///
/// # Errors
/// As [`Company::run_import`].
pub async fn run(company: &Company, actor: &Actor, id: Uuid) -> Outcome<Import> {
    let mut work = Box::pin(company.run_import(actor, id));
    let mut clock = tokio::time::interval(Duration::from_secs(2));
    clock.tick().await;
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = clock.tick() => {
                let now = company.import(actor, id).await?;
                eprintln!("    {}/{}", now.done(), now.total);
            }
        }
    }
}

/// What came of it, and the first lines that were refused.
async fn tell(company: &Company, actor: &Actor, import: &Import, counts: engine::import::Counts) -> Outcome<()> {
    println!(
        "{}: {}  {}: {}  {}: {}  {}: {}  {}: {}",
        say("جديد", "created"),
        counts.created,
        say("محدّث", "updated"),
        counts.updated,
        say("بلا تغيير", "unchanged"),
        counts.unchanged,
        say("مرفوض", "failed"),
        counts.failed,
        say("سجلات مرتبطة جديدة", "related records created"),
        counts.also,
    );
    for bad in company.import_bad_lines(actor, import.id, 0, 20).await? {
        let why: Vec<String> = bad.issues.iter().map(show_issue).collect();
        eprintln!("{} {}: {}", say("سطر", "line"), bad.at, why.join("; "));
    }
    Ok(())
}

pub async fn export(place: &Place, object: &str, file: &Path, filter: Option<&str>, user: Option<&str>) -> Outcome<()> {
    use engine::export::{ExportOptions, FileFormat};
    let (config, company, _) = place.open().await?;
    crate::telemetry::logs(&config);
    let actor = acting(&company, user).await?;
    let format = match file.extension().and_then(|e| e.to_str()) {
        Some("xlsx") => FileFormat::Xlsx,
        Some("csv") => FileFormat::Csv,
        _ => return Err(unreadable(file, say("الصيغ الممكنة: ‎.csv و‎.xlsx", "the formats are .csv and .xlsx"))),
    };
    let mut query = Query::new(object);
    if let Some(text) = filter {
        query = query.filter(Expr::parse(text)?);
    }
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).map_err(|e| unreadable(file, e))?);
    let options = ExportOptions { format, ..ExportOptions::default() };
    let rows = company.export(&actor, &query, &options, &mut out).await?;
    std::io::Write::flush(&mut out).map_err(|e| unreadable(file, e))?;
    company.db().close().await;
    println!("{rows}");
    Ok(())
}
