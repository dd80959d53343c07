//! Signing out at the provider too, and being signed out from there.

use super::{active, flow};
use crate::{Secret, challenge};
use engine::Company;
use kernel::{Cell, ColumnType, Label, Outcome};
use oidc::Client;
use serde_json::json;
use uuid::Uuid;

/// Where a session came from: the name of the provider, and the address at which the person signs out there
/// (`back`: where he comes back to). None where the session began here, or the provider has no such page. The session may
/// have ended already: asking the provider may take its time, and nobody stays signed in for that.
///
/// # Errors
/// The database.
pub async fn address(company: &Company, session: &Secret, back: &str) -> Outcome<Option<(Label, String)>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT f.provider, f.hint FROM sila_sso_session f JOIN sila_session s ON s.id = f.session_id");
    sql.push(" WHERE s.token_hash = ").bind(session.hash());
    let row = conn.row(&sql, &[ColumnType::Text, ColumnType::Text]).await?;
    drop(conn);
    let text = |i: usize| row.as_ref().and_then(|r| r.get(i)).and_then(Cell::text);
    let Some(provider) = text(0) else { return Ok(None) };
    // A provider that was taken away or does not answer keeps nobody from leaving.
    let Ok(provider) = active(company, provider).await else { return Ok(None) };
    let Ok(oidc) = provider.oidc() else { return Ok(None) };
    let Ok(metadata) = flow::metadata(company, &provider.key, oidc).await else { return Ok(None) };
    let hint = text(1).and_then(|sealed| company.key().ok()?.open("sso.hint", sealed).ok());
    let client = Client { id: oidc.client.clone(), secret: String::new() };
    Ok(oidc::end_session(&metadata, &client, hint.as_deref(), back).map(|url| (provider.label, url)))
}

/// The provider says that somebody signed out there (Back-Channel Logout): his sessions that came from there end here.
///
/// # Errors
/// Not found: no such provider. Invalid: the token is not the provider's, not for us, too old, or was here before.
pub async fn told(company: &Company, key: &str, token: &str) -> Outcome<u64> {
    let provider = active(company, key).await?;
    let oidc = provider.oidc()?;
    let metadata = flow::metadata(company, key, oidc).await?;
    // Anybody can call this: a made-up token makes us ask for keys once a minute at most.
    let claims = flow::verified(company, key, &metadata, token, 60).await?;
    let out = oidc::logout_token(&claims, &metadata.issuer, &oidc.client, company.now().as_second())?;
    let mut cx = company.write(&company.system()).await?;
    // Whoever signs in again is not thrown out by the same letter sent twice.
    let seen = Secret::new(format!("{}\n{}", metadata.issuer, out.id));
    challenge::once(&mut cx.tx, company, "sso.out", &seen, oidc::LOGOUT_LIFE).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT s.id, s.user_id FROM sila_sso_session f JOIN sila_session s ON s.id = f.session_id WHERE s.revoked_at IS NULL");
    sql.push(" AND f.realm = ").bind(flow::realm(&metadata.issuer));
    if let Some(sid) = &out.session {
        sql.push(" AND f.sid = ").bind(sid.as_str());
    }
    if let Some(subject) = &out.subject {
        sql.push(" AND f.subject = ").bind(subject.as_str());
    }
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await?;
    let found: Vec<(Uuid, Uuid)> = rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.id()?))).collect();
    for (session, user) in &found {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_session SET revoked_at = ").bind(cx.now).push(" WHERE id = ").bind(*session);
        cx.tx.exec(&sql).await?;
        cx.audit("user", *user, "sso_signed_out", json!({ "provider": key })).await?;
    }
    cx.commit().await?;
    Ok(found.len() as u64)
}
