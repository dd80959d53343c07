//! The calendar: one month of the reader's calendar, the other calendar in small print.

use crate::cx::ViewCx;
use crate::planner::{Item, Named, event};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet};
use maud::{Markup, html};
use text::Calendar;
use text::calendar::{from_hijri, hijri_month_length, to_hijri, week, weekday};

/// The first and last day of the month around `day` in the reader's calendar.
pub fn month_around(day: Date, cx: &ViewCx<'_>) -> (Date, Date) {
    match cx.locale.calendar {
        Calendar::Gregorian => (day.first_of_month(), day.last_of_month()),
        Calendar::Hijri => {
            let h = to_hijri(day);
            let first = from_hijri(h.year, h.month, 1).unwrap_or(day);
            let length = hijri_month_length(h.year, h.month).unwrap_or(29);
            (first, first.saturating_add(i64::from(length - 1).days()))
        }
    }
}

/// The days a month page shows: whole weeks, in the reader's order of the week.
pub fn month_range(day: Date, cx: &ViewCx<'_>) -> (Date, Date) {
    let (first, last) = month_around(day, cx);
    let start = i64::from(cx.locale.first_weekday);
    let lead = (i64::from(first.weekday().to_monday_zero_offset()) - start).rem_euclid(7);
    let tail = 6 - (i64::from(last.weekday().to_monday_zero_offset()) - start).rem_euclid(7);
    (first.saturating_sub(lead.days()), last.saturating_add(tail.days()))
}

/// What a day of the month has room for.
pub const ROOM: usize = 4;

/// The month around `day`. Of the days in `full` more is there than is given; `open` gives the address of one day.
pub fn month(day: Date, entries: &[Item], named: &[Named], full: &BTreeSet<Date>, open: &dyn Fn(Date) -> String, cx: &ViewCx<'_>) -> Markup {
    let (first, last) = month_around(day, cx);
    let (from, to) = month_range(day, cx);
    let other = match cx.locale.calendar {
        Calendar::Gregorian => Calendar::Hijri,
        Calendar::Hijri => Calendar::Gregorian,
    };
    let number = |d: Date, c: Calendar| match c {
        Calendar::Gregorian => cx.num(d.day().into()),
        Calendar::Hijri => cx.num(to_hijri(d).day.into()),
    };
    let mut days = Vec::new();
    let mut d = from;
    while d <= to {
        days.push(d);
        d = d.saturating_add(1.day());
    }
    let today = cx.today();
    let mut by_day: BTreeMap<Date, Vec<&Item>> = BTreeMap::new();
    for item in entries {
        let (a, z) = item.days(cx);
        let (mut d, z) = (a.max(from), z.min(to));
        while d <= z {
            by_day.entry(d).or_default().push(item);
            d = d.saturating_add(1.day());
        }
    }
    let none = Vec::new();
    html! {
        table class="month" {
            thead { tr { @for w in week(cx.locale) { th scope="col" { (weekday(w, cx.locale.lang)) } } } }
            tbody { @for row in days.chunks(7) { tr { @for d in row {
                @let on = by_day.get(d).unwrap_or(&none);
                @let names: Vec<&str> = named.iter().filter(|(n, _)| n == d).map(|(_, n)| n.as_str()).collect();
                td data-day=(d) data-weekend[cx.locale.is_weekend(d.weekday()) || !names.is_empty()] data-out[*d < first || *d > last] aria-current=[(*d == today).then_some("date")] {
                    div class="day-number" { a href=(open(*d)) aria-label=(cx.date(*d)) { time datetime=(d) { (number(*d, cx.locale.calendar)) } } small { (number(*d, other)) } }
                    @for n in &names { span class="day-name" title=(n) { bdi { (n) } } }
                    @for e in on.iter().take(ROOM) { (event(e, true, cx)) }
                    // On a phone a day is a target as a whole; its entries are marks.
                    @if !on.is_empty() { span class="day-marks" aria-hidden="true" { @for e in on.iter().take(ROOM) { i data-hue=(e.hue) {} } } }
                    @if full.contains(d) { a class="day-more" href=(open(*d)) { (cx.t("ui-more")) } }
                    @else if on.len() > ROOM { a class="day-more" href=(open(*d)) { (cx.tf("ui-more-n", &[("n", (on.len() - ROOM).into())])) } }
                }
            } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::{Density, Theme, Titles};
    use text::Locale;

    #[test]
    fn months_are_whole_weeks_in_both_calendars() {
        let titles = Titles::new();
        for locale in
            [Locale::ar("SA"), Locale::ar("SA").with_calendar(Calendar::Hijri), Locale::en("GB"), Locale::ar("SD")]
        {
            let cx = ViewCx {
                locale: &locale,
                theme: Theme::Auto,
                density: Density::Normal,
                path: "/",
                now: "2026-03-05T09:00:00Z".parse().unwrap(),
                titles: &titles,
            };
            let (from, to) = month_range(cx.today(), &cx);
            let (first, last) = month_around(cx.today(), &cx);
            assert!(from <= first && last <= to);
            assert_eq!((to - from).get_days() % 7, 6);
            assert_eq!(from.weekday(), week(&locale)[0]);
        }
        let hijri = Locale::ar("SA").with_calendar(Calendar::Hijri);
        let cx = ViewCx {
            locale: &hijri,
            theme: Theme::Auto,
            density: Density::Normal,
            path: "/",
            now: "2026-03-05T09:00:00Z".parse().unwrap(),
            titles: &titles,
        };
        // Ramadan 1447 began on 18 February 2026.
        assert_eq!(month_around(cx.today(), &cx).0, "2026-02-18".parse().unwrap());
    }

    #[test]
    fn weekends() {
        let friday: Date = "2026-03-06".parse().unwrap();
        assert!(Locale::ar("SA").is_weekend(friday.weekday()) && !Locale::ar("AE").is_weekend(friday.weekday()));
    }
}
