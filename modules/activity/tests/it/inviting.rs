//! Who is invited, what they answer, by page, letter and calendar program.

use crate::fixture::*;
use engine::{Company, Draft, Query};
use kernel::{Record, Value};
use serde_json::Value as Json;

async fn attendees(o: &Office, activity: uuid::Uuid) -> Vec<Record> {
    let of = kernel::Expr::parse(&format!("activity == id(\"{activity}\")")).unwrap();
    o.company.list(&o.company.system(), &Query::new("attendee").filter(of)).await.unwrap().records
}

/// Payloads of the letters that wait.
async fn letters(company: &Company) -> Vec<Json> {
    let mut conn = company.db().read().await.unwrap();
    let jobs = store::queue::list(&mut conn, Some("mail.send"), None, 50).await.unwrap();
    let mut all: Vec<Json> = jobs.into_iter().map(|j| j.payload).collect();
    all.reverse();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_are_invited_and_answer() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let mut settings = engine::Settings::clone(&o.company.settings());
        settings.url = "https://crm.example".into();
        o.company.save_settings(&o.company.system(), settings).await.unwrap();
        let draft = meeting("مراجعة العقد", "2026-03-05T06:00:00Z", "2026-03-05T07:00:00Z")
            .set("colleagues", Value::Ids(vec![o.users["mona"]]))
            .set("contacts", Value::Ids(vec![o.party]))
            .set("guests", "Lawyer@Law.example، lawyer@law.example");
        let m = o.save("huda", draft).await.unwrap();
        let people = attendees(&o, m.id).await;
        assert_eq!(people.len(), 3);
        let email = |r: &Record| r.get("email").text().unwrap_or_default().to_owned();
        let lawyer = people.iter().find(|r| email(r) == "lawyer@law.example").unwrap().id;
        let mona = people.iter().find(|r| r.get("user").id() == Some(o.users["mona"])).unwrap().id;

        // A colleague answers for himself and for nobody else, not even the owner or the administrator for him.
        o.act("mona", "attendee", mona, "accept", &[]).await.unwrap();
        for who in ["huda", "admin", "omar"] {
            assert!(o.act(who, "attendee", mona, "decline", &[]).await.is_err(), "{who}");
        }
        // Letters go to those outside, each with a link of his own and the calendar's part.
        o.act("huda", "activity", m.id, "invite", &[]).await.unwrap();
        let sent = letters(&o.company).await;
        let to: Vec<&str> = sent.iter().filter_map(|l| l["to"].as_str()).collect();
        assert_eq!(to.len(), 2, "{to:?}");
        assert!(!to.contains(&"mona@sila.example"));
        let letter = sent.iter().find(|l| l["to"] == "lawyer@law.example").unwrap();
        let ics = letter["calendar"]["text"].as_str().unwrap();
        assert!(ics.contains("METHOD:REQUEST") && ics.contains("ORGANIZER;CN=") && ics.contains("DTSTART;TZID=Asia/Riyadh:20260305T090000"), "{ics}");
        let link = letter["lines"].as_array().unwrap().iter().filter_map(Json::as_str).find(|l| l.starts_with("https")).unwrap();
        let (id, signature) = link.split_once("i=").unwrap().1.split_once("&s=").unwrap();
        assert_eq!(id, lawyer.to_string());
        assert!(activity::invite::genuine(&o.company, lawyer, signature).await.unwrap());
        assert!(!activity::invite::genuine(&o.company, mona, signature).await.unwrap());
        assert!(!activity::invite::genuine(&o.company, lawyer, "").await.unwrap());

        // His program answers by mail; somebody else's letter in his name does not count.
        let uid = format!("{}@sila", m.id);
        let reply = |method: &str, partstat: &str| {
            format!("BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:{method}\nBEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260301T060000Z\nATTENDEE;PARTSTAT={partstat}:mailto:Lawyer@law.example\nCOMMENT:في سفر\nEND:VEVENT\nEND:VCALENDAR\n")
        };
        assert_eq!(activity::invite::reply(&o.company, &reply("REPLY", "DECLINED"), "thief@law.example").await.unwrap(), 0);
        assert_eq!(activity::invite::reply(&o.company, &reply("REPLY", "DECLINED"), "lawyer@law.example").await.unwrap(), 1);
        assert_eq!(why(activity::invite::reply(&o.company, &reply("CANCEL", "DECLINED"), "lawyer@law.example").await), "ical-no-reply");
        assert_eq!(why(activity::invite::reply(&o.company, "BEGIN:X\nBEGIN:X\n", "lawyer@law.example").await), "ical-not-ended");
        let state = |r: &Record| r.get("state").text().unwrap().to_owned();
        let people = attendees(&o, m.id).await;
        let his = people.iter().find(|r| r.id == lawyer).unwrap();
        assert_eq!((state(his), his.get("comment").text()), ("declined".into(), Some("في سفر")));

        // Another time: they are told; a note of our own is nobody's business; then it is called off.
        o.save("huda", Draft::of(m.id).set("notes", "لا نقل عن 5%")).await.unwrap();
        assert_eq!(letters(&o.company).await.len(), 2);
        o.save("huda", Draft::of(m.id).set("at", t("2026-03-05T08:00:00Z"))).await.unwrap();
        assert_eq!(letters(&o.company).await.len(), 4);
        o.act("huda", "activity", m.id, "cancel", &[]).await.unwrap();
        let sent = letters(&o.company).await;
        assert_eq!(sent.len(), 6);
        assert_eq!(sent[5]["calendar"]["method"], "CANCEL");
        // Answers stay with those who stay.
        o.save("huda", Draft::of(m.id).set("guests", Value::Null)).await.unwrap();
        let people = attendees(&o, m.id).await;
        assert_eq!((people.len(), state(people.iter().find(|r| r.id == mona).unwrap())), (2, "accepted".into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_read_until_it_is_revoked() {
    testdb::both(async |url| {
        let o = office(&url).await;
        o.save("huda", meeting("عرض", "2026-03-05T06:00:00Z", "2026-03-05T07:00:00Z").set("guests", "a@b.example")).await.unwrap();
        o.save("mona", meeting("سر", "2026-03-05T06:00:00Z", "2026-03-05T07:00:00Z").set("privacy", "private")).await.unwrap();
        let huda = o.actor("huda").await;
        let secret = activity::feed::make(&o.company, &huda, "هاتفي", Some(o.team)).await.unwrap();
        assert!(activity::feed::make(&o.company, &o.actor("omar").await, "x", Some(o.team)).await.is_err());
        let read = async |k: &str| {
            let page = engine::PageCx { company: o.company.clone(), actor: o.company.system(), path: String::new(), query: vec![("k".into(), k.to_owned())], ip: String::new(), agent: String::new() };
            match activity::feed::answer(page).await {
                Ok(engine::Answer::File { bytes, .. }) => Some(String::from_utf8(bytes).unwrap()),
                Ok(_) => panic!("a file is expected"),
                Err(_) => None,
            }
        };
        let text = read(&secret).await.unwrap();
        assert!(text.contains("SUMMARY:عرض") && !text.contains("سر") && !text.contains("a@b.example"), "{text}");
        assert!(read("x").await.is_none() && read("").await.is_none());
        let feed = o.company.list(&huda, &Query::new("feed")).await.unwrap().records[0].id;
        assert!(o.company.get(&o.actor("admin").await, "feed", feed).await.is_err());
        let mut cx = o.company.write(&huda).await.unwrap();
        cx.delete("feed", feed, None).await.unwrap();
        cx.commit().await.unwrap();
        assert!(read(&secret).await.is_none());
    })
    .await;
}
