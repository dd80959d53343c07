//! Single sign-on: people sign in with the account they have elsewhere already.
//!
//! - [`Provider`]: where, and what becomes of those who come from there; set up by an administrator ([`save`]);
//! - [`ldap`]: a directory, asked with the password that was typed;
//! - [`flow`]: OpenID Connect, out and back; [`leave`]: signing out there too, and being signed out from there;
//! - [`arrive`]: from a person elsewhere to a user here, by subject, and by a verified address the first time;
//! - [`link`]: a signed-in user ties an account elsewhere to his own, or unties it;
//! - [`door`]: the way in for an administrator when nothing else works.

mod arrive;
pub mod door;
pub mod flow;
pub mod ldap;
pub mod leave;
pub mod link;

pub use flow::{Answer, Begun, Done, begin, finish};

use crate::Secret;
use engine::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Fault, Issue, Label, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use store::Conn;
use uuid::Uuid;

/// A place where people have an account, as the administrator set it up. Its secret lies apart, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Provider {
    /// Stands in addresses that the provider knows, so it never changes: `a-z`, `0-9`, `-`.
    pub key: String,
    pub active: bool,
    /// On the button.
    pub label: Label,
    pub people: People,
    pub way: Way,
}

/// Who may come from there, and as what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct People {
    /// Mail domains (`example.sa`), which the company vouches for: there a verified address tells who somebody is. Empty,
    /// for a directory alone: every one.
    pub domains: Vec<String>,
    /// A user is made for somebody who comes for the first time; else only known ones come in.
    pub create: bool,
    /// What such a user may do, whatever his groups.
    pub roles: Vec<String>,
    pub groups: Vec<Group>,
}

/// What members of a group there are here. Roles and teams named in any line follow the groups at each sign-in; others
/// stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Group {
    pub group: String,
    /// Empty: none.
    pub role: String,
    pub team: Option<Uuid>,
}

/// How we speak with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    Oidc(Oidc),
    Ldap(directory::Settings),
}

impl Provider {
    /// # Errors
    /// Not found: another kind of provider.
    pub(crate) fn oidc(&self) -> Outcome<&Oidc> {
        match &self.way {
            Way::Oidc(oidc) => Ok(oidc),
            Way::Ldap(_) => Err(Fault::not_found()),
        }
    }
}

impl Default for Way {
    fn default() -> Self {
        Way::Oidc(Oidc::default())
    }
}

/// An OpenID Connect provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Oidc {
    pub issuer: String,
    pub client: String,
    /// Besides `openid`, with spaces between.
    pub scopes: String,
    /// Claims; `a.b` looks inside.
    pub mail: String,
    pub name: String,
    /// Empty: groups are not looked at.
    pub groups: String,
    /// Addresses count as verified though the provider does not say so: only for one whose addresses the company itself gives out.
    pub trust_mail: bool,
    pub second: Suffices,
}

impl Default for Oidc {
    fn default() -> Self {
        Oidc {
            issuer: String::new(),
            client: String::new(),
            scopes: "email profile".into(),
            mail: "email".into(),
            name: "name".into(),
            groups: "groups".into(),
            trust_mail: false,
            second: Suffices::No,
        }
    }
}

/// Whether who comes from there is still asked for the second step he has here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suffices {
    /// Always asked.
    #[default]
    No,
    /// Not asked when the provider says that it asked for several factors (`amr` holds `mfa`).
    Shown,
    /// Never asked.
    Yes,
}

/// Purpose under which the secret of a provider is sealed.
fn purpose(key: &str) -> String {
    format!("sso:{key}")
}

fn provider(row: &[Cell]) -> Option<Provider> {
    let mut found: Provider = serde_json::from_str(row.get(2)?.text()?).ok()?;
    found.key = row.first()?.text()?.to_owned();
    found.active = row.get(1)?.int()? == 1;
    Some(found)
}

async fn rows(conn: &mut Conn, only: Option<&str>) -> Outcome<Vec<Provider>> {
    let mut sql = conn.sql();
    sql.push("SELECT key, active, config FROM sila_provider");
    if let Some(key) = only {
        sql.push(" WHERE key = ").bind(key);
    }
    sql.push(" ORDER BY at, key");
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Int, ColumnType::Text]).await?;
    Ok(rows.iter().filter_map(|r| provider(r)).collect())
}

/// All providers, the oldest first.
///
/// # Errors
/// Forbidden for non-administrators.
pub async fn list(company: &Company, actor: &Actor) -> Outcome<Vec<Provider>> {
    actor.must_administer()?;
    let mut conn = company.db().read().await?;
    rows(&mut conn, None).await
}

/// The ways in that stand on the page of the sign-in.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    /// Key and label of each provider that has a button.
    pub buttons: Vec<(String, Label)>,
    /// Names and passwords of a directory are taken.
    pub directory: bool,
}

/// What is active.
///
/// # Errors
/// The database.
pub async fn offered(company: &Company) -> Outcome<Offered> {
    let mut conn = company.db().read().await?;
    let mut offered = Offered::default();
    for p in rows(&mut conn, None).await?.into_iter().filter(|p| p.active) {
        match p.way {
            Way::Oidc(_) => offered.buttons.push((p.key, p.label)),
            Way::Ldap(_) => offered.directory = true,
        }
    }
    Ok(offered)
}

/// One provider.
///
/// # Errors
/// Forbidden for non-administrators; not found.
pub async fn get(company: &Company, actor: &Actor, key: &str) -> Outcome<Provider> {
    actor.must_administer()?;
    any(company, key).await
}

pub(crate) async fn any(company: &Company, key: &str) -> Outcome<Provider> {
    let mut conn = company.db().read().await?;
    rows(&mut conn, Some(key)).await?.pop().ok_or_else(Fault::not_found)
}

pub(crate) async fn active(company: &Company, key: &str) -> Outcome<Provider> {
    any(company, key).await.and_then(|p| if p.active { Ok(p) } else { Err(Fault::not_found()) })
}

pub(crate) async fn secret(company: &Company, key: &str) -> Outcome<Secret> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT secret FROM sila_provider WHERE key = ").bind(key);
    let sealed = conn.text(&sql).await?.filter(|s| !s.is_empty());
    drop(conn);
    match sealed {
        Some(sealed) => Ok(Secret::new(company.key()?.open(&purpose(key), &sealed)?)),
        None => Ok(Secret::new("")),
    }
}

/// Whether a secret was saved.
///
/// # Errors
/// Forbidden for non-administrators.
pub async fn has_secret(company: &Company, actor: &Actor, key: &str) -> Outcome<bool> {
    actor.must_administer()?;
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT secret FROM sila_provider WHERE key = ").bind(key);
    Ok(conn.text(&sql).await?.is_some_and(|s| !s.is_empty()))
}

/// Both lead to the same server, in the same protected way: a secret that is kept may go there.
pub(crate) fn same_place(a: &Way, b: &Way) -> bool {
    match (a, b) {
        (Way::Oidc(a), Way::Oidc(b)) => a.issuer == b.issuer,
        (Way::Ldap(a), Way::Ldap(b)) => (&a.host, a.port, a.security, &a.authority) == (&b.host, b.port, b.security, &b.authority),
        _ => false,
    }
}

/// A kept secret goes to no other server: whoever sets that up must know it.
///
/// # Errors
/// Invalid (`secret`): one is kept.
pub(crate) async fn secret_again(company: &Company, key: &str) -> Outcome<()> {
    let kept = secret(company, key).await?;
    if kept.reveal().is_empty() { Ok(()) } else { Err(Fault::invalid("secret", "sso-secret-again")) }
}

/// Tidies what was typed and says what is wrong with it.
fn checked(company: &Company, mut p: Provider) -> Outcome<Provider> {
    let mut issues = Vec::new();
    let key = &p.key;
    let fits = (1..=40).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        issues.push(Issue::new("key", "sso-bad-key"));
    }
    for text in [&mut p.label.ar, &mut p.label.en] {
        *text = text.trim().chars().filter(|c| !c.is_control()).take(60).collect::<String>().into();
    }
    if p.label.ar.is_empty() && p.label.en.is_empty() {
        issues.push(Issue::new("label", "value-required"));
    }
    for domain in &mut p.people.domains {
        *domain = domain.trim().trim_start_matches('@').to_lowercase();
        if !domain.contains('.') || domain.contains(['@', ' ', '/', '*']) {
            issues.push(Issue::new("domains", "sso-bad-domain").arg("name", &*domain));
        }
    }
    let registry = company.registry();
    let named = p.people.roles.iter().chain(p.people.groups.iter().map(|g| &g.role)).filter(|r| !r.is_empty());
    for role in named.filter(|r| registry.role(r).is_none()) {
        issues.push(Issue::new("roles", "user-no-such-role").arg("name", role));
    }
    p.people.groups.iter_mut().for_each(|g| g.group = g.group.trim().to_owned());
    if p.people.groups.iter().any(|g| g.group.is_empty() || (g.role.is_empty() && g.team.is_none())) {
        issues.push(Issue::new("groups", "sso-group-line"));
    }
    if matches!(p.way, Way::Oidc(_)) && p.people.domains.is_empty() {
        issues.push(Issue::new("domains", "sso-needs-domains"));
    }
    match &mut p.way {
        Way::Oidc(oidc) => checked_oidc(oidc, &mut issues),
        Way::Ldap(settings) => checked_ldap(settings, &mut issues),
    }
    Fault::check(issues)?;
    Ok(p)
}

fn checked_oidc(oidc: &mut Oidc, issues: &mut Vec<Issue>) {
    for (field, text) in [("issuer", &mut oidc.issuer), ("client", &mut oidc.client), ("mail", &mut oidc.mail), ("name", &mut oidc.name)] {
        *text = text.trim().to_owned();
        if text.is_empty() {
            issues.push(Issue::new(field, "value-required"));
        }
    }
    if !oidc.issuer.is_empty() && outside::address::parse(&oidc.issuer).is_err() {
        issues.push(Issue::new("issuer", "sso-bad-issuer"));
    }
    oidc.groups = oidc.groups.trim().to_owned();
    oidc.scopes = oidc.scopes.split_whitespace().filter(|s| *s != "openid").collect::<Vec<_>>().join(" ");
}

fn checked_ldap(s: &mut directory::Settings, issues: &mut Vec<Issue>) {
    for text in [&mut s.bind, &mut s.member_of, &mut s.group_base, &mut s.authority] {
        *text = text.trim().to_owned();
    }
    for (field, text) in [("host", &mut s.host), ("base", &mut s.base), ("filter", &mut s.filter), ("id", &mut s.id), ("mail", &mut s.mail), ("name", &mut s.name)] {
        *text = text.trim().to_owned();
        if text.is_empty() {
            issues.push(Issue::new(field, "value-required"));
        }
    }
    if s.host.contains(['/', ' ', '@', '?', '#', ':']) {
        issues.push(Issue::new("host", "ldap-bad-host"));
    }
    if s.port == 0 {
        issues.push(Issue::new("port", "auth-number-range").arg("min", 1).arg("max", 65_535));
    }
    if !s.filter.is_empty() && !s.filter_fits() {
        issues.push(Issue::new("filter", "ldap-bad-filter"));
    }
}

/// Makes a provider (`new`) or changes it. `secret`: none leaves it as it is, an empty one takes it away.
///
/// # Errors
/// Forbidden for non-administrators; not found; invalid: the fields named, among them `secret` where a kept one would go
/// to another server.
pub async fn save(company: &Company, actor: &Actor, provider: Provider, secret: Option<&Secret>, new: bool) -> Outcome<Provider> {
    actor.must_administer()?;
    let provider = checked(company, provider)?;
    let sealed = match secret {
        Some(s) if !s.reveal().trim().is_empty() => Some(company.key()?.seal(&purpose(&provider.key), s.reveal().trim())?),
        Some(_) => Some(String::new()),
        None => None,
    };
    if !new && secret.is_none() && any(company, &provider.key).await.is_ok_and(|b| !same_place(&b.way, &provider.way)) {
        secret_again(company, &provider.key).await?;
    }
    let mut cx = company.write(actor).await?;
    let named = provider.people.groups.iter().filter_map(|g| g.team).collect();
    if teams(&mut cx, &named).await? != named {
        return Err(Fault::invalid("groups", "sso-group-line"));
    }
    let before = rows(&mut cx.tx, Some(&provider.key)).await?.pop();
    let config = serde_json::to_string(&provider).map_err(Fault::internal)?;
    match &before {
        Some(_) if new => return Err(Fault::invalid("key", "sso-key-taken")),
        None if !new => return Err(Fault::not_found()),
        None => {
            let row = vec![provider.key.as_str().into(), provider.active.into(), config.into(), sealed.clone().into(), cx.now.into()];
            store::insert_many(&mut cx.tx, "sila_provider", &["key", "active", "config", "secret", "at"], vec![row]).await?;
        }
        Some(_) => {
            let mut sql = cx.tx.sql();
            sql.push("UPDATE sila_provider SET active = ").bind(provider.active).push(", config = ").bind(config);
            if let Some(sealed) = &sealed {
                sql.push(", secret = ").bind(sealed.as_str());
            }
            sql.push(" WHERE key = ").bind(provider.key.as_str());
            cx.tx.exec(&sql).await?;
        }
    }
    if before.as_ref().is_none_or(|b| b.way != provider.way) {
        flow::forget_answers(&mut cx.tx, &provider.key).await?;
    }
    if let Some(Way::Ldap(before)) = before.as_ref().map(|b| &b.way)
        && !matches!(&provider.way, Way::Ldap(now) if now.id == before.id)
    {
        forget_people(&mut cx, &provider.key).await?;
    }
    still_open(company, &mut cx).await?;
    let mut changes = json!({ "provider": provider.key });
    let shown = |p: &Provider| serde_json::to_value(p).map_err(Fault::internal);
    differences(&shown(&before.unwrap_or_default())?, &shown(&provider)?, "", &mut changes);
    if sealed.is_some() {
        // That it changed, never what it is.
        changes["secret"] = json!([Json::Null, "•••"]);
    }
    cx.audit("settings", Uuid::nil(), "sso_provider", changes).await?;
    cx.commit().await?;
    Ok(provider)
}

/// Each part that is another now, under its own name: `[before, now]`.
fn differences(before: &Json, now: &Json, name: &str, changes: &mut Json) {
    match (before, now) {
        (_, Json::Object(map)) => map.iter().filter(|(k, _)| *k != "key").for_each(|(k, v)| differences(before.get(k).unwrap_or(&Json::Null), v, k, changes)),
        _ if before == now => {}
        _ => changes[name] = json!([before, now]),
    }
}

/// Those of the teams that are there.
async fn teams(cx: &mut Cx, named: &BTreeSet<Uuid>) -> Outcome<BTreeSet<Uuid>> {
    if named.is_empty() || cx.registry.find("team").is_none() {
        return Ok(BTreeSet::new());
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM \"team\" WHERE deleted_at IS NULL AND id IN ").bind_list(named.iter().map(|id| Cell::Id(*id)));
    Ok(cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

/// A directory whose ids mean nothing any more: its people are found by their addresses once more, and until then their
/// absence says nothing.
async fn forget_people(cx: &mut Cx, key: &str) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_identity WHERE provider = ").bind(ldap::realm(key));
    cx.tx.exec(&sql).await.map(|_| ())
}

/// Takes a provider away; those who came from there keep their users, and their passwords where they have one.
///
/// # Errors
/// Forbidden for non-administrators; not found; invalid: nobody could sign in any more.
pub async fn remove(company: &Company, actor: &Actor, key: &str) -> Outcome<()> {
    actor.must_administer()?;
    let mut cx = company.write(actor).await?;
    let before = rows(&mut cx.tx, Some(key)).await?.pop().ok_or_else(Fault::not_found)?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_provider WHERE key = ").bind(key);
    cx.tx.exec(&sql).await?;
    flow::forget_answers(&mut cx.tx, key).await?;
    forget_people(&mut cx, key).await?;
    still_open(company, &mut cx).await?;
    cx.audit("settings", Uuid::nil(), "sso_provider", json!({ "provider": [before.key, Json::Null] })).await?;
    cx.commit().await
}

/// Where only single sign-on is taken, one provider must be left.
async fn still_open(company: &Company, cx: &mut Cx) -> Outcome<()> {
    if company.settings().sign_in.only_sso && !rows(&mut cx.tx, None).await?.iter().any(|p| p.active) {
        return Err(Fault::invalid("active", "sso-only-needs-provider"));
    }
    Ok(())
}

/// Whether passwords can be switched off.
///
/// # Errors
/// Invalid (`only_sso`): there is no active provider.
pub async fn may_be_only(company: &Company) -> Outcome<()> {
    let offered = offered(company).await?;
    if offered.buttons.is_empty() && !offered.directory { Err(Fault::invalid("only_sso", "sso-only-needs-provider")) } else { Ok(()) }
}

/// What Sila itself keeps of people's ways in is closed: passwords, passkeys, letters with links.
pub(crate) fn own_ways_open(company: &Company) -> Outcome<()> {
    if company.settings().sign_in.only_sso { Err(Fault::invalid("", "sso-only")) } else { Ok(()) }
}
