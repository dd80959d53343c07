//! SAL-6, ORD-1: from an opportunity to the customer, in versions, to the order.

use crate::{act, colleague, company, customer, d, get, keys, line, lines, product, sar, save, sent, try_save};
use engine::{Draft, Query};
use kernel::jiff::ToSpan;
use kernel::{Expr, FaultKind, Value};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_from_opportunity_to_order() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let seller = colleague(&company, "seller", 1).await;
        let party = customer(&company).await;
        save(&company, "party", Draft::of(party).set("owner", seller.id)).await;
        let p = product(&company, "A-1", "صندوق هدايا", 10_000).await;
        let deal = try_save(&company, &seller, "opportunity", Draft::new().set("name", "هدايا رمضان").set("party", party).set("amount", sar(90_000))).await.unwrap().id;
        let done = act(&company, &seller, "opportunity", deal, "quote", &[]).await.unwrap();
        let (object, q) = done.goto.unwrap();
        assert_eq!(object, "quote");
        let record = get(&company, "quote", q).await;
        assert_eq!((record.get("opportunity").id(), record.get("party").id(), record.get("owner").id()), (Some(deal), Some(party), Some(seller.id)));
        // Nothing to send yet.
        assert_eq!(act(&company, &seller, "quote", q, "send", &[]).await.unwrap_err().kind, FaultKind::Invalid);
        try_save(&company, &seller, "quote_line", line(q, p, "3.5").set("discount_rate", d("10"))).await.unwrap();
        try_save(&company, &seller, "quote_line", line(q, p, "1").set("optional", true)).await.unwrap();
        act(&company, &seller, "quote", q, "send", &[("message", "كما اتفقنا")]).await.unwrap();
        // Frozen on every path.
        let l = lines(&company, q).await[0].id;
        assert_eq!(keys(&try_save(&company, &seller, "quote_line", Draft::of(l).set("quantity", d("9"))).await.unwrap_err()), ["quotes-frozen"]);
        assert_eq!(keys(&try_save(&company, &seller, "quote_line", line(q, p, "1")).await.unwrap_err()), ["quotes-frozen"]);
        assert!(try_save(&company, &seller, "quote", Draft::of(q).set("discount_rate", d("5"))).await.is_err());
        let mut cx = company.write(&seller).await.unwrap();
        assert_eq!(keys(&cx.delete("quote_line", l, None).await.unwrap_err()), ["quotes-frozen"]);
        assert_eq!(keys(&cx.delete("quote", q, None).await.unwrap_err()), ["quotes-sent-stays"]);
        drop(cx);
        // The letter has the link, and the paper with it.
        engine::runner::run_due(&company, &[]).await.unwrap();
        let mut conn = company.db().read().await.unwrap();
        let letters = store::queue::list(&mut conn, Some("mail.send"), None, 10).await.unwrap();
        drop(conn);
        assert_eq!(letters.len(), 1);
        let letter = &letters[0].payload;
        assert_eq!(letter["to"], "buyer@noor.example");
        let said: Vec<&str> = letter["lines"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
        assert!(said[0] == "كما اتفقنا" && said.iter().any(|l| l.contains("/p/quotes/quote?t=")), "{said:?}");
        assert_eq!(letter["files"][0]["record"], q.to_string());
        assert_eq!(company.files(&company.system(), "quote", q).await.unwrap()[0].file.media, "application/pdf");
        // Accepted by telephone, then one click, as often as it is made.
        act(&company, &seller, "quote", q, "accept", &[("accepted_by", "هدى العتيبي")]).await.unwrap();
        let first = act(&company, &seller, "quote", q, "convert", &[]).await.unwrap();
        let again = act(&company, &seller, "quote", q, "convert", &[]).await.unwrap();
        assert_eq!(first.goto, again.goto);
        let orders = company.list(&company.system(), &Query::new("order")).await.unwrap().records;
        assert_eq!(orders.len(), 1);
        let record = get(&company, "quote", q).await;
        let money = |r: &kernel::Record, f: &str| r.get(f).money().map(|m| m.minor);
        assert_eq!((orders[0].get("status").text(), money(&orders[0], "total"), money(&orders[0], "payable")), (Some("placed"), Some(31_500), Some(36_225)));
        assert_eq!((money(&record, "net"), money(&record, "total"), record.get("order").id()), (Some(31_500), Some(36_225), Some(orders[0].id)));
        assert_eq!(orders[0].get("lines_count"), &Value::Int(1), "what was not chosen is not ordered");
        let deal = get(&company, "opportunity", deal).await;
        assert_eq!((deal.get("status").text(), money(&deal, "amount")), (Some("won"), Some(31_500)));
        // Everything stands on the customer's time line.
        let line = company.timeline_of(&seller, "party", party, &engine::timeline::Asked::default(), 50).await.unwrap();
        let kinds: Vec<&str> = line.entries.iter().filter(|e| e.object == "quote").map(|e| e.kind.as_str()).collect();
        for kind in ["created", "quote.sent", "quote.accepted", "quote.ordered"] {
            assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
        }
    })
    .await;
}

/// A new version takes the place of the one before, with the same number and lines.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_a_revision_keeps_the_old_version() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let (q, _) = sent(&company).await;
        let done = act(&company, &company.system(), "quote", q, "revise", &[]).await.unwrap();
        let new = done.goto.unwrap().1;
        let (old, second) = (get(&company, "quote", q).await, get(&company, "quote", new).await);
        assert_eq!((old.get("status").text(), second.get("status").text(), second.get("number").text()), (Some("superseded"), Some("draft"), Some("Q-00001-v2")));
        assert_eq!((second.get("revises").id(), second.get("total")), (Some(q), old.get("total")));
        assert_eq!(act(&company, &company.system(), "quote", q, "accept", &[("accepted_by", "هدى")]).await.unwrap_err().issues[0].key, "action-not-now");
        save(&company, "quote", Draft::of(new).set("discount_rate", d("5"))).await;
        act(&company, &company.system(), "quote", new, "send", &[]).await.unwrap();
        let third = act(&company, &company.system(), "quote", new, "revise", &[]).await.unwrap().goto.unwrap().1;
        let third = get(&company, "quote", third).await;
        assert_eq!((third.get("number").text(), third.get("version"), third.get("discount_rate")), (Some("Q-00001-v3"), &Value::Int(3), &Value::Decimal(d("5.00"))));
    })
    .await;
}

/// An offer whose day has passed is not accepted, and the night ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_an_expired_quote_is_not_accepted() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let (q, _) = sent(&company).await;
        let later = company.now().to_zoned(kernel::jiff::tz::TimeZone::UTC).checked_add(40.days()).unwrap().timestamp();
        company.clock().set(later);
        let fault = act(&company, &company.system(), "quote", q, "accept", &[("accepted_by", "هدى")]).await.unwrap_err();
        assert_eq!(keys(&fault), ["quotes-expired"]);
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.enqueue(sila_quotes::outgoing::EXPIRE, serde_json::Value::Null).await.unwrap();
        cx.commit().await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        assert_eq!(get(&company, "quote", q).await.get("status").text(), Some("expired"));
        // Nobody is sent what has already passed.
        let party = customer_again(&company).await;
        let day = kernel::jiff::civil::date(2020, 1, 1);
        let old = save(&company, "quote", Draft::new().set("party", party).set("issued_on", day).set("valid_until", day)).await;
        save(&company, "quote_line", Draft::new().set("quote", old).set("description", "خدمة").set("price", d("5"))).await;
        assert_eq!(keys(&act(&company, &company.system(), "quote", old, "send", &[]).await.unwrap_err()), ["quotes-valid-past"]);
    })
    .await;
}

async fn customer_again(company: &engine::Company) -> kernel::uuid::Uuid {
    let query = Query::new("party").filter(Expr::path("email").eq(Expr::lit("buyer@noor.example")));
    match company.list(&company.system(), &query).await.unwrap().records.pop() {
        Some(party) => party.id,
        None => customer(company).await,
    }
}
