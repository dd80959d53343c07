//! Names of months and weekdays.

use jiff::civil::Weekday;

use crate::locale::{Lang, Locale, MonthNames};

pub(super) const EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const GULF: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
pub(super) const LEVANT: [&str; 12] = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
];
pub(super) const MAGHREB: [&str; 12] = [
    "جانفي",
    "فيفري",
    "مارس",
    "أفريل",
    "ماي",
    "جوان",
    "جويلية",
    "أوت",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
pub(super) const MOROCCO: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "ماي",
    "يونيو",
    "يوليوز",
    "غشت",
    "شتنبر",
    "أكتوبر",
    "نونبر",
    "دجنبر",
];
pub(super) const HIJRI_AR: [&str; 12] = [
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
];
pub(super) const HIJRI_EN: [&str; 12] = [
    "Muharram",
    "Safar",
    "Rabi I",
    "Rabi II",
    "Jumada I",
    "Jumada II",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qadah",
    "Dhu al-Hijjah",
];
/// Monday first.
pub(super) const DAYS_AR: [&str; 7] = [
    "الاثنين",
    "الثلاثاء",
    "الأربعاء",
    "الخميس",
    "الجمعة",
    "السبت",
    "الأحد",
];
pub(super) const DAYS_EN: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The name of a Gregorian month (1–12) as the locale's country says it; empty for other numbers.
pub fn gregorian_month(month: u8, locale: &Locale) -> &'static str {
    let names = match (locale.lang, locale.months) {
        (Lang::En, _) => &EN,
        (Lang::Ar, MonthNames::Gulf) => &GULF,
        (Lang::Ar, MonthNames::Levant) => &LEVANT,
        (Lang::Ar, MonthNames::Maghreb) => &MAGHREB,
        (Lang::Ar, MonthNames::Morocco) => &MOROCCO,
    };
    nth(names, month)
}

/// The name of a Hijri month (1–12); empty for other numbers.
pub fn hijri_month(month: u8, lang: Lang) -> &'static str {
    match lang {
        Lang::Ar => nth(&HIJRI_AR, month),
        Lang::En => nth(&HIJRI_EN, month),
    }
}

/// The name of a weekday.
pub fn weekday(day: Weekday, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::Ar => &DAYS_AR,
        Lang::En => &DAYS_EN,
    };
    usize::try_from(day.to_monday_zero_offset())
        .ok()
        .and_then(|i| names.get(i))
        .copied()
        .unwrap_or_default()
}

fn nth(names: &[&'static str; 12], month: u8) -> &'static str {
    usize::from(month)
        .checked_sub(1)
        .and_then(|i| names.get(i))
        .copied()
        .unwrap_or_default()
}
