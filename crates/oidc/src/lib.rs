//! OpenID Connect as the party that relies on a provider: what a sign-in through somebody else's account takes.
//!
//! - [`Metadata`]: what the provider says of itself (Discovery 1.0);
//! - [`authorize`], [`exchange`], [`user_info`]: the authorization code flow (Core 1.0) with PKCE (RFC 7636);
//! - [`Keys`], [`verify`]: signatures of tokens (RFC 7515, 7517); [`id_token`], [`logout_token`]: what they must say;
//! - [`end_session`]: signing out there too (RP-Initiated Logout 1.0).
//!
//! A token counts only when its signature is good under a key of the provider, and the kind of the key, not the token,
//! says by which method: RS256 for RSA, ES256 for P-256, EdDSA for Ed25519. There is no other method, so `none` and a
//! public key used as a shared secret have nowhere to go. Calls leave through `outside` alone.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod claims;
mod flow;
mod keys;
mod metadata;
mod token;

pub use claims::{Claims, Expected, LOGOUT_LIFE, LoggedOut, SKEW, id_token, logout_token};
pub use flow::{Asked, Client, Tokens, authorize, end_session, exchange, user_info};
pub use keys::Keys;
pub use metadata::Metadata;
pub use token::{Bad, verify};

use kernel::{Fault, FaultKind, Issue};

/// The provider gave no usable answer: `sso-unreachable`, with the host as `name`.
pub(crate) fn unreachable(url: &str, why: impl std::fmt::Display) -> Fault {
    let host = outside::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_else(|| url.to_owned());
    Fault { issues: vec![Issue::new("", "sso-unreachable").arg("name", host)], detail: why.to_string(), ..Fault::new(FaultKind::Invalid) }
}

/// A refusal for the person, with words for the log.
pub(crate) fn refused(key: &str, why: impl std::fmt::Display) -> Fault {
    Fault { detail: why.to_string(), ..Fault::invalid("", key) }
}

/// Calls the provider; whatever goes wrong on the way is `sso-unreachable`, but for an address that may not be called.
pub(crate) async fn call(call: outside::Call, inside: bool) -> kernel::Outcome<outside::Reply> {
    let url = call.url.to_string();
    let call = outside::Call { most: 256 << 10, ..call };
    outside::call(call, inside).await.map_err(|f| if f.kind == FaultKind::Unavailable { unreachable(&url, f.detail) } else { f })
}

/// A JSON document from the provider.
pub(crate) async fn document(url: &str, inside: bool) -> kernel::Outcome<serde_json::Value> {
    let reply = call(outside::Call::new(outside::Method::GET, url)?.header("accept", "application/json"), inside).await?;
    if !reply.ok() {
        return Err(unreachable(url, format!("status {}", reply.status)));
    }
    serde_json::from_slice(&reply.body).map_err(|e| unreachable(url, e))
}
