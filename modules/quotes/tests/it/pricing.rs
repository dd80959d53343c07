//! SAL-6: prices, taxes, discounts and their limits; one arithmetic for everything.

use crate::{colleague, company, customer, d, get, keys, line, lines, product, quote, sar, save, try_save};
use engine::Draft;
use kernel::{Mask, Name, Value};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_sums_follow_every_change() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let party = customer(&company).await;
        let (a, b) = (product(&company, "A-1", "صندوق هدايا", 10_000).await, product(&company, "B-1", "شمعة عود", 3_333).await);
        let id = quote(&company, party).await;
        let q = get(&company, "quote", id).await;
        assert_eq!((q.get("number").text(), q.get("currency").text(), q.get("language").text()), (Some("Q-00001"), Some("SAR"), Some("ar")));
        assert_eq!((q.get("valid_until").date().unwrap() - q.get("issued_on").date().unwrap()).get_days(), 30);
        let first = save(&company, "quote_line", line(id, a, "10")).await;
        let second = save(&company, "quote_line", line(id, b, "3")).await;
        let l = get(&company, "quote_line", first).await;
        assert_eq!((l.get("description").text(), l.get("unit").text(), l.get("price")), (Some("صندوق هدايا"), Some("قطعة"), &Value::Decimal(d("100.000000"))));
        assert_eq!(l.get("tax_percent"), &Value::Decimal(d("15.00")), "the Saudi rate");
        let q = get(&company, "quote", id).await;
        let money = |q: &kernel::Record, f: &str| q.get(f).money().map(|m| m.minor).unwrap_or_default();
        assert_eq!((money(&q, "net"), money(&q, "tax"), money(&q, "total")), (109_999, 16_500, 126_499));
        // A discount on a line, one on all, and a rate of its own.
        save(&company, "quote_line", Draft::of(first).set("discount_rate", d("10"))).await;
        save(&company, "quote", Draft::of(id).set("discount_amount", sar(5_000))).await;
        let q = get(&company, "quote", id).await;
        assert_eq!((money(&q, "subtotal"), money(&q, "discount_total"), money(&q, "net"), money(&q, "tax"), money(&q, "total")), (109_999, 15_000, 94_999, 14_250, 109_249));
        let all = lines(&company, id).await;
        assert_eq!(all.iter().map(|l| money(l, "net")).sum::<i64>(), 94_999);
        assert!(matches!(q.get("discount_percent"), Value::Decimal(p) if *p > d("14.4") && *p < d("14.6")), "{:?}", q.get("discount_percent"));
        // An optional line counts for nothing until it is chosen.
        save(&company, "quote_line", line(id, b, "100").set("optional", true)).await;
        assert_eq!(money(&get(&company, "quote", id).await, "total"), 109_249);
        // A line taken away takes its part away.
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.delete("quote_line", second, None).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(money(&get(&company, "quote", id).await, "net"), 85_000);
        // Percentage and amount together, a discount larger than the line, a price below nothing: refused, nothing changes.
        let system = company.system();
        let refused = async |draft: Draft| {
            let fault = try_save(&company, &system, "quote_line", draft).await.unwrap_err();
            keys(&fault)[0].to_owned()
        };
        assert_eq!(refused(Draft::of(first).set("discount_amount", sar(100))).await, "quotes-two-discounts");
        assert_eq!(refused(Draft::of(first).set("discount_rate", Value::Null).set("discount_amount", sar(200_000))).await, "quotes-line-discount");
        assert_eq!(refused(Draft::of(first).set("quantity", d("-1"))).await, "quotes-negative");
        assert_eq!(refused(Draft::of(first).set("discount_rate", d("101"))).await, "quotes-discount-range");
        assert_eq!(money(&get(&company, "quote", id).await, "net"), 85_000);
    })
    .await;
}

/// The most specific price wins: the customer's own, his parent's, his kind, everybody's; then the highest step.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_the_most_specific_price_holds() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let parent = customer(&company).await;
        let branch = save(&company, "party", Draft::new().set("name", Name::new("فرع جدة", "")).set("kind", "organisation").set("parent", parent)).await;
        let stranger = save(&company, "party", Draft::new().set("name", Name::new("متجر آخر", "")).set("kind", "organisation")).await;
        let p = product(&company, "A-1", "صندوق هدايا", 10_000).await;
        let list = |name: &str| Draft::new().set("name", Name::new(name, "")).set("currency", "SAR");
        let priced = |list, amount: &str, from: &str| Draft::new().set("price_list", list).set("product", p).set("amount", d(amount)).set("min_quantity", d(from));
        let general = save(&company, "price_list", list("عامة")).await;
        save(&company, "price", priced(general, "95", "0")).await;
        save(&company, "price", priced(general, "90.1255", "100")).await;
        let kind = save(&company, "price_list", list("جملة").set("group", "wholesale")).await;
        save(&company, "price", priced(kind, "85", "0")).await;
        let own = save(&company, "price_list", list("عقد").set("party", parent)).await;
        save(&company, "price", priced(own, "70", "50")).await;
        let over = save(&company, "price_list", list("قديمة").set("party", stranger).set("valid_until", "2020-01-01".parse::<kernel::jiff::civil::Date>().unwrap())).await;
        save(&company, "price", priced(over, "1", "0")).await;
        let price = async |party, quantity: &str| {
            let q = quote(&company, party).await;
            let id = save(&company, "quote_line", line(q, p, quantity)).await;
            match get(&company, "quote_line", id).await.get("price") {
                Value::Decimal(price) => price.normalize().to_string(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(price(stranger, "1").await, "95");
        assert_eq!(price(stranger, "100").await, "90.1255");
        assert_eq!(price(parent, "1").await, "85", "below the step of his contract his kind decides");
        assert_eq!(price(parent, "50").await, "70");
        assert_eq!(price(branch, "60").await, "70", "the contract of the group holds for its branches");
        // Another quantity takes the other step, unless the seller set a price of his own.
        let q = quote(&company, stranger).await;
        let id = save(&company, "quote_line", line(q, p, "1")).await;
        save(&company, "quote_line", Draft::of(id).set("quantity", d("100"))).await;
        assert_eq!(get(&company, "quote_line", id).await.get("price"), &Value::Decimal(d("90.125500")));
        assert_eq!(get(&company, "quote", q).await.get("net").money().unwrap().minor, 901_255);
        save(&company, "quote_line", Draft::of(id).set("price", d("92"))).await;
        save(&company, "quote_line", Draft::of(id).set("quantity", d("1"))).await;
        let l = get(&company, "quote_line", id).await;
        assert_eq!((l.get("price"), l.get("discount_percent")), (&Value::Decimal(d("92.000000")), &Value::Decimal(d("3.16"))), "below the list is a discount");
        // A list chosen by hand decides alone; it brings its currency, in which the product may have no price.
        let dollars = save(&company, "price_list", Draft::new().set("name", Name::new("دولار", "")).set("currency", "USD").set("inclusive", true)).await;
        let q = save(&company, "quote", Draft::new().set("party", stranger).set("price_list", dollars)).await;
        let fault = try_save(&company, &company.system(), "quote_line", line(q, p, "1")).await.unwrap_err();
        assert_eq!(keys(&fault), ["quotes-no-price"]);
        save(&company, "price", priced(dollars, "115", "0")).await;
        save(&company, "quote_line", line(q, p, "1")).await;
        let q = get(&company, "quote", q).await;
        assert_eq!((q.get("total").money().unwrap(), q.get("net").money().unwrap().minor), (&kernel::Money::new(11_500, "USD"), 10_000), "115 with the tax within");
    })
    .await;
}

/// A seller gives as much as his role may, on every path; a manager gives more, and that stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_discounts_stop_at_the_limit_of_the_role() {
    testdb::both(|url| async move {
        let dir = testdb::TempFolder::new();
        let company = company(&url, dir.path()).await;
        let (seller, manager) = (colleague(&company, "seller", 1).await, colleague(&company, "manager", 2).await);
        let party = customer(&company).await;
        let p = product(&company, "A-1", "صندوق هدايا", 10_000).await;
        save(&company, "party", Draft::of(party).set("owner", seller.id)).await;
        let q = try_save(&company, &seller, "quote", Draft::new().set("party", party)).await.unwrap().id;
        let id = try_save(&company, &seller, "quote_line", line(q, p, "10").set("discount_rate", d("20"))).await.unwrap().id;
        let refused = async |draft: Draft, object: &str| {
            let fault = try_save(&company, &seller, object, draft).await.unwrap_err();
            (keys(&fault)[0].to_owned(), fault.issues[0].text(text::Lang::Ar))
        };
        let (key, said) = refused(Draft::of(id).set("discount_rate", d("20.5")), "quote_line").await;
        assert_eq!(key, "quotes-above-limit");
        let said = text::bidi::strip(&said);
        assert!(said.contains("20.5") && said.contains("صندوق هدايا") && said.contains("20٪"), "{said}");
        // Neither by the price, nor by the whole, nor by an amount.
        assert_eq!(refused(Draft::of(id).set("discount_rate", Value::Null).set("price", d("79")), "quote_line").await.0, "quotes-above-limit");
        assert_eq!(refused(Draft::of(q).set("discount_rate", d("1")), "quote").await.0, "quotes-above-limit");
        assert_eq!(refused(Draft::of(id).set("discount_rate", Value::Null).set("discount_amount", sar(20_100)), "quote_line").await.0, "quotes-above-limit");
        try_save(&company, &manager, "quote_line", Draft::of(id).set("discount_rate", d("35"))).await.unwrap();
        try_save(&company, &seller, "quote_line", Draft::of(id).set("description", "صندوق هدايا العيد")).await.unwrap();
        assert_eq!(refused(Draft::of(id).set("discount_rate", d("36")), "quote_line").await.0, "quotes-above-limit");
        // The seller does not see what the company earns; the manager does.
        save(&company, "product", Draft::of(p).set("cost", sar(4_000))).await;
        try_save(&company, &manager, "quote_line", Draft::of(id).set("quantity", d("20"))).await.unwrap();
        let margin = |r: &kernel::Record| r.get("margin").money().map(|m| m.minor);
        assert_eq!(margin(&company.get(&manager, "quote", q).await.unwrap()), Some(130_000 - 80_000));
        assert_eq!(margin(&company.get(&seller, "quote", q).await.unwrap()), None);
        for (object, field) in [("quote", "margin"), ("quote", "cost"), ("quote_line", "unit_cost"), ("quote_line", "cost"), ("product", "cost")] {
            assert_eq!(seller.mask(object, field), Some(Mask::Hidden), "{object}.{field}");
        }
    })
    .await;
}

/// A quote of ten thousand lines is refused with a sentence, and nothing of it stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_has_three_hundred_lines_at_most() {
    let db = testdb::TestDb::sqlite();
    let dir = testdb::TempFolder::new();
    let company = company(&db.url, dir.path()).await;
    let party = customer(&company).await;
    let q = quote(&company, party).await;
    let words = |n: usize| Draft::new().set("quote", q).set("description", format!("بند {n}")).set("price", d("1"));
    let mut cx = company.write(&company.system()).await.unwrap();
    let fault = cx.save_many("quote_line", (0..10_000).map(words).collect()).await.unwrap_err();
    assert_eq!(keys(&fault), ["quotes-too-many-lines"]);
    assert!(fault.issues[0].text(text::Lang::Ar).contains("300"));
    drop(cx);
    assert!(lines(&company, q).await.is_empty());
    let mut cx = company.write(&company.system()).await.unwrap();
    cx.save_many("quote_line", (0..300).map(words).collect()).await.unwrap();
    cx.commit().await.unwrap();
    assert_eq!(keys(&try_save(&company, &company.system(), "quote_line", words(301)).await.unwrap_err()), ["quotes-too-many-lines"]);
    assert_eq!(get(&company, "quote", q).await.get("total").money().unwrap(), &sar(34_500));
}
