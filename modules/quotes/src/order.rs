//! An accepted quote becomes an order: once, whoever asks and however often.

use crate::actions::told;
use crate::quote::KEY;
use crate::total;
use engine::{Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Fault, Money, Outcome, Record, Value};
use serde_json::json;

const ORDER: &str = "order";

/// Makes the order with the lines that were chosen, places it, wins the opportunity; asked again it leads to the order.
pub fn convert<'a>(cx: &'a mut Cx, quote: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        if let Some(order) = quote.get("order").id() {
            return Ok(Done { message: "quotes-quote-was-ordered".into(), goto: Some((ORDER.into(), order)), ..Done::default() });
        }
        let lines: Vec<Record> = total::lines(cx, quote.id).await?.into_iter().filter(total::counted).collect();
        let money = |field: &str| quote.get(field).money().cloned().ok_or_else(|| Fault::internal("a quote without sums"));
        let (net, total) = (money("net")?, money("total")?);
        let order = Draft::new()
            .set("party", quote.get("party").clone())
            .set("ordered_at", cx.now)
            .set("owner", quote.get("owner").clone())
            .set("note", quote.get("number").clone())
            .set("tax", Money::new(total.minor - net.minor, net.currency.clone()));
        let order = cx.save(ORDER, order).await?.record().id;
        let line = |l: &Record| order_line(order, l, &net.currency);
        cx.save_many("order_line", lines.iter().map(line).collect::<Outcome<Vec<_>>>()?).await?;
        cx.act(ORDER, order, "place", None, Input::new()).await?;
        // What follows from the order is not a matter of the seller's own rights.
        let saved = cx.follow(move |cx| {
            Box::pin(async move {
                let saved = cx.save(KEY, Draft::of(quote.id).set("order", order).trusted()).await?.into_record();
                told(cx, "quote.ordered", &saved, json!({ "order": order })).await?;
                win(cx, &saved).await?;
                Ok(saved)
            })
        });
        let saved = saved.await?;
        Ok(Done { message: "quotes-quote-ordered".into(), goto: Some((ORDER.into(), order)), data: json!({"quote": saved.id, "order": order}) })
    })
}

/// The unit price is told in whole minor units; what counts is the agreed amount, which is exact.
fn order_line(order: Uuid, l: &Record, currency: &str) -> Outcome<Draft> {
    let price = match l.get("price") {
        Value::Decimal(d) => *d,
        _ => Decimal::ZERO,
    };
    let minor = kernel::kind::scaled(price, text::money::exponent(currency).into()).ok_or_else(|| Fault::internal("a price that does not fit"))?;
    Ok(Draft::new()
        .set("order", order)
        .set("position", l.get("position").clone())
        .set("product", l.get("product").clone())
        .set("description", l.get("description").clone())
        .set("quantity", l.get("quantity").clone())
        .set("price", Money::new(minor, currency))
        .set("agreed", l.get("net").clone()))
}

/// The opportunity is won with what was really sold.
async fn win(cx: &mut Cx, quote: &Record) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let Some(id) = quote.get("opportunity").id() else { return Ok(()) };
    let Ok(deal) = company.get_in(&mut cx.tx, &system, "opportunity", id).await else { return Ok(()) };
    if deal.get("status").text() != Some("open") {
        return Ok(());
    }
    let input = Input::from_iter([("won_reason".to_owned(), Value::from("other")), ("amount".to_owned(), quote.get("net").clone())]);
    cx.act("opportunity", id, "win", None, input).await.map(|_| ())
}
