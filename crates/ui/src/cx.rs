//! What every component knows of its reader: language, digits, calendar, theme, where they are, and the titles of
//! the records that are pointed to. Pure: no database, no clock (`now` is given).

use jiff::{Timestamp, civil::Date};
use kernel::{Issue, Label, Money};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use std::borrow::Cow;
use std::collections::HashMap;
use text::calendar::{self, DateStyle};
use text::i18n::{self, Arg};
use text::{Calendar, Digits, Lang, Locale};
use uuid::Uuid;

/// Light, dark, or what the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const fn key(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
    /// The theme of a stored or posted word; automatic for others.
    pub fn parse(key: &str) -> Self {
        match key {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}

/// Height of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    Compact,
    #[default]
    Normal,
    Roomy,
}

impl Density {
    pub const fn key(self) -> &'static str {
        match self {
            Density::Compact => "compact",
            Density::Normal => "normal",
            Density::Roomy => "roomy",
        }
    }
    /// The density of a stored or posted word; normal for others.
    pub fn parse(key: &str) -> Self {
        match key {
            "compact" => Density::Compact,
            "roomy" => Density::Roomy,
            _ => Density::Normal,
        }
    }
}

/// Titles of referenced records in the reader's language. A record that is missing here may not be known to them.
pub type Titles = HashMap<Uuid, String>;

/// The reader's view on a page. Cheap to make: one per request.
#[derive(Clone, Copy, Debug)]
pub struct ViewCx<'a> {
    pub locale: &'a Locale,
    pub theme: Theme,
    pub density: Density,
    /// Path and query of the page, for the current entry of menus and the way back.
    pub path: &'a str,
    pub now: Timestamp,
    pub titles: &'a Titles,
}

impl<'a> ViewCx<'a> {
    pub fn lang(&self) -> &'static str {
        self.locale.lang.code()
    }
    pub fn digits_code(&self) -> &'static str {
        match self.locale.shown_digits() {
            Digits::Latn => "latn",
            Digits::Arab => "arab",
        }
    }
    pub fn calendar_code(&self) -> &'static str {
        match self.locale.calendar {
            Calendar::Gregorian => "gregorian",
            Calendar::Hijri => "hijri",
        }
    }

    // ---- words ----

    /// A sentence of `locales/*/ui.ftl` (or any other file) without arguments.
    pub fn t(&self, key: &str) -> String {
        i18n::t(self.locale.lang, key)
    }
    /// A sentence with arguments, in the reader's digits.
    pub fn tf(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        i18n::t_for(self.locale, key, args)
    }
    pub fn label<'l>(&self, label: &'l Label) -> &'l str {
        label.get(self.lang())
    }
    pub fn issue(&self, issue: &Issue) -> String {
        issue.text(self.locale.lang)
    }
    /// The title of a referenced record; empty when the reader may not know it.
    pub fn title_of(&self, id: Uuid) -> &'a str {
        self.titles.get(&id).map_or("", String::as_str)
    }

    // ---- figures ----

    pub fn num(&self, n: i64) -> String {
        text::number::format_integer(n, self.locale)
    }
    /// All decimals of `scale`.
    pub fn decimal(&self, d: Decimal, scale: u32) -> String {
        let (n, scale) = scaled(d, scale);
        text::number::format_scaled(n, scale, self.locale)
    }
    /// Percent points: 12.5 is `12.5%`.
    pub fn percent(&self, d: Decimal) -> String {
        let d = d.normalize();
        let (n, scale) = scaled(d, d.scale().min(2));
        text::number::format_percent(n, scale, self.locale)
    }
    pub fn money(&self, m: &Money) -> String {
        text::money::format_money(m.minor, &m.currency, self.locale)
    }
    /// `1.2 مليون ر.س`, for tiles and axes.
    pub fn money_short(&self, minor: i64, currency: &str) -> String {
        text::money::format_money_short(minor, currency, self.locale)
    }
    pub fn bytes(&self, n: i64) -> String {
        text::number::format_bytes(u64::try_from(n).unwrap_or(0), self.locale)
    }
    /// Text with its digits in the reader's shape.
    pub fn digits(&self, t: &str) -> String {
        text::digits::shape(t, self.locale.shown_digits())
    }
    pub fn phone(&self, e164: &str) -> String {
        self.digits(&text::phone::display(e164, &self.locale.country))
    }
    /// The currencies offered in forms: the reader's and the region's first, then `now` where it is another.
    pub fn currencies(&self, now: &str) -> Vec<(&'static str, &'static str)> {
        let own = self.locale.currency.as_str();
        let lang = self.locale.lang;
        let mut all: Vec<_> =
            text::money::CURRENCIES.iter().map(|c| (c.code, text::money::currency_name(c.code, lang))).collect();
        all.sort_by_key(|(code, _)| {
            if *code == own {
                0
            } else if *code == now {
                1
            } else {
                2
            }
        });
        all
    }

    // ---- time ----

    /// A day in the reader's calendar: `5 مارس 2026`.
    pub fn date(&self, d: Date) -> String {
        calendar::format_date(d, self.locale, DateStyle::Medium)
    }
    /// The same day in the other calendar, for hints: Hijri for those who read Gregorian dates, and back.
    pub fn date_other(&self, d: Date) -> String {
        let other = match self.locale.calendar {
            Calendar::Gregorian => Calendar::Hijri,
            Calendar::Hijri => Calendar::Gregorian,
        };
        calendar::format_date(d, &self.locale.clone().with_calendar(other), DateStyle::Medium)
    }
    /// Month and year in the reader's calendar.
    pub fn month(&self, d: Date) -> String {
        calendar::format_month(d, self.locale)
    }
    pub fn datetime(&self, t: Timestamp) -> String {
        calendar::format_datetime(t, self.locale, DateStyle::Medium)
    }
    /// The clock time where the reader is.
    pub fn time(&self, t: Timestamp) -> String {
        calendar::format_time(t.to_zoned(calendar::time_zone(self.locale)).time(), self.locale)
    }
    /// The day where the reader is.
    pub fn civil(&self, t: Timestamp) -> Date {
        calendar::local_date(t, self.locale)
    }
    pub fn today(&self) -> Date {
        self.civil(self.now)
    }
    /// `قبل 3 أيام`.
    pub fn relative(&self, t: Timestamp) -> String {
        calendar::relative(t, self.now, self.locale)
    }
    /// The heading of a day: today and yesterday by word, other days with weekday and date.
    pub fn day_heading(&self, d: Date) -> String {
        let today = self.today();
        let near = d == today || today.yesterday().is_ok_and(|y| y == d) || today.tomorrow().is_ok_and(|t| t == d);
        let day = if near {
            calendar::relative_day(d, today, self.locale)
        } else {
            calendar::weekday(d.weekday(), self.locale.lang).to_owned()
        };
        let mut letters = day.chars();
        let first = letters.next().map(char::to_uppercase).into_iter().flatten();
        format!("{}{}{} {}", first.collect::<String>(), letters.as_str(), self.locale.pick("،", ","), self.date(d))
    }
    pub fn duration(&self, seconds: i64) -> String {
        calendar::format_duration(seconds, self.locale)
    }
    /// The value of a `datetime-local` box: local time to the minute.
    pub fn local_input(&self, t: Timestamp) -> String {
        let z = t.to_zoned(calendar::time_zone(self.locale));
        format!("{}T{:02}:{:02}", z.date(), z.hour(), z.minute())
    }

    // ---- places ----

    /// The name of a country by its ISO code; the code where it is none we know.
    pub fn country<'c>(&self, code: &'c str) -> Cow<'c, str> {
        crate::country::name(code, self.locale.lang).map_or(Cow::Borrowed(code), Cow::Borrowed)
    }
    /// Countries for a form: the reader's first; `now` is there even if we do not know it.
    pub fn countries(&self, now: &str) -> Vec<(String, String)> {
        let own = self.locale.country.as_str();
        let mut all: Vec<(String, String)> =
            crate::country::all(self.locale.lang).map(|(c, n)| (c.to_owned(), n.to_owned())).collect();
        if !now.is_empty() && !all.iter().any(|(c, _)| c == now) {
            all.push((now.to_owned(), now.to_owned()));
        }
        all.sort_by_key(|(c, _)| u8::from(c != own));
        all
    }

    // ---- addresses ----

    pub fn list_url(&self, object: &str) -> String {
        format!("/{object}")
    }
    pub fn record_url(&self, object: &str, id: Uuid) -> String {
        format!("/{object}/{id}")
    }
    pub fn file_url(&self, id: Uuid) -> String {
        format!("/-/files/{id}")
    }
    /// `path` with query parts, percent-encoded; parts without value are left out.
    pub fn with_query(&self, path: &str, parts: &[(&str, &str)]) -> String {
        let mut out = path.to_owned();
        for (i, (name, value)) in parts.iter().filter(|(_, v)| !v.is_empty()).enumerate() {
            out.push(if i == 0 { '?' } else { '&' });
            out.push_str(&percent_encode(name));
            out.push('=');
            out.push_str(&percent_encode(value));
        }
        out
    }
    pub const fn is_rtl(&self) -> bool {
        matches!(self.locale.lang, Lang::Ar)
    }
}

/// Escapes all but the unreserved characters of RFC 3986.
pub fn percent_encode(t: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(t.len());
    for b in t.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// `d` as an integer with `scale` digits after the point; a number too large for that is cut at the largest.
fn scaled(d: Decimal, scale: u32) -> (i64, u8) {
    let d = d.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    let n = Decimal::from(10_i64.pow(scale.min(18))).checked_mul(d).and_then(|n| n.to_i64());
    (n.unwrap_or(if d.is_sign_negative() { i64::MIN } else { i64::MAX }), u8::try_from(scale).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_days_and_addresses() {
        let locale = Locale::ar("SA").with_digits(Digits::Arab);
        let titles = Titles::new();
        let cx = ViewCx {
            locale: &locale,
            theme: Theme::Auto,
            density: Density::Normal,
            path: "/",
            now: "2026-03-05T09:00:00Z".parse().unwrap(),
            titles: &titles,
        };
        assert_eq!(cx.num(1234), "١٬٢٣٤");
        assert_eq!(cx.decimal(Decimal::new(12345, 2), 3), "١٢٣٫٤٥٠");
        assert_eq!(
            cx.with_query("/party", &[("q", "مدينة == \"جدة\""), ("x", "")]),
            "/party?q=%D9%85%D8%AF%D9%8A%D9%86%D8%A9%20%3D%3D%20%22%D8%AC%D8%AF%D8%A9%22"
        );
        assert!(cx.day_heading(cx.today()).starts_with("اليوم"));
        assert_eq!(cx.local_input("2026-03-05T09:00:00Z".parse().unwrap()), "2026-03-05T12:00");
        assert!(cx.date_other(cx.today()).contains("رمضان"));
        assert_eq!(cx.country("SA"), "السعودية");
    }
}
