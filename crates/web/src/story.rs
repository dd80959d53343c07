//! What happened to a record and to everything that belongs to it: the time line, narrowed, searched, jumped in.

use crate::address::address;
use crate::comments::LOOKUP;
use crate::happening::Telling;
use crate::refusal::{Reply, not_found};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use engine::timeline::{Asked, Timeline};
use engine::Card;
use kernel::{Capability, Choice, Field, Kind, Object, Outcome, Record, Value, Verb, label};
use maud::{Markup, html};
use std::collections::HashMap;
use ui::button::button;
use ui::cx::ViewCx;
use ui::icon::{icon, icon_sm};
use ui::mark::{Empty, Mood, empty, flash};
use ui::timeline::{Composer, composer_with_mark, timeline_under};
use uuid::Uuid;

const PAGE: usize = 25;
/// What narrows a time line, as it stands in the address.
const NARROWING: [&str; 5] = ["kind", "by", "channel", "direction", "words"];

/// The time line block of a record page, as the address asks for it.
///
/// # Errors
/// The database.
pub async fn block(visit: &Visit, object: &Object, record: &Record, warn: Option<&str>, cx: &ViewCx<'_>) -> Outcome<Markup> {
    if !object.can(Capability::Timeline) {
        return Ok(html! {});
    }
    let here = Here { visit, place: format!("/{}/{}", object.key, record.id) };
    let day: Option<kernel::jiff::civil::Date> = visit.param("day").parse().ok();
    let jumped = day.and_then(|d| d.tomorrow().ok()).and_then(|d| d.to_zoned(visit.ctx().zone).ok()).map(|z| z.timestamp().to_string());
    let list = |name: &str| visit.param(name).split(',').filter(|k| !k.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let asked = Asked {
        kinds: list("kind"),
        people: list("by").iter().filter_map(|p| if p == "me" { Some(visit.actor.id) } else { p.parse().ok() }).collect(),
        channels: list("channel"),
        directions: list("direction"),
        words: visit.param("words").to_owned(),
        before: Some(visit.param("before").to_owned()).filter(|b| !b.is_empty()).or(jumped),
    };
    let line = visit.company.timeline_of(&visit.actor, &object.key, record.id, &asked, PAGE).await?;
    let titles = Shown::of(&line.titles, visit.actor.lang());
    let own = visit.cx(&titles);
    let cards = cards(visit, &line).await?;
    let items = Telling { visit, object, record, line: &line, cards: &cards, cx: &own }.all();
    let last = line.entries.last().map(|e| cx.civil(e.at).to_string()).unwrap_or_default();
    let older = line.next.as_ref().map(|c| here.with(&[("before", c), ("under", &last)]));
    let under = visit.param("under").parse().ok();
    let narrowed = NARROWING.iter().any(|n| !visit.param(n).is_empty());
    let first = asked.before.is_none();
    let composer = composer(visit, object, &here, first && !narrowed, cx);
    let nothing = if narrowed || day.is_some() { ("web-story-none", "web-story-none-text") } else { ("ui-timeline-empty", "web-story-empty-text") };
    let body = html! {
        @if let Some(warn) = warn { (flash(Mood::Warn, &html! { (warn) })) }
        (quick(visit, object, record, cx))
        (composer)
        div id="story-line" data-part {
            (chips(visit, object, &here, &own, day))
            @if items.is_empty() && older.is_none() { (empty(Empty::Quiet, &cx.t(nothing.0), &cx.t(nothing.1), &html! {})) }
            @else { (timeline_under(&items, older.as_deref(), under, cx)) }
            @if let Some(at) = line.searched { p class="muted small" { (cx.tf("web-story-searched", &[("day", cx.date(cx.civil(at)).into())])) } }
        }
    };
    let controls = html! { (kinds_filter(visit, object, &here, cx)) (narrow(visit, object, &line, &here, &own)) (jump(visit, &here, cx)) };
    Ok(html! { div id="story" { (ui::record::padded_block(&cx.t("web-timeline"), None, &controls, &body)) } })
}

/// The addresses of one time line: the record page with what narrows it.
struct Here<'a> {
    visit: &'a Visit,
    place: String,
}

impl Here<'_> {
    /// The address with some parts changed; an empty value takes a part out. Where one is in time stays only when said.
    fn with(&self, parts: &[(&str, &str)]) -> String {
        let mut all: Vec<(&str, &str)> = Vec::new();
        for name in NARROWING.iter().chain(&["day"]) {
            let value = parts.iter().find(|(n, _)| n == name).map_or_else(|| self.visit.param(name), |(_, v)| v);
            all.push((name, value));
        }
        all.extend(parts.iter().filter(|(n, _)| !NARROWING.contains(n) && *n != "day"));
        address(&self.place, &all)
    }

    fn link(&self, href: &str, current: bool, inside: &Markup) -> Markup {
        html! { a href=(href) aria-current=[current.then_some("true")] hx-get=(href) hx-target="#story" hx-select="#story" hx-swap="outerHTML" hx-push-url="true" { (inside) } }
    }
}

/// As the modules draw the records of this page.
async fn cards(visit: &Visit, line: &Timeline) -> Outcome<HashMap<Uuid, Card>> {
    let mut cards = HashMap::new();
    for card in visit.company.modules().iter().flat_map(|m| &m.cards) {
        let came = |r: &&Record| r.object == card.object && line.entries.iter().any(|e| e.record_id == r.id && e.kind == "created");
        let records: Vec<Record> = line.records.values().filter(came).cloned().collect();
        if !records.is_empty() {
            for (id, card) in (card.render)(crate::pages::page_cx(visit), records).await? {
                let before: Card = cards.remove(&id).unwrap_or_default();
                cards.insert(id, card.over(before));
            }
        }
    }
    Ok(cards)
}

fn composer(visit: &Visit, object: &Object, here: &Here<'_>, wanted: bool, cx: &ViewCx<'_>) -> Markup {
    if !wanted || !object.can(Capability::Comments) {
        return html! {};
    }
    let action = format!("{}/comments", here.place);
    let c = Composer { action: &action, lookup: LOOKUP, target: "#story", parent: None, text: "", said: &[], files: true, send: "ui-comment", placeholder: "ui-write-comment" };
    composer_with_mark(visit.actor.name.get(cx.lang()), &c, cx)
}

/// What modules offer to do here, e.g. log a call.
fn quick(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Markup {
    let offers: Vec<(String, &str, String)> = visit
        .company
        .modules()
        .iter()
        .flat_map(|m| &m.quick)
        .filter(|q| q.object == object.key)
        .filter_map(|q| Some((cx.label(&q.label).to_owned(), q.icon, (q.href)(&visit.actor, &visit.registry, record)?)))
        .collect();
    html! { @if !offers.is_empty() { div class="story-quick" { @for (label, drawing, href) in offers { (button(label).icon(drawing).small().href(href)) } } } }
}

/// Links that narrow the time line: comments, changes, files, and each object whose records appear on it.
fn kinds_filter(visit: &Visit, object: &Object, here: &Here<'_>, cx: &ViewCx<'_>) -> Markup {
    let mut items = vec![(cx.t("all"), String::new())];
    if object.can(Capability::Comments) {
        items.push((cx.t("web-kind-comments"), "comment".into()));
    }
    if object.can(Capability::Files) {
        items.push((cx.t("web-files"), "file".into()));
    }
    items.push((cx.t("web-kind-changes"), "updated".into()));
    for child in on_it(visit, object).filter(|o| o.key != object.key) {
        if !items.iter().any(|(_, k)| *k == child.key) {
            items.push((cx.label(&child.plural).to_owned(), child.key.clone()));
        }
    }
    let now = visit.param("kind");
    html! { span class="segment segment-links" role="group" aria-label=(cx.t("filter")) {
        @for (label, key) in &items { (here.link(&here.with(&[("kind", key)]), now == key, &html! { (label) })) }
    } }
}

/// The objects on this time line that the reader may see.
fn on_it<'a>(visit: &'a Visit, object: &'a Object) -> impl Iterator<Item = &'a Object> {
    let children = visit.registry.children(&object.key).filter(|(_, via)| via.timeline).map(|(c, _)| c.as_ref());
    std::iter::once(object).chain(children).filter(|o| visit.actor.may(o, &Verb::Read))
}

/// The options of a choice field that the records on the line have.
fn options(visit: &Visit, object: &Object, field: &str) -> Vec<Choice> {
    let mut all: Vec<Choice> = Vec::new();
    for o in on_it(visit, object) {
        for c in o.get(field).filter(|f| matches!(f.kind, Kind::Choice { .. }) && visit.actor.sees(&o.key, &f.key)).map(|f| f.kind.options()).unwrap_or_default() {
            if !all.iter().any(|known| known.key == c.key) {
                all.push(c.clone());
            }
        }
    }
    all
}

/// Words, person, channel, direction.
fn narrow(visit: &Visit, object: &Object, line: &Timeline, here: &Here<'_>, cx: &ViewCx<'_>) -> Markup {
    let by = visit.param("by");
    let mut people: Vec<(String, String)> = vec![("me".into(), cx.t("web-me"))];
    for id in line.entries.iter().filter_map(|e| e.actor) {
        let name = cx.title_of(id);
        if id != visit.actor.id && !name.is_empty() && !people.iter().any(|(i, _)| *i == id.to_string()) {
            people.push((id.to_string(), name.to_owned()));
        }
    }
    if !by.is_empty() && !people.iter().any(|(i, _)| i == by) {
        people.push((by.to_owned(), cx.t("web-story-chosen")));
    }
    let select = |name: &str, word: &str, options: &[(String, String)]| html! {
        label class="pair-label" { span { (cx.t(word)) } select class="select select-sm" name=(name) {
            option value="" { (cx.t("all")) }
            @for (key, shown) in options { option value=(key) selected[visit.param(name) == key] { (shown) } }
        } }
    };
    let named = |field: &str| options(visit, object, field).iter().map(|c| (c.key.clone(), cx.label(&c.label).to_owned())).collect::<Vec<_>>();
    let (channels, directions) = (named("channel"), named("direction"));
    html! {
        button class="btn btn-ghost btn-sm" type="button" popovertarget="story-narrow" { (icon("list-filter")) (cx.t("filter")) }
        div class="popover popover-end story-narrow" id="story-narrow" popover {
            form class="stack" method="get" action=(here.place) hx-get=(here.place) hx-target="#story" hx-select="#story" hx-swap="outerHTML" hx-push-url="true" {
                @for name in ["kind", "day"] { @if !visit.param(name).is_empty() { input type="hidden" name=(name) value=(visit.param(name)); } }
                label class="pair-label" { span { (cx.t("web-story-words")) } input class="input input-sm" type="search" name="words" dir="auto" value=(visit.param("words")); }
                (select("by", "web-story-by", &people))
                @if !channels.is_empty() { (select("channel", "web-story-channel", &channels)) }
                @if !directions.is_empty() { (select("direction", "web-story-direction", &directions)) }
                div { (button(cx.t("apply")).primary().small().submit()) }
            }
        }
    }
}

/// Months with how much happened in them (fetched when opened), and a day of either calendar.
fn jump(visit: &Visit, here: &Here<'_>, cx: &ViewCx<'_>) -> Markup {
    let field = Field::new("day", Kind::Date, label("اليوم", "Day"));
    let value = visit.param("day").parse().map_or(Value::Null, Value::Date);
    let months = address(&format!("{}/months", here.place), &NARROWING.map(|n| (n, visit.param(n))));
    html! {
        button class="btn btn-ghost btn-sm" type="button" popovertarget="story-jump" { (icon("calendar")) (cx.t("web-story-jump")) }
        div class="popover popover-end story-jump" id="story-jump" popover {
            form class="cluster" method="get" action=(here.place) hx-get=(here.place) hx-target="#story" hx-select="#story" hx-swap="outerHTML" hx-push-url="true" {
                @for name in NARROWING { @if !visit.param(name).is_empty() { input type="hidden" name=(name) value=(visit.param(name)); } }
                div class="grow" { (ui::input::input(&field, &value, None, cx)) }
                (button(cx.t("web-story-go")).small().submit())
            }
            div hx-get=(months) hx-trigger="intersect once" hx-swap="outerHTML" hx-target="this" { a href=(months) { (cx.t("web-story-months")) } }
        }
    }
}

/// What narrows the line now, each to be taken off.
fn chips(visit: &Visit, object: &Object, here: &Here<'_>, cx: &ViewCx<'_>, day: Option<kernel::jiff::civil::Date>) -> Markup {
    let mut all: Vec<(String, String, String)> = Vec::new();
    let mut add = |name: &str, word: &str, shown: String| all.push((cx.t(word), shown, here.with(&[(name, "")])));
    let words = visit.param("words");
    if !words.is_empty() {
        add("words", "web-story-words", words.to_owned());
    }
    let by = visit.param("by");
    if !by.is_empty() {
        let name = by.parse::<Uuid>().map(|id| cx.title_of(id)).unwrap_or_default();
        add("by", "web-story-by", if by == "me" { cx.t("web-me") } else if name.is_empty() { cx.t("web-story-chosen") } else { name.to_owned() });
    }
    for (field, word) in [("channel", "web-story-channel"), ("direction", "web-story-direction")] {
        let value = visit.param(field);
        if !value.is_empty() {
            let shown = options(visit, object, field).iter().find(|c| c.key == value).map_or_else(|| value.to_owned(), |c| cx.label(&c.label).to_owned());
            add(field, word, shown);
        }
    }
    if let Some(day) = day {
        add("day", "web-story-until", cx.date(day));
    }
    html! { @if !all.is_empty() { div class="cluster story-chips" { @for (word, shown, href) in &all {
        span class="filter-chip" { span { (word) } span class="filter-value" { bdi { (shown) } }
            a class="filter-drop" href=(href) hx-get=(href) hx-target="#story" hx-select="#story" hx-swap="outerHTML" hx-push-url="true" aria-label={ (cx.t("ui-remove")) " " (word) } { (icon_sm("x")) } }
    } } } }
}

/// The block alone, after something was done in it.
///
/// # Errors
/// Not found; the database.
pub async fn piece(visit: &Visit, key: &str, id: Uuid, warn: Option<&str>) -> Reply {
    let object = visit.object(key)?;
    let record = visit.company.get(&visit.actor, key, id).await?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let story = block(visit, &object, &record, warn, &cx).await?;
    if visit.scripted {
        return Ok(visit.piece(story));
    }
    let title = crate::list::title(&object, &record, cx.lang());
    let back = ui::shell::back_button(&cx, &format!("/{key}/{id}"));
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! { (back) }, &story)))
}

/// `GET /{object}/{id}/months`: how much happened when.
pub async fn months(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let months = visit.company.timeline_months(&visit.actor, &key, id).await?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let here = Here { visit: &visit, place: format!("/{key}/{id}") };
    let most = months.iter().filter_map(|m| m.n).max().unwrap_or(1).max(1);
    let body = html! {
        ol class="months" {
            @for m in &months {
                @let href = here.with(&[("day", &m.last.to_string())]);
                li { a href=(href) hx-get=(href) hx-target="#story" hx-select="#story" hx-swap="outerHTML" hx-push-url="true" {
                    span { (cx.month(m.first)) }
                    @if let Some(n) = m.n { span class="months-bar" aria-hidden="true" { span style={ "inline-size:" (100 * n / most) "%" } {} } span class="months-n" { (cx.num(n)) } }
                    @else { span class="months-bar" {} span class="months-n muted" { "…" } }
                } }
            }
        }
        @if months.is_empty() { p class="listbox-note" { (cx.t("ui-timeline-empty")) } }
    };
    if visit.scripted {
        return Ok(visit.piece(body));
    }
    let title = cx.t("web-story-months");
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! { (ui::shell::back_button(&cx, &here.place)) }, &body)))
}
