//! Erasing a person so that no personal value is left, and the books stay.
//!
//! - [`circle`]: the records about a person, found by walking the registry's references, each with its [`Fate`];
//! - [`values`]: what identifies him, in every form in which it is stored;
//! - [`erase`]: does it, in steps that may be repeated after a crash; [`Report`] says what was done;
//! - [`tombs`]: salted hashes of who was erased, so that a restored backup erases them again;
//! - [`scan`]: proves that nothing is left.
//!
//! The record itself is blanked last: until then a second run knows everything the first one knew.

mod blank;
mod circle;
mod traces;
pub mod tombs;
mod values;

pub use blank::{blanked, is_book};
pub use circle::{Fate, Fates, Member, circle, read};
pub use values::{Mark, needles, of_record};

use crate::{Company, Cx};
use kernel::{Fault, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::scan::Scan;
use uuid::Uuid;

/// What an erasure did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Object → how many records were made anonymous.
    pub anonymous: BTreeMap<String, u64>,
    /// Object → how many records were removed.
    pub removed: BTreeMap<String, u64>,
    /// Object → how many were kept as they are, because a rule says so.
    pub kept: BTreeMap<String, u64>,
    /// System table → rows that were removed or emptied.
    pub traces: BTreeMap<String, u64>,
    /// Contents of files that went.
    pub files: u64,
    /// Places that still name him by address, number or full name, outside his own records: `table.column row`.
    pub mentions: Vec<String>,
}

/// Members treated in one transaction.
const BATCH: usize = 100;

/// Erases a person. `told` hears how many of all records are done. Repeating it finishes what a crash left.
///
/// # Errors
/// Not found: there is no such record. The database.
pub async fn erase(company: &Company, object: &str, id: Uuid, fates: &Fates, mut told: impl FnMut(usize, usize) + Send) -> Outcome<Report> {
    let mut report = Report::default();
    let registry = company.registry();
    let mut conn = company.db().read().await?;
    let members = circle(&mut conn, &registry, object, id, fates).await?;
    let marks = of_record(company, &mut conn, &members).await?;
    drop(conn);
    // First of all: whatever happens from here on, a restored backup knows that he is to go.
    tombs::bury(company, object, id).await?;

    let all = members.len();
    let (subject, others): (Vec<Member>, Vec<Member>) = members.into_iter().partition(|m| m.id == id && m.object == object);
    let subject = subject.into_iter().next().ok_or_else(Fault::not_found)?;
    let mut contents = Vec::new();
    let mut done = 0;
    for batch in others.chunks(BATCH) {
        let mut cx = begin(company, id).await?;
        for member in batch {
            contents.extend(traces::files_of(&mut cx, member).await?);
            match member.fate {
                Fate::Keep => *report.kept.entry(member.object.clone()).or_default() += 1,
                Fate::Remove => {
                    blank::remove(&mut cx, member).await?;
                    traces::of_member(&mut cx, member, &mut report).await?;
                    *report.removed.entry(member.object.clone()).or_default() += 1;
                }
                Fate::Blank | Fate::Subject => {
                    blank::record(&mut cx, member).await?;
                    traces::of_member(&mut cx, member, &mut report).await?;
                    *report.anonymous.entry(member.object.clone()).or_default() += 1;
                }
            }
        }
        cx.commit().await?;
        done += batch.len();
        told(done, all);
    }
    let mut cx = begin(company, id).await?;
    contents.extend(traces::imports(&mut cx, &others, &subject, &marks, &mut report).await?);
    traces::by_value(&mut cx, &subject, &others, &marks, &mut report).await?;
    cx.commit().await?;
    report.mentions = mentions(company, &subject, &marks).await?;

    let mut cx = begin(company, id).await?;
    contents.extend(traces::files_of(&mut cx, &subject).await?);
    blank::record(&mut cx, &subject).await?;
    traces::of_member(&mut cx, &subject, &mut report).await?;
    blank::told(&mut cx, &subject).await?;
    cx.commit().await?;
    *report.anonymous.entry(subject.object.clone()).or_default() += 1;
    report.files = traces::drop_contents(company, &contents).await? + traces::letters(company, &marks).await?;
    told(all, all);
    Ok(report)
}

async fn begin(company: &Company, id: Uuid) -> Outcome<Cx> {
    let mut cx = company.write(&company.system()).await?;
    cx.cause = format!("erasure {id}");
    Ok(cx)
}

/// Where else the person's addresses, numbers and full names stand: for somebody to look at.
async fn mentions(company: &Company, subject: &Member, marks: &[Mark]) -> Outcome<Vec<String>> {
    let strong: Vec<Mark> = marks.iter().filter(|m| m.strong).cloned().collect();
    let found = store::scan::database(company.db(), &needles(&strong)).await?;
    let own = subject.id.to_string();
    let mut places: Vec<String> = found
        .hits
        .into_iter()
        .filter(|h| !h.row.contains(&own) && h.table != "sila_search")
        .map(|h| format!("{}.{} {}", h.table, h.column, h.row))
        .collect();
    places.dedup();
    Ok(places)
}

/// Looks for all forms of these values in every table and every file of the company.
///
/// # Errors
/// The database, the disk.
pub async fn scan(company: &Company, marks: &[Mark]) -> Outcome<Scan> {
    let needles = needles(marks);
    let mut scan = store::scan::database(company.db(), &needles).await?;
    for folder in ["files", "mail"] {
        store::scan::folder(&company.dir().join(folder), &needles, &mut scan).await?;
    }
    Ok(scan)
}
