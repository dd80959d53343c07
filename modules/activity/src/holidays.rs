//! Public holidays: as data, given to a company for this year and the next, and kept as people put them right.
//!
//! Fixed days are those of the Gregorian calendar; days of the Hijri calendar are computed by Umm al-Qura and marked as
//! depending on the sight of the moon where the country goes by it. Sources: Saudi Labour Law (Royal Decree M/51) art. 112
//! and its regulation, the decrees on Founding Day (22 February) and Flag Day not being a day off; Egypt, Cabinet list of
//! paid holidays (Labour Law 14/2025); Jordan, Cabinet communiqués; Morocco, decree 2.77.169 as amended (Amazigh New Year 2024).

use engine::{Actor, Company, Draft, JobCx, JobKind, Query, Schedule};
use kernel::jiff::ToSpan;
use kernel::jiff::civil::Date;
use kernel::{Expr, Name, Outcome, Verb};
use std::collections::HashSet;
use text::calendar::{from_hijri, to_hijri};

/// The system in which a given holiday is known, so that it is given once, whatever becomes of it.
const SYSTEM: &str = "sila.holidays";

enum On {
    /// Month and day.
    Fixed(i8, i8),
    /// Month and day of the Hijri year.
    Hijri(u8, u8),
    /// Days after Easter of the Eastern churches.
    EasternEaster(i64),
}

struct Given {
    country: &'static str,
    key: &'static str,
    ar: &'static str,
    en: &'static str,
    on: On,
    days: i64,
}

const fn given(country: &'static str, key: &'static str, ar: &'static str, en: &'static str, on: On, days: i64) -> Given {
    Given { country, key, ar, en, on, days }
}

const GIVEN: &[Given] = &[
    given("SA", "founding", "يوم التأسيس", "Founding Day", On::Fixed(2, 22), 1),
    given("SA", "fitr", "عيد الفطر", "Eid al-Fitr", On::Hijri(9, 30), 4),
    given("SA", "adha", "وقفة عرفة وعيد الأضحى", "Arafat Day and Eid al-Adha", On::Hijri(12, 9), 4),
    given("SA", "national", "اليوم الوطني", "National Day", On::Fixed(9, 23), 1),
    given("EG", "christmas", "عيد الميلاد المجيد", "Coptic Christmas", On::Fixed(1, 7), 1),
    given("EG", "january", "عيد الشرطة وثورة 25 يناير", "Police Day and 25 January Revolution", On::Fixed(1, 25), 1),
    given("EG", "sham", "شم النسيم", "Sham el-Nessim", On::EasternEaster(1), 1),
    given("EG", "sinai", "عيد تحرير سيناء", "Sinai Liberation Day", On::Fixed(4, 25), 1),
    given("EG", "labour", "عيد العمال", "Labour Day", On::Fixed(5, 1), 1),
    given("EG", "june", "ثورة 30 يونيو", "30 June Revolution", On::Fixed(6, 30), 1),
    given("EG", "july", "ثورة 23 يوليو", "23 July Revolution", On::Fixed(7, 23), 1),
    given("EG", "october", "عيد القوات المسلحة", "Armed Forces Day", On::Fixed(10, 6), 1),
    given("EG", "fitr", "عيد الفطر", "Eid al-Fitr", On::Hijri(10, 1), 3),
    given("EG", "adha", "وقفة عرفة وعيد الأضحى", "Arafat Day and Eid al-Adha", On::Hijri(12, 9), 4),
    given("EG", "hijri", "رأس السنة الهجرية", "Islamic New Year", On::Hijri(1, 1), 1),
    given("EG", "mawlid", "المولد النبوي", "Prophet's Birthday", On::Hijri(3, 12), 1),
    given("JO", "new", "رأس السنة الميلادية", "New Year", On::Fixed(1, 1), 1),
    given("JO", "labour", "عيد العمال", "Labour Day", On::Fixed(5, 1), 1),
    given("JO", "independence", "عيد الاستقلال", "Independence Day", On::Fixed(5, 25), 1),
    given("JO", "christmas", "عيد الميلاد المجيد", "Christmas", On::Fixed(12, 25), 1),
    given("JO", "fitr", "عيد الفطر", "Eid al-Fitr", On::Hijri(10, 1), 3),
    given("JO", "adha", "وقفة عرفة وعيد الأضحى", "Arafat Day and Eid al-Adha", On::Hijri(12, 9), 5),
    given("JO", "hijri", "رأس السنة الهجرية", "Islamic New Year", On::Hijri(1, 1), 1),
    given("JO", "mawlid", "المولد النبوي", "Prophet's Birthday", On::Hijri(3, 12), 1),
    given("MA", "new", "رأس السنة الميلادية", "New Year", On::Fixed(1, 1), 1),
    given("MA", "manifesto", "تقديم وثيقة الاستقلال", "Independence Manifesto", On::Fixed(1, 11), 1),
    given("MA", "amazigh", "رأس السنة الأمازيغية", "Amazigh New Year", On::Fixed(1, 14), 1),
    given("MA", "labour", "عيد الشغل", "Labour Day", On::Fixed(5, 1), 1),
    given("MA", "throne", "عيد العرش", "Throne Day", On::Fixed(7, 30), 1),
    given("MA", "oued", "استرجاع إقليم وادي الذهب", "Oued Ed-Dahab", On::Fixed(8, 14), 1),
    given("MA", "king", "ثورة الملك والشعب", "Revolution of the King and the People", On::Fixed(8, 20), 1),
    given("MA", "youth", "عيد الشباب", "Youth Day", On::Fixed(8, 21), 1),
    given("MA", "march", "عيد المسيرة الخضراء", "Green March", On::Fixed(11, 6), 1),
    given("MA", "independence", "عيد الاستقلال", "Independence Day", On::Fixed(11, 18), 1),
    given("MA", "fitr", "عيد الفطر", "Eid al-Fitr", On::Hijri(10, 1), 2),
    given("MA", "adha", "عيد الأضحى", "Eid al-Adha", On::Hijri(12, 10), 2),
    given("MA", "hijri", "فاتح محرم", "Islamic New Year", On::Hijri(1, 1), 1),
    given("MA", "mawlid", "عيد المولد النبوي", "Prophet's Birthday", On::Hijri(3, 12), 2),
];

/// Countries for which there is something to give.
pub const COUNTRIES: [&str; 4] = ["SA", "EG", "JO", "MA"];

/// Easter Sunday of the Eastern churches: the Julian computus, thirteen days later until 2099 (Meeus, ch. 8).
fn eastern_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let n = d + e + 114;
    let julian = Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()?;
    julian.checked_add(13.days()).ok()
}

/// The days of one holiday in a Gregorian year: a Hijri one may come twice.
fn days(given: &Given, year: i16) -> Vec<Date> {
    match given.on {
        On::Fixed(m, d) => Date::new(year, m, d).into_iter().collect(),
        On::EasternEaster(after) => eastern_easter(year).and_then(|d| d.checked_add(after.days()).ok()).into_iter().collect(),
        On::Hijri(m, d) => {
            let Ok(first) = Date::new(year, 1, 1) else { return Vec::new() };
            let h = to_hijri(first).year;
            // The thirtieth of a month that has twenty-nine days is the first of the next.
            let day = |y: i32| from_hijri(y, m, d).or_else(|| from_hijri(y, m, 29).and_then(|x| x.checked_add(1.days()).ok()));
            (h..=h + 2).filter_map(day).filter(|x| x.year() == year).collect()
        }
    }
}

/// Gives the holidays of a country for a year; those that were given before stay as people left them.
///
/// # Errors
/// Those of saving.
pub async fn give(company: &Company, actor: &Actor, country: &str, year: i16) -> Outcome<usize> {
    let mut cx = company.write(actor).await?;
    let mut drafts = Vec::new();
    for g in GIVEN.iter().filter(|g| g.country == country) {
        for (n, day) in days(g, year).into_iter().enumerate() {
            let key = format!("{country}-{year}-{}-{n}", g.key);
            let mut sql = cx.tx.sql();
            // Also one that somebody threw away.
            sql.push("SELECT COUNT(*) FROM sila_external WHERE object = 'holiday' AND system = ").bind(SYSTEM).push(" AND key = ").bind(key.as_str());
            if cx.tx.int(&sql).await?.unwrap_or_default() == 0 {
                let moon = matches!(g.on, On::Hijri(..));
                let draft = Draft::new().set("name", Name::new(g.ar, g.en)).set("day", day).set("days", g.days).set("country", country).set("moon", moon);
                drafts.push(draft.external(SYSTEM, &key));
            }
        }
    }
    let n = drafts.len();
    cx.save_many("holiday", drafts).await?;
    cx.commit().await?;
    Ok(n)
}

pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: "activity.holidays", run: |job| Box::pin(renew(job)) }]
}

pub fn schedules() -> Vec<Schedule> {
    vec![Schedule { key: "activity.holidays", cron: "10 0 * * *", job: "activity.holidays" }]
}

async fn renew(job: JobCx) -> Outcome<()> {
    let company = &job.company;
    let country = company.settings().country.clone();
    let year = company.now().to_zoned(text::calendar::time_zone(&company.settings().locale())).year();
    for year in [year, year.saturating_add(1)] {
        give(company, &company.system(), &country, year).await?;
    }
    Ok(())
}

/// Days off between two days for a reader: of his country and of everybody.
///
/// # Errors
/// The database.
pub async fn between(company: &Company, actor: &Actor, first: Date, last: Date) -> Outcome<Vec<(Date, String)>> {
    let registry = company.registry();
    let Some(object) = registry.find("holiday").filter(|o| actor.may(o, &Verb::Read)) else { return Ok(Vec::new()) };
    let early = first.saturating_sub(31.days());
    let country = &actor.locale.country;
    let filter = Expr::parse(&format!("day >= date(\"{early}\") && day <= date(\"{last}\") && (country == null || country == {country:?})"))?;
    let query = Query { count: engine::Count::None, fields: ["name", "day", "days"].map(str::to_owned).to_vec(), ..Query::new(object.key.clone()) };
    let found = company.list(actor, &query.filter(filter).sort("day").limit(200)).await?;
    let mut out = Vec::new();
    for r in &found.records {
        let (Some(day), Some(name)) = (r.get("day").date(), r.get("name").name()) else { continue };
        for n in 0..r.get("days").int().unwrap_or(1).clamp(1, 31) {
            let d = day.saturating_add(n.days());
            if (first..=last).contains(&d) {
                out.push((d, name.get(actor.lang()).to_owned()));
            }
        }
    }
    Ok(out)
}

/// The days off as a set, for looking for a free time.
///
/// # Errors
/// The database.
pub async fn closed(company: &Company, actor: &Actor, first: Date, last: Date) -> Outcome<HashSet<Date>> {
    Ok(between(company, actor, first, last).await?.into_iter().map(|(d, _)| d).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_move() {
        let day = |country: &str, key: &str, year: i16| {
            let g = GIVEN.iter().find(|g| g.country == country && g.key == key).unwrap();
            days(g, year).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(day("EG", "sham", 2026), ["2026-04-13"]);
        assert_eq!(day("EG", "sham", 2025), ["2025-04-21"]);
        assert_eq!(day("EG", "fitr", 2026), ["2026-03-20"]);
        assert_eq!(day("SA", "adha", 2026), ["2026-05-26"]);
        // The Islamic New Year of 1430 and of 1431 both fell into 2008–2009: twice in one Gregorian year now and then.
        assert_eq!((2000..2040).filter(|y| day("MA", "hijri", *y).len() == 2).count(), 1);
        for g in GIVEN {
            assert!(!days(g, 2027).is_empty(), "{} {}", g.country, g.key);
            assert!(COUNTRIES.contains(&g.country));
        }
    }
}
