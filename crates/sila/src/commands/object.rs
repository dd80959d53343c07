//! `sila object …`: objects and fields of the company's own.

use super::{say, unreadable};
use crate::cli::ObjectCommand;
use engine::Company;
use engine::custom::{Change, Planned};
use kernel::Outcome;
use std::path::Path;

pub async fn run(command: ObjectCommand) -> Outcome<()> {
    match command {
        ObjectCommand::Plan { place, file } => {
            let (_, company, _) = place.open().await?;
            let planned = company.plan_changes(&company.system(), &read(&file)?).await?;
            show(&company, &planned);
            eprintln!("{}", say("لم يُنفَّذ شيء.", "Nothing has been done."));
            Ok(())
        }
        ObjectCommand::Apply { place, file, lose } => {
            let (_, company, _) = place.open().await?;
            apply(&company, &read(&file)?, lose).await
        }
        ObjectCommand::Remove { place, object, lose } => {
            let (_, company, _) = place.open().await?;
            apply(&company, &[Change::RemoveObject { object }], lose).await
        }
    }
}

async fn apply(company: &Company, changes: &[Change], lose: bool) -> Outcome<()> {
    let planned = company.apply_changes(&company.system(), changes, lose).await?;
    show(company, &planned);
    eprintln!("{}", say("طُبّقت التغييرات.", "The changes have been made."));
    company.db().close().await;
    Ok(())
}

fn show(company: &Company, planned: &Planned) {
    print!("{}", planned.plan.show(company.db().dialect()));
    for (name, rows) in planned.loses() {
        eprintln!("{name}: {rows} {}", say("صفوف تُفقد بياناتها", "rows lose their data"));
    }
}

/// One change, or a list of them.
fn read(file: &Path) -> Outcome<Vec<Change>> {
    let text = std::fs::read_to_string(file).map_err(|e| unreadable(file, e))?;
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|e| unreadable(file, e))?;
    let list = if json.is_array() { json } else { serde_json::Value::Array(vec![json]) };
    serde_json::from_value(list).map_err(|e| unreadable(file, e))
}
