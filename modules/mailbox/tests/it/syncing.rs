//! Everything the server has is in the ledger, whatever happens on the way.

use crate::letters::{Made, generated, hostile};
use crate::office::{Office, office};
use crate::servers::{Cutter, servers};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;
use store::Dialect;

async fn until_done(o: &Office) -> (usize, usize) {
    let (mut imported, mut broken) = (0, 0);
    for _ in 0..40 {
        match o.sync().await {
            Ok(report) => {
                imported += report.imported;
                if report == sila_mailbox::sync::Report::default() {
                    return (imported, broken);
                }
            }
            Err(fault) => {
                assert_eq!(fault.kind, kernel::FaultKind::Unavailable, "{fault}");
                broken += 1;
            }
        }
    }
    panic!("no end of it");
}

/// INT-4, PLT-7: what is kept of a mailbox goes to no other server, whoever changes it, and not over a less protected way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plt_7_a_kept_password_goes_to_no_other_server() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let elsewhere = i64::from(listener.local_addr().unwrap().port());
        o.sync().await.unwrap();
        // Another name keeps it.
        let change = async |field: &str, value: kernel::Value| {
            let mut cx = o.company.write(&o.company.system()).await.unwrap();
            cx.save("mailbox", engine::Draft::of(o.mailbox).set(field, value)).await.unwrap();
            cx.commit().await.unwrap();
        };
        change("name", "اسم آخر".into()).await;
        o.sync().await.unwrap();
        let ports = (servers().imap, servers().smtp);
        for (field, there, back) in [
            ("imap_port", elsewhere.into(), i64::from(ports.0).into()),
            ("imap_host", "localhost".into(), "127.0.0.1".into()),
            ("imap_security", "starttls".into(), "none".into()),
            ("smtp_port", elsewhere.into(), i64::from(ports.1).into()),
            ("smtp_host", "localhost".into(), "127.0.0.1".into()),
            ("smtp_security", "tls".into(), "none".into()),
            ("auth", "oauth2".into(), "password".into()),
            ("provider", "zoho".into(), "own".into()),
        ] {
            let (there, back): (kernel::Value, kernel::Value) = (there, back);
            change(field, there).await;
            assert_eq!(o.sync().await.unwrap_err().issues[0].key, "mail-no-secret", "{field}");
            let record = o.company.get(&o.company.system(), "mailbox", o.mailbox).await.unwrap();
            assert!(sila_mailbox::access::check(&o.company, &record).await.is_err(), "{field}");
            assert!(sila_mailbox::access::known_secrets(&o.company, o.mailbox).await.unwrap().is_empty());
            change(field, back).await;
            assert!(o.sync().await.is_err(), "{field}: it does not come back with the server");
            o.secret("secret").await;
            o.sync().await.unwrap();
        }
        // Nor does what is kept for another token service.
        change("auth", "oauth2".into()).await;
        for (field, value) in [("token_url", "https://a.example/token"), ("token_url", "https://evil.example/token")] {
            let mut cx = o.company.write(&o.company.system()).await.unwrap();
            for name in ["client_secret", "refresh_token"] {
                sila_mailbox::access::keep_secret(&mut cx, o.mailbox, name, "سر").await.unwrap();
            }
            cx.commit().await.unwrap();
            change(field, value.into()).await;
            assert!(sila_mailbox::access::known_secrets(&o.company, o.mailbox).await.unwrap().is_empty());
        }
        let nobody = tokio::time::timeout(std::time::Duration::from_millis(200), listener.accept()).await;
        assert!(nobody.is_err(), "the other server was called");
    })
    .await;
}

/// INT-4: a letter stands in the inbox as soon as the server has it, also after the connection was cut.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_a_new_letter_shows_at_once() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let cutter = Cutter::start(servers().imap).await;
        o.at("imap_port", cutter.port).await;
        let listening = tokio::spawn(sila_mailbox::listen::run(o.company.clone()));
        // There is no schedule here: whatever comes, comes because the server said so.
        let within = async |n: usize, seconds: u64| {
            let began = Instant::now();
            while o.mails().await.len() < n {
                assert!(began.elapsed().as_secs() < seconds, "letter {n} did not show within {seconds} s");
                engine::runner::run_due(&o.company, &[]).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        let letter = |n: usize| format!("From: Huda <huda@wahah.example>\r\nTo: x\r\nMessage-ID: <{n}@wahah.example>\r\nSubject: {n}\r\n\r\nنص\r\n").into_bytes();
        servers().deliver(&o.user, "INBOX", &[letter(1)]);
        within(1, 20).await;
        for n in 2..5 {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            servers().deliver(&o.user, "INBOX", &[letter(n)]);
            within(n, 10).await;
        }
        // Cut, it connects again and has missed nothing.
        cutter.hang_up();
        servers().deliver(&o.user, "INBOX", &[letter(5)]);
        within(5, 20).await;
        assert!(o.proven().await);
        listening.abort();
    })
    .await;
}

/// The living rows of the ledger per folder name.
async fn ledger(o: &Office) -> BTreeMap<String, Vec<kernel::Record>> {
    let system = o.company.system();
    let names: HashMap<_, _> = o.all(&system, "mail_folder", "id != null").await.into_iter().map(|f| (f.id, f.get("name").text().unwrap().to_owned())).collect();
    let mut rows: BTreeMap<String, Vec<kernel::Record>> = BTreeMap::new();
    for e in o.all(&system, "mail_entry", "gone_at == null").await {
        rows.entry(names[&e.get("folder").id().unwrap()].clone()).or_default().push(e);
    }
    rows
}

fn same_conversations(made: &[Made], mails: &[kernel::Record]) {
    let by_id: HashMap<&str, &str> = mails.iter().filter_map(|m| Some((m.get("message_id").text()?, m.get("thread").text()?))).collect();
    let mut of: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for m in made {
        of.entry(m.thread).or_default().insert(by_id.get(m.id.as_str()).unwrap_or_else(|| panic!("{} is lost", m.id)));
    }
    let split: Vec<_> = of.iter().filter(|(_, t)| t.len() != 1).collect();
    assert!(split.is_empty(), "{} conversations fell apart: {:?}", split.len(), split.first());
    let different: BTreeSet<&str> = of.values().flatten().copied().collect();
    assert_eq!(different.len(), of.len(), "conversations that are not one were joined");
}

/// INT-4, acceptance: disconnects, a new numbering, hostile letters; ledger = server, nothing twice, nothing lost.
async fn acceptance(url: &str, n: usize) {
    let s = servers();
    let o = office(url, None).await;
    let cutter = Cutter::start(s.imap).await;
    o.at("imap_port", cutter.port).await;
    let made = generated(n, 42);
    let raws: Vec<Vec<u8>> = made.iter().map(|m| m.raw.clone()).collect();
    s.deliver(&o.user, "INBOX", &raws);
    let party = o.party("عميل كريم", "person7@customers.example", &o.sara).await;

    // In the middle of messages, not between commands.
    let part = i64::try_from(raws.iter().map(Vec::len).sum::<usize>()).unwrap() / 4;
    cutter.allot(&[40_000, part, part]);
    let began = Instant::now();
    let (imported, broken) = until_done(&o).await;
    let took = began.elapsed();
    // What broken rounds brought before they broke is there and not counted again.
    assert!(imported <= n);
    assert_eq!((o.mails().await.len(), broken, cutter.cut.load(std::sync::atomic::Ordering::Relaxed)), (n, 3, 3));
    let rate = n as f64 / took.as_secs_f64();
    eprintln!("{n} messages in {took:.1?}: {rate:.0}/s, {}", if o.company.db().dialect() == Dialect::Sqlite { "SQLite" } else { "PostgreSQL" });

    let evil = hostile();
    s.deliver(&o.user, "INBOX", &evil);
    until_done(&o).await;
    let count = s.count(&o.user, "INBOX");
    assert_eq!(count, n + evil.len());
    let check = async |count: usize| {
        let rows = ledger(&o).await;
        let inbox = &rows["INBOX"];
        assert_eq!(inbox.len(), count);
        assert!(inbox.iter().all(|e| e.get("state").text() == Some("imported")), "{:?}", inbox.iter().find(|e| e.get("state").text() != Some("imported")));
        let mails: BTreeSet<_> = inbox.iter().map(|e| e.get("mail").id().unwrap()).collect();
        assert_eq!(mails.len(), count, "a message twice");
        assert!(o.proven().await);
    };
    check(count).await;
    let mails = o.mails().await;
    assert_eq!(mails.len(), count);
    same_conversations(&made, &mails);

    // The server numbers everything anew: the same letters, found again without being read again.
    s.renumber(&o.user, "INBOX");
    let again = o.sync().await.unwrap();
    assert_eq!((again.imported, again.places, again.failed), (0, count, 0));
    check(count).await;
    assert_eq!(o.mails().await.len(), count);
    assert!(o.mails().await.iter().all(|m| m.get("gone_at").is_null()));

    // Customers have their letters on their time line.
    let expected = made.iter().filter(|m| m.from == "person7@customers.example").count();
    let own = o.all(&o.sara, "mail", &format!("party == id(\"{party}\") && from_address == \"person7@customers.example\"")).await;
    assert_eq!(own.len(), expected);
    let line = o.company.timeline(&o.sara, "party", party, &["interaction".into()], None, 200).await.unwrap();
    assert!(line.entries.len() >= expected.min(200));
    for m in mails.iter().filter(|m| m.get("body").text().is_some_and(|b| b.contains('\0'))) {
        panic!("a zero byte came through: {}", m.id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_every_message_is_accounted_for() {
    testdb::both(|url| async move { acceptance(&url, 700).await }).await;
}

/// `cargo test --release -p sila-mailbox --test it -- --ignored --nocapture twenty`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the full measure; takes minutes in a debug build"]
async fn int_4_twenty_thousand_messages() {
    let folder = testdb::TempFolder::new();
    acceptance(&format!("sqlite://{}", folder.path().join("mail.db").display()), 20_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_places_moves_removals_and_rules() {
    testdb::both(|url| async move {
        let s = servers();
        let o = office(&url, None).await;
        let raws: Vec<Vec<u8>> = generated(12, 7).into_iter().map(|m| m.raw).collect();
        s.deliver(&o.user, "INBOX", &raws[..10]);
        until_done(&o).await;
        // A copy in another folder is the same letter in two places.
        s.copy(&o.user, "INBOX", "Archive", 4);
        let report = o.sync().await.unwrap();
        assert_eq!((report.imported, report.places), (0, 4));
        assert_eq!(o.mails().await.len(), 10);
        // Removed from both: kept here, and marked. Removed from one: not.
        s.remove(&o.user, "INBOX", 6);
        s.remove(&o.user, "Archive", 3);
        until_done(&o).await;
        let mails = o.mails().await;
        assert_eq!((mails.len(), mails.iter().filter(|m| !m.get("gone_at").is_null()).count()), (10, 5));
        assert!(o.proven().await);
        // The mailbox's own rule, and letters that are too large, are in the ledger with their reason.
        o.set("mailbox", o.mailbox, "ignored", "@gen.example\n@customers.example").await;
        o.set("mailbox", o.mailbox, "max_mb", 1).await;
        s.deliver(&o.user, "INBOX", &raws[10..]);
        s.deliver(&o.user, "INBOX", &[format!("From: a@b.example\r\nSubject: x\r\n\r\n{}", "x".repeat(1_100_000)).into_bytes()]);
        until_done(&o).await;
        let skipped = o.all(&o.company.system(), "mail_entry", "state == \"skipped\"").await;
        let mut reasons: Vec<_> = skipped.iter().map(|e| e.get("reason").text().unwrap()).collect();
        reasons.sort_unstable();
        assert_eq!(reasons, ["large", "rule", "rule"]);
        assert!(o.proven().await);
        let proofs = o.all(&o.sara, "mail_proof", "result == \"ok\"").await;
        assert!(proofs.len() >= 3, "Sara sees the proofs of her mailbox");
        assert!(o.all(&o.omar, "mail_proof", "id != null").await.is_empty());
    })
    .await;
}

/// A letter of ten megabytes of headers, in one field and in two hundred thousand: read as far as is bearable, marked, and
/// what comes after it comes in. Beyond the mailbox's own limit it is left on the server, with the reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_ten_megabytes_of_headers_are_marked_and_the_run_goes_on() {
    testdb::both(|url| async move {
        let s = servers();
        let o = office(&url, None).await;
        let letter = |n: usize, more: &str| format!("From: evil{n}@bad.example\r\nTo: {}\r\nMessage-ID: <head{n}@bad.example>\r\n{more}Subject: بعد الترويسة {n}\r\n\r\nالنص {n}", o.user).into_bytes();
        let one_field = format!("X-Long: {}\r\n", "A".repeat(10 << 20));
        let many_fields: String = (0..200_000).map(|i| format!("X-Field-{i}: {}\r\n", "b".repeat(36))).collect();
        assert!(many_fields.len() > 10 << 20);
        let honest = generated(3, 11);
        s.deliver(&o.user, "INBOX", &[letter(1, &one_field), letter(2, &many_fields)]);
        s.deliver(&o.user, "INBOX", &honest.iter().map(|m| m.raw.clone()).collect::<Vec<_>>());
        until_done(&o).await;
        let mails = o.mails().await;
        assert_eq!(mails.len(), 5);
        for n in [1, 2] {
            let mail = mails.iter().find(|m| m.get("message_id").text() == Some(format!("head{n}@bad.example").as_str())).unwrap();
            assert_eq!(mail.get("body").text(), Some(format!("النص {n}").as_str()));
            assert_eq!(mail.get("attachments").to_json()["left_out"], serde_json::json!(["header"]), "{n}");
            assert!(mail.get("size").int().unwrap() > 10 << 20);
        }
        assert!(honest.iter().all(|h| mails.iter().any(|m| m.get("message_id").text() == Some(h.id.as_str()))));
        o.set("mailbox", o.mailbox, "max_mb", 5).await;
        s.deliver(&o.user, "INBOX", &[letter(3, &one_field)]);
        s.deliver(&o.user, "INBOX", &generated(1, 12).into_iter().map(|m| m.raw).collect::<Vec<_>>());
        until_done(&o).await;
        let skipped = o.all(&o.company.system(), "mail_entry", "state == \"skipped\"").await;
        assert_eq!(skipped.iter().map(|e| e.get("reason").text().unwrap()).collect::<Vec<_>>(), ["large"]);
        assert_eq!(o.mails().await.len(), 6);
        assert!(o.proven().await);
    })
    .await;
}

/// The proof finds what the ledger does not know, and somebody is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_a_gap_is_found_and_told() {
    testdb::both(|url| async move {
        let s = servers();
        let o = office(&url, None).await;
        s.deliver(&o.user, "INBOX", &generated(3, 9).into_iter().map(|m| m.raw).collect::<Vec<_>>());
        until_done(&o).await;
        assert!(o.proven().await);
        let lost = o.all(&o.company.system(), "mail_entry", "state == \"imported\"").await.pop().unwrap();
        let mut cx = o.company.write(&o.company.system()).await.unwrap();
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM mail_entry WHERE id = ").bind(lost.id);
        cx.tx.exec(&sql).await.unwrap();
        cx.commit().await.unwrap();
        assert!(!o.proven().await);
        let gap = o.all(&o.sara, "mail_proof", "result == \"gap\"").await;
        assert_eq!((gap.len(), gap[0].get("missing").int()), (1, Some(1)));
        assert_eq!(o.told("mail.alarm").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn int_4_troubles_are_said_and_inside_needs_leave() {
    testdb::both(|url| async move {
        let o = office(&url, None).await;
        let key = async || {
            let fault = o.sync().await.unwrap_err();
            assert!(!fault.to_string().contains("secret"));
            fault.issues[0].key.clone()
        };
        o.company.reach_inside(false).await.unwrap();
        assert_eq!(key().await, "mail-inside");
        o.company.reach_inside(true).await.unwrap();
        o.secret("wrong").await;
        assert_eq!(key().await, "mail-login-refused");
        o.set("mailbox", o.mailbox, "imap_security", "tls").await;
        o.secret("wrong").await;
        assert_eq!(key().await, "mail-no-tls");
        o.set("mailbox", o.mailbox, "imap_port", 1).await;
        o.secret("wrong").await;
        assert_eq!(key().await, "mail-no-connection");
        let record = o.company.get(&o.sara, "mailbox", o.mailbox).await.unwrap();
        assert_eq!(record.get("status").text(), Some("trouble"));
        // The secret is in no column in clear.
        let mut conn = o.company.db().read().await.unwrap();
        let sealed = conn.text(&store::Sql::of(conn.dialect(), "SELECT sealed FROM sila_mail_secret")).await.unwrap().unwrap();
        assert!(sealed.starts_with("s1.") && !sealed.contains("wrong"));
    })
    .await;
}
