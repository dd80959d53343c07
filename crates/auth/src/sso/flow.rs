//! OpenID Connect: out with the browser, back with a code.

use super::arrive::{Person, arrive};
use super::{Oidc, Provider, Suffices, active, link, secret};
use crate::sign_in::{self, Entry};
use crate::throttle::{self, Attempt};
use crate::{Origin, Secret, challenge};
use engine::{Actor, Company};
use kernel::{Fault, FaultKind, Issue, Outcome};
use oidc::{Asked, Bad, Claims, Client, Expected, Keys, Metadata};
use serde_json::{Value as Json, json};
use store::Tx;
use uuid::Uuid;

const PURPOSE: &str = "sso";
/// Seconds for which answers of a provider are kept.
const FRESH: i64 = 3_600;

/// Where the browser goes, and what it must bring back besides the provider's answer.
#[derive(Debug)]
pub struct Begun {
    pub url: String,
    /// For a cookie that only our pages get: an answer counts only in the browser that asked.
    pub cookie: Secret,
}

/// What the provider's answer carries.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub state: String,
    pub code: String,
    pub error: String,
    /// RFC 9207; empty where it says none.
    pub issuer: String,
}

/// Where an answer leads.
#[derive(Debug)]
pub enum Done {
    /// Into the company, or to the second step; then to the page named at the beginning.
    Entered(Entry, String),
    /// The account is now tied to the user who asked.
    Linked,
}

/// Begins a sign-in, or, for a user who is signed in, the tying of another account to his (`link`).
/// `redirect`: the address of [`finish`], as registered with the provider.
///
/// # Errors
/// Not found: no such active provider. Invalid: `sso-unreachable` and what [`Metadata::fetch`] says.
pub async fn begin(company: &Company, key: &str, redirect: &str, next: &str, lang: &str, link: Option<&Actor>) -> Outcome<Begun> {
    if let Some(actor) = link {
        crate::factor::at_the_screen(actor)?;
    }
    let provider = active(company, key).await?;
    let oidc = provider.oidc()?;
    let metadata = metadata(company, key, oidc).await?;
    let (nonce, verifier) = (Secret::random(""), Secret::random(""));
    let sealed = company.key()?.seal(PURPOSE, verifier.reveal())?;
    let data = json!({ "provider": key, "nonce": nonce.reveal(), "verifier": sealed, "next": next, "redirect": redirect });
    let state = challenge::begin(company, PURPOSE, link.map(|a| a.id), &data).await?;
    let scopes = format!("openid {}", oidc.scopes);
    let asked = Asked { redirect, scopes: scopes.trim(), state: state.reveal(), nonce: nonce.reveal(), verifier: verifier.reveal(), lang };
    let url = oidc::authorize(&metadata, &client(oidc, Secret::new("")), &asked);
    let cookie = Secret::new(company.key()?.mark(PURPOSE, state.reveal()));
    Ok(Begun { url, cookie })
}

fn client(oidc: &Oidc, secret: Secret) -> Client {
    Client { id: oidc.client.clone(), secret: secret.reveal().to_owned() }
}

/// Takes the provider's answer. `who`: the user signed in with this browser, if any.
///
/// # Errors
/// Invalid, with a sentence for the person. Whatever is refused changes nothing; it stands in the audit. Throttled.
pub async fn finish(company: &Company, key: &str, answer: &Answer, cookie: Option<&Secret>, who: Option<&Actor>, origin: &Origin) -> Outcome<Done> {
    let state = Secret::new(&answer.state);
    // Another browser's answer: somebody else's sign-in is being pushed onto this person.
    if !cookie.is_some_and(|c| company.key().is_ok_and(|key| key.is_mark(PURPOSE, state.reveal(), c.reveal()))) {
        return Err(challenge::spent());
    }
    // Refusals are written down: not without end.
    let attempt = Attempt::of_address(PURPOSE, &origin.ip);
    throttle::begin(company, &attempt).await?;
    // Whatever follows, this answer was the only one.
    let step = challenge::take(company, PURPOSE, &state).await?;
    let text = |name: &str| step.data.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    if text("provider") != key {
        return Err(challenge::spent());
    }
    let provider = active(company, key).await?;
    let result = match step.user {
        Some(user) if who.is_none_or(|w| w.id != user || w.viewer.is_some()) => Err(challenge::spent()),
        Some(user) => link::tie(company, &provider, &answered(company, &provider, &step.data, answer).await?.person, user).await.map(|()| Done::Linked),
        None => enter(company, &provider, &step.data, answer, origin, &attempt).await.map(|entry| Done::Entered(entry, text("next"))),
    };
    if let Err(fault) = &result {
        let why = fault.issues.first().map_or("fault", |i| i.key.as_str()).to_owned();
        tracing::info!(provider = key, ip = origin.ip, why, detail = fault.detail, "single sign-on refused");
        let user = step.user.unwrap_or_default();
        sign_in::note(company, &company.system(), user, "sign_in_failed", "provider", origin, &json!({"provider": key, "why": why})).await?;
    }
    result
}

async fn enter(company: &Company, provider: &Provider, step: &Json, answer: &Answer, origin: &Origin, attempt: &Attempt) -> Outcome<Entry> {
    let known = answered(company, provider, step, answer).await?;
    let user = arrive(company, provider, &known.person).await?;
    let actor = company.load_actor(user).await?.ok_or_else(challenge::spent)?;
    let sealed = company.key()?.seal("sso.hint", &known.token)?;
    let from = json!({
        "provider": provider.key, "realm": known.person.realm, "subject": known.person.subject, "sid": known.sid, "hint": sealed,
    });
    sign_in::enter_from(company, actor, origin, Some(attempt), known.second, from).await
}

/// What the provider's answer comes to.
struct Known {
    person: Person,
    /// It asked for a second factor, and that is enough for us.
    second: bool,
    sid: Option<String>,
    /// The ID token: the hint for signing out there.
    token: String,
}

async fn answered(company: &Company, provider: &Provider, step: &Json, answer: &Answer) -> Outcome<Known> {
    let way = provider.oidc()?;
    let text = |name: &str| step.get(name).and_then(Json::as_str).unwrap_or_default();
    let metadata = metadata(company, &provider.key, way).await?;
    let other_issuer = !answer.issuer.is_empty() && answer.issuer != metadata.issuer;
    if other_issuer || (metadata.authorization_response_iss_parameter_supported && answer.issuer.is_empty()) {
        return Err(Fault { detail: "the answer comes from another issuer".into(), ..Fault::invalid("", "sso-token") });
    }
    if !answer.error.is_empty() || answer.code.is_empty() {
        let key = if answer.error == "access_denied" { "sso-denied" } else { "sso-refused" };
        let issue = Issue::new("", key).arg("name", answer.error.chars().filter(|c| c.is_ascii_graphic()).take(60).collect::<String>());
        return Err(Fault { detail: format!("error {}", answer.error), ..Fault::issue(issue) });
    }
    let inside = company.reaches_inside().await?;
    let client = client(way, secret(company, &provider.key).await?);
    let verifier = company.key()?.open(PURPOSE, text("verifier"))?;
    let tokens = oidc::exchange(&metadata, &client, &answer.code, text("redirect"), &verifier, inside).await?;
    let mut claims = verified(company, &provider.key, &metadata, &tokens.id, 0).await?;
    let expected = Expected { issuer: &metadata.issuer, client: &way.client, nonce: text("nonce"), access: tokens.access.as_deref(), now: company.now().as_second() };
    let subject = oidc::id_token(&claims, &expected)?;
    let wanted = [way.mail.as_str(), way.name.as_str(), way.groups.as_str(), "email_verified"];
    if let (Some(url), Some(access)) = (&metadata.userinfo_endpoint, &tokens.access)
        && wanted.iter().any(|w| !w.is_empty() && claims.get(w).is_none())
    {
        let mut more = oidc::user_info(url, access, &subject, inside).await?;
        // That one address is verified says nothing of another.
        if claims.text("email").is_some_and(|signed| more.text("email").is_some_and(|other| other != signed)) {
            more.0.remove("email_verified");
        }
        for (name, value) in more.0 {
            // What was signed counts.
            claims.0.entry(name).or_insert(value);
        }
    }
    let second = match way.second {
        Suffices::No => false,
        Suffices::Shown => claims.list("amr").is_some_and(|amr| amr.iter().any(|m| m == "mfa")),
        Suffices::Yes => true,
    };
    let sid = claims.text("sid").map(str::to_owned);
    Ok(Known { person: person(way, &metadata, subject, &claims), second, sid, token: tokens.id })
}

fn person(way: &Oidc, metadata: &Metadata, subject: String, claims: &Claims) -> Person {
    // ASCII alone: signs that become a plain letter in lower case (the Kelvin sign) make no other address.
    let mail = claims.text(&way.mail).filter(|m| m.contains('@')).unwrap_or_default().to_ascii_lowercase();
    let name = claims.text(&way.name).map(str::to_owned).unwrap_or_else(|| {
        [claims.text("given_name"), claims.text("family_name")].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    // `email_verified` speaks of `email` alone.
    let verified = way.trust_mail || (way.mail == "email" && claims.yes("email_verified"));
    Person { realm: realm(&metadata.issuer), subject, verified: verified && !mail.is_empty(), mail, name, groups: groups(way, claims) }
}

/// Without the claim somebody is in no group: that is how many providers say so. Unless they say that the list would be too
/// long for the token (Entra ID: `hasgroups`, `_claim_names`).
fn groups(way: &Oidc, claims: &Claims) -> Option<Vec<String>> {
    let elsewhere = claims.yes("hasgroups") || claims.0.get("_claim_names").is_some_and(|names| names.get(&way.groups).is_some());
    if way.groups.is_empty() || (elsewhere && claims.get(&way.groups).is_none()) { None } else { Some(claims.list(&way.groups).unwrap_or_default()) }
}

pub(crate) fn realm(issuer: &str) -> String {
    format!("oidc:{issuer}")
}

/// The claims of a token under the provider's keys, which are asked for again when it names one we do not know: keys change.
/// `patience`: seconds for which they are not asked for twice.
pub(super) async fn verified(company: &Company, key: &str, metadata: &Metadata, token: &str, patience: i64) -> Outcome<Claims> {
    let inside = company.reaches_inside().await?;
    let (at, document) = match kept(company, key, "keys").await? {
        Some(found) => found,
        None => (company.now().as_second(), ask_keys(company, key, metadata, inside).await?),
    };
    match oidc::verify(token, &Keys::of(&document)) {
        Err(Bad::UnknownKey) if company.now().as_second() - at >= patience => {
            let fresh = ask_keys(company, key, metadata, inside).await?;
            Ok(oidc::verify(token, &Keys::of(&fresh))?)
        }
        other => Ok(other?),
    }
}

async fn ask_keys(company: &Company, key: &str, metadata: &Metadata, inside: bool) -> Outcome<Json> {
    let document = Keys::fetch(&metadata.jwks_uri, inside).await?;
    keep(company, key, "keys", &document).await?;
    Ok(document)
}

pub(super) async fn metadata(company: &Company, key: &str, oidc: &Oidc) -> Outcome<Metadata> {
    if let Some((_, found)) = kept(company, key, "metadata").await?
        && let Ok(found) = serde_json::from_value(found)
    {
        return Ok(found);
    }
    let found = Metadata::fetch(&oidc.issuer, company.reaches_inside().await?).await?;
    keep(company, key, "metadata", &serde_json::to_value(&found).map_err(Fault::internal)?).await?;
    Ok(found)
}

/// Asks the provider anew, for the page that sets it up.
///
/// # Errors
/// As [`Metadata::fetch`]; forbidden for non-administrators.
pub async fn probe(company: &Company, actor: &Actor, oidc: &Oidc) -> Outcome<Metadata> {
    actor.must_administer()?;
    let inside = company.reaches_inside().await?;
    let found = Metadata::fetch(&oidc.issuer, inside).await?;
    Keys::fetch(&found.jwks_uri, inside).await?;
    Ok(found)
}

fn owner(key: &str) -> String {
    format!("sso:{key}")
}

/// What a provider said within the hour, and when (seconds since 1970).
async fn kept(company: &Company, key: &str, what: &str) -> Outcome<Option<(i64, Json)>> {
    let mut conn = company.db().read().await?;
    let Some(text) = engine::settings::get(&mut conn, &owner(key), what).await? else { return Ok(None) };
    let mut kept: Json = serde_json::from_str(&text).unwrap_or_default();
    let at = kept.get("at").and_then(Json::as_i64).unwrap_or_default();
    let fresh = (0..FRESH).contains(&(company.now().as_second() - at));
    Ok(fresh.then(|| (at, kept.get_mut("said").map(Json::take).unwrap_or_default())))
}

async fn keep(company: &Company, key: &str, what: &str, said: &Json) -> Outcome<()> {
    let text = json!({ "at": company.now().as_second(), "said": said }).to_string();
    let mut tx = company.db().write().await?;
    engine::settings::put(&mut tx, &owner(key), what, &text).await?;
    tx.commit().await
}

/// After a change: whatever the provider said counts no more.
pub(super) async fn forget_answers(tx: &mut Tx, key: &str) -> Outcome<()> {
    engine::settings::put(tx, &owner(key), "keys", "").await?;
    engine::settings::put(tx, &owner(key), "metadata", "").await
}

/// Notes on a session where it came from, in the transaction that begins it.
pub(crate) async fn remember(tx: &mut Tx, session: &Secret, from: &Json) -> Outcome<()> {
    let text = |name: &str| from.get(name).and_then(Json::as_str).map(str::to_owned);
    let (Some(provider), Some(realm), Some(subject)) = (text("provider"), text("realm"), text("subject")) else { return Ok(()) };
    let mut sql = tx.sql();
    sql.push("SELECT id FROM sila_session WHERE token_hash = ").bind(session.hash());
    let id: Uuid = tx.row(&sql, &[kernel::ColumnType::Id]).await?.and_then(|r| r.first().and_then(kernel::Cell::id)).ok_or_else(|| Fault::new(FaultKind::Internal))?;
    let row = vec![id.into(), provider.into(), realm.into(), subject.into(), text("sid").into(), text("hint").into()];
    store::insert_many(tx, "sila_sso_session", &["session_id", "provider", "realm", "subject", "sid", "hint"], vec![row]).await
}
