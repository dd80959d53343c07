//! The first run: nobody can sign in yet, so whoever opens the page makes the company and its administrator.

use crate::account::{NewUser, Ready};
use crate::{Origin, Secret, session};
use engine::{Actor, Company, settings};
use kernel::{Fault, Issue, Name, Outcome};

/// What the wizard asks.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub company: Name,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217; empty: the country's.
    pub currency: String,
    /// IANA; empty: the country's.
    pub zone: String,
    /// `ar` or `en`.
    pub lang: String,
    pub email: String,
    pub name: Name,
    pub password: Option<Secret>,
}

/// Nobody has a password yet.
///
/// # Errors
/// The database.
pub async fn needs_setup(company: &Company) -> Outcome<bool> {
    company.has_users().await.map(|some| !some)
}

/// Makes settings and administrator in one transaction and signs him in.
///
/// # Errors
/// Invalid: fields. Forbidden: somebody was quicker, or the company has long been set up.
pub async fn run(company: &Company, setup: &Setup, origin: &Origin) -> Outcome<(Secret, Actor)> {
    let registry = company.registry();
    let admin = registry.roles().find(|r| r.admin).ok_or_else(|| Fault::internal("no role administers the company"))?;
    if !needs_setup(company).await? {
        return Err(done());
    }
    let settings = checked(setup, &settings::Settings::clone(&company.settings()))?;
    let user = NewUser {
        email: setup.email.clone(),
        name: setup.name.clone(),
        password: setup.password.clone(),
        roles: vec![admin.key.clone()],
        lang: setup.lang.clone(),
    };
    let ready = Ready::new(company, &user).await?;
    let system = company.system();
    let mut cx = company.write(&system).await?;
    // Two wizards meet at this row: the second waits here until the first is done, and then sees its user.
    let mut sql = cx.tx.sql();
    sql.push("INSERT INTO sila_meta (key, value) VALUES ('setup', ").bind(cx.now.to_string());
    sql.push(") ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    cx.tx.exec(&sql).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT COUNT(*) FROM sila_credential");
    if cx.tx.int(&sql).await?.unwrap_or_default() > 0 {
        return Err(done());
    }
    let id = ready.store(&mut cx).await?;
    let json = serde_json::to_string(&settings).map_err(Fault::internal)?;
    settings::put(&mut cx.tx, "company", "settings", &json).await?;
    cx.tx.notify("schema".to_owned());
    let token = session::begin(&mut cx.tx, company, id, origin).await?;
    cx.commit().await?;
    company.reload().await?;
    let actor = company.load_actor(id).await?.ok_or_else(|| Fault::internal("the first user cannot be loaded"))?;
    tracing::info!(user = %id, "company set up");
    Ok((token, actor))
}

fn done() -> Fault {
    Fault { issues: vec![Issue::new("", "auth-setup-done")], ..Fault::forbidden() }
}

fn checked(setup: &Setup, current: &settings::Settings) -> Outcome<settings::Settings> {
    let mut issues = Vec::new();
    if setup.company.is_empty() {
        issues.push(Issue::new("company", "value-required"));
    }
    if setup.password.is_none() {
        issues.push(Issue::new("password", "value-required"));
    }
    let country = setup.country.trim().to_ascii_uppercase();
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        issues.push(Issue::new("country", "auth-unknown-country"));
    }
    let usual = text::locale::Locale::ar(&country);
    let or = |typed: &str, usual: &str| if typed.trim().is_empty() { usual.to_owned() } else { typed.trim().to_owned() };
    let currency = or(&setup.currency, &usual.currency).to_ascii_uppercase();
    if !text::money::CURRENCIES.iter().any(|c| c.code == currency) {
        issues.push(Issue::new("currency", "value-unknown-currency"));
    }
    let zone = or(&setup.zone, &usual.tz);
    if jiff::tz::TimeZone::get(&zone).is_err() {
        issues.push(Issue::new("zone", "auth-unknown-zone"));
    }
    let lang = or(&setup.lang, "ar");
    if !matches!(lang.as_str(), "ar" | "en") {
        issues.push(Issue::new("lang", "value-not-choice"));
    }
    Fault::check(issues)?;
    Ok(settings::Settings { name: setup.company.clone(), country, currency, zone, lang, ..current.clone() })
}
