//! Dates and times as people read and type them, in the Gregorian and the Hijri (Umm al-Qura) calendar.
//! Storage is always Gregorian civil dates and UTC instants.

mod names;
mod parse;
mod relative;

use icu_calendar::cal::Hijri;
use icu_calendar::cal::hijri::UmmAlQura;
use icu_calendar::{Date as IcuDate, Iso};
use jiff::{Timestamp, ToSpan};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use crate::digits;
use crate::locale::{Calendar, Lang, Locale};

pub use names::{gregorian_month, hijri_month, weekday};
pub use parse::{DateError, parse_date, parse_time};
pub use relative::{format_duration, relative, relative_day};

/// How much of a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateStyle {
    /// `05/03/2026`, `16/09/1447 هـ`
    Short,
    /// `5 مارس 2026`, `16 رمضان 1447 هـ`
    #[default]
    Medium,
    /// `الخميس، 5 مارس 2026`
    Long,
}

/// A day of the Umm al-Qura calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HijriDate {
    pub year: i32,
    /// 1 = Muharram … 12 = Dhu al-Hijjah.
    pub month: u8,
    pub day: u8,
}

/// The Hijri day of a civil date. Official for 1300–1600 AH, computed outside.
pub fn to_hijri(date: Date) -> HijriDate {
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    let iso = IcuDate::<Iso>::try_new_iso(i32::from(date.year()), month, day)
        .expect("a civil date is a valid ISO date");
    let hijri = iso.to_calendar(Hijri::new_umm_al_qura());
    HijriDate {
        year: hijri.year().extended_year(),
        month: hijri.month().ordinal,
        day: hijri.day_of_month().0,
    }
}

/// The civil date of a Hijri day; `None` if the month has no such day.
pub fn from_hijri(year: i32, month: u8, day: u8) -> Option<Date> {
    let iso = hijri(year, month, day)?.to_calendar(Iso);
    let year = i16::try_from(iso.year().extended_year()).ok()?;
    Date::new(
        year,
        i8::try_from(iso.month().ordinal).ok()?,
        i8::try_from(iso.day_of_month().0).ok()?,
    )
    .ok()
}

/// 29 or 30; `None` if there is no such month.
pub fn hijri_month_length(year: i32, month: u8) -> Option<u8> {
    hijri(year, month, 1).map(|d| d.days_in_month())
}

fn hijri(year: i32, month: u8, day: u8) -> Option<IcuDate<Hijri<UmmAlQura>>> {
    // Outside what a civil date can hold there is nothing to convert to.
    if !(-9000..=9000).contains(&year) {
        return None;
    }
    IcuDate::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura()).ok()
}

/// The first day of the month of this calendar in which `day` lies.
pub fn first_of_month(day: Date, calendar: Calendar) -> Date {
    match calendar {
        Calendar::Gregorian => day.first_of_month(),
        Calendar::Hijri => {
            let h = to_hijri(day);
            from_hijri(h.year, h.month, 1).unwrap_or_else(|| day.first_of_month())
        }
    }
}

/// The first day of the month after the one that begins with `first`.
pub fn next_month(first: Date, calendar: Calendar) -> Date {
    match calendar {
        Calendar::Gregorian => first.saturating_add(1.month()),
        // No Hijri month is longer than 30 days, none shorter than 29.
        Calendar::Hijri => first_of_month(first.saturating_add(31.days()), Calendar::Hijri),
    }
}

/// A civil date in the locale's calendar, month names and digits.
pub fn format_date(date: Date, locale: &Locale, style: DateStyle) -> String {
    let (day, month, year) = parts(date, locale);
    let era = match locale.calendar {
        Calendar::Gregorian => "",
        Calendar::Hijri => locale.pick(" هـ", " AH"),
    };
    let text = match style {
        DateStyle::Short if locale.country == "US" && locale.lang == Lang::En => {
            format!("{month:02}/{day:02}/{year}{era}")
        }
        DateStyle::Short => format!("{day:02}/{month:02}/{year}{era}"),
        DateStyle::Medium => format!("{day} {} {year}{era}", month_name(date, locale)),
        DateStyle::Long => {
            let comma = locale.pick("،", ",");
            let weekday = weekday(date.weekday(), locale.lang);
            format!(
                "{weekday}{comma} {day} {} {year}{era}",
                month_name(date, locale)
            )
        }
    };
    digits::shape(&text, locale.shown_digits())
}

/// The month of a date with its year, for charts and period titles: `مارس 2026`, `رمضان 1447 هـ`.
pub fn format_month(date: Date, locale: &Locale) -> String {
    let (_, _, year) = parts(date, locale);
    let era = match locale.calendar {
        Calendar::Gregorian => "",
        Calendar::Hijri => locale.pick(" هـ", " AH"),
    };
    digits::shape(
        &format!("{} {year}{era}", month_name(date, locale)),
        locale.shown_digits(),
    )
}

/// The name of the month `date` lies in, in the locale's calendar.
pub fn month_name(date: Date, locale: &Locale) -> &'static str {
    match locale.calendar {
        Calendar::Gregorian => gregorian_month(date.month().unsigned_abs(), locale),
        Calendar::Hijri => hijri_month(to_hijri(date).month, locale.lang),
    }
}

/// A clock time: `3:05 م`, `3:05 PM`, `15:05` by the country's habit.
pub fn format_time(time: Time, locale: &Locale) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    let text = if locale.clock_24h() {
        format!("{hour:02}:{minute:02}")
    } else {
        let half = if hour < 12 {
            locale.pick("ص", "AM")
        } else {
            locale.pick("م", "PM")
        };
        let shown = if hour % 12 == 0 { 12 } else { hour % 12 };
        format!("{shown}:{minute:02}\u{A0}{half}")
    };
    digits::shape(&text, locale.shown_digits())
}

/// An instant in the locale's time zone: `5 مارس 2026، 3:05 م`.
pub fn format_datetime(instant: Timestamp, locale: &Locale, style: DateStyle) -> String {
    let local = instant.to_zoned(time_zone(locale));
    let date = format_date(local.date(), locale, style);
    format!(
        "{date}{} {}",
        locale.pick("،", ","),
        format_time(local.time(), locale)
    )
}

/// The civil date of an instant where the reader is.
pub fn local_date(instant: Timestamp, locale: &Locale) -> Date {
    instant.to_zoned(time_zone(locale)).date()
}

/// The locale's time zone; UTC if its name is unknown.
pub fn time_zone(locale: &Locale) -> TimeZone {
    TimeZone::get(&locale.tz).unwrap_or(TimeZone::UTC)
}

/// The weekdays in the locale's order.
pub fn week(locale: &Locale) -> [Weekday; 7] {
    let first = i8::try_from(locale.first_weekday % 7).unwrap_or(0);
    std::array::from_fn(|i| {
        let offset = (first + i8::try_from(i).unwrap_or(0)) % 7;
        Weekday::from_monday_zero_offset(offset).unwrap_or(Weekday::Monday)
    })
}

/// Day, month, year in the locale's calendar.
fn parts(date: Date, locale: &Locale) -> (u8, u8, i32) {
    match locale.calendar {
        Calendar::Gregorian => (
            date.day().unsigned_abs(),
            date.month().unsigned_abs(),
            i32::from(date.year()),
        ),
        Calendar::Hijri => {
            let h = to_hijri(date);
            (h.day, h.month, h.year)
        }
    }
}

#[cfg(test)]
mod tests;
