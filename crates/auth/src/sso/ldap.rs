//! A directory: people sign in with the name and password they have there, and who leaves it is out here.

use super::arrive::{self, Person, arrive};
use super::{Provider, Way};
use crate::Secret;
use directory::Entry;
pub use directory::{Failed, Security, Settings, Step};
use engine::{Actor, Company, JobCx};
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// The job that keeps users and directories together.
pub const JOB: &str = "auth.directory";
/// Begins the realm of every directory.
pub(crate) const REALM: &str = "ldap:";

/// The active directories, the oldest first.
pub(crate) async fn active(company: &Company) -> Outcome<Vec<Provider>> {
    let mut conn = company.db().read().await?;
    let all = super::rows(&mut conn, None).await?;
    Ok(all.into_iter().filter(|p| p.active && matches!(p.way, Way::Ldap(_))).collect())
}

fn person(provider: &Provider, entry: &Entry) -> Person {
    Person {
        realm: realm(&provider.key),
        subject: entry.id.clone(),
        mail: entry.mail.clone(),
        // The company itself writes the addresses into its directory.
        verified: entry.mail.contains('@'),
        name: entry.name.clone(),
        groups: Some(entry.groups.clone()),
    }
}

pub(crate) fn realm(key: &str) -> String {
    format!("{REALM}{key}")
}

/// Who this is, if a directory knows the name and the password is his; and what the session remembers of it.
///
/// # Errors
/// Invalid: as [`arrive`]; `sso-inactive`: switched off there; `ldap-down`: no directory knew him, and one did not answer.
pub(crate) async fn sign_in(company: &Company, providers: &[Provider], login: &str, password: &str) -> Outcome<Option<(Actor, Json)>> {
    let mut down = None;
    for provider in providers {
        match known(company, provider, login, password).await {
            Ok(Some(entry)) if entry.disabled => return Err(Fault::issue(Issue::new("", "sso-inactive").arg("mail", entry.mail))),
            Ok(Some(entry)) => {
                let user = arrive(company, provider, &person(provider, &entry)).await?;
                let actor = company.load_actor(user).await?;
                return Ok(actor.map(|a| (a, json!({ "provider": provider.key }))));
            }
            Ok(None) => {}
            Err(failed) => {
                tracing::warn!(provider = provider.key, step = failed.step.key(), why = failed.why, "the directory was of no help");
                down = Some(Fault { detail: failed.why, ..Fault::invalid("", "ldap-down") });
            }
        }
    }
    down.map_or(Ok(None), Err)
}

async fn known(company: &Company, provider: &Provider, login: &str, password: &str) -> Result<Option<Entry>, Failed> {
    let Way::Ldap(settings) = &provider.way else { return Ok(None) };
    let lost = |f: Fault| Failed { step: directory::Step::Reach, why: f.to_string() };
    let inside = company.reaches_inside().await.map_err(lost)?;
    let secret = super::secret(company, &provider.key).await.map_err(lost)?;
    let entry = directory::find(settings, secret.reveal(), login, inside).await?;
    // Whether the name is known does not show in the time it takes.
    let dn = entry.as_ref().map_or_else(|| settings.nobody(), |e| e.dn.clone());
    let right = directory::is_password(settings, &dn, password, inside).await?;
    Ok(entry.filter(|_| right))
}

/// Goes through the steps with settings that were typed. `secret`: none takes the one that is kept under `key`.
///
/// # Errors
/// Forbidden for non-administrators. Invalid (`secret`): it is kept for another server. What the directory says is the inner result: how many people, and the name of one.
pub async fn trial(company: &Company, actor: &Actor, key: &str, settings: &Settings, secret: Option<&Secret>) -> Outcome<Result<(usize, String), Failed>> {
    actor.must_administer()?;
    let kept = match secret {
        Some(s) => s.clone(),
        None => {
            let before = super::any(company, key).await.ok();
            let typed = Way::Ldap(settings.clone());
            if before.is_some_and(|b| !super::same_place(&b.way, &typed)) {
                super::secret_again(company, key).await?;
            }
            super::secret(company, key).await?
        }
    };
    let inside = company.reaches_inside().await?;
    Ok(directory::trial(settings, kept.reveal(), inside).await.map(|(count, one)| (count, one.name)))
}

/// What a look into a directory came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// People of the directory.
    pub there: usize,
    /// Users from there who were switched off.
    pub off: usize,
}

/// Switches off the users whose entries are gone or switched off, and lets roles and teams of the others follow their
/// groups. The last administrator stays. Whoever was switched off stays so until somebody here switches him on.
///
/// # Errors
/// Invalid: the directory did not answer, or has nobody, or nobody we know, which is no reason to switch everybody off.
pub async fn sync(company: &Company, key: &str) -> Outcome<Synced> {
    let provider = super::active(company, key).await?;
    let Way::Ldap(settings) = &provider.way else { return Err(Fault::not_found()) };
    let secret = super::secret(company, key).await?;
    let entries = directory::all(settings, secret.reveal(), company.reaches_inside().await?).await.map_err(Fault::from)?;
    if entries.is_empty() {
        return Err(Fault::from(Failed { step: directory::Step::Search, why: "nobody was found".into() }));
    }
    let there: HashMap<&str, &Entry> = entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT i.subject, i.user_id FROM sila_identity i JOIN \"user\" u ON u.id = i.user_id AND u.active = 1 AND u.deleted_at IS NULL");
    sql.push(" WHERE i.provider = ").bind(realm(key)).push(" ORDER BY i.user_id");
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await?;
    drop(conn);
    let tied: Vec<(String, Uuid)> = rows.iter().filter_map(|r| Some((r.first().and_then(Cell::text)?.to_owned(), r.get(1).and_then(Cell::id)?))).collect();
    if tied.len() > 1 && !tied.iter().any(|(subject, _)| there.contains_key(subject.as_str())) {
        let why = format!("none of {} users is there: is it another base, or another id?", tied.len());
        return Err(Fault::from(Failed { step: directory::Step::Search, why }));
    }
    let mut synced = Synced { there: entries.len(), off: 0 };
    let mut failed = None;
    for (subject, user) in tied {
        let entry = there.get(subject.as_str()).filter(|e| !e.disabled);
        match follow(company, &provider, entry.copied(), user).await {
            Ok(()) => synced.off += usize::from(entry.is_none()),
            Err(fault) if fault.issues.iter().any(|i| i.key == "user-last-administrator") => {
                tracing::warn!(%user, provider = key, "the last administrator left the directory: he stays");
            }
            // What fails with one keeps nobody else in.
            Err(fault) => {
                tracing::warn!(%user, provider = key, %fault, "not compared");
                failed = Some(fault);
            }
        }
    }
    tracing::info!(provider = key, there = synced.there, off = synced.off, "directory compared");
    failed.map_or(Ok(synced), Err)
}

/// What an entry says of its user; none: it is gone.
async fn follow(company: &Company, provider: &Provider, entry: Option<&Entry>, user: Uuid) -> Outcome<()> {
    let mut cx = company.write(&company.system()).await?;
    match entry {
        Some(entry) => arrive::follow_groups(&mut cx, provider, &person(provider, entry), user).await?,
        None => arrive::deactivate(&mut cx, user, &provider.key).await?,
    }
    cx.commit().await
}

/// Has the job done soon, for an administrator who does not want to wait.
///
/// # Errors
/// Forbidden for non-administrators; not found.
pub async fn sync_soon(company: &Company, actor: &Actor, key: &str) -> Outcome<()> {
    super::get(company, actor, key).await?;
    let mut cx = company.write(actor).await?;
    cx.enqueue(JOB, json!({ "provider": key })).await?;
    cx.commit().await
}

/// The job: one directory, or all that are active.
pub(crate) async fn run(cx: JobCx) -> Outcome<()> {
    let only = cx.job.payload.get("provider").and_then(Json::as_str);
    let mut failed = Ok(());
    for provider in active(&cx.company).await?.iter().filter(|p| only.is_none_or(|k| k == p.key)) {
        // One that does not answer keeps the others from nothing.
        if let Err(fault) = sync(&cx.company, &provider.key).await {
            failed = Err(fault);
        }
    }
    failed
}
