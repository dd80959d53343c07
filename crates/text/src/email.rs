//! E-mail addresses: a check of form, and the form under which two spellings are the same address.

use thiserror::Error;

use crate::bidi;

/// Why typed text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EmailError {
    #[error("empty")]
    Empty,
    #[error("not an address of the form name@domain")]
    Malformed,
    #[error("longer than an address may be")]
    TooLong,
}

/// The normalised address: trimmed, without `mailto:` and invisible marks, lower case on both sides.
///
/// (The part before `@` may in theory depend on case; in practice none does, and people type it both ways.)
/// The domain needs a dot and may hold letters of any script; quoted local parts are not accepted.
pub fn normalize(text: &str) -> Result<String, EmailError> {
    let text: String = bidi::strip(text)
        .chars()
        .filter(|c| !matches!(c, '\u{200B}'..='\u{200D}' | '\u{FEFF}'))
        .collect();
    let text = text.trim();
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    if text.is_empty() {
        return Err(EmailError::Empty);
    }
    let text = text.to_lowercase();
    let (local, domain) = text.rsplit_once('@').ok_or(EmailError::Malformed)?;
    if local.len() > 64 || text.len() > 254 {
        return Err(EmailError::TooLong);
    }
    let local_char = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local_ok = !local.is_empty()
        && local.chars().all(local_char)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| {
                c.is_alphanumeric() || c == '-' || unicode_normalization::char::is_combining_mark(c)
            })
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    let last_ok = last.chars().count() >= 2 && !last.bytes().all(|b| b.is_ascii_digit());
    if local_ok && domain.contains('.') && last_ok && domain.split('.').all(label_ok) {
        Ok(text)
    } else {
        Err(EmailError::Malformed)
    }
}

/// `true` if [`normalize`] accepts the text.
pub fn is_valid(text: &str) -> bool {
    normalize(text).is_ok()
}

/// The domain of a normalised address.
pub fn domain(address: &str) -> Option<&str> {
    address
        .rsplit_once('@')
        .map(|(_, domain)| domain)
        .filter(|d| !d.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn table() {
        for (typed, want) in [
            (" Ahmad.Ali@Example.COM ", Ok("ahmad.ali@example.com")),
            ("mailto:a@b.co", Ok("a@b.co")),
            ("\u{200F}a+tag@b.co\u{200E}", Ok("a+tag@b.co")),
            ("معلومات@مثال.السعودية", Ok("معلومات@مثال.السعودية")),
            ("o'neil@x.ie", Ok("o'neil@x.ie")),
            ("", Err(EmailError::Empty)),
            ("أحمد", Err(EmailError::Malformed)),
            ("a@b", Err(EmailError::Malformed)),
            ("a@@b.co", Err(EmailError::Malformed)),
            ("a b@c.co", Err(EmailError::Malformed)),
            (".a@b.co", Err(EmailError::Malformed)),
            ("a..b@c.co", Err(EmailError::Malformed)),
            ("a@-b.co", Err(EmailError::Malformed)),
            ("a@b..co", Err(EmailError::Malformed)),
            ("a@1.2.3.4", Err(EmailError::Malformed)),
            ("a@b.co,c@d.co", Err(EmailError::Malformed)),
            ("a@b.co\r\nBcc: x@y.z", Err(EmailError::Malformed)),
        ] {
            assert_eq!(normalize(typed), want.map(str::to_owned), "{typed}");
        }
        assert_eq!(
            normalize(&format!("{}@b.co", "a".repeat(65))),
            Err(EmailError::TooLong)
        );
        assert_eq!(domain("a@b.co"), Some("b.co"));
    }

    proptest! {
        #[test]
        fn idempotent_and_never_panics(s in "\\PC{0,40}") {
            if let Ok(once) = normalize(&s) {
                prop_assert_eq!(normalize(&once), Ok(once.clone()));
            }
        }

        #[test]
        fn idempotent_on_addresses(s in "[A-Za-z0-9.+]{1,10}@[A-Za-zا-ي0-9.-]{1,12}\\.[a-zA-Z]{2,4}") {
            if let Ok(once) = normalize(&s) {
                prop_assert_eq!(normalize(&once), Ok(once.clone()));
            }
        }
    }
}
