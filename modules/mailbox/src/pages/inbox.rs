//! The inbox: one's mailboxes, the conversations in them, whose turn it is.

use super::{asked_id, choice, own_boxes, text, view};
use engine::{Answer, Form, PageCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Fault, Outcome, Record, Value};
use maud::{Markup, Render, html};
use std::collections::{BTreeMap, BTreeSet};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Empty, avatar, empty};

/// Key of the view, its sentence, the condition.
const VIEWS: [(&str, &str, &str); 6] = [
    ("open", "mail-view-open", "direction == \"in\" && status == \"open\""),
    ("mine", "mail-view-mine", "assignee == me() && status == \"open\""),
    ("unlinked", "mail-view-unlinked", "direction == \"in\" && party == null"),
    ("all", "mail-view-all", "state != \"draft\""),
    ("sent", "mail-view-sent", "direction == \"out\" && state != \"draft\""),
    ("draft", "mail-view-drafts", "state == \"draft\""),
];

pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let boxes = own_boxes(&page).await?;
        let none = ui::Titles::new();
        let cx = view(&page, &none);
        let title = cx.t("mail-inbox");
        if boxes.is_empty() {
            return Ok(super::no_box(&page, "mail-inbox"));
        }
        let chosen = asked_id(&page, "box").filter(|id| boxes.iter().any(|b| b.id == *id));
        let (view_key, _, condition) = VIEWS.iter().find(|(k, ..)| *k == page.param("view")).copied().unwrap_or(("open", "mail-view-open", "direction == \"in\" && status == \"open\""));
        let ids: Vec<String> = boxes.iter().filter(|b| chosen.is_none_or(|c| c == b.id)).map(|b| format!("id(\"{}\")", b.id)).collect();
        let filter = Expr::parse(&format!("mailbox in [{}] && {condition}", ids.join(", ")))?;
        let before = Some(page.param("after").to_owned()).filter(|a| !a.is_empty());
        let words = Some(page.param("q").trim().to_owned()).filter(|q| !q.is_empty());
        let query = Query { after: before, search: words, count: engine::Count::None, fields: super::brief(), ..Query::new("mail").filter(filter).sort("-at").limit(80) };
        let found = page.company.list(&page.actor, &query).await?;
        let titles: ui::Titles = found.titles.iter().map(|(id, n)| (*id, n.get(page.actor.lang()).to_owned())).collect();
        let cx = view(&page, &titles);
        let rows = conversations(&found.records);
        let head = html! { (button(cx.t("mail-write")).icon("pencil").primary().href("/mail/write").render()) };
        let here = |k: &str, b: Option<kernel::uuid::Uuid>| cx.with_query("/mail/inbox", &[("box", &b.map(|b| b.to_string()).unwrap_or_default()), ("view", k)]);
        let body = html! {
            div class="mail-bar" {
                nav class="segment segment-links" aria-label=(cx.t("filter")) { @for (key, words, _) in VIEWS {
                    a href=(here(key, chosen)) aria-current=[(key == view_key).then_some("true")] { (cx.t(words)) }
                } }
                form class="cluster" method="get" action="/mail/inbox" role="search" {
                    input type="hidden" name="view" value=(view_key);
                    @if boxes.len() > 1 {
                        select class="select" name="box" aria-label=(cx.t("mail-box")) {
                            option value="" { (cx.t("mail-all-boxes")) }
                            @for b in &boxes { option value=(b.id) selected[chosen == Some(b.id)] { (text(b, "name")) } }
                        }
                    }
                    input class="input" type="search" name="q" value=(page.param("q")) placeholder=(cx.t("search")) aria-label=(cx.t("search"));
                    (button(cx.t("mail-show")).submit().render())
                }
            }
            @if rows.is_empty() { (empty(Empty::Quiet, &cx.t("mail-empty"), &cx.t("mail-empty-text"), &html! {})) }
            @else { ul class="mail-list" { @for (letter, n) in &rows { (row(&page, &cx, letter, *n)) } } }
            @if let Some(next) = &found.next { p class="mail-more" { (button(cx.t("ui-older")).href(cx.with_query(&here(view_key, chosen), &[]) + &format!("&after={}", ui::cx::percent_encode(next))).render()) } }
        };
        Ok(ui::shell::simple_page(&title, "", &head, &body).into_string().into())
    })
}

/// The latest letter of each conversation and how many there are, in the order of the list.
fn conversations(letters: &[Record]) -> Vec<(&Record, i64)> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let key = |l: &Record| Some(text(l, "thread").to_owned()).filter(|t| !t.is_empty()).unwrap_or_else(|| l.id.to_string());
    for l in letters {
        *counts.entry(key(l)).or_default() += 1;
    }
    let mut shown = BTreeSet::new();
    letters.iter().filter(|l| shown.insert(key(l))).map(|l| (l, counts.get(&key(l)).copied().unwrap_or(1))).collect()
}

fn row(page: &PageCx, cx: &ViewCx<'_>, l: &Record, n: i64) -> Markup {
    let outgoing = text(l, "direction") == "out";
    let who = if outgoing { super::names(text(l, "to")) } else if text(l, "from_name").is_empty() { text(l, "from_address").to_owned() } else { text(l, "from_name").to_owned() };
    let at = l.get("at").datetime();
    let subject = if text(l, "subject").is_empty() { cx.t("mail-no-subject") } else { text(l, "subject").to_owned() };
    let files = l.get("attachments").to_json().get("files").and_then(serde_json::Value::as_array).is_some_and(|f| !f.is_empty());
    let href = if text(l, "state") == "draft" { cx.with_query("/mail/write", &[("draft", &l.id.to_string())]) } else { cx.record_url("mail", l.id) };
    html! {
        li class="mail-row" data-unread[!outgoing && l.get("seen").bool() == Some(false)] {
            (avatar(&who, ""))
            div class="mail-row-main" {
                div class="mail-row-top" {
                    span class="mail-who" { @if outgoing { span class="muted" { (cx.t("mail-to")) " " } } bdi { (who) } } @if n > 1 { (ui::mark::count(&cx.num(n))) }
                    @if let Some(at) = at { time class="muted small" datetime=(at) title=(cx.datetime(at)) { (cx.relative(at)) } }
                }
                a class="mail-subject" href=(href) { bdi { (subject) } }
                @if !text(l, "snippet").is_empty() { p class="mail-snippet muted" { bdi { (text(l, "snippet")) } } }
                div class="cluster small" {
                    @if files { span class="muted" { (ui::icon::icon_sm("paperclip")) } }
                    @if let Some(p) = l.get("party").id() { a class="mail-of" href=(cx.record_url("party", p)) { (ui::icon::icon_sm("contact")) bdi { (cx.title_of(p)) } } }
                    @else if !outgoing { span class="muted" { (cx.t("mail-unknown-sender")) } }
                    @if let Some(u) = l.get("assignee").id() { span class="chip chip-line" { bdi { (cx.title_of(u)) } } }
                    @if outgoing { (choice(page, cx, l, "state")) }
                }
            }
            @if !outgoing {
                form method="post" action=(page.path) class="mail-row-do" {
                    input type="hidden" name="mail" value=(l.id);
                    @if text(l, "status") == "open" {
                        button class="btn btn-ghost btn-icon btn-sm" name="do" value="done" aria-label=(cx.t("mail-do-done")) data-tip=(cx.t("mail-do-done")) { (ui::icon::icon("check")) }
                        @if l.get("assignee").id() != Some(page.actor.id) {
                            button class="btn btn-ghost btn-icon btn-sm" name="do" value="mine" aria-label=(cx.t("mail-do-mine")) data-tip=(cx.t("mail-do-mine")) { (ui::icon::icon("user-plus")) }
                        }
                    } @else {
                        button class="btn btn-ghost btn-icon btn-sm" name="do" value="reopen" aria-label=(cx.t("mail-do-reopen")) data-tip=(cx.t("mail-do-reopen")) { (ui::icon::icon("rotate-ccw")) }
                    }
                }
            }
        }
    }
}

pub fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id = form.get("mail").parse().map_err(|_| Fault::not_found())?;
        let mut input = engine::Input::new();
        let action = match form.get("do") {
            "mine" => {
                input.insert("user".into(), Value::Id(page.actor.id));
                "assign"
            }
            "reopen" => "reopen",
            _ => "done",
        };
        page.company.dispatch(&page.actor, "mail", id, action, None, input).await?;
        let back = page.path.clone();
        Ok(Answer::Go { to: if back.starts_with("/mail/inbox") { back } else { "/mail/inbox".into() }, said: "" })
    })
}
