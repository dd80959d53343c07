//! Random secrets and their fingerprints.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;

/// Something only its owner may know. `Debug` shows nothing; [`Secret::reveal`] is the one way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }
    /// 256 random bits as 43 URL-safe characters behind `prefix`.
    pub fn random(prefix: &str) -> Self {
        let mut bytes = [0_u8; 32];
        rand::fill(&mut bytes);
        Secret(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }
    /// The text itself: for a cookie, a link in a letter, the one time a token is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// What is stored and looked up. A plain hash is enough for 256 random bits.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256, hexadecimal.
pub fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hide() {
        let (a, b) = (Secret::random("sila_"), Secret::random("sila_"));
        assert_ne!(a, b);
        assert_eq!(a.reveal().len(), "sila_".len() + 43);
        assert!(!format!("{a:?}").contains(a.reveal()));
        assert_eq!(a.hash().len(), 64);
        assert_ne!(a.hash(), b.hash());
    }
}
