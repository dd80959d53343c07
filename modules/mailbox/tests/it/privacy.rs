//! Who sees what of a letter.

use crate::office::{Office, office};
use crate::servers::servers;
use engine::Query;

fn letter(n: usize) -> Vec<u8> {
    format!("From: huda@oasis.example\r\nTo: info@nakheel.example\r\nMessage-ID: <p{n}.{}@oasis.example>\r\nSubject: =?utf-8?B?2LPYsQ==?= {n}\r\nDate: Thu, 05 Mar 2026 12:00:00 +0300\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nكلمة السر زمردة\r\n", uuid::Uuid::new_v4().simple()).into_bytes()
}

async fn found(o: &Office, who: &engine::Actor, object: &str, words: &str) -> usize {
    let query = Query { search: Some(words.into()), ..Query::new(object) };
    o.company.list(who, &query).await.map_or(0, |l| l.records.len())
}

/// INT-4: private, subject only, shared; on lists, search, time line and files.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_privacy_holds_on_every_path() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        // Omar's customer writes to Sara's mailbox.
        let party = o.party("هدى", "huda@oasis.example", &o.omar).await;
        for (n, privacy, contact, whole) in [(1, "private", false, false), (2, "subject", true, false), (3, "shared", true, true)] {
            o.set("mailbox", o.mailbox, "privacy", privacy).await;
            servers().deliver(&o.user, "INBOX", &[letter(n)]);
            o.sync().await.unwrap();
            let mine = o.all(&o.sara, "mail", &format!("privacy == \"{privacy}\"")).await.pop().unwrap();
            assert_eq!(mine.get("party").id(), Some(party));
            let contact_id = mine.get("interaction").id().unwrap();
            assert_eq!(o.company.get(&o.omar, "mail", mine.id).await.is_ok(), whole, "{privacy}");
            assert_eq!(o.company.files(&o.omar, "mail", mine.id).await.is_ok(), whole);
            assert_eq!(o.company.get(&o.omar, "interaction", contact_id).await.is_ok(), contact, "{privacy}");
            let line = o.company.timeline(&o.omar, "party", party, &[], None, 50).await.unwrap();
            assert_eq!(line.entries.iter().any(|e| e.record_id == contact_id), contact);
            // The body is nowhere in the contact.
            let record = o.company.get(&o.sara, "interaction", contact_id).await.unwrap();
            let text = format!("{record:?}");
            assert!(!text.contains("زمردة"));
            let cards = sila_mailbox::told::cards(page(&o, &o.omar), vec![record]).await.unwrap();
            assert_eq!(cards.values().any(|c| c.body.contains("زمردة")), whole);
            assert_eq!(cards.values().any(|c| c.actions.iter().any(|a| a.href.contains(&mine.id.to_string()))), whole);
        }
        // A member takes one back: the contact goes with it.
        let shared = o.all(&o.sara, "mail", "privacy == \"subject\"").await.pop().unwrap();
        let mut cx = o.company.write(&o.sara).await.unwrap();
        cx.save("mail", engine::Draft::of(shared.id).set("privacy", "private")).await.unwrap();
        cx.commit().await.unwrap();
        assert!(o.company.get(&o.omar, "interaction", shared.get("interaction").id().unwrap()).await.is_err());
        assert_eq!(found(&o, &o.sara, "mail", "زمردة").await, 3);
        assert_eq!(found(&o, &o.omar, "mail", "زمردة").await, 1);
        assert_eq!(found(&o, &o.omar, "interaction", "زمردة").await, 0);
    })
    .await;
}

/// An unknown sender stays without a customer, and nobody outside the mailbox sees his letter; linking makes the contact.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_unknown_senders_are_linked_by_hand() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        servers().deliver(&o.user, "INBOX", &[letter(9)]);
        o.sync().await.unwrap();
        let mail = o.mails().await.pop().unwrap();
        assert!(mail.get("party").is_null() && mail.get("interaction").is_null());
        assert!(o.company.get(&o.omar, "mail", mail.id).await.is_err());
        let party = o.party("هدى", "other@oasis.example", &o.sara).await;
        let input = engine::Input::from_iter([("party".to_owned(), kernel::Value::Id(party))]);
        o.company.dispatch(&o.sara, "mail", mail.id, "link", None, input).await.unwrap();
        let linked = o.company.get(&o.sara, "mail", mail.id).await.unwrap();
        let contact = linked.get("interaction").id().unwrap();
        let line = o.company.timeline(&o.sara, "party", party, &[], None, 50).await.unwrap();
        let entry = line.entries.iter().find(|e| e.record_id == contact).unwrap();
        assert_eq!(entry.at.to_string(), "2026-03-05T09:00:00Z");
        o.company.dispatch(&o.sara, "mail", mail.id, "unlink", None, engine::Input::new()).await.unwrap();
        assert!(o.company.get(&o.sara, "interaction", contact).await.is_err());
    })
    .await;
}

fn page(o: &Office, who: &engine::Actor) -> engine::PageCx {
    engine::PageCx { company: o.company.clone(), actor: who.clone(), path: String::new(), query: Vec::new(), ip: String::new(), agent: String::new() }
}
