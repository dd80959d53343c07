//! The copy of a person's data as something to read and print.

use crate::view::view;
use engine::{Answer, Company, PageCx};
use futures::future::BoxFuture;
use kernel::jiff::Timestamp;
use kernel::{Field, Kind, Name, Object, Outcome, Record, Registry, Value};
use maud::{Markup, html};
use serde_json::Value as Json;
use std::sync::Arc;
use ui::cx::{Titles, ViewCx};
use uuid::Uuid;

/// `GET /privacy/document?request=ID`: for the officer.
pub(crate) fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = page.param("request").parse().map_err(|_| kernel::Fault::not_found())?;
        let request = page.company.get(&page.actor, "privacy_request", id).await?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let body = match stored(&page.company, &request).await? {
            Some(data) => document(&cx, &page.company, &data),
            None => ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("privacy-no-copy"), "", &html! {}),
        };
        let title = request.get("number").text().unwrap_or_default();
        let back = ui::shell::back_button(&cx, &cx.record_url("privacy_request", id));
        Ok(ui::shell::simple_page(title, "", &back, &body).into_string().into())
    })
}

/// The newest copy on a request.
///
/// # Errors
/// The database, the disk.
pub async fn stored(company: &Company, request: &Record) -> Outcome<Option<Json>> {
    let system = company.system();
    let name = crate::export::file_name(request);
    let files = company.files(&system, "privacy_request", request.id).await?;
    let Some(file) = files.into_iter().find(|f| f.file.name == name) else { return Ok(None) };
    let (_, bytes) = company.file(&system, "privacy_request", request.id, file.file.id).await?;
    Ok(serde_json::from_slice(&bytes).ok())
}

/// The whole document: who, then everything by kind of record.
pub fn document(cx: &ViewCx<'_>, company: &Company, data: &Json) -> Markup {
    let registry = company.registry();
    let lang = cx.lang();
    let made = data.pointer("/about/made_at").and_then(Json::as_str).and_then(|t| t.parse().ok());
    let by = data.pointer(&format!("/about/company/{lang}")).and_then(Json::as_str).unwrap_or_default();
    html! {
        article class="pv-document" {
            header {
                h1 { (cx.t("privacy-document")) }
                p class="soft" { @if !by.is_empty() { bdi { (by) } " · " } @if let Some(at) = made { (cx.datetime(at)) } }
            }
            @if let (Some(object), Some(person)) = (registry.find("party"), data.get("person")) {
                section class="pv-person" { (entry(cx, &registry, object, person, true)) }
            }
            @if let Some(records) = data.get("records").and_then(Json::as_object) {
                @for (key, list) in records {
                    @if let (Some(object), Some(list)) = (registry.find(key), list.as_array()) {
                        section {
                            h2 { (cx.label(&object.plural)) " " (ui::mark::count(&cx.num(list.len() as i64))) }
                            @for one in list { (entry(cx, &registry, object, one, false)) }
                        }
                    }
                }
            }
        }
    }
}

fn entry(cx: &ViewCx<'_>, registry: &Registry, object: &Arc<Object>, one: &Json, whole: bool) -> Markup {
    let values = one.get("values");
    let value = |f: &Field| values.and_then(|v| v.get(&f.key));
    let lists: [(&str, &str); 3] = [("comments", "body"), ("files", "name"), ("external_ids", "key")];
    let title = object.title_field().and_then(value).map(|v| named(v, cx.lang())).unwrap_or_default();
    let when = |v: &Json| v.get("at").and_then(Json::as_str).and_then(|t| t.parse().ok()).map(|t| cx.datetime(t)).unwrap_or_default();
    html! {
        div class="pv-entry" {
            @if !title.is_empty() { h3 { bdi { (title) } } }
            dl class="facts" {
                @for f in object.fields.iter().filter(|f| f.key != object.title || whole) {
                    @if let Some(v) = value(f) { div class="fact" { dt { (cx.label(&f.label)) } dd { (shown(cx, registry, f, v)) } } }
                }
            }
            @for (key, part) in lists {
                @if let Some(list) = one.get(key).and_then(Json::as_array) {
                    h4 { (cx.t(match key { "comments" => "privacy-doc-comments", "files" => "privacy-doc-files", _ => "privacy-doc-external" })) }
                    ul { @for item in list { li { bdi { (item.get(part).and_then(Json::as_str).unwrap_or_default()) } " " span class="muted small" { (when(item)) } } } }
                }
            }
            @if let Some(list) = one.get("reads").and_then(Json::as_array).filter(|l| whole && !l.is_empty()) { (readers(cx, list)) }
            @if let Some(list) = one.get("history").and_then(Json::as_array).filter(|_| whole) {
                p class="muted small" { (cx.tf("privacy-doc-changes", &[("count", list.len().into())])) }
            }
        }
    }
}

/// Which roles have looked, how often, and when the last time.
fn readers(cx: &ViewCx<'_>, list: &[Json]) -> Markup {
    let mut by_role: Vec<(String, i64, Option<Timestamp>)> = Vec::new();
    for read in list {
        let names = read.get("roles").and_then(Json::as_array).into_iter().flatten().filter_map(|r| r.get(cx.lang()).and_then(Json::as_str));
        let names = names.collect::<Vec<_>>().join(cx.locale.pick("، ", ", "));
        let role = if names.is_empty() { cx.t("privacy-doc-reads-former") } else { names };
        let at = read.get("at").and_then(Json::as_str).and_then(|t| t.parse().ok());
        match by_role.iter_mut().find(|(r, ..)| *r == role) {
            // The latest comes first.
            Some((_, count, _)) => *count += 1,
            None => by_role.push((role, 1, at)),
        }
    }
    html! {
        h4 { (cx.t("privacy-doc-reads")) }
        ul { @for (role, count, at) in &by_role { li {
            bdi { (role) } " " span class="muted small" { (cx.tf("privacy-doc-reads-times", &[("count", (*count).into()), ("last", at.map(|t| cx.datetime(t)).unwrap_or_default().into())])) }
        } } }
    }
}

/// The title of a name or text in JSON.
fn named(v: &Json, lang: &str) -> String {
    match v {
        Json::String(t) => t.clone(),
        other => {
            let part = |key: &str| other.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            Name::new(part("ar"), part("latin")).get(lang).to_owned()
        }
    }
}

fn shown(cx: &ViewCx<'_>, _: &Registry, f: &Field, v: &Json) -> Markup {
    let reference = |v: &Json| v.pointer(&format!("/title/{}", cx.lang())).and_then(Json::as_str).unwrap_or("—").to_owned();
    match (&f.kind, v) {
        (Kind::Ref { .. }, v) => html! { bdi { (reference(v)) } },
        (Kind::Refs { .. }, Json::Array(list)) => html! { bdi { (list.iter().map(reference).collect::<Vec<_>>().join(cx.locale.pick("، ", ", "))) } },
        (kind, v) => {
            let value = kernel::parse::from_json(kind.stored(), v, &kernel::parse::Ctx::default()).unwrap_or(Value::Null);
            if value.is_null() { html! { bdi { (v.to_string()) } } } else { html! { bdi { (ui::cell::plain(kind.stored(), &value, cx)) } } }
        }
    }
}
