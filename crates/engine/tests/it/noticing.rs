//! People are told what concerns them, once, and nothing of records they may not see.

use crate::fixture::{actor, company, party};
use engine::notify::{Channels, Mail, NoticePrefs, Wanted};
use engine::{Actor, Company, Draft, Notice};
use kernel::Record;
use serde_json::json;
use std::time::Duration;
use text::locale::{Lang, Locale};

async fn tell(company: &Company, by: &Actor, to: &Actor, kind: &str, record: &Record) -> bool {
    let mut cx = company.write(by).await.unwrap();
    let told = cx.notify(Notice { user: to.id, kind, object: &record.object, record: record.id, data: json!({"amount": 3}) }).await.unwrap();
    cx.commit().await.unwrap();
    told
}

async fn all(company: &Company, actor: &Actor) -> Vec<engine::notify::Told> {
    company.notices(actor, &Wanted::default(), 50).await.unwrap().items
}

#[tokio::test]
async fn sal_9_a_notice_reaches_its_reader_once_and_live() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let (sara, omar) = (actor(&company, "sara", "admin").await, actor(&company, "omar", "admin").await);
        let customer = party(&company, &sara, "شركة النخيل", "Palm").await;
        let mut news = company.db().subscribe();
        assert!(!tell(&company, &omar, &omar, "comment", &customer).await, "nobody is told what he did himself");
        assert!(tell(&company, &sara, &omar, "comment", &customer).await);
        let heard = tokio::time::timeout(Duration::from_secs(5), async {
            while news.recv().await.unwrap() != engine::notify::topic(omar.id) {}
        });
        heard.await.expect("the open pages of omar hear of it");
        // The same again within minutes is counted.
        assert!(tell(&company, &sara, &omar, "comment", &customer).await);
        let found = all(&company, &omar).await;
        assert_eq!((found.len(), found[0].n, found[0].seen, found[0].read), (1, 2, false, false));
        assert_eq!(found[0].sentence(&Locale::new(Lang::En, "SA")), "2 comments on Palm, the latest by sara");
        assert!(found[0].sentence(&Locale::ar("SA")).contains("تعليقان على شركة النخيل"));
        assert_eq!(company.unseen(&omar).await.unwrap(), 1);

        company.mark_seen(&omar).await.unwrap();
        assert_eq!(company.unseen(&omar).await.unwrap(), 0);
        // Others cannot mark it.
        assert_eq!(company.mark_read(&sara, Some(&[found[0].id]), true).await.unwrap(), 0);
        assert_eq!(company.mark_read(&omar, Some(&[found[0].id]), true).await.unwrap(), 1);
        assert!(company.notices(&omar, &Wanted { unread: true, ..Wanted::default() }, 10).await.unwrap().items.is_empty());
        // What was read is told anew.
        assert!(tell(&company, &sara, &omar, "comment", &customer).await);
        assert_eq!(all(&company, &omar).await.len(), 2);
        company.mark_read_of(&omar, customer.id).await.unwrap();
        assert!(all(&company, &omar).await.iter().all(|t| t.read));
    })
    .await;
}

#[tokio::test]
async fn sal_9_nothing_is_told_of_records_out_of_sight() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let admin = actor(&company, "admin", "admin").await;
        let (sara, omar) = (actor(&company, "sara", "seller").await, actor(&company, "omar", "seller").await);
        let customer = party(&company, &sara, "مؤسسة الواحة", "Oasis").await;
        assert!(!tell(&company, &admin, &omar, "comment", &customer).await, "not his customer");
        assert!(tell(&company, &admin, &sara, "comment", &customer).await);
        assert_eq!(company.unseen(&sara).await.unwrap(), 1);
        // The customer is handed over: neither the notice nor its number stays.
        crate::fixture::save(&company, &admin, "party", Draft::of(customer.id).set("owner", omar.id)).await.unwrap();
        assert!(all(&company, &sara).await.is_empty());
        assert_eq!(company.unseen(&sara).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn sal_9_preferences_decide_on_the_way() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let (sara, omar) = (actor(&company, "sara", "admin").await, actor(&company, "omar", "admin").await);
        let customer = party(&company, &sara, "شركة النخيل", "Palm").await;
        let quiet = |app, mail| NoticePrefs {
            kinds: [("comment".to_owned(), Channels { app, mail, push: false })].into(),
            quiet_from: 0,
            quiet_until: 0,
            quiet_weekend: false,
            ..NoticePrefs::default()
        };
        let jobs = || async { store::queue::list(&mut company.db().read().await.unwrap(), Some(engine::notify::MAIL), None, 10).await.unwrap().len() };
        company.save_notice_prefs(&omar, &quiet(false, Mail::Off)).await.unwrap();
        tell(&company, &sara, &omar, "comment", &customer).await;
        assert!(all(&company, &omar).await.is_empty() && jobs().await == 0);
        company.save_notice_prefs(&omar, &quiet(true, Mail::Now)).await.unwrap();
        tell(&company, &sara, &omar, "comment", &customer).await;
        assert_eq!((all(&company, &omar).await.len(), jobs().await), (1, 1));
        // A kind no module knows is shown in the centre alone.
        tell(&company, &sara, &omar, "reminder", &customer).await;
        assert_eq!((all(&company, &omar).await.len(), jobs().await), (2, 1));
    })
    .await;
}

#[tokio::test]
async fn sal_9_what_gathers_comes_in_one_letter_at_the_persons_hour() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let (sara, omar) = (actor(&company, "sara", "admin").await, actor(&company, "omar", "admin").await);
        let customer = party(&company, &sara, "شركة النخيل", "Palm").await;
        let letters = async || store::queue::list(&mut company.db().read().await.unwrap(), Some("mail.send"), None, 10).await.unwrap();
        let clock = |at: &str| company.clock().set(at.parse().unwrap());
        // Sunday, six in the morning in Riyadh.
        clock("2026-11-29T03:00:00Z");
        tell(&company, &sara, &omar, "comment", &customer).await;
        assert_eq!(engine::notify::digests(&company).await.unwrap(), 0, "too early");
        clock("2026-11-29T05:02:00Z");
        assert_eq!(engine::notify::digests(&company).await.unwrap(), 1);
        let letter = &letters().await[0].payload;
        assert_eq!((letter["to"].as_str(), letter["lang"].as_str()), (Some("omar@example.com"), Some("ar")));
        let lines: Vec<&str> = letter["lines"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
        assert!(lines.iter().any(|l| l.contains("علّق sara على شركة النخيل")), "{lines:?}");
        assert!(lines.iter().any(|l| l.ends_with(&format!("/party/{}", customer.id))));
        // Once a day, and what was told is not told again.
        clock("2026-11-29T08:02:00Z");
        tell(&company, &sara, &omar, "comment", &customer).await;
        assert_eq!(engine::notify::digests(&company).await.unwrap(), 0);
        // Not on Friday; read by then, there is no letter at all.
        clock("2026-12-04T06:02:00Z");
        assert_eq!(engine::notify::digests(&company).await.unwrap(), 0, "a day of rest");
        company.mark_read(&omar, None, true).await.unwrap();
        clock("2026-12-06T06:02:00Z");
        assert_eq!((engine::notify::digests(&company).await.unwrap(), letters().await.len()), (0, 1));
    })
    .await;
}
