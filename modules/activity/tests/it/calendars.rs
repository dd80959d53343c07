//! What calendar programs store and read.

use crate::fixture::*;
use engine::dav::{Item, Put, Shelf};
use engine::{Actor, Query};
use kernel::{Outcome, Value};

async fn put(o: &Office, actor: &Actor, collection: &str, name: &str, text: &str, matches: Option<&str>, absent: bool) -> Outcome<Item> {
    let source = o.company.dav(Shelf::Calendars).unwrap();
    let mut cx = o.company.write(actor).await?;
    let item = (source.put)(&mut cx, Put { collection, name, text, matches, absent }).await?;
    cx.commit().await?;
    Ok(item)
}

async fn read(o: &Office, actor: &Actor, collection: &str, name: &str) -> Option<(Item, String)> {
    let source = o.company.dav(Shelf::Calendars).unwrap();
    (source.read)(&o.company, actor, collection, &[name.to_owned()]).await.unwrap().pop()
}

fn calendar(inside: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{}\r\nEND:VCALENDAR\r\n", inside.trim().replace('\n', "\r\n"))
}

const SERIES: &str = "BEGIN:VEVENT
UID:abc-1
DTSTAMP:20260301T000000Z
SUMMARY:اجتماع أسبوعي
DTSTART;TZID=Asia/Riyadh:20260301T090000
DTEND;TZID=Asia/Riyadh:20260301T100000
RRULE:FREQ=WEEKLY;COUNT=5
EXDATE;TZID=Asia/Riyadh:20260315T090000
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
CATEGORIES:عمل
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DESCRIPTION:x
END:VALARM
BEGIN:VALARM
ACTION:AUDIO
TRIGGER:-PT7M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:abc-1
DTSTAMP:20260301T000000Z
RECURRENCE-ID;TZID=Asia/Riyadh:20260308T090000
SUMMARY:اجتماع متأخر
DTSTART;TZID=Asia/Riyadh:20260308T110000
DTEND;TZID=Asia/Riyadh:20260308T120000
END:VEVENT";

#[tokio::test(flavor = "multi_thread")]
async fn a_series_of_a_program_becomes_ours_and_comes_back() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let huda = o.actor("huda").await;
        let item = put(&o, &huda, "calendar", "abc.ics", &calendar(SERIES), None, true).await.unwrap();
        let march = o.sheet("huda", "2026-03-01", "2026-04-30", &[]).await;
        let shown: Vec<String> = march.iter().map(|(s, a, _)| format!("{s} {}", &a[5..16])).collect();
        assert_eq!(shown, ["اجتماع أسبوعي 03-01T06:00", "اجتماع متأخر 03-08T08:00", "اجتماع أسبوعي 03-22T06:00", "اجتماع أسبوعي 03-29T06:00"]);
        let (same, text) = read(&o, &huda, "calendar", "abc.ics").await.unwrap();
        assert_eq!(same, item);
        for part in ["UID:abc-1", "RRULE:FREQ=WEEKLY;COUNT=5", "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", "CATEGORIES:عمل", "ACTION:AUDIO", "EXDATE;TZID=Asia/Riyadh:20260315T090000", "RECURRENCE-ID;TZID=Asia/Riyadh:20260308T090000", "TRIGGER:-PT15M", "BEGIN:VTIMEZONE"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        // What it reads it may store again, and nothing is doubled.
        let again = put(&o, &huda, "calendar", "abc.ics", &text, Some(&item.etag), false).await.unwrap();
        let (_, twice) = read(&o, &huda, "calendar", "abc.ics").await.unwrap();
        let without = |t: &str| t.lines().filter(|l| !["DTSTAMP", "LAST-MODIFIED", "SEQUENCE"].iter().any(|p| l.starts_with(p))).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(without(&text), without(&twice));
        // An older version is refused, a second object under the same name or uid too.
        let stale = put(&o, &huda, "calendar", "abc.ics", &text, Some("1-0-0"), false).await.unwrap_err();
        assert_eq!(stale.kind, kernel::FaultKind::Conflict);
        assert!(put(&o, &huda, "calendar", "abc.ics", &text, None, true).await.is_err());
        assert_eq!(why(put(&o, &huda, "calendar", "other.ics", &calendar(SERIES), None, false).await), "ical-uid-taken");
        // A change of one occurrence in the product is a change of the object.
        let own = o.company.list(&huda, &Query::new("activity").filter(kernel::Expr::parse("occurrence != null && status == \"planned\"").unwrap())).await.unwrap().records[0].id;
        o.save("huda", engine::Draft::of(own).set("place", "القاعة ٢")).await.unwrap();
        let (later, text) = read(&o, &huda, "calendar", "abc.ics").await.unwrap();
        assert!(later.etag != again.etag && text.contains("LOCATION:القاعة ٢"));
        // Without its exceptions, all occurrences are alike again.
        let plain = SERIES.split("BEGIN:VEVENT\nUID:abc-1\nDTSTAMP:20260301T000000Z\nRECURRENCE").next().unwrap().replace("EXDATE;TZID=Asia/Riyadh:20260315T090000\n", "");
        put(&o, &huda, "calendar", "abc.ics", &calendar(&plain), None, false).await.unwrap();
        assert_eq!(o.sheet("huda", "2026-03-01", "2026-04-30", &[]).await.len(), 5);
        // Deleted by the program.
        let source = o.company.dav(Shelf::Calendars).unwrap();
        let mut cx = o.company.write(&huda).await.unwrap();
        assert!((source.delete)(&mut cx, "calendar", "abc.ics", Some("9-9-9")).await.is_err());
        cx.rollback().await.unwrap();
        let mut cx = o.company.write(&huda).await.unwrap();
        (source.delete)(&mut cx, "calendar", "abc.ics", None).await.unwrap();
        cx.commit().await.unwrap();
        assert!((source.items)(&o.company, &huda, "calendar").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hijri_series_is_told_in_days_and_stays_one() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let huda = o.actor("huda").await;
        let m = o.save("huda", meeting("أول رمضان", "2026-02-18T06:00:00Z", "2026-02-18T07:00:00Z").set("repeat", "hijri_yearly")).await.unwrap();
        let name = format!("{}.ics", m.id);
        let (item, text) = read(&o, &huda, "calendar", &name).await.unwrap();
        assert!(text.contains("RDATE;TZID=Asia/Riyadh:20270208T090000") && !text.contains("\nRRULE"), "{text}");
        put(&o, &huda, "calendar", &name, &text, Some(&item.etag), false).await.unwrap();
        assert_eq!(o.get(m.id).await.get("repeat").text(), Some("hijri_yearly"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_have_a_collection_of_their_own() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let huda = o.actor("huda").await;
        let todo = calendar("BEGIN:VTODO\nUID:t-1\nDTSTAMP:20260301T000000Z\nSUMMARY:اتصل بالمورد\nDUE:20260302T060000Z\nPRIORITY:1\nSTATUS:NEEDS-ACTION\nEND:VTODO");
        assert_eq!(why(put(&o, &huda, "calendar", "t.ics", &todo, None, true).await), "ical-wrong-collection");
        put(&o, &huda, "tasks", "t.ics", &todo, None, true).await.unwrap();
        let tasks = o.company.list(&huda, &Query::new("activity")).await.unwrap().records;
        assert_eq!((tasks[0].get("kind").text(), tasks[0].get("priority").text(), tasks[0].get("at").datetime()), (Some("task"), Some("high"), Some(t("2026-03-02T06:00:00Z"))));
        // Ticked on the phone.
        let (item, text) = read(&o, &huda, "tasks", "t.ics").await.unwrap();
        put(&o, &huda, "tasks", "t.ics", &text.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED"), Some(&item.etag), false).await.unwrap();
        assert_eq!(o.get(tasks[0].id).await.get("status").text(), Some("done"));
        assert!(read(&o, &huda, "tasks", "t.ics").await.unwrap().1.contains("COMPLETED:"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_answer_from_their_program_and_change_nothing_else() {
    testdb::both(async |url| {
        let o = office(&url).await;
        // Omar is in nobody's team: he may read what he is invited to, and no more.
        let m = o.save("huda", meeting("عرض", "2026-03-05T06:00:00Z", "2026-03-05T07:00:00Z").set("colleagues", Value::Ids(vec![o.users["omar"]]))).await.unwrap();
        let omar = o.actor("omar").await;
        let name = format!("{}.ics", m.id);
        let (item, text) = read(&o, &omar, "calendar", &name).await.unwrap();
        let unfolded = text.replace("\r\n ", "");
        let mine = unfolded.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED").replace("SUMMARY:عرض", "SUMMARY:عرضي أنا");
        let after = put(&o, &omar, "calendar", &name, &mine, Some(&item.etag), false).await.unwrap();
        assert_ne!(after.etag, item.etag);
        assert_eq!(o.get(m.id).await.get("subject").text(), Some("عرض"));
        assert!(read(&o, &omar, "calendar", &name).await.unwrap().1.replace("\r\n ", "").contains("PARTSTAT=ACCEPTED"));
        // Taken out of his calendar: he declines, it stays in hers.
        let source = o.company.dav(Shelf::Calendars).unwrap();
        let mut cx = o.company.write(&omar).await.unwrap();
        (source.delete)(&mut cx, "calendar", &name, None).await.unwrap();
        cx.commit().await.unwrap();
        assert!(read(&o, &omar, "calendar", &name).await.is_none());
        assert!(read(&o, &o.actor("huda").await, "calendar", &name).await.is_some());
        // The team's calendar is there to be read; the private is not in it, nor for strangers.
        o.save("huda", meeting("خاص", "2026-03-06T06:00:00Z", "2026-03-06T07:00:00Z").set("privacy", "private")).await.unwrap();
        let team = format!("team-{}", o.team);
        assert_eq!((source.items)(&o.company, &o.actor("mona").await, &team).await.unwrap().len(), 1);
        assert!((source.items)(&o.company, &omar, &team).await.is_err());
        assert!(put(&o, &o.actor("mona").await, &team, "x.ics", &calendar(SERIES), None, true).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_may_not_store() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let huda = o.actor("huda").await;
        let event = |more: &str| calendar(&format!("BEGIN:VEVENT\nUID:b\nDTSTAMP:20260301T000000Z\nDTSTART:20260301T060000Z\n{more}\nEND:VEVENT"));
        let two = calendar("BEGIN:VEVENT\nUID:a\nDTSTART:20260301\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nDTSTART:20260301\nEND:VEVENT");
        let exdates = format!("RRULE:FREQ=DAILY\nEXDATE:{}", (0..900).map(|i| format!("2026{:02}{:02}T060000Z", i / 28 % 12 + 1, i % 28 + 1)).collect::<Vec<_>>().join(","));
        for (text, key) in [
            (event("RRULE:FREQ=SECONDLY"), "ical-too-often"),
            (event("RRULE:FREQ=DAILY;COUNT=99999"), "ical-too-many"),
            (event(&exdates), "ical-too-many"),
            (event("DTEND:later"), "ical-bad-time"),
            (two, "ical-not-one-object"),
            (calendar(""), "ical-not-one-object"),
            ("BEGIN:VCALENDAR\n".repeat(60), "ical-too-deep"),
            (calendar("BEGIN:VEVENT\nUID:a\nEND:VEVENT"), "ical-bad-time"),
            ("x".repeat(600_000), "ical-too-large"),
        ] {
            assert_eq!(why(put(&o, &huda, "calendar", "b.ics", &text, None, false).await), key, "{text:.120}");
        }
        let n = o.company.count(&o.company.system(), &Query::new("activity"), engine::Count::Exact).await.unwrap().n;
        assert_eq!(n, 0);
    })
    .await;
}
