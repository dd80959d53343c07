//! The reconciliation: each folder, each day, the server's count against the ledger's; what failed, and trying it again.

use super::{asked_id, text, view};
use engine::{Answer, Count, Form, PageCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Fault, Outcome, Record};
use maud::{Markup, Render, html};
use std::collections::BTreeMap;
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Empty, empty};
use uuid::Uuid;

pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let only = asked_id(&page, "box").map(|id| format!("mailbox == id(\"{id}\")"));
        let with = |condition: &str| -> Outcome<Expr> { Expr::parse(&only.as_ref().map_or_else(|| condition.to_owned(), |o| format!("{o} && {condition}"))) };
        let since = page.company.env(&page.actor).day(page.company.now()).checked_sub(jiff::Span::new().days(13)).map_err(Fault::internal)?;
        let list = |query: Query| { let page = &page; async move { page.company.list(&page.actor, &Query { count: Count::None, ..query }).await } };
        let proofs = list(Query::new("mail_proof").filter(with(&format!("day >= date(\"{since}\")"))?).sort("day").limit(500)).await?;
        let failed = list(Query::new("mail_entry").filter(with("state == \"failed\" && gone_at == null")?).sort("-uid").limit(100)).await?;
        let mut titles: ui::Titles = proofs.titles.iter().chain(&failed.titles).map(|(id, n)| (*id, n.get(page.actor.lang()).to_owned())).collect();
        // Folders that every mailbox has are called what the reader calls them, not what the server does.
        let registry = page.company.registry();
        let purposes = registry.find("mail_folder").and_then(|o| o.get("role")).map(|f| f.kind.options().to_vec()).unwrap_or_default();
        let folders = list(Query::new("mail_folder").filter(with("role != \"other\"")?).limit(500)).await?;
        for f in &folders.records {
            if let Some(o) = purposes.iter().find(|o| o.key == text(f, "role")) {
                titles.insert(f.id, o.label.get(page.actor.lang()).to_owned());
            }
        }
        let cx = view(&page, &titles);
        let body = html! {
            p class="soft" { (cx.t("mail-ledger-text")) }
            @if proofs.records.is_empty() { (empty(Empty::Quiet, &cx.t("mail-no-proof"), &cx.t("mail-no-proof-text"), &html! {})) } @else { (grid(&cx, &proofs.records)) }
            @if !failed.records.is_empty() { (ui::record::padded_block(&cx.t("mail-failed"), Some(&cx.num(failed.records.len() as i64)), &html! {}, &failures(&cx, &failed.records))) }
        };
        Ok(ui::shell::simple_page(&cx.t("mail-ledger"), "", &html! {}, &body).into_string().into())
    })
}

/// A row per folder, a cell per day: green where every message is accounted for.
fn grid(cx: &ViewCx<'_>, proofs: &[Record]) -> Markup {
    let mut days: Vec<_> = proofs.iter().filter_map(|p| p.get("day").date()).collect();
    days.sort_unstable();
    days.dedup();
    let mut folders: BTreeMap<(Uuid, Uuid), BTreeMap<jiff::civil::Date, &Record>> = BTreeMap::new();
    for p in proofs {
        if let (Some(m), Some(f), Some(day)) = (p.get("mailbox").id(), p.get("folder").id(), p.get("day").date()) {
            folders.entry((m, f)).or_default().insert(day, p);
        }
    }
    html! {
        div class="mail-grid-wrap" tabindex="0" role="region" aria-label=(cx.t("mail-ledger")) { table class="mail-grid" {
            thead { tr { th scope="col" { (cx.t("mail-folder")) } @for d in &days { th scope="col" { (cx.date(*d)) } } } }
            tbody { @for ((m, f), by_day) in &folders { tr {
                th scope="row" { bdi { (cx.title_of(*f)) } " " span class="muted small" { bdi { (cx.title_of(*m)) } } }
                @for d in &days { td { @if let Some(p) = by_day.get(d) { (cell(cx, p)) } } }
            } } }
        } }
    }
}

fn cell(cx: &ViewCx<'_>, p: &Record) -> Markup {
    let n = |key: &str| p.get(key).int().unwrap_or_default();
    let well = text(p, "result") == "ok";
    let says = cx.tf("mail-proof-says", &[("server", n("server").into()), ("imported", n("imported").into()), ("skipped", n("skipped").into()), ("failed", n("failed").into()), ("missing", n("missing").into())]);
    html! { a class="mail-proof" data-well[well] href=(cx.record_url("mail_proof", p.id)) title=(says) {
        (ui::icon::icon_sm(if well { "circle-check" } else { "circle-x" })) " " (cx.num(n("server"))) span class="visually-hidden" { (says) }
    } }
}

fn failures(cx: &ViewCx<'_>, entries: &[Record]) -> Markup {
    html! { ul class="mail-list" { @for e in entries { li class="mail-row" {
        div class="mail-row-main" {
            p { bdi { (e.get("folder").id().map_or("", |f| cx.title_of(f))) } " · " bdi class="ltr" { (text(e, "number")) } }
            p class="muted small" dir="auto" { (text(e, "error")) }
        }
        form method="post" action="/mail/ledger" { input type="hidden" name="entry" value=(e.id); (button(cx.t("mail-retry")).small().submit().render()) }
    } } } }
}

pub fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = form.get("entry").parse().map_err(|_| Fault::not_found())?;
        page.company.dispatch(&page.actor, "mail_entry", id, "retry", None, engine::Input::new()).await?;
        Ok(Answer::Go { to: "/mail/ledger".into(), said: "mail-said-sync" })
    })
}
