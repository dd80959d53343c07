//! From what a person chooses ("every working day") to a rule, and when a series ends.

use ical::rule::{Freq, Rule, Scale};
use ical::{Moment, Series};
use kernel::jiff::civil::{Date, Weekday};
use kernel::jiff::tz::TimeZone;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::{Fault, Issue, Outcome, Record, Value};
use text::calendar::to_hijri;

/// "Always another one": the end of such a series.
pub fn never() -> Timestamp {
    Timestamp::from_second(253_370_764_800).unwrap_or(Timestamp::MAX)
}

/// The rule of a choice for a series that begins on `day`; the weekdays given are those on which the company works.
pub fn rule_of(choice: &str, day: Date, until: Option<Date>, workdays: &[Weekday]) -> Option<Rule> {
    let monthly = |scale| {
        let n = if scale == Scale::UmmAlQura { to_hijri(day).day } else { day.day().unsigned_abs() };
        // The thirtieth of a short month is its last day, not none.
        let skip = if n > 28 { ical::rule::Skip::Backward } else { ical::rule::Skip::Omit };
        Rule { scale, skip, month_days: vec![i8::try_from(n).unwrap_or(1)], ..Rule::new(Freq::Monthly) }
    };
    let mut rule = match choice {
        "daily" => Rule::new(Freq::Daily),
        "workdays" => Rule { days: workdays.iter().map(|d| (0, *d)).collect(), ..Rule::new(Freq::Weekly) },
        "weekly" => Rule::new(Freq::Weekly),
        "fortnightly" => Rule { interval: 2, ..Rule::new(Freq::Weekly) },
        "monthly" => monthly(Scale::Gregorian),
        "hijri_monthly" => monthly(Scale::UmmAlQura),
        "yearly" => Rule::new(Freq::Yearly),
        "hijri_yearly" => {
            let h = to_hijri(day);
            let skip = if h.day > 29 { ical::rule::Skip::Backward } else { ical::rule::Skip::Omit };
            Rule { scale: Scale::UmmAlQura, skip, months: vec![h.month], month_days: vec![i8::try_from(h.day).unwrap_or(1)], ..Rule::new(Freq::Yearly) }
        }
        _ => return None,
    };
    rule.until = until.map(Moment::Day);
    Some(rule)
}

/// A refusal of a calendar text as an issue of a field.
pub fn refused(field: &str, r: &ical::Refused) -> Fault {
    Fault::issue(Issue::new(field, r.key).arg("detail", &r.detail))
}

/// The zone a record keeps its local time in.
pub fn zone(record: &Record) -> TimeZone {
    record.get("zone").text().and_then(|z| TimeZone::get(z).ok()).unwrap_or(TimeZone::UTC)
}

/// How long it takes.
pub fn length(at: Timestamp, ends: Option<Timestamp>) -> SignedDuration {
    ends.map_or(SignedDuration::ZERO, |e| e.duration_since(at)).max(SignedDuration::ZERO)
}

/// The rule of a record, read.
///
/// # Errors
/// What stands there is no rule.
pub fn rule(record: &Record) -> Outcome<Option<Rule>> {
    match record.get("rule").text() {
        Some(text) if !text.is_empty() => Rule::parse(text).map(Some).map_err(|r| refused("rule", &r)),
        _ => Ok(None),
    }
}

/// When the last occurrence ends; `None` for what has no time.
///
/// # Errors
/// As [`rule`].
pub fn last(record: &Record) -> Outcome<Option<Timestamp>> {
    let Some(at) = record.get("at").datetime() else { return Ok(None) };
    let length = length(at, record.get("ends").datetime());
    let Some(rule) = rule(record)? else { return Ok(Some(at.saturating_add(length).unwrap_or(at))) };
    let zone = zone(record);
    let start = at.to_zoned(zone.clone()).datetime();
    let last = Series { rule: &rule, start, zone: &zone }.last();
    Ok(Some(last.map_or_else(never, |l| l.saturating_add(length).unwrap_or(l))))
}

/// Writes the rule that follows from the choice into the record.
///
/// # Errors
/// A rule that is none, or too much of one.
pub fn settle(record: &mut Record, workdays: &[Weekday]) -> Outcome<()> {
    let choice = record.get("repeat").text().unwrap_or_default().to_owned();
    let rule = match (choice.as_str(), record.get("at").datetime()) {
        ("" | "custom", None) | ("", _) => None,
        (_, None) => return Err(Fault::invalid("at", "activity-needs-time")),
        ("custom", Some(_)) => match record.get("rule").text() {
            Some(text) => Some(Rule::parse(text).map_err(|r| refused("rule", &r))?),
            None => None,
        },
        (choice, Some(at)) => rule_of(choice, at.to_zoned(zone(record)).date(), record.get("repeat_until").date(), workdays),
    };
    record.set("rule", rule.map_or(Value::Null, |r| Value::Text(r.to_string())));
    if choice == "custom" || choice.is_empty() {
        record.set("repeat_until", Value::Null);
    }
    Ok(())
}

/// Which choice a rule of another program is.
pub fn choice_of(rule: &Rule, day: Date, workdays: &[Weekday]) -> (&'static str, Option<Date>) {
    let until = match rule.until {
        Some(Moment::Day(d)) => Some(d),
        None => None,
        _ => return ("custom", None),
    };
    ["daily", "workdays", "weekly", "fortnightly", "monthly", "yearly", "hijri_monthly", "hijri_yearly"]
        .into_iter()
        .find(|c| rule_of(c, day, until, workdays).as_ref() == Some(rule))
        .map_or(("custom", None), |c| (c, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_rules() {
        let day: Date = "2026-03-30".parse().unwrap();
        let week = [Weekday::Sunday, Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday];
        for (choice, want) in [
            ("daily", "FREQ=DAILY;UNTIL=20271231"),
            ("workdays", "FREQ=WEEKLY;UNTIL=20271231;BYDAY=SU,MO,TU,WE,TH"),
            ("fortnightly", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271231"),
            ("monthly", "RSCALE=GREGORIAN;FREQ=MONTHLY;UNTIL=20271231;BYMONTHDAY=30;SKIP=BACKWARD"),
            ("hijri_monthly", "RSCALE=ISLAMIC-UMALQURA;FREQ=MONTHLY;UNTIL=20271231;BYMONTHDAY=11"),
            ("hijri_yearly", "RSCALE=ISLAMIC-UMALQURA;FREQ=YEARLY;UNTIL=20271231;BYMONTH=10;BYMONTHDAY=11"),
        ] {
            let until = Some("2027-12-31".parse().unwrap());
            let rule = rule_of(choice, day, until, &week).unwrap();
            assert_eq!(rule.to_string(), want);
            assert_eq!(choice_of(&Rule::parse(want).unwrap(), day, &week), (choice, until));
        }
        assert_eq!(choice_of(&Rule::parse("FREQ=MONTHLY;BYDAY=-1TH").unwrap(), day, &week).0, "custom");
    }
}
