//! Comments with mentions, threads and reactions; following; the time line narrowed, searched and jumped in.

use crate::fixture::{actor, company, order, party, save};
use engine::comments::mention;
use engine::notify::Wanted;
use engine::timeline::Asked;
use engine::{Actor, Company, Draft, NewComment};
use kernel::{FaultKind, Name, Record, Value};
use uuid::Uuid;

async fn told(company: &Company, actor: &Actor) -> Vec<(String, String)> {
    company.notices(actor, &Wanted::default(), 50).await.unwrap().items.into_iter().map(|t| (t.kind, t.text)).collect()
}

async fn say(company: &Company, by: &Actor, on: &Record, body: &str, parent: Option<Uuid>) -> engine::comments::Commented {
    company.comment(by, &on.object, on.id, NewComment { body: body.into(), parent, files: Vec::new() }).await.unwrap()
}

#[tokio::test]
async fn sal_9_a_mention_reaches_those_who_may_read_and_only_them() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let admin = actor(&company, "admin", "admin").await;
        let (sara, omar, huda) = (actor(&company, "sara", "seller").await, actor(&company, "omar", "seller").await, actor(&company, "huda", "admin").await);
        let customer = party(&company, &sara, "شركة النخيل", "Palm").await;
        let body = company.bind_mentions(&admin, "يا @sara و@omar و @huda@example.com انظروا", &[&format!("user:{}", sara.id), &format!("user:{}", omar.id)]).await.unwrap();
        assert_eq!(mention::mentioned([body.as_str()])["user"].len(), 3, "{body}");
        let done = say(&company, &admin, &customer, &body, None).await;
        assert_eq!(done.untold, [omar.id], "omar may not see the customer");
        assert!(told(&company, &omar).await.is_empty());
        assert_eq!(told(&company, &sara).await, [("mention".to_owned(), "يا @sara و@omar و @huda انظروا".to_owned())]);
        assert_eq!(told(&company, &huda).await.len(), 1);
        // A changed name is right at once.
        save(&company, &admin, "user", Draft::of(huda.id).set("name", Name::new("هدى", "Huda Ali"))).await.unwrap();
        assert!(told(&company, &sara).await[0].1.ends_with("@هدى انظروا"));

        // A reply tells the thread, an edit only whom it newly names.
        let reply = say(&company, &sara, &customer, "تم", Some(done.id)).await;
        let mut kinds: Vec<String> = told(&company, &admin).await.into_iter().map(|t| t.0).collect();
        assert_eq!(kinds, ["reply"]);
        let again = say(&company, &admin, &customer, "شكرًا", Some(reply.id)).await;
        let comments = company.comments(&admin, "party", customer.id).await.unwrap();
        assert_eq!(comments.iter().map(|c| c.parent).collect::<Vec<_>>(), [None, Some(done.id), Some(done.id)], "one level");
        kinds = told(&company, &huda).await.into_iter().map(|t| t.0).collect();
        assert_eq!(kinds, ["mention"], "huda neither wrote nor follows");
        let edited = company.edit_comment(&admin, "party", customer.id, again.id, &format!("شكرًا {}", mention::written("user", huda.id))).await.unwrap();
        assert!(edited.untold.is_empty());
        assert_eq!(company.edit_comment(&sara, "party", customer.id, again.id, "x").await.unwrap_err().kind, FaultKind::NotFound, "not her words");
        assert_eq!(company.wordings(&sara, "party", customer.id, again.id).await.unwrap()[0].body, "شكرًا");
        assert_eq!(company.wordings(&omar, "party", customer.id, again.id).await.unwrap_err().kind, FaultKind::NotFound);

        company.react(&sara, "party", customer.id, done.id, "👍").await.unwrap();
        company.react(&huda, "party", customer.id, done.id, "👍").await.unwrap();
        company.react(&huda, "party", customer.id, done.id, "🙏").await.unwrap();
        company.react(&huda, "party", customer.id, done.id, "🙏").await.unwrap();
        assert_eq!(company.react(&huda, "party", customer.id, done.id, "💣").await.unwrap_err().kind, FaultKind::Invalid);
        assert_eq!(company.react(&omar, "party", customer.id, done.id, "👍").await.unwrap_err().kind, FaultKind::NotFound);
        company.resolve_comment(&sara, "party", customer.id, done.id, true).await.unwrap();
        assert_eq!(company.resolve_comment(&sara, "party", customer.id, reply.id, true).await.unwrap_err().kind, FaultKind::NotFound);
        let first = &company.comments(&admin, "party", customer.id).await.unwrap()[0];
        assert_eq!((first.reactions.len(), first.reactions[0].by.len(), first.resolved.unwrap().1), (1, 2, Some(sara.id)));

        // Taken back with everything below it.
        company.delete_comment(&admin, "party", customer.id, done.id).await.unwrap();
        assert!(company.comments(&admin, "party", customer.id).await.unwrap().is_empty());
        let line = company.timeline(&admin, "party", customer.id, &["comment".into()], None, 9).await.unwrap();
        assert!(line.entries.is_empty());
    })
    .await;
}

#[tokio::test]
async fn sal_9_followers_hear_of_what_happens_until_they_say_no() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let (admin, sara, huda) = (actor(&company, "admin", "admin").await, actor(&company, "sara", "seller").await, actor(&company, "huda", "admin").await);
        let customer = party(&company, &sara, "شركة النخيل", "Palm").await;
        let follows = async |who: &Actor| company.follows(who, &customer).await.unwrap();
        assert_eq!((follows(&sara).await, follows(&huda).await), ((true, 1), (false, 1)), "the owner follows by default");
        company.follow(&huda, "party", customer.id, true).await.unwrap();
        say(&company, &admin, &customer, "اتصلوا به", None).await;
        assert_eq!(follows(&admin).await, (true, 3), "whoever comments follows");
        let placed = order(&company, &admin, customer.id, &[("تمر", 2, 5_000)]).await;
        company.attach(&admin, "party", customer.id, "عقد.txt", "نص".as_bytes()).await.unwrap();
        let kinds = async |who: &Actor| told(&company, who).await.into_iter().map(|t| t.0).collect::<Vec<_>>();
        assert_eq!(kinds(&huda).await, ["file", "related", "comment"]);
        assert_eq!(kinds(&sara).await, ["file", "related", "comment"]);
        assert!(kinds(&admin).await.is_empty());
        company.follow(&sara, "party", customer.id, false).await.unwrap();
        company.follow(&huda, "party", customer.id, false).await.unwrap();
        save(&company, &admin, "order", Draft::of(placed.id).set("status", "placed")).await.unwrap();
        say(&company, &admin, &customer, "مرة أخرى", None).await;
        // The stage of the order concerns its owner, who is the customer's.
        assert_eq!(kinds(&sara).await, ["stage", "file", "related", "comment"]);
        assert_eq!(kinds(&huda).await.len(), 3);
        // A new owner hears that it is his.
        save(&company, &admin, "party", Draft::of(customer.id).set("owner", huda.id)).await.unwrap();
        assert_eq!(kinds(&huda).await[0], "assigned");
    })
    .await;
}

#[tokio::test]
async fn cust_3_the_time_line_is_narrowed_searched_and_counted_under_the_rule() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let (admin, sara) = (actor(&company, "admin", "admin").await, actor(&company, "sara", "seller").await);
        let customer = party(&company, &sara, "شركة النخيل", "Palm").await;
        company.clock().set("2026-03-05T09:00:00Z".parse().unwrap());
        say(&company, &sara, &customer, "طلب عرض أسعار للتمور", None).await;
        order(&company, &sara, customer.id, &[("تمر", 2, 5_000)]).await;
        company.clock().set("2026-04-10T09:00:00Z".parse().unwrap());
        save(&company, &admin, "party", Draft::of(customer.id).set("phone", "+966501234567")).await.unwrap();
        say(&company, &admin, &customer, "تمت المتابعة", None).await;
        let ask = async |who: &Actor, asked: Asked| company.timeline_of(who, "party", customer.id, &asked, 50).await.unwrap().entries.into_iter().map(|e| e.kind).collect::<Vec<_>>();
        let words = |w: &str| Asked { words: w.into(), ..Asked::default() };
        assert_eq!(ask(&sara, words("التمور أسعار")).await, ["comment"]);
        assert_eq!(ask(&sara, words("اسعار")).await, ["comment"], "in any spelling");
        assert_eq!(ask(&sara, words("لا شيء كهذا")).await, Vec::<String>::new());
        assert_eq!(ask(&sara, Asked { people: vec![admin.id], ..Asked::default() }).await, ["comment", "updated"]);
        assert!(ask(&sara, words("+966501234567")).await.contains(&"updated".to_owned()));
        // A field that is withheld cannot be found by its words: the credit limit is hidden from sellers.
        save(&company, &admin, "party", Draft::of(customer.id).set("credit", kernel::Money::new(777_00, "SAR"))).await.unwrap();
        assert!(!ask(&sara, words("777")).await.contains(&"updated".to_owned()));

        let before = Asked { before: Some("2026-03-31T21:00:00Z".into()), ..Asked::default() };
        assert!(ask(&admin, before).await.iter().all(|k| k != "updated"), "jumped to before April");
        let months = company.timeline_months(&admin, "party", customer.id).await.unwrap();
        let n = |m: &engine::timeline::Month| (m.first.to_string(), m.n.unwrap());
        // The customer itself was made before the clock was set.
        let shown: Vec<_> = months.iter().map(n).filter(|(m, _)| m.starts_with("2026-0")).collect();
        assert_eq!(shown, [("2026-04-01".to_owned(), 3), ("2026-03-01".to_owned(), 2)]);
        // Changes of an object with withheld fields are not counted for the seller.
        let hers = company.timeline_months(&sara, "party", customer.id).await.unwrap();
        assert_eq!(hers.iter().find(|m| m.first.month() == 4).unwrap().n, Some(1));
        let omar = actor(&company, "omar", "seller").await;
        assert_eq!(company.timeline_months(&omar, "party", customer.id).await.unwrap_err().kind, FaultKind::NotFound);
        // An order out of sight is neither shown nor counted.
        let reader = actor(&company, "reader", "reader").await;
        let seen = company.timeline(&reader, "party", customer.id, &[], None, 50).await.unwrap();
        assert!(seen.entries.iter().all(|e| e.object == "party"));
        let total = |m: &[engine::timeline::Month]| m.iter().filter_map(|m| m.n).sum::<i64>();
        let all = company.timeline_months(&reader, "party", customer.id).await.unwrap();
        assert_eq!(total(&all), seen.entries.iter().filter(|e| e.kind != "updated").count() as i64);
        assert!(matches!(customer.get("owner"), Value::Id(_)));
    })
    .await;
}

#[tokio::test]
async fn sal_9_files_have_versions_under_the_rule_of_their_record() {
    testdb::both(async |url| {
        let company = company(&url).await;
        let (sara, omar, admin) = (actor(&company, "sara", "seller").await, actor(&company, "omar", "seller").await, actor(&company, "admin", "admin").await);
        let customer = party(&company, &sara, "شركة النخيل", "Palm").await;
        let text = |t: &str| t.as_bytes().to_vec();
        let first = company.attach(&sara, "party", customer.id, "عقد.txt", &text("الأولى")).await.unwrap();
        let second = company.revise(&sara, "party", customer.id, first.id, "عقد معدل.txt", &text("الثانية"), "بعد المراجعة").await.unwrap();
        let list = company.files(&sara, "party", customer.id).await.unwrap();
        assert_eq!(list.iter().map(|f| f.file.id).collect::<Vec<_>>(), [second.id], "the newest stands for all");
        // Asked by any of them, all are there.
        let (document, versions) = company.document(&sara, "party", customer.id, first.id).await.unwrap();
        assert_eq!(versions.iter().map(|v| (v.n, v.note.as_str())).collect::<Vec<_>>(), [(2, "بعد المراجعة"), (1, "")]);
        assert_eq!(company.version(&sara, "party", customer.id, first.id).await.unwrap().1, text("الأولى"));
        assert!(document.held.is_none());
        for refused in [company.document(&omar, "party", customer.id, first.id).await.map(|_| ()), company.version(&omar, "party", customer.id, second.id).await.map(|_| ())] {
            assert_eq!(refused.unwrap_err().kind, FaultKind::NotFound);
        }

        // Who works on it keeps others from putting a version in place.
        company.follow(&sara, "party", customer.id, true).await.unwrap();
        let manager = actor(&company, "huda", "admin").await;
        company.hold_file(&admin, "party", customer.id, second.id, true).await.unwrap();
        let held = company.revise(&sara, "party", customer.id, second.id, "x.txt", &text("x"), "").await.unwrap_err();
        assert_eq!(held.issues[0].key, "file-held");
        company.hold_file(&manager, "party", customer.id, second.id, false).await.unwrap();

        // The first again takes no more room and is the third.
        let third = company.bring_back(&sara, "party", customer.id, first.id, "").await.unwrap();
        let (_, versions) = company.document(&sara, "party", customer.id, second.id).await.unwrap();
        assert_eq!((versions[0].n, versions[0].stored.file.id), (3, third.id));
        assert_eq!(versions[0].stored.sha256, versions[2].stored.sha256);
        let line = company.timeline(&sara, "party", customer.id, &["file".into()], None, 9).await.unwrap();
        assert_eq!(line.entries.iter().map(|e| e.data["version"].as_i64()).collect::<Vec<_>>(), [Some(3), Some(2), None]);

        company.detach(&sara, "party", customer.id, third.id).await.unwrap();
        assert!(company.files(&sara, "party", customer.id).await.unwrap().is_empty());
        assert_eq!(company.version(&sara, "party", customer.id, first.id).await.unwrap_err().kind, FaultKind::NotFound);
    })
    .await;
}
