//! A customer's credit standing and payment record, wherever somebody sells to him or serves him: on the page of what
//! concerns him (order, opportunity, call) and beside his name in its form.

use crate::view::view;
use engine::{PageCx, Panel};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Outcome, Value, label};
use ui::cx::Titles;

pub fn glance() -> Panel {
    Panel { object: "party", key: "credit", label: label("ائتمان العميل وسداده", "The customer's credit and payment"), render: |page, id| -> BoxFuture<'static, Outcome<String>> { Box::pin(summary(page, id)) } }
}

/// Fields of the party, in the order they are read.
const SHOWN: [&str; 7] = ["credit_limit", "amount_owed", "days_late", "days_to_pay", "payment_terms", "credit_rating", "hold_reason"];

/// The figures of a party that the reader may see; empty when there is nothing to say.
async fn summary(page: PageCx, party: Uuid) -> Outcome<String> {
    // Whom the reader may not see has no credit here.
    let Ok(party) = page.company.get(&page.actor, "party", party).await else { return Ok(String::new()) };
    let registry = page.company.registry();
    let object = registry.object("party")?;
    let titles = Titles::new();
    let cx = view(&page, &titles);
    let seen = |key: &&&str| page.actor.sees("party", key) && !party.get(key).is_blank();
    let figure = |key: &str| {
        let f = object.get(key)?;
        Some((cx.label(&f.label).to_owned(), ui::cell::plain(&f.kind, party.get(key), &cx), String::new()))
    };
    let figures: Vec<_> = SHOWN.iter().filter(seen).filter_map(|key| figure(key)).collect();
    let held = page.actor.sees("party", "credit_hold") && *party.get("credit_hold") == Value::Bool(true);
    let warning = object.get("credit_hold").filter(|_| held);
    let warning = warning.map(|f| ui::mark::chip(cx.label(&f.label), kernel::Tone::Bad).into_string()).unwrap_or_default();
    let figures = if figures.is_empty() { String::new() } else { ui::record::summary(&figures).into_string() };
    Ok(format!("{warning}{figures}"))
}
