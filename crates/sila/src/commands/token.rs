//! `sila token create`

use super::user::by_email;
use crate::cli::TokenCommand;
use engine::Company;
use kernel::Outcome;

pub async fn run(command: TokenCommand) -> Outcome<()> {
    let TokenCommand::Create { place, user, name, scopes } = command;
    let (_, company, _) = place.open().await?;
    println!("{}", create(&company, &user, &name, &scopes).await?.reveal());
    company.db().close().await;
    Ok(())
}

/// A token for the user with this address; without scopes it may do all that he may.
///
/// # Errors
/// Not found: no such user; invalid: scopes.
pub async fn create(company: &Company, email: &str, name: &str, scopes: &[String]) -> Outcome<auth::Secret> {
    let user = by_email(company, email).await?;
    let all = ["admin".to_owned()];
    let scopes = if scopes.is_empty() { &all } else { scopes };
    Ok(auth::token::create(company, &company.system(), user, name, scopes, None).await?.0)
}
