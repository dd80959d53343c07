//! Letters go out once, can be taken back, and what is not known is said to be.

use crate::office::{Office, office};
use crate::servers::servers;
use engine::{Draft, Input};
use kernel::{Record, Value};
use sila_mailbox::outbox;
use std::time::Duration;
use uuid::Uuid;

async fn draft(o: &Office, to: &str, body: &str) -> Record {
    let mut cx = o.company.write(&o.sara).await.unwrap();
    let draft = Draft::new().set("mailbox", o.mailbox).set("to", to).set("subject", "عرض سعر").set("body", body);
    let made = cx.save("mail", draft).await.unwrap().into_record();
    cx.commit().await.unwrap();
    made
}

async fn act(o: &Office, id: Uuid, action: &str) -> kernel::Outcome<engine::Done> {
    o.company.dispatch(&o.sara, "mail", id, action, None, Input::new()).await
}

async fn state(o: &Office, id: Uuid) -> String {
    o.company.get(&o.sara, "mail", id).await.unwrap().get("state").text().unwrap().to_owned()
}

/// Lets the time for undoing pass and does what is due.
async fn work(o: &Office) {
    let later = o.company.now().checked_add(jiff::SignedDuration::from_secs(3_600)).unwrap();
    o.company.clock().set(later);
    // The queue goes by the machine's clock: make what waits due.
    let mut cx = o.company.write(&o.company.system()).await.unwrap();
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_job SET due_at = 1 WHERE state = 'waiting' AND kind LIKE 'mailbox.%'");
    cx.tx.exec(&sql).await.unwrap();
    cx.commit().await.unwrap();
    engine::runner::run_due(&o.company, &[]).await.unwrap();
}

async fn arrived(user: &str, n: usize) -> Vec<String> {
    for _ in 0..100 {
        if servers().count(user, "INBOX") >= n {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    servers().contents(user, "INBOX")
}

/// INT-4, SAL-1: an answer from the time line goes out, arrives, stands in the conversation, and is imported once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_an_answer_goes_out_once() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let mark = Uuid::new_v4().simple().to_string();
        let party = o.party("هدى العلي", "huda@wahah.example", &o.sara).await;
        let raw = format!("From: Huda <huda@wahah.example>\r\nTo: {}\r\nMessage-ID: <{mark}@wahah.example>\r\nSubject: {mark}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nكم السعر؟\r\n", o.user);
        servers().deliver(&o.user, "INBOX", &[raw.into_bytes()]);
        o.sync().await.unwrap();
        let parent = o.mails().await.pop().unwrap();
        let input = Input::from_iter([("body".to_owned(), Value::from("السعر مئة ريال"))]);
        let done = o.company.dispatch(&o.sara, "mail", parent.id, "reply", None, input).await.unwrap();
        let answer: Uuid = done.goto.unwrap().1;
        assert_eq!(state(&o, answer).await, "queued");
        work(&o).await;
        assert_eq!(state(&o, answer).await, "sent", "{:?}", o.company.get(&o.sara, "mail", answer).await.unwrap());
        let mut got = Vec::new();
        for _ in 0..100 {
            got = arrived("huda@wahah.example", 1).await.into_iter().filter(|m| m.contains(&format!("In-Reply-To: <{mark}@wahah.example>"))).collect();
            if !got.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(got.len(), 1);
        // The copy in the Sent folder, and no second record of it.
        work(&o).await;
        assert_eq!(servers().count(&o.user, "Sent"), 1);
        o.sync().await.unwrap();
        let all = o.mails().await;
        assert_eq!(all.len(), 2);
        let sent = all.iter().find(|m| m.id == answer).unwrap();
        assert_eq!(sent.get("thread"), all.iter().find(|m| m.id == parent.id).unwrap().get("thread"));
        assert_eq!(sent.get("party").id(), Some(party));
        assert!(o.proven().await);
        let line = o.company.timeline(&o.sara, "party", party, &["interaction".into()], None, 50).await.unwrap();
        assert_eq!(line.entries.len(), 2);
        let parent = o.company.get(&o.sara, "mail", parent.id).await.unwrap();
        assert_eq!((parent.get("answered").bool(), parent.get("status").text()), (Some(true), Some("done")));
        // Nobody else may answer in the name of the mailbox.
        let refused = o.company.dispatch(&o.omar, "mail", answer, "again", None, Input::new()).await;
        assert!(refused.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_sending_can_be_undone_and_refusals_are_told() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let letter = draft(&o, "omar@wahah.example", "نص").await;
        act(&o, letter.id, "send").await.unwrap();
        act(&o, letter.id, "undo").await.unwrap();
        work(&o).await;
        assert_eq!(state(&o, letter.id).await, "draft");
        // No address: refused before anything is queued, and the field is named.
        let bad = draft(&o, "ليس عنوانًا", "نص").await;
        let fault = act(&o, bad.id, "send").await.unwrap_err();
        assert_eq!((fault.issues[0].field.as_str(), fault.issues[0].key.as_str()), ("to", "mail-bad-address"));
        // The server knows nobody of that name.
        let nobody = draft(&o, "unknown@wahah.example", "نص").await;
        act(&o, nobody.id, "send").await.unwrap();
        work(&o).await;
        let failed = o.company.get(&o.sara, "mail", nobody.id).await.unwrap();
        assert_eq!(failed.get("state").text(), Some("failed"));
        assert!(failed.get("error").text().unwrap().contains("unknown"));
        assert_eq!(o.told("mail.failed").await, 1);
        // A server that is away is tried again.
        o.at("smtp_port", 1).await;
        let waits = draft(&o, "omar@wahah.example", "نص").await;
        act(&o, waits.id, "send").await.unwrap();
        work(&o).await;
        assert_eq!(state(&o, waits.id).await, "queued");
        o.at("smtp_port", servers().smtp).await;
        work(&o).await;
        work(&o).await;
        assert_eq!(state(&o, waits.id).await, "sent");
    })
    .await;
}

/// The program dies between handing over and hearing the answer: nothing is sent twice, somebody is told, and the copy on
/// the server settles it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_a_crash_between_sending_and_knowing() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let letter = draft(&o, "crash@wahah.example", "نص").await;
        act(&o, letter.id, "send").await.unwrap();
            // As the node left it: the letter in hand, the job claimed once.
        o.set("mail", letter.id, "state", "sending").await;
        let mut cx = o.company.write(&o.company.system()).await.unwrap();
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_job SET attempts = 1 WHERE state = 'waiting'");
        cx.tx.exec(&sql).await.unwrap();
        cx.commit().await.unwrap();
        let before = servers().count("crash@wahah.example", "INBOX");
        work(&o).await;
        assert_eq!(state(&o, letter.id).await, "unsure");
        assert_eq!(o.told("mail.failed").await, 1);
        assert_eq!(servers().count("crash@wahah.example", "INBOX"), before);
        // The provider had put it into Sent: it was sent.
        let record = o.company.get(&o.company.system(), "mail", letter.id).await.unwrap();
        let mailbox = o.company.get(&o.company.system(), "mailbox", o.mailbox).await.unwrap();
        servers().deliver(&o.user, "Sent", &[outbox::letter(&record, &mailbox).build().unwrap().bytes]);
        o.sync().await.unwrap();
        assert_eq!((state(&o, letter.id).await.as_str(), o.mails().await.len()), ("sent", 1));
    })
    .await;
}

/// A letter of a mail server about ours that did not arrive.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_a_returned_letter_says_so() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let letter = draft(&o, "omar@wahah.example", "نص").await;
        act(&o, letter.id, "send").await.unwrap();
        work(&o).await;
        let id = o.company.get(&o.sara, "mail", letter.id).await.unwrap().get("message_id").text().unwrap().to_owned();
        let report = format!("From: MAILER-DAEMON@mx.example\r\nTo: {}\r\nMessage-ID: <b.{id}>\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; omar@wahah.example\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 full\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\n\r\n--b--\r\n", o.user);
        servers().deliver(&o.user, "INBOX", &[report.into_bytes()]);
        o.sync().await.unwrap();
        assert_eq!(state(&o, letter.id).await, "bounced");
    })
    .await;
}

/// INT-4: a letter tells that it was opened only where its writer asked for it, and only by our own address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_read_tracking_is_asked_for_and_signed() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        o.sync().await.unwrap();
        let plain = draft(&o, "omar@wahah.example", "بلا تتبع").await;
        assert_eq!(plain.get("tracked").bool(), Some(false), "off unless somebody wants it");
        let letter = draft(&o, "omar@wahah.example", "مع تتبع").await;
        let mut cx = o.company.write(&o.sara).await.unwrap();
        cx.save("mail", Draft::of(letter.id).set("tracked", true)).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(act(&o, letter.id, "send").await.unwrap_err().issues[0].key, "mail-track-needs-url");
        let settings = engine::Settings { url: "https://crm.example/".into(), ..(*o.company.settings()).clone() };
        o.company.save_settings(&o.company.system(), settings).await.unwrap();
        for id in [plain.id, letter.id] {
            act(&o, id, "send").await.unwrap();
        }
        work(&o).await;
        work(&o).await;
        let id_of = async |id: Uuid| o.company.get(&o.sara, "mail", id).await.unwrap().get("message_id").text().unwrap().to_owned();
        let (tracked, untracked) = (id_of(letter.id).await, id_of(plain.id).await);
        let found = async |user: &str, folder: &str, id: &str| {
            for _ in 0..100 {
                if let Some(m) = servers().contents(user, folder).into_iter().find(|m| m.contains(id)) {
                    return mail::message::read(m.as_bytes()).html;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            panic!("{id} is not in {folder}")
        };
        let html = found("omar@wahah.example", "INBOX", &tracked).await;
        let link = html.split("src=\"").nth(1).unwrap_or_else(|| panic!("{html}")).split('"').next().unwrap().to_owned();
        assert!(link.starts_with(&format!("https://crm.example/p/mail/opened?k={}.", letter.id)), "{link}");
        assert!(!found("omar@wahah.example", "INBOX", &untracked).await.contains("<img"));
        assert!(!found(&o.user, "Sent", &tracked).await.contains("<img"), "we open our own copy");

        let k = link.split("k=").nth(1).unwrap().to_owned();
        let ask = async |k: String| {
            let query = vec![("k".to_owned(), k)];
            let page = engine::PageCx { company: o.company.clone(), actor: o.omar.clone(), path: String::new(), query, ip: "192.0.2.7".into(), agent: "Mail".into() };
            let engine::Answer::File { media, bytes, .. } = sila_mailbox::opened::render(page).await.unwrap() else { panic!("a picture") };
            (media, bytes)
        };
        let point = ask(k.clone()).await;
        assert!(point.0 == "image/gif" && point.1.starts_with(b"GIF89a"));
        // A made-up one is answered alike and notes nothing; so is one for a letter that is not tracked.
        let mark = k.split_once('.').unwrap().1;
        for bad in [format!("{}.{mark}", plain.id), format!("{}.00", letter.id), "x".into(), String::new()] {
            assert_eq!(ask(bad).await, point);
        }
        let known = o.company.get(&o.sara, "mail", letter.id).await.unwrap();
        assert_eq!((known.get("opens").int(), known.get("opened_at").datetime().is_some()), (Some(1), true));
        assert!(o.company.get(&o.sara, "mail", plain.id).await.unwrap().get("opened_at").is_null());
        let first = known.get("opened_at").clone();
        for _ in 0..120 {
            ask(k.clone()).await;
        }
        let known = o.company.get(&o.sara, "mail", letter.id).await.unwrap();
        assert_eq!((known.get("opens").int(), known.get("opened_at")), (Some(99), &first));
    })
    .await;
}
