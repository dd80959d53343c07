//! Duplicates in a file of customers of which is known who is who: how many are found, how many are right, how long it
//! takes, and what a new customer costs with a look for doubles before it is saved.
//!
//! The column that says who is who (`ent`) is taken out before the file is imported, and read again only for counting.

use crate::names::Dice;
use crate::{Done, machine, seed};
use engine::import::{Mapping, NewImport};
use engine::{Company, Draft};
use kernel::{Cell, ColumnType, Name, Record};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::Instant;
use uuid::Uuid;

/// Columns: `unique_id,ent,name,phone,city,addr,email,dob`.
pub async fn run(url: &str, dir: &Path, file: &Path, creates: usize) -> Done {
    let (bytes, truth) = without_truth(file)?;
    let db = store::Db::open(url, &store::Options::default()).await?;
    let (company, _) = Company::open(db, dir, vec![base::module(), commerce::module()]).await?;
    let system = company.system();
    let mapping: Mapping = serde_json::from_value(serde_json::json!({
        "object": "party",
        "external": {"system": "file", "columns": ["unique_id"]},
        "fields": [
            {"column": "name", "target": "name"},
            {"column": "phone", "target": "phone"},
            {"column": "city", "target": "address.city"},
            {"column": "addr", "target": "address.street"},
            {"column": "email", "target": "email"},
            {"column": "dob", "target": "birthday"},
        ],
    }))?;
    let started = Instant::now();
    let new = NewImport { object: "party".into(), name: "customers.csv".into(), bytes, ..NewImport::default() };
    let import = company.stage_import(&system, new).await?;
    company.map_import(&system, import.id, mapping).await?;
    let done = company.run_import(&system, import.id).await?;
    println!("import: {} created, {} failed, {:.1} s", done.counts.created, done.counts.failed, started.elapsed().as_secs_f64());
    company.db().optimize().await?;

    let (started, cpu) = (Instant::now(), machine::cpu_ms(std::process::id()));
    let swept = company.sweep("party").await?;
    let (took, cpu) = (started.elapsed().as_secs_f64(), machine::cpu_ms(std::process::id()) - cpu);
    let (proposed, right) = proposed(&company, &truth).await?;
    let mut people: BTreeMap<&str, usize> = BTreeMap::new();
    truth.values().for_each(|p| *people.entry(p).or_default() += 1);
    // A person written down n times makes n (n − 1) / 2 pairs.
    let there: usize = people.values().map(|n| n * (n - 1) / 2).sum();
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    println!(
        "all duplicates of {} records: {took:.2} s by the clock, {:.2} s of CPU; {} pairs compared, {} same, {} maybe",
        swept.records,
        cpu / 1e3,
        swept.compared,
        swept.same,
        swept.maybe
    );
    println!("proposed as the same: {proposed}, right {right} of {there}: precision {:.4}, recall {:.4}", share(right, proposed), share(right, there));

    let mut dice = Dice::new(7);
    let (mut found, mut checks, before) = (0, 0.0, machine::cpu_ms(std::process::id()));
    let drafts: Vec<Draft> = (0..creates).map(|i| seed::stranger(&mut dice, i)).collect();
    for draft in &drafts {
        let mut record = Record::new("party", Uuid::nil());
        record.values.clone_from(&draft.values);
        found += usize::from(!company.duplicates_of_draft(&system, "party", &record, None).await?.candidates.is_empty());
    }
    checks += machine::cpu_ms(std::process::id()) - before;
    let before = machine::cpu_ms(std::process::id());
    for draft in drafts {
        let mut cx = company.write(&system).await?;
        cx.save("party", draft).await?;
        cx.commit().await?;
    }
    let saves = machine::cpu_ms(std::process::id()) - before;
    let each = |ms: f64| ms / creates.max(1) as f64;
    println!(
        "a new customer among them, without HTTP: {:.2} ms of CPU, of that {:.2} for looking for doubles ({found} of {creates} had a likely one)",
        each(checks + saves),
        each(checks)
    );
    // A duplicate that is warned of: half of a name that is there.
    let typed = Record::new("party", Uuid::nil()).with("name", Name::new("", "Mohammed Al-Otaibi")).with("phone", "+966500000001");
    let started = Instant::now();
    let warned = company.duplicates_of_draft(&system, "party", &typed, None).await?;
    println!("while typing: answered in {:.1} ms with {} candidates", started.elapsed().as_secs_f64() * 1e3, warned.candidates.len());
    company.db().close().await;
    Ok(())
}

/// The file without its second column, and who each row is.
fn without_truth(file: &Path) -> Done<(Vec<u8>, BTreeMap<String, String>)> {
    let mut rows = csv::Reader::from_path(file)?;
    let mut out = csv::Writer::from_writer(Vec::new());
    let kept = |r: &csv::StringRecord| r.iter().enumerate().filter(|(i, _)| *i != 1).map(|(_, c)| c.to_owned()).collect::<Vec<_>>();
    out.write_record(kept(rows.headers()?))?;
    let mut truth = BTreeMap::new();
    for row in rows.records() {
        let row = row?;
        out.write_record(kept(&row))?;
        let cell = |i: usize| row.get(i).unwrap_or_default().to_owned();
        truth.insert(cell(0), cell(1));
    }
    Ok((out.into_inner()?, truth))
}

/// Pairs proposed as the same, and how many of them are.
async fn proposed(company: &Company, truth: &BTreeMap<String, String>) -> Done<(usize, usize)> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT a.key, b.key FROM sila_match_pair p JOIN sila_external a ON a.record_id = p.a JOIN sila_external b ON b.record_id = p.b");
    sql.push(" WHERE p.score >= ").bind(70);
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Text]).await?;
    let text = |c: Option<&Cell>| c.and_then(Cell::text).unwrap_or_default().to_owned();
    let pairs: HashSet<(String, String)> = rows.iter().map(|r| (text(r.first()), text(r.get(1)))).collect();
    let right = pairs.iter().filter(|(a, b)| truth.get(a).is_some() && truth.get(a) == truth.get(b)).count();
    Ok((pairs.len(), right))
}
