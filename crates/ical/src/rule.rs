//! Recurrence rules (RFC 5545 §3.3.10) in the Gregorian or the Umm al-Qura calendar (RFC 7529).

use crate::{Component, Moment, Refused};
use jiff::civil::{Date, Weekday};
use text::calendar::{from_hijri, hijri_month_length, to_hijri};

/// The largest `COUNT`; thirteen years of days.
pub const MAX_COUNT: u32 = 5_000;
const MAX_INTERVAL: u16 = 1_000;
/// Members of one `BY…` list.
const MAX_LIST: usize = 400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freq {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// The calendar whose months and years are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    #[default]
    Gregorian,
    UmmAlQura,
}

/// What becomes of a day that the month does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Skip {
    #[default]
    Omit,
    Backward,
    Forward,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub freq: Freq,
    pub interval: u16,
    pub count: Option<u32>,
    /// The last occurrence is not after it.
    pub until: Option<Moment>,
    pub months: Vec<u8>,
    /// Negative: from the end of the month.
    pub month_days: Vec<i8>,
    pub year_days: Vec<i16>,
    pub weeks: Vec<i8>,
    /// With the ordinal of `2SU`, `-1FR`; zero: each.
    pub days: Vec<(i8, Weekday)>,
    pub positions: Vec<i16>,
    pub week_start: Weekday,
    pub scale: Scale,
    pub skip: Skip,
}

impl Rule {
    pub fn new(freq: Freq) -> Self {
        Rule {
            freq,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            weeks: Vec::new(),
            days: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
            scale: Scale::Gregorian,
            skip: Skip::Omit,
        }
    }

    /// The value of an `RRULE`.
    ///
    /// # Errors
    /// More often than daily; parts that are unknown, doubled or out of range; both an end and a count.
    pub fn parse(text: &str) -> Result<Rule, Refused> {
        let text = text.trim();
        let text = text.strip_prefix("RRULE:").unwrap_or(text);
        let bad = |part: &str| Refused::new("ical-bad-rule", part.chars().take(60).collect::<String>());
        if text.len() > 2_000 {
            return Err(bad(text));
        }
        let mut parts: Vec<(String, &str)> = Vec::new();
        for part in text.split(';').filter(|p| !p.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| bad(part))?;
            let name = name.trim().to_ascii_uppercase();
            if parts.iter().any(|(n, _)| *n == name) {
                return Err(bad(part));
            }
            parts.push((name, value.trim()));
        }
        let freq = parts.iter().find(|(n, _)| n == "FREQ").map(|(_, v)| v.to_ascii_uppercase());
        let mut rule = Rule::new(match freq.as_deref() {
            Some("DAILY") => Freq::Daily,
            Some("WEEKLY") => Freq::Weekly,
            Some("MONTHLY") => Freq::Monthly,
            Some("YEARLY") => Freq::Yearly,
            Some(often @ ("SECONDLY" | "MINUTELY" | "HOURLY")) => return Err(Refused::new("ical-too-often", often)),
            _ => return Err(bad(text)),
        });
        let mut scaled = false;
        for (name, value) in &parts {
            let fail = || bad(&format!("{name}={value}"));
            match name.as_str() {
                "FREQ" => {}
                "INTERVAL" => rule.interval = value.parse().ok().filter(|n| (1..=MAX_INTERVAL).contains(n)).ok_or_else(fail)?,
                "COUNT" => {
                    let n: u64 = value.parse().ok().filter(|n| *n > 0).ok_or_else(fail)?;
                    let n = u32::try_from(n).ok().filter(|n| *n <= MAX_COUNT);
                    rule.count = Some(n.ok_or_else(|| Refused::new("ical-too-many", MAX_COUNT.to_string()))?);
                }
                "UNTIL" => rule.until = Some(Moment::parse(value, None, &Component::default()).map_err(|_| fail())?),
                "BYMONTH" => rule.months = list(value, 1..=12).ok_or_else(fail)?,
                "BYMONTHDAY" => rule.month_days = list(value, -31..=31).ok_or_else(fail)?,
                "BYYEARDAY" => rule.year_days = list(value, -366..=366).ok_or_else(fail)?,
                "BYWEEKNO" => rule.weeks = list(value, -53..=53).ok_or_else(fail)?,
                "BYSETPOS" => rule.positions = list(value, -366..=366).ok_or_else(fail)?,
                "BYDAY" => rule.days = value.split(',').take(MAX_LIST).map(weekday_nth).collect::<Option<_>>().ok_or_else(fail)?,
                "WKST" => rule.week_start = weekday(value).ok_or_else(fail)?,
                "RSCALE" => {
                    scaled = true;
                    rule.scale = match value.to_ascii_uppercase().as_str() {
                        "GREGORIAN" => Scale::Gregorian,
                        "ISLAMIC-UMALQURA" => Scale::UmmAlQura,
                        other => return Err(Refused::new("ical-other-calendar", other)),
                    };
                }
                "SKIP" => {
                    rule.skip = match value.to_ascii_uppercase().as_str() {
                        "OMIT" => Skip::Omit,
                        "BACKWARD" => Skip::Backward,
                        "FORWARD" => Skip::Forward,
                        _ => return Err(fail()),
                    };
                }
                // Several times a day is not what a calendar of people is for.
                "BYHOUR" | "BYMINUTE" | "BYSECOND" => return Err(Refused::new("ical-too-often", name.as_str())),
                name if name.starts_with("X-") => {}
                _ => return Err(fail()),
            }
        }
        let clash = (rule.count.is_some() && rule.until.is_some())
            || (rule.skip != Skip::Omit && !scaled)
            || (!rule.weeks.is_empty() && (rule.freq != Freq::Yearly || rule.scale != Scale::Gregorian))
            || (!rule.year_days.is_empty() && rule.freq != Freq::Yearly)
            || (!rule.month_days.is_empty() && rule.freq == Freq::Weekly)
            || rule.days.iter().any(|(n, _)| *n != 0) && (!matches!(rule.freq, Freq::Monthly | Freq::Yearly) || !rule.weeks.is_empty());
        if clash { Err(bad(text)) } else { Ok(rule) }
    }
}

impl std::fmt::Display for Rule {
    /// As the value of an `RRULE`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.scale == Scale::UmmAlQura || self.skip != Skip::Omit {
            f.write_str(if self.scale == Scale::UmmAlQura { "RSCALE=ISLAMIC-UMALQURA;" } else { "RSCALE=GREGORIAN;" })?;
        }
        f.write_str(match self.freq {
            Freq::Daily => "FREQ=DAILY",
            Freq::Weekly => "FREQ=WEEKLY",
            Freq::Monthly => "FREQ=MONTHLY",
            Freq::Yearly => "FREQ=YEARLY",
        })?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        if let Some(n) = self.count {
            write!(f, ";COUNT={n}")?;
        }
        match &self.until {
            Some(Moment::Day(d)) => write!(f, ";UNTIL={}", crate::moment::date(*d))?,
            Some(Moment::Utc(t)) => write!(f, ";UNTIL={}", crate::moment::utc(*t))?,
            Some(Moment::Local(t, _)) => write!(f, ";UNTIL={}", t.strftime("%Y%m%dT%H%M%S"))?,
            None => {}
        }
        let joined = |items: Vec<String>| items.join(",");
        let mut part = |name: &str, items: Vec<String>| if items.is_empty() { Ok(()) } else { write!(f, ";{name}={}", joined(items)) };
        part("BYMONTH", self.months.iter().map(ToString::to_string).collect())?;
        part("BYWEEKNO", self.weeks.iter().map(ToString::to_string).collect())?;
        part("BYYEARDAY", self.year_days.iter().map(ToString::to_string).collect())?;
        part("BYMONTHDAY", self.month_days.iter().map(ToString::to_string).collect())?;
        let day = |(n, d): &(i8, Weekday)| format!("{}{}", if *n == 0 { String::new() } else { n.to_string() }, weekday_key(*d));
        part("BYDAY", self.days.iter().map(day).collect())?;
        part("BYSETPOS", self.positions.iter().map(ToString::to_string).collect())?;
        if self.week_start != Weekday::Monday {
            write!(f, ";WKST={}", weekday_key(self.week_start))?;
        }
        match self.skip {
            Skip::Omit => Ok(()),
            Skip::Backward => f.write_str(";SKIP=BACKWARD"),
            Skip::Forward => f.write_str(";SKIP=FORWARD"),
        }
    }
}

/// Whole numbers of a range, none of them zero.
fn list<T: TryFrom<i32>>(value: &str, range: std::ops::RangeInclusive<i32>) -> Option<Vec<T>> {
    let all: Option<Vec<T>> =
        value.split(',').map(|v| v.trim().parse::<i32>().ok().filter(|n| *n != 0 && range.contains(n)).and_then(|n| T::try_from(n).ok())).collect();
    all.filter(|l| l.len() <= MAX_LIST)
}

fn weekday_nth(text: &str) -> Option<(i8, Weekday)> {
    let text = text.trim();
    let (n, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let n: i8 = if n.is_empty() { 0 } else { n.parse().ok().filter(|n| *n != 0 && (-53..=53).contains(n))? };
    Some((n, weekday(day)?))
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

pub fn weekday(key: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, d)| *d)
}
pub fn weekday_key(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, d)| *d == day).map_or("MO", |(k, _)| k)
}

impl Scale {
    /// Year, month, day of month.
    pub fn parts(self, d: Date) -> (i32, u8, u8) {
        match self {
            Scale::Gregorian => (i32::from(d.year()), d.month().unsigned_abs(), d.day().unsigned_abs()),
            Scale::UmmAlQura => {
                let h = to_hijri(d);
                (h.year, h.month, h.day)
            }
        }
    }
    pub fn month_length(self, year: i32, month: u8) -> Option<u8> {
        match self {
            Scale::Gregorian => self.date(year, month, 1).map(|d| d.days_in_month().unsigned_abs()),
            Scale::UmmAlQura => hijri_month_length(year, month),
        }
    }
    pub fn date(self, year: i32, month: u8, day: u8) -> Option<Date> {
        match self {
            Scale::Gregorian => Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok(),
            Scale::UmmAlQura => from_hijri(year, month, day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_back_as_they_went() {
        for text in [
            "FREQ=DAILY;INTERVAL=2;COUNT=10",
            "FREQ=WEEKLY;BYDAY=SU,TU;WKST=SU",
            "FREQ=MONTHLY;UNTIL=20261231T210000Z;BYDAY=-1TH",
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
            "RSCALE=ISLAMIC-UMALQURA;FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1",
            "RSCALE=ISLAMIC-UMALQURA;FREQ=MONTHLY;BYMONTHDAY=30;SKIP=BACKWARD",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,SU;BYSETPOS=-1",
        ] {
            assert_eq!(Rule::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_rule_of_a_calendar_is_refused() {
        for (text, key) in [
            ("FREQ=SECONDLY", "ical-too-often"),
            ("FREQ=MINUTELY;COUNT=99999999", "ical-too-often"),
            ("FREQ=DAILY;BYHOUR=1,2,3", "ical-too-often"),
            ("FREQ=DAILY;COUNT=100000", "ical-too-many"),
            ("FREQ=DAILY;COUNT=99999999999999999999999", "ical-bad-rule"),
            ("FREQ=DAILY;INTERVAL=0", "ical-bad-rule"),
            ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "ical-bad-rule"),
            ("FREQ=DAILY;FREQ=DAILY", "ical-bad-rule"),
            ("FREQ=MONTHLY;BYMONTHDAY=0", "ical-bad-rule"),
            ("FREQ=WEEKLY;BYDAY=2SU", "ical-bad-rule"),
            ("FREQ=MONTHLY;SKIP=FORWARD", "ical-bad-rule"),
            ("RSCALE=CHINESE;FREQ=YEARLY", "ical-other-calendar"),
            ("INTERVAL=2", "ical-bad-rule"),
            ("كل يوم", "ical-bad-rule"),
        ] {
            assert_eq!(Rule::parse(text).unwrap_err().key, key, "{text}");
        }
    }
}
