//! `sila run …`: what assistants have changed, and taking it back.

use super::{acting, lang, say};
use crate::cli::RunCommand;
use kernel::uuid::Uuid;
use kernel::{Fault, Outcome};

/// Runs shown at most.
const MANY: usize = 100;

pub async fn run(command: RunCommand) -> Outcome<()> {
    match command {
        RunCommand::List { place, user } => {
            let (_, company, _) = place.open().await?;
            let who = acting(&company, user.as_deref()).await?;
            for r in company.runs(&who, user.is_none(), MANY).await? {
                let state = if r.undone_at.is_some() { say("متراجَع عنها", "undone") } else { "" };
                println!("{}  {}  {}  {}  {}  {state}", r.id, r.at, r.token_name, r.client, r.records);
            }
            company.db().close().await;
        }
        RunCommand::Undo { place, id, user } => {
            let (_, company, _) = place.open().await?;
            let who = acting(&company, user.as_deref()).await?;
            let id: Uuid = id.parse().map_err(|_| Fault::not_found())?;
            let undone = company.undo_run(&who, id).await?;
            let n = i64::try_from(undone.records).unwrap_or(i64::MAX);
            println!("{}", text::i18n::t_plain(lang(), "mcp-run-taken-back", &[("n", n.into())]));
            company.db().close().await;
        }
    }
    Ok(())
}
