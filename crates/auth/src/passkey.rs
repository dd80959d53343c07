//! Passkeys (WebAuthn level 2): a key in the phone, the computer or a stick that signs in without a password.
//! The device checks finger, face or PIN itself, so a passkey is both factors at once.

use crate::sign_in::{self as signing, SECOND};
use crate::{Origin, Secret, challenge, factor, throttle};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde_json::{Value as Json, json};
use uuid::Uuid;
use webauthn_rs::prelude::{CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder};

/// For whom keys are made: the public address of the company, or the one a page was opened with on one's own machine.
#[derive(Clone, Debug)]
pub struct Place {
    origin: Url,
    name: String,
}

impl Place {
    /// None where browsers make no passkeys: without TLS (except on localhost), and for bare IP addresses.
    pub fn of(company: &Company, host: &str) -> Option<Place> {
        let settings = company.settings();
        let local = host.split(':').next().is_some_and(|h| h == "localhost" || h.ends_with(".localhost"));
        let origin = if local { format!("http://{host}") } else { settings.url.clone() };
        let origin = Url::parse(&origin).ok().filter(|u| u.domain().is_some() && (local || u.scheme() == "https"))?;
        let name = settings.name.get(settings.lang().code()).to_owned();
        Some(Place { origin, name: if name.is_empty() { "Sila".into() } else { name } })
    }

    fn webauthn(&self) -> Outcome<Webauthn> {
        let domain = self.origin.domain().unwrap_or_default();
        let made = WebauthnBuilder::new(domain, &self.origin).and_then(|b| b.rp_name(&self.name).build());
        made.map_err(|e| Fault::internal(format!("passkeys for {}: {e}", self.origin)))
    }
}

/// Options for `navigator.credentials.create`, and the token to give back with the answer.
///
/// # Errors
/// Forbidden: not a person at the screen.
pub async fn begin(company: &Company, actor: &Actor, place: &Place) -> Outcome<(Json, Secret)> {
    factor::at_the_screen(actor)?;
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT lookup FROM sila_factor WHERE kind = 'passkey' AND user_id = ").bind(actor.id);
    let rows = conn.rows(&sql, &[ColumnType::Text]).await?;
    drop(conn);
    let known = rows.iter().filter_map(|r| URL_SAFE_NO_PAD.decode(r.first()?.text()?).ok()).map(CredentialID::from).collect();
    let name = actor.name.get(actor.lang());
    let (options, state) = place
        .webauthn()?
        .start_passkey_registration(actor.id, &actor.email, if name.is_empty() { &actor.email } else { name }, Some(known))
        .map_err(|e| Fault::internal(format!("passkey: {e}")))?;
    let mut options = serde_json::to_value(options).map_err(Fault::internal)?;
    // A key the device can find by itself signs in without an e-mail address being typed.
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection").and_then(Json::as_object_mut) {
        selection.insert("residentKey".into(), json!("preferred"));
    }
    let token = challenge::begin(company, "passkey", Some(actor.id), &serde_json::to_value(state).map_err(Fault::internal)?).await?;
    Ok((options, token))
}

/// Keeps the key that the browser made. Gives recovery codes where there are none yet.
///
/// # Errors
/// Invalid: the answer does not fit, or the step took too long.
pub async fn finish(company: &Company, actor: &Actor, place: &Place, token: &Secret, name: &str, answer: Json) -> Outcome<Vec<String>> {
    factor::at_the_screen(actor)?;
    let step = challenge::peek(company, "passkey", token).await?;
    if step.user != Some(actor.id) {
        return Err(challenge::spent());
    }
    let state: PasskeyRegistration = serde_json::from_value(step.data).map_err(Fault::internal)?;
    let answer: RegisterPublicKeyCredential = serde_json::from_value(answer).map_err(|_| refused())?;
    let key = place.webauthn()?.finish_passkey_registration(&answer, &state).map_err(|e| {
        tracing::info!(user = %actor.id, %e, "passkey refused");
        refused()
    })?;
    let lookup = URL_SAFE_NO_PAD.encode(key.cred_id());
    let data = serde_json::to_string(&key).map_err(Fault::internal)?;
    let codes = factor::fresh_codes();
    let mut tx = company.db().write().await?;
    challenge::end(&mut tx, token).await?;
    factor::store_factor(&mut tx, company.now(), actor.id, factor::Kind::Passkey, name, &data, Some(&lookup), 0).await?;
    let codes = if factor::keep_codes(company, &mut tx, actor.id, &codes, false).await? { codes } else { Vec::new() };
    tx.commit().await?;
    factor::note(company, actor, actor.id, "factor_added", factor::Kind::Passkey.key()).await?;
    tracing::info!(user = %actor.id, "passkey enrolled");
    Ok(codes)
}

/// Options for `navigator.credentials.get`: any key of this company that the device finds.
///
/// # Errors
/// Internal only.
pub async fn ask(company: &Company, place: &Place) -> Outcome<(Json, Secret)> {
    let (options, state) = place.webauthn()?.start_discoverable_authentication().map_err(|e| Fault::internal(format!("passkey: {e}")))?;
    let mut options = serde_json::to_value(options).map_err(Fault::internal)?;
    // Asked by a button, not by a box that offers what it finds.
    if let Some(map) = options.as_object_mut() {
        map.remove("mediation");
    }
    let token = challenge::begin(company, "passkey.in", None, &serde_json::to_value(state).map_err(Fault::internal)?).await?;
    Ok((options, token))
}

/// Signs in with the browser's answer.
///
/// # Errors
/// Invalid: a key nobody here has, a signature that does not fit, a person who is not active; or the step took too long.
pub async fn sign_in(company: &Company, place: &Place, token: &Secret, answer: Json, pending: Option<&Secret>, origin: &Origin) -> Outcome<(Secret, Actor)> {
    throttle::begin(company, &throttle::Attempt::new("passkey", "", &origin.ip)).await?;
    let step = challenge::peek(company, "passkey.in", token).await?;
    let state: DiscoverableAuthentication = serde_json::from_value(step.data).map_err(Fault::internal)?;
    let answer: PublicKeyCredential = serde_json::from_value(answer).map_err(|_| refused())?;
    let webauthn = place.webauthn()?;
    let (user, credential) = webauthn.identify_discoverable_authentication(&answer).map_err(|_| refused())?;
    let from = match pending {
        Some(pending) => {
            let first = challenge::peek(company, SECOND, pending).await?;
            if first.user != Some(user) {
                return Err(refused());
            }
            first.data
        }
        None => {
            crate::sso::own_ways_open(company)?;
            Json::Null
        }
    };
    let lookup = URL_SAFE_NO_PAD.encode(credential);
    let Some((id, mut key)) = stored(company, user, &lookup).await? else { return failed(company, user, origin).await };
    let result = match webauthn.finish_discoverable_authentication_v2(&answer, state, &key) {
        Ok(result) => result,
        Err(e) => {
            tracing::info!(%user, %e, "passkey refused");
            return failed(company, user, origin).await;
        }
    };
    let Some(actor) = company.load_actor(user).await? else { return failed(company, user, origin).await };
    let now = company.now();
    let mut tx = company.db().write().await?;
    challenge::end(&mut tx, token).await?;
    if let Some(pending) = pending {
        challenge::end(&mut tx, pending).await?;
    }
    key.update_credential(&result);
    let mut sql = tx.sql();
    sql.push("UPDATE sila_factor SET last_used = ").bind(now).push(", data = ").bind(serde_json::to_string(&key).map_err(Fault::internal)?);
    sql.push(" WHERE id = ").bind(id);
    if tx.exec(&sql).await? != 1 {
        return Err(refused());
    }
    throttle::succeeded(&mut tx, &throttle::Attempt::new("passkey", "", &origin.ip)).await?;
    let session = signing::begin(&mut tx, company, user, origin, &from).await?;
    tx.commit().await?;
    signing::note(company, &actor, user, "sign_in", factor::Kind::Passkey.key(), origin, &from).await?;
    tracing::info!(%user, "signed in with a passkey");
    Ok((session, actor))
}

/// A key that opens nothing: noted with the person it names, if there is one.
async fn failed<T>(company: &Company, user: Uuid, origin: &Origin) -> Outcome<T> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id FROM \"user\" WHERE id = ").bind(user);
    let known = conn.row(&sql, &[ColumnType::Id]).await?.is_some();
    drop(conn);
    let user = if known { user } else { Uuid::nil() };
    signing::note(company, &company.system(), user, "sign_in_failed", factor::Kind::Passkey.key(), origin, &Json::Null).await?;
    Err(refused())
}

async fn stored(company: &Company, user: Uuid, lookup: &str) -> Outcome<Option<(Uuid, Passkey)>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, data FROM sila_factor WHERE kind = 'passkey' AND user_id = ").bind(user).push(" AND lookup = ").bind(lookup);
    let Some(row) = conn.row(&sql, &[ColumnType::Id, ColumnType::Text]).await? else { return Ok(None) };
    let (Some(id), Some(data)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::text)) else { return Ok(None) };
    Ok(Some((id, serde_json::from_str(data).map_err(Fault::internal)?)))
}

fn refused() -> Fault {
    Fault::invalid("", "auth-passkey-refused")
}
