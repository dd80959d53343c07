//! What stands on the wire: a message encrypted for one browser (RFC 8291 over RFC 8188, `aes128gcm`), and the signature
//! by which a push service knows who sends it (RFC 8292, VAPID).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use kernel::{Fault, Outcome};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hmac::{HMAC_SHA256, Key, sign};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

/// One record holds the whole message: push services take at most 4,096 bytes.
const RECORD: u32 = 4_096;
/// The most bytes of a message: a record less header, padding mark and tag.
pub const MOST: usize = 4_096 - 86 - 17;

/// The keys a browser gave us: its public key (65 bytes) and a shared secret (16 bytes).
#[derive(Clone)]
pub struct Receiver {
    pub public: Vec<u8>,
    pub auth: Vec<u8>,
}

impl Receiver {
    /// # Errors
    /// Invalid (`keys`): not base64url, or of another length.
    pub fn parse(p256dh: &str, auth: &str) -> Outcome<Receiver> {
        let bad = || Fault::invalid("keys", "push-bad-subscription");
        let decode = |t: &str| B64.decode(t.trim_end_matches('=')).map_err(|_| bad());
        let (public, auth) = (decode(p256dh)?, decode(auth)?);
        if public.len() == 65 && public.first() == Some(&4) && auth.len() == 16 { Ok(Receiver { public, auth }) } else { Err(bad()) }
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), &parts.concat()).as_ref().to_vec()
}

/// Encrypts a message for a browser, with a key that is used this once.
///
/// # Errors
/// Internal: the message is longer than [`MOST`], or the browser's key is no point of the curve.
pub fn encrypt(to: &Receiver, message: &[u8]) -> Outcome<Vec<u8>> {
    let random = SystemRandom::new();
    let failed = |_| Fault::internal("web push: key agreement failed");
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random).map_err(failed)?;
    let public = own.compute_public_key().map_err(failed)?;
    let shared = agree_ephemeral(own, &UnparsedPublicKey::new(&ECDH_P256, &to.public), <[u8]>::to_vec).map_err(failed)?;
    let mut salt = [0_u8; 16];
    rand::fill(&mut salt);
    seal(&shared, public.as_ref(), to, &salt, message)
}

/// The content key and the nonce that both sides find from the shared secret.
fn keys(shared: &[u8], sender: &[u8], to: &Receiver, salt: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let first = hmac(&to.auth, &[shared]);
    let input = hmac(&first, &[b"WebPush: info\0", &to.public, sender, &[1]]);
    let key = hmac(salt, &[&input]);
    let mut content = hmac(&key, &[b"Content-Encoding: aes128gcm\0", &[1]]);
    content.truncate(16);
    let mut nonce = hmac(&key, &[b"Content-Encoding: nonce\0", &[1]]);
    nonce.truncate(12);
    (content, nonce)
}

fn seal(shared: &[u8], sender: &[u8], to: &Receiver, salt: &[u8; 16], message: &[u8]) -> Outcome<Vec<u8>> {
    if message.len() > MOST {
        return Err(Fault::internal("web push: the message is too long"));
    }
    let failed = |_| Fault::internal("web push: encryption failed");
    let (key, nonce) = keys(shared, sender, to, salt);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).map_err(failed)?);
    let mut body = message.to_vec();
    // The last record ends in 2.
    body.push(2);
    key.seal_in_place_append_tag(Nonce::try_assume_unique_for_key(&nonce).map_err(failed)?, Aad::empty(), &mut body).map_err(failed)?;
    let mut out = salt.to_vec();
    out.extend(RECORD.to_be_bytes());
    out.push(u8::try_from(sender.len()).unwrap_or(65));
    out.extend(sender);
    out.extend(body);
    Ok(out)
}

/// Opens a message as its receiver does, given the secret both share (tests).
///
/// # Errors
/// Internal: it was made for somebody else or changed on the way.
pub fn open(body: &[u8], to: &Receiver, shared: impl FnOnce(&[u8]) -> Vec<u8>) -> Outcome<Vec<u8>> {
    let failed = || Fault::internal("web push: the message does not open");
    let salt = body.get(..16).ok_or_else(failed)?;
    let length = usize::from(*body.get(20).ok_or_else(failed)?);
    let sender = body.get(21..21 + length).ok_or_else(failed)?;
    let mut rest = body.get(21 + length..).ok_or_else(failed)?.to_vec();
    let (key, nonce) = keys(&shared(sender), sender, to, salt);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).map_err(|_| failed())?);
    let nonce = Nonce::try_assume_unique_for_key(&nonce).map_err(|_| failed())?;
    let plain = key.open_in_place(nonce, Aad::empty(), &mut rest).map_err(|_| failed())?;
    plain.strip_suffix(&[2]).map(<[u8]>::to_vec).ok_or_else(failed)
}

/// The company's signing key.
pub struct Signer {
    pair: EcdsaKeyPair,
}

impl Signer {
    /// A new key, to be kept as PKCS#8.
    ///
    /// # Errors
    /// Internal only.
    pub fn generate() -> Outcome<Vec<u8>> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        made.map(|d| d.as_ref().to_vec()).map_err(|_| Fault::internal("web push: no key could be made"))
    }
    /// # Errors
    /// Internal: no key of ours.
    pub fn load(pkcs8: &[u8]) -> Outcome<Signer> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new());
        pair.map(|pair| Signer { pair }).map_err(|_| Fault::internal("web push: the stored key is none"))
    }
    /// As browsers want it when they subscribe: base64url of the uncompressed point.
    pub fn public(&self) -> String {
        B64.encode(self.pair.public_key().as_ref())
    }

    /// The `Authorization` of a request to the push service at `origin`, good until `until` (seconds since 1970, at most a day ahead).
    ///
    /// # Errors
    /// Internal only.
    pub fn authorization(&self, origin: &str, until: i64, contact: &str) -> Outcome<String> {
        let head = B64.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let claims = B64.encode(serde_json::json!({"aud": origin, "exp": until, "sub": contact}).to_string());
        let text = format!("{head}.{claims}");
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).map_err(|_| Fault::internal("web push: signing failed"))?;
        Ok(format!("vapid t={text}.{}, k={}", B64.encode(signature.as_ref()), self.public()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_standard() {
        let to = Receiver::parse("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg").unwrap();
        let sender = B64.decode("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8").unwrap();
        let shared = B64.decode("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs").unwrap();
        let salt: [u8; 16] = B64.decode("DGv6ra1nlYgDCS1FRnbzlw").unwrap().try_into().unwrap();
        let body = seal(&shared, &sender, &to, &salt, b"When I grow up, I want to be a watermelon").unwrap();
        let wanted = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(B64.encode(&body), wanted);
        assert_eq!(open(&body, &to, |_| shared).unwrap(), b"When I grow up, I want to be a watermelon");
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        assert!(Receiver::parse("BAAA", "BTBZMqHH6r4Tts7J_aSIgg").is_err());
        assert!(Receiver::parse("!", "!").is_err());
        let no_point = Receiver { public: [&[4][..], &[7; 64]].concat(), auth: vec![0; 16] };
        assert!(encrypt(&no_point, b"x").is_err());
        let signer = Signer::load(&Signer::generate().unwrap()).unwrap();
        let header = signer.authorization("https://push.example", 1, "mailto:a@b.example").unwrap();
        let token = header.strip_prefix("vapid t=").unwrap().split(", k=").next().unwrap();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, B64.decode(signer.public()).unwrap());
        key.verify(text.as_bytes(), &B64.decode(signature).unwrap()).unwrap();
    }
}
