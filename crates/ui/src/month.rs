//! The calendar: one month of the reader's calendar, the other calendar in small print.

use crate::button::icon_button;
use crate::cx::ViewCx;
use crate::mark::hue;
use jiff::{ToSpan, civil::Date};
use kernel::Tone;
use maud::{Markup, html};
use text::Calendar;
use text::calendar::{from_hijri, hijri_month_length, to_hijri, week, weekday};

/// Something on a day.
#[derive(Clone, Debug)]
pub struct Entry {
    pub day: Date,
    pub title: String,
    pub href: String,
    pub tone: Tone,
}

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

/// Whether offices are closed: Friday and Saturday in most of the Arab world, Saturday and Sunday elsewhere.
pub fn is_weekend(day: Date, country: &str) -> bool {
    text::calendar::is_weekend(day.weekday(), country)
}

/// The month page around `day`. `url` gives the address for another day.
pub fn month(day: Date, entries: &[Entry], url: &dyn Fn(Date) -> String, cx: &ViewCx<'_>) -> Markup {
    let (first, last) = month_around(day, cx);
    let (from, to) = month_range(day, cx);
    let other = match cx.locale.calendar {
        Calendar::Gregorian => Calendar::Hijri,
        Calendar::Hijri => Calendar::Gregorian,
    };
    let other_locale = cx.locale.clone().with_calendar(other);
    let other_name = |d: Date| text::calendar::format_month(d, &other_locale);
    let (a, z) = (other_name(first), other_name(last));
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
    html! {
        div class="calendar" {
            div class="calendar-bar" {
                h2 aria-live="polite" { (cx.month(first)) small { @if a == z { (a) } @else { (a) " – " (z) } } }
                span class="btn-group" {
                    (icon_button("chevron-left", cx.t("ui-previous")).weight(crate::button::Weight::Plain).small().href(url(first.saturating_sub(1.day()))))
                    (icon_button("chevron-right", cx.t("ui-next")).weight(crate::button::Weight::Plain).small().href(url(last.saturating_add(1.day()))))
                }
                (crate::button::button(cx.t("ui-today")).small().href(url(today)))
            }
            table class="month" {
                thead { tr { @for w in week(cx.locale) { th scope="col" { (weekday(w, cx.locale.lang)) } } } }
                tbody { @for row in days.chunks(7) { tr { @for d in row {
                    td data-weekend[is_weekend(*d, &cx.locale.country)] data-out[*d < first || *d > last] aria-current=[(*d == today).then_some("date")] {
                        div class="day-number" { span { time datetime=(d) { (number(*d, cx.locale.calendar)) } } small { (number(*d, other)) } }
                        @let on: Vec<&Entry> = entries.iter().filter(|e| e.day == *d).collect();
                        @for e in on.iter().take(4) { a class="event" data-hue=(hue(e.tone)) href=(e.href) { bdi { (e.title) } } }
                        @if on.len() > 4 { span class="day-more" { (cx.tf("ui-more-n", &[("n", (on.len() - 4).into())])) } }
                    }
                } } } }
            }
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
        assert!(is_weekend(friday, "SA") && !is_weekend(friday, "AE"));
    }
}
