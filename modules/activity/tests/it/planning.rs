//! Series, rooms, privacy, and what becomes of what is done (SAL-1, SAL-9).

use crate::fixture::*;
use engine::{Draft, Query};
use kernel::{Value, Verb};

#[tokio::test(flavor = "multi_thread")]
async fn sal_9_one_of_a_series_and_those_after_it() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let draft = meeting("اجتماع المبيعات", "2026-03-01T06:00:00Z", "2026-03-01T07:00:00Z").set("repeat", "weekly").set("colleagues", Value::Ids(vec![o.users["mona"]]));
        let series = o.save("huda", draft).await.unwrap();
        let second = Value::DateTime(t("2026-03-08T06:00:00Z"));
        let third = Value::DateTime(t("2026-03-15T06:00:00Z"));
        // The second one moves by two hours, the third is cancelled.
        let done = o.act("huda", "activity", series.id, "detach", &[("occurrence", second.clone())]).await.unwrap();
        let own = done.goto.unwrap().1;
        o.save("huda", Draft::of(own).set("at", t("2026-03-08T08:00:00Z"))).await.unwrap();
        o.act("huda", "activity", series.id, "skip", &[("occurrence", third)]).await.unwrap();
        let of = |list: Vec<(String, String, String)>| list.into_iter().map(|(_, a, z)| format!("{} {}", &a[5..16], &z[11..16])).collect::<Vec<_>>();
        let march = of(o.sheet("mona", "2026-03-01", "2026-03-31", &[]).await);
        assert_eq!(march, ["03-01T06:00 07:00", "03-08T08:00 09:00", "03-22T06:00 07:00", "03-29T06:00 07:00"]);
        // From the fourth on at nine o'clock, with another subject.
        let fourth = Value::DateTime(t("2026-03-22T06:00:00Z"));
        let next = o.act("huda", "activity", series.id, "split", &[("occurrence", fourth)]).await.unwrap().goto.unwrap().1;
        o.save("huda", Draft::of(next).set("at", t("2026-03-22T09:00:00Z")).set("subject", "اجتماع جديد")).await.unwrap();
        let list = o.sheet("mona", "2026-03-01", "2026-04-05", &[]).await;
        assert_eq!(list.last().unwrap().0, "اجتماع جديد");
        assert_eq!(of(list), ["03-01T06:00 07:00", "03-08T08:00 09:00", "03-22T09:00 10:00", "03-29T09:00 10:00", "04-05T09:00 10:00"]);
        assert!(o.get(series.id).await.get("last").datetime().unwrap() < t("2026-03-22T06:00:00Z"));
        // What the series does not have cannot be changed; a part of a series does not repeat.
        let never = [("occurrence", Value::DateTime(t("2026-03-02T06:00:00Z")))];
        assert_eq!(why(o.act("huda", "activity", series.id, "skip", &never).await), "activity-no-occurrence");
        assert_eq!(why(o.save("huda", Draft::of(own).set("repeat", "daily")).await), "activity-part-of-series");
        // Deleting the series takes its parts along; bringing it back brings them too.
        let mut cx = o.company.write(&o.actor("huda").await).await.unwrap();
        cx.delete("activity", series.id, None).await.unwrap();
        cx.commit().await.unwrap();
        assert!(o.company.get(&o.company.system(), "activity", own).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_a_bomb_is_refused_and_changes_nothing() {
    testdb::both(async |url| {
        let o = office(&url).await;
        for (rule, key) in [("FREQ=SECONDLY", "ical-too-often"), ("FREQ=DAILY;COUNT=1000000", "ical-too-many"), ("كل يوم", "ical-bad-rule"), ("RSCALE=HEBREW;FREQ=YEARLY", "ical-other-calendar")] {
            let draft = meeting("قنبلة", "2026-03-01T06:00:00Z", "2026-03-01T07:00:00Z").set("repeat", "custom").set("rule", rule);
            assert_eq!(why(o.save("huda", draft).await), key, "{rule}");
        }
        let none = o.company.count(&o.company.system(), &Query::new("activity"), engine::Count::Exact).await.unwrap();
        assert_eq!(none.n, 0);
        // A Hijri year from the first of Ramadan, and the working week of the company.
        let draft = meeting("أول رمضان", "2026-02-18T06:00:00Z", "2026-02-18T07:00:00Z").set("repeat", "hijri_yearly");
        o.save("huda", draft).await.unwrap();
        assert_eq!(o.sheet("huda", "2027-02-01", "2027-02-28", &[]).await[0].1, "2027-02-08T06:00:00Z");
        let draft = meeting("وقفة صباحية", "2026-03-01T05:30:00Z", "2026-03-01T05:45:00Z").set("repeat", "workdays");
        let daily = o.save("huda", draft).await.unwrap();
        assert_eq!(daily.get("rule").text(), Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,SU"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_booked_once() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let room = || Value::Ids(vec![o.room]);
        let weekly = meeting("أسبوعي", "2026-03-01T06:00:00Z", "2026-03-01T07:00:00Z").set("repeat", "weekly").set("resources", room());
        let weekly = o.save("huda", weekly).await.unwrap();
        let at = |a: &str, z: &str| meeting("آخر", a, z).set("resources", room());
        // Two weeks later the room is taken, also for somebody who may not know by whom; beside it, it is free.
        let clash = at("2026-03-15T06:30:00Z", "2026-03-15T08:00:00Z");
        let fault = o.save("omar", clash.clone()).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "activity-booked");
        assert!(!fault.to_string().contains("أسبوعي"));
        let beside = o.save("omar", at("2026-03-15T07:00:00Z", "2026-03-15T08:00:00Z")).await.unwrap();
        // A series that would run into it once.
        let daily = at("2026-03-12T07:30:00Z", "2026-03-12T07:45:00Z").set("repeat", "daily");
        assert_eq!(why(o.save("mona", daily).await), "activity-booked");
        // Once that occurrence is cancelled, the room is free.
        let third = Value::DateTime(t("2026-03-15T06:00:00Z"));
        o.act("huda", "activity", weekly.id, "skip", &[("occurrence", third)]).await.unwrap();
        let mut cx = o.company.write(&o.actor("omar").await).await.unwrap();
        cx.delete("activity", beside.id, None).await.unwrap();
        cx.commit().await.unwrap();
        o.save("omar", clash).await.unwrap();

        // Twelve at once: one gets it.
        let mut tasks = Vec::new();
        for i in 0..12 {
            let (company, actor) = (o.company.clone(), o.actor(["huda", "mona", "omar"][i % 3]).await);
            let draft = at("2026-03-18T06:00:00Z", "2026-03-18T07:00:00Z");
            tasks.push(tokio::spawn(async move {
                company
                    .transact(&actor, move |cx| {
                        let draft = draft.clone();
                        Box::pin(async move { cx.save("activity", draft).await.map(|_| ()) })
                    })
                    .await
            }));
        }
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => won += 1,
                Err(f) => assert_eq!(f.issues.first().map(|i| i.key.as_str()), Some("activity-booked"), "{f}"),
            }
        }
        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_is_only_busy() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let draft = meeting("موعد الطبيب", "2026-03-03T06:00:00Z", "2026-03-03T07:00:00Z").set("privacy", "private").set("place", "عيادة").set("notes", "سر");
        let doctor = o.save("huda", draft).await.unwrap();
        let open = o.save("huda", meeting("عرض سعر", "2026-03-03T08:00:00Z", "2026-03-03T09:00:00Z").set("party", o.party)).await.unwrap();
        let huda = o.users["huda"];
        let day = async |who: &str| o.sheet(who, "2026-03-03", "2026-03-03", &[("user", huda)]).await.into_iter().map(|(s, a, _)| format!("{s}@{}", &a[11..16])).collect::<Vec<_>>();
        assert_eq!(day("huda").await, ["موعد الطبيب@06:00", "عرض سعر@08:00"]);
        for who in ["mona", "manager", "admin", "viewer"] {
            assert_eq!(day(who).await, ["@06:00", "عرض سعر@08:00"], "{who}");
        }
        // Nobody's team-mate sees only when she is taken.
        assert_eq!(day("omar").await, ["@06:00", "@08:00"]);
        for who in ["mona", "manager", "admin", "omar"] {
            let actor = o.actor(who).await;
            assert!(o.company.get(&actor, "activity", doctor.id).await.is_err(), "{who}");
            let found = o.company.list(&actor, &Query { search: Some("الطبيب".into()), ..Query::new("activity") }).await.unwrap();
            assert!(found.records.is_empty(), "{who}");
            let busy = activity::busy::of_people(&o.company, &actor, &[huda], t("2026-03-03T00:00:00Z"), t("2026-03-04T00:00:00Z")).await.unwrap();
            assert_eq!(busy[&huda].len(), 2, "{who}");
        }
        // Whoever takes part sees it, and may not make another's private thing his own.
        o.save("huda", Draft::of(doctor.id).set("colleagues", Value::Ids(vec![o.users["mona"]]))).await.unwrap();
        assert_eq!(day("mona").await[0], "موعد الطبيب@06:00");
        assert!(!o.company.may_on(&o.actor("omar").await, &open, &Verb::Update).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sal_1_done_goes_into_the_log_with_what_comes_next() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let call = Draft::new().set("kind", "call").set("subject", "متابعة العرض").set("at", t("2026-03-01T04:00:00Z")).set("party", o.party);
        let call = o.save("huda", call).await.unwrap();
        assert_eq!(call.get("ends").datetime(), Some(t("2026-03-01T04:30:00Z")));
        let input = [
            ("outcome", Value::from("agreed")),
            ("notes", "وافق على السعر".into()),
            ("next_action", "إرسال العقد".into()),
            ("next_at", Value::DateTime(t("2026-03-02T06:00:00Z"))),
        ];
        o.act("huda", "activity", call.id, "complete", &input).await.unwrap();
        let done = o.get(call.id).await;
        assert_eq!((done.get("status").text(), done.get("outcome").text()), (Some("done"), Some("agreed")));
        let log = o.company.get(&o.actor("huda").await, "interaction", done.get("interaction").id().unwrap()).await.unwrap();
        assert_eq!(log.get("channel").text(), Some("call"));
        assert_eq!(log.get("at").datetime(), Some(t("2026-03-01T04:00:00Z")));
        assert_eq!((log.get("notes").text(), log.get("duration").int()), (Some("وافق على السعر"), Some(1800)));
        let line = o.company.timeline(&o.actor("huda").await, "party", o.party, &["interaction".to_owned()], None, 10).await.unwrap();
        assert_eq!(line.entries[0].record_id, log.id);
        let next = o.company.list(&o.actor("huda").await, &Query::new("activity").filter(kernel::Expr::parse("status == \"planned\"").unwrap())).await.unwrap();
        assert_eq!(next.records[0].get("subject").text(), Some("إرسال العقد"));
        // Twice is not possible, nor for others.
        assert_eq!(why(o.act("huda", "activity", call.id, "complete", &[]).await), "action-not-now");
        assert!(o.act("omar", "activity", next.records[0].id, "complete", &[]).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_for_everybody() {
    testdb::both(async |url| {
        let o = office(&url).await;
        o.save("huda", meeting("أ", "2026-03-01T05:00:00Z", "2026-03-01T08:00:00Z")).await.unwrap();
        o.save("omar", meeting("ب", "2026-03-01T08:00:00Z", "2026-03-01T13:30:00Z").set("privacy", "private")).await.unwrap();
        let people = [o.users["huda"], o.users["omar"]];
        let found = activity::pages::first_free(&o.company, &o.actor("mona").await, &people, kernel::jiff::SignedDuration::from_mins(60), 1).await.unwrap();
        // Half an hour is left of Sunday: Monday morning at eight.
        assert_eq!(found, [t("2026-03-02T05:00:00Z")]);
        let actor = o.actor("mona").await;
        activity::holidays::give(&o.company, &o.company.system(), "SA", 2026).await.unwrap();
        assert_eq!(activity::holidays::give(&o.company, &o.company.system(), "SA", 2026).await.unwrap(), 0);
        let day = |d: &str| d.parse().unwrap();
        let off = activity::holidays::between(&o.company, &actor, day("2026-02-20"), day("2026-02-25")).await.unwrap();
        assert_eq!(off, [(day("2026-02-22"), "يوم التأسيس".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn a_month_reads_the_first_of_each_day_and_says_where_there_is_more() {
    testdb::both(|url| async move {
        let o = office(&url).await;
        let both = [("user", o.users["huda"]), ("user", o.users["mona"])];
        let mine = |who: &str, subject: &str, at: &str, ends: &str| meeting(subject, at, ends).set("owner", o.users[who]);
        // A full Tuesday of both, the half of it private; a night, three days away, every Monday, and one that is over before.
        for n in 0..12 {
            let who = if n % 2 == 0 { "huda" } else { "mona" };
            let (at, ends) = (format!("2026-03-10T{:02}:00:00Z", 5 + n), format!("2026-03-10T{:02}:30:00Z", 5 + n));
            let draft = mine(who, &format!("موعد {n}"), &at, &ends);
            o.save(who, if n % 3 == 0 { draft.set("privacy", "private") } else { draft }).await.unwrap();
        }
        o.save("huda", mine("huda", "مناوبة الليل", "2026-03-11T20:00:00Z", "2026-03-11T22:30:00Z")).await.unwrap();
        o.save("mona", mine("mona", "معرض", "2026-03-16T06:00:00Z", "2026-03-18T14:00:00Z")).await.unwrap();
        o.save("mona", mine("mona", "اجتماع الأسبوع", "2026-03-02T07:00:00Z", "2026-03-02T08:00:00Z").set("repeat", "weekly")).await.unwrap();
        o.save("huda", mine("huda", "قبل ذلك", "2026-02-27T07:00:00Z", "2026-02-27T08:00:00Z")).await.unwrap();
        for who in ["huda", "manager"] {
            let all = o.sheet_with_room(who, "2026-03-01", "2026-04-04", &both, None).await;
            let few = o.sheet_with_room(who, "2026-03-01", "2026-04-04", &both, Some(4)).await;
            let zone = kernel::jiff::tz::TimeZone::get("Asia/Riyadh").unwrap();
            let first_of_days = |s: &engine::calendar::Sheet| {
                let mut days: std::collections::BTreeMap<_, Vec<_>> = std::collections::BTreeMap::new();
                for e in &s.entries {
                    let mut day = e.start.to_zoned(zone.clone()).date();
                    while day.to_zoned(zone.clone()).unwrap().timestamp() < e.end {
                        days.entry(day).or_default().push((e.start, e.end, e.title.clone()));
                        day = day.tomorrow().unwrap();
                    }
                }
                days.values_mut().for_each(|d| d.truncate(4));
                days
            };
            assert_eq!(first_of_days(&all), first_of_days(&few), "{who}");
            assert!(all.full.is_empty() && few.entries.len() < all.entries.len());
            assert_eq!(few.full.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-03-10"]);
            let night = few.entries.iter().find(|e| e.title == "مناوبة الليل").unwrap();
            assert_eq!(night.end.to_string(), "2026-03-11T22:30:00Z");
            // What he may not read is time alone.
            assert!(few.entries.iter().any(|e| e.title.is_empty()));
            assert!(few.entries.iter().all(|e| !e.title.is_empty() || e.href.is_empty() && e.note.is_empty()));
        }
    })
    .await;
}
