//! Mail in pages and API: a letter on the customer's time line, answered from there (CUST-3, INT-4).

use crate::office::{Office, office};
use engine::{Draft, Query};
use kernel::expr::Expr;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Huda's mailbox with one letter of her customer.
async fn letter(office: &Office, privacy: &str) -> (Uuid, Uuid) {
    let (party, huda) = (office.of("huda", "party"), office.of("huda", "user"));
    let mut cx = office.company.write(&office.company.system()).await.unwrap();
    let mailbox = Draft::new().set("name", "شركة النخيل").set("address", "info@nakheel.example").set("owner", huda).set("privacy", privacy).set("imap_host", "mail.nakheel.example");
    let mailbox = cx.save("mailbox", mailbox).await.unwrap().into_record();
    let draft = Draft::new()
        .trusted()
        .set("mailbox", mailbox.id)
        .set("state", "received")
        .set("direction", "in")
        .set("subject", "استفسار عن الكمية")
        .set("from_name", "ليان الزهراني")
        .set("from_address", "layan@wahah.example")
        .set("to", "info@nakheel.example")
        .set("body", "كم كرتونًا لديكم؟ زمردة")
        .set("snippet", "كم كرتونًا لديكم؟ زمردة")
        .set("rich", kernel::Value::Json(json!({"html": "<p>كم كرتونًا لديكم؟</p><img src=\"https://t.example/pixel.gif\" alt=\"\">"})))
        .set("message_id", "1@wahah.example")
        .set("thread", "t1")
        .set("privacy", privacy);
    let mail = cx.save("mail", draft).await.unwrap().into_record();
    mailbox::link::relink(&mut cx, &mail, Some(party)).await.unwrap();
    cx.commit().await.unwrap();
    (mail.id, mailbox.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_3_a_letter_is_answered_from_the_time_line() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let (mail, _) = letter(&office, "shared").await;
        let huda = office.client("huda").await;
        let party = office.of("huda", "party");
        let page = String::from_utf8(huda.get(&format!("/party/{party}")).await.bytes).unwrap();
        for piece in ["ليان الزهراني", "استفسار عن الكمية", "زمردة", &format!("/mail/write?reply={mail}")] {
            assert!(page.contains(piece), "{piece} is missing");
        }
        // The letter itself: nothing is fetched from elsewhere, and it says so.
        let page = String::from_utf8(huda.get(&format!("/mail/{mail}")).await.bytes).unwrap();
        assert!(page.contains("sandbox=") && page.contains("?images=1"));
        assert!(!page.contains("t.example/pixel"), "{:?}", page.split("t.example").next().map(|p| p.chars().rev().take(600).collect::<Vec<_>>().into_iter().rev().collect::<String>()));
        let write = String::from_utf8(huda.get(&format!("/mail/write?reply={mail}")).await.bytes).unwrap();
        assert!(write.contains("layan@wahah.example") && write.contains("&gt; كم كرتونًا"), "{write}");
        // Without a receiver it is refused, and what was typed stands.
        let refused = huda.post("/mail/write", &[("do", "send"), ("mailbox", &mailbox_of(&office).await.to_string()), ("body", "نص باقٍ")]).await;
        assert_eq!(refused.status, 422);
        assert!(String::from_utf8(refused.bytes).unwrap().contains("نص باقٍ"));
        let form = [("do", "send"), ("reply", &mail.to_string()), ("mailbox", &mailbox_of(&office).await.to_string()), ("to", "layan@wahah.example"), ("subject", "رد: استفسار"), ("body", "لدينا مئة"), ("party", &party.to_string())];
        let sent = huda.post("/mail/write", &form.map(|(k, v)| (k, v as &str))).await;
        assert_eq!(sent.status, 303, "{}", String::from_utf8_lossy(&sent.bytes));
        let filter = Expr::parse("direction == \"out\" && state == \"queued\"").unwrap();
        let queued = office.company.list(&office.company.system(), &Query::new("mail").filter(filter)).await.unwrap().records;
        assert_eq!(queued.len(), 1);
        assert_eq!((queued[0].get("in_reply_to").text(), queued[0].get("thread").text()), (Some("1@wahah.example"), Some("t1")));
        for path in ["/mail/inbox", "/mail/inbox?view=all&q=زمردة", "/mail/boxes", "/mail/ledger", &format!("/mail/write?draft={}", queued[0].id)] {
            let path = path.replace('ز', "%D8%B2").replace("مردة", "%D9%85%D8%B1%D8%AF%D8%A9");
            assert_eq!(huda.get(&path).await.status, 200, "{path}");
        }
    })
    .await;
}

async fn mailbox_of(office: &Office) -> Uuid {
    office.company.list(&office.company.system(), &Query::new("mailbox")).await.unwrap().records[0].id
}

/// What is private stays with the members on pages and API; secrets never come out.
#[tokio::test(flavor = "multi_thread")]
async fn int_4_letters_and_secrets_stay_where_they_belong() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let (mail, mailbox) = letter(&office, "subject").await;
        let huda = office.client("huda").await;
        let secret = huda.api("POST", &format!("/mailbox/{mailbox}/secret"), json!({"password": "زبرجد"}), &[]).await;
        assert_eq!(secret.status, 200, "{}", String::from_utf8_lossy(&secret.bytes));
        let shown = huda.api("GET", &format!("/mailbox/{mailbox}"), Json::Null, &[]).await;
        assert!(!String::from_utf8_lossy(&shown.bytes).contains("زبرجد"));
        for who in ["huda", "mona", "agent", "manager", "admin", "viewer", "omar"] {
            let client = office.client(who).await;
            let one = client.api("GET", &format!("/mail/{mail}"), Json::Null, &[]).await;
            assert_eq!(one.status, if who == "huda" { 200 } else { 404 }, "{who}");
            let party = client.get(&format!("/party/{}", office.of("huda", "party"))).await;
            let page = String::from_utf8(party.bytes).unwrap();
            assert_eq!(page.contains("زمردة"), who == "huda", "{who} reads the body");
        }
        // Mona, of the same team, sees that there was a contact and what about.
        let mona = office.client("mona").await;
        let page = String::from_utf8(mona.get(&format!("/party/{}", office.of("huda", "party"))).await.bytes).unwrap();
        assert!(page.contains("استفسار عن الكمية"));
    })
    .await;
}
