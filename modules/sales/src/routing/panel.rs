//! On a lead: why he is yours, and how long you have.

use super::route;
use crate::lead;
use crate::view::view;
use engine::{PageCx, Panel};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Outcome, Tone, Value, label};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use ui::cx::{Titles, ViewCx};

pub fn panel() -> Panel {
    Panel { object: lead::KEY, key: "why-you", label: label("لمن هو ومتى يُتواصل معه", "Whose it is, and until when"), render }
}

fn render(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let (company, actor) = (&page.company, &page.actor);
        let lead = company.get(actor, lead::KEY, id).await?;
        let mut conn = company.db().read().await?;
        let why = if let Value::Json(json) = lead.get("routed_why") { json.clone() } else { serde_json::Value::Null };
        let absent = why.get("for").and_then(|v| v.as_str()).and_then(|s| s.parse::<Uuid>().ok());
        let rule = lead.get("route").id();
        let users: BTreeSet<Uuid> = lead.get("routed_to").id().into_iter().chain(absent).collect();
        // The words of a rule are no secret to whom it gave the lead.
        let wanted = BTreeMap::from([("user".to_owned(), users), (route::KEY.to_owned(), rule.into_iter().collect())]);
        let names = company.titles(&mut conn, &company.system(), &wanted).await?;
        drop(conn);
        let name = |id: Option<Uuid>| id.and_then(|i| names.get(&i)).map(|n| n.get(actor.lang()).to_owned()).unwrap_or_default();
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let number = |key: &str| why.get(key).and_then(serde_json::Value::as_i64).unwrap_or_default();
        let way = why.get("way").and_then(|v| v.as_str()).unwrap_or_default();
        let sentence = match way {
            "person" | "territory" if absent.is_some() => cx.tf("sales-why-stands-in", &[("to", name(lead.get("routed_to").id()).into()), ("for", name(absent).into())]),
            "person" => cx.tf("sales-why-person", &[("to", name(lead.get("routed_to").id()).into())]),
            "territory" => cx.tf("sales-why-territory", &[("to", name(lead.get("routed_to").id()).into())]),
            "turn" => cx.tf("sales-why-turn", &[("to", name(lead.get("routed_to").id()).into()), ("count", number("of").into())]),
            "load" => cx.tf("sales-why-load", &[("to", name(lead.get("routed_to").id()).into()), ("count", number("load").into())]),
            _ => String::new(),
        };
        let state = lead.get("touch_state").text().unwrap_or_default();
        if sentence.is_empty() && state.is_empty() {
            return Ok(String::new());
        }
        Ok(html! {
            (clock(&cx, state, &lead))
            @if !sentence.is_empty() {
                p { (sentence) }
                p class="muted small" { (cx.t("sales-why-rule")) " " bdi { (name(rule)) } }
            }
        }
        .into_string())
    })
}

fn clock(cx: &ViewCx<'_>, state: &str, lead: &kernel::Record) -> Markup {
    let Some(due) = lead.get("touch_due_at").datetime() else { return html! {} };
    let over = state == "running" && due < cx.now;
    let (key, tone) = match state {
        _ if over => ("sales-clock-over", Tone::Bad),
        "running" => ("sales-clock-running", Tone::Info),
        "held" => ("sales-clock-held", Tone::Neutral),
        "met" => ("sales-clock-met", Tone::Good),
        _ => ("sales-clock-missed", Tone::Bad),
    };
    html! {
        p class="lead-clock" {
            (ui::mark::chip(&cx.t(key), tone)) " "
            @if matches!(state, "running" | "missed") { (cx.tf("sales-clock-due", &[("when", cx.datetime(due).into()), ("left", cx.relative(due).into())])) }
        }
    }
}
