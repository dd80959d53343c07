//! API tokens: `sila_` and 256 random bits, shown once.

use crate::Secret;
use crate::session::own_or_admin;
use engine::{Actor, Company, Limits};
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use uuid::Uuid;

/// Begins every token, so that scanners for leaked secrets know it.
pub const PREFIX: &str = "sila_";
/// Seconds between two notes of use.
const NOTE: i64 = 60;

/// A token as its owner sees it; the token itself is not kept.
#[derive(Clone, Debug)]
pub struct Token {
    pub id: Uuid,
    pub user: Uuid,
    pub name: String,
    /// `read`, `write`, `admin`, `object:verb`; for an assistant `propose` (a person confirms what it wants to change) and
    /// `confirm` (it confirms itself); or `dav`: for calendar and address book programs alone.
    pub scopes: Vec<String>,
    pub limits: Limits,
    pub at: jiff::Timestamp,
    pub last_used: Option<jiff::Timestamp>,
    pub expires_at: Option<jiff::Timestamp>,
}

/// Makes a token that acts for `user` within `scopes`.
///
/// # Errors
/// Not found: somebody else's. Invalid: no name, no or unknown scopes, an end in the past.
pub async fn create(company: &Company, actor: &Actor, user: Uuid, name: &str, scopes: &[String], expires_at: Option<jiff::Timestamp>) -> Outcome<(Secret, Token)> {
    create_limited(company, actor, user, name, scopes, expires_at, Limits::default()).await
}

/// The same with other limits than the usual ones.
///
/// # Errors
/// As [`create`]; invalid: a limit of nothing, or above [`Limits::MOST`].
pub async fn create_limited(company: &Company, actor: &Actor, user: Uuid, name: &str, scopes: &[String], expires_at: Option<jiff::Timestamp>, limits: Limits) -> Outcome<(Secret, Token)> {
    own_or_admin(actor, user)?;
    let now = company.now();
    let name = name.trim();
    let mut issues = Vec::new();
    if name.is_empty() {
        issues.push(Issue::new("name", "value-required"));
    }
    if name.chars().count() > 100 {
        issues.push(Issue::new("name", "value-too-long").arg("max", 100).arg("length", name.chars().count()));
    }
    if scopes.is_empty() {
        issues.push(Issue::new("scopes", "value-required"));
    }
    let registry = company.registry();
    for scope in scopes.iter().filter(|s| !known(&registry, s)) {
        issues.push(Issue::new("scopes", "auth-unknown-scope").arg("name", scope));
    }
    let most = Limits::MOST;
    for (field, n, max) in [("per_minute", limits.per_minute, most.per_minute), ("writes", limits.writes, most.writes), ("rows", limits.rows, most.rows)] {
        if n == 0 || n > max {
            issues.push(Issue::new(field, "api-number-range").arg("min", 1).arg("max", max));
        }
    }
    if expires_at.is_some_and(|e| e <= now) {
        issues.push(Issue::new("expires_at", "auth-expires-past"));
    }
    Fault::check(issues)?;
    if company.load_actor(user).await?.is_none() {
        return Err(Fault::not_found());
    }
    let secret = Secret::random(PREFIX);
    let token = Token { id: Uuid::now_v7(), user, name: name.to_owned(), scopes: scopes.to_vec(), limits, at: now, last_used: None, expires_at };
    let row = vec![
        token.id.into(),
        user.into(),
        name.into(),
        secret.hash().into(),
        scopes.join(" ").into(),
        now.into(),
        expires_at.map_or(Cell::Null, Cell::from),
        if limits == Limits::default() { Cell::Null } else { serde_json::to_string(&limits).map_err(Fault::internal)?.into() },
    ];
    let mut tx = company.db().write().await?;
    let columns = ["id", "user_id", "name", "token_hash", "scopes", "at", "expires_at", "limits"];
    store::rows::insert_many(&mut tx, "sila_token", &columns, vec![row]).await?;
    tx.commit().await?;
    Ok((secret, token))
}

fn known(registry: &kernel::Registry, scope: &str) -> bool {
    match scope.split_once(':') {
        // `scim` opens the door of identity providers and no other.
        None => matches!(scope, "read" | "propose" | "confirm" | "write" | "admin" | "dav" | "scim"),
        Some((object, verb)) => {
            let object_known = object == "*" || registry.find(object).is_some();
            object_known && (matches!(verb, "*" | "write") || kernel::registry::valid_key(verb))
        }
    }
}

/// The living tokens of a user, the latest first.
///
/// # Errors
/// Not found: somebody else's.
pub async fn list(company: &Company, actor: &Actor, user: Uuid) -> Outcome<Vec<Token>> {
    own_or_admin(actor, user)?;
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, user_id, name, scopes, at, last_used, expires_at, limits FROM sila_token WHERE revoked_at IS NULL AND user_id = ");
    sql.bind(user).push(" ORDER BY at DESC, id LIMIT 500");
    use ColumnType::{Id, Int, Text};
    let rows = conn.rows(&sql, &[Id, Id, Text, Text, Int, Int, Int, Text]).await?;
    Ok(rows.iter().filter_map(|r| token(r)).collect())
}

fn token(row: &[Cell]) -> Option<Token> {
    let at = |i: usize| row.get(i).and_then(Cell::int).and_then(|i| jiff::Timestamp::from_microsecond(i).ok());
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default();
    Some(Token {
        id: row.first()?.id()?,
        user: row.get(1)?.id()?,
        name: text(2).to_owned(),
        scopes: text(3).split_whitespace().map(str::to_owned).collect(),
        limits: limits(row.get(7)),
        at: at(4)?,
        last_used: at(5),
        expires_at: at(6),
    })
}

fn limits(cell: Option<&Cell>) -> Limits {
    cell.and_then(Cell::text).and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
}

/// Ends a token.
///
/// # Errors
/// Not found: no such token, or somebody else's.
pub async fn revoke(company: &Company, actor: &Actor, user: Uuid, id: Uuid) -> Outcome<()> {
    own_or_admin(actor, user)?;
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("UPDATE sila_token SET revoked_at = ").bind(company.now());
    sql.push(" WHERE revoked_at IS NULL AND id = ").bind(id).push(" AND user_id = ").bind(user);
    if tx.exec(&sql).await? == 0 {
        return Err(Fault::not_found());
    }
    tx.commit().await
}

/// Whom the token acts for, with its scopes; nobody when it is unknown, ended or revoked, or the user is not active.
///
/// # Errors
/// The database.
pub async fn actor_of_token(company: &Company, token: &Secret) -> Outcome<Option<Actor>> {
    if !token.reveal().starts_with(PREFIX) {
        return Ok(None);
    }
    let now = company.now().as_microsecond();
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, user_id, scopes, last_used, name, limits FROM sila_token WHERE revoked_at IS NULL AND token_hash = ").bind(token.hash());
    sql.push(" AND (expires_at IS NULL OR expires_at > ").bind(now).push(")");
    let types = [ColumnType::Id, ColumnType::Id, ColumnType::Text, ColumnType::Int, ColumnType::Text, ColumnType::Text];
    let Some(row) = conn.row(&sql, &types).await? else { return Ok(None) };
    let id = |i: usize| row.get(i).and_then(Cell::id).unwrap_or_default();
    let Some(actor) = company.load_actor_in(&mut conn, id(1)).await? else { return Ok(None) };
    drop(conn);
    let used = row.get(3).and_then(Cell::int).unwrap_or_default();
    if now - used > NOTE * 1_000_000 {
        let mut tx = company.db().write().await?;
        let mut sql = tx.sql();
        sql.push("UPDATE sila_token SET last_used = ").bind(now).push(" WHERE id = ").bind(id(0));
        tx.exec(&sql).await?;
        tx.commit().await?;
    }
    let scopes = row.get(2).and_then(Cell::text).unwrap_or_default();
    let name = row.get(4).and_then(Cell::text).unwrap_or_default().to_owned();
    let token = engine::Token { id: id(0), name, limits: limits(row.get(5)) };
    Ok(Some(Actor { scopes: Some(scopes.split_whitespace().map(str::to_owned).collect()), token: Some(token.into()), ..actor }))
}
