//! Signing in and out.

use crate::throttle::Attempt;
use crate::{Origin, Secret, password, session, throttle};
use engine::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, FaultKind, Issue, Outcome};
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

/// Checks e-mail and password and begins a session, or the next step where more is asked for.
///
/// # Errors
/// Unauthenticated: unknown, inactive or wrong, indistinguishably. Throttled, with the seconds to wait.
pub async fn sign_in(company: &Company, email: &str, password: &str, origin: &Origin) -> Outcome<Entry> {
    let attempt = Attempt::new("sign-in", email, &origin.ip);
    throttle::begin(company, &attempt).await?;
    let found = credential(company, email).await?;
    let right = password::verify(password, found.as_ref().map(|(_, hash)| hash.as_str())).await?;
    let actor = match found {
        Some((user, _)) if right => company.load_actor(user).await?,
        _ => None,
    };
    let Some(actor) = actor else {
        tracing::info!(ip = origin.ip, "sign-in refused");
        note(company, &company.system(), found_user(company, email).await?, "sign_in_failed", "password", origin).await?;
        return Err(wrong());
    };
    enter(company, actor, origin, Some(&attempt)).await
}

/// Writes into the audit who came in, or tried to, and with what. What was typed is not kept: people type passwords into other fields.
pub(crate) async fn note(company: &Company, actor: &Actor, user: Uuid, verb: &str, means: &str, origin: &Origin) -> Outcome<()> {
    let mut cx = company.write(actor).await?;
    cx.audit("user", user, verb, serde_json::json!({"ip": origin.ip, "means": means})).await?;
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
    let factors = crate::factor::of(company, actor.id).await?;
    if !factors.list.is_empty() {
        forget(company, attempt).await?;
        let token = crate::challenge::begin(company, SECOND, Some(actor.id), &serde_json::Value::Null).await?;
        return Ok(Entry::Second(token, factors));
    }
    if crate::factor::demanded(company, &actor) {
        forget(company, attempt).await?;
        return Ok(Entry::Enrol(crate::challenge::begin(company, ENROL, Some(actor.id), &serde_json::Value::Null).await?));
    }
    let mut tx = company.db().write().await?;
    if let Some(attempt) = attempt {
        throttle::succeeded(&mut tx, attempt).await?;
    }
    let token = session::begin(&mut tx, company, actor.id, origin).await?;
    tx.commit().await?;
    note(company, &actor, actor.id, "sign_in", "password", origin).await?;
    tracing::info!(user = %actor.id, "signed in");
    Ok(Entry::In(token, actor))
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
