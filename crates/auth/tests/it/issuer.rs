//! A small OpenID Connect provider that says whatever a test wants, signed with real keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const CLIENT: &str = "sila & شركاه";
pub const SECRET: &str = "سر: الموزّع/1";

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key that signs.
pub enum Signer {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    /// OpenSSL makes the key: `ring` makes none.
    pub fn rsa() -> Signer {
        let out = std::process::Command::new("openssl")
            .args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-outform", "DER"])
            .output()
            .expect("openssl is there");
        let key = RsaKeyPair::from_pkcs8(&out.stdout).or_else(|_| RsaKeyPair::from_der(&out.stdout));
        Signer::Rsa(Box::new(key.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)))))
    }
    pub fn p256() -> Signer {
        let rng = SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        Signer::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &rng).unwrap())
    }
    pub fn ed25519() -> Signer {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Signer::Ed25519(Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap())
    }
    pub fn method(&self) -> &'static str {
        match self {
            Signer::Rsa(_) => "RS256",
            Signer::P256(_) => "ES256",
            Signer::Ed25519(_) => "EdDSA",
        }
    }
    pub fn public(&self, id: &str) -> Json {
        let mut key = match self {
            Signer::Rsa(k) => {
                let public: ring::rsa::PublicKeyComponents<Vec<u8>> = k.public().into();
                json!({"kty": "RSA", "n": encode(&public.n), "e": encode(&public.e)})
            }
            Signer::P256(k) => {
                let point = k.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..])})
            }
            Signer::Ed25519(k) => json!({"kty": "OKP", "crv": "Ed25519", "x": encode(k.public_key())}),
        };
        key["kid"] = json!(id);
        key["use"] = json!("sig");
        key
    }
    pub fn sign(&self, head: &Json, claims: &Json) -> String {
        let message = format!("{}.{}", encode(head.to_string()), encode(claims.to_string()));
        let rng = SystemRandom::new();
        let signature = match self {
            Signer::Rsa(k) => {
                let mut out = vec![0; k.public().modulus_len()];
                k.sign(&RSA_PKCS1_SHA256, &rng, message.as_bytes(), &mut out).unwrap();
                out
            }
            Signer::P256(k) => k.sign(&rng, message.as_bytes()).unwrap().as_ref().to_vec(),
            Signer::Ed25519(k) => k.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", encode(signature))
    }
    /// As an honest provider signs.
    pub fn token(&self, id: &str, claims: &Json) -> String {
        self.sign(&json!({"alg": self.method(), "kid": id, "typ": "JWT"}), claims)
    }
}

#[derive(Default)]
struct State {
    keys: Json,
    /// Code → ID token, user info, challenge of PKCE.
    codes: HashMap<String, (String, Json, String)>,
    /// Paths asked for.
    asked: Vec<String>,
    user: Json,
    more: Json,
}

#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Issuer {
    pub async fn start(keys: Vec<Json>) -> Issuer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { keys: json!({ "keys": keys }), ..State::default() }));
        let issuer = Issuer { url, state };
        let server = issuer.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.answer(socket).await });
            }
        });
        issuer
    }

    pub fn rotate(&self, keys: Vec<Json>) {
        self.state.lock().unwrap().keys = json!({ "keys": keys });
    }
    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.state.lock().unwrap().asked.iter().filter(|p| *p == path).count()
    }
    /// Further metadata.
    pub fn says(&self, more: Json) {
        self.state.lock().unwrap().more = more;
    }
    /// A code that is worth this token, in answer to a request with this challenge.
    pub fn code(&self, token: &str, user_info: Json, challenge: &str) -> String {
        let mut state = self.state.lock().unwrap();
        let code = format!("code-{}", state.codes.len());
        state.codes.insert(code.clone(), (token.into(), user_info, challenge.into()));
        code
    }

    async fn answer(&self, mut socket: TcpStream) {
        let mut seen = Vec::new();
        let (head, body) = loop {
            let mut piece = [0; 4096];
            let n = socket.read(&mut piece).await.unwrap_or(0);
            if n == 0 {
                return;
            }
            seen.extend_from_slice(&piece[..n]);
            let text = String::from_utf8_lossy(&seen).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
            if body.len() >= length.and_then(|l| l.trim().parse().ok()).unwrap_or(0) {
                break (head.to_owned(), body.to_owned());
            }
        };
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let (status, json) = self.reply(&path, &head, &body);
        let text = json.to_string();
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}", text.len());
        let _ = socket.write_all(answer.as_bytes()).await;
    }

    fn reply(&self, path: &str, head: &str, body: &str) -> (u16, Json) {
        let mut state = self.state.lock().unwrap();
        state.asked.push(path.to_owned());
        match path {
            "/.well-known/openid-configuration" => {
                let at = |p: &str| format!("{}{p}", self.url);
                let mut found = json!({
                    "issuer": self.url, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"), "jwks_uri": at("/jwks"),
                    "userinfo_endpoint": at("/me"), "end_session_endpoint": at("/end"),
                });
                for (k, v) in state.more.as_object().into_iter().flatten() {
                    found[k] = v.clone();
                }
                (200, found)
            }
            "/jwks" => (200, state.keys.clone()),
            "/token" => {
                let form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
                let one = |t: &str| form_urlencoded::byte_serialize(t.as_bytes()).collect::<String>();
                let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", one(CLIENT), one(SECRET)));
                if !head.lines().any(|l| l.eq_ignore_ascii_case(&format!("authorization: Basic {pair}")) || l.ends_with(&pair)) {
                    return (401, json!({"error": "invalid_client"}));
                }
                let Some((token, user, challenge)) = form.get("code").and_then(|c| state.codes.remove(c)) else {
                    return (400, json!({"error": "invalid_grant"}));
                };
                let verifier = form.get("code_verifier").cloned().unwrap_or_default();
                if encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes())) != challenge {
                    return (400, json!({"error": "invalid_grant", "error_description": "PKCE"}));
                }
                state.user = user;
                (200, json!({"access_token": "at-1", "token_type": "Bearer", "id_token": token}))
            }
            "/me" if head.contains("Bearer at-1") => (200, state.user.clone()),
            _ => (404, json!({})),
        }
    }
}
