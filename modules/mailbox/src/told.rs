//! Letters as they stand on a customer's time line: who wrote, how it begins, what is attached, and the way to answer.

use crate::pages::view;
use engine::{Actor, Card, CardAction, PageCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Outcome, Record, Registry, Verb, label};
use maud::{Markup, html};
use std::collections::HashMap;
use uuid::Uuid;

/// For contacts: the letter behind each, where the reader may read it. «Subject only» shows him the contact alone.
pub fn cards(page: PageCx, contacts: Vec<Record>) -> BoxFuture<'static, Outcome<HashMap<Uuid, Card>>> {
    Box::pin(async move {
        let registry = page.company.registry();
        let Some(object) = registry.find("mail").filter(|o| page.actor.may(o, &Verb::Read)) else { return Ok(HashMap::new()) };
        let list: Vec<String> = contacts.iter().map(|c| format!("id(\"{}\")", c.id)).collect();
        let query = Query { count: engine::Count::None, fields: crate::pages::brief(), ..Query::new("mail").filter(Expr::parse(&format!("interaction in [{}]", list.join(", ")))?).limit(200) };
        let letters = page.company.list(&page.actor, &query).await?.records;
        let may_answer = page.actor.may(object, &Verb::Create);
        Ok(letters.iter().filter_map(|l| Some((l.get("interaction").id()?, card(&page, l, may_answer)))).collect())
    })
}

fn card(page: &PageCx, letter: &Record, may_answer: bool) -> Card {
    let mut actions = Vec::new();
    if may_answer {
        actions.push(CardAction { label: label("رد", "Reply"), icon: "send", href: format!("/mail/write?reply={}", letter.id) });
    }
    actions.push(CardAction { label: label("فتح الرسالة", "Open message"), icon: "mail", href: format!("/mail/{}", letter.id) });
    Card { body: body(page, letter).into_string(), actions, ..Card::default() }
}

fn body(page: &PageCx, letter: &Record) -> Markup {
    let titles = ui::Titles::new();
    let cx = view(page, &titles);
    let text = |key: &str| letter.get(key).text().unwrap_or_default();
    let files = letter.get("attachments").to_json().get("files").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
    let who = if text("from_name").is_empty() { text("from_address") } else { text("from_name") };
    html! {
        div class="mail-told" {
            p { bdi class="strong" { (who) } @if text("direction") == "out" { span class="muted" { " " (cx.t("mail-to")) " " (crate::pages::people(text("to"))) } } }
            @if !text("snippet").is_empty() { p class="mail-told-text" { bdi { (text("snippet")) } } }
            @if files > 0 { p class="muted small" { (ui::icon::icon_sm("paperclip")) " " (cx.tf("mail-files", &[("count", files.into())])) } }
        }
    }
}

/// Writing to a customer from his time line; his address stands there where the reader may see it.
pub fn write(actor: &Actor, registry: &Registry, party: &Record) -> Option<String> {
    registry.find("mail").filter(|o| actor.may(o, &Verb::Create))?;
    let to = if actor.mask("party", "email").is_some() { "" } else { party.get("email").text().unwrap_or_default() };
    Some(format!("/mail/write?party={}&to={}", party.id, ui::cx::percent_encode(to)))
}
