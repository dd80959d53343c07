//! The provider's public keys (RFC 7517), and signatures under them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Outcome;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value as Json;

/// The keys that sign, of those a provider publishes.
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    point: Point,
}

#[derive(Clone, Debug)]
enum Point {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// Uncompressed: 4, x, y.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Point {
    /// The one method such a key signs with.
    fn method(&self) -> &'static str {
        match self {
            Point::Rsa { .. } => "RS256",
            Point::P256(_) => "ES256",
            Point::Ed25519(_) => "EdDSA",
        }
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Point::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok(),
            Point::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok(),
            Point::Ed25519(point) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature).is_ok(),
        }
    }
}

impl Keys {
    /// Asks the provider.
    ///
    /// # Errors
    /// Invalid: `sso-unreachable`.
    pub async fn fetch(jwks_uri: &str, inside: bool) -> Outcome<Json> {
        crate::document(jwks_uri, inside).await
    }

    /// The keys of a document that we can use; others are passed over, as the standard wants it.
    pub fn of(document: &Json) -> Keys {
        let list = document.get("keys").and_then(Json::as_array);
        Keys(list.into_iter().flatten().take(100).filter_map(key).collect())
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|k| k.id.as_deref() == Some(id))
    }

    /// By the key of this id, or by any where the token names none.
    pub(crate) fn signed(&self, id: Option<&str>, method: &str, message: &[u8], signature: &[u8]) -> bool {
        let fits = |k: &Key| id.is_none_or(|id| k.id.as_deref() == Some(id)) && k.point.method() == method;
        self.0.iter().any(|k| fits(k) && k.point.signed(message, signature))
    }
}

fn key(json: &Json) -> Option<Key> {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let bytes = |name: &str| text(name).and_then(|t| URL_SAFE_NO_PAD.decode(t.trim_end_matches('=')).ok());
    if text("use").is_some_and(|u| u != "sig") {
        return None;
    }
    let point = match (text("kty")?, text("crv")) {
        ("RSA", _) => {
            let strip = |mut b: Vec<u8>| {
                let zeros = b.iter().take_while(|x| **x == 0).count();
                b.drain(..zeros);
                b
            };
            Point::Rsa { n: strip(bytes("n")?), e: strip(bytes("e")?) }
        }
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != 32 || y.len() != 32 {
                return None;
            }
            Point::P256([vec![4], x, y].concat())
        }
        ("OKP", Some("Ed25519")) => Point::Ed25519(bytes("x").filter(|x| x.len() == 32)?),
        _ => return None,
    };
    if text("alg").is_some_and(|alg| alg != point.method() && !(alg == "Ed25519" && point.method() == "EdDSA")) {
        return None;
    }
    Some(Key { id: text("kid").map(str::to_owned), point })
}
