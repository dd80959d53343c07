//! What happened to a record: the time line with comments, and the history of its changes.

use crate::address::address;
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use engine::timeline::{Entry, Timeline};
use kernel::{Capability, Fault, Field, Object, Outcome, Record, Value, Verb, parse};
use maud::{Markup, PreEscaped, Render, html};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use ui::button::icon_button;
use ui::cx::ViewCx;
use ui::timeline::{Happening, comment_body, diff, timeline};
use uuid::Uuid;

const PAGE: usize = 25;

/// The time line block of a record page.
///
/// # Errors
/// The database.
pub async fn block(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    if !object.can(Capability::Timeline) {
        return Ok(html! {});
    }
    let here = format!("/{}/{}", object.key, record.id);
    let kind = visit.param("kind");
    let kinds: Vec<String> = kind.split(',').filter(|k| !k.is_empty()).map(str::to_owned).collect();
    let before = Some(visit.param("before")).filter(|b| !b.is_empty());
    let line = visit.company.timeline(&visit.actor, &object.key, record.id, &kinds, before, PAGE).await?;
    let titles = Shown::of(&line.titles, visit.actor.lang());
    let own = visit.cx(&titles);
    let told = told(visit, record, &line).await?;
    let items: Vec<Happening> = line.entries.iter().filter_map(|e| happening(visit, object, record, e, &line, &told, &own)).collect();
    let older = line.next.as_ref().map(|c| address(&here, &[("kind", kind), ("before", c)]));
    let composer = html! { @if object.can(Capability::Comments) && before.is_none() { (ui::timeline::composer(&format!("{here}/comments"), visit.actor.name.get(cx.lang()), "#story", cx)) } };
    let body = html! { (composer) (timeline(&items, older.as_deref(), cx)) };
    Ok(html! { div id="story" { (ui::record::padded_block(&cx.t("web-timeline"), None, &kinds_filter(visit, object, &here, kind, cx), &body)) } })
}

/// What modules tell of the records that came to belong to this one.
async fn told(visit: &Visit, record: &Record, line: &Timeline) -> Outcome<HashMap<Uuid, String>> {
    let mut told = HashMap::new();
    for teller in visit.company.modules().iter().flat_map(|m| &m.tellers) {
        let about = line.entries.iter().filter(|e| e.object == teller.object && e.kind == "created" && e.record_id != record.id);
        let ids: Vec<Uuid> = about.map(|e| e.record_id).collect();
        if !ids.is_empty() {
            told.extend((teller.tell)(crate::pages::page_cx(visit), ids).await?);
        }
    }
    Ok(told)
}

/// Links that narrow the time line: comments, changes, files, and each object whose records appear on it.
fn kinds_filter(visit: &Visit, object: &Object, here: &str, now: &str, cx: &ViewCx<'_>) -> Markup {
    let mut items = vec![(cx.t("all"), String::new())];
    if object.can(Capability::Comments) {
        items.push((cx.t("web-kind-comments"), "comment".into()));
    }
    if object.can(Capability::Files) {
        items.push((cx.t("web-files"), "file".into()));
    }
    items.push((cx.t("web-kind-changes"), "updated".into()));
    for (child, _) in visit.registry.children(&object.key).filter(|(c, via)| via.timeline && visit.actor.may(c, &Verb::Read)) {
        if !items.iter().any(|(_, k)| *k == child.key) {
            items.push((cx.label(&child.plural).to_owned(), child.key.clone()));
        }
    }
    html! { span class="segment segment-links" role="group" aria-label=(cx.t("filter")) {
        @for (label, key) in &items {
            @let href = address(here, &[("kind", key)]);
            a href=(href) aria-current=[(now == key).then_some("true")] hx-get=(href) hx-target="#story" hx-select="#story" hx-swap="outerHTML" { (label) }
        }
    } }
}

fn happening(visit: &Visit, object: &Object, record: &Record, e: &Entry, line: &Timeline, told: &HashMap<Uuid, String>, cx: &ViewCx<'_>) -> Option<Happening> {
    let about = line.records.get(&e.record_id)?;
    let declared = visit.registry.find(&e.object)?;
    let who = e.actor.map(|id| cx.title_of(id).to_owned()).filter(|n| !n.is_empty());
    let who = who.unwrap_or_else(|| cx.t("web-system"));
    let own = e.record_id == record.id;
    let link = html! { a href=(cx.record_url(&e.object, e.record_id)) { bdi { (crate::list::title(declared, about, cx.lang())) } } };
    let who = html! { bdi class="strong" { (who) } };
    let sep = " · ";
    let (icon, hue, sentence, detail) = match e.kind.as_str() {
        "comment" => {
            let body = e.data.get("body").and_then(Json::as_str).unwrap_or_default();
            let id = e.data.get("comment").and_then(Json::as_str).unwrap_or_default();
            let mine = e.actor == Some(visit.actor.id) || visit.actor.must_administer().is_ok();
            let detail = html! {
                (comment_body(body))
                @if mine { form method="post" action={ "/" (object.key) "/" (record.id) "/comments/" (id) "/delete" } data-confirm=(cx.t("web-comment-delete-ask")) { (icon_button("trash-2", cx.t("delete")).small().submit().render()) } }
            };
            ("message-square", "amber", html! { (who) " " (cx.t("web-did-comment")) }, Some(detail))
        }
        "file" => {
            let name = e.data.get("name").and_then(Json::as_str).unwrap_or_default();
            let id = e.data.get("file").and_then(Json::as_str).and_then(|i| i.parse::<Uuid>().ok());
            let file = html! { @if let Some(id) = id { a href=(cx.file_url(id)) { bdi { (name) } } } @else { bdi { (name) } } };
            ("paperclip", "grey", html! { (who) " " (cx.t("web-did-file")) " " (file) }, None)
        }
        "created" if own => (declared.icon.as_str(), "teal", html! { (who) " " (cx.t("web-did-create")) }, None),
        "created" => {
            let small = subtitle(visit, declared, about, cx);
            (declared.icon.as_str(), "teal", html! { (cx.label(&declared.label)) " " (link) @if !small.0.is_empty() { (sep) (small) } }, told.get(&e.record_id).map(|t| PreEscaped(t.clone())))
        }
        "updated" => {
            let changes = changes(visit, declared, &e.data);
            if changes.is_empty() {
                return None;
            }
            let refs: Vec<(&Field, Value, Value)> = changes.iter().map(|(f, a, b)| (f, a.clone(), b.clone())).collect();
            let sentence = html! { (who) " " (cx.t("web-did-change")) @if !own { " " (link) } };
            ("pencil", "grey", sentence, Some(diff(&refs, cx)))
        }
        "deleted" => ("trash-2", "red", html! { (who) " " (cx.t("web-did-delete")) @if !own { " " (link) } }, None),
        "restored" => ("rotate-ccw", "green", html! { (who) " " (cx.t("web-did-restore")) @if !own { " " (link) } }, None),
        other => {
            let verb = other.rsplit('.').next().unwrap_or(other);
            let key = format!("{}-{}", declared.module, other.replace(['.', '_'], "-"));
            let action = visit.company.actions(&e.object).find(|a| other.ends_with(a.key) || a.key.starts_with(verb) || verb.starts_with(a.key));
            let words = if text::i18n::has(&key) { cx.t(&key) } else { action.map_or_else(|| other.to_owned(), |a| cx.label(&a.label).to_owned()) };
            (action.map_or("zap", |a| a.icon), "blue", html! { (who) (sep) (words) @if !own { " " (link) } }, None)
        }
    };
    Some(Happening { at: e.at, icon: icon.to_owned(), hue, line: sentence, detail })
}

/// The first filled list fields of a record beside its title.
fn subtitle(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Markup {
    let fields: Vec<(String, Value)> = engine::search::subtitle(object, record);
    html! { @for (i, (key, value)) in fields.iter().enumerate() {
        @if let Some(f) = object.get(key).filter(|f| visit.actor.sees(&object.key, &f.key)) { @if i > 0 { " · " } (ui::cell::cell(f, value, cx)) }
    } }
}

/// Changed fields with their values before and after, those the reader may see.
fn changes(visit: &Visit, object: &Object, data: &Json) -> Vec<(Field, Value, Value)> {
    let Json::Object(map) = data else { return Vec::new() };
    let ctx = visit.ctx();
    map.iter()
        .filter_map(|(key, pair)| {
            let f = object.get(key).filter(|f| visit.actor.sees(&object.key, &f.key))?;
            let at = |i: usize| parse::from_json(f.kind.stored(), pair.get(i).unwrap_or(&Json::Null), &ctx).unwrap_or_default();
            Some((f.clone(), at(0), at(1)))
        })
        .collect()
}

/// The tab with every change, before and after.
///
/// # Errors
/// The database.
pub async fn history(visit: &Visit, object: &Object, record: &Record) -> Outcome<Markup> {
    let entries = visit.company.history(&visit.actor, &object.key, record.id, 100).await?;
    let all: Vec<(usize, Vec<(Field, Value, Value)>)> = entries.iter().enumerate().map(|(i, e)| (i, changes(visit, object, &e.changes))).collect();
    let mut sides = Vec::new();
    let mut people: BTreeMap<String, std::collections::BTreeSet<Uuid>> = BTreeMap::new();
    people.insert("user".into(), entries.iter().filter_map(|e| e.actor).collect());
    for (_, list) in &all {
        for (f, a, b) in list {
            for v in [a, b] {
                sides.push(Record::new(object.key.clone(), record.id).with(f.key.clone(), v.clone()));
            }
        }
    }
    let mut conn = visit.company.db().read().await?;
    let mut titles = visit.company.titles_of(&mut conn, &visit.actor, &sides).await?;
    titles.extend(visit.company.titles(&mut conn, &visit.actor, &people).await?);
    drop(conn);
    let titles = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    let items: Vec<Happening> = entries
        .iter()
        .zip(&all)
        .map(|(e, (_, list))| {
            let who = e.actor.map(|id| cx.title_of(id).to_owned()).filter(|n| !n.is_empty()).unwrap_or_else(|| cx.t("web-system"));
            let (icon, hue, word) = match e.verb.as_str() {
                "created" => ("plus", "teal", "web-did-create"),
                "deleted" => ("trash-2", "red", "web-did-delete"),
                "restored" => ("rotate-ccw", "green", "web-did-restore"),
                "purged" => ("trash-2", "red", "web-did-purge"),
                _ => ("pencil", "grey", "web-did-change"),
            };
            let refs: Vec<(&Field, Value, Value)> = list.iter().map(|(f, a, b)| (f, a.clone(), b.clone())).collect();
            let line = html! {
                bdi class="strong" { (who) } " " (cx.t(word))
                " " span class="muted small" { (cx.tf("web-revision", &[("n", cx.num(e.rev).into())])) @if !e.cause.is_empty() { " · " span class="ltr" { (e.cause) } } }
            };
            Happening { at: e.at, icon: icon.into(), hue, line, detail: (!refs.is_empty()).then(|| diff(&refs, &cx)) }
        })
        .collect();
    Ok(ui::record::padded_block(&cx.t("web-tab-history"), None, &html! {}, &timeline(&items, None, &cx)))
}

/// `POST /{object}/{id}/comments`
pub async fn comment(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit.company.comment(&visit.actor, &key, id, sent.get("body")).await?;
    if !visit.scripted {
        return Ok(visit.go(&format!("/{key}/{id}#story"), ""));
    }
    let record = visit.company.get(&visit.actor, &key, id).await?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    Ok(visit.piece(block(&visit, &object, &record, &cx).await?))
}

/// `POST /{object}/{id}/comments/{comment}/delete`
pub async fn delete_comment(visit: Visit, Path((key, id, comment)): Path<(String, String, String)>) -> Reply {
    let (id, comment): (Uuid, Uuid) = id.parse().and_then(|i| Ok((i, comment.parse()?))).map_err(|_: uuid::Error| Fault::not_found())?;
    visit.company.delete_comment(&visit.actor, &key, id, comment).await?;
    Ok(visit.go(&format!("/{key}/{id}#story"), "web-said-deleted"))
}
