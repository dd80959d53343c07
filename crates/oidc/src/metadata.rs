//! What a provider says of itself at `/.well-known/openid-configuration`.

use crate::{document, unreachable};
use kernel::{Fault, Outcome};
use serde::{Deserialize, Serialize};

/// The part of the provider's metadata that a sign-in needs (OpenID Connect Discovery 1.0, section 3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: Option<String>,
    pub jwks_uri: String,
    pub end_session_endpoint: Option<String>,
    /// Empty: `client_secret_basic`.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// It names itself in its answers (RFC 9207).
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Asks the provider.
    ///
    /// # Errors
    /// Invalid: `sso-bad-issuer`, `sso-unreachable`, `sso-other-issuer` (the document is somebody else's), or an address
    /// inside our own network that may not be called.
    pub async fn fetch(issuer: &str, inside: bool) -> Outcome<Metadata> {
        let plain = issuer.trim().trim_end_matches('/');
        usable(plain, inside).await?;
        let url = format!("{plain}/.well-known/openid-configuration");
        let found: Metadata = serde_json::from_value(document(&url, inside).await?).map_err(|e| unreachable(&url, e))?;
        // Whoever serves the document must be the one it speaks of; some issuers end in a slash.
        if found.issuer.trim_end_matches('/') != plain {
            return Err(Fault { detail: format!("the document names {}", found.issuer), ..Fault::invalid("issuer", "sso-other-issuer") });
        }
        let all = [Some(&found.authorization_endpoint), Some(&found.token_endpoint), Some(&found.jwks_uri), found.userinfo_endpoint.as_ref(), found.end_session_endpoint.as_ref()];
        for url in all.into_iter().flatten() {
            usable(url, inside).await?;
        }
        Ok(found)
    }
}

/// An address with TLS; without it only within our own network, where that may be called at all.
async fn usable(url: &str, inside: bool) -> Outcome<()> {
    let bad = || Fault { detail: format!("not an https address: {url}"), ..Fault::invalid("issuer", "sso-bad-issuer") };
    let parsed = outside::address::parse(url).map_err(|_| bad())?;
    if parsed.fragment().is_some() {
        return Err(bad());
    }
    if parsed.scheme() == "https" {
        return Ok(());
    }
    let found = if inside { outside::address::resolve(&parsed, true).await.map_err(|f| unreachable(url, f.detail))? } else { Vec::new() };
    if !found.is_empty() && found.iter().all(|a| !outside::address::public(a.ip())) { Ok(()) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_only_within_our_own_network() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            for (url, inside, fits) in [
                ("https://id.example/realms/x", false, true),
                ("http://127.0.0.1:8080", true, true),
                ("http://127.0.0.1:8080", false, false),
                ("http://10.1.2.3/", true, true),
                ("http://1.1.1.1/", true, false),
                ("https://id.example/#x", true, false),
                ("https://u:p@id.example/", true, false),
                ("ftp://id.example", true, false),
            ] {
                assert_eq!(usable(url, inside).await.is_ok(), fits, "{url} {inside}");
            }
        });
    }
}
