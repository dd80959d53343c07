//! `sila migrate`: from the tables that are there to those the program declares.
//!
//! Additions are also made at each start; this command shows them beforehand, and is the only one that removes.

use super::say;
use crate::place::Place;
use engine::Company;
use kernel::Outcome;
use store::{Allow, Plan};

pub async fn run(place: &Place, apply: bool, lose: bool) -> Outcome<()> {
    let config = place.config()?;
    crate::telemetry::logs(&config);
    let db = place.db(&config).await?;
    let dialect = db.dialect();
    let plan = plan(&db).await?;
    print!("{}", plan.show(dialect));
    if plan.is_empty() {
        eprintln!("{}", say("الجداول مطابقة لتعريفات البرنامج.", "The tables are as the program declares them."));
    } else if apply {
        let (company, _) = Company::open(db, &place.data, crate::modules::all()).await?;
        if lose {
            store::migrate::apply(company.db(), &store::desired(&company.registry()), Allow::Loss).await?;
        }
        eprintln!("{}", say("طُبّقت التغييرات.", "The changes have been made."));
        company.db().close().await;
    } else {
        eprintln!("{}", say("لم يُنفَّذ شيء؛ للتنفيذ أضف --apply.", "Nothing has been done; --apply does it."));
    }
    Ok(())
}

/// What opening the company would change, run-time objects included.
async fn plan(db: &store::Db) -> Outcome<Plan> {
    let registry = engine::company::declarations(db, &crate::modules::all()).await?;
    store::migrate::plan(db, &store::desired(&registry)).await
}
