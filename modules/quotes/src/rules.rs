//! What holds for every change of a quote or a line, whichever way it comes.

use crate::quote::{KEY, MOST_LINES};
use crate::{line, prices, tax, total};
use engine::{Cx, Draft, Watch};
use futures::future::BoxFuture;
use kernel::jiff::civil::Date;
use kernel::jiff::{ToSpan, tz::TimeZone};
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Fault, Issue, Outcome, Record, Value};
use serde_json::json;
use std::collections::BTreeSet;

/// The series of numbers.
const SERIES: &str = "quote.number";
/// Days an offer holds where nothing else is said.
const DAYS: i64 = 30;

/// Today, in the company's zone.
pub fn day(cx: &Cx) -> Date {
    let zone = TimeZone::get(&cx.company.settings().zone).unwrap_or(TimeZone::UTC);
    cx.now.to_zoned(zone).date()
}

fn differs(before: Option<&Record>, after: &Record, fields: &[&str]) -> bool {
    fields.iter().any(|f| before.is_none_or(|b| b.get(f) != after.get(f)))
}

/// Percentage or amount, not both; a percentage is one; the amount is of the quote's currency.
fn one_discount(record: &Record, currency: &str) -> Outcome<()> {
    let (rate, amount) = (record.get("discount_rate"), record.get("discount_amount"));
    let given = |v: &Value| !v.is_null() && *v != Value::Decimal(Decimal::ZERO);
    if given(rate) && amount.money().is_some_and(|m| m.minor != 0) {
        return Err(Fault::invalid("discount_amount", "quotes-two-discounts"));
    }
    if matches!(rate, Value::Decimal(d) if !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(d)) {
        return Err(Fault::invalid("discount_rate", "quotes-discount-range"));
    }
    match amount.money() {
        Some(m) if m.currency != currency => Err(Fault::issue(Issue::new("discount_amount", "quotes-other-currency").arg("currency", currency))),
        _ => Ok(()),
    }
}

/// Number, dates, currency and language of a quote.
pub fn quote<'a>(cx: &'a mut Cx, before: Option<&'a Record>, after: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        if after.get("number").is_blank() {
            let n = store::counter::reserve(&mut cx.tx, SERIES, 1).await?;
            after.set("number", format!("Q-{n:05}"));
            after.set("version", 1);
        }
        let (company, system) = (cx.company.clone(), cx.company.system());
        if let Some(list) = after.get("price_list").id().filter(|_| differs(before, after, &["price_list"])) {
            let list = company.get_in(&mut cx.tx, &system, prices::LIST, list).await?;
            after.set("currency", list.get("currency").clone());
            after.set("inclusive", list.get("inclusive").bool() == Some(true));
        }
        let currency = match after.get("currency").text() {
            Some(c) if !c.trim().is_empty() => c.trim().to_ascii_uppercase(),
            _ => company.settings().currency.clone(),
        };
        if !text::money::is_code(&currency) {
            return Err(Fault::invalid("currency", "quotes-currency"));
        }
        one_discount(after, &currency)?;
        after.set("currency", currency);
        let today = day(cx);
        if after.get("issued_on").is_null() {
            after.set("issued_on", today);
        }
        let issued = after.get("issued_on").date().unwrap_or(today);
        if after.get("valid_until").is_null() {
            after.set("valid_until", issued.saturating_add(DAYS.days()));
        }
        if after.get("valid_until").date().is_some_and(|until| until < issued) {
            return Err(Fault::invalid("valid_until", "quotes-valid-before"));
        }
        if after.get("language").is_null() {
            let spoken = match after.get("party").id() {
                Some(party) => company.get_in(&mut cx.tx, &system, "party", party).await.ok().and_then(|p| p.get("language").text().map(str::to_owned)),
                None => None,
            };
            let lang = spoken.filter(|l| matches!(l.as_str(), "ar" | "en")).unwrap_or_else(|| company.settings().lang().code().to_owned());
            after.set("language", lang);
        }
        Ok(())
    })
}

/// Fills a line in from its product, the price lists and the tax rates; refuses changes of what was sent.
pub fn line<'a>(cx: &'a mut Cx, before: Option<&'a Record>, after: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        if !differs(before, after, &line::INPUTS) {
            return Ok(());
        }
        let (company, system) = (cx.company.clone(), cx.company.system());
        let Some(quote) = after.get("quote").id() else { return Ok(()) };
        if before.is_some_and(|b| b.get("quote").id() != Some(quote)) {
            return Err(Fault::invalid("quote", "quotes-line-stays"));
        }
        let quote = company.get_in(&mut cx.tx, &system, KEY, quote).await.map_err(|_| Fault::invalid("quote", "value-no-such-record"))?;
        let asked = differs(before, after, line::INPUTS.get(..line::INPUTS.len() - 1).unwrap_or_default());
        if asked && !cx.retold && quote.get("status").text() != Some("draft") {
            return Err(Fault::invalid("", "quotes-frozen"));
        }
        if !asked {
            return Ok(());
        }
        one_discount(after, total::currency(&quote))?;
        let product = match after.get("product").id() {
            Some(id) => Some(company.get_in(&mut cx.tx, &system, "product", id).await.map_err(|_| Fault::invalid("product", "value-no-such-record"))?),
            None => None,
        };
        if let Some(product) = &product {
            from_product(cx, &quote, product, before, after).await?;
        } else if differs(before, after, &["product"]) {
            after.set("listed", Value::Null);
            after.set("unit_cost", Value::Null);
            after.set("trace", Value::Json(json!({})));
        }
        if after.get("price").is_null() {
            return Err(Fault::issue(Issue::new("price", "quotes-no-price").arg("currency", total::currency(&quote))));
        }
        if after.get("position").is_null() {
            after.set("position", next_position(cx, quote.id).await?);
        }
        taxed(cx, &quote, product.as_ref(), before, after).await
    })
}

/// Description, unit, listed price, cost.
async fn from_product(cx: &mut Cx, quote: &Record, product: &Record, before: Option<&Record>, after: &mut Record) -> Outcome<()> {
    let other = differs(before, after, &["product"]);
    if after.get("description").is_blank() {
        let name = product.get("name").name().map(|n| n.get(quote.get("language").text().filter(|l| *l == "en").unwrap_or("ar")).to_owned());
        after.set("description", name.unwrap_or_default());
    }
    if other && after.get("unit").is_blank() {
        after.set("unit", product.get("unit").clone());
    }
    let day = quote.get("issued_on").date().unwrap_or_else(|| day(cx));
    let quantity = match after.get("quantity") {
        Value::Decimal(d) => *d,
        Value::Int(n) => Decimal::from(*n),
        _ => Decimal::ONE,
    };
    let asked = prices::Asked {
        product: product.id,
        quantity,
        party: quote.get("party").id(),
        list: quote.get("price_list").id(),
        currency: total::currency(quote).to_owned(),
        inclusive: quote.get("inclusive").bool() == Some(true),
        day,
    };
    let found = prices::find(cx, &asked, product).await?;
    // Who took the listed price goes with it to another step; who set his own keeps it.
    let kept = before.filter(|_| !other).is_some_and(|b| b.get("price") == after.get("price") && b.get("price") == b.get("listed"));
    let included = after.get("included").bool() == Some(true);
    let listed = found.as_ref().map(|f| f.price).filter(|_| !included);
    if !included && (after.get("price").is_null() || kept) {
        after.set("price", listed);
    }
    after.set("listed", listed);
    after.set("unit_cost", product.get("cost").money().filter(|m| m.currency == asked.currency).map(kernel::Money::amount));
    after.set("trace", Value::Json(json!({"source": found.map(|f| f.source)})));
    Ok(())
}

/// The rate of the line: the one it names, else that of the product's category.
async fn taxed(cx: &mut Cx, quote: &Record, product: Option<&Record>, before: Option<&Record>, after: &mut Record) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    if before.is_some() && !differs(before, after, &["tax", "product"]) {
        return Ok(());
    }
    let named = after.get("tax").id().filter(|_| before.is_none() || differs(before, after, &["tax"]));
    let rate = match named {
        Some(id) => Some(company.get_in(&mut cx.tx, &system, tax::KEY, id).await.map_err(|_| Fault::invalid("tax", "value-no-such-record"))?),
        None => {
            let category = product.and_then(|p| p.get("tax_category").text()).unwrap_or("standard");
            let day = quote.get("issued_on").date().unwrap_or_else(|| day(cx));
            tax::holding(cx, category, day).await?
        }
    };
    after.set("tax", rate.as_ref().map(|r| r.id));
    after.set("tax_category", rate.as_ref().map_or(Value::from("standard"), |r| r.get("category").clone()));
    after.set("tax_percent", rate.as_ref().map_or(Value::Decimal(Decimal::ZERO), |r| r.get("rate").clone()));
    Ok(())
}

async fn next_position(cx: &mut Cx, quote: Uuid) -> Outcome<i64> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT MAX(position) FROM quote_line WHERE deleted_at IS NULL AND quote = ").bind(quote);
    Ok(cx.tx.int(&sql).await?.unwrap_or_default() + 10)
}

pub fn watches() -> [Watch; 2] {
    [Watch { object: line::KEY, run: lines_changed }, Watch { object: KEY, run: quotes_changed }]
}

fn lines_changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let mut quotes = BTreeSet::new();
        for (before, after) in changes {
            match (before, after) {
                (before, Some(after)) if differs(before.as_ref(), after, &line::INPUTS) => quotes.extend(after.get("quote").id()),
                (Some(before), None) => {
                    let id = before.get("quote").id();
                    let (company, system) = (cx.company.clone(), cx.company.system());
                    if let Some(id) = id {
                        let quote = company.get_in(&mut cx.tx, &system, KEY, id).await;
                        if quote.is_ok_and(|q| q.get("status").text() != Some("draft")) {
                            return Err(Fault::invalid("", "quotes-frozen"));
                        }
                    }
                    if let Some(id) = id {
                        total::recalculate(cx, id, Some(before.id)).await?;
                    }
                }
                _ => {}
            }
        }
        if changes.len() > MOST_LINES {
            return Err(Fault::issue(Issue::new("", "quotes-too-many-lines").arg("most", MOST_LINES)));
        }
        for quote in quotes {
            total::recalculate(cx, quote, None).await?;
        }
        Ok(())
    })
}

/// Another price list or currency gives the lines that took the listed price a new one.
fn quotes_changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for (before, after) in changes {
            let Some(after) = after else {
                // What a customer has in hands is kept; a draft is nobody's yet.
                if before.as_ref().is_some_and(|b| b.get("status").text() != Some("draft")) {
                    return Err(Fault::invalid("", "quotes-sent-stays"));
                }
                continue;
            };
            if let Some(before) = before.as_ref().filter(|_| differs(before.as_ref(), after, &["price_list", "currency", "inclusive", "party"])) {
                let moved = differs(Some(before), after, &["currency"]);
                let listed = total::lines(cx, after.id).await?.into_iter().filter(|l| !l.get("listed").is_null() && l.get("price") == l.get("listed"));
                let drafts: Vec<Draft> = listed.map(|l| Draft::of(l.id).set("price", Value::Null)).collect();
                if !drafts.is_empty() {
                    cx.save_many(line::KEY, drafts).await?;
                }
                if moved && after.get("status").text() == Some("draft") {
                    cleared(cx, after.id).await?;
                }
            }
            if differs(before.as_ref(), after, &total::INPUTS) {
                total::recalculate(cx, after.id, None).await?;
            }
        }
        Ok(())
    })
}

/// Amounts taken off in another currency mean nothing any more: they must be said anew.
async fn cleared(cx: &mut Cx, quote: Uuid) -> Outcome<()> {
    let off: Vec<Draft> = total::lines(cx, quote).await?.iter().filter(|l| !l.get("discount_amount").is_null()).map(|l| Draft::of(l.id).set("discount_amount", Value::Null)).collect();
    if off.is_empty() { Ok(()) } else { cx.save_many(line::KEY, off).await.map(|_| ()) }
}
