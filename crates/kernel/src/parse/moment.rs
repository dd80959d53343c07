//! Dates, date-times and durations as people write them.

use super::issue;
use crate::fault::Issue;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// `YYYY-MM-DD` of the years 1–9999, nothing else.
pub fn iso_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() });
    if !shape {
        return None;
    }
    text.parse::<Date>().ok().filter(|d| d.year() >= 1)
}

/// `2026-01-31`, `2026/1/31`, and day first: `31/1/2026`, `31.1.26`. Where only month first makes sense
/// (`1/31/2026`) it is read so. Digits may be Arabic.
fn any_date(text: &str) -> Option<Date> {
    let text = text::digits::to_ascii(&text::bidi::strip(text));
    if let Some(date) = iso_date(&text) {
        return Some(date);
    }
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    if ![a, b, c].iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let n = |p: &str| p.parse::<i16>().ok();
    let (year, month, day) = if a.len() == 4 {
        (n(a)?, n(b)?, n(c)?)
    } else {
        let year = match c.len() {
            4 => n(c)?,
            2 => 2000 + n(c)?,
            _ => return None,
        };
        let (first, second) = (n(a)?, n(b)?);
        if second > 12 { (year, first, second) } else { (year, second, first) }
    };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(year, month, day).ok().filter(|d| d.year() >= 1)
}

/// `9:05`, `09:05:30`, `9:05 pm`, `9:05 م`.
fn time(text: &str) -> Option<Time> {
    let text = text::digits::to_ascii(&text::bidi::strip(text)).trim().to_lowercase();
    let clock = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '.').trim_end();
    let half = text.get(clock.len()..).unwrap_or_default().trim().replace('.', "");
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let (second, nano) = match parts.next() {
        None => (0, 0),
        Some(s) => {
            let (whole, fraction) = s.split_once('.').unwrap_or((s, "0"));
            let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
            (whole.parse().ok()?, digits.parse().ok()?)
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let hour = match half.as_str() {
        "" => hour,
        "am" | "ص" | "صباحا" | "a" if (1..=12).contains(&hour) => hour % 12,
        "pm" | "م" | "مساء" | "p" if (1..=12).contains(&hour) => hour % 12 + 12,
        _ => return None,
    };
    Time::new(hour, minute, second, nano).ok()
}

/// A date; a midnight behind it (as spreadsheets write) is ignored.
pub(super) fn date(text: &str) -> Result<Date, Issue> {
    let bad = || issue("value-not-date");
    if let Some(date) = any_date(text) {
        return Ok(date);
    }
    let (day, clock) = text.split_once(['T', ' ']).ok_or_else(bad)?;
    let midnight = time(clock.trim_end_matches('Z')).is_some_and(|t| t == Time::midnight());
    any_date(day).filter(|_| midnight).ok_or_else(bad)
}

/// RFC 3339, or a date with or without time in `zone`.
pub(super) fn date_time(text: &str, zone: &TimeZone) -> Result<Timestamp, Issue> {
    let bad = || issue("value-not-date-time");
    if let Ok(instant) = text.parse::<Timestamp>() {
        // The years that every column and program can carry; the store keeps microseconds.
        let year = instant.to_zoned(TimeZone::UTC).year();
        return Timestamp::from_microsecond(instant.as_microsecond())
            .ok()
            .filter(|_| (1..=9999).contains(&year))
            .ok_or_else(bad);
    }
    let local = match any_date(text) {
        Some(day) => day.to_datetime(Time::midnight()),
        None => {
            let (day, clock) = text.split_once(['T', ' ']).ok_or_else(bad)?;
            DateTime::from_parts(any_date(day).ok_or_else(bad)?, time(clock).ok_or_else(bad)?)
        }
    };
    let instant = local.to_zoned(zone.clone()).map_err(|_| bad())?.timestamp();
    Timestamp::from_microsecond(instant.as_microsecond()).map_err(|_| bad())
}

/// Seconds: `1:30` (hours and minutes), `1:30:15`, `1h 30m`, `ساعة` as `س`, `دقيقة` as `د`, or plain seconds.
pub(super) fn duration(text: &str) -> Result<i64, Issue> {
    let bad = || issue("value-not-duration");
    let text = text::digits::to_ascii(&text::bidi::strip(text)).to_lowercase();
    let (negative, text) = match text.trim().strip_prefix(['-', '−']) {
        Some(rest) => (true, rest.trim().to_owned()),
        None => (false, text.trim().to_owned()),
    };
    let seconds = read_duration(&text).ok_or_else(bad)?;
    Ok(if negative { -seconds } else { seconds })
}

fn read_duration(text: &str) -> Option<i64> {
    if text.contains(':') {
        let parts: Vec<i64> = text
            .split(':')
            .map(|p| if p.bytes().all(|b| b.is_ascii_digit()) { p.parse().ok() } else { None })
            .collect::<Option<_>>()?;
        let (h, m, s) = match parts.as_slice() {
            [h, m] => (*h, *m, 0),
            [h, m, s] => (*h, *m, *s),
            _ => return None,
        };
        if m > 59 || s > 59 {
            return None;
        }
        return h.checked_mul(3600)?.checked_add(m * 60 + s);
    }
    let mut total = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(end)?;
        let number: i64 = number.parse().ok()?;
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(end)?;
        let each = match unit {
            "" | "s" | "sec" | "second" | "seconds" | "ث" | "ثانية" | "ثوان" | "ثواني" => 1,
            "m" | "min" | "minute" | "minutes" | "د" | "دقيقة" | "دقائق" => 60,
            "h" | "hr" | "hour" | "hours" | "س" | "ساعة" | "ساعات" => 3_600,
            "d" | "day" | "days" | "ي" | "يوم" | "أيام" | "ايام" => 86_400,
            _ => return None,
        };
        if unit.is_empty() && !next.trim().is_empty() {
            return None;
        }
        total = total.checked_add(number.checked_mul(each)?)?;
        rest = next.trim_start();
    }
    Some(total)
}

/// `H:MM:SS`.
pub(super) fn duration_text(seconds: i64) -> String {
    let n = seconds.unsigned_abs();
    let sign = if seconds < 0 { "-" } else { "" };
    format!("{sign}{}:{:02}:{:02}", n / 3600, n / 60 % 60, n % 60)
}
