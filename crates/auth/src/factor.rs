//! Second factors: an authenticator app, passkeys, recovery codes on paper.
//!
//! A person enrols them himself ([`begin_app`], [`confirm_app`], [`crate::passkey`]); signing in asks for one where he has
//! one, and makes him enrol one where the company demands it ([`demanded`]).

use crate::session::own_or_admin;
use crate::{Origin, Secret, account, challenge, session, sign_in, throttle, totp};
use engine::settings::Second;
use engine::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

/// Recovery codes made at once.
const CODES: usize = 10;

/// A factor as its owner sees it.
#[derive(Clone, Debug)]
pub struct Factor {
    pub id: Uuid,
    pub kind: Kind,
    pub name: String,
    pub at: jiff::Timestamp,
    pub last_used: Option<jiff::Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One-time codes of an app.
    App,
    Passkey,
}

impl Kind {
    pub fn key(self) -> &'static str {
        match self {
            Kind::App => "app",
            Kind::Passkey => "passkey",
        }
    }
}

/// What somebody has besides his password.
#[derive(Clone, Debug, Default)]
pub struct Factors {
    pub list: Vec<Factor>,
    /// Recovery codes not used yet.
    pub codes: i64,
}

impl Factors {
    pub fn has(&self, kind: Kind) -> bool {
        self.list.iter().any(|f| f.kind == kind)
    }
}

/// The factors of a user: his own, or anybody's for an administrator.
///
/// # Errors
/// Not found: somebody else's.
pub async fn list(company: &Company, actor: &Actor, user: Uuid) -> Outcome<Factors> {
    own_or_admin(actor, user)?;
    of(company, user).await
}

pub(crate) async fn of(company: &Company, user: Uuid) -> Outcome<Factors> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, kind, name, at, last_used FROM sila_factor WHERE user_id = ").bind(user).push(" ORDER BY at, id");
    use ColumnType::{Id, Int, Text};
    let list = conn.rows(&sql, &[Id, Text, Text, Int, Int]).await?.iter().filter_map(|r| factor(r)).collect();
    let mut sql = conn.sql();
    sql.push("SELECT COUNT(*) FROM sila_recovery WHERE used_at IS NULL AND user_id = ").bind(user);
    let codes = conn.int(&sql).await?.unwrap_or_default();
    Ok(Factors { list, codes })
}

fn factor(row: &[Cell]) -> Option<Factor> {
    let at = |i: usize| row.get(i).and_then(Cell::int).and_then(|i| jiff::Timestamp::from_microsecond(i).ok());
    let kind = match row.get(1)?.text()? {
        "app" => Kind::App,
        "passkey" => Kind::Passkey,
        _ => return None,
    };
    Some(Factor { id: row.first()?.id()?, kind, name: row.get(2)?.text()?.to_owned(), at: at(3)?, last_used: at(4) })
}

/// Whether the company wants a second factor of this person.
pub fn demanded(company: &Company, actor: &Actor) -> bool {
    match company.settings().sign_in.second {
        Second::Nobody => false,
        Second::Administrators => actor.policy.admin,
        Second::Everybody => true,
    }
}

/// An app about to be enrolled.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// Base32, to be typed where no camera is.
    pub seed: Secret,
    /// SVG of the QR code.
    pub qr: String,
    /// Give it back with the first code.
    pub token: Secret,
}

/// Begins to enrol an authenticator app.
///
/// # Errors
/// Forbidden: not a person at the screen.
pub async fn begin_app(company: &Company, actor: &Actor) -> Outcome<NewApp> {
    at_the_screen(actor)?;
    let seed = totp::seed();
    let sealed = company.key()?.seal(&purpose(actor.id), &seed)?;
    let token = challenge::begin(company, "app", Some(actor.id), &json!({ "seed": sealed })).await?;
    Ok(shown(company, actor, &seed, token))
}

/// The same app again, after a code that was wrong.
///
/// # Errors
/// Invalid: the step took too long.
pub async fn again(company: &Company, actor: &Actor, token: &Secret) -> Outcome<NewApp> {
    let seed = seed_of(company, actor, token).await?;
    Ok(shown(company, actor, &seed, token.clone()))
}

fn shown(company: &Company, actor: &Actor, seed: &str, token: Secret) -> NewApp {
    let name = company.settings().name.get("en").to_owned();
    let issuer = if name.is_empty() { "Sila".to_owned() } else { name };
    NewApp { qr: totp::qr(&totp::uri(&issuer, &actor.email, seed)), seed: Secret::new(seed), token }
}

async fn seed_of(company: &Company, actor: &Actor, token: &Secret) -> Outcome<String> {
    let step = challenge::peek(company, "app", token).await?;
    if step.user != Some(actor.id) {
        return Err(challenge::spent());
    }
    let sealed = step.data.get("seed").and_then(|s| s.as_str()).unwrap_or_default().to_owned();
    company.key()?.open(&purpose(actor.id), &sealed)
}

/// Enrols the app with the first code it shows. Gives recovery codes where there are none yet.
///
/// # Errors
/// Invalid: the code is wrong (`code`), or the step took too long. Throttled.
pub async fn confirm_app(company: &Company, actor: &Actor, token: &Secret, name: &str, code: &str) -> Outcome<Vec<String>> {
    at_the_screen(actor)?;
    throttle::begin(company, &guess(actor.id)).await?;
    let seed = seed_of(company, actor, token).await?;
    let step = totp::step(&seed, code, company.now().as_second(), 0).ok_or_else(wrong)?;
    let sealed = company.key()?.seal(&purpose(actor.id), &seed)?;
    let codes = fresh_codes();
    let mut tx = company.db().write().await?;
    challenge::end(&mut tx, token).await?;
    store_factor(&mut tx, company.now(), actor.id, Kind::App, name, &sealed, None, step).await?;
    let codes = if keep_codes(company, &mut tx, actor.id, &codes, false).await? { codes } else { Vec::new() };
    throttle::succeeded(&mut tx, &guess(actor.id)).await?;
    tx.commit().await?;
    note(company, actor, actor.id, "factor_added", Kind::App.key()).await?;
    tracing::info!(user = %actor.id, "second factor enrolled: app");
    Ok(codes)
}

#[allow(clippy::too_many_arguments)]
pub(crate) async fn store_factor(tx: &mut Tx, now: jiff::Timestamp, user: Uuid, kind: Kind, name: &str, data: &str, lookup: Option<&str>, step: i64) -> Outcome<()> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    let row = vec![
        Uuid::now_v7().into(),
        user.into(),
        kind.key().into(),
        name.into(),
        data.into(),
        lookup.map_or(Cell::Null, Cell::from),
        now.into(),
        step.into(),
    ];
    store::insert_many(tx, "sila_factor", &["id", "user_id", "kind", "name", "data", "lookup", "at", "step"], vec![row]).await
}

/// Removes one factor; the password says that it is really he.
///
/// # Errors
/// Not found. Invalid: the password is wrong (`password`), or the company demands a second factor and this is the last.
pub async fn remove(company: &Company, actor: &Actor, id: Uuid, password: &Secret) -> Outcome<()> {
    at_the_screen(actor)?;
    account::is_password(company, actor, password, "password").await?;
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_factor WHERE id = ").bind(id).push(" AND user_id = ").bind(actor.id);
    if tx.exec(&sql).await? == 0 {
        return Err(Fault::not_found());
    }
    if count(&mut tx, actor.id).await? == 0 {
        if demanded(company, actor) {
            return Err(Fault::invalid("", "auth-factor-demanded"));
        }
        drop_codes(&mut tx, actor.id).await?;
    }
    tx.commit().await?;
    note(company, actor, actor.id, "factor_removed", "").await
}

/// Writes into the audit that how somebody signs in has changed.
pub(crate) async fn note(company: &Company, actor: &Actor, user: Uuid, verb: &str, kind: &str) -> Outcome<()> {
    let mut cx = company.write(actor).await?;
    cx.audit("user", user, verb, if kind.is_empty() { serde_json::Value::Null } else { json!({ "means": kind }) }).await?;
    cx.commit().await
}

/// An administrator takes all factors of somebody who lost them; all his sessions end.
///
/// # Errors
/// Forbidden; not found.
pub async fn reset(company: &Company, actor: &Actor, user: Uuid) -> Outcome<()> {
    actor.must_administer()?;
    if company.load_actor(user).await?.is_none() {
        return Err(Fault::not_found());
    }
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_factor WHERE user_id = ").bind(user);
    tx.exec(&sql).await?;
    drop_codes(&mut tx, user).await?;
    session::end_all(&mut tx, company.now(), user, None).await?;
    tx.commit().await?;
    note(company, actor, user, "factors_reset", "").await?;
    tracing::info!(%user, by = %actor.id, "second factors reset");
    Ok(())
}

/// New recovery codes; the earlier ones are void.
///
/// # Errors
/// Invalid: the password is wrong, or there is no factor they could stand in for.
pub async fn new_codes(company: &Company, actor: &Actor, password: &Secret) -> Outcome<Vec<String>> {
    at_the_screen(actor)?;
    account::is_password(company, actor, password, "password").await?;
    let codes = fresh_codes();
    let mut tx = company.db().write().await?;
    if count(&mut tx, actor.id).await? == 0 {
        return Err(Fault::invalid("", "auth-factor-none"));
    }
    keep_codes(company, &mut tx, actor.id, &codes, true).await?;
    tx.commit().await?;
    note(company, actor, actor.id, "factor_added", "recovery").await?;
    Ok(codes)
}

async fn count(tx: &mut Tx, user: Uuid) -> Outcome<i64> {
    let mut sql = tx.sql();
    sql.push("SELECT COUNT(*) FROM sila_factor WHERE user_id = ").bind(user);
    Ok(tx.int(&sql).await?.unwrap_or_default())
}

async fn drop_codes(tx: &mut Tx, user: Uuid) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_recovery WHERE user_id = ").bind(user);
    tx.exec(&sql).await.map(|_| ())
}

/// Ten codes of fifty random bits, in letters and digits that are not mistaken for each other.
pub(crate) fn fresh_codes() -> Vec<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789_";
    (0..CODES)
        .map(|_| {
            let mut bytes = [0_u8; 10];
            rand::fill(&mut bytes);
            let letters: String = bytes.iter().filter_map(|b| LETTERS.get(usize::from(b % 31))).map(|b| char::from(*b)).collect();
            format!("{}-{}", letters.get(..5).unwrap_or_default(), letters.get(5..).unwrap_or_default())
        })
        .collect()
}

/// Stores the codes, or leaves those that are there unless told to replace them.
pub(crate) async fn keep_codes(company: &Company, tx: &mut Tx, user: Uuid, codes: &[String], replace: bool) -> Outcome<bool> {
    if replace {
        drop_codes(tx, user).await?;
    } else {
        let mut sql = tx.sql();
        sql.push("SELECT COUNT(*) FROM sila_recovery WHERE used_at IS NULL AND user_id = ").bind(user);
        if tx.int(&sql).await?.unwrap_or_default() > 0 {
            return Ok(false);
        }
        drop_codes(tx, user).await?;
    }
    let key = company.key()?;
    let rows = codes.iter().map(|c| vec![user.into(), key.mark(&recovery(user), &plain_code(c)).into()]).collect();
    store::insert_many(tx, "sila_recovery", &["user_id", "mark"], rows).await?;
    Ok(true)
}

fn plain_code(code: &str) -> String {
    text::digits::to_ascii(code).chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
}

/// Takes a code of the app or a recovery code for a sign-in whose password was right, and begins the session.
///
/// # Errors
/// Invalid: the code is wrong (`code`), or the step took too long. Throttled: by person, wherever he guesses from.
pub async fn sign_in_with_code(company: &Company, token: &Secret, code: &str, origin: &Origin) -> Outcome<(Secret, Actor)> {
    let step = challenge::peek(company, crate::sign_in::SECOND, token).await?;
    let user = step.user.ok_or_else(challenge::spent)?;
    throttle::begin(company, &guess(user)).await?;
    let actor = company.load_actor(user).await?.ok_or_else(challenge::spent)?;
    let mut tx = company.db().write().await?;
    let Some(with) = spend_code(company, &mut tx, user, code).await? else {
        drop(tx);
        sign_in::note(company, &company.system(), user, "sign_in_failed", "code", origin, &step.data).await?;
        return Err(wrong());
    };
    challenge::end(&mut tx, token).await?;
    throttle::succeeded(&mut tx, &guess(user)).await?;
    let session = sign_in::begin(&mut tx, company, user, origin, &step.data).await?;
    tx.commit().await?;
    sign_in::note(company, &actor, user, "sign_in", with, origin, &step.data).await?;
    tracing::info!(%user, "signed in with a second factor");
    Ok((session, actor))
}

/// What the code was one of; none: it was none, or is spent.
async fn spend_code(company: &Company, tx: &mut Tx, user: Uuid, code: &str) -> Outcome<Option<&'static str>> {
    let mut sql = tx.sql();
    sql.push("SELECT id, data, step FROM sila_factor WHERE kind = 'app' AND user_id = ").bind(user);
    let apps = tx.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Int]).await?;
    let key = company.key()?;
    for row in &apps {
        let (Some(id), Some(sealed), Some(last)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::text), row.get(2).and_then(Cell::int)) else { continue };
        let seed = key.open(&purpose(user), sealed)?;
        let Some(step) = totp::step(&seed, code, company.now().as_second(), last) else { continue };
        // Of two that come with the same code at once, one finds the step already taken.
        let mut sql = tx.sql();
        sql.push("UPDATE sila_factor SET step = ").bind(step).push(", last_used = ").bind(company.now());
        sql.push(" WHERE id = ").bind(id).push(" AND step < ").bind(step);
        return Ok((tx.exec(&sql).await? == 1).then_some("app"));
    }
    let mut sql = tx.sql();
    sql.push("UPDATE sila_recovery SET used_at = ").bind(company.now()).push(" WHERE used_at IS NULL AND user_id = ").bind(user);
    sql.push(" AND mark = ").bind(key.mark(&recovery(user), &plain_code(code)));
    Ok((tx.exec(&sql).await? == 1).then_some("recovery"))
}

/// Enrols the app that the company demands in the middle of a sign-in, and begins the session.
///
/// # Errors
/// As [`confirm_app`].
pub async fn enrol_and_sign_in(company: &Company, pending: &Secret, token: &Secret, code: &str, origin: &Origin) -> Outcome<(Secret, Actor, Vec<String>)> {
    let actor = enrolling(company, pending).await?;
    let codes = confirm_app(company, &actor, token, "", code).await?;
    let step = challenge::peek(company, crate::sign_in::ENROL, pending).await?;
    let mut tx = company.db().write().await?;
    challenge::end(&mut tx, pending).await?;
    let session = sign_in::begin(&mut tx, company, actor.id, origin, &step.data).await?;
    tx.commit().await?;
    sign_in::note(company, &actor, actor.id, "sign_in", Kind::App.key(), origin, &step.data).await?;
    Ok((session, actor, codes))
}

/// Whoever has shown his password and must enrol now.
///
/// # Errors
/// Invalid: the step took too long.
pub async fn enrolling(company: &Company, pending: &Secret) -> Outcome<Actor> {
    let step = challenge::peek(company, crate::sign_in::ENROL, pending).await?;
    let user = step.user.ok_or_else(challenge::spent)?;
    company.load_actor(user).await?.ok_or_else(challenge::spent)
}

pub(crate) fn guess(user: Uuid) -> throttle::Attempt {
    throttle::Attempt::new("second", &user.to_string(), "")
}
fn wrong() -> Fault {
    Fault::issue(Issue::new("code", "auth-code-wrong"))
}
fn purpose(user: Uuid) -> String {
    format!("app:{user}")
}
fn recovery(user: Uuid) -> String {
    format!("recovery:{user}")
}

/// Programs with a token do not change how their owner signs in.
pub(crate) fn at_the_screen(actor: &Actor) -> Outcome<()> {
    if actor.scopes.is_some() || actor.is_system() { Err(Fault::forbidden()) } else { Ok(()) }
}
