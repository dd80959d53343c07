//! Signed-in people: a random cookie value, of which the database knows only the hash.

use crate::{Origin, Secret};
use engine::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Outcome};
use uuid::Uuid;

/// Name of the cookie.
pub const COOKIE: &str = "sila_session";
const DAY: i64 = 86_400;
/// Seconds between two notes of use: reading pages must not mean writing.
const NOTE: i64 = 600;

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Uuid,
    pub user: Uuid,
    pub at: jiff::Timestamp,
    pub last_seen: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub ip: String,
    pub agent: String,
}

/// Seconds until a session ends that nobody uses, and until every one ends.
fn lives(company: &Company) -> (i64, i64) {
    let s = company.settings();
    let longest = s.sign_in.longest_days.clamp(1, 365);
    (s.sign_in.idle_days.clamp(1, longest) * DAY, longest * DAY)
}

/// `Set-Cookie` that signs in; `secure` where the page came over TLS.
pub fn cookie(company: &Company, token: &Secret, secure: bool) -> String {
    let longest = lives(company).1;
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={longest}{secure}", token.reveal())
}

/// `Set-Cookie` that signs out.
pub fn no_cookie() -> String {
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// The session token in a `Cookie` header.
pub fn from_cookies(header: &str) -> Option<Secret> {
    let pairs = header.split(';').filter_map(|p| p.trim().split_once('='));
    pairs.filter(|(k, v)| *k == COOKIE && !v.is_empty()).map(|(_, v)| Secret::new(v)).next()
}

/// Begins a session for a user inside a transaction.
pub(crate) async fn begin(tx: &mut store::Tx, company: &Company, user: Uuid, origin: &Origin) -> Outcome<Secret> {
    let token = Secret::random("");
    let now = company.now().as_microsecond();
    let some = |t: &str, max: usize| -> Cell {
        if t.is_empty() { Cell::Null } else { t.chars().filter(|c| !c.is_control()).take(max).collect::<String>().into() }
    };
    let row = vec![
        Uuid::now_v7().into(),
        token.hash().into(),
        user.into(),
        now.into(),
        now.into(),
        (now + lives(company).0 * 1_000_000).into(),
        some(&origin.ip, 64),
        some(&origin.agent, 300),
    ];
    let columns = ["id", "token_hash", "user_id", "at", "last_seen", "expires_at", "ip", "agent"];
    store::rows::insert_many(tx, "sila_session", &columns, vec![row]).await?;
    Ok(token)
}

/// Who is signed in with this token; nobody when it is unknown, ended or revoked, or the user is no longer active.
///
/// # Errors
/// The database.
pub async fn actor_of_session(company: &Company, token: &Secret) -> Outcome<Option<Actor>> {
    Ok(current(company, token).await?.map(|(_, actor)| actor))
}

/// The same with the session's id, to mark it in the list of sessions.
pub async fn current(company: &Company, token: &Secret) -> Outcome<Option<(Uuid, Actor)>> {
    let now = company.now().as_microsecond();
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, user_id, at, last_seen, viewing FROM sila_session WHERE revoked_at IS NULL AND token_hash = ");
    sql.bind(token.hash()).push(" AND expires_at > ").bind(now);
    let types = [ColumnType::Id, ColumnType::Id, ColumnType::Int, ColumnType::Int, ColumnType::Id];
    let Some(row) = conn.row(&sql, &types).await? else { return Ok(None) };
    let id = |i: usize| row.get(i).and_then(Cell::id).unwrap_or_default();
    let int = |i: usize| row.get(i).and_then(Cell::int).unwrap_or_default();
    let (session, user) = (id(0), id(1));
    let Some(actor) = company.load_actor_in(&mut conn, user).await? else { return Ok(None) };
    drop(conn);
    if now - int(3) > NOTE * 1_000_000 {
        let (idle, longest) = lives(company);
        let until = (now + idle * 1_000_000).min(int(2) + longest * 1_000_000);
        let mut tx = company.db().write().await?;
        let mut sql = tx.sql();
        sql.push("UPDATE sila_session SET last_seen = ").bind(now).push(", expires_at = ").bind(until);
        sql.push(" WHERE revoked_at IS NULL AND id = ").bind(session);
        tx.exec(&sql).await?;
        tx.commit().await?;
    }
    // A viewer who may no longer look as that colleague looks as himself.
    let viewing = row.get(4).and_then(Cell::id);
    let actor = match viewing {
        Some(user) => company.view_as(&actor, user).await.unwrap_or(actor),
        None => actor,
    };
    Ok(Some((session, actor)))
}

/// From now on the session shows what `user` sees, or again its own; written into the audit.
///
/// # Errors
/// Not found: no such living session of the actor.
pub async fn look_as(company: &Company, actor: &Actor, session: Uuid, user: Option<Uuid>) -> Outcome<()> {
    let mut cx = company.write(actor).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT viewing FROM sila_session WHERE revoked_at IS NULL AND id = ").bind(session).push(" AND user_id = ").bind(actor.id);
    let before = cx.tx.row(&sql, &[ColumnType::Id]).await?.ok_or_else(Fault::not_found)?.first().and_then(Cell::id);
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_session SET viewing = ").bind(user).push(" WHERE id = ").bind(session);
    cx.tx.exec(&sql).await?;
    for (seen, verb) in [(before, "view_as_ended"), (user, "view_as")] {
        if let Some(seen) = seen {
            cx.audit("user", seen, verb, serde_json::Value::Null).await?;
        }
    }
    cx.commit().await
}

/// The living sessions of a user, the latest used first: his own, or anybody's for an administrator.
///
/// # Errors
/// Not found: somebody else's.
pub async fn list(company: &Company, actor: &Actor, user: Uuid) -> Outcome<Vec<Session>> {
    own_or_admin(actor, user)?;
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, user_id, at, last_seen, expires_at, ip, agent FROM sila_session WHERE revoked_at IS NULL");
    sql.push(" AND user_id = ").bind(user).push(" AND expires_at > ").bind(company.now());
    sql.push(" ORDER BY last_seen DESC, id LIMIT 200");
    use ColumnType::{Id, Int, Text};
    let rows = conn.rows(&sql, &[Id, Id, Int, Int, Int, Text, Text]).await?;
    Ok(rows.iter().filter_map(|r| session(r)).collect())
}

fn session(row: &[Cell]) -> Option<Session> {
    let at = |i: usize| row.get(i).and_then(Cell::int).and_then(|i| jiff::Timestamp::from_microsecond(i).ok());
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    Some(Session {
        id: row.first()?.id()?,
        user: row.get(1)?.id()?,
        at: at(2)?,
        last_seen: at(3)?,
        expires_at: at(4)?,
        ip: text(5),
        agent: text(6),
    })
}

/// Ends one session of a user.
///
/// # Errors
/// Not found: no such session, or somebody else's.
pub async fn revoke(company: &Company, actor: &Actor, user: Uuid, session: Uuid) -> Outcome<()> {
    own_or_admin(actor, user)?;
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("UPDATE sila_session SET revoked_at = ").bind(company.now());
    sql.push(" WHERE revoked_at IS NULL AND id = ").bind(session).push(" AND user_id = ").bind(user);
    if tx.exec(&sql).await? == 0 {
        return Err(Fault::not_found());
    }
    tx.commit().await
}

/// Ends all sessions of a user but one; how many.
///
/// # Errors
/// Not found: somebody else's.
pub async fn revoke_others(company: &Company, actor: &Actor, user: Uuid, keep: Option<Uuid>) -> Outcome<u64> {
    own_or_admin(actor, user)?;
    let mut tx = company.db().write().await?;
    let ended = end_all(&mut tx, company.now(), user, keep).await?;
    tx.commit().await?;
    Ok(ended)
}

pub(crate) async fn end_all(tx: &mut store::Tx, now: jiff::Timestamp, user: Uuid, keep: Option<Uuid>) -> Outcome<u64> {
    let mut sql = tx.sql();
    sql.push("UPDATE sila_session SET revoked_at = ").bind(now).push(" WHERE revoked_at IS NULL AND user_id = ").bind(user);
    sql.push(" AND expires_at > ").bind(now);
    if let Some(keep) = keep {
        sql.push(" AND id <> ").bind(keep);
    }
    tx.exec(&sql).await
}

/// A person minds his own sessions and tokens; an administrator everybody's. A token needs the scope `admin` for either.
pub(crate) fn own_or_admin(actor: &Actor, user: Uuid) -> Outcome<()> {
    if (actor.id == user && actor.scopes.is_none()) || actor.must_administer().is_ok() {
        Ok(())
    } else {
        Err(Fault::not_found())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies() {
        let token = Secret::random("");
        let sent = format!("a=b; {COOKIE}={}; c=d", token.reveal());
        assert_eq!(from_cookies(&sent), Some(token));
        assert_eq!(from_cookies("sila_session=; x_sila_session=abc"), None);
    }
}
