//! Secrets the company must keep readable (passwords of mail servers, seeds of one-time codes): sealed with a key that
//! lies beside the database, not in it, so that a copy of the database alone gives nothing away.

use crate::Company;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kernel::{Fault, Outcome};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use std::path::Path;

/// The file in the company's folder: 32 random bytes, readable by its owner alone. Nodes of one company share the folder.
pub const FILE: &str = "secret.key";
/// Begins every sealed text, for a later change of method.
const MARK: &str = "s1.";

/// The company's key. Cheap to clone; `Debug` shows nothing.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Reads the key, or makes it where there is none yet.
    ///
    /// # Errors
    /// Unavailable: the folder cannot be read or written. Internal: the file is no key.
    pub fn load(dir: &Path) -> Outcome<Key> {
        let path = dir.join(FILE);
        let lost = |e: std::io::Error| Fault::unavailable(format!("{}: {e}", path.display()));
        if !path.exists() {
            std::fs::create_dir_all(dir).map_err(lost)?;
            let mut bytes = [0_u8; 32];
            rand::fill(&mut bytes);
            // Written whole or not at all; of two nodes that start together the first link wins.
            let fresh = dir.join(format!("{FILE}.{}", uuid::Uuid::new_v4().simple()));
            write_private(&fresh, &bytes).map_err(lost)?;
            let linked = std::fs::hard_link(&fresh, &path);
            std::fs::remove_file(&fresh).map_err(lost)?;
            if let Err(e) = linked
                && e.kind() != std::io::ErrorKind::AlreadyExists
            {
                return Err(lost(e));
            }
        }
        let bytes = std::fs::read(&path).map_err(lost)?;
        let key = bytes.try_into().map_err(|_| Fault::internal(format!("{} is not a key of 32 bytes", path.display())))?;
        Ok(Key(key))
    }

    /// Seals `text` for one use, named by `purpose` (`mail.password:ID`): it opens for the same purpose alone.
    ///
    /// # Errors
    /// Internal only.
    pub fn seal(&self, purpose: &str, text: &str) -> Outcome<String> {
        let mut nonce = [0_u8; NONCE_LEN];
        rand::fill(&mut nonce);
        let mut bytes = text.as_bytes().to_vec();
        let sealed = self.aead()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose.as_bytes()), &mut bytes);
        sealed.map_err(|_| Fault::internal("sealing failed"))?;
        let mut all = nonce.to_vec();
        all.extend(bytes);
        Ok(format!("{MARK}{}", STANDARD_NO_PAD.encode(all)))
    }

    /// # Errors
    /// Internal: sealed with another key (the database was moved without `secret.key`) or for another purpose, or changed.
    pub fn open(&self, purpose: &str, sealed: &str) -> Outcome<String> {
        let wrong = || Fault::internal(format!("a stored secret ({purpose}) does not open: was {FILE} replaced?"));
        let mut bytes = sealed.strip_prefix(MARK).and_then(|t| STANDARD_NO_PAD.decode(t).ok()).ok_or_else(wrong)?;
        if bytes.len() < NONCE_LEN {
            return Err(wrong());
        }
        let mut rest = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(|_| wrong())?;
        let plain = self.aead()?.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut rest).map_err(|_| wrong())?;
        String::from_utf8(plain.to_vec()).map_err(|_| wrong())
    }

    /// A fingerprint that only this company can make: for codes too short to be stored as a plain hash, and for links
    /// that must not be made up (hexadecimal HMAC-SHA256).
    pub fn mark(&self, purpose: &str, text: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        hex::encode(hmac::sign(&key, format!("{purpose}\n{text}").as_bytes()))
    }

    /// Whether `mark` is the mark of `text`, compared in constant time.
    pub fn is_mark(&self, purpose: &str, text: &str, mark: &str) -> bool {
        let Ok(mark) = hex::decode(mark) else { return false };
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        hmac::verify(&key, format!("{purpose}\n{text}").as_bytes(), &mark).is_ok()
    }

    fn aead(&self) -> Outcome<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0).map(LessSafeKey::new).map_err(|_| Fault::internal("a key of another length"))
    }
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

impl Company {
    /// The key that seals this company's secrets.
    ///
    /// # Errors
    /// As [`Key::load`].
    pub fn key(&self) -> Outcome<Key> {
        Key::load(self.dir())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_alone() {
        let folder = testdb::TempFolder::new();
        let key = Key::load(folder.path()).unwrap();
        let again = Key::load(folder.path()).unwrap();
        let sealed = key.seal("mail.password:1", "كلمة سر").unwrap();
        assert!(!sealed.contains("كلمة") && sealed != key.seal("mail.password:1", "كلمة سر").unwrap());
        assert_eq!(again.open("mail.password:1", &sealed).unwrap(), "كلمة سر");
        assert!(again.open("mail.password:2", &sealed).is_err());
        let other = Key::load(testdb::TempFolder::new().path()).unwrap();
        assert!(other.open("mail.password:1", &sealed).is_err());
        for broken in ["", "s1.", "s1.AAAA", "plain", &sealed[..sealed.len() - 4]] {
            assert!(key.open("mail.password:1", broken).is_err(), "{broken}");
        }
        assert!(key.is_mark("link", "a", &again.mark("link", "a")) && !key.is_mark("link", "b", &key.mark("link", "a")));
    }

    #[cfg(unix)]
    #[test]
    fn the_key_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = testdb::TempFolder::new();
        Key::load(folder.path()).unwrap();
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(folder.path().join(FILE), b"short").unwrap();
        assert!(Key::load(folder.path()).is_err());
    }
}
