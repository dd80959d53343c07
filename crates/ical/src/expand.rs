//! The moments a series falls on, within a window, in bounded time.

use crate::moment::instant;
use crate::rule::{Freq, Rule, Scale, Skip};
use crate::Moment;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;

/// Periods without an occurrence after which a rule counts as ended: 29 February comes back within eight years,
/// the rarest combination of a weekday with a day of a Hijri month within a few decades.
const MAX_EMPTY: u32 = 2_000;

/// A first moment and what follows from it.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    pub rule: &'a Rule,
    /// Local time of the first occurrence.
    pub start: DateTime,
    pub zone: &'a TimeZone,
}

impl Series<'_> {
    /// The occurrences that begin in `from..to`, ascending, at most `limit` of them. The first moment is always one.
    pub fn between(&self, from: Timestamp, to: Timestamp, limit: usize) -> Vec<Timestamp> {
        let mut out = Vec::new();
        let until = self.rule.until.as_ref().map(|u| match u {
            // A day as the end includes the whole of it.
            Moment::Day(d) => instant(d.saturating_add(1.day()).to_datetime(self.start.time()), self.zone) - 1.microsecond(),
            other => other.instant(self.zone),
        });
        let mut days = Days::new(self.rule, self.start.date(), from.to_zoned(self.zone.clone()).date());
        while let Some(day) = days.next() {
            let at = instant(day.to_datetime(self.start.time()), self.zone);
            if at >= to || until.is_some_and(|u| at > u) || out.len() >= limit {
                break;
            }
            if at >= from {
                out.push(at);
            }
        }
        out
    }

    /// The last occurrence; `None` when there is always another one.
    pub fn last(&self) -> Option<Timestamp> {
        if self.rule.count.is_none() && self.rule.until.is_none() {
            return None;
        }
        let first = instant(self.start, self.zone);
        if self.rule.count.is_some() {
            return Some(self.between(first, Timestamp::MAX, usize::MAX).pop().unwrap_or(first));
        }
        // Near its end, not from its beginning: an end may be centuries away.
        let end = self.rule.until.as_ref().map_or(first, |u| u.instant(self.zone));
        let mut back = 400_i64;
        loop {
            let from = end.checked_sub((back * 24).hours()).unwrap_or(first).max(first);
            if let Some(last) = self.between(from, Timestamp::MAX, 10_000).pop() {
                return Some(last);
            }
            if from == first {
                return Some(first);
            }
            back *= 8;
        }
    }
}

/// The days of a rule in order, from a day near the wanted one where nothing needs counting.
struct Days<'a> {
    rule: &'a Rule,
    start: Date,
    /// Number of the period after the first one.
    period: i64,
    ready: std::collections::VecDeque<Date>,
    given: u32,
    empty: u32,
    /// The first moment has been given.
    begun: bool,
}

impl<'a> Days<'a> {
    fn new(rule: &'a Rule, start: Date, wanted: Date) -> Self {
        let mut days = Days { rule, start, period: 0, ready: std::collections::VecDeque::new(), given: 0, empty: 0, begun: false };
        if rule.count.is_none() && wanted > start {
            let step = i64::from(rule.interval);
            let between = match rule.freq {
                Freq::Daily => i64::from((wanted - start).get_days()),
                Freq::Weekly => i64::from((wanted - start).get_days()) / 7,
                Freq::Monthly | Freq::Yearly => {
                    let ((y, m, _), (y0, m0, _)) = (rule.scale.parts(wanted), rule.scale.parts(start));
                    if rule.freq == Freq::Yearly { i64::from(y - y0) } else { i64::from(y - y0) * 12 + i64::from(m) - i64::from(m0) }
                }
            };
            // One period early: weeks and skipped days reach over the edges.
            days.period = (between / step - 1).max(0);
            days.begun = days.period > 0;
        }
        days
    }

    fn next(&mut self) -> Option<Date> {
        loop {
            if self.rule.count.is_some_and(|n| self.given >= n) {
                return None;
            }
            if let Some(day) = self.ready.pop_front() {
                if day < self.start {
                    continue;
                }
                if !self.begun {
                    self.begun = true;
                    if day != self.start {
                        self.ready.push_front(day);
                        self.given += 1;
                        return Some(self.start);
                    }
                }
                self.given += 1;
                return Some(day);
            }
            if self.empty > MAX_EMPTY {
                return (!std::mem::replace(&mut self.begun, true)).then_some(self.start);
            }
            let found = self.candidates()?;
            self.period += 1;
            self.empty = if found.is_empty() { self.empty + 1 } else { 0 };
            self.ready.extend(found);
        }
    }

    /// The days of the current period; none where the calendar ends.
    fn candidates(&self) -> Option<BTreeSet<Date>> {
        let r = self.rule;
        let steps = self.period.checked_mul(i64::from(r.interval))?;
        let (y, m, d) = r.scale.parts(self.start);
        let found: BTreeSet<Date> = match r.freq {
            Freq::Daily => {
                let day = self.start.checked_add(steps.days()).ok()?;
                [day].into_iter().filter(|d| self.month_fits(*d) && self.month_day_fits(*d) && self.weekday_fits(*d)).collect()
            }
            Freq::Weekly => {
                let first = week_of(self.start, r.week_start).checked_add((steps.checked_mul(7)?).days()).ok()?;
                let wanted = |day: &Date| if r.days.is_empty() { day.weekday() == self.start.weekday() } else { self.weekday_fits(*day) };
                (0..7_i64).filter_map(|i| first.checked_add(i.days()).ok()).filter(|d| wanted(d) && self.month_fits(*d)).collect()
            }
            Freq::Monthly => {
                let at = i64::from(y) * 12 + i64::from(m) - 1 + steps;
                let (year, month) = (i32::try_from(at.div_euclid(12)).ok()?, u8::try_from(at.rem_euclid(12)).ok()? + 1);
                r.scale.date(year, month, 1)?;
                if !r.months.is_empty() && !r.months.contains(&month) { BTreeSet::new() } else { self.month(year, month, d) }
            }
            Freq::Yearly => {
                let year = i32::try_from(i64::from(y) + steps).ok()?;
                r.scale.date(year, 1, 1)?;
                self.year(year, m, d)
            }
        };
        Some(self.chosen(found))
    }

    /// `BYSETPOS`: the first, the last but one … of a period.
    fn chosen(&self, found: BTreeSet<Date>) -> BTreeSet<Date> {
        if self.rule.positions.is_empty() {
            return found;
        }
        let all: Vec<Date> = found.into_iter().collect();
        let at = |p: i16| if p > 0 { usize::from(p.unsigned_abs()).checked_sub(1) } else { all.len().checked_sub(usize::from(p.unsigned_abs())) };
        self.rule.positions.iter().filter_map(|p| all.get(at(*p)?).copied()).collect()
    }

    fn month(&self, year: i32, month: u8, start_day: u8) -> BTreeSet<Date> {
        let r = self.rule;
        if !r.month_days.is_empty() {
            let days = r.month_days.iter().filter_map(|n| self.day(year, month, *n));
            return days.filter(|d| r.days.is_empty() || self.weekday_fits(*d)).collect();
        }
        if !r.days.is_empty() {
            let Some((first, last)) = self.bounds(year, month) else { return BTreeSet::new() };
            return self.weekdays_within(first, last);
        }
        self.day(year, month, i8::try_from(start_day).unwrap_or(1)).into_iter().collect()
    }

    fn year(&self, year: i32, start_month: u8, start_day: u8) -> BTreeSet<Date> {
        let r = self.rule;
        let months: Vec<u8> = if r.months.is_empty() { (1..=12).collect() } else { r.months.clone() };
        let Some((first, last)) = self.bounds(year, 1).zip(self.bounds(year, 12)).map(|((a, _), (_, z))| (a, z)) else { return BTreeSet::new() };
        let limits = |d: &Date| self.month_fits(*d) && self.month_day_fits(*d) && (r.days.is_empty() || self.weekday_fits(*d));
        if !r.year_days.is_empty() {
            let at = |n: i16| {
                let (base, n) = if n > 0 { (first, i64::from(n) - 1) } else { (last, i64::from(n) + 1) };
                base.checked_add(n.days()).ok().filter(|d| (first..=last).contains(d))
            };
            return r.year_days.iter().filter_map(|n| at(*n)).filter(limits).collect();
        }
        if !r.weeks.is_empty() {
            let weekday = |d: &Date| if r.days.is_empty() { d.weekday() == self.start.weekday() } else { self.weekday_fits(*d) };
            let days = r.weeks.iter().filter_map(|n| week_number(year, *n, r.week_start));
            return days.flat_map(|w| (0..7_i64).filter_map(move |i| w.checked_add(i.days()).ok())).filter(|d| weekday(d) && self.month_fits(*d)).collect();
        }
        if !r.month_days.is_empty() || (!r.days.is_empty() && !r.months.is_empty()) {
            return months.iter().flat_map(|m| self.month(year, *m, start_day)).collect();
        }
        if !r.days.is_empty() {
            return self.weekdays_within(first, last);
        }
        let months = if r.months.is_empty() { vec![start_month] } else { months };
        months.iter().filter_map(|m| self.day(year, *m, i8::try_from(start_day).unwrap_or(1))).collect()
    }

    fn bounds(&self, year: i32, month: u8) -> Option<(Date, Date)> {
        let first = self.rule.scale.date(year, month, 1)?;
        let length = self.rule.scale.month_length(year, month)?;
        Some((first, first.checked_add(i64::from(length - 1).days()).ok()?))
    }

    /// The day of a month, counted from its end when negative; what the month lacks goes where `SKIP` says.
    fn day(&self, year: i32, month: u8, n: i8) -> Option<Date> {
        let scale = self.rule.scale;
        let length = i16::from(scale.month_length(year, month)?);
        let wanted = if n > 0 { i16::from(n) } else { length + 1 + i16::from(n) };
        if wanted < 1 {
            return None;
        }
        if wanted <= length {
            return scale.date(year, month, u8::try_from(wanted).ok()?);
        }
        match self.rule.skip {
            Skip::Omit => None,
            Skip::Backward => scale.date(year, month, u8::try_from(length).ok()?),
            Skip::Forward => scale.date(year, month, 1)?.checked_add(i64::from(length).days()).ok(),
        }
    }

    /// The weekdays asked for between two days; with an ordinal, those of that number from either end.
    fn weekdays_within(&self, first: Date, last: Date) -> BTreeSet<Date> {
        let mut found = BTreeSet::new();
        for (n, weekday) in &self.rule.days {
            let ahead = i64::from(weekday.since(first.weekday()));
            let behind = i64::from(last.weekday().since(*weekday));
            let of = |d: Result<Date, jiff::Error>| d.ok().filter(|d| (first..=last).contains(d));
            match i64::from(*n) {
                0 => {
                    let mut d = of(first.checked_add(ahead.days()));
                    while let Some(day) = d {
                        found.insert(day);
                        d = of(day.checked_add(7.days()));
                    }
                }
                n if n > 0 => found.extend(of(first.checked_add((ahead + (n - 1) * 7).days()))),
                n => found.extend(of(last.checked_sub((behind + (-n - 1) * 7).days()))),
            }
        }
        found
    }

    fn weekday_fits(&self, d: Date) -> bool {
        self.rule.days.is_empty() || self.rule.days.iter().any(|(_, w)| *w == d.weekday())
    }
    fn month_fits(&self, d: Date) -> bool {
        self.rule.months.is_empty() || self.rule.months.contains(&self.rule.scale.parts(d).1)
    }
    fn month_day_fits(&self, d: Date) -> bool {
        if self.rule.month_days.is_empty() {
            return true;
        }
        let (y, m, day) = self.rule.scale.parts(d);
        let length = i16::from(self.rule.scale.month_length(y, m).unwrap_or(30));
        self.rule.month_days.iter().any(|n| if *n > 0 { i16::from(*n) } else { length + 1 + i16::from(*n) } == i16::from(day))
    }
}

/// The first day of the week a day lies in.
fn week_of(d: Date, first: Weekday) -> Date {
    d.saturating_sub(i64::from(d.weekday().since(first)).days())
}

/// The first day of a numbered week: week 1 is the first one with four days of the year.
fn week_number(year: i32, n: i8, first: Weekday) -> Option<Date> {
    let one = |y: i32| Scale::Gregorian.date(y, 1, 4).map(|d| week_of(d, first));
    let (begin, end) = (one(year)?, one(year + 1)?);
    let week = if n > 0 { begin.checked_add((i64::from(n) - 1).weeks()) } else { end.checked_add(i64::from(n).weeks()) };
    week.ok().filter(|w| (begin..end).contains(w))
}

#[cfg(test)]
mod tests;
