//! Hierarchy and relationships: what cannot be is refused, also when two people write at once (CUST-1, CUST-2).

use crate::shop::{Shop, shop};
use engine::Draft;
use kernel::uuid::Uuid;
use kernel::{Outcome, Record};

fn related(party: Uuid, kind: &str, other: Uuid) -> Draft {
    Draft::new().set("party", party).set("kind", kind).set("other", other)
}

fn refused(result: Outcome<Record>) -> String {
    result.unwrap_err().issues[0].key.clone()
}

async fn chain(shop: &Shop, n: usize) -> Vec<Uuid> {
    let mut all: Vec<Uuid> = Vec::new();
    for i in 0..n {
        let id = shop.party(&format!("شركة {i}")).await;
        if let Some(above) = all.last() {
            shop.save("party", Draft::of(id).set("parent", *above)).await.unwrap();
        }
        all.push(id);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_nothing_stands_above_itself() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let group = chain(&shop, 4).await;
        let under = |id: Uuid, parent: Uuid| shop.save("party", Draft::of(id).set("parent", parent));
        assert_eq!(refused(under(group[1], group[1]).await), "tree-own-parent");
        assert_eq!(refused(under(group[0], group[3]).await), "tree-loop");
        assert_eq!(refused(under(group[1], group[2]).await), "tree-loop");
        assert_eq!(shop.get("party", group[1]).await.get("parent").id(), Some(group[0]));
        under(group[3], group[0]).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn loops_closed_by_two_at_once_are_refused() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        for round in 0..5 {
            let (a, b) = (shop.party(&format!("أ {round}")).await, shop.party(&format!("ب {round}")).await);
            let under = |id: Uuid, parent: Uuid| shop.save("party", Draft::of(id).set("parent", parent));
            let (x, y) = futures::join!(under(a, b), under(b, a));
            assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
            let (c, d) = (shop.party(&format!("ج {round}")).await, shop.party(&format!("د {round}")).await);
            let (x, y) = futures::join!(shop.save("relationship", related(c, "reports_to", d)), shop.save("relationship", related(d, "reports_to", c)));
            assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_2_relationships_that_cannot_be() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let [a, b, c] = [shop.party("أحمد").await, shop.party("بدر").await, shop.party("جمال").await];
        let say = |party, kind, other| shop.save("relationship", related(party, kind, other));
        say(a, "reports_to", b).await.unwrap();
        say(b, "reports_to", c).await.unwrap();
        assert_eq!(refused(say(c, "reports_to", a).await), "base-related-loop");
        assert_eq!(refused(say(a, "works_at", a).await), "base-related-to-itself");
        say(a, "married_to", b).await.unwrap();
        assert_eq!(refused(say(b, "married_to", a).await), "base-related-already");
        assert_eq!(refused(say(a, "married_to", b).await), "value-not-unique");
        let day = |d| kernel::jiff::civil::date(2026, 1, d);
        let turned = related(a, "works_at", c).set("since", day(9)).set("until", day(3));
        assert_eq!(refused(shop.save("relationship", turned).await), "base-ends-before");
        // What goes both ways without an order is no loop.
        say(a, "supplies", c).await.unwrap();
        say(c, "supplies", a).await.unwrap();
        let query = engine::Query::new("relationship");
        assert_eq!(shop.company.list(&shop.company.system(), &query).await.unwrap().records.len(), 5);
    })
    .await;
}
