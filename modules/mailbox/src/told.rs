//! Letters as they stand on a customer's time line: who wrote, how it begins, what is attached, and the way to answer.

use crate::pages::view;
use engine::{PageCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Outcome, Record, Verb};
use maud::{Markup, html};
use std::collections::HashMap;
use uuid::Uuid;

/// For contacts: the letter behind each, where the reader may read it. «Subject only» shows him the contact alone.
pub fn tell(page: PageCx, ids: Vec<Uuid>) -> BoxFuture<'static, Outcome<HashMap<Uuid, String>>> {
    Box::pin(async move {
        let registry = page.company.registry();
        let Some(object) = registry.find("mail").filter(|o| page.actor.may(o, &Verb::Read)) else { return Ok(HashMap::new()) };
        let list: Vec<String> = ids.iter().map(|id| format!("id(\"{id}\")")).collect();
        let query = Query { count: engine::Count::None, fields: crate::pages::brief(), ..Query::new("mail").filter(Expr::parse(&format!("interaction in [{}]", list.join(", ")))?).limit(200) };
        let letters = page.company.list(&page.actor, &query).await?.records;
        let may_answer = page.actor.may(object, &Verb::Create);
        Ok(letters.iter().filter_map(|l| Some((l.get("interaction").id()?, line(&page, l, may_answer).into_string()))).collect())
    })
}

fn line(page: &PageCx, letter: &Record, may_answer: bool) -> Markup {
    let titles = ui::Titles::new();
    let cx = view(page, &titles);
    let text = |key: &str| letter.get(key).text().unwrap_or_default();
    let files = letter.get("attachments").to_json().get("files").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
    let who = if text("from_name").is_empty() { text("from_address") } else { text("from_name") };
    html! {
        div class="mail-told" {
            p class="mail-told-who" { bdi class="strong" { (who) } @if text("direction") == "out" { " ← " bdi { (text("to")) } } }
            @if !text("snippet").is_empty() { p class="mail-told-text" dir="auto" { (text("snippet")) } }
            div class="cluster small" {
                @if files > 0 { span class="muted" { (ui::icon::icon_sm("paperclip")) " " (cx.tf("mail-files", &[("count", files.into())])) } }
                a href=(cx.record_url("mail", letter.id)) { (cx.t("mail-open")) }
                @if may_answer { a href=(cx.with_query("/mail/write", &[("reply", &letter.id.to_string())])) data-mail-reply { (cx.t("mail-reply")) } }
            }
        }
    }
}
