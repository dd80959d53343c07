//! What waits for the reader: the notification centre, and the newest of it under the bell.

use crate::address::address;
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use engine::notify::{Told, Wanted};
use maud::{Markup, html};
use ui::button::{button, icon_button};
use ui::cx::ViewCx;
use ui::icon::icon;
use ui::mark::{Empty, avatar, empty};
use uuid::Uuid;

const PAGE: usize = 40;
/// Under the bell.
const FEW: usize = 8;
const PLACE: &str = "/-/notifications";

/// `GET /-/notifications?show=unread&kind=…&before=…`
pub async fn page(visit: Visit) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let (show, kind) = (visit.param("show"), visit.param("kind"));
    let kinds = visit.company.notice_kinds();
    let wanted = Wanted {
        unread: show == "unread",
        kinds: Some(kind.to_owned()).filter(|k| !k.is_empty()).into_iter().collect(),
        before: Some(visit.param("before").to_owned()).filter(|b| !b.is_empty()),
    };
    let found = visit.company.notices(&visit.actor, &wanted, PAGE).await?;
    visit.company.mark_seen(&visit.actor).await?;
    let title = cx.t("ui-notifications");
    let link = |label: String, show: &str, now: bool| html! { a href=(address(PLACE, &[("show", show), ("kind", kind)])) aria-current=[now.then_some("true")] { (label) } };
    let filters = html! {
        div class="cluster notices-filter" {
            span class="segment segment-links" role="group" aria-label=(cx.t("filter")) {
                (link(cx.t("web-notices-all"), "", show != "unread")) (link(cx.t("web-notices-unread"), "unread", show == "unread"))
            }
            form method="get" action=(PLACE) data-auto-submit {
                @if !show.is_empty() { input type="hidden" name="show" value=(show); }
                select class="select select-sm" name="kind" aria-label=(cx.t("web-notices-kind")) {
                    option value="" { (cx.t("web-notices-every-kind")) }
                    @for k in &kinds { option value=(k.key) selected[k.key == kind] { (cx.label(&k.label)) } }
                }
                noscript { (button(cx.t("apply")).small().submit()) }
            }
        }
    };
    let actions = html! {
        (icon_button("settings", cx.t("web-notices-settings")).href(format!("{PLACE}/settings")))
        form method="post" action={ (PLACE) "/read" } { input type="hidden" name="all" value="1"; (button(cx.t("web-notices-read-all")).icon("check").submit()) }
    };
    let list = html! {
        @if found.items.is_empty() {
            @if wanted.unread { (empty(Empty::Quiet, &cx.t("web-notices-none-unread"), &cx.t("web-notices-none-unread-text"), &html! {})) }
            @else { (empty(Empty::Quiet, &cx.t("web-notices-none"), &cx.t("web-notices-none-text"), &html! {})) }
        } @else { (days(&found.items, &kinds, &cx)) }
        @if let Some(next) = &found.next {
            @let href = address(PLACE, &[("show", show), ("kind", kind), ("before", next)]);
            div class="notices-more" { (button(cx.t("ui-older")).small().href(&href).attr("hx-get", &href).attr("hx-target", "closest .notices-more").attr("hx-select", "[data-notices] > *").attr("hx-swap", "outerHTML")) }
        }
    };
    let body = html! { (filters) div class="notices" data-notices { (list) } };
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &actions, &body)))
}

/// `GET /-/notifications/bell`: the newest, for the popover.
pub async fn bell(visit: Visit) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let found = visit.company.notices(&visit.actor, &Wanted::default(), FEW).await?;
    let kinds = visit.company.notice_kinds();
    Ok(visit.piece(html! {
        header class="bell-head" {
            span class="strong" { (cx.t("ui-notifications")) }
            @if found.items.iter().any(|t| !t.read) { button class="btn btn-ghost btn-sm" type="button" data-notices-read-all { (cx.t("web-notices-read-all")) } }
        }
        div class="notices notices-few" data-notices {
            @if found.items.is_empty() { p class="listbox-note" { (cx.t("web-notices-none")) } }
            @else { ol class="notices-list" { @for t in &found.items { (line(t, &kinds, true, &cx)) } } }
        }
        footer class="bell-foot" { a href=(PLACE) { (cx.t("web-notices-see-all")) } }
    }))
}

fn days(items: &[Told], kinds: &[engine::NoticeKind], cx: &ViewCx<'_>) -> Markup {
    let mut days: Vec<(kernel::jiff::civil::Date, Vec<&Told>)> = Vec::new();
    for item in items {
        let day = cx.civil(item.at);
        match days.last_mut() {
            Some((d, list)) if *d == day => list.push(item),
            _ => days.push((day, vec![item])),
        }
    }
    html! { @for (day, list) in &days {
        h2 class="timeline-day" { (cx.day_heading(*day)) }
        ol class="notices-list" { @for t in list { (line(t, kinds, false, cx)) } }
    } }
}

fn line(t: &Told, kinds: &[engine::NoticeKind], short: bool, cx: &ViewCx<'_>) -> Markup {
    let drawing = kinds.iter().find(|k| k.key == t.kind).map_or("bell", |k| k.icon);
    let who = t.who.get(cx.lang());
    html! {
        li class="notice" data-notice=(t.id) data-unread[!t.read] {
            span class="notice-mark" {
                @if who.is_empty() { span class="notice-icon" { (icon(drawing)) } } @else { (avatar(who, "sm")) span class="notice-badge" { (icon(drawing)) } }
            }
            a class="notice-text" href=(t.href()) {
                span class="notice-say" { (t.sentence_isolated(cx.locale)) }
                @if !t.text.is_empty() { span class="notice-quote" dir="auto" { (t.text) } }
                time class="muted small" datetime=(t.at) title=(cx.datetime(t.at)) { @if short { (cx.relative(t.at)) } @else { (cx.time(t.at)) } }
            }
            form class="notice-do" method="post" action={ (PLACE) "/read" } {
                input type="hidden" name="id" value=(t.id);
                @if t.read { input type="hidden" name="unread" value="1"; (icon_button("mail", cx.t("web-notices-unread-again")).small().submit()) }
                @else { (icon_button("check", cx.t("web-notices-read")).small().submit()) }
            }
        }
    }
}

/// `POST /-/notifications/seen`: the bell was opened.
pub async fn seen(visit: Visit) -> Reply {
    visit.company.mark_seen(&visit.actor).await?;
    Ok(visit.piece(html! {}))
}

/// `POST /-/notifications/read`: one or several `id`, or `all`; `unread` turns it round.
pub async fn read(visit: Visit, sent: Sent) -> Reply {
    let ids: Vec<Uuid> = sent.all("id").filter_map(|i| i.parse().ok()).collect();
    let all = sent.get("all") == "1";
    visit.company.mark_read(&visit.actor, (!all).then_some(ids.as_slice()), sent.get("unread") != "1").await?;
    if visit.scripted {
        return Ok(visit.piece(html! {}));
    }
    Ok(visit.back(sent.get("back"), PLACE, ""))
}
