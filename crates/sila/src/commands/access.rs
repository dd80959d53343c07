//! `sila access …`: may somebody do something, and why.

use super::{acting, lang, say};
use crate::cli::AccessCommand;
use engine::access::Reason;
use kernel::uuid::Uuid;
use kernel::{Fault, Outcome, Verb};

pub async fn run(command: AccessCommand) -> Outcome<()> {
    let AccessCommand::Explain { place, user, object, id, verb } = command;
    let (_, company, _) = place.open().await?;
    let who = acting(&company, Some(&user)).await?;
    let declared = company.registry().object(&object)?.clone();
    let unreadable = |_| Fault::invalid("id", "value-no-such-record");
    let record = id.as_deref().map(str::parse::<Uuid>).transpose().map_err(unreadable)?;
    let told = company.explained(&who, &declared, record, &Verb::of_key(&verb)).await?;
    println!("{} {}", if told.allowed { say("نعم.", "Yes.") } else { say("لا.", "No.") }, told.sentence.get(lang().code()));
    show(&told.reasons, 1);
    company.db().close().await;
    Ok(())
}

fn show(reasons: &[Reason], deep: usize) {
    for reason in reasons {
        println!("{}{} {}", "  ".repeat(deep), if reason.holds { "+" } else { "-" }, reason.sentence.get(lang().code()));
        show(&reason.under, deep + 1);
    }
}
