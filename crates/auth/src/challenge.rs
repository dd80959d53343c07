//! One step of a sign-in that takes several: what the server must remember between two answers of the browser.
//! It is answered once, within minutes, and lies in the database, so that any node can take the answer.

use crate::Secret;
use engine::Company;
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde_json::Value as Json;
use store::{Conn, Tx};
use uuid::Uuid;

/// Seconds a step may take.
pub const LIFE: i64 = 600;

/// What is remembered.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    pub user: Option<Uuid>,
    pub data: Json,
}

/// Remembers `data` under a new token.
pub(crate) async fn begin(company: &Company, purpose: &str, user: Option<Uuid>, data: &Json) -> Outcome<Secret> {
    let token = Secret::random("");
    let until = company.now().as_microsecond() + LIFE * 1_000_000;
    let mut tx = company.db().write().await?;
    let row = vec![token.hash().into(), purpose.into(), user.map_or(Cell::Null, Cell::Id), data.to_string().into(), until.into()];
    store::insert_many(&mut tx, "sila_challenge", &["token_hash", "purpose", "user_id", "data", "expires_at"], vec![row]).await?;
    tx.commit().await?;
    Ok(token)
}

/// What was remembered under a token that is still good.
pub(crate) async fn look(conn: &mut Conn, company: &Company, purpose: &str, token: &Secret) -> Outcome<Option<Challenge>> {
    let mut sql = conn.sql();
    sql.push("SELECT user_id, data FROM sila_challenge WHERE token_hash = ").bind(token.hash());
    sql.push(" AND purpose = ").bind(purpose).push(" AND expires_at > ").bind(company.now());
    let row = conn.row(&sql, &[ColumnType::Id, ColumnType::Text]).await?;
    Ok(row.map(|r| Challenge {
        user: r.first().and_then(Cell::id),
        data: r.get(1).and_then(Cell::text).and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default(),
    }))
}

/// As [`look`], on a connection of its own.
pub(crate) async fn peek(company: &Company, purpose: &str, token: &Secret) -> Outcome<Challenge> {
    let mut conn = company.db().read().await?;
    look(&mut conn, company, purpose, token).await?.ok_or_else(spent)
}

/// Ends it, in the transaction of what it was for.
///
/// # Errors
/// Invalid (`auth-step-over`): somebody answered it first.
pub(crate) async fn end(tx: &mut Tx, token: &Secret) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_challenge WHERE token_hash = ").bind(token.hash());
    if tx.exec(&sql).await? == 1 { Ok(()) } else { Err(spent()) }
}

/// Ends it and gives what was remembered: of two that come with the same token at once, one gets it.
///
/// # Errors
/// As [`end`].
pub(crate) async fn take(company: &Company, purpose: &str, token: &Secret) -> Outcome<Challenge> {
    let mut tx = company.db().write().await?;
    let found = look(&mut tx, company, purpose, token).await?.ok_or_else(spent)?;
    end(&mut tx, token).await?;
    tx.commit().await?;
    Ok(found)
}

/// Takes something that may come once, for `seconds`.
///
/// # Errors
/// Invalid (`auth-step-over`): it was here before.
pub(crate) async fn once(tx: &mut Tx, company: &Company, purpose: &str, what: &Secret, seconds: i64) -> Outcome<()> {
    let until = company.now().as_microsecond() + seconds * 1_000_000;
    let mut sql = tx.sql();
    sql.push("INSERT INTO sila_challenge (token_hash, purpose, data, expires_at) VALUES (").bind(what.hash()).push(", ").bind(purpose);
    sql.push(", ").bind("null").push(", ").bind(until).push(") ON CONFLICT (token_hash) DO NOTHING");
    if tx.exec(&sql).await? == 1 { Ok(()) } else { Err(spent()) }
}

/// The step took too long, or was answered before.
pub(crate) fn spent() -> Fault {
    Fault::invalid("", "auth-step-over")
}
