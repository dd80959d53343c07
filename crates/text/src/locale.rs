//! How one person reads: language, digits, calendar, month names, time zone, and the country whose habits
//! (phones, currency, first day of the week) apply.

use serde::{Deserialize, Serialize};

/// A language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Ar,
    En,
}

impl Lang {
    /// Both languages, Arabic first.
    pub const ALL: [Lang; 2] = [Lang::Ar, Lang::En];

    /// `"ar"` or `"en"`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Ar => "ar",
            Lang::En => "en",
        }
    }

    /// `"rtl"` or `"ltr"`.
    pub const fn dir(self) -> &'static str {
        match self {
            Lang::Ar => "rtl",
            Lang::En => "ltr",
        }
    }

    /// The language of a tag such as `ar`, `ar-SA`, `en_GB`; `None` for others.
    pub fn parse(tag: &str) -> Option<Lang> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "ar" => Some(Lang::Ar),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// `ar` in Arabic, `en` in English.
    pub const fn pick<'a>(self, ar: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Ar => ar,
            Lang::En => en,
        }
    }
}

/// The shape in which digits are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digits {
    /// 0123456789
    #[default]
    Latn,
    /// ٠١٢٣٤٥٦٧٨٩
    Arab,
}

/// The calendar in which dates are shown. Storage is always Gregorian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    #[default]
    Gregorian,
    /// Umm al-Qura.
    Hijri,
}

/// Which Arabic names the Gregorian months have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MonthNames {
    /// يناير، فبراير: the Gulf, Egypt, Yemen, Sudan, Libya.
    #[default]
    Gulf,
    /// كانون الثاني، شباط: Syria, Lebanon, Jordan, Palestine, Iraq.
    Levant,
    /// جانفي، فيفري: Algeria, Tunisia.
    Maghreb,
    /// يناير، فبراير، … يوليوز، غشت: Morocco.
    Morocco,
}

/// The reading habits of one person or company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locale {
    pub lang: Lang,
    pub digits: Digits,
    pub calendar: Calendar,
    pub months: MonthNames,
    /// IANA name, e.g. `Asia/Riyadh`.
    pub tz: String,
    /// ISO 3166 two letters; the country of phone numbers typed without one.
    pub country: String,
    /// ISO 4217 code of amounts without one.
    pub currency: String,
    /// First day of the week: 0 = Monday … 6 = Sunday.
    pub first_weekday: u8,
    /// Days on which offices are closed: bit 0 = Monday … bit 6 = Sunday.
    pub weekend: u8,
}

impl Default for Locale {
    /// Arabic in Saudi Arabia.
    fn default() -> Self {
        Locale::new(Lang::Ar, "SA")
    }
}

impl Locale {
    /// The usual habits of `country` (ISO two letters), read in `lang`. Unknown countries get UTC and dollars.
    pub fn new(lang: Lang, country: &str) -> Locale {
        let country = country.to_ascii_uppercase();
        let (tz, currency, months, first_weekday) = habits(&country);
        Locale {
            lang,
            digits: Digits::Latn,
            calendar: Calendar::Gregorian,
            months,
            tz: tz.to_owned(),
            currency: currency.to_owned(),
            first_weekday,
            weekend: if SATURDAY_SUNDAY.contains(&country.as_str()) { 0b110_0000 } else { 0b011_0000 },
            country,
        }
    }

    /// Whether offices are closed on that day of the week.
    pub fn is_weekend(&self, day: jiff::civil::Weekday) -> bool {
        self.weekend >> day.to_monday_zero_offset() & 1 == 1
    }

    /// Arabic with the habits of `country`.
    pub fn ar(country: &str) -> Locale {
        Locale::new(Lang::Ar, country)
    }

    /// English with the habits of `country`.
    pub fn en(country: &str) -> Locale {
        Locale::new(Lang::En, country)
    }

    pub fn with_digits(mut self, digits: Digits) -> Locale {
        self.digits = digits;
        self
    }

    pub fn with_calendar(mut self, calendar: Calendar) -> Locale {
        self.calendar = calendar;
        self
    }

    pub fn with_tz(mut self, tz: &str) -> Locale {
        tz.clone_into(&mut self.tz);
        self
    }

    /// The writing direction of the page: `"rtl"` or `"ltr"`.
    pub const fn dir(&self) -> &'static str {
        self.lang.dir()
    }

    /// The digits actually shown: English is always written with Latin digits.
    pub fn shown_digits(&self) -> Digits {
        match self.lang {
            Lang::Ar => self.digits,
            Lang::En => Digits::Latn,
        }
    }

    /// Two languages, one text: `ar` or `en`.
    pub const fn pick<'a>(&self, ar: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(ar, en)
    }

    /// `true` where clocks are read as 0–23 rather than with ص and م.
    pub fn clock_24h(&self) -> bool {
        matches!(
            self.country.as_str(),
            "MA" | "DZ" | "TN" | "MR" | "GB" | "FR" | "DE" | "TR" | "IT" | "ES"
        )
    }
}

/// Where the weekend is Saturday and Sunday; Friday and Saturday in most of the Arab world.
const SATURDAY_SUNDAY: [&str; 16] = ["AE", "LB", "MA", "TN", "MR", "GB", "US", "TR", "DE", "FR", "IN", "PK", "IT", "ES", "KM", "SN"];

/// Time zone, currency, month names, first weekday (0 = Monday) of a country.
fn habits(country: &str) -> (&'static str, &'static str, MonthNames, u8) {
    use MonthNames::{Gulf, Levant, Maghreb, Morocco};
    const MON: u8 = 0;
    const SAT: u8 = 5;
    const SUN: u8 = 6;
    match country {
        "SA" => ("Asia/Riyadh", "SAR", Gulf, SUN),
        "AE" => ("Asia/Dubai", "AED", Gulf, MON),
        "KW" => ("Asia/Kuwait", "KWD", Gulf, SUN),
        "QA" => ("Asia/Qatar", "QAR", Gulf, SUN),
        "BH" => ("Asia/Bahrain", "BHD", Gulf, SUN),
        "OM" => ("Asia/Muscat", "OMR", Gulf, SUN),
        "YE" => ("Asia/Aden", "YER", Gulf, SAT),
        "EG" => ("Africa/Cairo", "EGP", Gulf, SUN),
        "SD" => ("Africa/Khartoum", "SDG", Gulf, SUN),
        "LY" => ("Africa/Tripoli", "LYD", Gulf, SUN),
        "IQ" => ("Asia/Baghdad", "IQD", Levant, SUN),
        "JO" => ("Asia/Amman", "JOD", Levant, SUN),
        "LB" => ("Asia/Beirut", "LBP", Levant, MON),
        "SY" => ("Asia/Damascus", "SYP", Levant, SUN),
        "PS" => ("Asia/Hebron", "ILS", Levant, SUN),
        "DZ" => ("Africa/Algiers", "DZD", Maghreb, SUN),
        "TN" => ("Africa/Tunis", "TND", Maghreb, MON),
        "MA" => ("Africa/Casablanca", "MAD", Morocco, MON),
        "MR" => ("Africa/Nouakchott", "MRU", Gulf, MON),
        "SO" => ("Africa/Mogadishu", "SOS", Gulf, SAT),
        "DJ" => ("Africa/Djibouti", "DJF", Gulf, SUN),
        "KM" => ("Indian/Comoro", "KMF", Gulf, MON),
        "GB" => ("Europe/London", "GBP", Gulf, MON),
        "US" => ("America/New_York", "USD", Gulf, SUN),
        "TR" => ("Europe/Istanbul", "TRY", Gulf, MON),
        "DE" => ("Europe/Berlin", "EUR", Gulf, MON),
        "FR" => ("Europe/Paris", "EUR", Gulf, MON),
        "IN" => ("Asia/Kolkata", "INR", Gulf, SUN),
        "PK" => ("Asia/Karachi", "PKR", Gulf, MON),
        _ => ("UTC", "USD", Gulf, MON),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_of_countries() {
        let sa = Locale::default();
        assert_eq!(
            (sa.dir(), sa.tz.as_str(), sa.currency.as_str()),
            ("rtl", "Asia/Riyadh", "SAR")
        );
        assert_eq!(Locale::ar("jo").months, MonthNames::Levant);
        let en = Locale::en("EG").with_digits(Digits::Arab);
        assert_eq!(
            (en.dir(), en.shown_digits(), en.currency.as_str()),
            ("ltr", Digits::Latn, "EGP")
        );
        assert_eq!(Lang::parse("ar-SA"), Some(Lang::Ar));
        assert_eq!(Lang::parse("fr"), None);
    }
}
