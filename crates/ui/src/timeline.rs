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
    /// What unfolds.
    pub more: Option<Markup>,
    /// What can be done from here: (label, icon, address).
    pub actions: Vec<(String, &'static str, String)>,
    /// Id of the element, to lead to; empty for none.
    pub anchor: String,
}

impl Happening {
    pub fn new(at: kernel::jiff::Timestamp, icon: impl Into<String>, hue: &'static str, line: Markup) -> Self {
        Happening { at, icon: icon.into(), hue, line, detail: None, more: None, actions: Vec::new(), anchor: String::new() }
    }
    #[must_use]
    pub fn detail(mut self, detail: Option<Markup>) -> Self {
        self.detail = detail;
        self
    }
}

/// The timeline; `older` is the address of the next part, whose entries take the place of the button that asks for it.
/// `under`: the day whose heading already stands above.
pub fn timeline_under(items: &[Happening], older: Option<&str>, under: Option<kernel::jiff::civil::Date>, cx: &ViewCx<'_>) -> Markup {
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
                @if Some(*day) != under { h3 class="timeline-day" id={ "day-" (day) } { (cx.day_heading(*day)) } }
                ol class="timeline-list" { @for item in list { (happening(item, cx)) } }
            }
            @if let Some(href) = older {
                div class="timeline-older" {
                    (button(cx.t("ui-older")).small().href(href).attr("hx-get", href).attr("hx-target", "closest .timeline-older").attr("hx-select", "[data-timeline] > *").attr("hx-swap", "outerHTML"))
                }
            }
        }
    }
}

/// As [`timeline_under`] from the beginning; says so when there is nothing.
pub fn timeline(items: &[Happening], older: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    if items.is_empty() && older.is_none() {
        return empty(Empty::Quiet, &cx.t("ui-timeline-empty"), "", &html! {});
    }
    timeline_under(items, older, None, cx)
}

fn happening(item: &Happening, cx: &ViewCx<'_>) -> Markup {
    html! {
        li class="timeline-item" id=[(!item.anchor.is_empty()).then_some(&item.anchor)] {
            span class="timeline-mark" data-hue=(item.hue) { (icon(&item.icon)) }
            div class="timeline-body" {
                div class="timeline-line" { span { (item.line) } time datetime=(item.at) title=(cx.datetime(item.at)) { (cx.time(item.at)) } }
                @if let Some(d) = &item.detail { div class="timeline-detail" { (d) } }
                @if let Some(more) = &item.more {
                    details class="timeline-more" { summary { span class="icon-turn" { (icon_sm("chevron-right")) } (cx.t("ui-details")) } (more) }
                }
                @if !item.actions.is_empty() {
                    div class="timeline-do" { @for (label, drawing, href) in &item.actions { (button(label.as_str()).icon(drawing).small().ghost().href(href)) } }
                }
            }
        }
    }
}

/// The box that writes a comment; posts `body`, `mention` and `file` to `action`. `lookup`: where people are found to
/// mention. `parent`: the comment it answers. `text` is what stands in it, `said` the mentions in that (`user:ID`, name).
pub struct Composer<'a> {
    pub action: &'a str,
    pub lookup: &'a str,
    pub target: &'a str,
    pub parent: Option<String>,
    pub text: &'a str,
    pub said: &'a [(String, String)],
    pub files: bool,
    /// Word of the button and of the empty box.
    pub send: &'a str,
    pub placeholder: &'a str,
}

/// The form of a [`Composer`].
pub fn composer(c: &Composer<'_>, cx: &ViewCx<'_>) -> Markup {
    html! {
        form class="composer-form" method="post" action=(c.action) enctype="multipart/form-data" hx-post=(c.action) hx-encoding="multipart/form-data" hx-target=(c.target) hx-select=(c.target) hx-swap="outerHTML" data-reset data-mentions=(c.lookup) {
            @if let Some(parent) = &c.parent { input type="hidden" name="parent" value=(parent); }
            @for (id, name) in c.said { input type="hidden" name="mention" value=(id) data-said=(name); }
            textarea class="textarea" name="body" rows="1" dir="auto" required[!c.files] maxlength="10000" placeholder=(cx.t(c.placeholder)) aria-label=(cx.t(c.placeholder)) data-submit-keys aria-autocomplete="list" { (c.text) }
            div class="listbox mention-list" role="listbox" hidden {}
            div class="composer-foot" {
                @if c.files {
                    label class="btn btn-ghost btn-sm composer-file" { (icon("paperclip")) span class="clip" data-file-names { (cx.t("ui-attach")) } input class="visually-hidden" type="file" name="file" multiple; }
                }
                span class="muted small composer-keys" { span class="kbd" { "@" } " " span class="kbd" { "Ctrl ↵" } }
                (button(cx.t(c.send)).primary().small().submit())
            }
        }
    }
}

/// The first composer of a page, with the writer's mark beside it.
pub fn composer_with_mark(me: &str, c: &Composer<'_>, cx: &ViewCx<'_>) -> Markup {
    html! { div class="composer" { (avatar(me, "")) (composer(c, cx)) } }
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
                div class="grow" { a class="clip" href=(f.href) style="display:block" { bdi { (f.name) } } span class="muted small" { (cx.bytes(f.size)) @if !f.note.is_empty() { " · " bdi { (f.note) } } } }
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
