//! Several phones, e-mails and addresses, and the primary one on the party itself (CUST-1).

use crate::shop::{Shop, named, shop};
use sila_base::contact::{ADDRESS, EMAIL, PHONE};
use engine::Draft;
use kernel::uuid::Uuid;
use kernel::{Address, Record, Value};

fn phone(party: Uuid, number: &str) -> Draft {
    Draft::new().set("party", party).set("phone", number)
}

/// (number, primary) of each phone, and the party's own.
async fn phones(shop: &Shop, party: Uuid) -> (Vec<(String, bool)>, Option<String>) {
    let one = |r: &Record| (r.get("phone").text().unwrap().to_owned(), r.get("primary").bool() == Some(true));
    let list = shop.parts(PHONE, party).await.iter().map(one).collect();
    (list, shop.get("party", party).await.get("phone").text().map(str::to_owned))
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_one_primary_stands_on_both_sides() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let (a, b, c) = ("+966501111111", "+966502222222", "+966503333333");
        // Written on the party, it is the first of its phones.
        let party = shop.save("party", named("مكتبة النور").set("phone", a).set("email", "info@noor.example")).await.unwrap().id;
        assert_eq!(phones(&shop, party).await, (vec![(a.into(), true)], Some(a.into())));
        assert_eq!(shop.parts(EMAIL, party).await[0].get("email").text(), Some("info@noor.example"));
        // A second one is not primary by itself; called so, it takes over.
        let second = shop.save(PHONE, phone(party, b)).await.unwrap().id;
        assert_eq!(phones(&shop, party).await, (vec![(a.into(), true), (b.into(), false)], Some(a.into())));
        shop.save(PHONE, Draft::of(second).set("primary", true)).await.unwrap();
        assert_eq!(phones(&shop, party).await, (vec![(a.into(), false), (b.into(), true)], Some(b.into())));
        // The party's number corrected: the primary row is corrected with it; set to another of its rows, that one is primary.
        shop.save("party", Draft::of(party).set("phone", c)).await.unwrap();
        assert_eq!(phones(&shop, party).await, (vec![(a.into(), false), (c.into(), true)], Some(c.into())));
        shop.save("party", Draft::of(party).set("phone", a)).await.unwrap();
        assert_eq!(phones(&shop, party).await, (vec![(a.into(), true), (c.into(), false)], Some(a.into())));
        // Not to be used any more: the next one steps in. Deleted: the same.
        let first = shop.parts(PHONE, party).await[0].id;
        shop.save(PHONE, Draft::of(first).set("do_not_use", true)).await.unwrap();
        assert_eq!(phones(&shop, party).await, (vec![(a.into(), false), (c.into(), true)], Some(c.into())));
        shop.delete(PHONE, second).await;
        assert_eq!(phones(&shop, party).await, (vec![(a.into(), false)], None));
        // Emptied on the party, the primary row goes and the party has none.
        shop.save("party", Draft::of(party).set("email", Value::Null)).await.unwrap();
        assert!(shop.parts(EMAIL, party).await.is_empty());
        // Back from the trash it is what it was: the only usable one.
        let mut cx = shop.company.write(&shop.company.system()).await.unwrap();
        cx.restore(PHONE, second).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(phones(&shop, party).await.1, Some(c.into()));
        // Who changed the party's number through its row stands in the party's history.
        let history = shop.company.history(&shop.company.system(), "party", party, 50).await.unwrap();
        assert!(history.iter().any(|h| h.changes["phone"][1] == c), "{history:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_a_second_number_finds_the_party() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let party = shop.save("party", named("مكتبة النور").set("phone", "+966501111111")).await.unwrap().id;
        shop.party("مكتبة جرير").await;
        let home = shop.save(PHONE, phone(party, "+966559876543").set("type", "home")).await.unwrap().id;
        let address = Address { street: "شارع التحلية".into(), city: "جدة".into(), country: "SA".into(), ..Address::default() };
        shop.save(ADDRESS, Draft::new().set("party", party).set("address", address).set("type", "delivery")).await.unwrap();
        for words in ["0559876543", "966559876543", "التحلية", "٠٥٠١١١١١١١"] {
            assert_eq!(shop.found(words).await, [party], "{words}");
        }
        assert_eq!(shop.parts(ADDRESS, party).await[0].get("line").text(), Some("شارع التحلية – جدة"));
        // Changing the party keeps the words of its parts; changing or removing a part renews them.
        shop.save("party", Draft::of(party).set("note", "عميل قديم")).await.unwrap();
        assert_eq!(shop.found("0559876543").await, [party]);
        shop.save(PHONE, Draft::of(home).set("phone", "+966551234567")).await.unwrap();
        assert_eq!((shop.found("0559876543").await, shop.found("0551234567").await), (vec![], vec![party]));
        shop.save("party", Draft::of(party).set("phone", "+966504444444")).await.unwrap();
        assert_eq!((shop.found("0501111111").await, shop.found("0504444444").await), (vec![], vec![party]));
        shop.delete(PHONE, home).await;
        assert!(shop.found("0551234567").await.is_empty());
        // With the party they go, with it they come back; what had gone before stays gone.
        shop.company.clock().set("2026-03-02T12:00:00Z".parse().unwrap());
        shop.delete("party", party).await;
        assert!(shop.parts(PHONE, party).await.is_empty());
        let mut cx = shop.company.write(&shop.company.system()).await.unwrap();
        cx.restore("party", party).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(phones(&shop, party).await, (vec![("+966504444444".into(), true)], Some("+966504444444".into())));
        assert_eq!(shop.found("التحلية").await, [party]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_primaries_and_turned_dates_are_refused_and_change_nothing() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let party = shop.party("مكتبة النور").await;
        let both = ["+966501111111", "+966502222222"].map(|n| phone(party, n).set("primary", true));
        let fault = shop.save_all(PHONE, both.into()).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "part-two-primary");
        let day = |d| Value::Date(kernel::jiff::civil::date(2026, 1, d));
        let fault = shop.save(PHONE, phone(party, "+966501111111").set("valid_from", day(9)).set("valid_to", day(3))).await.unwrap_err();
        assert_eq!((fault.issues[0].field.as_str(), fault.issues[0].key.as_str()), ("valid_to", "base-ends-before"));
        assert_eq!(phones(&shop, party).await, (vec![], None));
    })
    .await;
}

/// Two colleagues call different rows primary at the same moment: one of them is, and the party agrees.
#[tokio::test(flavor = "multi_thread")]
async fn primaries_named_at_once_leave_one() {
    testdb::both(async |url| {
        let shop = shop(&url).await;
        let party = shop.save("party", named("مكتبة النور").set("phone", "+966500000000")).await.unwrap().id;
        let mut rows = Vec::new();
        for n in 1..=4 {
            rows.push(shop.save(PHONE, phone(party, &format!("+96650111111{n}"))).await.unwrap().id);
        }
        let calls = rows.iter().map(|id| shop.save(PHONE, Draft::of(*id).set("primary", true)));
        for done in futures::future::join_all(calls).await {
            done.unwrap();
        }
        let (list, own) = phones(&shop, party).await;
        let primary: Vec<&String> = list.iter().filter(|(_, p)| *p).map(|(n, _)| n).collect();
        assert_eq!(primary, [own.as_ref().unwrap()], "{list:?}");
    })
    .await;
}
