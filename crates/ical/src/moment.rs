//! Moments as calendar programs write them: a day, a local time with or without a zone, an instant.

use crate::{Component, Prop, Refused};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// The whole day.
    Day(Date),
    /// In the named zone; `None`: wherever the reader is.
    Local(DateTime, Option<String>),
    Utc(Timestamp),
}

impl Moment {
    /// The value of `DTSTART`, `DUE`, `RECURRENCE-ID` …; `calendar` is where `VTIMEZONE`s stand.
    ///
    /// # Errors
    /// Not a date, not a time.
    pub fn of(prop: &Prop, calendar: &Component) -> Result<Moment, Refused> {
        Moment::parse(&prop.value, prop.param("TZID"), calendar)
    }

    /// # Errors
    /// Not a date, not a time.
    pub fn parse(value: &str, zone: Option<&str>, calendar: &Component) -> Result<Moment, Refused> {
        let bad = || Refused::new("ical-bad-time", value.chars().take(40).collect::<String>());
        let value = value.trim();
        let Some((date, time)) = value.split_once('T') else { return Ok(Moment::Day(day(value).ok_or_else(bad)?)) };
        let (time, utc) = time.strip_suffix('Z').map_or((time, false), |t| (t, true));
        let local = day(date).zip(clock(time)).map(|(d, t)| d.to_datetime(t)).ok_or_else(bad)?;
        if utc {
            return local.to_zoned(TimeZone::UTC).map(|z| Moment::Utc(z.timestamp())).map_err(|_| bad());
        }
        Ok(Moment::Local(local, zone.and_then(|z| zone_name(z, calendar))))
    }

    /// The instant, where the zone is not named in `fallback`. A day begins at its first moment.
    pub fn instant(&self, fallback: &TimeZone) -> Timestamp {
        match self {
            Moment::Utc(t) => *t,
            Moment::Day(d) => instant(d.to_datetime(Time::midnight()), fallback),
            Moment::Local(at, zone) => instant(*at, &zone.as_deref().and_then(|z| TimeZone::get(z).ok()).unwrap_or_else(|| fallback.clone())),
        }
    }

    pub fn is_day(&self) -> bool {
        matches!(self, Moment::Day(_))
    }
}

/// The instant of a local time: in a gap the time after it, in a fold the earlier one.
pub fn instant(at: DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_zoned(at).compatible().map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}

/// `20261128`
pub fn day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?).ok()
}

fn clock(text: &str) -> Option<Time> {
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A leap second has no place in a calendar.
    let second: i8 = text.get(4..)?.parse().ok()?;
    Time::new(text.get(..2)?.parse().ok()?, text.get(2..4)?.parse().ok()?, second.min(59), 0).ok()
}

/// `P1DT2H`, `-PT15M`, as RFC 5545 §3.3.6 has it, in minutes; at most ten years.
pub fn minutes(text: &str) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mut total, mut number, mut any) = (0_i64, 0_i64, false);
    for c in rest.strip_prefix('P')?.chars() {
        match c {
            '0'..='9' => number = number.checked_mul(10)?.checked_add(i64::from(c.to_digit(10)?))?,
            'T' => {}
            unit => {
                let each = match unit {
                    'W' => 7 * 24 * 60,
                    'D' => 24 * 60,
                    'H' => 60,
                    'M' => 1,
                    'S' => 0,
                    _ => return None,
                };
                total = total.checked_add(number.checked_mul(each)?)?;
                number = 0;
                any = true;
            }
        }
    }
    (any && total <= 10 * 366 * 24 * 60).then_some(sign * total)
}

/// An instant as `20261128T063000Z`.
pub fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
/// A day as `20261128`.
pub fn date(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}
/// A property with a moment in a zone: UTC needs no zone, others are named.
pub fn zoned(name: &str, at: Timestamp, zone: &str) -> Prop {
    match TimeZone::get(zone) {
        Ok(tz) if zone != "UTC" => Prop::raw(name, at.to_zoned(tz).strftime("%Y%m%dT%H%M%S").to_string()).with("TZID", zone),
        _ => Prop::raw(name, utc(at)),
    }
}

/// The IANA name of a zone as other programs call it: by that name, behind a path, as Windows says, or as the definition says.
pub fn zone_name(id: &str, calendar: &Component) -> Option<String> {
    let known = |name: &str| TimeZone::get(name).ok().map(|_| name.to_owned());
    let tail = |n: usize| {
        let mut parts: Vec<&str> = id.rsplit('/').take(n).collect();
        parts.reverse();
        known(&parts.join("/"))
    };
    let windows = || WINDOWS.iter().find(|(w, _)| *w == id).and_then(|(_, iana)| known(iana));
    let defined = || {
        let zone = calendar.parts("VTIMEZONE").find(|z| z.get("TZID").is_some_and(|p| p.value == id))?;
        zone.get("X-LIC-LOCATION").and_then(|p| known(&p.value)).or_else(|| fixed(zone))
    };
    known(id).or_else(|| tail(2)).or_else(|| tail(3)).or_else(windows).or_else(defined)
}

/// A zone without a name anybody knows, where it has one offset all the year.
fn fixed(zone: &Component) -> Option<String> {
    let mut offsets = zone.parts.iter().filter_map(|p| p.get("TZOFFSETTO")).map(|p| p.value.as_str());
    let first = offsets.next()?;
    if offsets.any(|o| o != first) || first.get(3..5)? != "00" {
        return None;
    }
    let hours: i8 = first.get(..3)?.parse().ok()?;
    // POSIX counts westwards.
    let name = if hours == 0 { "UTC".to_owned() } else { format!("Etc/GMT{:+}", -hours) };
    TimeZone::get(&name).ok().map(|_| name)
}

/// Names of Windows for the zones our customers live and trade in (CLDR `windowsZones`).
const WINDOWS: [(&str, &str); 22] = [
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("West Bank Standard Time", "Asia/Hebron"),
    ("Libya Standard Time", "Africa/Tripoli"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("Sudan Standard Time", "Africa/Khartoum"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("GMT Standard Time", "Europe/London"),
    ("Romance Standard Time", "Europe/Paris"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Eastern Standard Time", "America/New_York"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("India Standard Time", "Asia/Kolkata"),
    ("China Standard Time", "Asia/Shanghai"),
    ("UTC", "UTC"),
];

/// The definition of a zone around two years, for programs that do not know its name: its transitions as they are.
pub fn definition(zone: &str, around: Timestamp) -> Option<Component> {
    let tz = TimeZone::get(zone).ok()?;
    let hour = |seconds: i32| {
        let (sign, s) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
        format!("{sign}{:02}{:02}", s / 3600, s % 3600 / 60)
    };
    let years: Span = 366.days();
    let from = around.to_zoned(TimeZone::UTC).saturating_sub(years).timestamp();
    let mut before = tz.to_offset(from).seconds();
    let observance = |kind: &str, was: i32, is: i32, at: DateTime, name: &str| {
        Component::new(kind)
            .with(Prop::raw("DTSTART", at.strftime("%Y%m%dT%H%M%S").to_string()))
            .with(Prop::raw("TZOFFSETFROM", hour(was)))
            .with(Prop::raw("TZOFFSETTO", hour(is)))
            .with(Prop::text("TZNAME", name))
    };
    let mut all = Component::new("VTIMEZONE").with(Prop::raw("TZID", zone)).with(Prop::raw("X-LIC-LOCATION", zone));
    let start = DateTime::new(1970, 1, 1, 0, 0, 0, 0).ok()?;
    all.parts.push(observance("STANDARD", before, before, start, tz.to_offset_info(from).abbreviation()));
    for t in tz.following(from).take(8) {
        let is = t.offset().seconds();
        let local = (t.timestamp() + i64::from(before).seconds()).to_zoned(TimeZone::UTC).datetime();
        let kind = if t.dst().is_dst() { "DAYLIGHT" } else { "STANDARD" };
        all.parts.push(observance(kind, before, is, local, t.abbreviation()));
        before = is;
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(value: &str, zone: Option<&str>) -> Timestamp {
        Moment::parse(value, zone, &Component::default()).unwrap().instant(&TimeZone::get("Asia/Riyadh").unwrap())
    }

    #[test]
    fn moments_in_zones() {
        for (value, zone, want) in [
            ("20261128T093000", None, "2026-11-28T06:30:00Z"),
            ("20261128T093000Z", None, "2026-11-28T09:30:00Z"),
            ("20261128", None, "2026-11-27T21:00:00Z"),
            ("20260801T093000", Some("Africa/Cairo"), "2026-08-01T06:30:00Z"),
            ("20261201T093000", Some("Egypt Standard Time"), "2026-12-01T07:30:00Z"),
            ("20260801T093000", Some("/freeassociation.sourceforge.net/Africa/Cairo"), "2026-08-01T06:30:00Z"),
            // Morocco leaves its summer time in Ramadan: 2026-02-15 to 2026-03-22.
            ("20260301T093000", Some("Africa/Casablanca"), "2026-03-01T09:30:00Z"),
            ("20260401T093000", Some("Africa/Casablanca"), "2026-04-01T08:30:00Z"),
        ] {
            assert_eq!(at(value, zone).to_string(), want, "{value} {zone:?}");
        }
        for bad in ["2026-11-28", "20261332", "20261128T2500", "20261128T250000", "", "T"] {
            assert!(Moment::parse(bad, None, &Component::default()).is_err(), "{bad}");
        }
        assert_eq!(zoned("DTSTART", at("20261128T093000", None), "Asia/Riyadh").value, "20261128T093000");
    }

    #[test]
    fn durations() {
        for (text, want) in [("PT15M", Some(15)), ("-P1DT2H", Some(-1560)), ("P2W", Some(20160)), ("PT", None), ("P9999999W", None), ("1H", None)] {
            assert_eq!(minutes(text), want, "{text}");
        }
    }

    #[test]
    fn a_zone_is_defined_by_its_transitions() {
        let zone = definition("Africa/Cairo", "2026-11-28T00:00:00Z".parse().unwrap()).unwrap().write();
        assert!(zone.contains("TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0300"), "{zone}");
        let text = "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n";
        let calendar = Component { parts: crate::content::parse(text).unwrap(), ..Component::default() };
        assert_eq!(zone_name("Mine", &calendar).as_deref(), Some("Etc/GMT-3"));
    }
}
