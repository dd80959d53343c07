//! How a mailbox proves that it is ours: a password, or an OAuth2 token that is renewed.

use crate::server::{Result, Trouble, TroubleKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use outside::{Call, Method};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// A login as it is shown to a server. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    Password { user: String, password: String },
    /// A bearer token that is valid now.
    Token { user: String, token: String },
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Login({:?}, …)", self.user())
    }
}

impl Login {
    pub fn user(&self) -> &str {
        match self {
            Login::Password { user, .. } | Login::Token { user, .. } => user,
        }
    }

    /// The one line of SASL `XOAUTH2` (Google, Microsoft).
    pub fn xoauth2(user: &str, token: &str) -> String {
        STANDARD.encode(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"))
    }

    /// The one line of SASL `PLAIN` (RFC 4616).
    pub fn plain(user: &str, password: &str) -> String {
        STANDARD.encode(format!("\0{user}\0{password}"))
    }
}

/// What is needed to get tokens without the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Renewal {
    pub endpoint: String,
    pub client_id: String,
    pub client_secret: String,
    pub refresh_token: String,
}

/// A fresh token, and the refresh token that replaces the old one where the provider gives a new one.
#[derive(Clone, PartialEq, Eq)]
pub struct Renewed {
    pub token: String,
    /// Seconds from now.
    pub lasts: i64,
    pub refresh_token: Option<String>,
}

impl Renewal {
    /// RFC 6749 §6.
    ///
    /// # Errors
    /// Connect, inside; login: the provider does not take the refresh token any more.
    pub async fn renew(&self, inside: bool) -> Result<Renewed> {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("refresh_token", &self.refresh_token),
        ];
        tokens(&self.endpoint, &pairs, inside).await
    }
}

/// Asks a person at his provider to let us into his mailbox (RFC 6749 §4.1, PKCE of RFC 7636).
#[derive(Clone, PartialEq, Eq)]
pub struct Consent {
    pub authorize: String,
    pub token: String,
    pub client_id: String,
    pub client_secret: String,
    /// With spaces between.
    pub scopes: String,
    /// Our address to which the provider sends him back, as registered there.
    pub redirect: String,
    /// 43 to 128 characters; known to us alone until the code is exchanged.
    pub verifier: String,
}

impl Consent {
    /// Where the person goes. `user`: the address whose mailbox it is.
    pub fn address(&self, state: &str, user: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()));
        let pairs = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect),
            ("scope", &self.scopes),
            ("state", state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("login_hint", user),
            // Google gives a token that can be renewed only where it is asked so; others do not mind.
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let and = if self.authorize.contains('?') { '&' } else { '?' };
        format!("{}{and}{}", self.authorize, form(&pairs))
    }

    /// The code that he was sent back with, for tokens.
    ///
    /// # Errors
    /// As [`Renewal::renew`].
    pub async fn exchange(&self, code: &str, inside: bool) -> Result<Renewed> {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("code_verifier", &self.verifier),
        ];
        tokens(&self.token, &pairs, inside).await
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

async fn tokens(endpoint: &str, pairs: &[(&str, &str)], inside: bool) -> Result<Renewed> {
    let call = Call::new(Method::POST, endpoint).map_err(|_| Trouble::new(TroubleKind::Connect, "the address of the token service is none"))?;
    let call = Call { timeout: Duration::from_secs(20), ..call.header("content-type", "application/x-www-form-urlencoded").body(form(pairs)) };
    let reply = outside::call(call, inside).await.map_err(|f| {
        let kind = if f.kind == kernel::FaultKind::Invalid { TroubleKind::Inside } else { TroubleKind::Connect };
        Trouble::new(kind, f.detail)
    })?;
    let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let text = |key: &str| answer.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
    match text("access_token").filter(|_| reply.ok()) {
        Some(token) => {
            let lasts = answer.get("expires_in").and_then(serde_json::Value::as_i64).unwrap_or(300);
            Ok(Renewed { token, lasts, refresh_token: text("refresh_token") })
        }
        None if reply.status >= 500 => Err(Trouble::new(TroubleKind::Lost, format!("token service: status {}", reply.status))),
        None => Err(Trouble::new(TroubleKind::Login, text("error_description").or_else(|| text("error")).unwrap_or_default())),
    }
}

/// `application/x-www-form-urlencoded`, byte by byte.
fn encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for b in value.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { out.push(char::from(b)) } else { out.push_str(&format!("%{b:02X}")) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn secrets_are_not_shown() {
        let login = Login::Password { user: "info@nakheel.example".into(), password: "سر".into() };
        assert!(!format!("{login:?}").contains("سر"));
        assert_eq!(Login::xoauth2("a@b.example", "t"), STANDARD.encode("user=a@b.example\u{1}auth=Bearer t\u{1}\u{1}"));
    }

    #[test]
    fn a_person_is_asked_with_pkce() {
        // The pair of RFC 7636, appendix B.
        let consent = Consent {
            authorize: "https://id.example/auth".into(),
            token: "https://id.example/token".into(),
            client_id: "sila".into(),
            client_secret: String::new(),
            scopes: "mail offline_access".into(),
            redirect: "https://crm.example/mail/consent".into(),
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
        };
        let address = consent.address("s&1", "huda@wahah.example");
        assert!(address.starts_with("https://id.example/auth?response_type=code&client_id=sila&redirect_uri=https%3A%2F%2Fcrm.example%2Fmail%2Fconsent&scope=mail%20offline_access&state=s%261&"), "{address}");
        assert!(address.contains("&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&login_hint=huda%40wahah.example"), "{address}");
        assert!(!address.contains(&consent.verifier));
        let with_query = Consent { authorize: "https://id.example/auth?tenant=1".into(), ..consent };
        assert!(with_query.address("s", "").starts_with("https://id.example/auth?tenant=1&response_type=code"));
    }

    #[tokio::test]
    async fn tokens_are_renewed_and_refusals_are_told_apart() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            for (status, body) in [("200 OK", r#"{"access_token":"T1","expires_in":3600,"refresh_token":"R2"}"#), ("400 Bad", r#"{"error":"invalid_grant"}"#)] {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut got = vec![0; 4096];
                let n = socket.read(&mut got).await.unwrap();
                heard.send(String::from_utf8_lossy(&got[..n]).into_owned()).unwrap();
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                socket.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let renewal =
            Renewal { endpoint: format!("http://{at}/token"), client_id: "id".into(), client_secret: "s&s".into(), refresh_token: "R1".into() };
        let fresh = renewal.renew(true).await.unwrap();
        assert_eq!((fresh.token.as_str(), fresh.lasts, fresh.refresh_token.as_deref()), ("T1", 3600, Some("R2")));
        assert!(hears.recv().await.unwrap().ends_with("grant_type=refresh_token&client_id=id&client_secret=s%26s&refresh_token=R1"));
        assert_eq!(renewal.renew(true).await.err().unwrap().kind, TroubleKind::Login);
        assert_eq!(renewal.renew(false).await.err().unwrap().kind, TroubleKind::Inside);
    }
}
