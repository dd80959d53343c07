//! A letter on its page: the whole conversation, safe to look at, and the ways to answer.

use super::{choice, text, view};
use crate::outbox;
use engine::{Draft, PageCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Outcome, Record, Verb};
use mail::html as safe;
use maud::{Markup, Render, html};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;
use ui::button::button;
use ui::cx::ViewCx;
use uuid::Uuid;

/// Pictures fetched for one letter, and bytes of one.
const MOST_PICTURES: usize = 16;
const MOST_BYTES: usize = 600 << 10;

pub fn render(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let letter = page.company.get(&page.actor, "mail", id).await?;
        let mut letters = vec![letter.clone()];
        if !text(&letter, "thread").is_empty() {
            let filter = Expr::parse(&format!("thread == \"{}\" && state != \"draft\"", text(&letter, "thread")))?;
            letters = page.company.list(&page.actor, &Query { count: engine::Count::None, fields: super::brief(), ..Query::new("mail").filter(filter).sort("at").limit(60) }).await?.records;
            letters.retain(|l| l.id != id);
            letters.push(letter.clone());
            letters.sort_by_key(|l| l.get("at").datetime());
        }
        let may_answer = page.company.may_on(&page.actor, &letter, &Verb::Update).await?;
        if may_answer && letter.get("seen").bool() == Some(false) {
            seen(&page, id).await?;
        }
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let mut parts = Vec::new();
        for l in &letters {
            parts.push(one(&page, &cx, l, l.id == id).await?);
        }
        let answer = |how: &str| cx.with_query("/mail/write", &[("reply", &id.to_string()), ("how", how)]);
        Ok(html! {
            div class="stack" {
                @for part in &parts { (part) }
                @if may_answer && text(&letter, "state") != "draft" {
                    div class="cluster" {
                        (button(cx.t("mail-reply")).primary().href(answer("")).render())
                        (button(cx.t("mail-reply-all")).href(answer("all")).render())
                        (button(cx.t("mail-forward")).href(answer("forward")).render())
                        @if letter.get("party").is_null() && text(&letter, "direction") == "in" {
                            (button(cx.t("mail-make-party")).icon("user-plus").ghost().href(new_party(&cx, &letter)).render())
                        }
                    }
                }
                @if may_answer && text(&letter, "state") == "draft" { (button(cx.t("mail-edit-draft")).primary().href(cx.with_query("/mail/write", &[("draft", &id.to_string())])).render()) }
            }
        }
        .into_string())
    })
}

/// The form of a new customer, with what the letter says of its sender.
fn new_party(cx: &ViewCx<'_>, letter: &Record) -> String {
    let name = text(letter, "from_name");
    let arabic = outbox::is_rtl(name);
    let (ar, latin) = if arabic { (name, "") } else { ("", name) };
    cx.with_query("/party/new", &[("name.ar", ar), ("name.latin", latin), ("email", text(letter, "from_address"))])
}

async fn seen(page: &PageCx, id: Uuid) -> Outcome<()> {
    let mut cx = page.company.write(&page.actor).await?;
    cx.save("mail", Draft::of(id).set("seen", true)).await?;
    cx.enqueue(outbox::MARK, json!({"mail": id, "flag": "\\Seen"})).await?;
    cx.commit().await
}

async fn one(page: &PageCx, cx: &ViewCx<'_>, l: &Record, open: bool) -> Outcome<Markup> {
    let at = l.get("at").datetime();
    let who = if text(l, "from_name").is_empty() { text(l, "from_address") } else { text(l, "from_name") };
    let files = page.company.files(&page.actor, "mail", l.id).await?;
    let (body, remote) = if open { body(page, cx, l, &files).await? } else { (String::new(), 0) };
    let described = l.get("attachments").to_json();
    let refused: Vec<String> = described.get("files").and_then(serde_json::Value::as_array).into_iter().flatten().filter(|f| f.get("refused").is_some_and(|r| !r.is_null())).filter_map(|f| f.get("name")?.as_str().map(str::to_owned)).collect();
    let cut = described.get("left_out").and_then(serde_json::Value::as_array).is_some_and(|l| !l.is_empty());
    Ok(html! {
        article class="mail-letter" data-open[open] {
            header class="mail-head" {
                (ui::mark::avatar(who, ""))
                div class="grow" {
                    div class="mail-row-top" { bdi class="strong" { (who) } @if let Some(at) = at { time class="muted small" datetime=(at) { (cx.datetime(at)) } } }
                    p class="muted small" { bdi class="ltr" { (text(l, "from_address")) } " · " (cx.t("mail-to")) " " (super::people(text(l, "to"))) @if !text(l, "cc").is_empty() { " · " (cx.t("mail-cc")) " " (super::people(text(l, "cc"))) } }
                    @if text(l, "direction") == "out" { (choice(page, cx, l, "state")) }
                    @if l.get("tracked").bool() == Some(true) && text(l, "state") == "sent" { p class="muted small" { (read(cx, l)) } }
                    @if !text(l, "error").is_empty() { p class="small" role="status" { (text(l, "error")) } }
                }
            }
            @if open {
                @if remote > 0 { div class="mail-remote" role="note" {
                    span { (cx.tf("mail-pictures-held", &[("count", remote.into())])) }
                    a class="btn btn-sm" href=(format!("/mail/{}?images=1", l.id)) { (cx.t("mail-pictures-show")) }
                } }
                @if cut { p class="muted small" { (cx.t("mail-left-out")) } }
                iframe class="mail-frame" title=(cx.t("mail-letter")) sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" srcdoc=(body) data-island="letter" {}
            } @else {
                a class="mail-folded" href=(cx.record_url("mail", l.id)) { bdi { @if text(l, "snippet").is_empty() { (cx.t("mail-open")) } @else { (text(l, "snippet")) } } }
            }
            @if !files.is_empty() || !refused.is_empty() { ul class="mail-files" {
                @for f in &files { li { (ui::icon::icon_sm("paperclip")) " " a href=(cx.file_url(f.file.id)) download=(f.file.name) { bdi { (f.file.name) } } " " span class="muted small" { (cx.bytes(f.file.size)) } } }
                @for name in &refused { li class="muted" { (ui::icon::icon_sm("triangle-alert")) " " bdi { (name) } " " span class="small" { (cx.t("mail-file-refused")) } } }
            } }
        }
    })
}

/// What is known of its having been read.
fn read(cx: &ViewCx<'_>, l: &Record) -> String {
    match l.get("opened_at").datetime() {
        Some(at) => cx.tf("mail-opened", &[("at", cx.datetime(at).into()), ("count", l.get("opens").int().unwrap_or(1).into())]),
        None => cx.t("mail-not-opened"),
    }
}

/// The letter as a document of its own, and how many pictures of other servers stay away.
async fn body(page: &PageCx, cx: &ViewCx<'_>, l: &Record, files: &[engine::files::Stored]) -> Outcome<(String, usize)> {
    let Some(html) = l.get("rich").to_json().get("html").and_then(serde_json::Value::as_str).map(str::to_owned) else {
        return Ok((document(cx, &safe::fold(&safe::of_text(text(l, "body")), &cx.t("mail-quoted")), text(l, "body")), 0));
    };
    let pictures = safe::pictures(&html);
    let mut data: HashMap<String, String> = HashMap::new();
    let described = l.get("attachments").to_json();
    for f in described.get("files").and_then(serde_json::Value::as_array).into_iter().flatten() {
        let (Some(cid), Some(name)) = (f.get("cid").and_then(serde_json::Value::as_str), f.get("name").and_then(serde_json::Value::as_str)) else { continue };
        let src = format!("cid:{cid}");
        if !cid.is_empty()
            && pictures.contains(&src)
            && let Some(stored) = files.iter().find(|s| s.file.name == name && s.file.media.starts_with("image/") && s.file.size < 2 << 20)
        {
            let (stored, bytes) = page.company.file(&page.actor, "mail", l.id, stored.file.id).await?;
            data.insert(src, picture(&stored.file.media, &bytes));
        }
    }
    let remote: Vec<&String> = pictures.iter().filter(|s| safe::is_remote(s)).collect();
    let wanted = page.param("images") == "1";
    if wanted {
        let fetched = futures::future::join_all(remote.iter().take(MOST_PICTURES).map(|src| fetch(src))).await;
        data.extend(remote.iter().zip(fetched).filter_map(|(src, d)| Some(((*src).clone(), d?))));
    }
    let shown = safe::show(&html, &|src| data.get(src).cloned());
    Ok((document(cx, &safe::fold(&shown, &cx.t("mail-quoted")), text(l, "body")), if wanted { 0 } else { remote.len() }))
}

fn picture(media: &str, bytes: &[u8]) -> String {
    format!("data:{media};base64,{}", mail::base64(bytes))
}

/// Fetched by us, so that its server learns nothing of the reader; never from inside our network, whatever the operator allows.
async fn fetch(src: &str) -> Option<String> {
    let call = outside::Call::new(outside::Method::GET, src).ok()?;
    let reply = outside::call(outside::Call { timeout: Duration::from_secs(5), most: MOST_BYTES, ..call }, false).await.ok()?;
    let media = reply.header("content-type")?.split(';').next()?.trim().to_lowercase();
    let known = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    (reply.ok() && known.contains(&media.as_str())).then(|| picture(&media, &reply.body))
}

fn document(cx: &ViewCx<'_>, inside: &str, words: &str) -> String {
    let dir = if outbox::is_rtl(words) { "rtl" } else { "ltr" };
    let theme = cx.theme.key();
    let style = "html{color-scheme:light dark}html[data-theme=light]{color-scheme:light}html[data-theme=dark]{color-scheme:dark}\
        body{margin:0;padding:4px;font:15px/1.65 system-ui,sans-serif;color:CanvasText;overflow-wrap:anywhere}\
        img{max-inline-size:100%;block-size:auto}table{max-inline-size:100%;border-collapse:collapse}td,th{padding:2px 6px;text-align:start}\
        blockquote{margin:0;margin-inline-start:6px;padding-inline-start:10px;border-inline-start:2px solid GrayText;opacity:.85}\
        details>summary{cursor:pointer;color:GrayText;padding-block:4px}.mail-picture{border:1px dashed GrayText;padding:1px 6px;color:GrayText}pre{white-space:pre-wrap}";
    format!(
        "<!doctype html><html data-theme=\"{theme}\" dir=\"{dir}\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"><base target=\"_blank\"><style>{style}</style></head><body>{inside}</body></html>"
    )
}
