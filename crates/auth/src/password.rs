//! Passwords: argon2id, and what is asked of a new one.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kernel::{Fault, Issue, Name, Outcome};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// A company cannot ask for fewer characters than this.
pub const MIN: usize = 10;
/// The most: hashing megabytes would be a way to keep the server busy.
pub const MAX: usize = 200;

/// What is wrong with a new password; `field` of the issue is `password`. `shortest`: what the company asks for.
pub fn check(password: &str, email: &str, name: &Name, shortest: usize) -> Option<Issue> {
    let length = password.chars().count();
    let shortest = shortest.clamp(MIN, 64);
    if length < shortest {
        return Some(Issue::new("password", "auth-password-short").arg("min", shortest));
    }
    if length > MAX {
        return Some(Issue::new("password", "auth-password-long").arg("max", MAX));
    }
    let plain = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let typed = plain(password);
    let local = email.split('@').next().unwrap_or_default();
    let known = [email, local, &name.ar, &name.latin];
    if known.iter().map(|k| plain(k)).any(|k| !k.is_empty() && k == typed) {
        return Some(Issue::new("password", "auth-password-is-name"));
    }
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 4 || row_of_keys(&typed) || COMMON.iter().any(|c| typed.starts_with(c) && typed.chars().count() <= c.chars().count() + 4) {
        return Some(Issue::new("password", "auth-password-simple"));
    }
    None
}

/// What guessing tries first, without signs and in lower case; a few digits behind it do not help.
const COMMON: [&str; 13] = [
    "password", "passw0rd", "qwertyuiop", "iloveyou", "welcome", "administrator", "letmein", "riyadh", "jeddah", "allah",
    "بسماللهالرحمنالرحيم", "كلمةالمرور", "اللهاكبر",
];

/// `1234567890`, `abcdefghijk`: each character follows the one before it.
fn row_of_keys(typed: &str) -> bool {
    let chars: Vec<u32> = typed.chars().map(u32::from).collect();
    let steps = |by: i64| chars.windows(2).filter(|w| matches!(w, [a, b] if i64::from(*b) - i64::from(*a) == by)).count();
    chars.len() >= 6 && (steps(1).max(steps(-1)) + 2 >= chars.len())
}

/// As many at once as there are cores: each takes 19 MiB and a core for some time.
fn turns() -> Arc<Semaphore> {
    static TURNS: OnceLock<Arc<Semaphore>> = OnceLock::new();
    let cores = || std::thread::available_parallelism().map_or(2, usize::from);
    TURNS.get_or_init(|| Arc::new(Semaphore::new(cores()))).clone()
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    let turn = turns().acquire_owned().await.map_err(Fault::internal)?;
    tokio::task::spawn_blocking(move || {
        let result = work();
        drop(turn);
        result
    })
    .await
    .map_err(|_| Fault::internal("password hashing was interrupted"))?
}

/// The argon2id hash (PHC text with its own salt; 19 MiB, 2 passes, 1 lane).
///
/// # Errors
/// Internal only.
pub async fn hash(password: &str) -> Outcome<String> {
    let password = password.to_owned();
    off_thread(move || hash_now(&password)).await
}

fn hash_now(password: &str) -> Outcome<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    // The error says which step failed, never the input.
    hash.map(|h| h.to_string()).map_err(|e| Fault::internal(format!("password hash: {e}")))
}

/// Whether `password` belongs to `stored`. `None` costs the same time and is never true.
///
/// # Errors
/// Internal: the stored text is no hash.
pub async fn verify(password: &str, stored: Option<&str>) -> Outcome<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
    off_thread(move || {
        let known = stored.is_some();
        let stored = match stored {
            Some(s) => s,
            None => match NOBODY.get() {
                Some(s) => s.clone(),
                None => {
                    let made = hash_now("nobody has this password")?;
                    NOBODY.get_or_init(|| made).clone()
                }
            },
        };
        let parsed = PasswordHash::new(&stored).map_err(|e| Fault::internal(format!("stored password hash: {e}")))?;
        let right = password.chars().count() <= MAX && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(right && known)
    })
    .await
}

/// Makes the hash that unknown people are compared with, so that the first of them does not wait longer.
pub async fn warm() -> Outcome<()> {
    verify("", None).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy() {
        let name = Name::new("عبد الرحمن السالم", "Abdulrahman Alsalem");
        let key = |p: &str| check(p, "abdulrahman@example.com", &name, 10).map(|i| i.key);
        assert_eq!(key("قصيرة").as_deref(), Some("auth-password-short"));
        assert_eq!(key(&"ط".repeat(201)).as_deref(), Some("auth-password-long"));
        assert_eq!(key("Abdulrahman@Example.com").as_deref(), Some("auth-password-is-name"));
        assert_eq!(key("ABDULRAHMAN").as_deref(), Some("auth-password-is-name"));
        assert_eq!(key("عبدالرحمن السالم").as_deref(), Some("auth-password-is-name"));
        assert_eq!(key("ababababababab").as_deref(), Some("auth-password-simple"));
        assert_eq!(key("Password2026").as_deref(), Some("auth-password-simple"));
        assert_eq!(key("1234567890").as_deref(), Some("auth-password-simple"));
        assert_eq!(key("كلمة المرور 12").as_deref(), Some("auth-password-simple"));
        assert_eq!(key("نخلة خضراء عند الباب"), None);
        assert_eq!(check("نخلة خضراء عند الباب", "a@b", &name, 30).map(|i| i.key).as_deref(), Some("auth-password-short"));
    }

    #[tokio::test]
    async fn hashes_are_salted_and_verify() {
        let (a, b) = (hash("نخلة خضراء ١٢٣").await.unwrap(), hash("نخلة خضراء ١٢٣").await.unwrap());
        assert_ne!(a, b);
        assert!(a.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{a}");
        assert!(verify("نخلة خضراء ١٢٣", Some(&a)).await.unwrap());
        assert!(!verify("نخلة خضراء 123", Some(&a)).await.unwrap());
        assert!(!verify("nobody has this password", None).await.unwrap());
        assert!(verify("x", Some("plain")).await.is_err());
    }
}
