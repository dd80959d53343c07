//! Distances in time: «قبل 3 أيام», "in 2 hours".

use jiff::Timestamp;
use jiff::civil::Date;

use crate::locale::{Lang, Locale};
use crate::number::format_integer;
use crate::plural::ArabicNoun;

#[derive(Clone, Copy)]
struct Unit {
    seconds: i64,
    /// After a preposition: قبل يومين.
    after: ArabicNoun,
    /// On its own: يومان.
    alone: ArabicNoun,
    en: &'static str,
}

const fn unit(
    seconds: i64,
    one: &'static str,
    two: [&'static str; 2],
    few: &'static str,
    many: &'static str,
    en: &'static str,
) -> Unit {
    let [after, alone] = two;
    Unit {
        seconds,
        after: ArabicNoun {
            one,
            two: after,
            few,
            many,
        },
        alone: ArabicNoun {
            one,
            two: alone,
            few,
            many,
        },
        en,
    }
}

const SECOND: Unit = unit(
    1,
    "ثانية",
    ["ثانيتين", "ثانيتان"],
    "ثوانٍ",
    "ثانية",
    "second",
);
const MINUTE: Unit = unit(
    60,
    "دقيقة",
    ["دقيقتين", "دقيقتان"],
    "دقائق",
    "دقيقة",
    "minute",
);
const HOUR: Unit = unit(3600, "ساعة", ["ساعتين", "ساعتان"], "ساعات", "ساعة", "hour");
const DAY: Unit = unit(86_400, "يوم", ["يومين", "يومان"], "أيام", "يومًا", "day");
/// The mean Gregorian month and year.
const MONTH: Unit = unit(
    2_629_746,
    "شهر",
    ["شهرين", "شهران"],
    "أشهر",
    "شهرًا",
    "month",
);
const YEAR: Unit = unit(
    31_556_952,
    "سنة",
    ["سنتين", "سنتان"],
    "سنوات",
    "سنة",
    "year",
);

/// How far `then` is from `now`: `الآن`, `قبل 3 أيام`, `بعد ساعتين`; `now`, `3 days ago`, `in 2 hours`.
pub fn relative(then: Timestamp, now: Timestamp, locale: &Locale) -> String {
    let seconds = then.as_second().saturating_sub(now.as_second());
    let distance = seconds.saturating_abs();
    if distance < 45 {
        return locale.pick("الآن", "now").to_owned();
    }
    let unit = if distance < 3600 {
        MINUTE
    } else if distance < 86_400 {
        HOUR
    } else if distance < 30 * 86_400 {
        DAY
    } else if distance < YEAR.seconds {
        MONTH
    } else {
        YEAR
    };
    // Rounded down, so that "in 2 hours" is never later than that; but at least one.
    away((distance / unit.seconds).max(1), seconds < 0, unit, locale)
}

/// How far a day is from today: `اليوم`, `أمس`, `غدًا`, `قبل 3 أيام`, `بعد شهرين`.
pub fn relative_day(day: Date, today: Date, locale: &Locale) -> String {
    let days = day
        .since(today)
        .map_or(0, |span| i64::from(span.get_days()));
    match days {
        0 => locale.pick("اليوم", "today").to_owned(),
        1 => locale.pick("غدًا", "tomorrow").to_owned(),
        -1 => locale.pick("أمس", "yesterday").to_owned(),
        _ => {
            let distance = days.abs();
            let unit = if distance < 30 {
                DAY
            } else if distance < 365 {
                MONTH
            } else {
                YEAR
            };
            away(
                (distance * DAY.seconds / unit.seconds).max(1),
                days < 0,
                unit,
                locale,
            )
        }
    }
}

/// A span of seconds in its two largest units: `ساعتان و5 دقائق`, `2 hours 5 minutes`. Negative counts as its size.
pub fn format_duration(seconds: i64, locale: &Locale) -> String {
    let mut left = seconds.saturating_abs();
    let mut parts: Vec<String> = Vec::new();
    for unit in [DAY, HOUR, MINUTE, SECOND] {
        let n = left / unit.seconds;
        left %= unit.seconds;
        if n > 0 {
            parts.push(match locale.lang {
                Lang::Ar => unit.alone.counted(n, &format_integer(n, locale)),
                Lang::En => english(n, unit, locale),
            });
            if parts.len() == 2 {
                break;
            }
        } else if !parts.is_empty() {
            break;
        }
    }
    if parts.is_empty() {
        return format!(
            "{} {}",
            format_integer(0, locale),
            locale.pick("ثانية", "seconds")
        );
    }
    parts.join(locale.pick(" و", " "))
}

fn away(n: i64, past: bool, unit: Unit, locale: &Locale) -> String {
    match (locale.lang, past) {
        (Lang::Ar, _) => {
            let preposition = if past { "قبل" } else { "بعد" };
            format!(
                "{preposition} {}",
                unit.after.counted(n, &format_integer(n, locale))
            )
        }
        (Lang::En, true) => format!("{} ago", english(n, unit, locale)),
        (Lang::En, false) => format!("in {}", english(n, unit, locale)),
    }
}

fn english(n: i64, unit: Unit, locale: &Locale) -> String {
    format!(
        "{} {}{}",
        format_integer(n, locale),
        unit.en,
        if n == 1 { "" } else { "s" }
    )
}
