//! The sums of a quote: whatever changes, they are worked out anew in the same transaction, by `pricing` alone.

use crate::quote::MOST_LINES;
use crate::{line, limit, quote};
use engine::{Count, Cx, Draft, Query};
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, Issue, Money, Outcome, Record, Value};
use pricing::{Basket, Discount, Line, Priced, Tax};
use serde_json::json;

/// What of a quote its sums follow from.
pub const INPUTS: [&str; 4] = ["currency", "inclusive", "discount_rate", "discount_amount"];

fn decimal(record: &Record, field: &str) -> Decimal {
    match record.get(field) {
        Value::Decimal(d) => *d,
        Value::Int(n) => Decimal::from(*n),
        _ => Decimal::ZERO,
    }
}

/// The currency of a quote, as ISO 4217 writes it.
pub fn currency(quote: &Record) -> &str {
    quote.get("currency").text().unwrap_or_default()
}

/// The lines in order.
///
/// # Errors
/// Invalid: more than a quote may have. The database.
pub async fn lines(cx: &mut Cx, quote: Uuid) -> Outcome<Vec<Record>> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let query = Query { count: Count::None, ..Query::new(line::KEY).filter(Expr::path("quote").eq(Expr::lit(quote))).sort("position").limit(MOST_LINES + 1) };
    let found = company.list_in(&mut cx.tx, &system, &query).await?.records;
    if found.len() > MOST_LINES {
        return Err(Fault::issue(Issue::new("", "quotes-too-many-lines").arg("most", MOST_LINES)));
    }
    Ok(found)
}

/// The discount a record names; a percentage and an amount together are refused before.
fn discount(record: &Record) -> Discount {
    match (record.get("discount_rate"), record.get("discount_amount")) {
        (Value::Decimal(p), _) if !p.is_zero() => Discount::Percent(*p),
        (_, Value::Money(m)) if m.minor != 0 => Discount::Amount(m.minor),
        _ => Discount::None,
    }
}

/// Whether a line counts: an optional one only when it was chosen.
pub fn counted(line: &Record) -> bool {
    line.get("optional").bool() != Some(true) || line.get("chosen").bool() == Some(true)
}

/// A quote as the arithmetic reads it.
pub fn basket(quote: &Record, lines: &[Record]) -> Basket {
    let currency = currency(quote);
    let one = |l: &Record| Line {
        quantity: decimal(l, "quantity"),
        price: decimal(l, "price"),
        listed: Some(decimal(l, "listed")).filter(|_| !l.get("listed").is_null()),
        discount: discount(l),
        tax: Tax { category: l.get("tax_category").text().unwrap_or_default().to_owned(), rate: decimal(l, "tax_percent") },
        cost: Some(decimal(l, "unit_cost")).filter(|_| !l.get("unit_cost").is_null()),
        counted: counted(l),
    };
    Basket {
        exponent: text::money::exponent(currency),
        inclusive: quote.get("inclusive").bool() == Some(true),
        lines: lines.iter().map(one).collect(),
        discount: discount(quote),
    }
}

/// Prices a quote; a refusal names the line by its description.
///
/// # Errors
/// Invalid: a line or discount that cannot be.
pub fn price(quote: &Record, lines: &[Record]) -> Outcome<Priced> {
    priced(&basket(quote, lines), lines)
}

fn priced(basket: &Basket, lines: &[Record]) -> Outcome<Priced> {
    let named = |i: usize| lines.get(i).and_then(|l| l.get("description").text()).unwrap_or_default().to_owned();
    pricing::price(basket).map_err(|e| {
        Fault::issue(match e {
            pricing::Error::Negative(i) => Issue::new("quantity", "quotes-negative").arg("line", named(i)),
            pricing::Error::LineDiscount(i) => Issue::new("discount_amount", "quotes-line-discount").arg("line", named(i)),
            pricing::Error::Discount => Issue::new("discount_amount", "quotes-discount-too-much"),
            pricing::Error::TooLarge => Issue::new("price", "quotes-too-large"),
        })
    })
}

/// The highest discount whatever the customer chooses: as it stands, with every option, with none.
fn highest(basket: &Basket, lines: &[Record], now: &Priced) -> Decimal {
    let with = |chosen: bool| {
        let mut other = basket.clone();
        for (line, record) in other.lines.iter_mut().zip(lines) {
            line.counted = chosen || record.get("optional").bool() != Some(true);
        }
        // A discount larger than what is left without the options is refused when it comes to that.
        pricing::price(&other).map(|p| p.totals.discount_percent).unwrap_or_default()
    };
    now.totals.discount_percent.max(with(true)).max(with(false))
}

/// Works out a quote anew and writes what differs. `gone`: a line that is being taken away.
///
/// # Errors
/// Invalid: as [`price`]; a discount above what the actor may give; too many lines.
pub async fn recalculate(cx: &mut Cx, id: Uuid, gone: Option<Uuid>) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    // The quote may have gone to the trash with its lines.
    let Ok(quote) = company.get_in(&mut cx.tx, &system, quote::KEY, id).await else { return Ok(()) };
    let lines: Vec<Record> = lines(cx, id).await?.into_iter().filter(|l| Some(l.id) != gone).collect();
    let basket = basket(&quote, &lines);
    let priced = priced(&basket, &lines)?;
    if !cx.retold && quote.get("status").text() == Some("draft") {
        let given = lines.iter().zip(&priced.lines).map(|(l, p)| (l.get("description").text().unwrap_or_default().to_owned(), decimal(l, "discount_percent"), p.discount_percent));
        let given: Vec<_> = given.collect();
        limit::check(cx, &given).await?;
    }
    let currency = currency(&quote).to_owned();
    let money = |minor: i64| Money::new(minor, currency.clone());
    let drafts = lines.iter().zip(&priced.lines).map(|(l, p)| {
        let source = l.get("trace").to_json().get("source").cloned();
        let trace = json!({"source": source, "steps": p.trace});
        Draft::of(l.id)
            .set("amount", money(p.shown + p.share))
            .set("net", money(p.net))
            .set("tax_amount", money(p.tax))
            .set("gross", money(p.gross))
            .set("cost", p.cost.map(money))
            .set("discount_percent", p.discount_percent)
            .set("trace", Value::Json(trace))
            .trusted()
    });
    let drafts: Vec<Draft> = drafts.collect();
    let t = &priced.totals;
    let sums = Draft::of(id)
        .set("subtotal", money(t.list))
        .set("discount_total", money(t.line_discounts + t.discount))
        .set("net", money(t.net))
        .set("tax", money(t.tax))
        .set("rounding", money(t.rounding))
        .set("total", money(t.payable))
        .set("cost", t.cost.map(money))
        .set("margin", t.margin().map(money))
        .set("margin_percent", t.margin_percent())
        .set("discount_percent", highest(&basket, &lines, &priced))
        .set("lines_count", i64::try_from(lines.len()).unwrap_or_default())
        .trusted();
    cx.follow(|cx| {
        Box::pin(async move {
            cx.save_many(line::KEY, drafts).await?;
            cx.save(quote::KEY, sums).await.map(|_| ())
        })
    })
    .await
}
