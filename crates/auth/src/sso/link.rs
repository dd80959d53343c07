//! A signed-in user ties an account elsewhere to his own, or unties it.

use super::Provider;
use super::arrive::{self, Person};
use crate::session::own_or_admin;
use engine::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde_json::json;
use uuid::Uuid;

/// An account elsewhere, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who gives it out: `oidc:https://id.example`, `ldap:directory`.
    pub realm: String,
    pub at: jiff::Timestamp,
    pub last_used: Option<jiff::Timestamp>,
}

pub(super) async fn tie(company: &Company, provider: &Provider, person: &Person, user: Uuid) -> Outcome<()> {
    arrive::of_the_company(provider, person)?;
    let actor = company.load_actor(user).await?.ok_or_else(crate::challenge::spent)?;
    let mut cx = company.write(&actor).await?;
    match arrive::owner(&mut cx, &person.realm, &person.subject).await? {
        Some(owner) if owner == user => return Ok(()),
        Some(_) => return Err(Fault::invalid("", "sso-taken")),
        None => {}
    }
    if arrive::has_other(&mut cx, &person.realm, user).await? {
        return Err(Fault::invalid("", "sso-linked-already"));
    }
    arrive::tie(&mut cx, provider, person, user, "sso_linked").await?;
    cx.commit().await
}

/// The accounts elsewhere of a user: his own, or anybody's for an administrator.
///
/// # Errors
/// Not found: somebody else's.
pub async fn list(company: &Company, actor: &Actor, user: Uuid) -> Outcome<Vec<Identity>> {
    own_or_admin(actor, user)?;
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT provider, at, last_used FROM sila_identity WHERE user_id = ").bind(user).push(" ORDER BY at, provider");
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Int, ColumnType::Int]).await?;
    let time = |c: Option<&Cell>| c.and_then(Cell::int).and_then(|i| jiff::Timestamp::from_microsecond(i).ok());
    Ok(rows.iter().filter_map(|r| Some(Identity { realm: r.first()?.text()?.to_owned(), at: time(r.get(1))?, last_used: time(r.get(2)) })).collect())
}

/// Whether people untie it themselves: not from a directory, which is to switch off whoever leaves it.
pub fn is_own_affair(realm: &str) -> bool {
    !realm.starts_with(super::ldap::REALM)
}

/// Unties one's own, or anybody's for an administrator, whose sessions then end.
///
/// # Errors
/// Not found, also one's own of a directory. Invalid: it is the person's only way in (`sso-only-way`).
pub async fn untie(company: &Company, actor: &Actor, user: Uuid, realm: &str) -> Outcome<()> {
    own_or_admin(actor, user)?;
    let own = actor.id == user;
    if own && !is_own_affair(realm) {
        return Err(Fault::not_found());
    }
    let mut cx = company.write(actor).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_identity WHERE provider = ").bind(realm).push(" AND user_id = ").bind(user);
    if cx.tx.exec(&sql).await? == 0 {
        return Err(Fault::not_found());
    }
    if own {
        let mut sql = cx.tx.sql();
        sql.push("SELECT (SELECT COUNT(*) FROM sila_identity WHERE user_id = ").bind(user).push(")");
        if super::own_ways_open(company).is_ok() {
            sql.push(" + (SELECT COUNT(*) FROM sila_credential WHERE user_id = ").bind(user);
            sql.push(") + (SELECT COUNT(*) FROM sila_factor WHERE kind = 'passkey' AND user_id = ").bind(user).push(")");
        }
        if cx.tx.int(&sql).await?.unwrap_or_default() == 0 {
            return Err(Fault::invalid("", "sso-only-way"));
        }
    } else {
        crate::session::end_all(&mut cx.tx, cx.now, user, None).await?;
    }
    cx.audit("user", user, "sso_unlinked", json!({ "realm": realm })).await?;
    cx.commit().await
}
