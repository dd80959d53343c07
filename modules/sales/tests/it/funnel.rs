//! SAL-3, SAL-7: the figures of the funnel and the forecast, against an example that was worked out by hand.

use crate::desk::{Desk, deal, desk, sar};
use engine::{Count, Draft, Query};
use kernel::Expr;
use sales::figures::Funnel;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Five deals, by hand:
///
/// | deal | Qualification | Needs analysis | Proposal | ends |
/// |---|---|---|---|---|
/// | a | 2 days | 10 days | 4 days | won |
/// | b | 4 days | 20 days | 8 days | lost |
/// | c | 6 days | 30 days | stands | |
/// | d | 8 days | stands | | |
/// | e (Omar's) | stands | | | |
async fn example(desk: &Desk) -> BTreeMap<&'static str, Uuid> {
    let mut deals = BTreeMap::new();
    let began = desk.company.now();
    let at = |days: i64| began.checked_add(kernel::jiff::SignedDuration::from_hours(24 * days)).unwrap();
    for (name, amount, stays, end) in [("a", 100, &[2, 10, 4][..], "win"), ("b", 200, &[4, 20, 8], "lose"), ("c", 300, &[6, 30], ""), ("d", 400, &[8], "")] {
        desk.company.clock().set(began);
        let id = desk.save("huda", "opportunity", deal(name, desk.hers).set("amount", sar(amount))).await.unwrap().id;
        let mut day = 0;
        for (stay, next) in stays.iter().zip(["Needs analysis", "Proposal sent", ""]) {
            day += stay;
            desk.company.clock().set(at(day));
            match (next, end) {
                ("", "win") => drop(desk.act("huda", "opportunity", id, "win", &[("won_reason", "price".into())]).await.unwrap()),
                ("", _) => drop(desk.act("huda", "opportunity", id, "lose", &[("lost_reason", "price".into())]).await.unwrap()),
                (next, _) => drop(desk.go(id, next).await.unwrap()),
            }
        }
        deals.insert(name, id);
    }
    desk.company.clock().set(began);
    let e = desk.save("omar", "opportunity", deal("e", desk.his).set("amount", sar(1_000))).await.unwrap().id;
    deals.insert("e", e);
    desk.company.clock().set(at(40));
    deals
}

async fn read(desk: &Desk, who: &str) -> Funnel {
    let pipeline = desk.all("system", "pipeline", "name.latin == \"Direct sales\"").await[0].id;
    let now = desk.company.now();
    let from = now.checked_sub(kernel::jiff::SignedDuration::from_hours(24 * 90)).unwrap();
    Funnel::read(&desk.company, &desk.actor(who).await, pipeline, Some(from), now).await.unwrap()
}

async fn listed(desk: &Desk, who: &str, object: &str, filter: Expr) -> i64 {
    // As the address carries it.
    let filter = Expr::parse(&filter.to_string()).unwrap();
    desk.company.count(&desk.actor(who).await, &Query::new(object).filter(filter), Count::Exact).await.unwrap().n
}

#[tokio::test(flavor = "multi_thread")]
async fn sal_3_the_funnel_says_what_was_worked_out_by_hand() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        example(&desk).await;
        let f = read(&desk, "manager").await;
        assert_eq!((f.cohort, f.won, f.lost, f.foreign), (5, 1, 1, 0));
        let told: Vec<(&str, i64, i64, i64)> = f.rungs.iter().map(|r| (r.stage.name.latin.as_str(), r.reached, r.standing, r.amount.unwrap_or_default() / 100)).collect();
        let wanted = [("Qualification", 5, 1, 1_000), ("Needs analysis", 4, 1, 400), ("Request for proposal", 3, 0, 0), ("Proposal sent", 3, 1, 300), ("Negotiation", 1, 0, 0)];
        // Nobody stood in the request for proposal, yet three went past it; the won one counts up to the end.
        assert_eq!(told, wanted);
        let days: Vec<(i64, Option<i64>)> = f.rungs.iter().map(|r| (r.stays, r.median.map(|m| m / 86_400))).collect();
        // 2 4 6 8 → 5; 10 20 30 → 20; 4 8 → 6.
        assert_eq!(days, [(4, Some(5)), (3, Some(20)), (0, None), (2, Some(6)), (0, None)]);
        assert_eq!(f.bottleneck(), Some(1));
        assert_eq!((f.onward(1), f.onward(4)), (3, 1));
        // 40 days after: e stands 40 of 14 days, d 32 of 14, c 4 of 14.
        assert_eq!(f.rungs.iter().map(|r| r.late).collect::<Vec<_>>(), [1, 1, 0, 0, 0]);
        // The list behind each figure has as many rows.
        assert_eq!(listed(&desk, "manager", "opportunity", f.cohort_filter()).await, f.cohort);
        assert_eq!(listed(&desk, "manager", "opportunity", f.status_filter("won")).await, f.won);
        for r in &f.rungs {
            assert_eq!(listed(&desk, "manager", "opportunity", f.reached_filter(&r.stage)).await, r.reached, "{}", r.stage.name.latin);
            assert_eq!(listed(&desk, "manager", "opportunity", f.standing_filter(&r.stage)).await, r.standing);
            assert_eq!(listed(&desk, "manager", "opportunity", f.late_filter(&r.stage)).await, r.late);
            assert_eq!(listed(&desk, "manager", "opportunity_step", f.stays_filter(&r.stage)).await, r.stays);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sal_3_figures_know_no_more_than_their_reader() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        example(&desk).await;
        let (omar, mona) = (read(&desk, "omar").await, read(&desk, "mona").await);
        assert_eq!((omar.cohort, omar.won, omar.rungs[0].standing, omar.rungs[0].stays), (1, 0, 1, 0));
        assert_eq!((omar.bottleneck(), omar.rungs[1].reached), (None, 0));
        assert_eq!((mona.cohort, mona.won, mona.rungs[0].standing, mona.rungs[1].stays), (4, 1, 0, 3));
        // In a span in which nothing was created, the stays that ended in it still count.
        let from = desk.company.now().checked_sub(kernel::jiff::SignedDuration::from_hours(24 * 8)).unwrap();
        let late = Funnel::read(&desk.company, &desk.actor("manager").await, mona.pipeline, Some(from), desk.company.now()).await.unwrap();
        assert_eq!((late.cohort, late.rungs[1].stays, late.rungs[1].median, late.rungs[3].stays), (0, 1, Some(30 * 86_400), 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sal_7_the_forecast_is_amount_times_probability_by_month_and_owner() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let day = |d: &str| d.parse::<kernel::jiff::civil::Date>().unwrap();
        let make = async |who: &str, party: Uuid, amount: i64, close: Option<&str>, stage: &str| {
            let id = desk.save(who, "opportunity", deal("x", party).set("amount", sar(amount)).set("expected_close", close.map(day))).await.unwrap().id;
            if !stage.is_empty() {
                let stage = desk.stage(stage).await;
                desk.save(who, "opportunity", Draft::of(id).set("stage", stage)).await.unwrap();
            }
            id
        };
        make("huda", desk.hers, 1_000, Some("2026-03-20"), "Needs analysis").await;
        make("huda", desk.hers, 2_000, Some("2026-03-31"), "Negotiation").await;
        make("huda", desk.hers, 4_000, Some("2026-04-01"), "").await;
        make("huda", desk.hers, 8_000, None, "").await;
        make("omar", desk.his, 16_000, Some("2026-02-28"), "").await;
        make("omar", desk.his, 32_000, Some("2027-01-01"), "").await;
        let dollars = desk.save("omar", "opportunity", deal("$", desk.his).set("amount", kernel::Money::new(500, "USD"))).await.unwrap().id;
        let pipeline = desk.get("opportunity", dollars).await.get("pipeline").id().unwrap();

        use sales::forecast::{Forecast, Span};
        let manager = desk.actor("manager").await;
        let f = Forecast::read(&desk.company, &manager, pipeline, "SAR", day("2026-03-01")).await.unwrap();
        assert_eq!((f.currency.as_str(), f.currencies.join(" ")), ("SAR", "SAR USD".into()));
        let (huda, omar) = (Some(desk.users["huda"]), Some(desk.users["omar"]));
        let weighted = |owner, span| f.sum(owner, span).weighted / 100;
        // 25 % of 1,000 and 75 % of 2,000; 10 % of 4,000, of 8,000, of 16,000, of 32,000.
        assert_eq!(weighted(Some(huda), Some(Span::Month(0))), 1_750);
        assert_eq!(weighted(Some(huda), Some(Span::Month(1))), 400);
        assert_eq!(weighted(Some(huda), Some(Span::Undated)), 800);
        assert_eq!(weighted(Some(omar), Some(Span::Overdue)), 1_600);
        assert_eq!(weighted(Some(omar), Some(Span::Later)), 3_200);
        assert_eq!((weighted(None, None), f.sum(None, None).deals), (7_750, 6));
        assert_eq!(f.owners(), [omar, huda]);
        for span in Forecast::spans() {
            for owner in [None, Some(huda), Some(omar)] {
                let listed = listed(&desk, "manager", "opportunity", f.filter(pipeline, owner, Some(span))).await;
                assert_eq!(listed, f.sum(owner, Some(span)).deals, "{owner:?} {span:?}");
            }
        }
        let own = Forecast::read(&desk.company, &desk.actor("omar").await, pipeline, "USD", day("2026-03-01")).await.unwrap();
        assert_eq!((own.currency.as_str(), own.owners(), own.sum(None, None).weighted), ("USD", vec![omar], 50));
    })
    .await;
}
