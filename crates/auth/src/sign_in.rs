//! Signing in and out.

use crate::throttle::Attempt;
use crate::{Origin, Secret, password, session, sso, throttle};
use engine::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, FaultKind, Issue, Outcome};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Purpose of the step that asks for the second factor, and of the one that enrols it.
pub(crate) const SECOND: &str = "second";
pub(crate) const ENROL: &str = "enrol";

/// Where a right password leads.
#[derive(Debug)]
pub enum Entry {
    /// Into a session.
    In(Secret, Actor),
    /// To the second factor: give the token back with a code ([`crate::factor::sign_in_with_code`]).
    Second(Secret, crate::factor::Factors),
    /// To enrolling one first, because the company demands it ([`crate::factor::enrol_and_sign_in`]).
    Enrol(Secret),
}

/// Checks e-mail (or the name in a directory) and password and begins a session, or the next step where more is asked for.
///
/// # Errors
/// Unauthenticated: unknown, inactive or wrong, indistinguishably. Throttled, with the seconds to wait. Invalid: whose password
/// in a directory is right, and who still does not come in ([`sso::ldap::sign_in`]).
pub async fn sign_in(company: &Company, email: &str, password: &str, origin: &Origin) -> Outcome<Entry> {
    let directories = sso::ldap::active(company).await?;
    if directories.is_empty() {
        sso::own_ways_open(company)?;
    }
    let attempt = Attempt::new("sign-in", email, &origin.ip);
    throttle::begin(company, &attempt).await?;
    // Where only single sign-on is taken, no password of ours is right.
    let found = if sso::own_ways_open(company).is_ok() { credential(company, email).await? } else { None };
    let right = password::verify(password, found.as_ref().map(|(_, hash)| hash.as_str())).await?;
    let actor = match found {
        Some((user, _)) if right => company.load_actor(user).await?,
        _ => None,
    };
    let Some(actor) = actor else {
        let refused = match sso::ldap::sign_in(company, &directories, email, password).await {
            Ok(Some((actor, from))) => return enter_from(company, actor, origin, Some(&attempt), false, from).await,
            Ok(None) => wrong(),
            Err(fault) => fault,
        };
        let why = refused.issues.first().map_or("fault", |i| i.key.as_str());
        tracing::info!(ip = origin.ip, why, "sign-in refused");
        let more = if why == "auth-wrong" { Json::Null } else { json!({ "why": why }) };
        note(company, &company.system(), found_user(company, email).await?, "sign_in_failed", "password", origin, &more).await?;
        return Err(refused);
    };
    enter(company, actor, origin, Some(&attempt)).await
}

/// Writes into the audit who came in, or tried to, and with what. What was typed is not kept: people type passwords into other fields.
/// `more`: where a provider answered, its `provider`, whether it was the emergency `door`, and `why` it did not do; the rest of it is left out.
pub(crate) async fn note(company: &Company, actor: &Actor, user: Uuid, verb: &str, means: &str, origin: &Origin, more: &Json) -> Outcome<()> {
    let mut details = json!({"ip": origin.ip, "means": means});
    for name in ["provider", "door", "why"] {
        if let Some(value) = more.get(name) {
            details[name] = value.clone();
        }
    }
    let mut cx = company.write(actor).await?;
    cx.audit("user", user, verb, details).await?;
    cx.commit().await
}

/// Whose address was typed; nil where nobody has it.
async fn found_user(company: &Company, email: &str) -> Outcome<Uuid> {
    Ok(company.user_by_email(email).await?.unwrap_or_default())
}

/// A wrong or unknown pair.
pub(crate) fn wrong() -> Fault {
    Fault { issues: vec![Issue::new("password", "auth-wrong")], ..Fault::new(FaultKind::Unauthenticated) }
}

/// Whoever has shown one factor goes on: into a session, or to the second one.
pub(crate) async fn enter(company: &Company, actor: Actor, origin: &Origin, attempt: Option<&Attempt>) -> Outcome<Entry> {
    enter_from(company, actor, origin, attempt, false, Json::Null).await
}

/// The same for one who comes from a provider (`from`), which may have asked for the second factor already (`enough`).
pub(crate) async fn enter_from(company: &Company, actor: Actor, origin: &Origin, attempt: Option<&Attempt>, enough: bool, from: Json) -> Outcome<Entry> {
    let factors = crate::factor::of(company, actor.id).await?;
    if !enough && !factors.list.is_empty() {
        forget(company, attempt).await?;
        let token = crate::challenge::begin(company, SECOND, Some(actor.id), &from).await?;
        return Ok(Entry::Second(token, factors));
    }
    if !enough && crate::factor::demanded(company, &actor) {
        forget(company, attempt).await?;
        return Ok(Entry::Enrol(crate::challenge::begin(company, ENROL, Some(actor.id), &from).await?));
    }
    let mut tx = company.db().write().await?;
    if let Some(attempt) = attempt {
        throttle::succeeded(&mut tx, attempt).await?;
    }
    let token = begin(&mut tx, company, actor.id, origin, &from).await?;
    tx.commit().await?;
    let means = ["provider", "door"].into_iter().find(|m| from.get(m).is_some()).unwrap_or("password");
    note(company, &actor, actor.id, "sign_in", means, origin, &from).await?;
    tracing::info!(user = %actor.id, "signed in");
    Ok(Entry::In(token, actor))
}

/// Begins the session, which remembers the provider it came from.
pub(crate) async fn begin(tx: &mut store::Tx, company: &Company, user: Uuid, origin: &Origin, from: &Json) -> Outcome<Secret> {
    let token = session::begin(tx, company, user, origin).await?;
    sso::flow::remember(tx, &token, from).await?;
    Ok(token)
}

async fn forget(company: &Company, attempt: Option<&Attempt>) -> Outcome<()> {
    let Some(attempt) = attempt else { return Ok(()) };
    let mut tx = company.db().write().await?;
    throttle::succeeded(&mut tx, attempt).await?;
    tx.commit().await
}

/// The password hash of the living, active user with this e-mail.
async fn credential(company: &Company, email: &str) -> Outcome<Option<(Uuid, String)>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT c.user_id, c.password_hash FROM \"user\" u JOIN sila_credential c ON c.user_id = u.id");
    sql.push(" WHERE u.deleted_at IS NULL AND u.active = 1 AND u.email = ").bind(email.trim().to_lowercase());
    let row = conn.row(&sql, &[ColumnType::Id, ColumnType::Text]).await?;
    Ok(row.and_then(|r| Some((r.first()?.id()?, r.get(1).and_then(Cell::text)?.to_owned()))))
}

/// Ends the session of this token; an unknown one is no error.
pub async fn sign_out(company: &Company, token: &Secret) -> Outcome<()> {
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("UPDATE sila_session SET revoked_at = ").bind(company.now());
    sql.push(" WHERE revoked_at IS NULL AND token_hash = ").bind(token.hash());
    tx.exec(&sql).await?;
    tx.commit().await
}
