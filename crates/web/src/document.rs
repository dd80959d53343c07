//! The page of a file: what it shows, who made which version of it, a newer one, an earlier one again.

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use kernel::{Fault, Verb};
use maud::{Markup, html};
use std::collections::BTreeMap;
use ui::button::{button, icon_button};
use ui::cx::ViewCx;
use ui::mark::{Mood, flash};
use ui::record::padded_block;
use uuid::Uuid;

/// The most characters of a text that are shown.
const SHOWN: usize = 40_000;

type Place = Path<(String, String, String)>;

fn ids(id: &str, file: &str) -> Result<(Uuid, Uuid), Fault> {
    id.parse().and_then(|i| Ok((i, file.parse()?))).map_err(|_: uuid::Error| Fault::not_found())
}

/// `GET /{object}/{id}/files/{file}`
pub async fn page(visit: Visit, Path((key, id, file)): Place) -> Reply {
    let object = visit.object(&key)?;
    let (id, file) = ids(&id, &file)?;
    let record = visit.company.get(&visit.actor, &key, id).await?;
    let (document, versions) = visit.company.document(&visit.actor, &key, id, file).await?;
    let shown = versions.iter().find(|v| v.stored.file.id == file).ok_or_else(not_found)?;
    let may = visit.company.may_on(&visit.actor, &record, &Verb::Update).await?;
    let people = versions.iter().filter_map(|v| v.stored.by).chain(document.held.map(|h| h.0)).collect();
    let mut conn = visit.company.db().read().await?;
    let titles = visit.company.titles(&mut conn, &visit.actor, &BTreeMap::from([("user".to_owned(), people)])).await?;
    drop(conn);
    let titles = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    let here = format!("/{key}/{id}/files");
    let preview = preview(&visit, &key, id, shown, &cx).await?;
    let rows = html! { ul class="file-versions" { @for (i, v) in versions.iter().enumerate() {
        @let at = format!("{here}/{}", v.stored.file.id);
        li class="file-version" {
            div class="grow" {
                div class="cluster" {
                    a class="strong" href=(at) aria-current=[(v.stored.file.id == file).then_some("true")] { (cx.tf("web-file-version", &[("n", v.n.into())])) }
                    @if i == 0 { (ui::mark::chip(&cx.t("web-file-current"), kernel::Tone::Good)) }
                }
                @if !v.note.is_empty() { p dir="auto" { (v.note) } }
                p class="muted small" { bdi { (v.stored.by.map(|b| cx.title_of(b)).unwrap_or_default()) } " · " (cx.datetime(v.stored.at)) " · " (cx.bytes(v.stored.file.size)) " · " bdi class="ltr" title=(v.stored.sha256) { (v.stored.sha256.chars().take(10).collect::<String>()) } }
            }
            div class="cluster" {
                @if may && i > 0 { form method="post" action={ (at) "/back" } { (button(cx.t("web-file-bring-back")).small().submit()) } }
                (icon_button("download", cx.t("download")).small().href(cx.file_url(v.stored.file.id)).attr("download", &v.stored.file.name))
            }
        }
    } } };
    let held = document.held.map(|(by, at)| (by == visit.actor.id, cx.title_of(by).to_owned(), at));
    let hold = html! { @if may {
        form method="post" action={ (here) "/" (document.now.stored.file.id) "/hold" } {
            @match &held {
                Some((mine, ..)) if *mine || visit.actor.must_administer().is_ok() => { input type="hidden" name="free" value="1"; (button(cx.t("web-file-free")).small().submit()) },
                Some(_) => {},
                None => (button(cx.t("web-file-hold")).small().icon("lock").submit()),
            }
        }
    } };
    let revise = html! { @if may {
        form method="post" action={ (here) "/" (document.now.stored.file.id) "/versions" } enctype="multipart/form-data" {
            div class="file-newer" {
                label class="btn composer-file" { (ui::icon::icon("paperclip")) span class="clip" data-file-names { (cx.t("web-file-newer")) } input class="visually-hidden" type="file" name="file" required; }
                input class="input" name="note" dir="auto" maxlength="500" placeholder=(cx.t("web-file-note")) aria-label=(cx.t("web-file-note"));
                (button(cx.t("web-file-put")).primary().icon("upload").submit())
            }
        }
    } };
    let body = html! { div class="stack" {
        @if let Some((mine, who, at)) = &held {
            (flash(Mood::Info, &html! { @if *mine { (cx.t("web-file-held-mine")) } @else { (cx.tf("web-file-held", &[("who", who.as_str().into()), ("at", cx.relative(*at).into())])) } }))
        }
        (padded_block(&cx.t("web-file-preview"), None, &html! { (button(cx.t("download")).small().icon("download").href(cx.file_url(file)).attr("download", &shown.stored.file.name)) }, &preview))
        (padded_block(&cx.t("web-file-versions"), Some(&cx.num(i64::try_from(versions.len()).unwrap_or(0))), &hold, &html! { (rows) (revise) }))
    } };
    let title = &shown.stored.file.name;
    let crumbs = ui::shell::crumbs(&cx, &[(cx.label(&object.plural).to_owned(), format!("/{key}")), (crate::list::title(&object, &record, cx.lang()), format!("/{key}/{id}")), (title.clone(), String::new())]);
    Ok(visit.page_live(title, &format!("{key}:{id}"), &html! { div class="page" { div class="page-crumbs" { (crumbs) } (ui::shell::page_head(title, "", &html! {})) div class="page-body" { (body) } } }))
}

/// Pictures and texts are shown, a PDF opens in the browser; the rest can be kept.
async fn preview(visit: &Visit, key: &str, id: Uuid, v: &engine::files::Version, cx: &ViewCx<'_>) -> Result<Markup, Fault> {
    let media = v.stored.file.media.as_str();
    let href = cx.file_url(v.stored.file.id);
    Ok(match media {
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" => html! { img class="file-picture" src=(href) alt=(v.stored.file.name); },
        "application/pdf" => html! { a class="btn" href={ (href) "?show=1" } target="_blank" rel="noopener" { (ui::icon::icon("file-text")) (cx.t("web-file-open-pdf")) } },
        "text/plain" | "text/csv" | "text/markdown" | "application/json" | "text/vcard" | "text/calendar" => {
            let (_, bytes) = visit.company.version(&visit.actor, key, id, v.stored.file.id).await?;
            let text = String::from_utf8_lossy(&bytes);
            let cut = text.chars().count() > SHOWN;
            html! { pre class="file-text" dir="auto" tabindex="0" { (text.chars().take(SHOWN).collect::<String>()) } @if cut { p class="muted small" { (cx.t("web-file-cut")) } } }
        }
        _ => html! { p class="muted" { (cx.t("web-file-no-preview")) } },
    })
}

/// `POST /{object}/{id}/files/{file}/{verb}`: `versions` (`file`, `note`), `back`, `hold` (`free=1` gives it free), `delete`.
pub async fn act(visit: Visit, Path((key, id, file, verb)): Path<(String, String, String, String)>, mut sent: Sent) -> Reply {
    visit.object(&key)?;
    let (id, file) = ids(&id, &file)?;
    let (company, actor) = (&visit.company, &visit.actor);
    let note = sent.get("note").to_owned();
    let now = match verb.as_str() {
        "versions" => {
            let upload = sent.take_file("file").filter(|f| !f.bytes.is_empty()).ok_or_else(|| Fault::invalid("file", "file-empty"))?;
            company.revise(actor, &key, id, file, &upload.name, &upload.bytes, &note).await?.id
        }
        "back" => company.bring_back(actor, &key, id, file, &note).await?.id,
        "hold" => {
            company.hold_file(actor, &key, id, file, sent.get("free") != "1").await?;
            file
        }
        "delete" => {
            company.detach(actor, &key, id, file).await?;
            return Ok(visit.go(&format!("/{key}/{id}"), "web-said-deleted"));
        }
        _ => return Err(not_found()),
    };
    Ok(visit.go(&format!("/{key}/{id}/files/{now}"), "web-said-saved"))
}
