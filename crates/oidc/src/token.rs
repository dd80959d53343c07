//! Signed tokens in their compact form (RFC 7515): three parts, of which the last signs the first two.

use crate::{Claims, Keys};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;

/// Why a token does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// It names a key that is not among these, or none, and these did not sign it: they may have changed.
    UnknownKey,
    /// Words for the log.
    Refused(&'static str),
}

/// The claims of a token whose signature is good.
///
/// # Errors
/// [`Bad`]
pub fn verify(token: &str, keys: &Keys) -> Result<Claims, Bad> {
    const SHAPE: Bad = Bad::Refused("not a signed token");
    if token.len() > 64 << 10 {
        return Err(Bad::Refused("the token is too long"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(SHAPE)?;
    let (head, body) = signed.split_once('.').ok_or(SHAPE)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| SHAPE);
    let object = |part: &str| match serde_json::from_slice::<Json>(&decode(part)?) {
        Ok(Json::Object(map)) => Ok(map),
        _ => Err(SHAPE),
    };
    let head = object(head)?;
    let text = |name: &str| head.get(name).and_then(Json::as_str);
    let method = match text("alg").unwrap_or_default() {
        "Ed25519" => "EdDSA",
        other => other,
    };
    if !matches!(method, "RS256" | "ES256" | "EdDSA") {
        return Err(Bad::Refused("signed by a method that is not taken"));
    }
    // Extensions that must be understood: we understand none.
    if head.contains_key("crit") || head.contains_key("b64") {
        return Err(Bad::Refused("demands extensions"));
    }
    if !keys.signed(text("kid"), method, signed.as_bytes(), &decode(signature)?) {
        let known = text("kid").is_some_and(|id| keys.has(id));
        return Err(if known { Bad::Refused("the signature is wrong") } else { Bad::UnknownKey });
    }
    Ok(Claims(object(body)?))
}
