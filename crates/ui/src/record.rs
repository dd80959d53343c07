//! The record page: head, summary, sections of fields, blocks with what belongs to it.

use crate::cell::detail;
use crate::cx::ViewCx;
use crate::form::Section;
use crate::icon::icon_sm;
use crate::input::is_wide;
use crate::mark::{avatar, avatar_square, count};
use kernel::{Choice, Field, Record};
use maud::{Markup, html};

/// The head of a record.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    pub title: &'a str,
    /// The name in the other script, a code, the kind of thing.
    pub other: &'a str,
    /// A round mark for people, a square one for things.
    pub person: bool,
    /// Chips below the title.
    pub tags: Markup,
    pub actions: Markup,
    pub crumbs: Markup,
}

/// A record page: head over the whole width, `main`, and `side` at the end of the line.
pub fn record_page(head: &Head<'_>, main: &Markup, side: &Markup) -> Markup {
    html! {
        div class="record" {
            header class="record-head" id="record-head" data-part {
                @if !head.crumbs.0.is_empty() { div style="inline-size:100%" { (head.crumbs) } }
                @if head.person { (avatar(head.title, "lg")) } @else { (avatar_square(head.title, "lg")) }
                div class="record-id" {
                    h1 { bdi { (head.title) } }
                    @if !head.other.is_empty() { div class="record-other" { bdi { (head.other) } } }
                    @if !head.tags.0.is_empty() { div class="record-tags" { (head.tags) } }
                }
                @if !head.actions.0.is_empty() { div class="page-actions" { (head.actions) } }
            }
            div class="record-main" { (main) }
            @if !side.0.is_empty() { aside class="record-side" id="record-side" data-part { (side) } }
        }
    }
}

/// The figures that matter: (name, formatted value, small print).
pub fn summary(items: &[(String, String, String)]) -> Markup {
    html! {
        dl class="summary" { @for (name, value, small) in items {
            div { dt title=(name) { (name) } dd { span class="fig" { (value) } @if !small.is_empty() { " " small { (small) } } } }
        } }
    }
}

/// The fields of a record in their sections, folding; for the side column. Fields that are blank show a dash.
pub fn facts(sections: &[Section<'_>], record: &Record, edit: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    html! {
        @for s in sections {
            // What nobody has filled in yet stays folded.
            @let filled = s.label.is_empty() || s.fields.iter().any(|f| !(record.get(&f.key).is_blank() || record.get(&f.key).bool() == Some(false)));
            details class="section" open[filled] {
                summary { span class="icon-turn" { (icon_sm("chevron-down")) } (if s.label.is_empty() { cx.t("ui-details") } else { cx.label(&s.label).to_owned() }) }
                dl class="facts" { @for f in &s.fields { (fact(f, record, edit, cx)) } }
            }
        }
    }
}

fn fact(field: &Field, record: &Record, edit: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    let href = edit.filter(|_| field.writable()).map(|e| format!("{e}/cell/{}", field.key));
    html! {
        div class={ "fact" @if is_wide(&field.kind) { " wide" } } {
            dt { (cx.label(&field.label)) }
            dd class=[href.is_some().then_some("cell-edit")] data-edit=[href] { (detail(field, record.get(&field.key), cx)) }
        }
    }
}

/// A framed part of a page: heading, number, controls, content.
pub fn block(title: &str, number: Option<&str>, controls: &Markup, body: &Markup) -> Markup {
    html! {
        section class="block" {
            header class="block-head" { h2 { (title) } @if let Some(n) = number { (count(n)) } @if !controls.0.is_empty() { div class="cluster" { (controls) } } }
            (body)
        }
    }
}

/// As [`block`] with the content in the usual margin.
pub fn padded_block(title: &str, number: Option<&str>, controls: &Markup, body: &Markup) -> Markup {
    block(title, number, controls, &html! { div class="block-body" { (body) } })
}

/// The path through the stages; a click posts the stage (`stage`) to `action` when given.
pub fn stage_path(options: &[Choice], now: &str, action: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    let at = options.iter().position(|o| o.key == now);
    // What ended badly did not go through the stages that stand before its end.
    let through = at.filter(|a| options.get(*a).is_none_or(|o| o.tone != kernel::Tone::Bad));
    let steps = html! {
        @for (i, o) in options.iter().enumerate() {
            button type=(if action.is_some() { "submit" } else { "button" }) name="stage" value=(o.key) data-done[through.is_some_and(|a| i < a)] aria-current=[(Some(i) == at).then_some("step")] disabled[action.is_none()] { (cx.label(&o.label)) }
        }
    };
    html! { @match action {
        Some(href) => form class="steps-path" method="post" action=(href) { (steps) },
        None => div class="steps-path" { (steps) },
    } }
}

/// Tabs inside a page: (label, address, current, number).
pub fn tabs(items: &[(String, String, bool, Option<String>)], label: &str) -> Markup {
    html! {
        nav class="tabs" aria-label=(label) { @for (name, href, current, n) in items {
            a class="view-tab" href=(href) aria-current=[current.then_some("page")] { (name) @if let Some(n) = n { (count(n)) } }
        } }
    }
}
