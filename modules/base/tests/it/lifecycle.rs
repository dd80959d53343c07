//! The stage follows from orders and contacts, a decision holds until its day, and each step is remembered (CUST-6, SAL-2).

use crate::shop::{Shop, named, shop};
use sila_base::lifecycle::{self, AsOf, Rule};
use engine::{Draft, Input};
use kernel::uuid::Uuid;
use kernel::{Record, Value};

async fn stage(shop: &Shop, party: Uuid) -> (String, String) {
    let r = shop.get("party", party).await;
    (r.get("stage").text().unwrap().into(), r.get("stage_basis").text().unwrap().into())
}

/// `2026-01-05 prospect customer rule`, in order of time.
async fn history(shop: &Shop, party: Uuid) -> Vec<String> {
    let query = engine::Query::new("stage_change").filter(kernel::Expr::path("party").eq(kernel::Expr::lit(party))).sort("at");
    let rows = shop.company.list(&shop.company.system(), &query).await.unwrap().records;
    let word = |r: &Record, f: &str| r.get(f).text().unwrap_or("-").to_owned();
    let day = |r: &Record| r.get("at").datetime().unwrap().to_string()[..10].to_owned();
    rows.iter().map(|r| format!("{} {} {} {}", day(r), word(r, "from_stage"), word(r, "to_stage"), word(r, "basis"))).collect()
}

fn is(stage: &str, basis: &str) -> (String, String) {
    (stage.into(), basis.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_6_orders_and_time_move_the_stage() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let rule = Rule { dormant_days: 100, lost_days: 200, loyal_orders: 2, ..Rule::default() };
        rule.save(&shop.company, &shop.company.system()).await.unwrap();
        let party = shop.save("party", named("مكتبة النور").set("stage", "suspect")).await.unwrap().id;
        assert_eq!(stage(&shop, party).await, is("suspect", "given"));
        // A call makes him a prospect, an order a customer, a second one loyal: each in its own transaction.
        shop.save("interaction", Draft::new().set("subject", "تعارف").set("party", party)).await.unwrap();
        assert_eq!(stage(&shop, party).await, is("prospect", "rule"));
        let first = shop.order(party, "2026-03-01").await;
        assert_eq!(stage(&shop, party).await, is("customer", "rule"));
        shop.order(party, "2026-03-01").await;
        assert_eq!(stage(&shop, party).await, is("loyal", "rule"));
        // A cancelled order does not count.
        let reason = Input::from([("reason".to_owned(), Value::from("خطأ"))]);
        shop.company.dispatch(&shop.company.system(), "order", first, "cancel", None, reason).await.unwrap();
        assert_eq!(stage(&shop, party).await, is("customer", "rule"));
        // Time passes; the nightly job notes what happened on its own day.
        shop.company.clock().set("2026-10-01T00:00:00Z".parse().unwrap());
        assert_eq!(lifecycle::renew(&shop.company).await.unwrap(), 1);
        assert_eq!(lifecycle::renew(&shop.company).await.unwrap(), 0, "it has nothing to do twice");
        assert_eq!(stage(&shop, party).await, is("lost", "rule"));
        let told = history(&shop, party).await;
        assert_eq!(told.last().unwrap(), "2026-09-17 dormant lost rule");
        assert!(told.contains(&"2026-06-09 customer dormant rule".to_owned()), "{told:?}");
        shop.company.clock().set("2026-10-02T12:00:00Z".parse().unwrap());
        shop.order(party, "2026-10-02").await;
        assert_eq!(stage(&shop, party).await, is("customer", "rule"));
        assert_eq!(history(&shop, party).await.last().unwrap(), "2026-10-02 lost customer rule");
        // The steps stand on his time line.
        let line = shop.company.timeline(&shop.company.system(), "party", party, &["stage_change".into()], None, 50).await.unwrap();
        assert_eq!(line.entries.len(), history(&shop, party).await.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_6_a_decision_holds_until_its_day() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let party = shop.party("مكتبة النور").await;
        shop.order(party, "2026-02-20").await;
        let decide = |stage: &str, until: Option<&str>| {
            let until = until.map_or(Value::Null, |d| Value::Date(d.parse().unwrap()));
            let input = Input::from([("stage".into(), Value::from(stage)), ("reason".into(), "شريك استراتيجي".into()), ("until".into(), until)]);
            let company = shop.company.clone();
            async move { company.dispatch(&company.system(), "party", party, "set_stage", None, input).await }
        };
        assert_eq!(decide("loyal", Some("2026-02-28")).await.unwrap_err().issues[0].key, "base-stage-until-past");
        decide("loyal", Some("2026-03-10")).await.unwrap();
        assert_eq!(stage(&shop, party).await, is("loyal", "hand"));
        let kept = shop.get("party", party).await;
        assert_eq!(kept.get("stage_reason").text(), Some("شريك استراتيجي"));
        // Orders do not move it before its day is over.
        shop.order(party, "2026-02-25").await;
        shop.company.clock().set("2026-03-10T20:00:00Z".parse().unwrap());
        lifecycle::renew(&shop.company).await.unwrap();
        assert_eq!(stage(&shop, party).await, is("loyal", "hand"));
        shop.company.clock().set("2026-03-11T20:00:00Z".parse().unwrap());
        lifecycle::renew(&shop.company).await.unwrap();
        assert_eq!(stage(&shop, party).await, is("customer", "rule"));
        assert_eq!(history(&shop, party).await.last().unwrap(), "2026-03-11 loyal customer rule");
        // Moved by hand on a board or in a form: a decision too, which can be taken back at once.
        shop.save("party", Draft::of(party).set("stage", "lost")).await.unwrap();
        assert_eq!(stage(&shop, party).await, is("lost", "hand"));
        shop.company.dispatch(&shop.company.system(), "party", party, "release_stage", None, Input::new()).await.unwrap();
        assert_eq!(stage(&shop, party).await, is("customer", "rule"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_counts_silence_up_to_its_last_order() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let (old, late) = (shop.party("قديم").await, shop.party("أخير").await);
        shop.order(old, "2010-01-05").await;
        shop.order(late, "2010-09-01").await;
        assert_eq!(stage(&shop, late).await.0, "lost");
        Rule { as_of: AsOf::LastOrder, ..Rule::default() }.save(&shop.company, &shop.company.system()).await.unwrap();
        lifecycle::renew(&shop.company).await.unwrap();
        assert_eq!((stage(&shop, old).await.0, stage(&shop, late).await.0), ("dormant".into(), "customer".into()));
        let fault = Rule { lost_days: 10, ..Rule::default() }.save(&shop.company, &shop.company.system()).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "base-rule-lost-first");
    })
    .await;
}
