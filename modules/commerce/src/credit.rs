//! The customer's credit on the page of an order: whoever sells sees what is owed before he promises more.

use engine::{PageCx, Panel};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Kind, Outcome, Value, label};
use ui::cx::{Density, Theme, Titles, ViewCx};

pub fn panel() -> Panel {
    Panel { object: "order", key: "credit", label: label("ائتمان العميل وسداده", "The customer's credit and payment"), render }
}

/// Fields of the party, in the order they are read.
const SHOWN: [&str; 7] = ["credit_limit", "amount_owed", "days_late", "days_to_pay", "payment_terms", "credit_rating", "hold_reason"];

fn render(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let order = page.company.get(&page.actor, "order", id).await?;
        let Some(party) = order.get("party").id() else { return Ok(String::new()) };
        // Whom the reader may not see has no credit here.
        let Ok(party) = page.company.get(&page.actor, "party", party).await else { return Ok(String::new()) };
        let registry = page.company.registry();
        let object = registry.object("party")?;
        let titles = Titles::new();
        let cx = ViewCx {
            locale: &page.actor.locale,
            theme: Theme::parse(&page.actor.theme),
            density: Density::default(),
            path: &page.path,
            now: page.company.now(),
            titles: &titles,
        };
        let seen = |key: &&&str| page.actor.sees("party", key) && !party.get(key).is_blank();
        let figure = |key: &str| {
            let f = object.get(key)?;
            Some((cx.label(&f.label).to_owned(), ui::cell::plain(&f.kind, party.get(key), &cx), String::new()))
        };
        let figures: Vec<_> = SHOWN.iter().filter(seen).filter_map(|key| figure(key)).collect();
        if figures.is_empty() {
            return Ok(String::new());
        }
        let held = page.actor.sees("party", "credit_hold") && *party.get("credit_hold") == Value::Bool(true);
        let warning = object.get("credit_hold").filter(|f| held && f.kind == Kind::Bool);
        let warning = warning.map(|f| ui::mark::chip(cx.label(&f.label), kernel::Tone::Bad).into_string()).unwrap_or_default();
        Ok(format!("{warning}{}", ui::record::summary(&figures).into_string()))
    })
}
