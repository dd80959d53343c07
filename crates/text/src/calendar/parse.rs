//! Dates and times as people type them.

use std::sync::OnceLock;

use jiff::civil::{Date, Time};
use thiserror::Error;

use super::names::{DAYS_AR, DAYS_EN, EN, GULF, HIJRI_AR, HIJRI_EN, LEVANT, MAGHREB, MOROCCO};
use crate::digits;
use crate::fold::fold;
use crate::locale::{Lang, Locale};

/// Why typed text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    #[error("empty")]
    Empty,
    #[error("not a date")]
    Malformed,
    #[error("the calendar has no such day")]
    NoSuchDay,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Era {
    Gregorian,
    Hijri,
}

/// Reads a date people typed.
///
/// Numbers in any digits, separated by anything but letters: `2026-03-05`, `5/3/2026`, `٥‏/٣‏/٢٠٢٦`, `20260305`,
/// `5/3/26` (70–99 is the last century). Day before month, except in the United States read in English. Or a
/// month by name, Arabic (all three sets) or English: `5 آذار 2026`, `March 5, 2026`. A year from 1300 to 1600, or
/// a mark (هـ, AH), means Hijri: `1447/05/02`, `2 رمضان 1447`. Weekday names are ignored.
pub fn parse_date(text: &str, locale: &Locale) -> Result<Date, DateError> {
    let folded = fold(text);
    if folded.is_empty() {
        return Err(DateError::Empty);
    }
    let mut numbers: Vec<&str> = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut era = None;
    for token in folded.split(' ') {
        match token {
            "ه" | "هجري" | "هجريه" | "ah" | "h" => era = Some(Era::Hijri),
            "م" | "ميلادي" | "ميلاديه" | "ad" | "ce" => era = Some(Era::Gregorian),
            "من" | "شهر" | "of" | "the" => {}
            token if is_weekday(token) => {}
            token => match number(token) {
                Some((digits, mark)) => {
                    numbers.push(digits);
                    era = mark.or(era);
                }
                None => words.push(token),
            },
        }
    }
    let whole;
    if let ([digits], []) = (numbers.as_slice(), words.as_slice()) {
        if digits.len() != 8 {
            return Err(DateError::Malformed);
        }
        whole = (*digits).to_owned();
        let cut = |from: usize, to: usize| whole.get(from..to).ok_or(DateError::Malformed);
        numbers = vec![cut(0, 4)?, cut(4, 6)?, cut(6, 8)?];
    }
    let (year, month, day) = match (numbers.as_slice(), words.is_empty()) {
        ([a, b, c], true) if a.len() == 4 => (*a, small(b)?, small(c)?),
        ([a, b, c], true) if locale.country == "US" && locale.lang == Lang::En => {
            (*c, small(a)?, small(b)?)
        }
        ([a, b, c], true) => (*c, small(b)?, small(a)?),
        ([a, b], false) => {
            let (named_era, month) = month_by_name(&words.join(" ")).ok_or(DateError::Malformed)?;
            era = Some(named_era);
            if a.len() == 4 {
                (*a, month, small(b)?)
            } else {
                (*b, month, small(a)?)
            }
        }
        _ => return Err(DateError::Malformed),
    };
    let year = full_year(year, era)?;
    let hijri = era.map_or((1300..=1600).contains(&year), |era| era == Era::Hijri);
    if hijri {
        return super::from_hijri(i32::from(year), month, day).ok_or(DateError::NoSuchDay);
    }
    let (month, day) = (i8::try_from(month), i8::try_from(day));
    let (month, day) = (
        month.map_err(|_| DateError::NoSuchDay)?,
        day.map_err(|_| DateError::NoSuchDay)?,
    );
    Date::new(year, month, day).map_err(|_| DateError::NoSuchDay)
}

/// Reads a time of day people typed: `15:05`, `3:05 م`, `٣:٠٥ ص`, `3 pm`, `15:05:30`.
pub fn parse_time(text: &str) -> Result<Time, DateError> {
    let text = digits::to_ascii(&crate::bidi::strip(text)).to_lowercase();
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(text.len());
    let (clock, half) = text.split_at_checked(end).ok_or(DateError::Malformed)?;
    let afternoon = match half.trim().replace('.', "").as_str() {
        "" => None,
        "ص" | "صباحا" | "صباحًا" | "am" => Some(false),
        "م" | "مساء" | "مساءً" | "pm" => Some(true),
        _ => return Err(DateError::Malformed),
    };
    let mut parts = [0i8; 3];
    let mut count = 0;
    for part in clock.split(':') {
        let slot = parts.get_mut(count).ok_or(DateError::Malformed)?;
        if !(1..=2).contains(&part.len()) {
            return Err(DateError::Malformed);
        }
        *slot = part.parse().map_err(|_| DateError::Malformed)?;
        count += 1;
    }
    let [mut hour, minute, second] = parts;
    match afternoon {
        // A bare hour needs to say which half of the day it means.
        None if count == 1 => return Err(DateError::Malformed),
        Some(_) if !(1..=12).contains(&hour) => return Err(DateError::NoSuchDay),
        Some(pm) => hour = hour % 12 + if pm { 12 } else { 0 },
        None => {}
    }
    Time::new(hour, minute, second, 0).map_err(|_| DateError::NoSuchDay)
}

/// The digits of `12`, `5th`, `1447ه`, and the era such a suffix names.
fn number(token: &str) -> Option<(&str, Option<Era>)> {
    let end = token
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(token.len());
    let (digits, suffix) = token.split_at_checked(end)?;
    let era = match suffix {
        "" | "st" | "nd" | "rd" | "th" => None,
        "ه" | "ah" | "h" => Some(Era::Hijri),
        "م" | "ad" => Some(Era::Gregorian),
        _ => return None,
    };
    (!digits.is_empty() && digits.len() <= 8).then_some((digits, era))
}

fn small(digits: &str) -> Result<u8, DateError> {
    if digits.len() > 2 {
        return Err(DateError::Malformed);
    }
    digits.parse().map_err(|_| DateError::Malformed)
}

fn full_year(digits: &str, era: Option<Era>) -> Result<i16, DateError> {
    let year: i16 = digits.parse().map_err(|_| DateError::Malformed)?;
    match (digits.len(), era) {
        (4, _) => Ok(year),
        (2, Some(Era::Hijri)) => Ok(1400 + year),
        (2, _) if year >= 70 => Ok(1900 + year),
        (2, _) => Ok(2000 + year),
        _ => Err(DateError::Malformed),
    }
}

fn is_weekday(token: &str) -> bool {
    static DAYS: OnceLock<Vec<String>> = OnceLock::new();
    let days = DAYS.get_or_init(|| {
        let mut all: Vec<String> = DAYS_AR.iter().chain(&DAYS_EN).map(|d| fold(d)).collect();
        all.extend(DAYS_EN.iter().filter_map(|d| d.get(..3)).map(fold));
        all
    });
    days.iter().any(|d| d == token)
}

/// Finds a folded month name; English ones may be cut to three letters or more.
fn month_by_name(name: &str) -> Option<(Era, u8)> {
    static NAMES: OnceLock<Vec<(String, Era, u8)>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut all = Vec::new();
        for (list, era) in [
            (&EN, Era::Gregorian),
            (&GULF, Era::Gregorian),
            (&LEVANT, Era::Gregorian),
            (&MAGHREB, Era::Gregorian),
            (&MOROCCO, Era::Gregorian),
            (&HIJRI_AR, Era::Hijri),
            (&HIJRI_EN, Era::Hijri),
        ] {
            all.extend(list.iter().zip(1u8..).map(|(name, n)| (fold(name), era, n)));
        }
        for (name, n) in [
            ("ابريل", 4),
            ("نيسان", 4),
            ("اغسطس", 8),
            ("كانون ثاني", 1),
            ("كانون اول", 12),
        ] {
            all.push((fold(name), Era::Gregorian, n));
        }
        for (name, n) in [
            ("ربيع الثاني", 4),
            ("جمادى الثانية", 6),
            ("جمادى الاخر", 6),
            ("جمادى الاول", 5),
            ("ذي القعدة", 11),
            ("ذي الحجة", 12),
            ("المحرم", 1),
        ] {
            all.push((fold(name), Era::Hijri, n));
        }
        all
    });
    names
        .iter()
        .find(|(n, _, _)| n == name)
        .map(|(_, era, n)| (*era, *n))
        .or_else(|| {
            let short = name.len() >= 3 && name.is_ascii();
            let at = EN
                .iter()
                .position(|full| short && fold(full).starts_with(name))?;
            Some((Era::Gregorian, u8::try_from(at + 1).ok()?))
        })
}
