//! Known baskets, and what holds for every basket.

use crate::{Basket, Discount, Error, Line, Tax, price};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn line(quantity: &str, unit: &str, rate: &str) -> Line {
    let tax = Tax { category: "standard".into(), rate: d(rate) };
    Line { quantity: d(quantity), price: d(unit), tax, counted: true, ..Line::default() }
}

fn basket(inclusive: bool, lines: Vec<Line>) -> Basket {
    Basket { exponent: 2, inclusive, lines, discount: Discount::None }
}

#[test]
fn shelf_prices_are_kept() {
    // 18 + 14 at 15 %: dividing each line gives 15.65 + 12.17 and a total of 31.99; here the buyer pays 32.00.
    let p = price(&basket(true, vec![line("1", "18", "15"), line("1", "14", "15")])).unwrap();
    assert_eq!((p.totals.payable, p.totals.net, p.totals.tax), (3_200, 2_783, 417));
    assert_eq!(p.totals.net + p.totals.tax + p.totals.rounding, 3_200);
    assert_eq!(p.lines.iter().map(|l| l.net).sum::<i64>(), p.totals.net);
    // 13 % of all totals cannot be said as net + round(net × 15 %): the rest stands by itself.
    let odd = price(&basket(true, vec![line("1", "0.03", "15")])).unwrap();
    assert_eq!((odd.totals.payable, odd.totals.net + odd.totals.tax + odd.totals.rounding), (3, 3));
    assert!((1..=10_000).any(|n| price(&basket(true, vec![Line { price: Decimal::new(n, 2), ..line("1", "1", "15") }])).unwrap().totals.rounding != 0));
}

#[test]
fn rounded_per_line_taxed_per_group() {
    // 1.08 × 3 at 19 %: 3.24 per line, tax 0.62 → 3.86 (per unit it would be 3.87).
    let p = price(&basket(false, vec![line("3", "1.08", "19")])).unwrap();
    assert_eq!((p.totals.net, p.totals.tax, p.totals.payable), (324, 62, 386));
    // Three lines of 0.33 at 15 %: 0.05 each would be 0.15; the group has 0.99 × 15 % = 0.15.
    let p = price(&basket(false, vec![line("1", "0.33", "15"), line("1", "0.33", "15"), line("1", "0.30", "15")])).unwrap();
    assert_eq!((p.totals.tax, p.lines.iter().map(|l| l.tax).sum::<i64>()), (14, 15));
    // Rates apart, the same rate in two spellings together.
    let p = price(&basket(false, vec![line("1", "10", "15"), line("1", "10", "15.00"), line("1", "10", "5"), line("1", "10", "0")])).unwrap();
    assert_eq!(p.groups.iter().map(|g| (g.base, g.amount)).collect::<Vec<_>>(), [(1_000, 0), (1_000, 50), (2_000, 300)]);
}

#[test]
fn unit_prices_may_be_finer_than_the_currency() {
    let p = price(&basket(false, vec![line("1000", "0.0125", "0")])).unwrap();
    assert_eq!(p.totals.payable, 1_250);
    let dinar = Basket { exponent: 3, ..basket(false, vec![line("1.5", "0.3335", "5")]) };
    // 0.50025 → 0.500; tax 0.025.
    assert_eq!((price(&dinar).unwrap().totals.net, price(&dinar).unwrap().totals.tax), (500, 25));
    let yen = Basket { exponent: 0, ..basket(true, vec![line("3", "333.4", "10")]) };
    assert_eq!(price(&yen).unwrap().totals.payable, 1_000);
}

#[test]
fn discounts_of_line_and_document() {
    let mut a = line("2", "50", "15");
    a.discount = Discount::Percent(d("12.5"));
    let mut b = line("1", "33.33", "15");
    b.discount = Discount::Amount(333);
    let mut asked = basket(false, vec![a, b, line("1", "0.01", "15")]);
    asked.discount = Discount::Amount(1_000);
    let p = price(&asked).unwrap();
    assert_eq!((p.lines[0].discount, p.lines[1].discount), (1_250, 333));
    assert_eq!(p.lines.iter().map(|l| l.share).collect::<Vec<_>>(), [745, 255, 0]);
    assert_eq!((p.totals.list, p.totals.line_discounts, p.totals.discount, p.totals.net), (13_334, 1_583, 1_000, 10_751));
    let rules: Vec<&str> = p.lines[0].trace.iter().map(|s| s.rule).collect();
    assert_eq!(rules, ["quantity", "line_discount", "discount", "tax"]);
    assert!(p.lines[0].trace.windows(2).all(|w| w[0].after == w[1].before));
}

#[test]
fn a_price_below_the_list_is_a_discount() {
    let cheap = Line { listed: Some(d("100")), ..line("1", "80", "15") };
    let p = price(&basket(false, vec![line("1", "10", "15"), cheap])).unwrap();
    assert_eq!((p.lines[0].discount_percent, p.totals.discount_percent), (d("0"), d("20.00")));
    // Dearer than the list is none.
    let dear = Line { listed: Some(d("100")), ..line("1", "120", "15") };
    assert_eq!(price(&basket(false, vec![dear])).unwrap().totals.discount_percent, Decimal::ZERO);
}

#[test]
fn what_was_not_chosen_counts_for_nothing_but_has_its_price() {
    let option = Line { counted: false, ..line("1", "200", "15") };
    let mut asked = basket(true, vec![line("1", "115", "15"), option]);
    asked.discount = Discount::Percent(d("10"));
    let p = price(&asked).unwrap();
    assert_eq!((p.totals.payable, p.lines[1].shown, p.lines[1].gross), (10_350, 18_000, 18_000));
    asked.lines[1].counted = true;
    assert_eq!(price(&asked).unwrap().totals.payable, 28_350);
}

#[test]
fn margin_is_known_where_every_cost_is() {
    let with = |cost: Option<&str>| Line { cost: cost.map(d), ..line("2", "100", "15") };
    let p = price(&basket(false, vec![with(Some("60")), with(Some("80"))])).unwrap().totals;
    assert_eq!((p.cost, p.margin(), p.margin_percent()), (Some(28_000), Some(12_000), Some(d("30.00"))));
    assert_eq!(price(&basket(false, vec![with(Some("60")), with(None)])).unwrap().totals.margin(), None);
}

#[test]
fn nonsense_is_refused() {
    assert_eq!(price(&basket(false, vec![line("-1", "5", "0")])), Err(Error::Negative(0)));
    let over = Line { discount: Discount::Amount(501), ..line("1", "5", "0") };
    assert_eq!(price(&basket(false, vec![line("1", "5", "0"), over])), Err(Error::LineDiscount(1)));
    let percent = Line { discount: Discount::Percent(d("100.01")), ..line("1000", "5", "0") };
    assert_eq!(price(&basket(false, vec![percent])), Err(Error::LineDiscount(0)));
    let mut asked = basket(false, vec![line("1", "5", "0")]);
    asked.discount = Discount::Amount(501);
    assert_eq!(price(&asked), Err(Error::Discount));
    assert_eq!(price(&basket(false, vec![line("9999999999999", "9999999999999", "0")])), Err(Error::TooLarge));
    assert_eq!(price(&basket(true, Vec::new())).unwrap().totals.payable, 0);
}

fn discounts() -> impl Strategy<Value = Discount> {
    prop_oneof![
        3 => Just(Discount::None),
        2 => (0_i64..=10_000).prop_map(|p| Discount::Percent(Decimal::new(p, 2))),
        1 => (0_i64..500).prop_map(Discount::Amount),
    ]
}

fn lines() -> impl Strategy<Value = Line> {
    let rate = prop::sample::select(vec![0_i64, 500, 750, 1_000, 1_400, 1_500, 1_600, 2_000]);
    (0_i64..1_000_000, 0_u32..=3, 0_i64..90_000_000, 0_u32..=6, discounts(), rate, any::<bool>(), prop::option::of(0_i64..900_000)).prop_map(
        |(quantity, places, unit, decimals, discount, rate, counted, cost)| Line {
            quantity: Decimal::new(quantity, places),
            price: Decimal::new(unit, decimals),
            listed: None,
            discount,
            tax: Tax { category: if rate == 0 { "zero".into() } else { "standard".into() }, rate: Decimal::new(rate, 2) },
            cost: cost.map(|c| Decimal::new(c, 3)),
            counted,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn parts_sum_to_the_whole(
        exponent in prop::sample::select(vec![0_u8, 2, 3]),
        inclusive in any::<bool>(),
        lines in prop::collection::vec(lines(), 0..12),
        discount in discounts(),
    ) {
        let asked = Basket { exponent, inclusive, lines, discount };
        let Ok(p) = price(&asked) else { return Ok(()) };
        let counted: Vec<_> = p.lines.iter().zip(&asked.lines).filter(|(_, l)| l.counted).map(|(l, _)| l).collect();
        let t = &p.totals;
        prop_assert_eq!(t.net, counted.iter().map(|l| l.net).sum::<i64>());
        prop_assert_eq!(t.discount, counted.iter().map(|l| l.share).sum::<i64>());
        prop_assert_eq!(t.list - t.line_discounts - t.discount, counted.iter().map(|l| l.shown).sum::<i64>());
        prop_assert_eq!(t.payable, t.net + t.tax + t.rounding);
        for g in &p.groups {
            // Half of a minor unit, away from zero: an own way to the same figure.
            let exact = i128::from(g.base) * i128::from((g.tax.rate * Decimal::ONE_HUNDRED).mantissa() / 10_i128.pow((g.tax.rate * Decimal::ONE_HUNDRED).scale()));
            prop_assert_eq!(i128::from(g.amount), (2 * exact + 10_000).div_euclid(20_000));
        }
        for l in &p.lines {
            prop_assert_eq!(l.gross, l.net + l.tax);
            prop_assert_eq!(l.shown, l.list - l.discount - l.share);
            prop_assert!(l.net >= 0 && l.shown >= 0);
            prop_assert!(l.trace.windows(2).all(|w| w[0].after == w[1].before));
            // A line is off its shelf price by two minor units at most: its share of the group and its own tax.
            if inclusive { prop_assert!((l.gross - l.shown).abs() <= 2, "{} {}", l.gross, l.shown); } else { prop_assert_eq!(l.net, l.shown); }
        }
        let shown: i64 = counted.iter().map(|l| l.shown).sum();
        if inclusive {
            prop_assert_eq!(t.payable, shown);
            prop_assert!(t.rounding.unsigned_abs() <= p.groups.len() as u64);
        } else {
            prop_assert_eq!((t.net, t.rounding), (shown, 0));
        }
        // Twice the same.
        prop_assert_eq!(price(&asked), Ok(p.clone()));
    }

    /// Choosing a line more never makes a quote without discount cheaper.
    #[test]
    fn more_is_not_less(inclusive in any::<bool>(), lines in prop::collection::vec(lines(), 1..8), at in 0_usize..8) {
        let mut asked = Basket { exponent: 2, inclusive, lines, discount: Discount::None };
        let at = at % asked.lines.len();
        asked.lines[at].counted = false;
        let without = price(&asked);
        asked.lines[at].counted = true;
        if let (Ok(without), Ok(with)) = (without, price(&asked)) {
            prop_assert!(with.totals.payable >= without.totals.payable);
        }
    }
}
