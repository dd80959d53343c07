//! From a person elsewhere to a user here.
//!
//! The subject decides, which the provider never gives to anybody else. Only the first time does the address decide, and
//! only where it is verified and of a domain the company named: an address that anybody can write into his account there,
//! or take over with a domain, must not open one here.

use super::{Group, Provider};
use crate::account::{NewUser, Ready};
use engine::{Company, Cx, Draft};
use kernel::{Cell, ColumnType, Fault, Issue, Name, Outcome};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Somebody, as the provider describes him.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    /// Who gives out the subjects: `oidc:https://id.example`.
    pub realm: String,
    pub subject: String,
    /// In lower case; empty where it says none.
    pub mail: String,
    pub verified: bool,
    pub name: String,
    /// None: it says nothing of groups.
    pub groups: Option<Vec<String>>,
}

fn refused(key: &str, mail: &str) -> Fault {
    Fault::issue(Issue::new("", key).arg("mail", mail))
}

/// Somebody of the domains the company named; a directory may have none named.
///
/// # Errors
/// Invalid: `sso-domain`, `sso-no-mail`.
pub(crate) fn of_the_company(provider: &Provider, person: &Person) -> Outcome<()> {
    let domains = &provider.people.domains;
    let domain = person.mail.rsplit_once('@').map(|(_, d)| d).unwrap_or_default();
    if domains.is_empty() || domains.iter().any(|d| d == domain) {
        return Ok(());
    }
    Err(refused(if person.mail.is_empty() { "sso-no-mail" } else { "sso-domain" }, &person.mail))
}

/// The user; known, tied to this account by a verified address, or made. His roles and teams follow his groups.
///
/// # Errors
/// Invalid: `sso-domain`, `sso-no-mail`, `sso-mail-unverified`, `sso-unknown`, `sso-inactive`, `sso-other-person`.
pub(crate) async fn arrive(company: &Company, provider: &Provider, person: &Person) -> Outcome<Uuid> {
    of_the_company(provider, person)?;
    // A role that was taken away since keeps nobody out.
    let registry = company.registry();
    let roles = granted(provider, person, &provider.people.roles).into_iter().filter(|r| registry.role(r).is_some()).collect();
    let name = if person.name.is_empty() { person.mail.split('@').next().unwrap_or_default() } else { &person.name };
    let new = NewUser { email: person.mail.clone(), name: sided(name), password: None, roles, lang: String::new() };

    let mut cx = company.write(&company.system()).await?;
    let known = owner(&mut cx, &person.realm, &person.subject).await?;
    let user = match known {
        Some(user) => user,
        None if person.mail.is_empty() => return Err(refused("sso-no-mail", "")),
        None if !person.verified => return Err(refused("sso-mail-unverified", &person.mail)),
        None => {
            let mut sql = cx.tx.sql();
            sql.push("SELECT id FROM \"user\" WHERE deleted_at IS NULL AND email = ").bind(person.mail.as_str());
            match cx.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)) {
                Some(user) => {
                    // The address was given to somebody else there since.
                    if has_other(&mut cx, &person.realm, user).await? {
                        return Err(refused("sso-other-person", &person.mail));
                    }
                    tie(&mut cx, provider, person, user, "sso_linked").await?;
                    user
                }
                None if provider.people.create => {
                    let user = Ready::new(company, &new).await?.store(&mut cx).await?;
                    tie(&mut cx, provider, person, user, "sso_linked").await?;
                    user
                }
                None => return Err(refused("sso-unknown", &person.mail)),
            }
        }
    };
    let mut sql = cx.tx.sql();
    sql.push("SELECT active FROM \"user\" WHERE deleted_at IS NULL AND id = ").bind(user);
    if cx.tx.int(&sql).await? != Some(1) {
        return Err(refused("sso-inactive", &person.mail));
    }
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_identity SET last_used = ").bind(cx.now).push(" WHERE provider = ").bind(person.realm.as_str());
    sql.push(" AND subject = ").bind(person.subject.as_str());
    cx.tx.exec(&sql).await?;
    follow_groups(&mut cx, provider, person, user).await?;
    cx.commit().await?;
    Ok(user)
}

/// A name in the script it is written in.
fn sided(name: &str) -> Name {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(120).collect();
    if name.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c)) { Name::new(name, "") } else { Name::new("", name) }
}

pub(crate) async fn owner(cx: &mut Cx, realm: &str, subject: &str) -> Outcome<Option<Uuid>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT user_id FROM sila_identity WHERE provider = ").bind(realm).push(" AND subject = ").bind(subject);
    Ok(cx.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)))
}

pub(crate) async fn has_other(cx: &mut Cx, realm: &str, user: Uuid) -> Outcome<bool> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT COUNT(*) FROM sila_identity WHERE provider = ").bind(realm).push(" AND user_id = ").bind(user);
    Ok(cx.tx.int(&sql).await?.unwrap_or_default() > 0)
}

pub(crate) async fn tie(cx: &mut Cx, provider: &Provider, person: &Person, user: Uuid, verb: &str) -> Outcome<()> {
    let row = vec![person.realm.as_str().into(), person.subject.as_str().into(), user.into(), cx.now.into()];
    store::insert_many(&mut cx.tx, "sila_identity", &["provider", "subject", "user_id", "at"], vec![row]).await?;
    cx.audit("user", user, verb, json!({ "provider": provider.key, "mail": person.mail })).await
}

fn lines<'a>(provider: &'a Provider, person: &Person) -> Vec<&'a Group> {
    let groups = person.groups.as_deref().unwrap_or_default();
    provider.people.groups.iter().filter(|line| groups.iter().any(|g| g.eq_ignore_ascii_case(&line.group))).collect()
}

/// The roles of the person: what he `had`, without those that follow groups, with those his groups give. A role that
/// everybody from there begins with does not go with a group.
fn granted(provider: &Provider, person: &Person, had: &[String]) -> BTreeSet<String> {
    let people = &provider.people;
    let follows = |role: &String| people.groups.iter().any(|g| g.role == *role) && !people.roles.contains(role);
    let mut roles: BTreeSet<String> = had.iter().filter(|r| !follows(r)).cloned().collect();
    roles.extend(lines(provider, person).iter().map(|g| g.role.clone()).filter(|r| !r.is_empty()));
    roles
}

pub(crate) async fn follow_groups(cx: &mut Cx, provider: &Provider, person: &Person, user: Uuid) -> Outcome<()> {
    if person.groups.is_none() || provider.people.groups.is_empty() {
        return Ok(());
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT role FROM sila_user_role WHERE user_id = ").bind(user).push(" ORDER BY role");
    let had: Vec<String> = cx.tx.rows(&sql, &[ColumnType::Text]).await?.iter().filter_map(|r| r.first().and_then(Cell::text).map(str::to_owned)).collect();
    let registry = cx.registry.clone();
    let roles: BTreeSet<String> = granted(provider, person, &had).into_iter().filter(|r| registry.role(r).is_some()).collect();
    if !had.iter().eq(roles.iter()) {
        let after: Vec<&str> = roles.iter().map(String::as_str).collect();
        match cx.set_roles(user, &after).await {
            // The last administrator stays one: a group that was emptied by mistake locks nobody out.
            Err(fault) if fault.issues.iter().any(|i| i.key == "user-last-administrator") => {
                let kept: Vec<&str> = had.iter().chain(&roles).map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect();
                tracing::warn!(%user, "his groups would take the last administrator's role: kept");
                cx.set_roles(user, &kept).await?;
            }
            other => other?,
        }
    }
    let mapped: BTreeSet<Uuid> = provider.people.groups.iter().filter_map(|g| g.team).collect();
    let wanted: BTreeSet<Uuid> = lines(provider, person).iter().filter_map(|g| g.team).collect();
    for team in super::teams(cx, &mapped).await? {
        let mut sql = cx.tx.sql();
        sql.push("SELECT user_id FROM sila_team_member WHERE team_id = ").bind(team).push(" ORDER BY user_id");
        let mut members: Vec<Uuid> = cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
        let is = members.contains(&user);
        if is == wanted.contains(&team) {
            continue;
        }
        if is { members.retain(|m| *m != user) } else { members.push(user) }
        cx.set_team(team, &members).await?;
    }
    Ok(())
}

/// Switches off a user who left the directory: he can no longer sign in, and his sessions end.
///
/// # Errors
/// Invalid: he is the last administrator.
pub(crate) async fn deactivate(cx: &mut Cx, user: Uuid, provider: &str) -> Outcome<()> {
    cx.save("user", Draft::of(user).set("active", false)).await?;
    crate::session::end_all(&mut cx.tx, cx.now, user, None).await?;
    cx.audit("user", user, "sso_gone", json!({ "provider": provider })).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sso::People;

    #[test]
    fn roles_follow_groups_and_others_stay() {
        let line = |group: &str, role: &str| Group { group: group.into(), role: role.into(), team: None };
        let people = People { roles: vec!["viewer".into()], groups: vec![line("المبيعات", "seller"), line("Bosses", "manager")], ..People::default() };
        let provider = Provider { people, ..Provider::default() };
        let person = |groups: &[&str]| Person { groups: Some(groups.iter().map(|g| (*g).to_owned()).collect()), ..Person::default() };
        let of = |p: &Person, had: &[&str]| granted(&provider, p, &had.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>()).into_iter().collect::<Vec<_>>();
        assert_eq!(of(&person(&["المبيعات"]), &["viewer"]), ["seller", "viewer"]);
        assert_eq!(of(&person(&["المبيعات"]), &[]), ["seller"], "what was taken from him here does not come back");
        assert_eq!(of(&person(&["bosses"]), &["seller", "viewer"]), ["manager", "viewer"]);
        assert_eq!(of(&person(&[]), &["accountant", "seller"]), ["accountant"], "given by hand here: stays");
        assert_eq!(sided("نورة العتيبي"), Name::new("نورة العتيبي", ""));
        assert_eq!(sided("Noura Alotaibi"), Name::new("", "Noura Alotaibi"));
    }
}
