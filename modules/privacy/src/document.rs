//! The copy of a person's data as something to read: a page, and the file to print.

use crate::told::{Entry, Told};
use crate::view::view;
use engine::{Answer, Company, PageCx};
use futures::future::BoxFuture;
use kernel::{Fault, Outcome, Record};
use maud::{Markup, html};
use serde_json::Value as Json;
use ui::cx::{Titles, ViewCx};
use uuid::Uuid;

/// `GET /privacy/document?request=ID`: for the officer; `&file=pdf` and `&file=json` are the files.
pub(crate) fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = page.param("request").parse().map_err(|_| Fault::not_found())?;
        let request = page.company.get(&page.actor, "privacy_request", id).await?;
        if !page.param("file").is_empty() {
            return file(&page.company, &request, page.param("file")).await?.ok_or_else(Fault::not_found);
        }
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let here = format!("/privacy/document?request={id}");
        let body = match stored(&page.company, &request).await? {
            Some(data) => html! {
                (files(&cx, &page.company, &request, &here).await?)
                (document(&cx, &page.company, &data))
            },
            None => ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("privacy-no-copy"), "", &html! {}),
        };
        let title = request.get("number").text().unwrap_or_default();
        let back = ui::shell::back_button(&cx, &cx.record_url("privacy_request", id));
        Ok(ui::shell::simple_page(title, "", &back, &body).into_string().into())
    })
}

/// What can be taken along; requests that were answered before there was a PDF have only the other file.
pub(crate) async fn files(cx: &ViewCx<'_>, company: &Company, request: &Record, here: &str) -> Outcome<Markup> {
    let printed = kept(company, request, "pdf").await?.is_some();
    let button = |key: &str, file: &str| maud::Render::render(&ui::button(cx.t(key)).icon("download").href(format!("{here}&file={file}")).attr("download", ""));
    Ok(html! {
        div class="pv-actions" {
            @if printed { (button("privacy-download-pdf", "pdf")) }
            (button("privacy-download-copy", "json"))
        }
    })
}

/// One of the two files of a request, as it was made.
///
/// # Errors
/// The database, the disk.
pub(crate) async fn file(company: &Company, request: &Record, which: &str) -> Outcome<Option<Answer>> {
    let (ending, media) = match which {
        "json" => ("json", "application/json"),
        "pdf" => ("pdf", "application/pdf"),
        _ => return Ok(None),
    };
    let name = crate::export::file_name(request, ending);
    Ok(bytes(company, request, ending).await?.map(|bytes| Answer::File { name, media: media.into(), bytes }))
}

/// The file of the newest copy; a PDF of an earlier copy does not stand for the newest.
async fn kept(company: &Company, request: &Record, ending: &str) -> Outcome<Option<Uuid>> {
    let files = company.files(&company.system(), "privacy_request", request.id).await?;
    let newest = |ending: &str| {
        let name = crate::export::file_name(request, ending);
        files.iter().find(|f| f.file.name == name)
    };
    let made = newest("json").map(|f| f.at);
    Ok(newest(ending).filter(|f| Some(f.at) >= made).map(|f| f.file.id))
}

async fn bytes(company: &Company, request: &Record, ending: &str) -> Outcome<Option<Vec<u8>>> {
    let Some(id) = kept(company, request, ending).await? else { return Ok(None) };
    Ok(Some(company.file(&company.system(), "privacy_request", request.id, id).await?.1))
}

/// The newest copy on a request.
///
/// # Errors
/// The database, the disk.
pub async fn stored(company: &Company, request: &Record) -> Outcome<Option<Json>> {
    let bytes = bytes(company, request, "json").await?;
    Ok(bytes.and_then(|b| serde_json::from_slice(&b).ok()))
}

/// The newest copy on a request as a PDF.
///
/// # Errors
/// The database, the disk.
pub async fn printed(company: &Company, request: &Record) -> Outcome<Option<Vec<u8>>> {
    bytes(company, request, "pdf").await
}

/// The whole document: who, then everything by kind of record.
pub fn document(cx: &ViewCx<'_>, company: &Company, data: &Json) -> Markup {
    let told = Told::of(cx, &company.registry(), data);
    html! {
        article class="pv-document" {
            header {
                h1 { (cx.t("privacy-document")) }
                p class="soft" { @if !told.by.is_empty() { bdi { (told.by) } " · " } @if let Some(at) = told.made { (cx.datetime(at)) } }
            }
            @if let Some(person) = &told.person { section class="pv-person" { (entry(cx, person)) } }
            @for part in &told.parts {
                section {
                    h2 { (cx.label(&part.label)) " " (ui::mark::count(&cx.num(part.entries.len() as i64))) }
                    @for one in &part.entries { (entry(cx, one)) }
                }
            }
        }
    }
}

fn entry(cx: &ViewCx<'_>, one: &Entry) -> Markup {
    html! {
        div class="pv-entry" {
            @if !one.title.is_empty() { h3 { bdi { (one.title) } } }
            dl class="facts" {
                @for (label, value) in &one.facts { div class="fact" { dt { (cx.label(label)) } dd { bdi { (value.plain(cx)) } } } }
            }
            @for (heading, lines) in &one.lists {
                h4 { (heading) }
                ul { @for (words, beside) in lines { li { bdi { (words) } " " span class="muted small" { (beside) } } } }
            }
            @if let Some(count) = one.changes { p class="muted small" { (cx.tf("privacy-doc-changes", &[("count", count.into())])) } }
        }
    }
}
