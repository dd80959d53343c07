//! A lively calendar around today: meetings, calls and visits of the staff, the same for every new demo of a week.

use super::people::Staff;
use engine::{Company, Draft};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Cell, ColumnType, Name, Outcome, Value};
use uuid::Uuid;

/// Kind, subject, first weekday offset from Monday of this week, hour, minutes, whose (index of the staff), others, repeat, place.
type Planned = (&'static str, &'static str, i64, i8, i64, usize, &'static [usize], &'static str, &'static str);

const PLANNED: &[Planned] = &[
    ("meeting", "اجتماع المبيعات الأسبوعي", 0, 9, 60, 1, &[2, 3, 4, 5], "weekly", "قاعة النخيل"),
    ("meeting", "مراجعة المسار مع قادة الفرق", 2, 11, 45, 1, &[2, 4], "weekly", ""),
    ("meeting", "وقفة خدمة العملاء", 0, 8, 15, 6, &[], "workdays", ""),
    ("event", "إقفال الشهر", 4, 15, 90, 1, &[0], "monthly", "المكتب"),
    ("event", "إخراج الزكاة", 1, 10, 60, 0, &[], "hijri_yearly", ""),
    ("call", "متابعة عرض السعر", 0, 11, 30, 2, &[], "", ""),
    ("call", "استفسار عن موعد التسليم", 1, 9, 30, 3, &[], "", ""),
    ("call", "تأكيد كميات الموسم", 1, 14, 30, 4, &[], "", ""),
    ("call", "مناقشة شروط الدفع", 2, 10, 30, 5, &[], "", ""),
    ("call", "شكوى تغليف", 3, 9, 30, 6, &[], "", ""),
    ("visit", "زيارة المعرض وعرض العينات", 1, 11, 120, 2, &[3], "", "باريس"),
    ("visit", "جولة في مستودع العميل", 3, 13, 90, 4, &[5], "", "برشلونة"),
    ("visit", "زيارة تعارف", 4, 10, 60, 3, &[], "", "أمستردام"),
    ("meeting", "عرض تشكيلة الربيع", 2, 14, 90, 4, &[5, 1], "", "قاعة النخيل"),
    ("meeting", "تدريب على النظام الجديد", 3, 15, 60, 0, &[2, 3, 4, 5, 6], "", "قاعة النخيل"),
    ("task", "إعداد عرض سعر للموسم القادم", 2, 16, 0, 2, &[], "", ""),
    ("task", "تحديث قائمة الأسعار", 3, 12, 0, 5, &[], "", ""),
    ("task", "إرسال كشف الحساب", 4, 12, 0, 6, &[], "", ""),
    ("task", "مراجعة العملاء الخاملين", 1, 16, 0, 4, &[], "fortnightly", ""),
    ("event", "موعد خاص", 2, 17, 60, 2, &[], "", ""),
];

/// Makes rooms and the plans of three weeks, once.
pub async fn make(company: &Company, staff: &Staff) -> Outcome<usize> {
    let system = company.system();
    let mut cx = company.write(&system).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT COUNT(*) FROM activity");
    if cx.tx.int(&sql).await?.unwrap_or_default() > 0 {
        return Ok(0);
    }
    let room = |key: &str, ar: &str, en: &str, kind: &str, seats: i64| Draft::new().external("demo", key).set("name", Name::new(ar, en)).set("kind", kind).set("capacity", seats);
    let rooms = vec![room("room 1", "قاعة النخيل", "Palm room", "room", 12), room("room 2", "قاعة المرجان", "Coral room", "room", 6), room("car 1", "سيارة المبيعات", "Sales car", "car", 5)];
    let rooms: Vec<Uuid> = cx.save_many("resource", rooms).await?.iter().map(|r| r.record().id).collect();
    let user = |i: usize| staff.get(i).map(|(_, id)| *id);
    let zone = text::calendar::time_zone(&company.settings().locale());
    let today = cx.now.to_zoned(zone.clone()).date();
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let mut drafts = Vec::new();
    for (n, (kind, subject, day, hour, minutes, owner, others, repeat, place)) in PLANNED.iter().enumerate() {
        // What repeats began a month ago; the rest stands in last week, this one and the next.
        let weeks: &[i64] = if repeat.is_empty() { &[-1, 0, 1] } else { &[-4] };
        for week in weeks {
            let shift = if repeat.is_empty() { (*week * 2 + i64::try_from(n).unwrap_or(0)).rem_euclid(3) } else { 0 };
            let date = monday.saturating_add((*week * 7 + (*day + shift).min(4)).days());
            let at = moment(date, *hour, &zone);
            let mut draft = Draft::new().set("kind", *kind).set("subject", *subject).set("at", at).set("owner", user(*owner)).set("zone", company.settings().zone.as_str());
            if *minutes > 0 {
                draft = draft.set("ends", at.saturating_add(jiff::SignedDuration::from_mins(*minutes)).unwrap_or(at));
            }
            let colleagues: Vec<Uuid> = others.iter().filter_map(|o| user(*o)).collect();
            if !colleagues.is_empty() {
                draft = draft.set("colleagues", Value::Ids(colleagues));
            }
            if !repeat.is_empty() {
                draft = draft.set("repeat", *repeat);
            }
            if !place.is_empty() {
                draft = draft.set("place", *place);
            }
            if *place == "قاعة النخيل" && !repeat.is_empty() {
                draft = draft.set("resources", Value::Ids(rooms.iter().take(1).copied().collect()));
            }
            if *subject == "موعد خاص" {
                draft = draft.set("privacy", "private");
            }
            if matches!(*kind, "call" | "visit") {
                draft = draft.set("party", customer(&mut cx, user(*owner), drafts.len()).await?);
            }
            drafts.push(draft);
        }
    }
    let n = drafts.len();
    cx.save_many("activity", drafts).await?;
    cx.commit().await?;
    Ok(n)
}

/// One of the owner's customers.
async fn customer(cx: &mut engine::Cx, owner: Option<Uuid>, n: usize) -> Outcome<Option<Uuid>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM party WHERE deleted_at IS NULL AND owner = ").bind(owner).push(&format!(" ORDER BY code, id LIMIT 1 OFFSET {}", n % 12));
    Ok(cx.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)))
}

fn moment(day: Date, hour: i8, zone: &TimeZone) -> jiff::Timestamp {
    day.at(hour, 0, 0, 0).to_zoned(zone.clone()).map_or(jiff::Timestamp::UNIX_EPOCH, |z| z.timestamp())
}
