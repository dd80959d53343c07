//! What a good token must say before it is believed (OpenID Connect Core 1.0, section 3.1.3.7; Back-Channel Logout 1.0, 2.6).

use crate::refused;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Outcome;
use ring::digest;
use serde_json::{Map, Value as Json};

/// Seconds by which the provider's clock and ours may differ.
pub const SKEW: i64 = 60;
/// Seconds a token may be old when it reaches us: it comes straight from the provider.
const OLDEST: i64 = 600;
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a token says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims(pub Map<String, Json>);

impl Claims {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str).map(str::trim).filter(|t| !t.is_empty())
    }
    /// A claim; `a.b` looks inside where there is no claim of the whole name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        if let Some(found) = self.0.get(name) {
            return Some(found);
        }
        let mut parts = name.split('.');
        let first = self.0.get(parts.next()?)?;
        name.contains('.').then(|| parts.try_fold(first, |at, part| at.get(part))).flatten()
    }
    /// `true`, or `"true"` as some providers send it.
    pub fn yes(&self, name: &str) -> bool {
        self.get(name).is_some_and(|v| v.as_bool() == Some(true) || v.as_str() == Some("true"))
    }
    /// A list of texts, or one text; none where the claim is not there.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.get(name)? {
            Json::Array(all) => Some(all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()),
            Json::String(one) => Some(vec![one.clone()]),
            _ => None,
        }
    }
    /// Seconds since 1970; a fraction is cut off.
    fn time(&self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        value.as_i64().or_else(|| value.to_string().split('.').next().and_then(|t| t.parse().ok()))
    }
}

/// What we know of the token we wait for.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    /// The access token that came with it, where one did.
    pub access: Option<&'a str>,
    /// Seconds since 1970.
    pub now: i64,
}

/// From whom and for whom.
fn addressed(claims: &Claims, issuer: &str, client: &str) -> Outcome<()> {
    if claims.text("iss") != Some(issuer) {
        return Err(refused("sso-token", "iss is another"));
    }
    let audience = claims.list("aud").unwrap_or_default();
    if !audience.iter().any(|a| a == client) {
        return Err(refused("sso-token", "aud is another"));
    }
    match claims.text("azp") {
        Some(azp) if azp != client => Err(refused("sso-token", "azp is another")),
        None if audience.len() > 1 => Err(refused("sso-token", "several audiences and no azp")),
        _ => Ok(()),
    }
}

fn timely(claims: &Claims, now: i64, must_end: bool) -> Outcome<()> {
    match claims.time("exp") {
        Some(exp) if exp.saturating_add(SKEW) <= now => return Err(refused("sso-clock", "exp has passed")),
        None if must_end => return Err(refused("sso-token", "no exp")),
        _ => {}
    }
    if claims.time("nbf").is_some_and(|nbf| nbf.saturating_sub(SKEW) > now) {
        return Err(refused("sso-clock", "nbf lies ahead"));
    }
    match claims.time("iat") {
        None => Err(refused("sso-token", "no iat")),
        Some(iat) if iat.saturating_sub(SKEW) > now => Err(refused("sso-clock", "iat lies ahead")),
        Some(iat) if iat.saturating_add(OLDEST + SKEW) < now => Err(refused("sso-clock", "iat lies too far back")),
        Some(_) => Ok(()),
    }
}

/// Checks an ID token; gives its subject.
///
/// # Errors
/// Invalid: `sso-token` (not for us, not for this sign-in), `sso-clock` (too old, or from the future).
pub fn id_token(claims: &Claims, expected: &Expected<'_>) -> Outcome<String> {
    addressed(claims, expected.issuer, expected.client)?;
    timely(claims, expected.now, true)?;
    if claims.text("nonce") != Some(expected.nonce) || expected.nonce.is_empty() {
        return Err(refused("sso-token", "nonce is another"));
    }
    // RS256, ES256: the left half of SHA-256; EdDSA: of SHA-512.
    if let (Some(hash), Some(access)) = (claims.text("at_hash"), expected.access) {
        let half = |algorithm| {
            let whole = digest::digest(algorithm, access.as_bytes());
            URL_SAFE_NO_PAD.encode(whole.as_ref().get(..whole.as_ref().len() / 2).unwrap_or_default())
        };
        if half(&digest::SHA256) != hash && half(&digest::SHA512) != hash {
            return Err(refused("sso-token", "at_hash is another"));
        }
    }
    subject(claims).ok_or_else(|| refused("sso-token", "no sub"))
}

/// As it was sent: what differs by a blank is somebody else.
fn subject(claims: &Claims) -> Option<String> {
    claims.get("sub").and_then(Json::as_str).filter(|s| (1..=255).contains(&s.len()) && !s.trim().is_empty()).map(str::to_owned)
}

/// Whom the provider signed out: `subject` or `session`, of which at least one is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedOut {
    pub subject: Option<String>,
    pub session: Option<String>,
    /// Of this token: it counts once.
    pub id: String,
}

/// Seconds after which a logout token counts no more, whatever it says of its end.
pub const LOGOUT_LIFE: i64 = OLDEST + 2 * SKEW;

/// Checks a logout token.
///
/// # Errors
/// Invalid: as [`id_token`].
pub fn logout_token(claims: &Claims, issuer: &str, client: &str, now: i64) -> Outcome<LoggedOut> {
    addressed(claims, issuer, client)?;
    timely(claims, now, false)?;
    if claims.get("nonce").is_some() || !claims.0.get("events").is_some_and(|e| e.get(LOGOUT).is_some_and(Json::is_object)) {
        return Err(refused("sso-token", "no logout token"));
    }
    let id = claims.text("jti").ok_or_else(|| refused("sso-token", "no jti"))?.to_owned();
    match (subject(claims), claims.text("sid").map(str::to_owned)) {
        (None, None) => Err(refused("sso-token", "neither sub nor sid")),
        (subject, session) => Ok(LoggedOut { subject, session, id }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(json: Json) -> Claims {
        Claims(json.as_object().unwrap().clone())
    }

    #[test]
    fn claims_within_claims() {
        let c = claims(json!({"realm_access": {"roles": ["مبيعات"]}, "https://a.example/groups": "x", "email_verified": "true"}));
        assert_eq!(c.list("realm_access.roles").unwrap(), ["مبيعات"]);
        assert_eq!(c.list("https://a.example/groups").unwrap(), ["x"]);
        assert!(c.yes("email_verified") && !c.yes("phone_verified"));
        assert_eq!((c.get("a.b"), c.get("realm_access.roles.x")), (None, None));
    }

    #[test]
    fn who_for_whom_and_when() {
        let good = json!({"iss": "https://id.example", "aud": "crm", "sub": "u1", "nonce": "n", "iat": 1000, "exp": 1300});
        let expected = Expected { issuer: "https://id.example", client: "crm", nonce: "n", access: Some("at"), now: 1010 };
        assert_eq!(id_token(&claims(good.clone()), &expected).unwrap(), "u1");
        for (name, value, key) in [
            ("iss", json!("https://evil.example"), "sso-token"),
            ("aud", json!(["other"]), "sso-token"),
            ("aud", json!(["crm", "other"]), "sso-token"),
            ("azp", json!("other"), "sso-token"),
            ("nonce", json!("m"), "sso-token"),
            ("nonce", Json::Null, "sso-token"),
            ("sub", json!(" "), "sso-token"),
            ("sub", json!("x".repeat(256)), "sso-token"),
            ("exp", Json::Null, "sso-token"),
            ("iat", Json::Null, "sso-token"),
            ("exp", json!(950), "sso-clock"),
            ("iat", json!(i64::MAX), "sso-clock"),
            ("iat", json!(i64::MIN), "sso-clock"),
            ("iat", json!(1071), "sso-clock"),
            ("iat", json!(349), "sso-clock"),
            ("nbf", json!(1071), "sso-clock"),
            ("at_hash", json!("AAAA"), "sso-token"),
        ] {
            let mut bad = good.clone();
            bad[name] = value.clone();
            let fault = id_token(&claims(bad), &expected).unwrap_err();
            assert_eq!(fault.issues[0].key, key, "{name} {value}");
        }
        assert_eq!(id_token(&claims({ let mut c = good.clone(); c["exp"] = json!(i64::MAX); c["sub"] = json!("u1 "); c }), &expected).unwrap(), "u1 ");
        let mut several = good.clone();
        several["aud"] = json!(["crm", "other"]);
        several["azp"] = json!("crm");
        // SHA-256 of "at", left half.
        several["at_hash"] = json!(URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, b"at").as_ref()[..16]));
        assert!(id_token(&claims(several), &expected).is_ok());
        assert!(id_token(&claims(good.clone()), &Expected { now: 1359, ..expected.clone() }).is_ok(), "a little skew");
        assert!(id_token(&claims(good), &Expected { nonce: "", ..expected }).is_err());
    }

    #[test]
    fn an_id_token_is_no_logout_token() {
        let good = json!({"iss": "i", "aud": "c", "sub": "u", "sid": "s", "iat": 1000, "jti": "j", "events": {LOGOUT: {}}});
        let found = logout_token(&claims(good.clone()), "i", "c", 1000).unwrap();
        assert_eq!(found, LoggedOut { subject: Some("u".into()), session: Some("s".into()), id: "j".into() });
        assert!(logout_token(&claims(good.clone()), "i", "c", 1000 + LOGOUT_LIFE).is_err());
        for (name, value) in [("nonce", json!("n")), ("events", json!({})), ("events", json!({LOGOUT: true})), ("iss", json!("x")), ("aud", json!("x")), ("jti", Json::Null)] {
            let mut bad = good.clone();
            bad[name] = value;
            assert!(logout_token(&claims(bad), "i", "c", 1000).is_err(), "{name}");
        }
    }
}
