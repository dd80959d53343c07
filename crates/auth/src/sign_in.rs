//! Signing in and out.

use crate::throttle::Attempt;
use crate::{Origin, Secret, password, session, throttle};
use engine::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, FaultKind, Issue, Outcome};
use uuid::Uuid;

/// Checks e-mail and password and begins a session.
///
/// # Errors
/// Unauthenticated: unknown, inactive or wrong, indistinguishably. Throttled, with the seconds to wait.
pub async fn sign_in(company: &Company, email: &str, password: &str, origin: &Origin) -> Outcome<(Secret, Actor)> {
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
        return Err(Fault { issues: vec![Issue::new("password", "auth-wrong")], ..Fault::new(FaultKind::Unauthenticated) });
    };
    let mut tx = company.db().write().await?;
    throttle::succeeded(&mut tx, &attempt).await?;
    let token = session::begin(&mut tx, company.now(), actor.id, origin).await?;
    tx.commit().await?;
    tracing::info!(user = %actor.id, "signed in");
    Ok((token, actor))
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
