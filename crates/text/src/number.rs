//! Numbers as people read and type them. Values are whole numbers scaled by a power of ten, never floats.

use std::fmt::Write;

use thiserror::Error;

use crate::bidi;
use crate::digits::{self, value};
use crate::locale::{Digits, Lang, Locale};

/// Largest scale (decimal places) of a stored number.
pub const MAX_SCALE: u8 = 18;

/// Why typed text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NumberError {
    #[error("empty")]
    Empty,
    #[error("not a number")]
    Malformed,
    #[error("too many decimal places")]
    TooPrecise,
    #[error("too large")]
    TooLarge,
}

/// A whole number with grouping: `1,234` or `١٬٢٣٤`.
pub fn format_integer(n: i64, locale: &Locale) -> String {
    format_scaled(n, 0, locale)
}

/// A scaled number with all its decimals: `format_scaled(123450, 2)` is `1,234.50` or `١٬٢٣٤٫٥٠`.
/// A negative Arabic number starts with a direction mark, so that its sign stays in front.
pub fn format_scaled(n: i64, scale: u8, locale: &Locale) -> String {
    let mut out = String::with_capacity(24);
    if n < 0 {
        out.push_str(minus(locale));
    }
    push_magnitude(n.unsigned_abs(), scale, locale.shown_digits(), &mut out);
    out
}

/// Like [`format_scaled`] without trailing zeros: `1,234.5`, `12`.
pub fn format_trimmed(n: i64, scale: u8, locale: &Locale) -> String {
    let (mut n, mut scale) = (n, scale.min(MAX_SCALE));
    while scale > 0 && n % 10 == 0 {
        n /= 10;
        scale -= 1;
    }
    format_scaled(n, scale, locale)
}

/// A share in percent: `format_percent(1250, 2)` is `12.5%` (the value counts hundredths of a percent).
pub fn format_percent(n: i64, scale: u8, locale: &Locale) -> String {
    let sign = match locale.shown_digits() {
        Digits::Latn => "%",
        Digits::Arab => "٪",
    };
    format_trimmed(n, scale, locale) + sign
}

/// A size in bytes: `1.5 MB` / `1.5 م.ب`, in powers of 1000.
pub fn format_bytes(bytes: u64, locale: &Locale) -> String {
    const UNITS: [(&str, &str); 5] = [
        ("بايت", "B"),
        ("ك.ب", "kB"),
        ("م.ب", "MB"),
        ("ج.ب", "GB"),
        ("ت.ب", "TB"),
    ];
    let (mut tenths, mut step) = (u128::from(bytes) * 10, 0usize);
    while tenths >= 10_000 && step + 1 < UNITS.len() {
        tenths = (tenths + 500) / 1000;
        step += 1;
    }
    let (ar, en) = UNITS.get(step).copied().unwrap_or(("بايت", "B"));
    let shown = format_trimmed(i64::try_from(tenths).unwrap_or(i64::MAX), 1, locale);
    format!("{shown}\u{A0}{}", locale.pick(ar, en))
}

/// The plain machine form with ASCII digits, no grouping: `-1234.50`. [`parse_scaled`] reads it back.
pub fn plain(n: i64, scale: u8) -> String {
    let mut out = String::with_capacity(24);
    if n < 0 {
        out.push('-');
    }
    let (whole, fraction) = split(n.unsigned_abs(), scale);
    let _ = write!(out, "{whole}");
    if scale > 0 {
        let _ = write!(
            out,
            ".{fraction:0width$}",
            width = usize::from(scale.min(MAX_SCALE))
        );
    }
    out
}

/// Reads a number people typed, as a whole number scaled by `10^scale`.
///
/// Accepts ASCII, Arabic-Indic and Persian digits; `٫` as decimal and `٬` as grouping sign; spaces and
/// apostrophes as grouping; a sign before or after; `(12)` for −12. Of `.` and `,`:
/// both present, the last one is the decimal sign; one kind more than once, it groups; a single `,` (or `،`)
/// followed by exactly three digits groups (unless the number starts with `0,`), otherwise it is the decimal sign;
/// a single `.` is always the decimal sign. Trailing decimal zeros beyond `scale` are fine, other digits are not.
pub fn parse_scaled(text: &str, scale: u8) -> Result<i64, NumberError> {
    let (negative, body) = sign_and_body(text)?;
    let body = ungrouped(&body)?;
    let (whole, fraction) = body.split_once('.').unwrap_or((&body, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(NumberError::Malformed);
    }
    let scale = usize::from(scale.min(MAX_SCALE));
    let kept = fraction.trim_end_matches('0');
    if kept.len() > scale {
        return Err(NumberError::TooPrecise);
    }
    let mut n: i64 = 0;
    let zeros = std::iter::repeat_n('0', scale - kept.len());
    for c in whole.chars().chain(kept.chars()).chain(zeros) {
        let digit = i64::from(value(c).ok_or(NumberError::Malformed)?);
        let digit = if negative { -digit } else { digit };
        n = n
            .checked_mul(10)
            .and_then(|n| n.checked_add(digit))
            .ok_or(NumberError::TooLarge)?;
    }
    Ok(n)
}

/// Reads a whole number people typed, see [`parse_scaled`].
pub fn parse_integer(text: &str) -> Result<i64, NumberError> {
    parse_scaled(text, 0)
}

/// The sign that opens a negative number. In Arabic a mark precedes it: without one the browser moves the sign
/// to the other end.
pub(crate) fn minus(locale: &Locale) -> &'static str {
    match (locale.lang, locale.shown_digits()) {
        (Lang::En, _) => "-",
        (Lang::Ar, Digits::Latn) => "\u{200E}-",
        (Lang::Ar, Digits::Arab) => "\u{061C}-",
    }
}

pub(crate) fn push_magnitude(n: u64, scale: u8, shape: Digits, out: &mut String) {
    let (group, point) = match shape {
        Digits::Latn => (',', '.'),
        Digits::Arab => ('٬', '٫'),
    };
    let (whole, fraction) = split(n, scale);
    let whole = whole.to_string();
    let mut shown = String::with_capacity(32);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            shown.push(group);
        }
        shown.push(c);
    }
    if scale > 0 {
        let _ = write!(
            shown,
            "{point}{fraction:0width$}",
            width = usize::from(scale.min(MAX_SCALE))
        );
    }
    out.push_str(&digits::shape(&shown, shape));
}

fn split(n: u64, scale: u8) -> (u64, u64) {
    let unit = 10u64.pow(u32::from(scale.min(MAX_SCALE)));
    (n / unit, n % unit)
}

/// Takes the sign off and turns digits and signs into ASCII; spaces inside become `'` (grouping).
fn sign_and_body(text: &str) -> Result<(bool, String), NumberError> {
    let cleaned: String = text
        .chars()
        .filter(|c| !bidi::is_control(*c) && *c != '\u{FEFF}')
        .map(|c| match c {
            '−' | '–' | '﹣' | '－' => '-',
            '٫' => '\u{1}',
            '،' => ',',
            '٬' | '’' | '_' => '\'',
            c if c.is_whitespace() => ' ',
            c => value(c).map_or(c, |v| char::from(b'0' + v)),
        })
        .collect();
    let mut body = cleaned.trim();
    if body.is_empty() {
        return Err(NumberError::Empty);
    }
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
        (negative, body) = (true, inner.trim());
    } else if let Some(rest) = body.strip_prefix('-').or_else(|| body.strip_suffix('-')) {
        (negative, body) = (true, rest.trim());
    } else if let Some(rest) = body.strip_prefix('+') {
        body = rest.trim();
    }
    Ok((negative, body.replace(' ', "'")))
}

/// Decides which signs group and which one is the decimal sign; leaves digits and at most one `.`.
fn ungrouped(body: &str) -> Result<String, NumberError> {
    let count = |sign: char| body.matches(sign).count();
    let decimal = if count('\u{1}') > 0 {
        Some('\u{1}')
    } else {
        match (count('.'), count(',')) {
            (0, 0) => None,
            (1, 0) => Some('.'),
            (0, 1) => {
                let (before, after) = body.split_once(',').unwrap_or((body, ""));
                let groups = after.len() == 3 && (1..=3).contains(&before.len()) && before != "0";
                (!groups && !body.contains('\'') || before.contains('\'')).then_some(',')
            }
            (_, 0) | (0, _) => None,
            (_, _) if body.rfind('.') > body.rfind(',') => Some('.'),
            (_, _) => Some(','),
        }
    };
    let (whole, fraction) = match decimal {
        Some(sign) => body
            .split_once(sign)
            .map(|(w, f)| (w, Some(f)))
            .unwrap_or((body, None)),
        None => (body, None),
    };
    let grouping = |c: char| matches!(c, ',' | '.' | '\'');
    let mut out = String::with_capacity(body.len());
    for (i, group) in whole.split(grouping).enumerate() {
        // Inner groups have three digits (India: two); anything else is not a number but, say, a date.
        let fits = i == 0 || group.len() == 3 || group.len() == 2;
        if !fits || !group.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::Malformed);
        }
        out.push_str(group);
    }
    let grouped = whole.split(grouping).count() > 1;
    if grouped
        && whole
            .rsplit(grouping)
            .next()
            .is_some_and(|last| last.len() != 3)
    {
        return Err(NumberError::Malformed);
    }
    if let Some(fraction) = fraction {
        if !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::Malformed);
        }
        out.push('.');
        out.push_str(fraction);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formats() {
        let ar = Locale::default();
        let arab = Locale::default().with_digits(Digits::Arab);
        let en = Locale::en("GB");
        assert_eq!(format_integer(1234567, &en), "1,234,567");
        assert_eq!(format_integer(-7, &en), "-7");
        assert_eq!(format_integer(1234567, &arab), "١٬٢٣٤٬٥٦٧");
        assert_eq!(format_scaled(123450, 2, &ar), "1,234.50");
        assert_eq!(format_scaled(-5, 2, &arab), "\u{061C}-٠٫٠٥");
        assert_eq!(format_scaled(-5, 0, &ar), "\u{200E}-5");
        assert_eq!(format_trimmed(123450, 2, &en), "1,234.5");
        assert_eq!(format_trimmed(0, 4, &en), "0");
        assert_eq!(format_percent(1250, 2, &arab), "١٢٫٥٪");
        assert_eq!(format_bytes(1_500_000, &en), "1.5\u{A0}MB");
        assert_eq!(format_bytes(999, &ar), "999\u{A0}بايت");
        assert_eq!(
            format_scaled(i64::MIN, 0, &en),
            "-9,223,372,036,854,775,808"
        );
        assert_eq!(plain(-123450, 2), "-1234.50");
    }

    #[test]
    fn reads_what_people_type() {
        for (typed, scale, want) in [
            ("١٬٢٣٤٫٥٦", 2, Ok(123456)),
            ("١٢٣٤", 0, Ok(1234)),
            ("۱۲٫۵", 1, Ok(125)),
            ("1,234.56", 2, Ok(123456)),
            ("1.234,56", 2, Ok(123456)),
            ("1 234,56", 2, Ok(123456)),
            ("1'234.5", 2, Ok(123450)),
            ("1,234", 2, Ok(123400)),
            ("1,23", 2, Ok(123)),
            ("0,125", 3, Ok(125)),
            ("1234,567", 3, Ok(1234567)),
            ("1.234", 3, Ok(1234)),
            ("1.234.567", 0, Ok(1234567)),
            ("12,34,567", 0, Ok(1234567)),
            ("1,234,567.8", 1, Ok(12345678)),
            (".5", 1, Ok(5)),
            ("5.", 1, Ok(50)),
            ("5.500", 1, Ok(55)),
            (" +7 ", 0, Ok(7)),
            ("−7", 0, Ok(-7)),
            ("7-", 0, Ok(-7)),
            ("(7.5)", 1, Ok(-75)),
            ("\u{200E}-٥", 0, Ok(-5)),
            ("", 0, Err(NumberError::Empty)),
            ("  ", 0, Err(NumberError::Empty)),
            ("abc", 0, Err(NumberError::Malformed)),
            ("-", 0, Err(NumberError::Malformed)),
            (".", 1, Err(NumberError::Malformed)),
            ("1.2.3", 1, Err(NumberError::Malformed)),
            ("12/05", 0, Err(NumberError::Malformed)),
            ("1,2,3", 0, Err(NumberError::Malformed)),
            ("1.5", 0, Err(NumberError::TooPrecise)),
            ("9223372036854775807", 0, Ok(i64::MAX)),
            ("-9223372036854775808", 0, Ok(i64::MIN)),
            ("9223372036854775808", 0, Err(NumberError::TooLarge)),
            ("1e5", 0, Err(NumberError::Malformed)),
            ("NaN", 0, Err(NumberError::Malformed)),
        ] {
            assert_eq!(parse_scaled(typed, scale), want, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(s in "\\PC{0,40}", scale in 0u8..30) {
            let _ = parse_scaled(&s, scale);
        }

        #[test]
        fn number_soup_never_panics(s in "[0-9٠-٩.,٫٬' ()+-]{0,24}", scale in 0u8..20) {
            let _ = parse_scaled(&s, scale);
        }

        #[test]
        fn reads_its_own_text(n in any::<i64>(), scale in 0u8..=4, arabic: bool, arab: bool) {
            let locale = Locale::new(if arabic { Lang::Ar } else { Lang::En }, "SA")
                .with_digits(if arab { Digits::Arab } else { Digits::Latn });
            prop_assert_eq!(parse_scaled(&plain(n, scale), scale), Ok(n));
            prop_assert_eq!(parse_scaled(&format_scaled(n, scale, &locale), scale), Ok(n));
        }
    }
}
