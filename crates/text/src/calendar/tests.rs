use jiff::civil::{date, time};
use proptest::prelude::*;

use super::*;
use crate::locale::Digits;

fn ar() -> Locale {
    Locale::default()
}

fn arab() -> Locale {
    Locale::default().with_digits(Digits::Arab)
}

fn en() -> Locale {
    Locale::en("SA")
}

fn hijri_locale() -> Locale {
    Locale::default().with_calendar(Calendar::Hijri)
}

/// Days published in the Umm al-Qura calendar.
#[test]
fn published_days() {
    for ((y, m, d), civil) in [
        ((1447, 1, 1), date(2025, 6, 26)),
        ((1446, 9, 1), date(2025, 3, 1)),
        ((1446, 1, 1), date(2024, 7, 7)),
        ((1445, 10, 1), date(2024, 4, 10)),
        ((1445, 1, 1), date(2023, 7, 19)),
        ((1444, 9, 1), date(2023, 3, 23)),
        ((1443, 12, 10), date(2022, 7, 9)),
        ((1436, 1, 1), date(2014, 10, 25)),
        ((1420, 1, 1), date(1999, 4, 17)),
    ] {
        assert_eq!(from_hijri(y, m, d), Some(civil), "{y}/{m}/{d}");
        assert_eq!(
            to_hijri(civil),
            HijriDate {
                year: y,
                month: m,
                day: d
            }
        );
    }
    assert_eq!(from_hijri(1447, 13, 1), None);
    assert_eq!(from_hijri(1447, 1, 31), None);
    assert_eq!(from_hijri(99_999, 1, 1), None);
    assert!(matches!(hijri_month_length(1447, 9), Some(29 | 30)));
}

#[test]
fn dates_shown() {
    let d = date(2026, 3, 5);
    for (locale, style, want) in [
        (ar(), DateStyle::Short, "05/03/2026"),
        (ar(), DateStyle::Medium, "5 مارس 2026"),
        (ar(), DateStyle::Long, "الخميس، 5 مارس 2026"),
        (arab(), DateStyle::Medium, "٥ مارس ٢٠٢٦"),
        (Locale::ar("LB"), DateStyle::Medium, "5 آذار 2026"),
        (Locale::ar("DZ"), DateStyle::Medium, "5 مارس 2026"),
        (en(), DateStyle::Long, "Thursday, 5 March 2026"),
        (Locale::en("US"), DateStyle::Short, "03/05/2026"),
        (hijri_locale(), DateStyle::Medium, "16 رمضان 1447 هـ"),
        (hijri_locale(), DateStyle::Short, "16/09/1447 هـ"),
        (
            en().with_calendar(Calendar::Hijri),
            DateStyle::Medium,
            "16 Ramadan 1447 AH",
        ),
    ] {
        assert_eq!(format_date(d, &locale, style), want);
    }
    assert_eq!(format_month(d, &ar()), "مارس 2026");
    assert_eq!(format_month(d, &hijri_locale()), "رمضان 1447 هـ");
    assert_eq!(
        format_month(date(2026, 8, 1), &Locale::ar("MA")),
        "غشت 2026"
    );
    assert_eq!(week(&ar())[0], Weekday::Sunday);
    assert_eq!(week(&Locale::ar("YE"))[0], Weekday::Saturday);
}

#[test]
fn instants_shown_where_the_reader_is() {
    let instant: Timestamp = "2026-03-05T21:30:00Z".parse().unwrap();
    assert_eq!(
        format_datetime(instant, &ar(), DateStyle::Medium),
        "6 مارس 2026، 12:30\u{A0}ص"
    );
    assert_eq!(
        format_datetime(instant, &Locale::en("GB"), DateStyle::Short),
        "05/03/2026, 21:30"
    );
    assert_eq!(local_date(instant, &ar()), date(2026, 3, 6));
    assert_eq!(format_time(time(15, 5, 0, 0), &arab()), "٣:٠٥\u{A0}م");
    assert_eq!(format_time(time(12, 0, 0, 0), &en()), "12:00\u{A0}PM");
    assert_eq!(time_zone(&ar().with_tz("Nowhere/Land")), TimeZone::UTC);
}

#[test]
fn distances() {
    let now: Timestamp = "2026-03-05T12:00:00Z".parse().unwrap();
    let at = |seconds: i64| Timestamp::from_second(now.as_second() + seconds).unwrap();
    for (seconds, arabic, english) in [
        (-3, "الآن", "now"),
        (-60, "قبل دقيقة", "1 minute ago"),
        (-50, "قبل دقيقة", "1 minute ago"),
        (-7200, "قبل ساعتين", "2 hours ago"),
        (-3 * 86_400, "قبل 3 أيام", "3 days ago"),
        (11 * 86_400, "بعد 11 يومًا", "in 11 days"),
        (62 * 86_400, "بعد شهرين", "in 2 months"),
        (-5 * 366 * 86_400, "قبل 5 سنوات", "5 years ago"),
    ] {
        assert_eq!(relative(at(seconds), now, &ar()), arabic);
        assert_eq!(relative(at(seconds), now, &en()), english);
    }
    assert_eq!(relative(at(-3 * 86_400), now, &arab()), "قبل ٣ أيام");
    let today = date(2026, 3, 5);
    for (day, arabic) in [
        (today, "اليوم"),
        (date(2026, 3, 6), "غدًا"),
        (date(2026, 3, 4), "أمس"),
        (date(2026, 3, 1), "قبل 4 أيام"),
        (date(2026, 5, 10), "بعد شهرين"),
        (date(2025, 2, 1), "قبل سنة"),
    ] {
        assert_eq!(relative_day(day, today, &ar()), arabic);
    }
    for (seconds, arabic, english) in [
        (0, "0 ثانية", "0 seconds"),
        (7500, "ساعتان و5 دقائق", "2 hours 5 minutes"),
        (86_400 * 2, "يومان", "2 days"),
        (61, "دقيقة وثانية", "1 minute 1 second"),
        (86_405, "يوم", "1 day"),
    ] {
        assert_eq!(format_duration(seconds, &ar()), arabic);
        assert_eq!(format_duration(seconds, &en()), english);
    }
}

#[test]
fn dates_typed() {
    let d = date(2026, 3, 5);
    for typed in [
        "2026-03-05",
        "5/3/2026",
        "05-03-2026",
        "5.3.2026",
        "٥/٣/٢٠٢٦",
        "\u{200F}٠٥\u{200F}/٠٣\u{200F}/٢٠٢٦",
        "۲۰۲۶/۰۳/۰۵",
        "20260305",
        "5/3/26",
        "5 مارس 2026",
        "٥ مارس ٢٠٢٦ م",
        "الخميس، 5 آذار 2026",
        "5 من شهر مارس 2026",
        "March 5, 2026",
        "5 Mar 2026",
        "Thu 5th of March 2026",
        "2026 March 5",
        "1447/09/16",
        "16/9/1447",
        "16/9/1447 هـ",
        "16 رمضان 1447",
        "١٦ رمضان ١٤٤٧هـ",
        "16/9/47 هـ",
        "16 Ramadan 1447 AH",
    ] {
        assert_eq!(parse_date(typed, &ar()), Ok(d), "{typed}");
    }
    assert_eq!(parse_date("3/5/2026", &Locale::en("US")), Ok(d));
    assert_eq!(
        parse_date("2 ربيع الثاني 1447", &ar()),
        Ok(from_hijri(1447, 4, 2).unwrap())
    );
    assert_eq!(
        parse_date("1 كانون الثاني 2026", &ar()),
        Ok(date(2026, 1, 1))
    );
    assert_eq!(parse_date("1/1/85", &ar()), Ok(date(1985, 1, 1)));
    for (typed, want) in [
        ("", DateError::Empty),
        (" /", DateError::Empty),
        ("قريبًا", DateError::Malformed),
        ("5/2026", DateError::Malformed),
        ("123456", DateError::Malformed),
        ("1/2/3/4", DateError::Malformed),
        ("100/1/2026", DateError::Malformed),
        ("30/2/2026", DateError::NoSuchDay),
        ("5/13/2026", DateError::NoSuchDay),
        ("31/1/1447", DateError::NoSuchDay),
        ("0/1/2026", DateError::NoSuchDay),
    ] {
        assert_eq!(parse_date(typed, &ar()), Err(want), "{typed}");
    }
}

#[test]
fn times_typed() {
    for (typed, want) in [
        ("15:05", Ok(time(15, 5, 0, 0))),
        ("3:05 م", Ok(time(15, 5, 0, 0))),
        ("٣:٠٥ ص", Ok(time(3, 5, 0, 0))),
        ("12:00 ص", Ok(time(0, 0, 0, 0))),
        ("12 PM", Ok(time(12, 0, 0, 0))),
        ("3 p.m.", Ok(time(15, 0, 0, 0))),
        ("15:05:30", Ok(time(15, 5, 30, 0))),
        ("3", Err(DateError::Malformed)),
        ("25:00", Err(DateError::NoSuchDay)),
        ("13 pm", Err(DateError::NoSuchDay)),
        ("", Err(DateError::Empty)),
        ("noon", Err(DateError::Malformed)),
    ] {
        assert_eq!(parse_time(typed), want, "{typed}");
    }
}

proptest! {
    #[test]
    fn hijri_there_and_back(days in -40_000i32..40_000) {
        let civil = date(2000, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let h = to_hijri(civil);
        prop_assert_eq!(from_hijri(h.year, h.month, h.day), Some(civil));
        prop_assert!(h.day <= hijri_month_length(h.year, h.month).unwrap());
    }

    #[test]
    fn every_civil_date_has_a_hijri_day(y in -9999i16..=9999, m in 1i8..=12) {
        let h = to_hijri(date(y, m, 1));
        prop_assert!((1..=12).contains(&h.month));
    }

    #[test]
    fn reads_its_own_text(days in 0i32..40_000, arab: bool, hijri: bool, arabic: bool, levant: bool, style in 0..3) {
        let civil = date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let locale = Locale::new(if arabic { Lang::Ar } else { Lang::En }, if levant { "SY" } else { "SA" })
            .with_digits(if arab { Digits::Arab } else { Digits::Latn })
            .with_calendar(if hijri { Calendar::Hijri } else { Calendar::Gregorian });
        let style = [DateStyle::Short, DateStyle::Medium, DateStyle::Long][style as usize];
        let text = format_date(civil, &locale, style);
        prop_assert_eq!(parse_date(&text, &locale), Ok(civil), "{}", text);
    }

    #[test]
    fn never_panics(s in "\\PC{0,40}") {
        let _ = (parse_date(&s, &Locale::default()), parse_time(&s));
    }

    #[test]
    fn date_soup_never_panics(s in "[0-9٠-٩/: .ا-يa-z-]{0,24}") {
        let _ = (parse_date(&s, &Locale::default()), parse_time(&s));
    }

    #[test]
    fn durations_never_panic(seconds: i64) {
        prop_assert!(!format_duration(seconds, &Locale::default()).is_empty());
    }
}
