//! The emergency door: where only single sign-on is taken and the provider is gone, whoever runs the server lets an
//! administrator in. The link works once, for ten minutes; the second step is still asked for.

use crate::sign_in::{self, Entry};
use crate::{Origin, Secret, challenge, factor};
use engine::{Actor, Company};
use kernel::{Fault, Outcome};
use serde_json::{Value as Json, json};
use uuid::Uuid;

const PURPOSE: &str = "door";

/// Makes the link's token: for the command line, which acts as the system.
///
/// # Errors
/// Forbidden: not the system. Invalid: no administrator.
pub async fn open(company: &Company, actor: &Actor, user: Uuid) -> Outcome<Secret> {
    if !actor.is_system() {
        return Err(Fault::forbidden());
    }
    let person = company.load_actor(user).await?.ok_or_else(Fault::not_found)?;
    if !person.policy.admin {
        return Err(Fault::invalid("email", "sso-door-administrators"));
    }
    let token = challenge::begin(company, PURPOSE, Some(user), &Json::Null).await?;
    factor::note(company, actor, user, "sso_door", "").await?;
    Ok(token)
}

/// Goes through it.
///
/// # Errors
/// Invalid (`auth-step-over`): too late, or somebody went through before.
pub async fn enter(company: &Company, token: &Secret, origin: &Origin) -> Outcome<Entry> {
    let step = challenge::take(company, PURPOSE, token).await?;
    let actor = company.load_actor(step.user.ok_or_else(challenge::spent)?).await?.filter(|a| a.policy.admin).ok_or_else(challenge::spent)?;
    sign_in::enter_from(company, actor, origin, None, false, json!({ "door": true })).await
}
