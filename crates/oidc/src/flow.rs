//! The authorization code flow: out with the browser, back with a code, the code for tokens.

use crate::{Claims, Metadata, call, refused, unreachable};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kernel::{Fault, Outcome};
use outside::{Call, Method};
use ring::digest;
use serde_json::Value as Json;

/// How we are known there.
#[derive(Clone)]
pub struct Client {
    pub id: String,
    /// Empty: a public client, which PKCE alone protects.
    pub secret: String,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.id)
    }
}

/// One sign-in under way. All of it is made up anew each time.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Where the browser comes back to; registered with the provider.
    pub redirect: &'a str,
    pub scopes: &'a str,
    pub state: &'a str,
    pub nonce: &'a str,
    /// 43 to 128 characters (RFC 7636).
    pub verifier: &'a str,
    /// The language of its pages.
    pub lang: &'a str,
}

/// What the code was worth. No `Debug`: these are secrets.
pub struct Tokens {
    pub id: String,
    pub access: Option<String>,
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn with_query(endpoint: &str, pairs: &[(&str, &str)]) -> String {
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{}", encoded(pairs))
}

/// The address at which the provider asks the person.
pub fn authorize(provider: &Metadata, client: &Client, asked: &Asked<'_>) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, asked.verifier.as_bytes()));
    with_query(
        &provider.authorization_endpoint,
        &[
            ("response_type", "code"),
            ("client_id", &client.id),
            ("redirect_uri", asked.redirect),
            ("scope", asked.scopes),
            ("state", asked.state),
            ("nonce", asked.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("ui_locales", asked.lang),
        ],
    )
}

/// Gives the code back for tokens.
///
/// # Errors
/// Invalid: `sso-unreachable`; `sso-client` (it does not know us, or the secret is wrong); `sso-code` (the code is not taken);
/// `sso-token` (no ID token).
pub async fn exchange(provider: &Metadata, client: &Client, code: &str, asked_redirect: &str, verifier: &str, inside: bool) -> Outcome<Tokens> {
    let methods = &provider.token_endpoint_auth_methods_supported;
    let in_body = !methods.is_empty() && !methods.iter().any(|m| m == "client_secret_basic") && methods.iter().any(|m| m == "client_secret_post");
    let mut pairs = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", asked_redirect), ("code_verifier", verifier)];
    let mut request = Call::new(Method::POST, &provider.token_endpoint)?
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    if client.secret.is_empty() {
        pairs.push(("client_id", &client.id));
    } else if in_body {
        pairs.extend([("client_id", client.id.as_str()), ("client_secret", client.secret.as_str())]);
    } else {
        // RFC 6749, section 2.3.1: both are form-encoded before they become a pair.
        let one = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        request = request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{}:{}", one(&client.id), one(&client.secret)))));
    }
    let reply = call(request.body(encoded(&pairs)), inside).await?;
    let body: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Json::as_str).map(str::to_owned);
    if !reply.ok() {
        let error = text("error").unwrap_or_default();
        let why = format!("token endpoint: {} {error} {}", reply.status, text("error_description").unwrap_or_default());
        return Err(match error.as_str() {
            "invalid_client" | "unauthorized_client" => refused("sso-client", why),
            _ if reply.status >= 500 => unreachable(&provider.token_endpoint, why),
            _ => refused("sso-code", why),
        });
    }
    let id = text("id_token").ok_or_else(|| refused("sso-token", "the answer holds no ID token"))?;
    Ok(Tokens { id, access: text("access_token") })
}

/// What the provider tells of the person besides the ID token; `subject` is the one of that token.
///
/// # Errors
/// Invalid: `sso-unreachable`; `sso-token`: it speaks of somebody else.
pub async fn user_info(url: &str, access: &str, subject: &str, inside: bool) -> Outcome<Claims> {
    let request = Call::new(Method::GET, url)?.header("authorization", format!("Bearer {access}")).header("accept", "application/json");
    let reply = call(request, inside).await?;
    if !reply.ok() {
        return Err(unreachable(url, format!("user info: status {}", reply.status)));
    }
    let Ok(Json::Object(map)) = serde_json::from_slice(&reply.body) else {
        return Err(unreachable(url, "user info is no object"));
    };
    let claims = Claims(map);
    if claims.text("sub") == Some(subject) { Ok(claims) } else { Err(refused("sso-token", "user info speaks of another subject")) }
}

/// The address at which the person signs out there too; none where the provider has no such page.
pub fn end_session(provider: &Metadata, client: &Client, hint: Option<&str>, back: &str) -> Option<String> {
    let endpoint = provider.end_session_endpoint.as_deref()?;
    let mut pairs = vec![("client_id", client.id.as_str()), ("post_logout_redirect_uri", back)];
    pairs.extend(hint.map(|h| ("id_token_hint", h)));
    Some(with_query(endpoint, &pairs))
}

impl From<crate::Bad> for Fault {
    fn from(bad: crate::Bad) -> Fault {
        match bad {
            crate::Bad::UnknownKey => refused("sso-token", "signed with a key the provider does not publish"),
            crate::Bad::Refused(why) => refused("sso-token", why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_carries_a_challenge_and_never_the_verifier() {
        // The pair of RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let provider = Metadata { authorization_endpoint: "https://id.example/auth?tenant=1".into(), ..Metadata::default() };
        let client = Client { id: "crm & co".into(), secret: "s".into() };
        let asked = Asked { redirect: "https://crm.example/back", scopes: "openid email", state: "st", nonce: "no", verifier, lang: "ar" };
        let url = authorize(&provider, &client, &asked);
        assert!(url.starts_with("https://id.example/auth?tenant=1&response_type=code&client_id=crm+%26+co&"), "{url}");
        assert!(url.contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"), "{url}");
        assert!(!url.contains(verifier) && url.contains("state=st&nonce=no"), "{url}");
        assert_eq!(format!("{client:?}"), "Client(crm & co)");
        assert_eq!(end_session(&provider, &client, None, "x"), None);
    }
}
