//! Phone numbers: what people type becomes E.164, what is shown is grouped the way the country writes it.
//!
//! Arab countries are checked by leading digits and length, all others by length. In a page or an Arabic
//! sentence a shown number is isolated left to right ([`crate::bidi::isolate_ltr`] or `<bdi dir="ltr">`).

use thiserror::Error;

use crate::bidi;
use crate::digits::value;
use crate::phone_countries::{Plan, by_digits, by_iso};
use crate::phone_kinds::{Kind, kinds};

/// Why typed text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneError {
    #[error("empty")]
    Empty,
    #[error("holds signs that no phone number has")]
    Malformed,
    #[error("too short for the country")]
    TooShort,
    #[error("too long for the country")]
    TooLong,
    #[error("unknown country calling code")]
    UnknownCountry,
    #[error("no number of this country starts like that")]
    Implausible,
}

/// A parsed phone number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// `+` and digits, at most 15: what is stored and compared.
    pub e164: String,
    /// ISO two letters of the country (the largest where several share a calling code).
    pub country: &'static str,
    /// The number inside the country, without trunk prefix.
    pub national: String,
    /// Digits after «تحويلة», `ext`, `x`.
    pub extension: Option<String>,
}

impl Phone {
    /// `Some(true)` for a mobile number, `Some(false)` for any other; `None` where the plan does not tell.
    pub fn is_mobile(&self) -> Option<bool> {
        kind(self.country, &self.national).map(|k| k.mobile)
    }

    /// `+966 50 123 4567`.
    pub fn international(&self) -> String {
        let code = by_iso(self.country).map_or("", |p| p.code);
        format!("+{code} {}{}", self.grouped(), self.tail())
    }

    /// As dialled inside the country: `050 123 4567`.
    pub fn national_format(&self) -> String {
        let trunk = by_iso(self.country).map_or("", |p| p.trunk);
        let trunk = if trunk == "0" { "0" } else { "" };
        format!("{trunk}{}{}", self.grouped(), self.tail())
    }

    /// National for numbers of `home`, international for all others.
    pub fn display(&self, home: &str) -> String {
        if self.country.eq_ignore_ascii_case(home) {
            self.national_format()
        } else {
            self.international()
        }
    }

    /// The link target `tel:+966501234567`.
    pub fn uri(&self) -> String {
        match &self.extension {
            Some(ext) => format!("tel:{};ext={ext}", self.e164),
            None => format!("tel:{}", self.e164),
        }
    }

    fn grouped(&self) -> String {
        let fallback: &[usize] = match self.national.len() {
            10 => &[3, 3, 4],
            9 => &[3, 3, 3],
            8 => &[4, 4],
            7 => &[3, 4],
            11 => &[3, 4, 4],
            _ => &[],
        };
        let groups = kind(self.country, &self.national).map_or(fallback, |k| k.groups);
        let (mut out, mut rest) = (
            String::with_capacity(self.national.len() + 4),
            self.national.as_str(),
        );
        for size in groups {
            if let Some((head, tail)) = rest
                .split_at_checked(*size)
                .filter(|(_, tail)| !tail.is_empty())
            {
                out.push_str(head);
                out.push(' ');
                rest = tail;
            }
        }
        out.push_str(rest);
        out
    }

    fn tail(&self) -> String {
        self.extension
            .as_ref()
            .map(|ext| format!(" x{ext}"))
            .unwrap_or_default()
    }
}

/// Reads a phone number. `country` (ISO two letters) is assumed where the number does not name one.
///
/// Accepts Arabic and Persian digits, spaces, dashes, dots, brackets, `+` or `00` in front (or `+` behind, as
/// right-to-left copying leaves it), `(0)` after the country code, `tel:`, and an extension.
pub fn parse(text: &str, country: &str) -> Result<Phone, PhoneError> {
    let text = bidi::strip(text);
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text).trim_start();
    if text.is_empty() {
        return Err(PhoneError::Empty);
    }
    let (number, extension) = split_extension(text)?;
    let (plus, digits) = plus_and_digits(number)?;
    if digits.is_empty() {
        return Err(PhoneError::Malformed);
    }
    let home = by_iso(&country.to_ascii_uppercase());
    let (plan, national) = if plus {
        abroad(&digits)?
    } else if let Some(rest) = digits.strip_prefix("00") {
        abroad(rest)?
    } else {
        // A local reading wins; then the country code without plus; then any country's code on a long number.
        let local = home.map(|plan| inside(plan, &digits));
        match local {
            Some(Ok(national)) => home
                .map(|plan| (plan, national))
                .ok_or(PhoneError::UnknownCountry)?,
            Some(Err(local_error)) => {
                let own_code = home.is_some_and(|plan| digits.starts_with(plan.code));
                let long = digits.len() >= 11 && !digits.starts_with('0');
                if own_code || long {
                    abroad(&digits).map_err(|_| local_error)?
                } else {
                    return Err(local_error);
                }
            }
            None if digits.len() >= 10 && !digits.starts_with('0') => abroad(&digits)?,
            None => return Err(PhoneError::UnknownCountry),
        }
    };
    Ok(Phone {
        e164: format!("+{}{national}", plan.code),
        country: plan.iso,
        national,
        extension,
    })
}

/// The E.164 form only, see [`parse`].
pub fn e164(text: &str, country: &str) -> Result<String, PhoneError> {
    parse(text, country).map(|p| p.e164)
}

/// Shows a stored E.164 number to a reader in `home`; text that is no such number is returned unchanged.
pub fn display(e164: &str, home: &str) -> String {
    parse(e164, "").map_or_else(|_| e164.to_owned(), |p| p.display(home))
}

/// The calling code of a country, e.g. `"966"`.
pub fn calling_code(country: &str) -> Option<&'static str> {
    by_iso(&country.to_ascii_uppercase()).map(|p| p.code)
}

/// What the search knows of a stored number: as stored, and as people of its country dial it (`0501234567`),
/// so that ٠٥٠ finds it as well as 966.
pub fn searched(e164: &str) -> Vec<String> {
    let national = parse(e164, "").ok().map(|p| p.national_format().chars().filter(char::is_ascii_digit).collect());
    std::iter::once(e164.to_owned()).chain(national).collect()
}

fn abroad(digits: &str) -> Result<(&'static Plan, String), PhoneError> {
    let plan = by_digits(digits).ok_or(PhoneError::UnknownCountry)?;
    let rest = digits.strip_prefix(plan.code).unwrap_or_default();
    inside(plan, rest).map(|national| (plan, national))
}

/// The national number in `digits`, with or without trunk prefix.
fn inside(plan: &Plan, digits: &str) -> Result<String, PhoneError> {
    let bare = check(plan, digits);
    if plan.trunk.is_empty() || bare.is_ok() && !digits.starts_with(plan.trunk) {
        return bare.map(|()| digits.to_owned());
    }
    match digits.strip_prefix(plan.trunk) {
        Some(rest) => check(plan, rest)
            .map(|()| rest.to_owned())
            .or(bare.map(|()| digits.to_owned())),
        None => bare.map(|()| digits.to_owned()),
    }
}

fn check(plan: &Plan, national: &str) -> Result<(), PhoneError> {
    let len = national.len();
    if len < usize::from(plan.min) {
        return Err(PhoneError::TooShort);
    }
    if len > usize::from(plan.max) || len + plan.code.len() > 15 {
        return Err(PhoneError::TooLong);
    }
    // No national number starts with a zero, except in Italy, Côte d'Ivoire and others without trunk prefix.
    let zero = national.starts_with(if plan.trunk.is_empty() { "00" } else { "0" });
    if zero || !kinds(plan.iso).is_empty() && kind(plan.iso, national).is_none() {
        return Err(PhoneError::Implausible);
    }
    Ok(())
}

fn kind(iso: &str, national: &str) -> Option<&'static Kind> {
    kinds(iso).iter().find(|k| {
        usize::from(k.len) == national.len() && k.lead.iter().any(|lead| national.starts_with(lead))
    })
}

/// Splits «… تحويلة 12», `… ext. 12`, `… x12`, `… #12`, `…;ext=12` off.
fn split_extension(text: &str) -> Result<(&str, Option<String>), PhoneError> {
    const MARKS: [&str; 9] = [
        ";ext=",
        "تحويلة",
        "تحويله",
        "داخلي",
        "ext.",
        "ext",
        "x",
        "X",
        "#",
    ];
    // ASCII lower case keeps byte positions.
    let lower = text.to_ascii_lowercase();
    let Some((at, mark)) = MARKS
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| (at, *mark)))
    else {
        return Ok((text, None));
    };
    let number = text.get(..at).unwrap_or(text);
    let rest = text.get(at + mark.len()..).unwrap_or_default();
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.' | ')' | '('));
    let digits: Option<String> = rest
        .chars()
        .map(|c| value(c).map(|v| char::from(b'0' + v)))
        .collect();
    match digits {
        Some(d) if (1..=8).contains(&d.len()) => {
            Ok((number.trim_end_matches(['(', ' ', ',']), Some(d)))
        }
        _ => Err(PhoneError::Malformed),
    }
}

fn plus_and_digits(number: &str) -> Result<(bool, String), PhoneError> {
    let number = number.trim();
    let front = number.starts_with(['+', '＋']) || number.starts_with("(+");
    let back = !front && number.ends_with(['+', '＋']);
    let mut digits = String::with_capacity(16);
    let mut pluses = 0;
    for c in number.chars() {
        match value(c) {
            Some(v) => digits.push(char::from(b'0' + v)),
            None if matches!(c, '+' | '＋') => pluses += 1,
            None if matches!(c, '-' | '.' | '/' | '(' | ')' | '‐'..='―' | '−' | 'ـ')
                || c.is_whitespace() => {}
            None => return Err(PhoneError::Malformed),
        }
        if digits.len() > 20 {
            return Err(PhoneError::TooLong);
        }
    }
    if pluses > 1 || pluses == 1 && !front && !back {
        return Err(PhoneError::Malformed);
    }
    Ok((front || back, digits))
}

#[cfg(test)]
mod tests;
