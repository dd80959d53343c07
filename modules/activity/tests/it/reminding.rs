//! Reminders: once, at the right moment, whatever happens to the activity and to the program. The queue goes by the
//! clock on the wall, and so do these tests.

use crate::fixture::*;
use engine::notify::Wanted;
use engine::runner::{Options, Runner};
use engine::{Company, Draft};
use kernel::Value;
use kernel::jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// A node that works for a while.
async fn work(company: &Company, millis: u64) {
    let options = Options { poll: Duration::from_millis(50), schedules: false, ..Options::default() };
    let node = Runner::start(company.clone(), Vec::new(), options);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    node.stop().await;
}

async fn told(o: &Office, who: &str) -> i64 {
    let notices = o.company.notices(&o.actor(who).await, &Wanted::default(), 100).await.unwrap();
    notices.items.iter().filter(|n| n.kind == "activity.reminder").map(|n| n.n).sum()
}

/// Stored as whole seconds: at least one second ahead of now.
fn soon(minutes: i64, millis: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_mins(minutes) + SignedDuration::from_millis(millis)
}

fn draft(at: Timestamp, reminders: &[&str]) -> Draft {
    let reminders = Value::List(reminders.iter().map(|r| (*r).to_owned()).collect());
    Draft::new().set("kind", "meeting").set("subject", "اجتماع").set("at", at).set("reminders", reminders)
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_come_once() {
    testdb::both(async |url| {
        let o = office(&url).await;
        o.company.clock().set(Timestamp::UNIX_EPOCH);
        let both = draft(soon(60, 1900), &["60", "15"]).set("colleagues", Value::Ids(vec![o.users["mona"]]));
        let m = o.save("huda", both).await.unwrap();
        work(&o.company, 200).await;
        assert_eq!(told(&o, "huda").await, 0);
        // An hour before, to both; a node that comes later does not repeat it.
        work(&o.company, 2300).await;
        work(&o.company, 200).await;
        assert_eq!((told(&o, "huda").await, told(&o, "mona").await), (1, 1));
        // Moved: the quarter of an hour before the new time counts; it was waited for by nobody while the program was down.
        o.save("huda", Draft::of(m.id).set("at", soon(15, 1900))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2100)).await;
        work(&o.company, 400).await;
        assert_eq!(told(&o, "huda").await, 2);
        // Cancelled, done, deleted, without reminders any more: nothing.
        let ids = [
            o.save("huda", draft(soon(0, 1900), &["0"])).await.unwrap().id,
            o.save("huda", draft(soon(0, 1900), &["0"])).await.unwrap().id,
            o.save("huda", draft(soon(0, 1900), &["0"])).await.unwrap().id,
            o.save("huda", draft(soon(0, 1900), &["0"])).await.unwrap().id,
        ];
        o.act("huda", "activity", ids[0], "cancel", &[]).await.unwrap();
        o.act("huda", "activity", ids[1], "complete", &[]).await.unwrap();
        let mut cx = o.company.write(&o.actor("huda").await).await.unwrap();
        cx.delete("activity", ids[2], None).await.unwrap();
        cx.commit().await.unwrap();
        o.save("huda", Draft::of(ids[3]).set("reminders", Value::Null)).await.unwrap();
        work(&o.company, 2300).await;
        assert_eq!(told(&o, "huda").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_of_a_series_skip_what_is_cancelled() {
    testdb::both(async |url| {
        let o = office(&url).await;
        o.company.clock().set(Timestamp::UNIX_EPOCH);
        let at = soon(0, 1900);
        let daily = o.save("huda", draft(at, &["0"]).set("repeat", "daily")).await.unwrap();
        let other = o.save("huda", draft(soon(0, 1900), &["0"]).set("repeat", "daily")).await.unwrap();
        o.act("huda", "activity", daily.id, "skip", &[("occurrence", daily.get("at").clone())]).await.unwrap();
        work(&o.company, 2400).await;
        assert_eq!(told(&o, "huda").await, 1);
        // The next day's waits already, for both.
        let mut conn = o.company.db().read().await.unwrap();
        let jobs = store::queue::list(&mut conn, Some("activity.remind"), Some(store::queue::State::Waiting), 10).await.unwrap();
        let mut due: Vec<i64> = jobs.iter().filter_map(|j| j.due_at).collect();
        due.sort_unstable();
        let tomorrow = |r: &kernel::Record| r.get("at").datetime().unwrap().as_microsecond() + 86_400_000_000;
        assert_eq!(due, [tomorrow(&daily), tomorrow(&other)]);
    })
    .await;
}
