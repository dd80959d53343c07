//! One-time codes of an authenticator app: RFC 6238 with SHA-1, six digits, thirty seconds, as every app reads them.

use data_encoding::BASE32_NOPAD;
use qrcode::QrCode;
use qrcode::types::Color;
use ring::hmac;

/// Seconds one code is good.
const PERIOD: i64 = 30;
/// Steps before and after now that are taken too: clocks of phones are wrong by some seconds.
const DRIFT: i64 = 1;

/// 160 random bits as base32, the length of the hash (RFC 4226, section 4).
pub(crate) fn seed() -> String {
    let mut bytes = [0_u8; 20];
    rand::fill(&mut bytes);
    BASE32_NOPAD.encode(&bytes)
}

/// What a QR code carries to the app.
pub(crate) fn uri(company: &str, email: &str, seed: &str) -> String {
    let encode = |t: &str| -> String {
        t.bytes().map(|b| if b.is_ascii_alphanumeric() || b"-._~@".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    format!("otpauth://totp/{0}:{1}?secret={seed}&issuer={0}", encode(&company.replace(':', " ")), encode(email))
}

/// The QR code of a text as SVG; dark on light in every theme, since cameras expect that.
pub(crate) fn qr(text: &str) -> String {
    let Ok(code) = QrCode::new(text.as_bytes()) else { return String::new() };
    let width = code.width();
    let mut path = String::new();
    for (i, _) in code.to_colors().iter().enumerate().filter(|(_, c)| **c == Color::Dark) {
        path.push_str(&format!("M{} {}h1v1h-1z", i % width + 4, i / width + 4));
    }
    let side = width + 8;
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" aria-hidden=\"true\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>")
}

/// The step whose code this is, later than `last`: a code that was seen once is not taken again.
pub(crate) fn step(seed: &str, typed: &str, unix: i64, last: i64) -> Option<i64> {
    let typed: String = text::digits::to_ascii(typed).chars().filter(char::is_ascii_digit).collect();
    let key = BASE32_NOPAD.decode(seed.as_bytes()).ok()?;
    let now = unix.div_euclid(PERIOD);
    // All are computed, whichever fits: the time taken tells nothing.
    let fitting: Vec<i64> = (now - DRIFT..=now + DRIFT).filter(|s| code(&key, *s) == typed).collect();
    fitting.into_iter().find(|s| *s > last)
}

/// RFC 4226, section 5.3.
fn code(key: &[u8], step: i64) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 15);
    let word: [u8; 4] = bytes.get(offset..offset + 4).and_then(|b| b.try_into().ok()).unwrap_or_default();
    format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B (SHA-1), its last six digits.
        let key = b"12345678901234567890";
        for (unix, want) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(code(key, unix / PERIOD), want, "{unix}");
        }
    }

    #[test]
    fn a_code_counts_once_and_near_its_time() {
        let seed = BASE32_NOPAD.encode(b"12345678901234567890");
        assert_eq!(step(&seed, "287 082", 59, 0), Some(1));
        assert_eq!(step(&seed, "٢٨٧٠٨٢", 59, 0), Some(1), "digits as the phone shows them");
        assert_eq!(step(&seed, "287082", 59, 1), None, "seen before");
        assert_eq!(step(&seed, "287082", 89, 0), Some(1), "half a minute late");
        assert_eq!(step(&seed, "287082", 120, 0), None);
        assert_eq!(step(&seed, "", 59, 0), None);
    }

    #[test]
    fn apps_read_the_address() {
        let uri = uri("تجارة: النخيل", "sara@example.com", "ABC");
        assert!(uri.starts_with("otpauth://totp/%D8%AA") && uri.contains(":sara@example.com?secret=ABC&issuer=%D8%AA"));
        assert!(qr(&uri).starts_with("<svg") && qr(&uri).len() > 2_000);
    }
}
