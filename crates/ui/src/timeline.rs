//! What happened, newest first, grouped by day; comments, files, history of changes.

use crate::button::button;
use crate::cell::detail;
use crate::cx::ViewCx;
use crate::icon::{icon, icon_sm};
use crate::mark::{Empty, avatar, empty};
use kernel::{Field, Value};
use maud::{Markup, html};

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Happening {
    pub at: kernel::jiff::Timestamp,
    pub icon: String,
    /// Colour name of the mark: `teal`, `amber`, `grey` …
    pub hue: &'static str,
    /// The sentence: who did what, with links.
    pub line: Markup,
    /// Further content: a comment, lines of an order, changed fields.
    pub detail: Option<Markup>,
}

/// The timeline; `older` is the address of the next part.
pub fn timeline(items: &[Happening], older: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    if items.is_empty() {
        return empty(Empty::Quiet, &cx.t("ui-timeline-empty"), "", &html! {});
    }
    let mut days: Vec<(kernel::jiff::civil::Date, Vec<&Happening>)> = Vec::new();
    for item in items {
        let day = cx.civil(item.at);
        match days.last_mut() {
            Some((d, list)) if *d == day => list.push(item),
            _ => days.push((day, vec![item])),
        }
    }
    html! {
        div class="timeline" data-timeline {
            @for (day, list) in &days {
                h3 class="timeline-day" { (cx.day_heading(*day)) }
                ol class="timeline-list" { @for item in list { (happening(item, cx)) } }
            }
            @if let Some(href) = older {
                div style="padding-block-start:var(--s-4)" {
                    (button(cx.t("ui-older")).small().href(href).attr("hx-get", href).attr("hx-target", "closest [data-timeline]").attr("hx-select", "[data-timeline]").attr("hx-swap", "outerHTML"))
                }
            }
        }
    }
}

fn happening(item: &Happening, cx: &ViewCx<'_>) -> Markup {
    html! {
        li class="timeline-item" {
            span class="timeline-mark" data-hue=(item.hue) { (icon(&item.icon)) }
            div class="timeline-body" {
                div class="timeline-line" { span { (item.line) } time datetime=(item.at) title=(cx.datetime(item.at)) { (cx.time(item.at)) } }
                @if let Some(d) = &item.detail { div class="timeline-detail" { (d) } }
            }
        }
    }
}

/// The text of a comment, as the detail of a happening.
pub fn comment_body(text: &str) -> Markup {
    html! { div class="comment prose" dir="auto" style="white-space:pre-line" { (text) } }
}

/// The box that writes a comment; posts `body` to `action`.
pub fn composer(action: &str, me: &str, target: &str, cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="composer" {
            (avatar(me, ""))
            form method="post" action=(action) hx-post=(action) hx-target=(target) hx-select=(target) hx-swap="outerHTML" data-reset {
                textarea class="textarea" name="body" rows="1" dir="auto" required maxlength="10000" placeholder=(cx.t("ui-write-comment")) aria-label=(cx.t("ui-write-comment")) data-submit-keys {}
                div class="composer-foot" {
                    span class="muted small" { span class="kbd" { "Ctrl ↵" } }
                    (button(cx.t("ui-comment")).primary().small().submit())
                }
            }
        }
    }
}

/// A file that belongs to a record.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub name: String,
    pub href: String,
    /// Bytes.
    pub size: i64,
    pub note: String,
    /// Address that removes it, where the person may.
    pub remove: Option<String>,
}

/// Files of a record and the place to drop more (posted as `file`, several, to `action`).
pub fn attachments(files: &[Attachment], action: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="stack" id="files" {
            @if !files.is_empty() { div { @for f in files { div class="file-row" {
                (icon("file-text"))
                div class="grow" { a class="clip" href=(f.href) download=(f.name) style="display:block" { bdi { (f.name) } } span class="muted small" { (cx.bytes(f.size)) @if !f.note.is_empty() { " · " bdi { (f.note) } } } }
                @if let Some(href) = &f.remove {
                    form method="post" action=(href) { button class="btn btn-ghost btn-icon btn-sm" type="submit" aria-label={ (cx.t("ui-remove")) " " (f.name) } { (icon("trash-2")) } }
                }
            } } } }
            @if let Some(action) = action {
                form method="post" action=(action) enctype="multipart/form-data" data-upload-form {
                    div class="drop drop-compact" { (icon("upload")) span { (cx.t("ui-drop-files")) } input type="file" name="file" multiple aria-label=(cx.t("ui-drop-files")); }
                    div class="progress" hidden data-upload-progress { span style="inline-size:0%" {} }
                    noscript { (button(cx.t("ui-upload")).small().submit()) }
                }
            }
        }
    }
}

/// Fields before and after a change.
pub fn diff(changes: &[(&Field, Value, Value)], cx: &ViewCx<'_>) -> Markup {
    html! {
        dl class="diff" {
            @for (field, before, after) in changes {
                div class="cluster" style="--gap:var(--s-3)" {
                    dt class="muted" { (cx.label(&field.label)) ":" }
                    dd class="cluster" style="--gap:var(--s-3)" {
                        @if !before.is_blank() { del { (detail(field, before, cx)) } (icon_sm("arrow-right")) }
                        @if after.is_blank() { span class="muted" { (cx.t("ui-emptied")) } } @else { ins { (detail(field, after, cx)) } }
                    }
                }
            }
        }
    }
}
