//! The span a dashboard looks at, cut into months of the reader's calendar.
//!
//! Days are the company's: a month begins at midnight in its zone. SQL never sees a calendar, only instants.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil::Date};
use text::Locale;
use text::calendar::{first_of_month, next_month};

/// What the reader chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    Quarter,
    #[default]
    Year,
    TwoYears,
    All,
}

impl Choice {
    pub const EACH: [Choice; 4] = [Choice::Quarter, Choice::Year, Choice::TwoYears, Choice::All];
    /// The word in the address: `?period=12m`.
    pub fn key(self) -> &'static str {
        match self {
            Choice::Quarter => "3m",
            Choice::Year => "12m",
            Choice::TwoYears => "24m",
            Choice::All => "all",
        }
    }
    /// The sentence that names it.
    pub fn sentence(self) -> &'static str {
        match self {
            Choice::Quarter => "insight-period-3m",
            Choice::Year => "insight-period-12m",
            Choice::TwoYears => "insight-period-24m",
            Choice::All => "insight-period-all",
        }
    }
    pub fn parse(key: &str) -> Choice {
        Choice::EACH.into_iter().find(|c| c.key() == key).unwrap_or_default()
    }
    fn months(self) -> Option<usize> {
        match self {
            Choice::Quarter => Some(3),
            Choice::Year => Some(12),
            Choice::TwoYears => Some(24),
            Choice::All => None,
        }
    }
}

/// One month: its days `[from, to)` and the instants at which they begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    pub from: Date,
    pub to: Date,
    pub start: Timestamp,
    pub end: Timestamp,
}

/// Consecutive months, at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    pub choice: Choice,
    pub months: Vec<Month>,
}

/// The most months of a chart; earlier ones are left out of "all".
const MOST: usize = 60;

impl Period {
    /// The months up to the one `last` lies in. `first` bounds "all": the day of the first order.
    pub fn new(choice: Choice, first: Date, last: Date, locale: &Locale, zone: &TimeZone) -> Period {
        let mut months = Vec::new();
        let mut at = first_of_month(last, locale.calendar);
        loop {
            let to = next_month(at, locale.calendar);
            months.push(Month { from: at, to, start: midnight(at, zone), end: midnight(to, zone) });
            let enough = match choice.months() {
                Some(n) => months.len() >= n,
                None => at <= first || months.len() >= MOST,
            };
            if enough {
                break;
            }
            at = first_of_month(at.saturating_sub(1.day()), locale.calendar);
        }
        months.reverse();
        Period { choice, months }
    }
    /// As many months right before this one; none before "all".
    pub fn before(&self, locale: &Locale, zone: &TimeZone) -> Option<Period> {
        let first = self.months.first().filter(|_| self.choice != Choice::All)?;
        let last = first.from.saturating_sub(1.day());
        Some(Period::new(self.choice, last, last, locale, zone))
    }
    pub fn start(&self) -> Timestamp {
        self.months.first().map_or(Timestamp::MIN, |m| m.start)
    }
    pub fn end(&self) -> Timestamp {
        self.months.last().map_or(Timestamp::MAX, |m| m.end)
    }
    pub fn first_day(&self) -> Date {
        self.months.first().map_or(Date::MIN, |m| m.from)
    }
    /// The day after the last one.
    pub fn end_day(&self) -> Date {
        self.months.last().map_or(Date::MAX, |m| m.to)
    }
    /// The month that begins at this instant (microseconds).
    pub fn index(&self, start: i64) -> Option<usize> {
        self.months.iter().position(|m| m.start.as_microsecond() == start)
    }
}

fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use text::Calendar;
    use text::calendar::to_hijri;

    #[test]
    fn gregorian_months_in_the_companys_zone() {
        let zone = TimeZone::get("Asia/Riyadh").unwrap();
        let locale = Locale::ar("SA");
        let p = Period::new(Choice::Year, date(2009, 12, 1), date(2011, 12, 9), &locale, &zone);
        assert_eq!((p.months.len(), p.first_day(), p.end_day()), (12, date(2011, 1, 1), date(2012, 1, 1)));
        assert_eq!(p.start().to_string(), "2010-12-31T21:00:00Z");
        let b = p.before(&locale, &zone).unwrap();
        assert_eq!((b.first_day(), b.end_day(), b.months.len()), (date(2010, 1, 1), date(2011, 1, 1), 12));
        let all = Period::new(Choice::All, date(2009, 12, 1), date(2011, 12, 9), &locale, &zone);
        assert_eq!((all.months.len(), all.before(&locale, &zone)), (25, None));
        assert!(p.months.windows(2).all(|w| w[0].end == w[1].start));
    }

    #[test]
    fn hijri_months() {
        let locale = Locale::ar("SA").with_calendar(Calendar::Hijri);
        let p = Period::new(Choice::Year, date(2025, 1, 1), date(2026, 3, 5), &locale, &TimeZone::UTC);
        assert_eq!(p.months.len(), 12);
        // 16 Ramadan 1447: Ramadan began on 18 February 2026.
        assert_eq!(p.months.last().unwrap().from, date(2026, 2, 18));
        assert!(p.months.iter().all(|m| to_hijri(m.from).day == 1 && matches!(m.from.until(m.to).unwrap().get_days(), 29 | 30)));
        assert!(p.months.windows(2).all(|w| w[0].to == w[1].from));
    }
}
