//! Users and their passwords.

use crate::{password, session};
use engine::{Actor, Company, Cx, Draft, users::Prefs};
use kernel::{Fault, Issue, Kind, Name, Outcome, Value};
use uuid::Uuid;

/// A user to be made.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    pub email: String,
    pub name: Name,
    /// None: he sets it by the reset letter.
    pub password: Option<crate::Secret>,
    pub roles: Vec<String>,
    /// `ar` or `en`; empty: the company's.
    pub lang: String,
}

/// Makes a user with roles and password, in one transaction.
///
/// # Errors
/// Forbidden for non-administrators; invalid: e-mail, name, password or roles.
pub async fn create_user(company: &Company, actor: &Actor, user: &NewUser) -> Outcome<Uuid> {
    actor.must_administer()?;
    let ready = Ready::new(company, user).await?;
    let mut cx = company.write(actor).await?;
    let id = ready.store(&mut cx).await?;
    cx.commit().await?;
    Ok(id)
}

/// A checked user: everything slow is done before the transaction.
pub(crate) struct Ready {
    draft: Draft,
    hash: Option<String>,
    roles: Vec<String>,
    lang: String,
}

impl Ready {
    pub async fn new(company: &Company, user: &NewUser) -> Outcome<Ready> {
        let mut issues = Vec::new();
        let email = email(&user.email).unwrap_or_else(|i| {
            issues.push(i);
            String::new()
        });
        if user.name.is_empty() {
            issues.push(Issue::new("name", "value-required"));
        }
        if let Some(p) = &user.password {
            issues.extend(password::check(p.reveal(), &email, &user.name, company.settings().sign_in.shortest));
        }
        if !matches!(user.lang.as_str(), "" | "ar" | "en") {
            issues.push(Issue::new("lang", "value-not-choice"));
        }
        let registry = company.registry();
        for r in user.roles.iter().filter(|r| registry.role(r).is_none()) {
            issues.push(Issue::new("roles", "user-no-such-role").arg("name", r));
        }
        Fault::check(issues)?;
        let hash = match &user.password {
            Some(p) => Some(password::hash(p.reveal()).await?),
            None => None,
        };
        let draft = Draft::new().set("name", user.name.clone()).set("email", email).set("active", true);
        Ok(Ready { draft, hash, roles: user.roles.clone(), lang: user.lang.clone() })
    }

    pub async fn store(self, cx: &mut Cx) -> Outcome<Uuid> {
        let id = cx.save("user", self.draft).await?.record().id;
        let roles: Vec<&str> = self.roles.iter().map(String::as_str).collect();
        cx.set_roles(id, &roles).await?;
        if let Some(hash) = &self.hash {
            put_hash(&mut cx.tx, cx.now, id, hash).await?;
        }
        if !self.lang.is_empty() {
            let prefs = Prefs { lang: self.lang, ..Prefs::default() };
            let json = serde_json::to_string(&prefs).map_err(Fault::internal)?;
            engine::settings::put(&mut cx.tx, &id.to_string(), "prefs", &json).await?;
        }
        Ok(id)
    }
}

/// The address as it is stored and looked up.
fn email(text: &str) -> Result<String, Issue> {
    let issue = |i: Issue| Issue { field: "email".into(), ..i };
    match kernel::parse::from_text(&Kind::Email, text, &kernel::parse::Ctx::default()).map_err(issue)? {
        Value::Text(t) => Ok(t.to_lowercase()),
        _ => Err(Issue::new("email", "value-required")),
    }
}

pub(crate) async fn put_hash(tx: &mut store::Tx, now: jiff::Timestamp, user: Uuid, hash: &str) -> Outcome<()> {
    let row = vec![user.into(), hash.into(), now.into()];
    let columns = ["user_id", "password_hash", "changed_at"];
    store::rows::upsert_many(tx, "sila_credential", &columns, &["user_id"], vec![row]).await.map(|_| ())
}

/// Sets somebody's password: an administrator, or the command line as the system. All his sessions end.
///
/// # Errors
/// Forbidden; not found; invalid: the password.
pub async fn set_password(company: &Company, actor: &Actor, user: Uuid, new: &crate::Secret) -> Outcome<()> {
    actor.must_administer()?;
    let owner = company.load_actor(user).await?.ok_or_else(Fault::not_found)?;
    store_password(company, &owner, new, None).await
}

/// Changes one's own password; the other sessions end.
///
/// # Errors
/// Invalid: the old password is wrong (`old`), the new one does not do (`password`). Throttled.
pub async fn change_password(company: &Company, actor: &Actor, old: &crate::Secret, new: &crate::Secret, keep: Option<Uuid>) -> Outcome<()> {
    if actor.scopes.is_some() {
        return Err(Fault::forbidden());
    }
    is_password(company, actor, old, "old").await?;
    store_password(company, actor, new, keep).await
}

/// It is really he at the screen: his password, asked for again before something that matters. `field` gets the issue.
///
/// # Errors
/// Invalid: wrong. Throttled.
pub(crate) async fn is_password(company: &Company, actor: &Actor, password: &crate::Secret, field: &str) -> Outcome<()> {
    let attempt = crate::throttle::Attempt::new("password", &actor.email, "");
    crate::throttle::begin(company, &attempt).await?;
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT password_hash FROM sila_credential WHERE user_id = ").bind(actor.id);
    let stored = conn.text(&sql).await?;
    drop(conn);
    if !password::verify(password.reveal(), stored.as_deref()).await? {
        return Err(Fault::invalid(field, "auth-old-wrong"));
    }
    let mut tx = company.db().write().await?;
    crate::throttle::succeeded(&mut tx, &attempt).await?;
    tx.commit().await
}

pub(crate) async fn store_password(company: &Company, owner: &Actor, new: &crate::Secret, keep: Option<Uuid>) -> Outcome<()> {
    if let Some(issue) = password::check(new.reveal(), &owner.email, &owner.name, company.settings().sign_in.shortest) {
        return Err(Fault::issue(issue));
    }
    let hash = password::hash(new.reveal()).await?;
    let mut tx = company.db().write().await?;
    put_hash(&mut tx, company.now(), owner.id, &hash).await?;
    session::end_all(&mut tx, company.now(), owner.id, keep).await?;
    tx.commit().await
}
